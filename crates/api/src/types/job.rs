//! A job as every door shows it.

use alcove_store::{self as store, JobKind, Maintenance, Phase, Status, Trigger, WaitingFor};
use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use crate::schema;

use super::ByteCount;

/// A job, with the fields of the backup API page and those Alcove adds after them.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct Job {
    /// The job's number.
    pub id: i64,
    /// The repository's location as it was sent.
    pub repository: String,
    /// How it stands.
    #[ts(type = "Status")]
    #[schema(value_type = schema::Status)]
    pub status: Status,
    /// When it left the queue, ISO 8601 UTC.
    pub started_at: Option<String>,
    /// When its status became terminal, ISO 8601 UTC.
    pub completed_at: Option<String>,
    /// Whole percent of the backup, the floor of `progress_details.progress_percent`.
    pub progress: u8,
    /// What happened, why, what to do; of a job that waits for an answer, what it waits for.
    pub error_message: Option<String>,
    /// Whether it has a log.
    pub has_logs: bool,
    /// Where its maintenance stands; null when none was asked for, or not yet.
    #[ts(type = "Maintenance | null")]
    #[schema(value_type = Option<schema::Maintenance>)]
    pub maintenance_status: Option<Maintenance>,
    /// The schedule that started it.
    pub scheduled_job_id: Option<i64>,
    /// What started it.
    #[ts(type = "Trigger")]
    #[schema(value_type = schema::Trigger)]
    pub triggered_by: Trigger,
    /// The archive it writes.
    pub archive_name: Option<String>,
    /// How far it is.
    pub progress_details: ProgressDetails,

    /// What it does.
    #[ts(type = "JobKind")]
    #[schema(value_type = schema::JobKind)]
    pub kind: JobKind,
    /// What it is doing now.
    #[ts(type = "Phase")]
    #[schema(value_type = schema::Phase)]
    pub phase: Phase,
    /// Percent of a maintenance phase, 0 to 100.
    pub phase_percent: Option<f64>,
    /// When each phase began, in order.
    pub phases: Vec<PhaseBegan>,
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
    #[schema(value_type = Option<schema::WaitingFor>)]
    pub waiting_for: Option<WaitingFor>,
    /// The error's code, when it failed or waits for an answer.
    #[ts(type = "ErrorCode | null")]
    #[schema(value_type = Option<schema::ErrorCode>)]
    pub error_code: Option<String>,
    /// The plan it runs.
    pub plan: Option<i64>,
    /// The plan's name when the job was made.
    pub plan_name: Option<String>,
    /// The failed job this one tries again.
    pub retry_of: Option<i64>,
    /// Estimate of `nfiles` at the end, 0 while unknown.
    pub total_expected_files: u64,
    /// `estimated_time_remaining` may be so many seconds more or fewer.
    pub time_remaining_margin: u64,
    /// Exit code of Borg's `create`.
    pub borg_exit_code: Option<i32>,
    /// Warnings in the log of its last attempt.
    pub warnings: u64,
    /// When Borg last wrote a checkpoint, ISO 8601 UTC.
    pub kept_until: Option<String>,
    /// What all of its attempts have stored up to their last checkpoints.
    pub kept_size: ByteCount,
    /// When its next attempt begins, while it waits for that after its connection broke, ISO 8601 UTC.
    pub next_try_at: Option<String>,
    /// Since when its Borg has said nothing, once that is a minute, ISO 8601 UTC.
    pub stalled_since: Option<String>,
    /// Whether a stop was asked for and has not taken effect yet.
    pub cancelling: bool,
    /// How far that stop is; null while no Borg has been told.
    pub cancel_stage: Option<CancelStage>,
    /// The Borg command of its backup, to paste into a shell; holds no secret.
    pub command: Option<String>,
    /// Whether lines of its log were lost because the disk would not take them.
    pub log_incomplete: bool,
}

/// How far the stopping of a Borg is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CancelStage {
    /// It was asked to stop and to keep what it has stored.
    Asked,
    /// It writes the checkpoint that keeps it.
    Keeping,
    /// It was told to end at once.
    Told,
    /// It did not, and is ended with everything it started.
    Forced,
}

impl From<alcove_engine::CancelStage> for CancelStage {
    fn from(stage: alcove_engine::CancelStage) -> Self {
        match stage {
            alcove_engine::CancelStage::Asked => Self::Asked,
            alcove_engine::CancelStage::Keeping => Self::Keeping,
            alcove_engine::CancelStage::Told => Self::Told,
            alcove_engine::CancelStage::Forced => Self::Forced,
        }
    }
}

/// How far a backup is; every key is always there.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
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

/// A phase and when it began.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct PhaseBegan {
    /// What the job was doing from then on.
    #[ts(type = "Phase")]
    #[schema(value_type = schema::Phase)]
    pub phase: Phase,
    /// When, ISO 8601 UTC.
    pub at: String,
}

/// The answer to `list_backup_jobs`.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct BackupJobs {
    /// Newest first.
    pub jobs: Vec<Job>,
}

/// The answer to `get_backup_status`: the job, and a `logs` key that is always null.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct BackupStatus {
    /// The job.
    #[serde(flatten)]
    pub job: Job,
    /// Always null: `stream_backup_logs` has the lines.
    #[ts(type = "null")]
    #[schema(schema_with = schema::null)]
    pub logs: Option<()>,
}

impl Job {
    /// Turns a record, and what only the running engine knows, into an answer.
    pub fn from_engine(seen: alcove_engine::JobView) -> Self {
        let alcove_engine::JobView {
            job,
            queue_position,
            cancelling,
            cancel_stage,
            next_try,
            has_log,
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
            has_logs: has_log,
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
            time_remaining_margin: progress.time_remaining_margin,
            kind: job.kind,
            phase: job.phase,
            phase_percent: job.phase_percent,
            phases: job
                .phases
                .into_iter()
                .map(|began| PhaseBegan {
                    phase: began.phase,
                    at: began.at.to_string(),
                })
                .collect(),
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
            kept_size: ByteCount(job.kept_size),
            next_try_at: next_try.map(|at| at.to_string()),
            stalled_since: job.stalled_since.map(|at| at.to_string()),
            cancelling,
            cancel_stage: cancel_stage.map(Into::into),
            command: job.command,
            log_incomplete: job.log_incomplete,
        }
    }
}

#[cfg(test)]
mod tests {
    use alcove_store::NewJob;

    use super::*;

    fn pending() -> Job {
        let new = NewJob {
            kind: JobKind::Backup,
            repository: "/backup/".into(),
            plan: None,
            plan_name: None,
            trigger: Trigger::Manual,
            retry_of: None,
            created_at: jiff::Timestamp::UNIX_EPOCH,
        };
        Job::from_engine(alcove_engine::JobView {
            job: store::Job::pending(7, new),
            queue_position: Some(1),
            cancelling: false,
            cancel_stage: None,
            next_try: None,
            has_log: true,
        })
    }

    fn keys(value: &serde_json::Value) -> Vec<&str> {
        value
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect()
    }

    #[test]
    fn a_job_has_every_key_of_the_page_and_those_alcove_adds_also_when_they_are_null() {
        let job = serde_json::to_value(pending()).unwrap();
        let keys = keys(&job);
        let of_the_page = "id repository status started_at completed_at progress error_message has_logs \
            maintenance_status scheduled_job_id triggered_by archive_name progress_details";
        let added = "kind phase phase_percent active ended_at attempt queue_position waiting_for error_code plan \
            retry_of total_expected_files time_remaining_margin borg_exit_code warnings kept_until kept_size next_try_at stalled_since";
        for key in of_the_page
            .split_whitespace()
            .chain(added.split_whitespace())
        {
            assert!(keys.contains(&key), "{key}: {keys:?}");
        }
        assert_eq!(job["repository"], "/backup/");
        assert_eq!(job["queue_position"], 1);
    }

    #[test]
    fn every_key_of_progress_is_there_from_the_first_moment_and_none_is_null() {
        let job = serde_json::to_value(pending()).unwrap();
        let details = &job["progress_details"];
        let mut expected = [
            "original_size",
            "compressed_size",
            "deduplicated_size",
            "nfiles",
            "current_file",
            "progress_percent",
            "backup_speed",
            "total_expected_size",
            "estimated_time_remaining",
        ];
        expected.sort_unstable();
        let mut found = keys(details);
        found.sort_unstable();
        assert_eq!(found, expected);
        assert_eq!(details["current_file"], "");
        for key in expected.into_iter().filter(|key| *key != "current_file") {
            assert!(details[key].is_number(), "{key}");
        }
    }

    #[test]
    fn progress_is_the_floor_of_the_same_percent() {
        let mut view = store::Job::pending(
            1,
            NewJob {
                kind: JobKind::Backup,
                repository: "/r".into(),
                plan: None,
                plan_name: None,
                trigger: Trigger::Manual,
                retry_of: None,
                created_at: jiff::Timestamp::UNIX_EPOCH,
            },
        );
        for (percent, whole) in [(0.0, 0), (0.99, 0), (65.7, 65), (99.9, 99), (100.0, 100)] {
            view.progress.percent = percent;
            let job = Job::from_engine(alcove_engine::JobView {
                job: view.clone(),
                queue_position: None,
                cancelling: false,
                cancel_stage: None,
                next_try: None,
                has_log: true,
            });
            assert_eq!(job.progress, whole);
            assert!((job.progress_details.progress_percent - percent).abs() < f64::EPSILON);
        }
    }

    #[test]
    fn the_status_of_a_job_is_the_job_with_a_logs_key_that_is_null() {
        let job = serde_json::to_value(pending()).unwrap();
        let status = BackupStatus {
            job: pending(),
            logs: None,
        };
        let mut status = serde_json::to_value(status).unwrap();
        let logs = status.as_object_mut().unwrap().remove("logs");
        assert_eq!(logs, Some(serde_json::Value::Null));
        assert_eq!(status, job);
    }

    /// Words as they are sent, one after the other.
    fn sent<T: Serialize>(words: &[T]) -> String {
        let word = |word| {
            let word = serde_json::to_value(word).unwrap();
            word.as_str().unwrap().to_owned()
        };
        words.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_words_are_those_of_the_page() {
        assert_eq!(
            sent(Status::ALL),
            "pending running completed completed_with_warnings failed cancelled"
        );
        assert_eq!(
            sent(Phase::ALL),
            "waiting preparing hook_before syncing_cache backing_up finishing hook_after pruning compacting checking ended"
        );
        assert_eq!(
            sent(Maintenance::ALL),
            "running_prune prune_completed prune_failed running_compact compact_completed compact_failed \
             running_check check_completed check_failed maintenance_completed"
        );
        assert_eq!(sent(Trigger::ALL), "manual schedule");
    }
}
