-- Incidents: cases of records that left the house. The whole case is sealed; outside it stands only what lists and
-- deadlines need. Instants are milliseconds since 1970.
CREATE SCHEMA incident;

CREATE TABLE incident.incident (
  id text PRIMARY KEY,
  -- As people name it: `2026-09-014`.
  serial text NOT NULL UNIQUE,
  state text NOT NULL,
  -- `report:<id>` or `watch:<id>` where it came from one: each is opened once.
  origin text UNIQUE,
  opened_at bigint NOT NULL,
  sealed bytea NOT NULL
);
CREATE INDEX incident_opened ON incident.incident (opened_at DESC);

-- The last number given in each local month.
CREATE TABLE incident.serial (
  month text PRIMARY KEY,
  last integer NOT NULL
);

-- Every step by the ledger's id of its entry; who did it and what they said is sealed.
CREATE TABLE incident.step (
  entry text PRIMARY KEY,
  incident text NOT NULL REFERENCES incident.incident,
  act text NOT NULL,
  at bigint NOT NULL,
  sealed bytea NOT NULL
);
CREATE INDEX step_of_incident ON incident.step (incident, at);
