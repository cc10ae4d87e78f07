-- Sealed bytes do not compress, and a page's disclosure is some 3 kB, its rendering some 5: kept in their rows, they
-- are one row each and not one with two or three more aside. Rows that are there already stay as they are.
ALTER TABLE ledger.intake SET (toast_tuple_target = 8160);
ALTER TABLE ledger.intake ALTER COLUMN body_sealed SET STORAGE EXTERNAL;
ALTER TABLE ledger.entry SET (toast_tuple_target = 8160);
ALTER TABLE care.rendering SET (toast_tuple_target = 8160);
ALTER TABLE care.rendering ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- Entries leave the intake by their ids, when the server that wrote them still has them in memory.
CREATE INDEX intake_id ON ledger.intake (id);
