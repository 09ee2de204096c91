//! The record of one job.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::words::{JobKind, Maintenance, Phase, Status, Trigger, WaitingFor};

/// One run of one thing, from the moment it was asked for.
///
/// The fields and their meaning are those of the backup API page; percent, sizes and times carry the
/// units stated there.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Given by the store, ascending, never used twice.
    pub id: i64,
    /// What the job does.
    pub kind: JobKind,
    /// The repository's location as it was sent.
    pub repository: String,
    /// The plan it runs, when there is one.
    pub plan: Option<i64>,
    /// The plan's name when the job was made, kept for the history.
    pub plan_name: Option<String>,
    /// What started it.
    pub trigger: Trigger,
    /// The schedule that started it, by the number of its plan: a plan has one.
    pub scheduled_job_id: Option<i64>,
    /// The failed job this one tries again.
    pub retry_of: Option<i64>,
    /// How it stands.
    pub status: Status,
    /// What it is doing now.
    pub phase: Phase,
    /// Percent of a maintenance phase, 0 to 100.
    pub phase_percent: Option<f64>,
    /// When each phase began, in order; a phase that came again is there again.
    pub phases: Vec<PhaseBegan>,
    /// True from preparing to ended.
    pub active: bool,
    /// What it waits for besides its turn.
    pub waiting_for: Option<WaitingFor>,
    /// Which try inside this job, from 1.
    pub attempt: u32,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it left the queue.
    pub started_at: Option<Timestamp>,
    /// When its status became terminal.
    pub completed_at: Option<Timestamp>,
    /// When it stopped being active.
    pub ended_at: Option<Timestamp>,
    /// The archive it writes.
    pub archive_name: Option<String>,
    /// The error's code, when it failed.
    pub error_code: Option<String>,
    /// What happened, why, what to do.
    pub error_message: Option<String>,
    /// Where its maintenance stands.
    pub maintenance: Option<Maintenance>,
    /// Exit code of Borg's `create`.
    pub borg_exit_code: Option<i32>,
    /// Warnings in the log of its last attempt.
    pub warnings: u64,
    /// Since when its Borg has said nothing, once that is long.
    pub stalled_since: Option<Timestamp>,
    /// For how many minutes it checks the repository at most; `None`: to the end.
    pub check_minutes: Option<u32>,
    /// When Borg last wrote a checkpoint.
    pub kept_until: Option<Timestamp>,
    /// What all of its attempts have stored up to their last checkpoints: bytes, after compression and deduplication.
    pub kept_size: u64,
    /// The exact Borg command of its backup, secrets out, fit for a shell.
    pub command: Option<String>,
    /// Whether the log on disk misses lines because it could not be written.
    pub log_incomplete: bool,
    /// How far it is.
    pub progress: Progress,
    /// How long its work took.
    pub pace: Pace,
}

impl Job {
    /// A job as it is when it was asked for: pending, waiting, first attempt, not active.
    pub fn pending(id: i64, new: NewJob) -> Self {
        Self {
            id,
            kind: new.kind,
            repository: new.repository,
            plan: new.plan,
            plan_name: new.plan_name,
            trigger: new.trigger,
            scheduled_job_id: match new.trigger {
                Trigger::Schedule => new.plan,
                Trigger::Manual => None,
            },
            retry_of: new.retry_of,
            status: Status::Pending,
            phase: Phase::Waiting,
            phase_percent: None,
            phases: Vec::new(),
            active: false,
            waiting_for: None,
            attempt: 1,
            created_at: new.created_at,
            started_at: None,
            completed_at: None,
            ended_at: None,
            archive_name: None,
            error_code: None,
            error_message: None,
            maintenance: None,
            borg_exit_code: None,
            warnings: 0,
            stalled_since: None,
            check_minutes: None,
            kept_until: None,
            kept_size: 0,
            command: None,
            log_incomplete: false,
            progress: Progress::default(),
            pace: Pace::default(),
        }
    }
}

/// A phase and when it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseBegan {
    /// What the job was doing from then on.
    pub phase: Phase,
    /// When.
    pub at: Timestamp,
}

/// How far a backup is. Bytes are of file content, before compression unless said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Progress {
    /// Bytes read so far.
    pub original_size: u64,
    /// Bytes after compression.
    pub compressed_size: u64,
    /// Bytes of new storage after deduplication.
    pub deduplicated_size: u64,
    /// Files processed.
    pub nfiles: u64,
    /// The file being processed, empty when none.
    pub current_file: String,
    /// Percent of the backup, 0 to 100; 100 exactly when the archive is safe.
    pub percent: f64,
    /// Recent speed in MB/s (10^6 bytes a second).
    pub speed: f64,
    /// Estimate of `original_size` at the end, 0 while unknown.
    pub total_expected_size: u64,
    /// Estimate of `nfiles` at the end, 0 while unknown.
    pub total_expected_files: u64,
    /// Seconds left, 0 when unknown or done.
    pub estimated_time_remaining: u64,
    /// It may be so many seconds more or fewer.
    pub time_remaining_margin: u64,
}

/// What backups that were broken off have kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Bytes they have stored, after compression.
    pub bytes: u64,
    /// The most files that one of them had met.
    pub files: u64,
}

/// How long each kind of a backup's work took: seconds a unit, `None` where that was not seen.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Pace {
    /// A file that Borg passes over as it knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unchanged_file: Option<f64>,
    /// A file that Borg opens, beside its bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fresh_file: Option<f64>,
    /// A byte of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fresh_byte: Option<f64>,
    /// Seconds from the last file to the safe archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finishing: Option<f64>,
}

/// What is known of a job when it is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// What the job does.
    pub kind: JobKind,
    /// The repository's location as it was sent.
    pub repository: String,
    /// The plan it runs.
    pub plan: Option<i64>,
    /// The plan's name now.
    pub plan_name: Option<String>,
    /// What started it.
    pub trigger: Trigger,
    /// The failed job this one tries again.
    pub retry_of: Option<i64>,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// Which jobs a list shows, newest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JobFilter {
    /// Only jobs of this kind.
    pub kind: Option<JobKind>,
    /// Only jobs of the repository at this location (without a trailing slash).
    pub repository: Option<String>,
    /// Only jobs of this status.
    pub status: Option<Status>,
    /// Only jobs started this way.
    pub trigger: Option<Trigger>,
    /// Only jobs of this plan.
    pub plan: Option<i64>,
    /// Only jobs older than this one.
    pub before_id: Option<i64>,
    /// At most this many.
    pub limit: u32,
}
