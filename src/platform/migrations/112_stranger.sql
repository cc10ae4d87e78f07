-- Code and rules in this database that no migration made, as long as they are there: each coming and going is an entry.
CREATE TABLE platform.stranger (
  name     text PRIMARY KEY,
  seen_at  bigint NOT NULL
);
