//! When a plan's backup is due, and a repository's check: pure decisions over what is known, and the rhythm of a plan.
//!
//! A rhythm is a cron line of five fields in a time zone; every few hours, daily, weekly and monthly are such lines.
//! What the line means on the days on which a clock is put forward or back is croner's to say. Starting what is due
//! is the scheduler's, and so is finding out whether the conditions of a plan hold ([`crate::conditions`]).

use alcove_store::{CheckRhythm, Schedule};
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::conditions::Unmet;
use crate::error::Failure;

/// A run that was missed is caught up this long after the start of Alcove or the end of a sleep: network and drives
/// are there by then.
const SETTLING: SignedDuration = SignedDuration::from_mins(2);
/// A backup that seems to be of the near future was asked for before the clock was put back.
const PUT_BACK: SignedDuration = SignedDuration::from_hours(24);

/// Whether what was noted of a time counts: a time of the farther future was noted by a clock that was ahead, and says
/// nothing.
pub(crate) fn counts(noted: Timestamp, now: Timestamp) -> bool {
    noted <= now + PUT_BACK
}

/// The times at which something is to happen.
#[derive(Debug, Clone)]
pub(crate) struct Rhythm {
    cron: Cron,
    zone: TimeZone,
}

impl Rhythm {
    /// Reads a schedule: a cron line of five fields (crontab(5); `L` is the last day of a month) and the name of a time
    /// zone.
    pub(crate) fn of(schedule: &Schedule) -> Result<Self, Failure> {
        let Schedule {
            cron: line,
            time_zone,
            ..
        } = schedule;
        let parser = CronParser::builder()
            .seconds(Seconds::Disallowed)
            .year(Year::Disallowed)
            .build();
        let cron = parser.parse(line).map_err(|why| {
            Failure::bad_argument("schedule", format!("{line} is no schedule: {why}."))
        })?;
        let zone = TimeZone::get(time_zone).map_err(|_| {
            Failure::bad_argument("time_zone", format!("{time_zone} is no time zone."))
        })?;
        Ok(Self { cron, zone })
    }

    /// Refuses a schedule that is none, or that never comes after the time it is set at.
    pub(crate) fn check(schedule: &Schedule) -> Result<(), Failure> {
        match Self::of(schedule)?.next(schedule.since) {
            Some(_) => Ok(()),
            None => Err(Failure::bad_argument(
                "schedule",
                format!("{} never comes.", schedule.cron),
            )),
        }
    }

    /// The first time after this one.
    pub(crate) fn next(&self, after: Timestamp) -> Option<Timestamp> {
        let after = after.to_zoned(self.zone.clone());
        let next = self.cron.find_next_occurrence(&after, false).ok()?;
        Some(next.timestamp())
    }

    /// What it says, in words.
    pub(crate) fn words(&self) -> String {
        self.cron.describe()
    }

    /// The last time up to this one.
    fn last(&self, at: Timestamp) -> Option<Timestamp> {
        let at = at.to_zoned(self.zone.clone());
        let last = self.cron.find_previous_occurrence(&at, true).ok()?;
        Some(last.timestamp())
    }
}

/// A backup of the plan that was asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub(crate) asked: Timestamp,
    /// Alcove was closed under it: nobody wished it to stop.
    pub(crate) interrupted: bool,
}

/// What is known of a plan's past.
#[derive(Debug, Clone, Copy)]
pub(crate) struct History {
    /// Since when the rhythm is as it is: what came before is not missed.
    pub(crate) since: Timestamp,
    /// Its last backup and the one before, by whomever they were asked for.
    pub(crate) runs: [Option<Run>; 2],
}

/// What a plan needs besides its time.
#[derive(Clone, Copy)]
pub(crate) struct Conditions<'a> {
    /// Since when Alcove runs and the computer is awake.
    pub(crate) awake_since: Timestamp,
    /// The first condition that does not hold. Asked only of a plan that is due: an answer may take seconds.
    pub(crate) unmet: &'a dyn Fn() -> Option<Unmet>,
}

/// What is to be done about a plan now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Nothing before this time.
    Wait(Timestamp),
    /// It is due since this time.
    Start(Timestamp),
    /// It is due since this time, the first that was missed, and has to wait.
    Hold(Timestamp, Unmet),
    /// It never is.
    Never,
}

/// Decides whether a plan is due. However many times were missed, it is caught up once.
pub(crate) fn due(
    now: Timestamp,
    rhythm: &Rhythm,
    history: &History,
    conditions: &Conditions<'_>,
) -> Decision {
    let wait = || rhythm.next(now).map_or(Decision::Never, Decision::Wait);
    let is_new = |slot: &Timestamp| *slot <= history.since && counts(history.since, now);
    let Some(slot) = rhythm.last(now).filter(|slot| !is_new(slot)) else {
        return wait();
    };
    if is_covered(slot, now, &history.runs) {
        return wait();
    }
    let settled = conditions.awake_since + SETTLING;
    if slot < conditions.awake_since && now < settled {
        return Decision::Wait(settled);
    }
    match (conditions.unmet)() {
        Some(unmet) => Decision::Hold(first_missed(slot, rhythm, history), unmet),
        None => Decision::Start(slot),
    }
}

/// The first time that came since the last backup, up to the one that is due.
fn first_missed(slot: Timestamp, rhythm: &Rhythm, history: &History) -> Timestamp {
    let last = history.runs[0].map_or(history.since, |run| run.asked.max(history.since));
    rhythm.next(last).map_or(slot, |first| first.min(slot))
}

/// Whether a backup was asked for since the time that is due. One that was interrupted is begun once more.
fn is_covered(slot: Timestamp, now: Timestamp, runs: &[Option<Run>; 2]) -> bool {
    let of_slot = |run: &&Run| slot <= run.asked && counts(run.asked, now);
    let mut runs = runs.iter().flatten().filter(of_slot);
    match (runs.next(), runs.next()) {
        (None, _) => false,
        (Some(last), None) => !last.interrupted,
        (Some(_), Some(_)) => true,
    }
}

/// What is known of a repository's checks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Checks {
    /// When the last one that found out how the repository is began.
    pub(crate) last: Option<Timestamp>,
    /// When the last one that should was asked for; one that could not is tried again a day later.
    pub(crate) tried: Option<Timestamp>,
}

/// Decides whether a repository is to be checked by itself: so many days after the last check, or after that was
/// wished for.
pub(crate) fn check_due(
    now: Timestamp,
    rhythm: &CheckRhythm,
    checks: &Checks,
    awake_since: Timestamp,
) -> Decision {
    let past = |at: &Timestamp| counts(*at, now);
    let days = |days: u32| SignedDuration::from_hours(i64::from(days) * 24);
    let since = [Some(rhythm.since).filter(past), checks.last.filter(past)];
    let after = |at: Option<Timestamp>, wait| at.and_then(|at| at.checked_add(wait).ok());
    let slot = after(since.into_iter().flatten().max(), days(rhythm.days));
    let again = after(checks.tried.filter(past), days(1));
    let Some(slot) = slot.max(again) else {
        return Decision::Start(now);
    };
    let not_before = if slot < awake_since {
        awake_since + SETTLING
    } else {
        slot
    };
    if now < not_before {
        Decision::Wait(not_before)
    } else {
        Decision::Start(slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_due_so_many_days_after_the_last_and_a_day_after_one_that_could_not() {
        let decide = |now, last: Option<&str>, tried: Option<&str>, awake| {
            let rhythm = CheckRhythm {
                days: 7,
                minutes: None,
                since: at("2026-07-01T08:00:00Z"),
            };
            let checks = Checks {
                last: last.map(at),
                tried: tried.map(at),
            };
            check_due(at(now), &rhythm, &checks, at(awake))
        };
        // A wish is not answered at once.
        assert_eq!(
            decide("2026-07-01T08:00:00Z", None, None, AWAKE),
            wait("2026-07-08T08:00:00Z")
        );
        assert_eq!(
            decide("2026-07-08T08:00:00Z", None, None, AWAKE),
            start("2026-07-08T08:00:00Z")
        );
        let last = Some("2026-07-08T08:00:00Z");
        assert_eq!(
            decide("2026-07-15T07:59:59Z", last, last, AWAKE),
            wait("2026-07-15T08:00:00Z")
        );
        assert_eq!(
            decide("2026-07-15T08:00:00Z", last, last, AWAKE),
            start("2026-07-15T08:00:00Z")
        );
        // The server was away.
        let tried = Some("2026-07-15T08:00:00Z");
        assert_eq!(
            decide("2026-07-15T09:00:00Z", last, tried, AWAKE),
            wait("2026-07-16T08:00:00Z")
        );
        // The computer slept over it, and lets itself wake first.
        let woke = "2026-07-20T10:00:00Z";
        assert_eq!(
            decide("2026-07-20T10:00:10Z", last, last, woke),
            wait("2026-07-20T10:02:00Z")
        );
        assert_eq!(
            decide("2026-07-20T10:02:00Z", last, last, woke),
            start("2026-07-15T08:00:00Z")
        );
        // A check of next year, by a clock that was ahead.
        let ahead = Some("2027-07-08T08:00:00Z");
        assert_eq!(
            decide("2026-07-08T08:00:00Z", ahead, ahead, AWAKE),
            start("2026-07-08T08:00:00Z")
        );
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn schedule(line: &str, zone: &str) -> Schedule {
        Schedule {
            cron: line.to_owned(),
            time_zone: zone.to_owned(),
            since: at(AWAKE),
        }
    }

    fn berlin(line: &str) -> Rhythm {
        Rhythm::of(&schedule(line, "Europe/Berlin")).unwrap()
    }

    /// What is decided at `now` of a rhythm that holds since July 2026, by a computer that is awake since `awake`.
    fn decide(now: &str, line: &str, awake: &str, runs: &[(&str, bool)]) -> Decision {
        let mut past = [None; 2];
        for (run, (asked, interrupted)) in past.iter_mut().zip(runs) {
            *run = Some(Run {
                asked: at(asked),
                interrupted: *interrupted,
            });
        }
        let history = History {
            since: at("2026-07-01T00:00:00Z"),
            runs: past,
        };
        let conditions = Conditions {
            awake_since: at(awake),
            unmet: &|| None,
        };
        due(at(now), &berlin(line), &history, &conditions)
    }

    fn start(slot: &str) -> Decision {
        Decision::Start(at(slot))
    }

    fn wait(until: &str) -> Decision {
        Decision::Wait(at(until))
    }

    const DAILY: &str = "0 18 * * *";
    const AWAKE: &str = "2026-07-01T00:00:00Z";

    #[test]
    fn what_is_due_by_the_clock() {
        // Berlin is two hours ahead in summer: 18:00 is 16:00Z.
        for (now, line, asked, decided) in [
            (
                "2026-07-10T15:59:59Z",
                DAILY,
                "2026-07-09T16:00:01Z",
                wait("2026-07-10T16:00:00Z"),
            ),
            (
                "2026-07-10T16:00:00Z",
                DAILY,
                "2026-07-09T16:00:01Z",
                start("2026-07-10T16:00:00Z"),
            ),
            (
                "2026-07-10T16:00:20Z",
                DAILY,
                "2026-07-10T16:00:01Z",
                wait("2026-07-11T16:00:00Z"),
            ),
            // A backup by hand before the time does not stand for it, one after it does.
            (
                "2026-07-10T16:00:00Z",
                DAILY,
                "2026-07-10T15:50:00Z",
                start("2026-07-10T16:00:00Z"),
            ),
            (
                "2026-07-10T20:00:00Z",
                DAILY,
                "2026-07-10T19:00:00Z",
                wait("2026-07-11T16:00:00Z"),
            ),
            // Mondays and Thursdays at 07:30; the tenth is a Friday.
            (
                "2026-07-10T00:00:00Z",
                "30 7 * * 1,4",
                "2026-07-09T05:30:00Z",
                wait("2026-07-13T05:30:00Z"),
            ),
            (
                "2026-07-13T05:30:00Z",
                "30 7 * * 1,4",
                "2026-07-09T05:30:00Z",
                start("2026-07-13T05:30:00Z"),
            ),
            // Every four hours.
            (
                "2026-07-10T10:00:00Z",
                "0 */4 * * *",
                "2026-07-10T06:00:00Z",
                start("2026-07-10T10:00:00Z"),
            ),
            (
                "2026-07-10T10:01:00Z",
                "0 */4 * * *",
                "2026-07-10T10:00:00Z",
                wait("2026-07-10T14:00:00Z"),
            ),
            // The last day of the month, whichever that is.
            (
                "2026-09-30T16:00:00Z",
                "0 18 L * *",
                "2026-08-31T16:00:00Z",
                start("2026-09-30T16:00:00Z"),
            ),
            (
                "2026-09-29T16:00:00Z",
                "0 18 L * *",
                "2026-08-31T16:00:00Z",
                wait("2026-09-30T16:00:00Z"),
            ),
            (
                "2027-02-28T17:00:00Z",
                "0 18 L * *",
                "2027-01-31T17:00:00Z",
                start("2027-02-28T17:00:00Z"),
            ),
        ] {
            assert_eq!(
                decide(now, line, AWAKE, &[(asked, false)]),
                decided,
                "{now} {line} {asked}"
            );
        }
    }

    #[test]
    fn a_rhythm_that_is_new_has_missed_nothing() {
        let history = History {
            since: at("2026-07-10T17:00:00Z"),
            runs: [None; 2],
        };
        let conditions = Conditions {
            awake_since: at(AWAKE),
            unmet: &|| None,
        };
        let decide = |now| due(at(now), &berlin(DAILY), &history, &conditions);
        assert_eq!(decide("2026-07-10T18:00:00Z"), wait("2026-07-11T16:00:00Z"));
        assert_eq!(
            decide("2026-07-11T16:00:00Z"),
            start("2026-07-11T16:00:00Z")
        );
    }

    #[test]
    fn what_was_missed_is_caught_up_once_and_not_at_once() {
        let runs = [("2026-07-10T16:00:00Z", false)];
        let decide = |now| decide(now, DAILY, "2026-07-14T08:00:00Z", &runs);
        // Four days asleep; awake since ten in the morning.
        assert_eq!(decide("2026-07-14T08:00:10Z"), wait("2026-07-14T08:02:00Z"));
        assert_eq!(
            decide("2026-07-14T08:02:00Z"),
            start("2026-07-13T16:00:00Z")
        );
        let once = [("2026-07-14T08:02:00Z", false)];
        assert_eq!(
            super::tests::decide("2026-07-14T08:03:00Z", DAILY, "2026-07-14T08:00:00Z", &once),
            wait("2026-07-14T16:00:00Z")
        );
    }

    /// What is decided of a daily plan whose last backup was on the ninth, while a condition does not hold.
    fn while_unmet(now: &str, awake: &str, unmet: &dyn Fn() -> Option<Unmet>) -> Decision {
        let history = History {
            since: at("2026-07-01T00:00:00Z"),
            runs: [
                Some(Run {
                    asked: at("2026-07-09T16:00:01Z"),
                    interrupted: false,
                }),
                None,
            ],
        };
        let conditions = Conditions {
            awake_since: at(awake),
            unmet,
        };
        due(at(now), &berlin(DAILY), &history, &conditions)
    }

    #[test]
    fn what_is_due_waits_for_its_conditions_since_the_first_time_that_was_missed() {
        let first = at("2026-07-10T16:00:00Z");
        for (now, unmet) in [
            ("2026-07-10T16:00:00Z", Unmet::Drive),
            ("2026-07-10T22:00:00Z", Unmet::Power),
            ("2026-07-11T16:00:00Z", Unmet::Network),
            ("2026-07-20T09:00:00Z", Unmet::Server),
        ] {
            assert_eq!(
                while_unmet(now, AWAKE, &|| Some(unmet)),
                Decision::Hold(first, unmet),
                "{now}"
            );
            // Once it holds, all that was missed is one backup.
            assert!(matches!(
                while_unmet(now, AWAKE, &|| None),
                Decision::Start(_)
            ));
        }
    }

    #[test]
    fn what_is_not_due_asks_for_no_condition() {
        let asked = || panic!("nobody needs to know");
        assert_eq!(
            while_unmet("2026-07-10T15:59:59Z", AWAKE, &asked),
            wait("2026-07-10T16:00:00Z")
        );
        // Just awake: drives and networks need a moment.
        assert_eq!(
            while_unmet("2026-07-14T08:01:00Z", "2026-07-14T08:00:00Z", &asked),
            wait("2026-07-14T08:02:00Z")
        );
    }

    #[test]
    fn one_that_was_interrupted_or_is_new_waits_since_its_own_time() {
        let decide = |since: &str, runs| {
            let history = History {
                since: at(since),
                runs,
            };
            let conditions = Conditions {
                awake_since: at(AWAKE),
                unmet: &|| Some(Unmet::Drive),
            };
            due(
                at("2026-07-10T17:00:00Z"),
                &berlin(DAILY),
                &history,
                &conditions,
            )
        };
        let held = Decision::Hold(at("2026-07-10T16:00:00Z"), Unmet::Drive);
        let interrupted = Run {
            asked: at("2026-07-10T16:00:01Z"),
            interrupted: true,
        };
        assert_eq!(
            decide("2026-07-01T00:00:00Z", [Some(interrupted), None]),
            held
        );
        assert_eq!(decide("2026-07-10T12:00:00Z", [None; 2]), held);
    }

    #[test]
    fn a_time_that_comes_while_awake_is_not_held_up() {
        let runs = [("2026-07-09T16:00:00Z", false)];
        assert_eq!(
            decide("2026-07-10T16:00:00Z", DAILY, "2026-07-10T15:59:30Z", &runs),
            start("2026-07-10T16:00:00Z")
        );
    }

    #[test]
    fn one_that_alcove_was_closed_under_is_begun_once_more() {
        let now = "2026-07-10T17:00:00Z";
        let (first, again) = (
            ("2026-07-10T16:00:00Z", true),
            ("2026-07-10T16:30:00Z", true),
        );
        let before = ("2026-07-09T16:00:00Z", false);
        assert_eq!(
            decide(now, DAILY, AWAKE, &[first, before]),
            start("2026-07-10T16:00:00Z")
        );
        assert_eq!(
            decide(now, DAILY, AWAKE, &[again, first]),
            wait("2026-07-11T16:00:00Z")
        );
    }

    #[test]
    fn a_clock_that_was_ahead_silences_nothing() {
        // The last backup is of next year.
        let runs = [("2027-07-10T16:00:00Z", false)];
        assert_eq!(
            decide("2026-07-10T16:00:05Z", DAILY, AWAKE, &runs),
            start("2026-07-10T16:00:00Z")
        );
    }

    #[test]
    fn a_rhythm_that_was_set_by_a_clock_that_was_ahead_is_not_silent() {
        let history = History {
            since: at("2027-07-10T17:00:00Z"),
            runs: [None; 2],
        };
        let conditions = Conditions {
            awake_since: at(AWAKE),
            unmet: &|| None,
        };
        let decided = due(
            at("2026-07-10T16:00:05Z"),
            &berlin(DAILY),
            &history,
            &conditions,
        );
        assert_eq!(decided, start("2026-07-10T16:00:00Z"));
    }

    #[test]
    fn a_clock_that_is_put_back_begins_nothing_twice() {
        let runs = [("2026-07-10T16:00:05Z", false)];
        for now in ["2026-07-10T15:30:00Z", "2026-07-10T16:00:02Z"] {
            let Decision::Wait(_) = decide(now, DAILY, AWAKE, &runs) else {
                panic!("it begins at {now}");
            };
        }
    }

    #[test]
    fn a_time_that_the_clock_leaps_over_comes_once_on_that_day() {
        // On 2027-03-28 at two it is three in Berlin.
        let rhythm = berlin("30 2 * * *");
        let mut slots = Vec::new();
        let mut now = at("2027-03-27T00:00:00Z");
        for _ in 0..3 {
            now = rhythm.next(now).unwrap();
            slots.push(now.to_string());
        }
        assert_eq!(
            slots,
            [
                "2027-03-27T01:30:00Z",
                "2027-03-28T01:00:00Z",
                "2027-03-29T00:30:00Z"
            ]
        );
    }

    #[test]
    fn a_time_that_comes_twice_is_due_once() {
        // On 2026-10-25 at three it is two again in Berlin.
        let rhythm = berlin("30 2 * * *");
        let first = rhythm.next(at("2026-10-24T12:00:00Z")).unwrap();
        assert_eq!(first.to_string(), "2026-10-25T00:30:00Z");
        assert_eq!(
            rhythm.next(first).unwrap().to_string(),
            "2026-10-26T01:30:00Z"
        );
        assert_eq!(rhythm.last(at("2026-10-25T02:00:00Z")), Some(first));
    }

    #[test]
    fn every_hour_is_an_hour_on_the_days_the_clock_is_put() {
        let rhythm = berlin("0 * * * *");
        for from in ["2027-03-28T00:00:00Z", "2026-10-25T00:00:00Z"] {
            let mut now = at(from);
            for _ in 0..4 {
                let next = rhythm.next(now).unwrap();
                assert_eq!(
                    next.duration_since(now),
                    SignedDuration::from_hours(1),
                    "{now}"
                );
                now = next;
            }
        }
    }

    #[test]
    fn what_is_no_schedule_is_refused_with_its_field() {
        for (line, zone, field) in [
            ("", "Europe/Berlin", "schedule"),
            ("0 18 * *", "Europe/Berlin", "schedule"),
            ("0 0 18 * * *", "Europe/Berlin", "schedule"),
            ("61 * * * *", "Europe/Berlin", "schedule"),
            ("0 18 30 2 *", "Europe/Berlin", "schedule"),
            (DAILY, "Europe/Nowhere", "time_zone"),
        ] {
            let refused = Rhythm::check(&schedule(line, zone)).unwrap_err();
            assert_eq!(refused.field.as_deref(), Some(field), "{line}: {refused}");
        }
    }
}
