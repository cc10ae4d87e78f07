-- Who works here, what they may do, and what is known about them at this moment.
-- Instants are milliseconds since 1970 UTC. Employees' private numbers are pseudonyms and ciphertext.
CREATE SCHEMA staff;

CREATE TABLE staff.person (
  id         text PRIMARY KEY,
  desk_name  text NOT NULL UNIQUE,
  name       text NOT NULL,
  office     text NOT NULL,
  team       text NOT NULL,
  status     text NOT NULL CHECK (status IN ('active', 'frozen', 'dismissed')),
  added_at   bigint NOT NULL
);

CREATE TABLE staff.role (
  staff_id  text NOT NULL REFERENCES staff.person,
  role      text NOT NULL,
  given_at  bigint NOT NULL,
  PRIMARY KEY (staff_id, role)
);

-- What waits for a second person: a role to be given, rules to come into force.
CREATE TABLE staff.proposal (
  id           text PRIMARY KEY,
  kind         text NOT NULL CHECK (kind IN ('role', 'verification')),
  about        text REFERENCES staff.person,
  what         jsonb NOT NULL,
  reason       text NOT NULL,
  proposed_by  text NOT NULL REFERENCES staff.person,
  proposed_at  bigint NOT NULL,
  approved_by  text[] NOT NULL DEFAULT '{}',
  outcome      text CHECK (outcome IN ('approved', 'withdrawn')),
  decided_at   bigint
);
CREATE INDEX proposal_open ON staff.proposal (kind, proposed_at) WHERE outcome IS NULL;

-- Hours at work: planned, or approved by a supervisor for other hours.
CREATE TABLE staff.shift (
  staff_id   text NOT NULL REFERENCES staff.person,
  starts_at  bigint NOT NULL,
  ends_at    bigint NOT NULL CHECK (ends_at > starts_at),
  kind       text NOT NULL CHECK (kind IN ('planned', 'approved')),
  PRIMARY KEY (staff_id, starts_at, kind)
);
CREATE INDEX shift_by_end ON staff.shift (ends_at, starts_at);

CREATE TABLE staff.training (
  staff_id    text NOT NULL REFERENCES staff.person,
  course      text NOT NULL,
  passed_at   bigint NOT NULL,
  expires_at  bigint NOT NULL,
  PRIMARY KEY (staff_id, course, passed_at)
);

CREATE TABLE staff.conduct (
  version         int PRIMARY KEY,
  text_en         text NOT NULL,
  text_my         text NOT NULL,
  effective_from  bigint NOT NULL
);

CREATE TABLE staff.conduct_signature (
  staff_id   text NOT NULL REFERENCES staff.person,
  version    int NOT NULL REFERENCES staff.conduct,
  signed_at  bigint NOT NULL,
  PRIMARY KEY (staff_id, version, signed_at)
);

-- Numbers too close to somebody. `subject` is the pseudonym by which customers are known; `number` is sealed.
CREATE TABLE staff.circle_number (
  id           text PRIMARY KEY,
  staff_id     text NOT NULL REFERENCES staff.person,
  kind         text NOT NULL CHECK (kind IN ('own', 'household', 'declared')),
  subject      text NOT NULL,
  number       bytea NOT NULL,
  declared_at  bigint NOT NULL,
  ended_at     bigint
);
CREATE INDEX circle_by_subject ON staff.circle_number (subject) WHERE ended_at IS NULL;
CREATE INDEX circle_by_staff ON staff.circle_number (staff_id) WHERE ended_at IS NULL;

CREATE TABLE staff.freeze (
  id           text PRIMARY KEY,
  staff_id     text NOT NULL REFERENCES staff.person,
  reason       text NOT NULL,
  frozen_at    bigint NOT NULL,
  lifted_at    bigint
);

CREATE TABLE staff.dismissal (
  staff_id      text PRIMARY KEY REFERENCES staff.person,
  clause        text NOT NULL,
  reason        text NOT NULL,
  dismissed_at  bigint NOT NULL
);

-- A session is known by the hash of its token: the database alone signs nobody in.
CREATE TABLE staff.session (
  id          text PRIMARY KEY,
  token_hash  bytea NOT NULL UNIQUE,
  staff_id    text NOT NULL REFERENCES staff.person,
  shop        text,
  how         text NOT NULL CHECK (how IN ('passkey', 'demo')),
  started_at  bigint NOT NULL,
  seen_at     bigint NOT NULL,
  ends_at     bigint NOT NULL,
  ended_at    bigint
);
CREATE INDEX session_open ON staff.session (staff_id) WHERE ended_at IS NULL;

CREATE TABLE staff.passkey (
  credential_id  text PRIMARY KEY,
  staff_id       text NOT NULL REFERENCES staff.person,
  public_key     bytea NOT NULL,
  counter        bigint NOT NULL,
  transports     text[] NOT NULL,
  added_at       bigint NOT NULL,
  last_used_at   bigint
);
CREATE INDEX passkey_by_staff ON staff.passkey (staff_id);

-- A passkey is replaced when two administrators ask for it: the first of the two waits here.
CREATE TABLE staff.reset_ask (
  staff_id  text PRIMARY KEY REFERENCES staff.person,
  asked_by  text NOT NULL REFERENCES staff.person,
  asked_at  bigint NOT NULL
);

-- Links that an administrator hands over: `person` enrols a passkey, `device` makes a browser a shop's.
CREATE TABLE staff.link (
  token_hash  bytea PRIMARY KEY,
  kind        text NOT NULL CHECK (kind IN ('person', 'device')),
  staff_id    text REFERENCES staff.person,
  shop        text,
  issued_by   text,
  expires_at  bigint NOT NULL,
  used_at     bigint
);

CREATE TABLE staff.device (
  id             text PRIMARY KEY,
  token_hash     bytea NOT NULL UNIQUE,
  shop           text NOT NULL,
  registered_at  bigint NOT NULL,
  revoked_at     bigint
);

-- A passkey challenge lives two minutes and works once.
CREATE TABLE staff.challenge (
  id          text PRIMARY KEY,
  challenge   text NOT NULL,
  staff_id    text REFERENCES staff.person,
  expires_at  bigint NOT NULL
);

CREATE TABLE staff.verification_policy (
  version         int PRIMARY KEY,
  rules           jsonb NOT NULL,
  reason          text NOT NULL,
  approved_by     text[] NOT NULL,
  effective_from  bigint NOT NULL
);
