//! What a person is told when a job ends: a title that says what happened, and what comes next.
//!
//! A door shows it with the means of its system; the words are the same everywhere.

use alcove_engine::ErrorCode;
use alcove_engine::words::{count, duration, size};
use alcove_store::{JobKind, Maintenance, Status};

use crate::types::Job;

/// The words of a notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What happened, with the plan's name.
    pub title: String,
    /// Why, and what comes next.
    pub body: String,
}

impl Notice {
    /// Returns what to say of a job that has ended; `None` while it has not.
    pub fn of(job: &Job) -> Option<Self> {
        job.ended_at.as_ref()?;
        let plan = job.plan_name.as_deref().unwrap_or(&job.repository);
        if job.kind != JobKind::Backup {
            return Self::of_maintenance(job, plan);
        }
        let figures = || {
            let details = &job.progress_details;
            let time = match (
                moment(job.started_at.as_ref()),
                moment(job.completed_at.as_ref()),
            ) {
                (Some(started), Some(completed)) => {
                    let seconds = completed.duration_since(started).as_secs();
                    format!(" in {}", duration(seconds.unsigned_abs()))
                }
                _ => String::new(),
            };
            format!("{} new{time}.", size(details.deduplicated_size.0))
        };
        let why = || job.error_message.clone().unwrap_or_default();
        let failed = match job.maintenance_status {
            Some(Maintenance::PruneFailed) => Some("prune"),
            Some(Maintenance::CompactFailed) => Some("compact"),
            Some(Maintenance::CheckFailed) => Some("check"),
            _ => None,
        };
        let held = job.error_code.as_deref() == Some(ErrorCode::PlanHeld.as_str());
        let (title, body) = match (job.status, failed) {
            (Status::Completed | Status::CompletedWithWarnings, Some(step)) => {
                (format!("{plan} is backed up, but {step} failed"), why())
            }
            (Status::Completed | Status::CompletedWithWarnings, None) if held => {
                (format!("{plan} is backed up, but look at its files"), why())
            }
            (Status::Completed, None) => (format!("{plan} is backed up"), figures()),
            (Status::CompletedWithWarnings, None) => (
                format!("{plan} is backed up with warnings"),
                format!(
                    "{} {}: some files were left out or changed while they were read. The log names them.",
                    figures(),
                    count(job.warnings, "warning"),
                ),
            ),
            (Status::Cancelled, _) => (
                format!("{plan} was cancelled"),
                "What was stored up to the last checkpoint is used by the next backup.".to_owned(),
            ),
            (Status::Failed, _) => (format!("{plan} did not finish"), why()),
            (Status::Pending | Status::Running, _) => return None,
        };
        Some(Self { title, body })
    }

    /// `what`: the plan's name, or the repository's location.
    fn of_maintenance(job: &Job, what: &str) -> Option<Self> {
        let kind = job.kind;
        let done = match kind {
            JobKind::Check => "is checked",
            JobKind::Compact => "is compacted",
            JobKind::Prune => "is pruned",
            JobKind::Backup => "is backed up",
        };
        let (title, body) = match job.status {
            Status::Completed => (format!("{what} {done}"), "Nothing is wrong.".to_owned()),
            Status::CompletedWithWarnings => (
                format!("{what} {done} with warnings"),
                format!("{}. The log names them.", count(job.warnings, "warning")),
            ),
            Status::Cancelled => (
                format!("The {kind} of {what} was cancelled"),
                "The archives are safe.".to_owned(),
            ),
            Status::Failed => (
                format!("The {kind} of {what} failed"),
                job.error_message.clone().unwrap_or_default(),
            ),
            Status::Pending | Status::Running => return None,
        };
        Some(Self { title, body })
    }
}

fn moment(time: Option<&String>) -> Option<jiff::Timestamp> {
    time?.parse().ok()
}

#[cfg(test)]
mod tests {
    use alcove_engine::JobView;
    use alcove_store::{Job as Record, NewJob, Phase, Progress, Trigger};

    use super::*;

    fn job(status: Status) -> Job {
        let at = |second: u8| format!("2026-11-22T10:00:{second:02}Z").parse().ok();
        let new = NewJob {
            kind: JobKind::Backup,
            repository: "/r".into(),
            plan: Some(1),
            plan_name: Some("Home folder".into()),
            trigger: Trigger::Manual,
            retry_of: None,
            created_at: jiff::Timestamp::UNIX_EPOCH,
        };
        let job = Record {
            status,
            phase: Phase::Ended,
            started_at: at(0),
            completed_at: at(41),
            ended_at: at(50),
            error_message: Some("Backup SSD is full. Free space there.".into()),
            warnings: 2,
            progress: Progress {
                deduplicated_size: 1_940_000_000,
                ..Progress::default()
            },
            ..Record::pending(1, new)
        };
        Job::from_engine(JobView {
            job,
            queue_position: None,
            cancelling: false,
            cancel_stage: None,
            next_try: None,
            has_log: true,
        })
    }

    fn said(job: &Job) -> (String, String) {
        Notice::of(job)
            .map(|notice| (notice.title, notice.body))
            .unwrap_or_default()
    }

    #[test]
    fn every_end_has_its_words() {
        let (title, body) = said(&job(Status::Completed));
        assert_eq!(
            (title.as_str(), body.as_str()),
            ("Home folder is backed up", "1.94 GB new in 41 s.")
        );
        let (title, body) = said(&job(Status::CompletedWithWarnings));
        assert_eq!(title, "Home folder is backed up with warnings");
        assert!(body.contains("2 warnings"), "{body}");
        let (title, body) = said(&job(Status::Failed));
        assert_eq!(title, "Home folder did not finish");
        assert_eq!(body, "Backup SSD is full. Free space there.");
        assert_eq!(said(&job(Status::Cancelled)).0, "Home folder was cancelled");
    }

    #[test]
    fn a_safe_backup_with_a_failed_prune_says_both() {
        let job = Job {
            maintenance_status: Some(Maintenance::PruneFailed),
            ..job(Status::Completed)
        };
        assert_eq!(said(&job).0, "Home folder is backed up, but prune failed");
    }

    #[test]
    fn maintenance_by_itself_never_speaks_of_a_backup() {
        let kinds = [JobKind::Check, JobKind::Compact, JobKind::Prune];
        let ends = [
            Status::Completed,
            Status::CompletedWithWarnings,
            Status::Failed,
            Status::Cancelled,
        ];
        for kind in kinds {
            for status in ends {
                let job = Job {
                    kind,
                    ..job(status)
                };
                let (title, body) = said(&job);
                assert!(title.contains("Home folder"), "{title}");
                assert!(
                    !format!("{title} {body}").contains("backed up"),
                    "{title} {body}"
                );
                assert!(!body.contains(" new "), "{body}");
            }
        }
        let failed = Job {
            kind: JobKind::Check,
            plan_name: None,
            ..job(Status::Failed)
        };
        assert_eq!(said(&failed).0, "The check of /r failed");
    }

    #[test]
    fn a_job_that_goes_on_says_nothing() {
        let job = Job {
            ended_at: None,
            ..job(Status::Completed)
        };
        assert_eq!(Notice::of(&job), None);
    }
}
