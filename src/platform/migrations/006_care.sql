-- The care desk: contacts, looks (grants that open something), and what limits and follows them. No number, name
-- or text stands here in plain: subjects are pseudonyms, notes and renderings are sealed, and numbers asked about
-- are kept as keyed hashes for counting only. Instants are milliseconds since 1970.
CREATE SCHEMA IF NOT EXISTS care;

CREATE TABLE care.contact (
  id text PRIMARY KEY,
  subject text NOT NULL,
  subscriber text NOT NULL,
  tenure text NOT NULL,
  channel text NOT NULL,
  state text NOT NULL,
  passed jsonb NOT NULL DEFAULT '[]',
  pending jsonb,
  policy_version int NOT NULL,
  staff text NOT NULL,
  desk_name text NOT NULL,
  office text NOT NULL,
  team text NOT NULL,
  session text NOT NULL,
  shop text,
  circle text NOT NULL,
  colleague_team text,
  referred_from_team text,
  call_id text,
  confirmed boolean NOT NULL,
  opened_at bigint NOT NULL,
  active_at bigint NOT NULL,
  closed_at bigint,
  resolution text,
  note bytea,
  break_glass boolean NOT NULL DEFAULT false,
  go_on boolean NOT NULL DEFAULT false
);
CREATE INDEX contact_of_staff ON care.contact (staff, opened_at DESC);
CREATE INDEX contact_live ON care.contact (active_at) WHERE closed_at IS NULL;
CREATE INDEX contact_of_call ON care.contact (call_id) WHERE closed_at IS NULL AND call_id IS NOT NULL;

CREATE TABLE care.look (
  id text PRIMARY KEY,
  contact text NOT NULL REFERENCES care.contact,
  subject text NOT NULL,
  tenure text NOT NULL,
  staff text NOT NULL,
  team text NOT NULL,
  session text NOT NULL,
  purpose text NOT NULL,
  question text NOT NULL,
  month text NOT NULL,
  days text[] NOT NULL,
  categories text[] NOT NULL,
  from_second bigint NOT NULL,
  until_second bigint NOT NULL,
  state text NOT NULL,
  granted_at bigint NOT NULL,
  ends_at bigint NOT NULL,
  ended_at bigint,
  end_reason text,
  entry text NOT NULL,
  broken_glass boolean NOT NULL,
  opened boolean NOT NULL DEFAULT false,
  rows_total int,
  answering int,
  -- The order in which rows are shown, sealed: record names, their parties and starts.
  row_order bytea,
  pages int[] NOT NULL DEFAULT '{}',
  rows_shown int NOT NULL DEFAULT 0,
  matches int NOT NULL DEFAULT 0,
  unmasked int NOT NULL DEFAULT 0,
  told_at bigint
);
CREATE INDEX look_of_contact ON care.look (contact, granted_at DESC);
CREATE INDEX look_active ON care.look (ends_at) WHERE state IN ('active', 'waiting-for-second');
CREATE INDEX look_of_staff ON care.look (staff, granted_at DESC);
CREATE INDEX look_of_team ON care.look (team, granted_at DESC);
CREATE INDEX look_of_subject ON care.look (subject, staff, granted_at DESC);

-- Exactly what was rendered, with the salt of its commitment, sealed until an incident opens it.
CREATE TABLE care.rendering (
  entry text PRIMARY KEY,
  look text NOT NULL,
  at bigint NOT NULL,
  sealed bytea NOT NULL
);
CREATE INDEX rendering_of_look ON care.rendering (look);

CREATE TABLE care.match (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  contact text NOT NULL,
  subject text NOT NULL,
  staff text NOT NULL,
  number_hash text NOT NULL,
  at bigint NOT NULL,
  matched boolean NOT NULL
);
CREATE INDEX match_of_contact ON care.match (contact);
CREATE INDEX match_of_subject ON care.match (subject, at);
CREATE INDEX match_of_staff ON care.match (staff, at);

CREATE TABLE care.refusal (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  staff text NOT NULL,
  team text NOT NULL,
  at bigint NOT NULL,
  code text NOT NULL,
  says text NOT NULL,
  next text NOT NULL
);
CREATE INDEX refusal_of_staff ON care.refusal (staff, at);
CREATE INDEX refusal_of_team ON care.refusal (team, at);

CREATE TABLE care.approval (
  id text PRIMARY KEY,
  kind text NOT NULL,
  contact text NOT NULL REFERENCES care.contact,
  look text,
  asked_by text NOT NULL,
  asked_desk text NOT NULL,
  office text NOT NULL,
  team text NOT NULL,
  at bigint NOT NULL,
  until_at bigint NOT NULL,
  decided_by text,
  decided_at bigint,
  approved boolean
);
CREATE INDEX approval_waiting ON care.approval (until_at) WHERE decided_at IS NULL;

CREATE TABLE care.break_glass (
  id text PRIMARY KEY,
  contact text NOT NULL REFERENCES care.contact,
  staff text NOT NULL,
  desk_name text NOT NULL,
  office text NOT NULL,
  at bigint NOT NULL,
  says bytea NOT NULL,
  justification bytea,
  justified_at bigint,
  alarmed_at bigint,
  finding text,
  reviewed_by text,
  reviewed_at bigint
);
CREATE INDEX break_glass_open ON care.break_glass (at) WHERE reviewed_at IS NULL;

-- Whom a champion was refused because of their own circle: a supervisor of another team may take the customer.
CREATE TABLE care.referral (
  subject text NOT NULL,
  staff text NOT NULL,
  team text NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX referral_of_subject ON care.referral (subject, at DESC);

-- Statements that wait on her page; sealed, gone after 30 days.
CREATE TABLE care.statement (
  id text PRIMARY KEY,
  subject text NOT NULL,
  tenure text NOT NULL,
  month text NOT NULL,
  language text NOT NULL,
  made_at bigint NOT NULL,
  pdf bytea NOT NULL,
  csv bytea NOT NULL
);
CREATE INDEX statement_of_subject ON care.statement (subject, made_at DESC);
