-- A service of the person's is told how backups go.

-- The address it is told at; NULL: nobody is told.
ALTER TABLE plans ADD COLUMN ping_url TEXT;
