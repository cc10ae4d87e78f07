-- Requests of authorities. In clear stand states, times, the frame and staff ids; what is asked, about whom and why is
-- sealed. Instants in epoch ms.
CREATE SCHEMA lawful;

CREATE SEQUENCE lawful.request_serial;

CREATE TABLE lawful.request (
  id text PRIMARY KEY,
  -- Ours, for the public report: MM-2026-0001. Says nothing about anybody.
  serial text NOT NULL UNIQUE,
  frame text NOT NULL,
  state text NOT NULL,
  received_at bigint NOT NULL,
  -- The authority's own number as a keyed hash: asked twice, it is the same request.
  number_hash text NOT NULL UNIQUE,
  -- The rules' whole case, sealed.
  sealed bytea NOT NULL,
  alarmed text[] NOT NULL DEFAULT '{}'
);
CREATE INDEX request_by_state ON lawful.request (state, received_at DESC);

-- The signed letter as it came, sealed.
CREATE TABLE lawful.letter (
  request text NOT NULL REFERENCES lawful.request,
  digest text NOT NULL,
  added_at bigint NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (request, digest)
);

-- What was made, to the byte: the archive sealed for us, and the file encrypted to the authority, sealed once more.
CREATE TABLE lawful.package (
  request text PRIMARY KEY REFERENCES lawful.request,
  made_at bigint NOT NULL,
  key_id text NOT NULL,
  archive bytea NOT NULL,
  delivered bytea NOT NULL,
  digest text NOT NULL,
  facts bytea NOT NULL,
  fetched_at bigint
);

-- Keys to which packages are encrypted. Registered by two people after a call back.
CREATE TABLE lawful.recipient_key (
  id text PRIMARY KEY,
  frame text NOT NULL,
  authority text NOT NULL,
  recipient text NOT NULL,
  proposed_by text NOT NULL,
  proposed_at bigint NOT NULL,
  confirmed_by text CHECK (confirmed_by <> proposed_by),
  confirmed_at bigint,
  ended_at bigint
);
CREATE UNIQUE INDEX recipient_key_in_force ON lawful.recipient_key (frame, authority)
  WHERE confirmed_at IS NOT NULL AND ended_at IS NULL;

-- Who came straight to us, and what was taken under threat.
CREATE TABLE lawful.encounter (
  id text PRIMARY KEY,
  serial text NOT NULL UNIQUE,
  kind text NOT NULL CHECK (kind IN ('misdirected', 'duress')),
  at bigint NOT NULL,
  staff text NOT NULL,
  sealed bytea NOT NULL
);
CREATE INDEX encounter_by_time ON lawful.encounter (at DESC);

-- Whom to tell once secrecy has ended: one row for each tenure that a package disclosed.
CREATE TABLE lawful.disclosure (
  request text NOT NULL REFERENCES lawful.request,
  tenure text NOT NULL,
  sealed bytea NOT NULL,
  told_at bigint,
  PRIMARY KEY (request, tenure)
);

-- What keeps blocks from being shredded until it ends by itself. Gives nobody a right to look.
CREATE TABLE vault.hold (
  id text PRIMARY KEY,
  subject bytea NOT NULL CHECK (octet_length(subject) = 16),
  -- Epoch seconds, half open.
  from_s bigint NOT NULL,
  until_s bigint NOT NULL CHECK (until_s > from_s),
  reason text NOT NULL CHECK (reason IN ('lawful', 'litigation', 'incident')),
  -- The case it is for.
  ref text NOT NULL,
  placed_at bigint NOT NULL,
  -- Epoch ms; null for litigation and incidents: released by a person.
  ends_at bigint,
  extended boolean NOT NULL DEFAULT false,
  released_at bigint
);
CREATE INDEX hold_of_subject ON vault.hold (subject) WHERE released_at IS NULL;
CREATE INDEX hold_of_ref ON vault.hold (ref);

-- The officer's yearly certificate (47 CFR 64.2009(e)), as signed.
CREATE TABLE lawful.certificate (
  id text PRIMARY KEY,
  year integer NOT NULL,
  text text NOT NULL,
  signed_by text NOT NULL,
  signed_at bigint NOT NULL,
  signature jsonb NOT NULL
);
