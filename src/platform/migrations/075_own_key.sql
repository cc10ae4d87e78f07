-- A customer's own keys (passkeys): the public half, which tells nothing; the private one never leaves her device.
CREATE TABLE customers.own_key (
  id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{32}$'),
  credential_id text NOT NULL UNIQUE,
  subscriber_id text NOT NULL REFERENCES customers.subscriber (id) ON DELETE CASCADE,
  -- COSE, as the device gave it.
  public_key bytea NOT NULL,
  counter bigint NOT NULL,
  transports text[] NOT NULL,
  set_at bigint NOT NULL,
  -- The ledger's id of the entry by which it became hers.
  entry text NOT NULL,
  state text NOT NULL DEFAULT 'standing' CHECK (state IN ('standing', 'removed', 'cloned')),
  ended_at bigint
);
CREATE INDEX own_key_of ON customers.own_key (subscriber_id, set_at);

-- Challenges under which a key is made; each works once.
CREATE TABLE customers.challenge (
  id text PRIMARY KEY,
  challenge text NOT NULL,
  subscriber_id text NOT NULL REFERENCES customers.subscriber (id) ON DELETE CASCADE,
  expires_at bigint NOT NULL
);

-- Links to her phone: to allow one look with her own key, or, in a shop, to make one. The link's secret stands only as
-- a hash; what would be allowed names her number, so it is sealed.
CREATE TABLE care.key_ask (
  id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('look', 'enrol')),
  contact text NOT NULL REFERENCES care.contact,
  subject text NOT NULL,
  tenure text NOT NULL,
  staff text NOT NULL,
  session text NOT NULL,
  token_hash bytea NOT NULL UNIQUE,
  asked bytea,
  at bigint NOT NULL,
  until_at bigint NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'allowed', 'refused', 'withdrawn')),
  answered_at bigint
);
CREATE INDEX key_ask_of ON care.key_ask (contact, at DESC);

-- A look that she allowed with her own key: rows open for it, and for no other of the contact.
ALTER TABLE care.look ADD COLUMN own_key boolean NOT NULL DEFAULT false;
