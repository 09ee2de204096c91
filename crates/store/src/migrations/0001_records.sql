-- The first records: repositories, plans, jobs, settings.
--
-- Times are ISO 8601 UTC text with nine digits after the point, so that they are exact and sort as text.
-- Words that are a closed set have a CHECK; sets that will grow (kind, phase, maintenance, waiting_for)
-- have none, since SQLite cannot change one without copying the table: reading refuses unknown words.
-- AUTOINCREMENT: a number in the history never comes to mean another row.

CREATE TABLE repositories (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    location   TEXT NOT NULL UNIQUE,  -- without a trailing slash
    borg_id    TEXT,
    encryption TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE plans (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    repository   INTEGER NOT NULL REFERENCES repositories (id),
    name         TEXT NOT NULL,
    tag          TEXT NOT NULL UNIQUE,
    sources      TEXT NOT NULL,       -- JSON array of strings
    excludes     TEXT NOT NULL,       -- JSON array of strings
    compression  TEXT NOT NULL,
    log_files    INTEGER NOT NULL CHECK (log_files IN (0, 1)),
    keep_hourly  INTEGER NOT NULL,
    keep_daily   INTEGER NOT NULL,
    keep_weekly  INTEGER NOT NULL,
    keep_monthly INTEGER NOT NULL,
    keep_yearly  INTEGER NOT NULL,
    compact      INTEGER NOT NULL CHECK (compact IN (0, 1)),
    is_default   INTEGER NOT NULL CHECK (is_default IN (0, 1)),
    enabled      INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    created_at   TEXT NOT NULL
) STRICT;

CREATE INDEX plans_by_repository ON plans (repository, id);
CREATE UNIQUE INDEX one_default_plan ON plans (repository) WHERE is_default = 1;

-- A job is history: it names its plan and repository without a foreign key, and outlives both.
CREATE TABLE jobs (
    id                       INTEGER PRIMARY KEY AUTOINCREMENT,
    kind                     TEXT NOT NULL,
    repository               TEXT NOT NULL,  -- the location as it was sent
    plan                     INTEGER,
    plan_name                TEXT,
    triggered_by             TEXT NOT NULL CHECK (triggered_by IN ('manual', 'schedule')),
    scheduled_job_id         INTEGER,
    retry_of                 INTEGER,
    status                   TEXT NOT NULL CHECK (status IN (
                                 'pending', 'running', 'completed', 'completed_with_warnings',
                                 'failed', 'cancelled')),
    phase                    TEXT NOT NULL,
    phase_percent            REAL,
    active                   INTEGER NOT NULL CHECK (active IN (0, 1)),
    waiting_for              TEXT,
    attempt                  INTEGER NOT NULL,
    created_at               TEXT NOT NULL,
    started_at               TEXT,
    completed_at             TEXT,
    ended_at                 TEXT,
    archive_name             TEXT,
    error_code               TEXT,
    error_message            TEXT,
    maintenance              TEXT,
    borg_exit_code           INTEGER,
    warnings                 INTEGER NOT NULL,
    kept_until               TEXT,
    command                  TEXT,
    log_incomplete           INTEGER NOT NULL CHECK (log_incomplete IN (0, 1)),
    original_size            INTEGER NOT NULL,
    compressed_size          INTEGER NOT NULL,
    deduplicated_size        INTEGER NOT NULL,
    nfiles                   INTEGER NOT NULL,
    current_file             TEXT NOT NULL,
    percent                  REAL NOT NULL,
    speed                    REAL NOT NULL,
    total_expected_size      INTEGER NOT NULL,
    total_expected_files     INTEGER NOT NULL,
    estimated_time_remaining INTEGER NOT NULL
) STRICT;

CREATE INDEX jobs_by_repository ON jobs (rtrim(repository, '/'), id);
CREATE INDEX jobs_by_plan ON jobs (plan, id);
CREATE INDEX jobs_by_status ON jobs (status, id);
CREATE INDEX jobs_unfinished ON jobs (id) WHERE status IN ('pending', 'running') OR active = 1;

-- An outcome, once decided, stays: whoever writes, and whatever they believe.
CREATE TRIGGER terminal_status_stays BEFORE UPDATE OF status ON jobs
WHEN old.status NOT IN ('pending', 'running') AND new.status <> old.status
BEGIN
    SELECT raise(ABORT, 'a terminal status never changes');
END;

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
