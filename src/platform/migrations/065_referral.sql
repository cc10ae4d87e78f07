-- Referrals of a case to the police: whom, on what ground, which entries, who approved, and the chain of custody, sealed.
CREATE TABLE incident.referral (
  id text PRIMARY KEY,
  incident text NOT NULL REFERENCES incident.incident,
  state text NOT NULL,
  at bigint NOT NULL,
  sealed bytea NOT NULL,
  -- The bundle of evidence exactly as it was made; null until then.
  bundle bytea
);
CREATE INDEX referral_of_incident ON incident.referral (incident, at);
