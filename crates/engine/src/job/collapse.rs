//! The collapse guard: whether a backup shows that something happened to the files, so that older archives must not go
//! before a person has looked.
//!
//! Judged from the statistics of two backups of the same plan. Each was small when most of it is gone because a drive
//! was not there, and new when a program encrypted it. Leaves out what a single folder shows: Borg's statistics are
//! of the whole archive.

use alcove_borg::CreateReport;
use alcove_store::{Collapse, Hold, Level, Progress};

use super::run::Run;
use crate::error::{ErrorCode, Failure};
use crate::words::{count, size};

/// A plan of fewer files, or fewer bytes, may change as it likes.
const FEWEST_FILES: u64 = 10;
const FEWEST_BYTES: u64 = 1_000_000;
/// Of what was there before, so much must still be as it was: one part in ten.
const UNCHANGED: u64 = 10;

/// Compares a new archive with the good backup before.
fn collapse(before: &Progress, now: &CreateReport) -> Option<Collapse> {
    if before.nfiles < FEWEST_FILES {
        return None;
    }
    if now.nfiles <= before.nfiles / 2 {
        return Some(Collapse::FilesGone {
            before: before.nfiles,
            now: now.nfiles,
        });
    }
    // Stored sizes are after compression; what share of them was there already holds for the content too.
    let share = now.compressed_size.saturating_sub(now.deduplicated_size) as f64
        / now.compressed_size.max(1) as f64;
    let unchanged = (share * now.original_size as f64) as u64;
    let before = before.original_size;
    (before >= FEWEST_BYTES && unchanged < before / UNCHANGED)
        .then_some(Collapse::NearlyAllChanged { before, unchanged })
}

/// Whether the files that were gone are back.
fn is_over(collapse: Collapse, now: &CreateReport) -> bool {
    matches!(collapse, Collapse::FilesGone { before, .. } if now.nfiles > before / 2)
}

/// What a person is told of a plan that is held.
pub fn held(plan: &str, hold: &Hold) -> Failure {
    let what = match hold.collapse {
        Collapse::FilesGone { before, now } => format!(
            "{plan} had {} and has {} now.",
            count(before, "file"),
            count(now, "file")
        ),
        Collapse::NearlyAllChanged { before, unchanged } => format!(
            "Of the {} of {plan} only {} are as they were before.",
            size(before),
            size(unchanged)
        ),
    };
    Failure::new(
        ErrorCode::PlanHeld,
        format!("{what} The backup is kept, and no older archive is pruned until you have looked."),
    )
    .hint(
        "If that is as it should be, say so in Alcove; if not, the older archives have the files.",
    )
}

impl Run<'_> {
    /// Compares the new archive of the plan with the good backup before, and holds the plan when it shows a collapse.
    /// Files that are back let go of it.
    pub(super) fn guard(&mut self, report: &CreateReport) -> Option<Failure> {
        let (plan, job) = (self.task.plan.as_ref()?, self.task.job.id);
        let guarded = self.inner.store.plan(plan.id).and_then(|now| {
            let hold = now.and_then(|plan| plan.hold);
            Ok((hold, self.inner.store.last_safe_job(plan.id)?))
        });
        let (hold, earlier) = match guarded {
            Ok(guarded) => guarded,
            Err(error) => {
                log::error!("job {job} was not compared with the one before: {error}");
                return None;
            }
        };
        let hold = match hold {
            Some(hold) if is_over(hold.collapse, report) => {
                self.note(
                    Level::Info,
                    "The files are back. Older archives are pruned again.",
                );
                None
            }
            Some(_) => return None,
            None => Some(Hold {
                job,
                collapse: collapse(&earlier?.progress, report)?,
            }),
        };
        if let Err(error) = self.inner.store.hold_plan(plan.id, hold) {
            log::error!("whether {} is held was not saved: {error}", plan.name);
        }
        Some(held(&plan.name, &hold?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn before(nfiles: u64, original_size: u64) -> Progress {
        Progress {
            nfiles,
            original_size,
            ..Progress::default()
        }
    }

    /// An archive of which `new` in a hundred bytes had to be stored.
    fn now(nfiles: u64, original_size: u64, new: u64) -> CreateReport {
        CreateReport {
            archive: "home".into(),
            archive_id: "a".into(),
            repository_id: "b".into(),
            original_size,
            compressed_size: original_size / 2,
            deduplicated_size: original_size / 2 * new / 100,
            nfiles,
            duration: 1.0,
        }
    }

    const GB: u64 = 1_000_000_000;

    #[test]
    fn half_of_the_files_gone_is_a_collapse_and_a_few_are_none() {
        let before = before(1_000, GB);
        let gone = collapse(&before, &now(500, GB / 2, 0));
        assert_eq!(
            gone,
            Some(Collapse::FilesGone {
                before: 1_000,
                now: 500
            })
        );
        assert_eq!(collapse(&before, &now(501, GB / 2, 0)), None);
        assert_eq!(collapse(&before, &now(0, 0, 0)).map(|_| ()), Some(()));
    }

    #[test]
    fn nearly_all_changed_is_a_collapse_whether_or_not_it_grew() {
        let before = before(1_000, GB);
        assert_eq!(
            collapse(&before, &now(1_000, GB, 95)),
            Some(Collapse::NearlyAllChanged {
                before: GB,
                unchanged: 50_000_000
            })
        );
        assert!(collapse(&before, &now(3_000, 3 * GB, 99)).is_some());
        assert_eq!(collapse(&before, &now(1_000, GB, 85)), None);
    }

    #[test]
    fn much_that_is_new_beside_what_was_there_is_none() {
        // Nine times as much was added; all of the old is still there.
        assert_eq!(collapse(&before(1_000, GB), &now(9_000, 10 * GB, 90)), None);
    }

    #[test]
    fn files_that_are_back_end_it_and_changed_ones_do_not() {
        let gone = Collapse::FilesGone {
            before: 1_000,
            now: 3,
        };
        assert!(is_over(gone, &now(501, GB, 0)));
        assert!(!is_over(gone, &now(500, GB, 0)));
        let changed = Collapse::NearlyAllChanged {
            before: GB,
            unchanged: 0,
        };
        assert!(!is_over(changed, &now(1_000, GB, 0)));
    }

    #[test]
    fn the_little_may_change_as_it_likes() {
        assert_eq!(collapse(&before(9, GB), &now(0, 0, 0)), None);
        assert_eq!(collapse(&before(50, 900_000), &now(50, 900_000, 100)), None);
        assert_eq!(collapse(&before(0, 0), &now(0, 0, 0)), None);
    }
}
