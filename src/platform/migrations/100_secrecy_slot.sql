-- The entry in the ledger that stands for a tenure's sealed disclosure until she is told.
ALTER TABLE lawful.disclosure ADD COLUMN slot text;
