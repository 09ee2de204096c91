-- Time left is worked out of what earlier runs took, and says how sure it is.

-- JSON: seconds that each kind of a backup's work took, those that are known.
ALTER TABLE jobs ADD COLUMN pace TEXT NOT NULL DEFAULT '{}';
-- Seconds that the time left may be off.
ALTER TABLE jobs ADD COLUMN time_remaining_margin INTEGER NOT NULL DEFAULT 0;
