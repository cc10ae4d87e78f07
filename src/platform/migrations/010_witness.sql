-- What the witnesses of the log's policy have said. Nothing here is private: all of it is public under /log/.

-- One row a witness, by its key as a policy lists it.
CREATE TABLE ledger.witness (
  key text PRIMARY KEY,
  added_at bigint NOT NULL,
  -- The size it last cosigned or said it holds: what the next request proves growth from.
  size bigint NOT NULL DEFAULT 0,
  -- When it last cosigned, and up to which size.
  cosigned_at bigint,
  cosigned_size bigint,
  -- Why it gave no cosignature when last asked; null when it did.
  trouble text,
  -- Since when it says that our log is not the one it knows, and in which words.
  refused_at bigint,
  refused_why text
);

-- Cosignatures of checkpoints, as lines of a note; a witness's newest 64, and those of the newest size that met the quorum.
CREATE TABLE ledger.cosignature (
  size bigint NOT NULL,
  key text NOT NULL,
  at bigint NOT NULL,
  line text NOT NULL,
  PRIMARY KEY (size, key)
);
