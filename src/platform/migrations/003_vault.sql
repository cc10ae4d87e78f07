-- Sealed call records. Nothing here names a person: subjects are pseudonyms, blocks are ciphertext.
CREATE SCHEMA vault;

-- The time zone in which months and days of blocks are counted; set by the first filing, the same for ever.
CREATE TABLE vault.setting (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  offset_minutes integer NOT NULL
);

-- Who held a number from when until when (epoch seconds, half open). Writers of blocks lock this table
-- against each other, so a block is sealed under the tenures that hold when it commits.
CREATE TABLE vault.tenure (
  subject bytea NOT NULL CHECK (octet_length(subject) = 16),
  tenure text NOT NULL CHECK (tenure <> ''),
  from_s bigint NOT NULL,
  until_s bigint CHECK (until_s > from_s),
  PRIMARY KEY (subject, tenure)
);

CREATE SEQUENCE vault.block_sequence START WITH 65536 INCREMENT BY 65536;

-- The whole of a block's place is its associated data: a block moved elsewhere does not open.
-- tenure '' is the number while nobody is registered. Days are counted from 1970-01-01.
-- Ciphertext does not compress, and a month of one log fits into a page.
CREATE TABLE vault.block (
  subject bytea NOT NULL CHECK (octet_length(subject) = 16),
  month integer NOT NULL,
  sequence bigint NOT NULL,
  tenure text NOT NULL,
  first_day integer NOT NULL,
  last_day integer NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (subject, month, sequence)
) WITH (toast_tuple_target = 8160);
ALTER TABLE vault.block ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- Files read, known by the digest of what was read of them; kept for ever. `through` is the position up to
-- which everything is filed, quarantined or known: where a crash left off, reading goes on behind it.
CREATE TABLE vault.file (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
  size bigint NOT NULL,
  grew boolean NOT NULL,
  through bigint NOT NULL,
  read bigint NOT NULL DEFAULT 0,
  done_at timestamptz
);
CREATE INDEX file_grew ON vault.file (size) WHERE grew;

-- References of switches, as HMACs, for 45 days; afterwards 32 bits in the block tell a second copy.
CREATE TABLE vault.reference (
  key bytea PRIMARY KEY CHECK (octet_length(key) = 16),
  filed_on date NOT NULL
);
CREATE INDEX reference_filed_on ON vault.reference USING brin (filed_on);

-- Lines that could not be read: reason and line, sealed.
CREATE TABLE vault.quarantine (
  file integer NOT NULL REFERENCES vault.file (id),
  position bigint NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (file, position)
);
