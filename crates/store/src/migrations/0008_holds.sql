-- A backup in which files are missing or nearly all changed asks to be looked at before older archives go.

-- The hold of a plan as JSON; NULL: none.
ALTER TABLE plans ADD COLUMN hold TEXT;
