//! What a backup will have read at its end, counted beside it when no earlier run says so.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};

use alcove_borg::{Create, Selection, Uncountable};
use alcove_store::Job;
use jiff::{SignedDuration, Timestamp};

use crate::folders::{Measure, measure};

/// Folders change: what an older run read says too little.
const STALE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A count of what the backup takes that runs beside it, and ends with it.
pub(super) struct Estimate {
    arrives: Option<mpsc::Receiver<Result<Measure, Uncountable>>>,
    stop: Arc<AtomicBool>,
}

impl Estimate {
    pub(super) fn none() -> Self {
        Self {
            arrives: None,
            stop: Arc::default(),
        }
    }

    /// Starts to count; `apart` is what Borg never takes.
    pub(super) fn count(selection: Selection, apart: Vec<PathBuf>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (sender, arrives) = mpsc::sync_channel(1);
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("alcove-estimate".into())
            .spawn(move || {
                give_way();
                let found = measure(selection, &apart, &|_| !stopped.load(Ordering::Relaxed));
                if found.as_ref().map_or(true, |found| found.complete) {
                    // Nobody waits for it any more when the backup was faster.
                    let _ = sender.send(found);
                }
            });
        if let Err(error) = thread {
            log::warn!("no estimate: {error}");
        }
        Self {
            arrives: Some(arrives),
            stop,
        }
    }

    /// The count, once; or why there is none.
    pub(super) fn arrived(&self) -> Option<Result<Measure, Uncountable>> {
        self.arrives.as_ref()?.try_recv().ok()
    }
}

impl Drop for Estimate {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// Whether what an earlier backup read is still what `next` will read, as far as can be told without looking. `next`
/// goes into the archive of that backup.
pub(super) fn holds(earlier: &Job, next: &Create, now: Timestamp) -> bool {
    let recent = earlier
        .completed_at
        .is_some_and(|then| now.duration_since(then) < STALE);
    recent
        && earlier
            .command
            .as_ref()
            .is_some_and(|line| next.continues(line))
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
    fn an_earlier_total_holds_for_a_month_while_the_plan_takes_the_same() {
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
        assert!(!holds(&earlier, &next(&plan), begin), "it did not end");
        earlier.completed_at = Some(begin);
        let after = |days: i32| begin.checked_add(DAY * days).unwrap();
        assert!(holds(&earlier, &next(&plan), after(29)));
        assert!(!holds(&earlier, &next(&plan), after(30)));

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
            assert!(!holds(&earlier, &next(&changed), after(1)), "{changed:?}");
        }
    }
}
