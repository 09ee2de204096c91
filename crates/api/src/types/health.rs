//! What is known of one repository.

use alcove_borg::Passphrase;
use alcove_engine as engine;
use alcove_store as store;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{ByteCount, Repository};

/// Who holds a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LockState {
    /// Nobody.
    Free,
    /// It is on a server, and only Borg could tell.
    Unknown,
    /// A process that runs on this computer; it cannot be broken.
    Held,
    /// A process of this computer that is gone.
    LeftBehind,
    /// A process of another computer, or of a container, which may run or not.
    Elsewhere,
}

/// The lock of a repository.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct RepositoryLock {
    /// Who holds it.
    pub state: LockState,
    /// The name of the holder's computer.
    pub host: Option<String>,
    /// The process number there.
    pub process: Option<u32>,
    /// Whether it keeps everyone else out; else it keeps out those who write.
    pub exclusive: Option<bool>,
    /// When it was taken, ISO 8601 UTC.
    pub since: Option<String>,
}

impl From<engine::Lock> for RepositoryLock {
    fn from(lock: engine::Lock) -> Self {
        let (state, lock) = match lock {
            engine::Lock::Free => (LockState::Free, None),
            engine::Lock::Unknown => (LockState::Unknown, None),
            engine::Lock::Held(lock) => (LockState::Held, Some(lock)),
            engine::Lock::LeftBehind(lock) => (LockState::LeftBehind, Some(lock)),
            engine::Lock::Elsewhere(lock) => (LockState::Elsewhere, Some(lock)),
        };
        Self {
            state,
            process: lock.as_ref().map(|lock| lock.process),
            exclusive: lock.as_ref().map(|lock| lock.exclusive),
            host: lock.as_ref().map(|lock| lock.host().to_owned()),
            since: lock
                .and_then(|lock| Timestamp::try_from(lock.since?).ok())
                .map(|since| since.to_string()),
        }
    }
}

/// A lock to remove.
#[derive(Debug, Clone, Default, Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct BreakLock {
    /// The repository's number.
    pub repository_id: i64,
    /// The repository's name, where the lock is not known to be left behind on this computer.
    pub confirm: Option<String>,
}

/// On what occasion Borg said how large a repository is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SizeSource {
    /// After a backup.
    Backup,
    /// Somebody asked.
    Asked,
}

/// How large a repository was.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct RepositorySize {
    /// When, ISO 8601 UTC.
    pub at: String,
    /// On what occasion.
    pub source: SizeSource,
    /// What all archives hold, as if each were alone.
    pub original_size: ByteCount,
    /// The same after compression.
    pub compressed_size: ByteCount,
    /// What is stored. Space that compact has not given back yet is not in it.
    pub deduplicated_size: ByteCount,
}

impl From<store::Size> for RepositorySize {
    fn from(size: store::Size) -> Self {
        Self {
            at: size.at.to_string(),
            source: match size.source {
                store::SizeSource::Backup => SizeSource::Backup,
                store::SizeSource::Asked => SizeSource::Asked,
            },
            original_size: ByteCount(size.original),
            compressed_size: ByteCount(size.compressed),
            deduplicated_size: ByteCount(size.deduplicated),
        }
    }
}

/// The last check of a repository.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct RepositoryCheck {
    /// The job that did it.
    pub job_id: i64,
    /// When it began, ISO 8601 UTC.
    pub at: String,
    /// Whether nothing was found; null while it runs.
    pub good: Option<bool>,
    /// For how many minutes it read at most; null: all of the repository.
    pub minutes: Option<u32>,
}

/// The answer to `get_repository`.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct RepositoryHealth {
    /// The repository.
    pub repository: Repository,
    /// Its lock.
    pub lock: RepositoryLock,
    /// Its last check; null: never by Alcove.
    pub last_check: Option<RepositoryCheck>,
    /// How large it was, the oldest first; the last one is the newest that is known.
    pub sizes: Vec<RepositorySize>,
    /// The jobs that use it at the moment.
    pub active_jobs: Vec<i64>,
    /// What its drive is called, now that it can be unplugged: no job needs it, and all that was written is on it. Null
    /// at other times, and where it is not one to be taken away.
    pub unplug: Option<String>,
}

impl From<engine::Health> for RepositoryHealth {
    fn from(health: engine::Health) -> Self {
        Self {
            repository: health.repository.into(),
            lock: health.lock.into(),
            last_check: health.last_check.as_ref().and_then(check),
            sizes: health.sizes.into_iter().map(Into::into).collect(),
            active_jobs: health.active_jobs,
            unplug: health.unplug,
        }
    }
}

fn check(job: &store::Job) -> Option<RepositoryCheck> {
    let began = job
        .phases
        .iter()
        .find(|began| began.phase == store::Phase::Checking)?;
    let damaged = job.error_code.as_deref() == Some(engine::ErrorCode::RepositoryDamaged.as_str());
    let good = match job.maintenance {
        Some(store::Maintenance::RunningCheck) | None => None,
        Some(store::Maintenance::CheckFailed) => damaged.then_some(false),
        Some(_) => Some(true),
    };
    Some(RepositoryCheck {
        job_id: job.id,
        at: began.at.to_string(),
        good,
        minutes: job.check_minutes,
    })
}

/// A repository that is at another location now.
#[derive(Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct MoveRepository {
    /// The repository's number.
    pub repository_id: i64,
    /// Where it is now.
    pub path: String,
    /// Its passphrase; the one Alcove has when left out.
    #[ts(optional, type = "string")]
    #[schema(value_type = Option<String>, format = Password, write_only)]
    pub passphrase: Option<Passphrase>,
}
