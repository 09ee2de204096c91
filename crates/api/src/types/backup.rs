//! Starting and stopping.

use alcove_store::Status;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::schema;

/// Which backup to start.
#[derive(Debug, Clone, Default, Deserialize, TS, ToSchema)]
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
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct BackupStarted {
    /// The new job.
    pub job_id: i64,
    /// Always `pending`.
    #[ts(type = "Status")]
    #[schema(value_type = schema::Status)]
    pub status: Status,
    /// Always `Backup job started`.
    pub message: String,
}

/// One job.
#[derive(Debug, Clone, Copy, Deserialize, TS, ToSchema)]
pub struct JobId {
    /// The job's number.
    pub job_id: i64,
}

/// Which jobs to list, newest first.
#[derive(Debug, Clone, Default, Deserialize, TS, ToSchema)]
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
    #[schema(value_type = Option<schema::Status>)]
    pub status: Option<Status>,
    /// Only jobs older than this one, for the next page.
    pub before_id: Option<i64>,
}

/// A job was told to stop.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct BackupCancelled {
    /// Always `Backup cancelled successfully`.
    pub message: String,
    /// Whether a process was told to stop; false when there was none yet.
    pub process_terminated: bool,
}

/// Which job may go on.
#[derive(Debug, Clone, Copy, Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct ResumeBackup {
    /// The job's number.
    pub job_id: i64,
    /// Answers yes to what Borg asks; a job that waits for `question` needs it.
    pub confirm: Option<bool>,
}

/// A job that waits for its turn, and where it should stand.
#[derive(Debug, Clone, Copy, Deserialize, TS, ToSchema)]
pub struct MoveJob {
    /// The job's number.
    pub job_id: i64,
    /// Its new place in the queue of its repository: 1 is next; what is beyond the last is the last.
    pub position: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answers_to_start_and_cancel_have_exactly_their_keys() {
        let started = BackupStarted {
            job_id: 7,
            status: Status::Pending,
            message: "Backup job started".to_owned(),
        };
        assert_eq!(
            serde_json::to_value(started).unwrap(),
            serde_json::json!({"job_id": 7, "status": "pending", "message": "Backup job started"})
        );
        let cancelled = BackupCancelled {
            message: "Backup cancelled successfully".to_owned(),
            process_terminated: true,
        };
        assert_eq!(
            serde_json::to_value(cancelled).unwrap(),
            serde_json::json!({"message": "Backup cancelled successfully", "process_terminated": true})
        );
    }

    #[test]
    fn a_start_needs_its_repository_and_nothing_else() {
        let start = serde_json::from_str::<StartBackup>(r#"{"repository": "/r"}"#).unwrap();
        assert_eq!(
            (start.repository.as_str(), start.plan, start.retry_of),
            ("/r", None, None)
        );
        let refused = serde_json::from_str::<StartBackup>("{}").unwrap_err();
        assert!(refused.to_string().contains("repository"), "{refused}");
    }
}
