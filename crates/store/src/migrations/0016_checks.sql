-- Repositories are checked by themselves.

-- How, as JSON; NULL: when it is asked for.
ALTER TABLE repositories ADD COLUMN check_rhythm TEXT;
-- For how many minutes a job checked at most; NULL: to the end.
ALTER TABLE jobs ADD COLUMN check_minutes INTEGER;
