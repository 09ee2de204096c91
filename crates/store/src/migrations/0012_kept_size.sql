-- A backup that was broken off says how much of it is kept.

-- Bytes that its attempts have stored up to the last checkpoint.
ALTER TABLE jobs ADD COLUMN kept_size INTEGER NOT NULL DEFAULT 0;
UPDATE jobs SET kept_size = deduplicated_size WHERE kept_until IS NOT NULL;
