-- What lets somebody in carries a mark under a key that this database does not hold, as sessions do (110, 111): a
-- passkey, a link that enrols one, a shop's device, a representative's session. Passkeys and devices from before are
-- marked once, by the first start with this schema; links and sessions from before end here and are given anew.
ALTER TABLE staff.passkey ADD COLUMN mark bytea;
ALTER TABLE staff.device ADD COLUMN mark bytea;
ALTER TABLE staff.link ADD COLUMN mark bytea;
ALTER TABLE incident.representative_session ADD COLUMN mark bytea;

-- So that nobody silences an alarm by writing beforehand that it was raised.
ALTER TABLE platform.stranger ADD COLUMN mark bytea;
