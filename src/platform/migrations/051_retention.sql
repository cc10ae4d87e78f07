-- Months whose retention has ended: their key is destroyed after this row is on record, and no block of them is kept.
CREATE TABLE vault.ended_month (
  month integer PRIMARY KEY,
  ended_at bigint NOT NULL
);

-- Logs that were erased: the tweak is destroyed after this row is on record.
CREATE TABLE vault.erasure (
  tweak text PRIMARY KEY,
  erased_at bigint NOT NULL
);

-- What a legal hold kept of an ended month or an erased log: those records only, under a key of their own, which is
-- destroyed when no hold stands any more.
CREATE TABLE vault.held_block (
  subject bytea NOT NULL CHECK (octet_length(subject) = 16),
  month integer NOT NULL,
  sequence bigint NOT NULL,
  tenure text NOT NULL,
  first_day integer NOT NULL,
  last_day integer NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (subject, month, sequence)
);
ALTER TABLE vault.held_block ALTER COLUMN sealed SET STORAGE EXTERNAL;
