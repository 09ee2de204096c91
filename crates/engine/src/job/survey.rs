//! The way of a backup looked at beside it, before Borg comes there.

use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use alcove_borg::{Create, Selection, Uncountable};
use alcove_store::Job;
use jiff::{SignedDuration, Timestamp};

use super::course::Course;

/// Folders change: what an older run read says too little.
const STALE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// A backup that an earlier one says enough about is looked at when it has taken so long: most are done before.
const NO_HURRY: Duration = Duration::from_secs(5);

/// A look at what a backup takes that runs beside it, and ends with it.
pub(super) struct Survey {
    arrives: mpsc::Receiver<Result<Course, Uncountable>>,
    /// Held while somebody waits.
    _wanted: mpsc::Sender<()>,
}

impl Survey {
    /// Starts to look; `apart` is what Borg never takes, `known` since when it knows the files.
    pub(super) fn start(
        selection: Selection,
        apart: Vec<PathBuf>,
        known: Option<Timestamp>,
        hurry: bool,
    ) -> Self {
        let (sender, arrives) = mpsc::sync_channel(1);
        let (wanted, unwanted) = mpsc::channel::<()>();
        let patience = if hurry { Duration::ZERO } else { NO_HURRY };
        let thread = std::thread::Builder::new()
            .name("alcove-survey".into())
            .spawn(move || {
                if unwanted.recv_timeout(patience) == Err(mpsc::RecvTimeoutError::Disconnected) {
                    return;
                }
                give_way();
                let go_on = || unwanted.try_recv() == Err(mpsc::TryRecvError::Empty);
                if let Some(found) = Course::survey(selection, &apart, known, &go_on).transpose() {
                    // Nobody waits for it any more when the backup was faster.
                    let _ = sender.send(found);
                }
            });
        if let Err(error) = thread {
            log::warn!("nobody looks ahead of the backup: {error}");
        }
        Self {
            arrives,
            _wanted: wanted,
        }
    }

    /// What was found, once; or why nothing can be.
    pub(super) fn arrived(&self) -> Option<Result<Course, Uncountable>> {
        self.arrives.try_recv().ok()
    }
}

/// Since when Borg knows the files that `next` takes, by an earlier backup of the same; `None`: it may not know them.
/// `next` goes into the archive of that backup.
pub(super) fn known(earlier: &Job, next: &Create) -> Option<Timestamp> {
    let line = earlier.command.as_ref()?;
    earlier.started_at.filter(|_| next.continues(line))
}

/// Whether what an earlier backup read is still what a next one of the same will read, as far as can be told without
/// looking.
pub(super) fn holds(earlier: &Job, now: Timestamp) -> bool {
    earlier
        .completed_at
        .is_some_and(|then| now.duration_since(then) < STALE)
}

/// Lets everyone else go first, Borg above all: at the processor, and at the disk, which goes by the same number
/// (`ioprio_set(2)`). On Linux the number is a thread's own.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, 19) {
        log::debug!("the count does not give way: {error}");
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use alcove_borg::{Borg, Command, Environment, Version};
    use alcove_store::{JobKind, NewJob, Plan, Trigger};

    use super::*;
    use crate::plans;

    const DAY: SignedDuration = SignedDuration::from_hours(24);

    fn next(plan: &Plan) -> Create {
        let archive = "desk-home-tag-2026-11-22T10:00:00.000".to_owned();
        plans::create(plan, "/backup".to_owned(), archive, Duration::ZERO)
    }

    #[test]
    fn an_earlier_total_holds_for_a_month_and_its_files_are_known_while_the_plan_takes_the_same() {
        let begin: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let plan = plans::default_plan(
            "Home".to_owned(),
            "tag".to_owned(),
            vec!["/home/ada".to_owned()],
            vec!["*.iso".to_owned()],
            plans::COMPRESSION.to_owned(),
            begin,
        );
        let borg = Borg {
            path: "/usr/bin/borg".into(),
            version: Version::new(1, 4, 5),
        };
        let line = Command::Create(next(&plan)).shell_line(&borg, &Environment::from_session([]));
        let mut earlier = Job::pending(
            1,
            NewJob {
                kind: JobKind::Backup,
                repository: "/backup".to_owned(),
                plan: Some(1),
                plan_name: Some("Home".to_owned()),
                trigger: Trigger::Manual,
                retry_of: None,
                created_at: begin,
            },
        );
        earlier.command = Some(line);
        assert!(!holds(&earlier, begin), "it did not end");
        earlier.completed_at = Some(begin);
        let after = |days: i32| begin.checked_add(DAY * days).unwrap();
        assert!(holds(&earlier, after(29)));
        assert!(!holds(&earlier, after(30)));

        assert_eq!(known(&earlier, &next(&plan)), None, "it did not begin");
        earlier.started_at = Some(begin);
        assert_eq!(known(&earlier, &next(&plan)), Some(begin));

        let sources = Plan {
            sources: vec!["/home".to_owned()],
            ..plan.clone()
        };
        let excludes = Plan {
            excludes: vec![],
            ..plan.clone()
        };
        let elsewhere = Plan {
            one_file_system: !plan.one_file_system,
            ..plan
        };
        for changed in [sources, excludes, elsewhere] {
            assert_eq!(known(&earlier, &next(&changed)), None, "{changed:?}");
        }
    }
}
