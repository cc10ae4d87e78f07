-- Subscribers, what proves that somebody is one, and what they report. In clear stand only pseudonyms, times of our
-- own bookkeeping and states; everything a person would call hers is in `profile`, sealed.
CREATE SCHEMA customers;

-- One row for each tenure of a number. Times of tenure in epoch seconds, all others in epoch milliseconds.
CREATE TABLE customers.subscriber (
  id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{32}$'),
  subject text NOT NULL,
  tenure text NOT NULL UNIQUE,
  tenure_from bigint NOT NULL,
  tenure_until bigint CHECK (tenure_until > tenure_from),
  profile bytea NOT NULL
);
CREATE UNIQUE INDEX subscriber_present ON customers.subscriber (subject) WHERE tenure_until IS NULL;
CREATE INDEX subscriber_subject ON customers.subscriber (subject, tenure_from);

-- The PIN or passphrase in force: scrypt, then keyed with a key that the database does not hold.
CREATE TABLE customers.secret (
  subscriber_id text PRIMARY KEY REFERENCES customers.subscriber (id) ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('pin', 'passphrase')),
  salt bytea NOT NULL,
  hash bytea NOT NULL,
  set_at bigint NOT NULL,
  wrong_in_all integer NOT NULL DEFAULT 0,
  needs_shop_reset boolean NOT NULL DEFAULT false
);

-- One-time codes as keyed hashes. `count_with` is what sends are counted over (a contact, a page's sign-in).
CREATE TABLE customers.code (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subscriber_id text NOT NULL REFERENCES customers.subscriber (id) ON DELETE CASCADE,
  purpose text NOT NULL,
  bind_to text NOT NULL,
  count_with text NOT NULL,
  hash bytea NOT NULL,
  sent_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  spent_at bigint
);
CREATE INDEX code_bound ON customers.code (subscriber_id, purpose, bind_to, sent_at DESC);
CREATE INDEX code_counted ON customers.code (subscriber_id, count_with, sent_at DESC);

-- Wrong tries for each way of verifying, and until when it is locked.
CREATE TABLE customers.tries (
  subscriber_id text NOT NULL REFERENCES customers.subscriber (id) ON DELETE CASCADE,
  method text NOT NULL CHECK (method IN ('sms-code', 'page-code', 'secret')),
  wrong integer NOT NULL DEFAULT 0,
  locked_until bigint,
  PRIMARY KEY (subscriber_id, method)
);

-- Changes that wait 72 hours, a text a day, and that one answer stops.
CREATE TABLE customers.waiting_change (
  id text PRIMARY KEY,
  subscriber_id text NOT NULL REFERENCES customers.subscriber (id) ON DELETE CASCADE,
  change bytea NOT NULL,
  asked_at bigint NOT NULL,
  applies_at bigint NOT NULL,
  texts integer NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'stopped', 'applied'))
);
CREATE INDEX waiting_change_of ON customers.waiting_change (subscriber_id) WHERE state = 'waiting';

-- Sign-ins to the customer's own page that wait for their code. Only the pseudonym: whether the number is ours is
-- looked up when the code is sent and when it is checked, so that the first answer takes the same time for both.
CREATE TABLE customers.sign_in (
  id text PRIMARY KEY,
  subject text NOT NULL,
  started_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  wrong integer NOT NULL DEFAULT 0,
  done boolean NOT NULL DEFAULT false
);

-- Sessions of the customer's own page; the cookie's token only as a hash.
CREATE TABLE customers.session (
  token_hash bytea PRIMARY KEY,
  id text NOT NULL UNIQUE,
  subscriber_id text NOT NULL REFERENCES customers.subscriber (id) ON DELETE CASCADE,
  started_at bigint NOT NULL,
  seen_at bigint NOT NULL,
  person_until bigint
);

-- "That was not me."
CREATE TABLE customers.report (
  id text PRIMARY KEY,
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  subject text NOT NULL,
  tenure text NOT NULL,
  about_entry text NOT NULL,
  staff_id text,
  content bytea NOT NULL,
  state text NOT NULL CHECK (state IN ('filed', 'assigned', 'answered')),
  assigned_to text,
  filed_at bigint NOT NULL,
  answered_at bigint,
  UNIQUE (subject, about_entry)
);
CREATE INDEX report_state ON customers.report (state, filed_at DESC);

-- "That was me": her own answer to a look, so that the page need not ask again.
CREATE TABLE customers.acknowledgement (
  subject text NOT NULL,
  about_entry text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (subject, about_entry)
);
