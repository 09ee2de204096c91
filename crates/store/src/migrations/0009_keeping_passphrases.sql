-- A person says for each repository where its passphrase is kept.

-- Of a repository from before it is not known: its entry in the keyring, where there is one, is found all the same.
ALTER TABLE repositories ADD COLUMN keep_passphrase TEXT NOT NULL DEFAULT 'session'
    CHECK (keep_passphrase IN ('keyring', 'session', 'never'));
