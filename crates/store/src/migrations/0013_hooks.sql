-- A plan has scripts that run before and after its backups.

-- A JSON list.
ALTER TABLE plans ADD COLUMN hooks TEXT NOT NULL DEFAULT '[]';
