//! What must hold of a job's record in whatever order its events come: the body of a fuzz target.
//!
//! Beside the fold, since it speaks of the fold's own events; the long run of a fuzzer (`fuzz/`) and the short
//! one of every test run try one and the same thing.

#![expect(
    clippy::missing_panics_doc,
    reason = "to panic is what a target is for"
)]

use std::time::Duration;

use alcove_borg::{CreateReport, Event as BorgEvent, Level, LogMessage, Verdict};
use alcove_store::{Job, JobKind, NewJob, Pace, Phase, Progress, Trigger, WaitingFor};
use arbitrary::{Arbitrary, Unstructured};
use jiff::Timestamp;

use super::course::{Course, Mark};
use super::state::{Event, JobState, Outcome, Step};
use crate::error::{ErrorCode, Failure};

/// So many phases of one create are Borg's to say.
const PHASES_OF_BORG: usize = 4;

/// An event with the milliseconds that passed before it.
#[derive(Debug, Arbitrary)]
struct Timed {
    passed: u32,
    event: Kind,
}

/// The fold's events, of what a fuzzer can choose.
#[derive(Debug, Arbitrary)]
enum Kind {
    Began,
    Waits(Asked),
    Recalled {
        /// Seconds for an unchanged file, a fresh one and a byte of it, and for what follows the last.
        pace: [Option<f64>; 4],
        bytes: u64,
        files: u64,
    },
    Resumed {
        files: u64,
    },
    /// The bytes of each file, and whether Borg reads it.
    Surveyed(Vec<(u64, bool)>),
    Uncounted,
    Silent {
        since: u32,
    },
    Creating,
    Progress {
        original_size: u64,
        compressed_size: Option<u64>,
        deduplicated_size: Option<u64>,
        nfiles: u64,
    },
    ProgressFinished,
    Message {
        msgid: Activity,
        finished: bool,
    },
    Percent {
        msgid: Activity,
        current: u64,
        total: u64,
        finished: bool,
    },
    Log(Words),
    FileStatus,
    Text,
    Tick,
    Retrying {
        attempt: u32,
    },
    Decided {
        end: End,
        statistics: [u64; 4],
        code: Option<i32>,
    },
    Maintaining(Maintained),
    Maintained {
        step: Maintained,
        last: bool,
        failed: bool,
    },
    Postponed,
    MadeWay,
    Blamed,
    HooksBefore,
    Hooked,
    HooksAfter,
    Ended,
}

#[derive(Debug, Arbitrary)]
enum Asked {
    Passphrase,
    Lock,
}

#[derive(Debug, Arbitrary)]
enum Activity {
    Unnamed,
    SyncingCache,
    SavingCache,
    Checking,
}

#[derive(Debug, Arbitrary)]
enum Words {
    CheckpointBegins,
    CheckpointEnds,
    Warning,
    Error,
    Progress,
}

#[derive(Debug, Arbitrary)]
enum End {
    Safe,
    SafeWithWarnings,
    Cancelled,
    Failed,
}

#[derive(Debug, Arbitrary)]
enum Maintained {
    Prune,
    Compact,
    Check,
}

impl Activity {
    fn name(&self) -> Option<String> {
        let name = match self {
            Self::Unnamed => return None,
            Self::SyncingCache => "cache.sync",
            Self::SavingCache => "cache.commit",
            Self::Checking => "repository.check",
        };
        Some(name.to_owned())
    }
}

impl Maintained {
    fn step(&self) -> Step {
        match self {
            Self::Prune => Step::Prune,
            Self::Compact => Step::Compact,
            Self::Check => Step::Check,
        }
    }
}

/// What Borg says in an event, where Borg says it.
fn said(kind: &Kind) -> Option<BorgEvent> {
    Some(match kind {
        Kind::Progress {
            original_size,
            compressed_size,
            deduplicated_size,
            nfiles,
        } => BorgEvent::ArchiveProgress {
            original_size: *original_size,
            compressed_size: *compressed_size,
            deduplicated_size: *deduplicated_size,
            nfiles: *nfiles,
            path: "home/file".to_owned(),
        },
        Kind::ProgressFinished => BorgEvent::ArchiveProgressFinished,
        Kind::Message { msgid, finished } => BorgEvent::ProgressMessage {
            operation: 1,
            msgid: msgid.name(),
            message: None,
            finished: *finished,
        },
        Kind::Percent {
            msgid,
            current,
            total,
            finished,
        } => BorgEvent::ProgressPercent {
            operation: 1,
            msgid: msgid.name(),
            message: None,
            current: *current,
            total: *total,
            finished: *finished,
        },
        Kind::Log(words) => BorgEvent::Log(log(words)),
        Kind::FileStatus => BorgEvent::FileStatus {
            status: 'A',
            path: "home/file".to_owned(),
        },
        Kind::Text => BorgEvent::Text("text".to_owned()),
        _ => return None,
    })
}

fn log(words: &Words) -> LogMessage {
    let (level, name, message) = match words {
        Words::CheckpointBegins => (
            Level::Info,
            "borg.archiver",
            "checkpoint requested: starting",
        ),
        Words::CheckpointEnds => (
            Level::Info,
            "borg.archiver",
            "checkpoint requested: finished",
        ),
        Words::Warning => (Level::Warning, "borg.archiver", "changed"),
        Words::Error => (Level::Error, "borg.archiver", "gone"),
        Words::Progress => (Level::Info, "borg.output.progress", ""),
    };
    LogMessage {
        level,
        name: name.to_owned(),
        message: message.to_owned(),
        msgid: None,
    }
}

/// The fold: in any order of events a status that is terminal stays; percent never falls and is one; the counts of
/// an attempt never fall before its end; Borg's words alone add few phases; no number is not a number.
///
/// The input is a sequence of events, as `arbitrary` reads one.
pub fn fold(input: &[u8]) {
    let Ok(events) = Vec::<Timed>::arbitrary_take_rest(Unstructured::new(input)) else {
        return;
    };
    let mut state = JobState::new(pending(), Timestamp::UNIX_EPOCH);
    let mut at = Duration::ZERO;
    let mut of_borg = 0;
    for Timed { passed, event } in events {
        at += Duration::from_millis(u64::from(passed));
        let before = state.job().clone();
        let borgs = said(&event);
        apply(&mut state, at, &event, borgs.as_ref());
        let after = state.job();
        of_borg = match borgs {
            Some(_) => of_borg + after.phases.len() - before.phases.len(),
            None => 0,
        };
        assert!(
            of_borg <= PHASES_OF_BORG,
            "Borg alone filled the record with phases"
        );
        follows(&before, after);
    }
    let failed = Kind::Decided {
        end: End::Failed,
        statistics: [0; 4],
        code: Some(2),
    };
    for last in [failed, Kind::Ended] {
        let before = state.job().clone();
        apply(&mut state, at, &last, None);
        follows(&before, state.job());
    }
    let job = state.job();
    assert!(job.status.is_terminal() && !job.active && job.phase == Phase::Ended);
    assert!(job.waiting_for.is_none() && job.completed_at.is_some() && job.ended_at.is_some());
}

fn apply(state: &mut JobState, at: Duration, kind: &Kind, borgs: Option<&BorgEvent>) {
    let failure = Failure::new(ErrorCode::RepositoryLocked, "It is locked.");
    let event = match kind {
        Kind::Began => Event::Began,
        Kind::Waits(asked) => Event::Waiting {
            waiting_for: match asked {
                Asked::Passphrase => WaitingFor::Passphrase,
                Asked::Lock => WaitingFor::Lock,
            },
            failure: &failure,
        },
        Kind::Recalled { pace, bytes, files } => Event::Recalled {
            pace: Pace {
                unchanged_file: pace[0],
                fresh_file: pace[1],
                fresh_byte: pace[2],
                finishing: pace[3],
            },
            end: Mark {
                bytes: *bytes,
                files: *files,
                ..Mark::default()
            },
        },
        Kind::Resumed { files } => Event::Resumed { files: *files },
        Kind::Surveyed(files) => {
            let mut course = Course::default();
            for (bytes, fresh) in files {
                course.pass(*bytes, *fresh);
            }
            Event::Surveyed(course)
        }
        Kind::Uncounted => Event::Uncounted,
        Kind::Silent { since } => Event::Silent {
            since: Duration::from_millis(u64::from(*since)),
        },
        Kind::Creating => Event::Creating {
            archive: "a".to_owned(),
            command: "c".to_owned(),
        },
        Kind::Tick => Event::Tick,
        Kind::Retrying { attempt } => Event::Retrying { attempt: *attempt },
        Kind::Decided {
            end,
            statistics,
            code,
        } => Event::Decided(outcome(end, *statistics, *code)),
        Kind::Maintaining(step) => Event::Maintaining(step.step()),
        Kind::Maintained { step, last, failed } => Event::Maintained {
            step: step.step(),
            last: *last,
            failure: failed.then_some(&failure),
        },
        Kind::Postponed => Event::Postponed,
        Kind::MadeWay => Event::MadeWay,
        Kind::Blamed => Event::Blamed(&failure),
        Kind::HooksBefore => Event::HooksBefore,
        Kind::Hooked => Event::Hooked,
        Kind::HooksAfter => Event::HooksAfter,
        Kind::Ended => Event::Ended,
        _ => match borgs {
            Some(event) => Event::Borg(event),
            None => return,
        },
    };
    state.apply(at, event);
}

fn outcome(
    end: &End,
    [original_size, compressed_size, deduplicated_size, nfiles]: [u64; 4],
    code: Option<i32>,
) -> Outcome {
    let verdict = match end {
        End::Safe => Verdict::Completed,
        End::SafeWithWarnings => Verdict::CompletedWithWarnings,
        End::Cancelled => Verdict::Cancelled,
        End::Failed => Verdict::Failed,
    };
    let safe = matches!(end, End::Safe | End::SafeWithWarnings);
    Outcome {
        verdict,
        exit_code: code,
        report: safe.then(|| CreateReport {
            archive: "a".to_owned(),
            archive_id: "1".to_owned(),
            repository_id: "2".to_owned(),
            original_size,
            compressed_size,
            deduplicated_size,
            nfiles,
            duration: 1.0,
        }),
        failure: matches!(end, End::Failed)
            .then(|| Failure::new(ErrorCode::BorgFailed, "It failed.")),
    }
}

/// What must hold between a record and the next.
fn follows(before: &Job, after: &Job) {
    assert!(
        !before.status.is_terminal() || before.status == after.status,
        "{before:#?} became {after:#?}"
    );
    assert!(!before.status.is_terminal() || before.completed_at == after.completed_at);
    let (was, is) = (&before.progress, &after.progress);
    assert!(is.percent.is_finite() && (0.0..=100.0).contains(&is.percent));
    assert!(
        is.percent >= was.percent,
        "percent fell from {} to {}",
        was.percent,
        is.percent
    );
    assert!(is.speed.is_finite() && is.speed >= 0.0);
    assert!(
        after
            .phase_percent
            .is_none_or(|percent| (0.0..=100.0).contains(&percent))
    );
    let lasting = |job: &Job| {
        let phases = job.phases.iter();
        phases
            .filter(|began| began.phase != Phase::Checking)
            .count()
    };
    // A check that is left to another job was none.
    assert!(lasting(before) <= lasting(after) && after.phases.len() <= before.phases.len() + 1);
    assert!(
        after
            .phases
            .windows(2)
            .all(|pair| pair[0].phase != pair[1].phase)
    );
    let goes_on = !after.status.is_terminal() && !begins_again(before, after);
    assert!(
        !goes_on
            || counts(was)
                .iter()
                .zip(counts(is))
                .all(|(was, is)| *was <= is),
        "{was:?} fell to {is:?}"
    );
}

/// Whether the next attempt began: it is the one that counts from nothing.
fn begins_again(before: &Job, after: &Job) -> bool {
    let counts_anew = after.attempt != before.attempt || counts(&after.progress) == [0; 4];
    after.phase == Phase::Waiting && counts_anew
}

fn counts(progress: &Progress) -> [u64; 4] {
    [
        progress.original_size,
        progress.compressed_size,
        progress.deduplicated_size,
        progress.nfiles,
    ]
}

fn pending() -> Job {
    let new = NewJob {
        kind: JobKind::Backup,
        repository: "/backup".to_owned(),
        plan: Some(1),
        plan_name: Some("Home".to_owned()),
        trigger: Trigger::Manual,
        retry_of: None,
        created_at: Timestamp::UNIX_EPOCH,
    };
    Job::pending(7, new)
}

#[cfg(test)]
mod tests {
    use alcove_testkit::Corpus;

    #[test]
    fn in_any_order_of_events_the_end_stays_and_nothing_counted_falls() {
        Corpus::of("fold").try_on(super::fold);
    }
}
