-- The operator's own directory: who is whom, which of its groups mean which role, and sign-ins on their way.
CREATE SCHEMA directory;

-- One account of the directory and the person it is here. `frozen`: it was the directory that froze the person.
CREATE TABLE directory.account (
  id           text PRIMARY KEY,
  user_name    text NOT NULL,
  external_id  text,
  staff_id     text NOT NULL UNIQUE,
  -- As the directory writes them; the person's own row is the staff room's.
  name         text NOT NULL,
  team         text NOT NULL,
  active       boolean NOT NULL,
  frozen       boolean NOT NULL DEFAULT false,
  created_at   bigint NOT NULL,
  changed_at   bigint NOT NULL
);
CREATE UNIQUE INDEX account_user_name ON directory.account (lower(user_name));
CREATE UNIQUE INDEX account_external_id ON directory.account (external_id) WHERE external_id IS NOT NULL;

CREATE TABLE directory.directory_group (
  id            text PRIMARY KEY,
  display_name  text NOT NULL UNIQUE,
  external_id   text,
  created_at    bigint NOT NULL,
  changed_at    bigint NOT NULL
);
CREATE TABLE directory.member (
  group_id    text NOT NULL REFERENCES directory.directory_group ON DELETE CASCADE,
  account_id  text NOT NULL REFERENCES directory.account ON DELETE CASCADE,
  PRIMARY KEY (group_id, account_id)
);
CREATE INDEX member_account ON directory.member (account_id);

-- Roles that a group gave: what it gave it takes again, and nothing else.
CREATE TABLE directory.given_role (
  staff_id  text NOT NULL,
  role      text NOT NULL,
  PRIMARY KEY (staff_id, role)
);

-- Which groups mean which role: proposed by one administrator, approved by another. The newest approved one holds.
CREATE TABLE directory.meaning (
  version      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  groups       jsonb NOT NULL,
  reason       text NOT NULL,
  proposed_by  text NOT NULL,
  proposed_at  bigint NOT NULL,
  approved_by  text,
  approved_at  bigint
);

-- A sign-in that is away at the directory; works once, for ten minutes.
CREATE TABLE directory.sign_in (
  state_hash  bytea PRIMARY KEY,
  nonce       text NOT NULL,
  verifier    text NOT NULL,
  expires_at  bigint NOT NULL
);

-- Which session began with which session of the directory, so that it can be ended from there.
CREATE TABLE directory.session (
  session_id  text PRIMARY KEY,
  account_id  text NOT NULL REFERENCES directory.account ON DELETE CASCADE,
  sid         text
);
CREATE INDEX session_sid ON directory.session (sid);

-- Logout tokens that were used, until they could not be used any more.
CREATE TABLE directory.logout (
  jti         text PRIMARY KEY,
  expires_at  bigint NOT NULL
);

ALTER TABLE staff.session DROP CONSTRAINT session_how_check;
ALTER TABLE staff.session ADD CONSTRAINT session_how_check CHECK (how IN ('passkey', 'demo', 'directory'));
