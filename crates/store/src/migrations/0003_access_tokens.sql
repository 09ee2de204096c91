-- Who may use Alcove over HTTP, and where a machine without a screen finds a passphrase.

CREATE TABLE access_tokens (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    purpose    TEXT UNIQUE,           -- what it was made for by a program; NULL: made by a person
    hash       BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),  -- SHA-256; the token itself is nowhere
    created_at TEXT NOT NULL
) STRICT;

-- A command that prints the repository's passphrase; never the passphrase itself.
ALTER TABLE repositories ADD COLUMN passcommand TEXT;
