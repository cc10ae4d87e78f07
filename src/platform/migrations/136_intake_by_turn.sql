-- Entries leave the intake in the order in which they came, and by nothing else.
DROP INDEX ledger.intake_id;
