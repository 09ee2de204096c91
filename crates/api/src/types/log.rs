//! A job's log.

use alcove_store::{Level, Status};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::schema;

/// Which lines of a log.
#[derive(Debug, Clone, Copy, Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct StreamBackupLogs {
    /// The job's number.
    pub job_id: i64,
    /// The first line, from 0.
    pub offset: Option<i64>,
    /// At most this many, 1 to 10000; 1000 when left out.
    pub limit: Option<i64>,
}

/// Which log to have as one text.
#[derive(Debug, Clone, Copy, Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct DownloadBackupLogs {
    /// The job's number.
    pub job_id: i64,
    /// Whether the part there is now is enough, for a job that is pending or running.
    pub partial: Option<bool>,
}

/// Some lines of a log.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct LogPage {
    /// The job's number.
    pub job_id: i64,
    /// How the job stands.
    #[ts(type = "Status")]
    #[schema(value_type = schema::Status)]
    pub status: Status,
    /// The lines asked for.
    pub lines: Vec<LogLine>,
    /// How many lines there are now.
    pub total_lines: u64,
    /// Whether lines follow the last one here.
    pub has_more: bool,
}

/// One line of a log.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct LogLine {
    /// From 1; never changes.
    pub line_number: u64,
    /// The line as it is on disk.
    pub content: String,
    /// When it was written, ISO 8601 UTC.
    pub time: String,
    /// How serious it is.
    #[ts(type = "Level")]
    #[schema(value_type = schema::Level)]
    pub level: Level,
    /// What it says, with its newlines.
    pub text: String,
}

/// The answer to `save_backup_logs`.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct LogSaved {
    /// The name of the file that was written; null when the dialog was closed.
    pub file_name: Option<String>,
}
