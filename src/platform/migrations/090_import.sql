-- What the operator's own systems know and hand over: subscribers, lines, charges, employees. Lines that could not be
-- taken rest sealed, with their reason; a reason never repeats a value of its line.
CREATE SCHEMA import;

-- A file by its digest, a stream by its name. `through` is the line up to which everything is on record.
CREATE TABLE import.source (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  key text NOT NULL,
  through bigint NOT NULL DEFAULT 0,
  read bigint NOT NULL DEFAULT 0,
  added bigint NOT NULL DEFAULT 0,
  changed bigint NOT NULL DEFAULT 0,
  same bigint NOT NULL DEFAULT 0,
  quarantined bigint NOT NULL DEFAULT 0,
  latest_at bigint NOT NULL,
  UNIQUE (kind, key)
);

CREATE TABLE import.quarantine (
  source integer NOT NULL REFERENCES import.source (id) ON DELETE CASCADE,
  line bigint NOT NULL,
  reason text NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (source, line)
);

-- Charges that are no calls. In clear stand whose, and in which local month; the rest is sealed.
CREATE TABLE customers.charge (
  key bytea PRIMARY KEY CHECK (octet_length(key) = 16),
  subscriber_id text NOT NULL REFERENCES customers.subscriber (id) ON DELETE CASCADE,
  month integer NOT NULL,
  sealed bytea NOT NULL
);
CREATE INDEX charge_of ON customers.charge (subscriber_id, month);

-- The operator's own staff number of a person, from when to when (milliseconds). A number is one person's at a time.
CREATE TABLE staff.employment (
  staff_id text PRIMARY KEY REFERENCES staff.person,
  staff_number text NOT NULL,
  from_ms bigint NOT NULL,
  until_ms bigint
);
CREATE UNIQUE INDEX employment_present ON staff.employment (staff_number) WHERE until_ms IS NULL;
CREATE INDEX employment_number ON staff.employment (staff_number);
