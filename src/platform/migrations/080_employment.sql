-- What becomes of the employment of somebody an incident is about: one row a person and case. In clear stand the state and
-- when it was reached; what was charged, heard and decided is sealed. Instants are milliseconds since 1970.
CREATE TABLE incident.employment (
  incident text NOT NULL REFERENCES incident.incident,
  staff text NOT NULL,
  state text NOT NULL,
  at bigint NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (incident, staff)
);
