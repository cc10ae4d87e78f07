-- What the press asked about an incident, and what it was told. Who asked and every word is sealed. Instants are
-- milliseconds since 1970.
CREATE TABLE incident.enquiry (
  id text PRIMARY KEY,
  incident text NOT NULL REFERENCES incident.incident,
  at bigint NOT NULL,
  answers integer NOT NULL DEFAULT 0,
  sealed bytea NOT NULL
);
CREATE INDEX enquiry_of_incident ON incident.enquiry (incident, at);
