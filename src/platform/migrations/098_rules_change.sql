-- A change of the rules keeps what its approvers were shown, and which version it was held against. A refusal keeps what
-- was asked for, so that it can be decided again under other rules.
ALTER TABLE staff.proposal ADD COLUMN preview jsonb, ADD COLUMN against int;
ALTER TABLE staff.verification_policy ADD COLUMN preview jsonb, ADD COLUMN proposed_by text;
ALTER TABLE care.refusal ADD COLUMN asked text;
