-- An entry whose texts were lost in a restore: only the 32 bytes that the public log holds of it are left, in
-- `commitment`, fetched from a mirror. All else of such a row is null; of any other row, `commitment` is.
ALTER TABLE ledger.entry
  ALTER COLUMN id DROP NOT NULL,
  ALTER COLUMN header DROP NOT NULL,
  ALTER COLUMN header_salt DROP NOT NULL,
  ALTER COLUMN body_commitment DROP NOT NULL,
  ADD COLUMN commitment bytea CHECK (length(commitment) = 32),
  ADD CONSTRAINT entry_form CHECK (
    CASE WHEN commitment IS NULL
    THEN id IS NOT NULL AND header IS NOT NULL AND header_salt IS NOT NULL AND body_commitment IS NOT NULL
    ELSE num_nonnulls(id, header, header_salt, body_commitment, body_sealed, subject, actor) = 0
    END);
