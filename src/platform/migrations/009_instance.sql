-- Which data directory this database belongs to; one row.
CREATE TABLE platform.instance (
  one boolean PRIMARY KEY CHECK (one),
  id text NOT NULL,
  born text NOT NULL CHECK (born IN ('demo', 'real')),
  -- When the demo operator was complete; null while it is being made, and for a real instance.
  filled_at timestamptz
);
