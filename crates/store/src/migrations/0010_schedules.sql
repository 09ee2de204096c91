-- Plans that run by themselves.

-- When a plan runs, as JSON; NULL: when it is asked to.
ALTER TABLE plans ADD COLUMN schedule TEXT;
