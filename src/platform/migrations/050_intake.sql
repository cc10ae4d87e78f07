-- Where files and streams of call records come in. File names are sealed: somebody may name one after a number.
CREATE SCHEMA intake;

-- What became of each file of the intake directory.
CREATE TABLE intake.file (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name bytea NOT NULL,
  size bigint NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('done', 'failed')),
  -- A stable code of why it failed.
  reason text,
  read bigint NOT NULL DEFAULT 0,
  filed bigint NOT NULL DEFAULT 0,
  duplicate bigint NOT NULL DEFAULT 0,
  quarantined bigint NOT NULL DEFAULT 0,
  -- When its writer finished it, when it was taken, when all of it was on record; ms since 1970.
  written_at bigint NOT NULL,
  taken_at bigint NOT NULL,
  finished_at bigint NOT NULL
);
CREATE INDEX intake_file_finished ON intake.file (finished_at DESC);

-- Streams of single records, each of which numbers its lines from 1 for ever.
CREATE TABLE intake.stream (
  name text PRIMARY KEY CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
  read bigint NOT NULL DEFAULT 0,
  filed bigint NOT NULL DEFAULT 0,
  duplicate bigint NOT NULL DEFAULT 0,
  quarantined bigint NOT NULL DEFAULT 0,
  latest_at bigint NOT NULL
);
