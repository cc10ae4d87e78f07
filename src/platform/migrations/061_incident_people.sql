-- Who was told what in an incident, the notices being written, and who speaks for the customer. Texts, names and deeds are
-- sealed; in clear stand times and pseudonyms. Instants are milliseconds since 1970.

-- One row for everything said or written, in or out. Never changed, never taken away while the incident stays.
CREATE TABLE incident.message (
  id text PRIMARY KEY,
  incident text NOT NULL REFERENCES incident.incident,
  at bigint NOT NULL,
  -- The customer's holding of her number, where she may read it on her own page; null: for the house alone.
  tenure text,
  -- When she was promised to hear again.
  next_at bigint,
  -- The order of filing, among those said at one instant.
  filed bigint GENERATED ALWAYS AS IDENTITY,
  sealed bytea NOT NULL
);
CREATE INDEX message_of_incident ON incident.message (incident, at);
CREATE INDEX message_of_tenure ON incident.message (tenure) WHERE tenure IS NOT NULL;

-- The notice that a clock asks for, as an officer has it so far. Nothing here is ever sent by itself.
CREATE TABLE incident.notice (
  incident text NOT NULL REFERENCES incident.incident,
  clock text NOT NULL,
  saved_at bigint NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (incident, clock)
);

-- What was alarmed, once each: `mm-authority:soon`, `mm-authority:due`, `promise:<message>`.
CREATE TABLE incident.alarm (
  incident text NOT NULL REFERENCES incident.incident,
  what text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (incident, what)
);

-- Who speaks for the customer in one incident, from when to when. Whoever asks reads this row anew, so an end counts at once.
CREATE TABLE incident.representation (
  id text PRIMARY KEY,
  incident text NOT NULL REFERENCES incident.incident,
  tenure text NOT NULL,
  opened_at bigint NOT NULL,
  until_at bigint NOT NULL CHECK (until_at > opened_at),
  ended_at bigint,
  ended_by text CHECK (ended_by IN ('customer', 'officer', 'time')),
  -- A keyed hash of the telephone number or e-mail address that codes go to.
  contact_hash bytea NOT NULL,
  link_hash bytea,
  link_until bigint,
  enrolled_at bigint,
  sealed bytea NOT NULL
);
CREATE UNIQUE INDEX representation_in_force ON incident.representation (incident) WHERE ended_at IS NULL;
CREATE INDEX representation_by_contact ON incident.representation (contact_hash) WHERE ended_at IS NULL;
CREATE INDEX representation_by_tenure ON incident.representation (tenure);

-- The power of attorney as it was handed in, sealed.
CREATE TABLE incident.deed (
  representation text PRIMARY KEY REFERENCES incident.representation,
  digest text NOT NULL,
  sealed bytea NOT NULL
);

CREATE TABLE incident.representative_sign_in (
  id text PRIMARY KEY,
  contact_hash bytea NOT NULL,
  -- With an enrolment link: what it enrols for.
  representation text,
  expires_at bigint NOT NULL,
  code_hash bytea,
  wrong integer NOT NULL DEFAULT 0,
  done boolean NOT NULL DEFAULT false
);
CREATE INDEX representative_sign_in_by_contact ON incident.representative_sign_in (contact_hash, expires_at);

CREATE TABLE incident.representative_session (
  token_hash bytea PRIMARY KEY,
  id text NOT NULL UNIQUE,
  contact_hash bytea NOT NULL,
  started_at bigint NOT NULL,
  seen_at bigint NOT NULL
);
