-- Some servers let nothing be deleted from this computer.

ALTER TABLE repositories ADD COLUMN append_only INTEGER NOT NULL DEFAULT 0 CHECK (append_only IN (0, 1));
