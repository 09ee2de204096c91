//! The words of notices: a title that says what happened, and what comes next.

use alcove_store::{Job, JobKind, Maintenance, Status, Trigger, WaitingFor};
use jiff::Zoned;

use super::{Notice, NoticeKind};
use crate::error::ErrorCode;
use crate::words::{count, duration, size};

/// What to say of a job that has ended, or that should run by itself and waits; `None` of another, and of one that
/// Alcove was closed under: it is begun once more.
pub(super) fn of_job(job: &Job) -> Option<Notice> {
    if job.error_code.as_deref() == Some(ErrorCode::Interrupted.as_str()) {
        return None;
    }
    let (kind, title, body) = match job.ended_at {
        None => of_wait(job)?,
        Some(_) if job.kind == JobKind::Backup => of_backup(job)?,
        Some(_) => of_maintenance(job)?,
    };
    Some(Notice {
        kind,
        title,
        body,
        plan: job.plan,
        job: Some(job.id),
        retry: job.status == Status::Failed && job.kind == JobKind::Backup && job.plan.is_some(),
    })
}

/// The same, and that a drive can be unplugged.
pub(super) fn and_unplug(notice: Notice, drive: &str) -> Notice {
    let body = format!("{} You can unplug {drive} now.", notice.body);
    Notice { body, ..notice }
}

/// What to say of a plan whose last good backup, the one of this time, counts no more.
pub(super) fn of_overdue(plan: i64, name: &str, last_good: Option<&Zoned>) -> Notice {
    let since = match last_good {
        Some(at) => format!(
            "Its last good backup is from {}.",
            at.strftime("%-d %B, %H:%M")
        ),
        None => "There is no good backup of it yet.".to_owned(),
    };
    Notice {
        kind: NoticeKind::Overdue,
        title: format!("{name} is overdue"),
        body: format!("{since} Open Alcove to see what keeps it from running."),
        plan: Some(plan),
        job: None,
        retry: false,
    }
}

/// What to say of a plan that is due and waits, in the sentence that says for what.
pub(super) fn of_waiting(plan: i64, name: &str, sentence: String) -> Notice {
    Notice {
        kind: NoticeKind::Waiting,
        title: format!("{name} is due and waits"),
        body: sentence,
        plan: Some(plan),
        job: None,
        retry: false,
    }
}

/// What to say when the window is closed and Alcove goes on.
pub(super) fn of_background() -> Notice {
    Notice {
        kind: NoticeKind::Background,
        title: "Alcove keeps running".to_owned(),
        body: "Your plans run while its window is closed. Start Alcove again to see the window; its settings have a \
               switch for this."
            .to_owned(),
        plan: None,
        job: None,
        retry: false,
    }
}

type Said = (NoticeKind, String, String);

/// The plan's name, or the repository's location.
fn name(job: &Job) -> &str {
    job.plan_name.as_deref().unwrap_or(&job.repository)
}

fn why(job: &Job) -> String {
    job.error_message.clone().unwrap_or_default()
}

/// A person who starts a backup is there to see what it waits for, and a lock is waited for by itself.
fn of_wait(job: &Job) -> Option<Said> {
    let for_what = match job.waiting_for? {
        _ if job.trigger != Trigger::Schedule => return None,
        WaitingFor::Lock => return None,
        WaitingFor::Passphrase => "its passphrase",
        WaitingFor::HostKey => "your word on its server",
        WaitingFor::Question => "your answer",
        WaitingFor::Keyring => "the keyring to be unlocked",
    };
    let title = format!("{} waits for {for_what}", name(job));
    let body = match why(job) {
        why if why.is_empty() => "It goes on once it has that.".to_owned(),
        why => why,
    };
    Some((NoticeKind::Waiting, title, body))
}

fn of_backup(job: &Job) -> Option<Said> {
    let plan = name(job);
    let figures = || {
        let time = match (job.started_at, job.completed_at) {
            (Some(started), Some(completed)) => {
                let seconds = completed.duration_since(started).as_secs();
                format!(" in {}", duration(seconds.unsigned_abs()))
            }
            _ => String::new(),
        };
        format!("{} new{time}.", size(job.progress.deduplicated_size))
    };
    let is = |code: ErrorCode| job.error_code.as_deref() == Some(code.as_str());
    let but = match job.maintenance {
        Some(Maintenance::PruneFailed) => Some("prune failed"),
        Some(Maintenance::CompactFailed) => Some("compact failed"),
        Some(Maintenance::CheckFailed) => Some("check failed"),
        _ if is(ErrorCode::PlanHeld) => Some("look at its files"),
        _ if is(ErrorCode::HookFailed) => Some("a script failed"),
        _ => None,
    };
    Some(match (job.status, but) {
        (Status::Completed | Status::CompletedWithWarnings, Some(but)) => (
            NoticeKind::Failure,
            format!("{plan} is backed up, but {but}"),
            why(job),
        ),
        (Status::Completed, None) => (
            NoticeKind::Success,
            format!("{plan} is backed up"),
            figures(),
        ),
        (Status::CompletedWithWarnings, None) => (
            NoticeKind::Warnings,
            format!("{plan} is backed up with warnings"),
            format!(
                "{} {}: some files were left out or changed while they were read. The log names them.",
                figures(),
                count(job.warnings, "warning"),
            ),
        ),
        (Status::Cancelled, _) => (
            NoticeKind::Cancelled,
            format!("{plan} was cancelled"),
            "What was stored up to the last checkpoint is used by the next backup.".to_owned(),
        ),
        (Status::Failed, _) => (
            NoticeKind::Failure,
            format!("{plan} did not finish"),
            why(job),
        ),
        (Status::Pending | Status::Running, _) => return None,
    })
}

fn of_maintenance(job: &Job) -> Option<Said> {
    let (what, kind) = (name(job), job.kind);
    let done = match kind {
        JobKind::Check => "is checked",
        JobKind::Compact => "is compacted",
        JobKind::Prune => "is pruned",
        JobKind::Backup => "is backed up",
    };
    Some(match job.status {
        Status::Completed => (
            NoticeKind::Success,
            format!("{what} {done}"),
            match job.check_minutes {
                Some(_) => "Nothing is wrong with the part that was read.".to_owned(),
                None => "Nothing is wrong.".to_owned(),
            },
        ),
        Status::CompletedWithWarnings => (
            NoticeKind::Warnings,
            format!("{what} {done} with warnings"),
            format!("{}. The log names them.", count(job.warnings, "warning")),
        ),
        Status::Cancelled => (
            NoticeKind::Cancelled,
            format!("The {kind} of {what} was cancelled"),
            "The archives are safe.".to_owned(),
        ),
        Status::Failed => (
            NoticeKind::Failure,
            format!("The {kind} of {what} failed"),
            why(job),
        ),
        Status::Pending | Status::Running => return None,
    })
}

#[cfg(test)]
mod tests {
    use alcove_store::{NewJob, Phase, Progress};

    use super::*;

    fn job(status: Status) -> Job {
        let at = |second: u8| format!("2026-11-22T10:00:{second:02}Z").parse().ok();
        let new = NewJob {
            kind: JobKind::Backup,
            repository: "/r".into(),
            plan: Some(1),
            plan_name: Some("Home folder".into()),
            trigger: Trigger::Schedule,
            retry_of: None,
            created_at: jiff::Timestamp::UNIX_EPOCH,
        };
        Job {
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
            ..Job::pending(7, new)
        }
    }

    fn waiting(for_what: WaitingFor, trigger: Trigger) -> Job {
        Job {
            ended_at: None,
            waiting_for: Some(for_what),
            trigger,
            ..job(Status::Pending)
        }
    }

    fn said(job: &Job) -> (NoticeKind, String, String) {
        let notice = of_job(job).unwrap();
        (notice.kind, notice.title, notice.body)
    }

    #[test]
    fn every_end_has_its_words() {
        let (kind, title, body) = said(&job(Status::Completed));
        assert_eq!(
            (kind, title.as_str(), body.as_str()),
            (
                NoticeKind::Success,
                "Home folder is backed up",
                "1.94 GB new in 41 s."
            )
        );
        let (kind, title, body) = said(&job(Status::CompletedWithWarnings));
        assert_eq!(kind, NoticeKind::Warnings);
        assert_eq!(title, "Home folder is backed up with warnings");
        assert!(body.contains("2 warnings"), "{body}");
        let (kind, title, body) = said(&job(Status::Failed));
        assert_eq!(kind, NoticeKind::Failure);
        assert_eq!(title, "Home folder did not finish");
        assert_eq!(body, "Backup SSD is full. Free space there.");
        let (kind, title, _) = said(&job(Status::Cancelled));
        assert_eq!(
            (kind, title.as_str()),
            (NoticeKind::Cancelled, "Home folder was cancelled")
        );
    }

    #[test]
    fn a_notice_leads_to_its_job_and_a_failed_backup_can_be_tried_again() {
        let notice = of_job(&job(Status::Failed)).unwrap();
        assert_eq!(
            (notice.plan, notice.job, notice.retry),
            (Some(1), Some(7), true)
        );
        assert!(!of_job(&job(Status::Completed)).unwrap().retry);
        let check = Job {
            kind: JobKind::Check,
            ..job(Status::Failed)
        };
        assert!(!of_job(&check).unwrap().retry);
    }

    #[test]
    fn a_safe_backup_with_a_failed_prune_says_both_and_is_no_success() {
        let job = Job {
            maintenance: Some(Maintenance::PruneFailed),
            ..job(Status::Completed)
        };
        let (kind, title, _) = said(&job);
        assert_eq!(title, "Home folder is backed up, but prune failed");
        assert_eq!(kind, NoticeKind::Failure);
    }

    #[test]
    fn a_safe_backup_that_someone_has_to_look_at_is_no_success() {
        for (code, but) in [
            (ErrorCode::HookFailed, "a script failed"),
            (ErrorCode::PlanHeld, "look at its files"),
        ] {
            let job = Job {
                error_code: Some(code.as_str().to_owned()),
                ..job(Status::Completed)
            };
            let (kind, title, _) = said(&job);
            assert_eq!(title, format!("Home folder is backed up, but {but}"));
            assert_eq!(kind, NoticeKind::Failure);
        }
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
                let (_, title, body) = said(&job);
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
        assert_eq!(said(&failed).1, "The check of /r failed");
    }

    #[test]
    fn a_job_that_goes_on_says_nothing() {
        let job = Job {
            ended_at: None,
            ..job(Status::Completed)
        };
        assert_eq!(of_job(&job), None);
    }

    #[test]
    fn one_that_alcove_was_closed_under_says_nothing() {
        let job = Job {
            error_code: Some(ErrorCode::Interrupted.as_str().to_owned()),
            ..job(Status::Failed)
        };
        assert_eq!(of_job(&job), None);
    }

    #[test]
    fn a_wait_is_told_of_where_nobody_began_it_and_somebody_must_end_it() {
        let (kind, title, _) = said(&waiting(WaitingFor::Passphrase, Trigger::Schedule));
        assert_eq!(
            (kind, title.as_str()),
            (NoticeKind::Waiting, "Home folder waits for its passphrase")
        );
        let by_hand = waiting(WaitingFor::Passphrase, Trigger::Manual);
        assert_eq!(of_job(&by_hand), None);
        assert_eq!(of_job(&waiting(WaitingFor::Lock, Trigger::Schedule)), None);
    }

    #[test]
    fn what_is_overdue_says_since_when() {
        let at: Zoned = "2026-11-22T18:00[Europe/Berlin]".parse().unwrap();
        let notice = of_overdue(1, "Home folder", Some(&at));
        assert_eq!(notice.title, "Home folder is overdue");
        assert!(
            notice
                .body
                .starts_with("Its last good backup is from 22 November, 18:00."),
            "{}",
            notice.body
        );
        let never = of_overdue(1, "Home folder", None);
        assert!(
            never.body.starts_with("There is no good backup"),
            "{}",
            never.body
        );
    }
}
