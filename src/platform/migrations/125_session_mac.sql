-- What only a server with the keys can make of a session: one that was written into the table by somebody else signs
-- nobody in. Sessions begun before have none; their people sign in again.
ALTER TABLE staff.session ADD COLUMN mac bytea;
