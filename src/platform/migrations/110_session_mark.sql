-- Who signed in by one of our doors: a mark under a key that this database does not hold. A session without one that
-- fits is none, so those from before this migration end here, and their people sign in anew.
ALTER TABLE staff.session ADD COLUMN mark bytea;
