-- Plans can be renamed, and a job remembers when each of its phases began.

-- The name the plan was made with, part of the name of every archive: a new name does not part the plan from them.
ALTER TABLE plans ADD COLUMN series TEXT NOT NULL DEFAULT '';
UPDATE plans SET series = name;
ALTER TABLE plans ADD COLUMN check_repository INTEGER NOT NULL DEFAULT 0 CHECK (check_repository IN (0, 1));

-- JSON array of {"phase", "at"}, in the order they began.
ALTER TABLE jobs ADD COLUMN phases TEXT NOT NULL DEFAULT '[]';
