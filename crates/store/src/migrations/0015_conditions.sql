-- Plans that wait for what they need.

-- What must hold before a plan runs by itself, as JSON.
ALTER TABLE plans ADD COLUMN conditions TEXT NOT NULL DEFAULT '{}';
-- The drive of a repository on this computer and its place there, as JSON; NULL: on the system's own, or not known.
ALTER TABLE repositories ADD COLUMN drive TEXT;
