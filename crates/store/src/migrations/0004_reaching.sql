-- How a repository on a server is reached, what is known of its key, and what an adopted plan keeps of the
-- program that made its archives.

-- The private key ssh logs in with; null: those ssh finds by itself.
ALTER TABLE repositories ADD COLUMN ssh_key TEXT;
-- The Borg of the server; null: `borg`.
ALTER TABLE repositories ADD COLUMN remote_path TEXT;
-- When its key was last exported; null: never.
ALTER TABLE repositories ADD COLUMN key_exported_at TEXT;

-- How Borg cuts files into chunks; null: its own way. Files cut otherwise are stored a second time.
ALTER TABLE plans ADD COLUMN chunker_params TEXT;
