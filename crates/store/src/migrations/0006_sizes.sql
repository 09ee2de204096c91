-- How large a repository was, each time Borg said it.

CREATE TABLE sizes (
    repository   INTEGER NOT NULL REFERENCES repositories (id),
    at           TEXT NOT NULL,
    source       TEXT NOT NULL CHECK (source IN ('backup', 'asked')),
    original     INTEGER NOT NULL,  -- bytes of all archives
    compressed   INTEGER NOT NULL,  -- the same, compressed
    deduplicated INTEGER NOT NULL,  -- stored
    PRIMARY KEY (repository, at)
) STRICT, WITHOUT ROWID;
