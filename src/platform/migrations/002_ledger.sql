-- The Merkle log. Index columns `subject` and `actor` are pseudonyms and staff ids; texts are sealed.
CREATE SCHEMA ledger;

-- Entries written in their desks' transactions, waiting for an index.
CREATE TABLE ledger.intake (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id uuid NOT NULL,
  header text NOT NULL,
  header_salt bytea NOT NULL,
  body_commitment bytea NOT NULL,
  body_sealed bytea NOT NULL,
  subject text,
  actor text
);

CREATE TABLE ledger.entry (
  index bigint PRIMARY KEY,
  id uuid NOT NULL UNIQUE,
  header text NOT NULL,
  header_salt bytea NOT NULL CHECK (length(header_salt) = 32),
  body_commitment bytea NOT NULL CHECK (length(body_commitment) = 32),
  -- Salt and text, sealed together; null once erased.
  body_sealed bytea,
  subject text,
  actor text
);
ALTER TABLE ledger.entry ALTER COLUMN body_sealed SET STORAGE EXTERNAL;
CREATE INDEX entry_subject ON ledger.entry (subject, index) WHERE subject IS NOT NULL;
CREATE INDEX entry_actor ON ledger.entry (actor, index) WHERE actor IS NOT NULL;

-- C2SP tlog-tiles. A partial tile of width w is the first 32 * w bytes.
CREATE TABLE ledger.tile (
  level smallint NOT NULL,
  index bigint NOT NULL,
  hashes bytea NOT NULL,
  PRIMARY KEY (level, index)
);
ALTER TABLE ledger.tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- Every checkpoint ever signed: what a verifier narrows a forgery down with.
CREATE TABLE ledger.checkpoint (
  size bigint PRIMARY KEY,
  note text NOT NULL,
  signed_at bigint NOT NULL
);

-- One row: where the log ends. Its lock is what makes a sequencer.
CREATE TABLE ledger.head (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  size bigint NOT NULL,
  root bytea NOT NULL,
  note text NOT NULL,
  signed_at bigint NOT NULL
);
