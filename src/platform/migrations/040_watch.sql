-- Watching for misuse: each look's scores, what was asked about, and where reading the ledger stands. Subjects are
-- pseudonyms; what people write is sealed. Instants are milliseconds since 1970.
CREATE SCHEMA watch;

-- One row a look, as last scored. `scored` is all that scoring it again needs; everything here can be made anew from
-- the ledger.
CREATE TABLE watch.look (
  id text PRIMARY KEY,
  -- Index of the entry that first opened something.
  entry bigint NOT NULL,
  staff text NOT NULL,
  desk_name text NOT NULL,
  supervisor boolean NOT NULL,
  subject text NOT NULL,
  office text NOT NULL,
  team text NOT NULL,
  month text NOT NULL,
  purpose text NOT NULL,
  channel text NOT NULL,
  at bigint NOT NULL,
  level smallint NOT NULL,
  p double precision NOT NULL,
  total double precision NOT NULL,
  hard text,
  scored jsonb NOT NULL
);
CREATE INDEX look_of_pair ON watch.look (staff, subject, at DESC);
CREATE INDEX look_at ON watch.look (at);

-- A question: one person's looks at one customer. At most one is open for each pair.
CREATE TABLE watch.alert (
  id text PRIMARY KEY,
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  staff text NOT NULL,
  subject text NOT NULL,
  office text NOT NULL,
  supervisor boolean NOT NULL,
  -- `score`, `hard` (outside any budget) or `audit` (drawn at random).
  why text NOT NULL CHECK (why IN ('score', 'hard', 'audit')),
  hard text,
  p double precision NOT NULL,
  opened_at bigint NOT NULL,
  -- First verdict about a supervisor waits for a second person.
  proposed text CHECK (proposed IN ('fine', 'coaching', 'incident')),
  proposed_by text,
  proposed_at bigint,
  verdict text CHECK (verdict IN ('fine', 'coaching', 'incident')),
  verdict_by text,
  verdict_at bigint,
  says bytea
);
CREATE UNIQUE INDEX alert_open ON watch.alert (staff, subject) WHERE verdict IS NULL;
CREATE INDEX alert_settled ON watch.alert (verdict_at DESC) WHERE verdict IS NOT NULL;

CREATE TABLE watch.alert_look (
  look text PRIMARY KEY,
  alert text NOT NULL REFERENCES watch.alert
);
CREATE INDEX alert_look_of ON watch.alert_look (alert);

-- The same evening's word to whoever looked, and what they answered.
CREATE TABLE watch.word (
  look text PRIMARY KEY,
  staff text NOT NULL,
  told_at bigint NOT NULL,
  answered_at bigint,
  says bytea
);
CREATE INDEX word_of_staff ON watch.word (staff, told_at DESC);

-- Watching switched off for an office, by whom and why; in force until it is switched on again.
CREATE TABLE watch.off (
  office text PRIMARY KEY,
  reason text NOT NULL,
  by_staff text NOT NULL,
  since bigint NOT NULL
);

-- What the incident room is to take: a row for each verdict `incident`, until it says that it has it.
CREATE TABLE watch.handover (
  alert text PRIMARY KEY REFERENCES watch.alert,
  at bigint NOT NULL,
  taken_at bigint,
  -- The incident's id, given by whoever took it.
  taken_as text
);

-- Everything that scoring knows, sealed, and the index of the next entry to read.
CREATE TABLE watch.state (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  next_index bigint NOT NULL,
  at bigint NOT NULL,
  sealed bytea NOT NULL
);
