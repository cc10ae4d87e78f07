-- The operator's own systems that open contacts in an employee's name. Secrets and tokens only as hashes.
CREATE SCHEMA crm;

CREATE TABLE crm.client (
  id           text PRIMARY KEY,
  name         text NOT NULL,
  secret_hash  bytea NOT NULL,
  added_at     bigint NOT NULL,
  removed_at   bigint
);

CREATE TABLE crm.token (
  token_hash  bytea PRIMARY KEY,
  client_id   text NOT NULL REFERENCES crm.client ON DELETE CASCADE,
  expires_at  bigint NOT NULL
);

-- Which client opened which contact, in whose name: it reaches no other.
CREATE TABLE crm.contact (
  contact_id  text PRIMARY KEY,
  client_id   text NOT NULL REFERENCES crm.client,
  staff_id    text NOT NULL,
  opened_at   bigint NOT NULL
);
