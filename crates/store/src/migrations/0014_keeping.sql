-- Plans keep archives by age and by count too.

-- Every archive of the last so many hours; 0: by other rules alone.
ALTER TABLE plans ADD COLUMN keep_within INTEGER NOT NULL DEFAULT 0;
-- The newest so many archives.
ALTER TABLE plans ADD COLUMN keep_last INTEGER NOT NULL DEFAULT 0;
