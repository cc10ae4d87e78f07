-- Rooms live in schemas of their own: one room never names another's tables.
CREATE SCHEMA IF NOT EXISTS platform;

-- Texts to be sent. `sealed` holds number and text, and is emptied once the text has left or is given up.
CREATE TABLE platform.sms_outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  purpose text NOT NULL,
  ref text NOT NULL,
  language text NOT NULL,
  sealed bytea,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed', 'expired')),
  -- SMPP user_message_reference: the same in every attempt, so that the SMSC can tell a repetition.
  message_reference integer NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  next_try_at bigint NOT NULL,
  claimed_until bigint NOT NULL DEFAULT 0,
  UNIQUE (purpose, ref)
);
CREATE INDEX sms_outbox_waiting ON platform.sms_outbox (next_try_at) WHERE state = 'waiting';

-- One row for each part that the SMSC took. A receipt may come before we have noted the part.
CREATE TABLE platform.sms_part (
  message_id text PRIMARY KEY,
  outbox_id bigint REFERENCES platform.sms_outbox ON DELETE CASCADE,
  part integer,
  receipt text,
  UNIQUE (outbox_id, part)
);

-- The demo's phones: who was chosen, and the texts that the simulated SMSC delivered.
CREATE TABLE platform.demo_phone (
  handle text PRIMARY KEY,
  sealed bytea NOT NULL
);
CREATE TABLE platform.demo_text (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  handle text NOT NULL,
  at bigint NOT NULL,
  sealed bytea NOT NULL
);
CREATE INDEX demo_text_of_phone ON platform.demo_text (handle, id);

-- Calls on the line, by the telephony system's word. `lookup` is a keyed hash of the number.
CREATE TABLE platform.telephony_call (
  call_id text PRIMARY KEY,
  lookup bytea NOT NULL,
  sealed bytea,
  desk text NOT NULL,
  network_asserted boolean NOT NULL,
  call_back_ref text,
  started_at bigint NOT NULL,
  answered_at bigint,
  ended_at bigint
);
CREATE INDEX telephony_call_live_number ON platform.telephony_call (lookup, started_at) WHERE ended_at IS NULL;
CREATE INDEX telephony_call_live_desk ON platform.telephony_call (desk, started_at) WHERE ended_at IS NULL;

CREATE TABLE platform.telephony_call_back (
  ref text PRIMARY KEY,
  lookup bytea NOT NULL,
  sealed bytea,
  desk text NOT NULL,
  asked_at bigint NOT NULL,
  outcome text CHECK (outcome IN ('answered', 'failed'))
);
