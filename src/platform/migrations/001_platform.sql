-- Rooms live in schemas of their own: one room never names another's tables.
CREATE SCHEMA IF NOT EXISTS platform;
