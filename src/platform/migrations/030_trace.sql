-- Traces: which look a found list came from. The list and the answer are sealed; instants are milliseconds since 1970.
CREATE SCHEMA IF NOT EXISTS trace;

CREATE TABLE trace.trace (
  id text PRIMARY KEY,
  incident text NOT NULL,
  -- Pseudonym of the subscriber whose log the list is from.
  subject text NOT NULL,
  at bigint NOT NULL,
  -- Staff id, or null for the machine's operator at the command line.
  traced_by text,
  -- Hex of SHA-256 over the list as it came.
  list_digest text NOT NULL,
  -- Ledger ids of the entry written before any mask key was opened, and of the answer.
  begun text NOT NULL,
  answered text NOT NULL,
  list bytea NOT NULL,
  answer bytea NOT NULL
);
CREATE INDEX trace_of_incident ON trace.trace (incident, at DESC);

-- Digests of the mask keys, committed in the ledger each day before the keys are used.
CREATE TABLE trace.mask_key_commitment (
  day text PRIMARY KEY,
  at bigint NOT NULL,
  digests jsonb NOT NULL,
  entry text NOT NULL
);
