//! A job as every door shows it.

use alcove_store::{self as store, JobKind, Maintenance, Phase, Status, Trigger, WaitingFor};
use serde::Serialize;
use ts_rs::TS;

use super::ByteCount;

/// A job, with the fields of the backup API page and those Alcove adds after them.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Job {
    /// The job's number.
    pub id: i64,
    /// The repository's location as it was sent.
    pub repository: String,
    /// How it stands.
    #[ts(type = "Status")]
    pub status: Status,
    /// When it left the queue, ISO 8601 UTC.
    pub started_at: Option<String>,
    /// When its status became terminal, ISO 8601 UTC.
    pub completed_at: Option<String>,
    /// Whole percent of the backup, the floor of `progress_details.progress_percent`.
    pub progress: u8,
    /// What happened, why, what to do.
    pub error_message: Option<String>,
    /// Whether it has a log.
    pub has_logs: bool,
    /// Where its maintenance stands; null when none was asked for, or not yet.
    #[ts(type = "Maintenance | null")]
    pub maintenance_status: Option<Maintenance>,
    /// The schedule that started it.
    pub scheduled_job_id: Option<i64>,
    /// What started it.
    #[ts(type = "Trigger")]
    pub triggered_by: Trigger,
    /// The archive it writes.
    pub archive_name: Option<String>,
    /// How far it is.
    pub progress_details: ProgressDetails,

    /// What it does.
    #[ts(type = "JobKind")]
    pub kind: JobKind,
    /// What it is doing now.
    #[ts(type = "Phase")]
    pub phase: Phase,
    /// Percent of a maintenance phase, 0 to 100.
    pub phase_percent: Option<f64>,
    /// True from preparing to ended; while it is, cancel works.
    pub active: bool,
    /// When it was asked for, ISO 8601 UTC.
    pub created_at: String,
    /// When it stopped being active, ISO 8601 UTC.
    pub ended_at: Option<String>,
    /// Which try inside this job, from 1.
    pub attempt: u32,
    /// Its place in the lane: 1 is next. Null unless it waits for its turn.
    pub queue_position: Option<u32>,
    /// What it waits for besides its turn.
    #[ts(type = "WaitingFor | null")]
    pub waiting_for: Option<WaitingFor>,
    /// The error's code, when it failed.
    #[ts(type = "ErrorCode | null")]
    pub error_code: Option<String>,
    /// The plan it runs.
    pub plan: Option<i64>,
    /// The plan's name when the job was made.
    pub plan_name: Option<String>,
    /// The failed job this one tries again.
    pub retry_of: Option<i64>,
    /// Estimate of `nfiles` at the end, 0 while unknown.
    pub total_expected_files: u64,
    /// Exit code of Borg's `create`.
    pub borg_exit_code: Option<i32>,
    /// Warnings in the log of its last attempt.
    pub warnings: u64,
    /// When Borg last wrote a checkpoint, ISO 8601 UTC.
    pub kept_until: Option<String>,
    /// Whether a stop was asked for and has not taken effect yet.
    pub cancelling: bool,
    /// The Borg command of its backup, to paste into a shell; holds no secret.
    pub command: Option<String>,
    /// Whether lines of its log were lost because the disk would not take them.
    pub log_incomplete: bool,
}

/// How far a backup is; every key is always there.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ProgressDetails {
    /// Bytes read so far, before compression.
    pub original_size: ByteCount,
    /// Bytes after compression.
    pub compressed_size: ByteCount,
    /// Bytes of new storage used after deduplication.
    pub deduplicated_size: ByteCount,
    /// Files processed.
    pub nfiles: u64,
    /// The file being processed, empty when none.
    pub current_file: String,
    /// Percent of the backup, 0 to 100; 100 exactly when the archive is safe.
    pub progress_percent: f64,
    /// Recent speed in MB/s (10^6 bytes a second).
    pub backup_speed: f64,
    /// Estimate of `original_size` at the end, 0 while unknown.
    pub total_expected_size: ByteCount,
    /// Seconds left, 0 when unknown or done.
    pub estimated_time_remaining: u64,
}

/// The answer to `list_backup_jobs`.
#[derive(Debug, Clone, Serialize, TS)]
pub struct BackupJobs {
    /// Newest first.
    pub jobs: Vec<Job>,
}

/// The answer to `get_backup_status`: the job, and a `logs` key that is always null.
#[derive(Debug, Clone, Serialize, TS)]
pub struct BackupStatus {
    /// The job.
    #[serde(flatten)]
    pub job: Job,
    /// Always null: `stream_backup_logs` has the lines.
    #[ts(type = "null")]
    pub logs: Option<()>,
}

impl Job {
    /// Turns a record, and what only the running engine knows, into an answer.
    pub fn from_engine(seen: alcove_engine::JobView) -> Self {
        let alcove_engine::JobView {
            job,
            queue_position,
            cancelling,
        } = seen;
        let store::Job { progress, .. } = job;
        Self {
            id: job.id,
            repository: job.repository,
            status: job.status,
            started_at: job.started_at.map(|at| at.to_string()),
            completed_at: job.completed_at.map(|at| at.to_string()),
            progress: progress.percent.clamp(0.0, 100.0) as u8,
            error_message: job.error_message,
            // The first line is written when a job leaves the queue, or ends in it.
            has_logs: job.status != Status::Pending,
            maintenance_status: job.maintenance,
            scheduled_job_id: job.scheduled_job_id,
            triggered_by: job.trigger,
            archive_name: job.archive_name,
            progress_details: ProgressDetails {
                original_size: ByteCount(progress.original_size),
                compressed_size: ByteCount(progress.compressed_size),
                deduplicated_size: ByteCount(progress.deduplicated_size),
                nfiles: progress.nfiles,
                current_file: progress.current_file,
                progress_percent: progress.percent,
                backup_speed: progress.speed,
                total_expected_size: ByteCount(progress.total_expected_size),
                estimated_time_remaining: progress.estimated_time_remaining,
            },
            kind: job.kind,
            phase: job.phase,
            phase_percent: job.phase_percent,
            active: job.active,
            created_at: job.created_at.to_string(),
            ended_at: job.ended_at.map(|at| at.to_string()),
            attempt: job.attempt,
            queue_position,
            waiting_for: job.waiting_for,
            error_code: job.error_code,
            plan: job.plan,
            plan_name: job.plan_name,
            retry_of: job.retry_of,
            total_expected_files: progress.total_expected_files,
            borg_exit_code: job.borg_exit_code,
            warnings: job.warnings,
            kept_until: job.kept_until.map(|at| at.to_string()),
            cancelling,
            command: job.command,
            log_incomplete: job.log_incomplete,
        }
    }
}
