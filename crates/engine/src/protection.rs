//! Until when a plan's last good backup counts: the next time of its rhythm, and one more as grace.
//!
//! Pure, as [`crate::due`] is. What is good is the record's word: `completed` and `completed_with_warnings` alone, so a
//! first upload that is not done protects nothing. A plan that runs when it is asked to has no such time.

use alcove_store::{Job, Plan};
use jiff::Timestamp;

use crate::due::{Rhythm, counts};
use crate::engine::Engine;
use crate::error::Failure;

/// When a backup is overdue that began last at `good`, by a rhythm that holds since `since`.
pub(crate) fn overdue_from(
    now: Timestamp,
    rhythm: &Rhythm,
    since: Timestamp,
    good: Option<Timestamp>,
) -> Option<Timestamp> {
    let begun = [Some(since), good].into_iter().flatten();
    let begun = begun.filter(|at| counts(*at, now)).max();
    let due = rhythm.next(begun.unwrap_or(Timestamp::UNIX_EPOCH))?;
    rhythm.next(due)
}

impl Engine {
    /// Until when a plan's last good backup counts; `None` without one, and for a plan that does not run by itself.
    pub fn protected_until(
        &self,
        plan: &Plan,
        last_good: Option<&Job>,
    ) -> Result<Option<Timestamp>, Failure> {
        match last_good {
            Some(_) => self.overdue_from(plan, last_good),
            None => Ok(None),
        }
    }

    /// When a plan is overdue; `None` for one that does not run by itself.
    pub(crate) fn overdue_from(
        &self,
        plan: &Plan,
        last_good: Option<&Job>,
    ) -> Result<Option<Timestamp>, Failure> {
        let Some(schedule) = plan.schedule.as_ref().filter(|_| plan.enabled) else {
            return Ok(None);
        };
        let now = self.world().clock.now();
        let rhythm = Rhythm::of(schedule)?;
        let good = last_good.map(|job| job.started_at.unwrap_or(job.created_at));
        Ok(overdue_from(now, &rhythm, schedule.since, good))
    }
}

#[cfg(test)]
mod tests {
    use alcove_store::Schedule;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// When it is overdue at noon of 2026-07-20, a Monday, by a rhythm of Berlin.
    fn overdue(line: &str, since: &str, good: Option<&str>) -> Timestamp {
        let schedule = Schedule {
            cron: line.to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            since: at(since),
        };
        let rhythm = Rhythm::of(&schedule).unwrap();
        let now = at("2026-07-20T10:00:00Z");
        overdue_from(now, &rhythm, schedule.since, good.map(at)).unwrap()
    }

    #[test]
    fn a_good_backup_counts_until_the_second_time_after_it() {
        const LONG_AGO: &str = "2026-01-01T00:00:00Z";
        for (line, good, until) in [
            ("0 18 * * *", "2026-07-19T16:00:01Z", "2026-07-21T16:00:00Z"),
            // By hand, before the time: the next two are that day's and the next day's.
            ("0 18 * * *", "2026-07-19T08:00:00Z", "2026-07-20T16:00:00Z"),
            ("0 * * * *", "2026-07-20T09:00:01Z", "2026-07-20T11:00:00Z"),
            // From Monday to Friday: Friday's counts until Tuesday.
            (
                "0 18 * * 1-5",
                "2026-07-17T16:00:05Z",
                "2026-07-21T16:00:00Z",
            ),
            ("0 18 1 * *", "2026-07-01T16:00:01Z", "2026-09-01T16:00:00Z"),
        ] {
            assert_eq!(
                overdue(line, LONG_AGO, Some(good)),
                at(until),
                "{line} {good}"
            );
        }
    }

    #[test]
    fn a_rhythm_that_is_new_makes_nothing_overdue_at_once() {
        let good = Some("2026-06-01T16:00:00Z");
        let until = overdue("0 18 * * *", "2026-07-20T09:00:00Z", good);
        assert_eq!(until, at("2026-07-21T16:00:00Z"));
    }

    #[test]
    fn a_plan_that_never_succeeded_is_overdue_some_time_too() {
        let until = overdue("0 18 * * *", "2026-07-10T09:00:00Z", None);
        assert_eq!(until, at("2026-07-11T16:00:00Z"));
    }

    #[test]
    fn a_backup_of_a_clock_that_was_ahead_protects_nothing() {
        let good = Some("2027-07-01T16:00:00Z");
        let until = overdue("0 18 * * *", "2026-07-10T09:00:00Z", good);
        assert_eq!(until, at("2026-07-11T16:00:00Z"));
        let until = overdue("0 18 * * *", "2027-07-10T09:00:00Z", good);
        assert!(until < at("2026-07-20T10:00:00Z"), "{until}");
    }
}
