-- Statements and answers to rumours. What nobody has approved yet is sealed; what was published stands here as the public
-- reads it, every version of it, for ever.
CREATE TABLE incident.statement (
  id text PRIMARY KEY,
  incident text NOT NULL REFERENCES incident.incident,
  at bigint NOT NULL,
  sealed bytea NOT NULL
);
CREATE INDEX statement_of_incident ON incident.statement (incident, at);

CREATE TABLE incident.published (
  statement text NOT NULL REFERENCES incident.statement,
  version integer NOT NULL,
  at bigint NOT NULL,
  -- The ledger's id of the entry that says it was published; it carries the digest of `content`.
  entry text NOT NULL,
  -- Canonical JSON.
  content text NOT NULL,
  PRIMARY KEY (statement, version)
);
