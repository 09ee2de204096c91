-- A plan like a backup of another program keeps how that one treated file systems.

-- Whether Borg stays on the file systems of the folders.
ALTER TABLE plans ADD COLUMN one_file_system INTEGER NOT NULL DEFAULT 0 CHECK (one_file_system IN (0, 1));
