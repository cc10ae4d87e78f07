-- Leak paths that were searched for. The answer is sealed; instants are milliseconds since 1970.
CREATE TABLE trace.path (
  id text PRIMARY KEY,
  incident text NOT NULL,
  at bigint NOT NULL,
  searched_by text,
  entry text NOT NULL,
  answer bytea NOT NULL
);
CREATE INDEX path_of_incident ON trace.path (incident, at DESC);
