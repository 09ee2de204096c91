//! The collapse guard: whether a backup shows that something happened to the files, so that older archives must not go
//! before a person has looked.
//!
//! Judged from the statistics of two backups of the same plan. Each was small when most of it is gone because a drive
//! was not there, and new when a program encrypted it. Leaves out what a single folder shows: Borg's statistics are
//! of the whole archive.

use alcove_borg::CreateReport;
use alcove_store::{Collapse, Hold, Level, Plan, Progress, StoreError};

use super::run::Run;
use crate::error::{ErrorCode, Failure};
use crate::words::{count, size};

/// A plan of fewer files, or fewer bytes, may change as it likes.
const FEWEST_FILES: u64 = 10;
const FEWEST_BYTES: u64 = 1_000_000;
/// Of what was there before, so much must still be as it was: one part in ten.
const UNCHANGED: u64 = 10;

/// A new archive: its statistics, and what was stored before its last attempt, up to a checkpoint, since the good
/// backup before it. Borg counts that as there already.
#[derive(Debug, Clone, Copy)]
struct Archive<'a> {
    report: &'a CreateReport,
    stored_before: u64,
}

impl Archive<'_> {
    /// Bytes of content that were in the repository already. Stored sizes are after compression; what share of them
    /// is new holds for the content too.
    fn unchanged(&self) -> u64 {
        let now = self.report;
        let new = now.deduplicated_size.saturating_add(self.stored_before);
        let share =
            now.compressed_size.saturating_sub(new) as f64 / now.compressed_size.max(1) as f64;
        (share * now.original_size as f64) as u64
    }
}

/// Compares a new archive with the good backup before.
fn collapse(before: &Progress, now: Archive<'_>) -> Option<Collapse> {
    if before.nfiles < FEWEST_FILES {
        return None;
    }
    if now.report.nfiles <= before.nfiles / 2 {
        return Some(Collapse::FilesGone {
            before: before.nfiles,
            now: now.report.nfiles,
        });
    }
    changed(before.original_size, now)
}

/// Whether nearly nothing of so many bytes is still as it was.
fn changed(before: u64, now: Archive<'_>) -> Option<Collapse> {
    let unchanged = now.unchanged();
    (before >= FEWEST_BYTES && unchanged < before / UNCHANGED)
        .then_some(Collapse::NearlyAllChanged { before, unchanged })
}

/// Whether the files that were gone are back in number.
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
    /// Files that are back as they were let go of it. Where that cannot be told or saved, nothing is deleted after
    /// this backup.
    pub(super) fn guard(&mut self, report: &CreateReport) -> Option<Failure> {
        let plan = self.task.plan.as_ref()?;
        self.guarded(plan, report).unwrap_or_else(|error| {
            log::error!("whether {} is held is not known: {error}", plan.name);
            self.withheld = true;
            None
        })
    }

    fn guarded(
        &mut self,
        plan: &Plan,
        report: &CreateReport,
    ) -> Result<Option<Failure>, StoreError> {
        let store = &self.inner.store;
        let job = self.task.job.id;
        let hold = store.plan(plan.id)?.and_then(|plan| plan.hold);
        let earlier = store.last_safe_job(plan.id)?;
        let kept = store.kept_since_last_safe_job(plan.id)?;
        let now = Archive {
            report,
            stored_before: kept.bytes.saturating_add(self.state.kept_before()),
        };
        let collapse = match (hold, earlier) {
            (Some(hold), _) if is_over(hold.collapse, report) => changed(report.original_size, now),
            (Some(_), _) | (None, None) => return Ok(None),
            (None, Some(earlier)) => match collapse(&earlier.progress, now) {
                None => return Ok(None),
                found => found,
            },
        };
        let hold = collapse.map(|collapse| Hold { job, collapse });
        store.hold_plan(plan.id, hold)?;
        if hold.is_none() {
            self.note(
                Level::Info,
                "The files are back. Older archives are pruned again.",
            );
        }
        Ok(hold.map(|hold| held(&plan.name, &hold)))
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

    const fn fresh(report: &CreateReport) -> Archive<'_> {
        Archive {
            report,
            stored_before: 0,
        }
    }

    const GB: u64 = 1_000_000_000;

    #[test]
    fn half_of_the_files_gone_is_a_collapse_and_a_few_are_none() {
        let before = before(1_000, GB);
        let gone = collapse(&before, fresh(&now(500, GB / 2, 0)));
        assert_eq!(
            gone,
            Some(Collapse::FilesGone {
                before: 1_000,
                now: 500
            })
        );
        assert_eq!(collapse(&before, fresh(&now(501, GB / 2, 0))), None);
        assert_eq!(
            collapse(&before, fresh(&now(0, 0, 0))).map(|_| ()),
            Some(())
        );
    }

    #[test]
    fn nearly_all_changed_is_a_collapse_whether_or_not_it_grew() {
        let before = before(1_000, GB);
        assert_eq!(
            collapse(&before, fresh(&now(1_000, GB, 95))),
            Some(Collapse::NearlyAllChanged {
                before: GB,
                unchanged: 50_000_000
            })
        );
        assert!(collapse(&before, fresh(&now(3_000, 3 * GB, 99))).is_some());
        assert_eq!(collapse(&before, fresh(&now(1_000, GB, 85))), None);
    }

    #[test]
    fn what_an_attempt_before_has_stored_counts_as_new() {
        let report = now(1_000, GB, 20);
        let again = Archive {
            report: &report,
            stored_before: GB / 2 / 100 * 75,
        };
        assert!(collapse(&before(1_000, GB), again).is_some());
        assert_eq!(collapse(&before(1_000, GB), fresh(&report)), None);
    }

    #[test]
    fn much_that_is_new_beside_what_was_there_is_none() {
        // Nine times as much was added; all of the old is still there.
        assert_eq!(
            collapse(&before(1_000, GB), fresh(&now(9_000, 10 * GB, 90))),
            None
        );
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
        assert_eq!(collapse(&before(9, GB), fresh(&now(0, 0, 0))), None);
        assert_eq!(
            collapse(&before(50, 900_000), fresh(&now(50, 900_000, 100))),
            None
        );
        assert_eq!(collapse(&before(0, 0), fresh(&now(0, 0, 0))), None);
    }
}
