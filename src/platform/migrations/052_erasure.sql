-- Erasing one holder's log: proposed by one officer, carried out on the word of another.
CREATE SCHEMA erasure;

CREATE TABLE erasure.request (
  id text PRIMARY KEY,
  subject text NOT NULL CHECK (subject ~ '^[0-9a-f]{32}$'),
  -- The vault's name of the holding; '' for what was filed while nobody was registered.
  tenure text NOT NULL,
  -- Number, reason, and why it was declined.
  sealed bytea NOT NULL,
  proposed_by text NOT NULL,
  proposed_desk text NOT NULL,
  proposed_at bigint NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'erased', 'declined')),
  decided_by text,
  decided_desk text,
  decided_at bigint,
  -- From that day on no backup of the keys brings it back.
  final_on text,
  CHECK ((state = 'waiting') = (decided_at IS NULL)),
  CHECK (state <> 'erased' OR decided_by <> proposed_by)
);
CREATE UNIQUE INDEX request_waiting ON erasure.request (subject, tenure) WHERE state = 'waiting';
