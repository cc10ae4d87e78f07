-- The chain of a leak: people and links as far as they are known, each with its ground, sealed.
CREATE TABLE incident.chain (
  incident text PRIMARY KEY REFERENCES incident.incident,
  sealed bytea NOT NULL
);
