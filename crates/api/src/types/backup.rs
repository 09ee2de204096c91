//! Starting and stopping.

use alcove_store::Status;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which backup to start.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[ts(optional_fields)]
pub struct StartBackup {
    /// The repository's location; a trailing slash does not matter.
    pub repository: String,
    /// The plan, where the repository has several.
    pub plan: Option<i64>,
    /// The job this one tries again.
    pub retry_of: Option<i64>,
}

/// A backup was accepted; its job has a record from now on.
#[derive(Debug, Clone, Serialize, TS)]
pub struct BackupStarted {
    /// The new job.
    pub job_id: i64,
    /// Always `pending`.
    #[ts(type = "Status")]
    pub status: Status,
    /// Always `Backup job started`.
    pub message: String,
}

/// One job.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
pub struct JobId {
    /// The job's number.
    pub job_id: i64,
}

/// Which jobs to list, newest first.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct ListBackupJobs {
    /// At most this many, 1 to 1000; 200 when left out.
    pub limit: Option<i64>,
    /// Only jobs a schedule started; wins over `manual_only`.
    pub scheduled_only: Option<bool>,
    /// Only jobs a person started.
    pub manual_only: Option<bool>,
    /// Only jobs of the repository at this location.
    pub repository: Option<String>,
    /// Only jobs of this status.
    #[ts(type = "Status", optional)]
    pub status: Option<Status>,
    /// Only jobs older than this one, for the next page.
    pub before_id: Option<i64>,
}

/// A job was told to stop.
#[derive(Debug, Clone, Serialize, TS)]
pub struct BackupCancelled {
    /// Always `Backup cancelled successfully`.
    pub message: String,
    /// Whether a process was told to stop; false when there was none yet.
    pub process_terminated: bool,
}
