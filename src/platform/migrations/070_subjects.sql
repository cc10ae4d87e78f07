-- Chains: one a tenure of a number, a link for each entry about it. They outlive the bodies of their entries.
ALTER TABLE ledger.intake ADD COLUMN chain_subject text, ADD COLUMN chain_tenure text;

CREATE TABLE ledger.link (
  -- The entry that is the link.
  index bigint PRIMARY KEY,
  subject text NOT NULL,
  tenure text NOT NULL,
  -- From 1 on, without gaps.
  sequence bigint NOT NULL,
  link bytea NOT NULL CHECK (length(link) = 32),
  UNIQUE (subject, tenure, sequence)
);

-- Where they begin: the first entry that chains cover. A ledger that was there before has older ones.
CREATE TABLE ledger.chains (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  begin bigint NOT NULL
);
INSERT INTO ledger.chains (begin) SELECT coalesce(max(index) + 1, 0) FROM ledger.entry;

-- The label of a tenure in the map of subjects, once it was needed; the proof that it is the only one is sealed.
CREATE TABLE ledger.subject_label (
  subject text NOT NULL,
  -- Which holder of the number, from 1 on.
  ordinal integer NOT NULL,
  -- Null: nobody holds it yet, and her page shows that it has no looks.
  tenure text,
  label bytea NOT NULL UNIQUE CHECK (length(label) = 32),
  proof_sealed bytea NOT NULL,
  PRIMARY KEY (subject, ordinal)
);
CREATE UNIQUE INDEX subject_label_tenure ON ledger.subject_label (subject, tenure) WHERE tenure IS NOT NULL;

-- The second public log: entry n is epoch n. Tables of a log as in `ledger`; what an epoch changed stands beside it.
CREATE SCHEMA epochs;

CREATE TABLE epochs.epoch (
  index bigint PRIMARY KEY,
  -- The text that is the log's entry.
  entry text NOT NULL,
  at bigint NOT NULL
);

-- What each epoch changed in the map: whose label, and where its chain ended then.
CREATE TABLE epochs.change (
  epoch bigint NOT NULL,
  label bytea NOT NULL,
  count bigint NOT NULL,
  link bytea NOT NULL,
  PRIMARY KEY (label, epoch)
);
CREATE INDEX change_epoch ON epochs.change (epoch);

CREATE TABLE epochs.tile (LIKE ledger.tile INCLUDING ALL);
CREATE TABLE epochs.checkpoint (LIKE ledger.checkpoint INCLUDING ALL);
CREATE TABLE epochs.head (LIKE ledger.head INCLUDING ALL);
CREATE TABLE epochs.witness (LIKE ledger.witness INCLUDING ALL);
CREATE TABLE epochs.cosignature (LIKE ledger.cosignature INCLUDING ALL);
