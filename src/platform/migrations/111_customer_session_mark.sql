-- As staff's: a session of a customer's own page, and its second rung, each with a mark under a key that this database
-- does not hold. Those from before end here; a code by text begins another.
ALTER TABLE customers.session ADD COLUMN mark bytea, ADD COLUMN person_mark bytea;
