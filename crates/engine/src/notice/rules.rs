//! Whether a person is told, and when: one pure decision.

use jiff::{SignedDuration, Timestamp};

use super::NoticeKind;
use crate::due::counts;

/// What waits is told of once in this time: a little less than a day, so that what waits at the same time every
/// day is told of every day.
const ONCE: SignedDuration = SignedDuration::from_hours(20);

/// What a person wishes to be told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wishes {
    pub(super) success: bool,
    pub(super) warnings: bool,
    /// When the quiet hours end that are now.
    pub(super) quiet_until: Option<Timestamp>,
}

/// What becomes of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is shown.
    Now,
    /// It is shown when the quiet hours end.
    Later,
    /// It is not shown.
    Never,
}

/// Decides of a notice of a kind; `told` is when the same was last told of as waiting.
pub(super) fn verdict(
    kind: NoticeKind,
    wishes: Wishes,
    now: Timestamp,
    told: Option<Timestamp>,
) -> Verdict {
    let is_told = match kind {
        NoticeKind::Success => wishes.success,
        NoticeKind::Warnings => wishes.warnings,
        // Who stops a job knows of it.
        NoticeKind::Cancelled => false,
        NoticeKind::Waiting => {
            let told = told.filter(|told| counts(*told, now));
            told.is_none_or(|told| now.duration_since(told) >= ONCE)
        }
        NoticeKind::Failure | NoticeKind::Overdue | NoticeKind::Background => true,
    };
    match wishes.quiet_until {
        _ if !is_told => Verdict::Never,
        // Said to somebody who has just closed the window.
        _ if kind == NoticeKind::Background => Verdict::Now,
        Some(until) if now < until => Verdict::Later,
        _ => Verdict::Now,
    }
}

#[cfg(test)]
mod tests {
    use super::NoticeKind::{Background, Cancelled, Failure, Overdue, Success, Waiting, Warnings};
    use super::Verdict::{Later, Never, Now};
    use super::*;

    const NOW: &str = "2026-07-10T23:00:00Z";

    fn decide(kind: NoticeKind, success: bool, warnings: bool, quiet: bool) -> Verdict {
        let wishes = Wishes {
            success,
            warnings,
            quiet_until: quiet.then(|| "2026-07-11T05:00:00Z".parse().unwrap()),
        };
        verdict(kind, wishes, NOW.parse().unwrap(), None)
    }

    #[test]
    fn what_is_told_and_when() {
        // What, then: wished in no hours that are quiet, wished in quiet hours, not wished.
        for (kind, table) in [
            (Failure, [Now, Later, Now]),
            (Overdue, [Now, Later, Now]),
            (Waiting, [Now, Later, Now]),
            (Warnings, [Now, Later, Never]),
            (Success, [Now, Later, Never]),
            (Cancelled, [Never, Never, Never]),
            (Background, [Now, Now, Now]),
        ] {
            let decided = [
                decide(kind, true, true, false),
                decide(kind, true, true, true),
                decide(kind, false, false, false),
            ];
            assert_eq!(decided, table, "{kind:?}");
        }
    }

    #[test]
    fn each_choice_is_of_its_kind_alone() {
        assert_eq!(decide(Success, true, false, false), Now);
        assert_eq!(decide(Success, false, true, false), Never);
        assert_eq!(decide(Warnings, false, true, false), Now);
        assert_eq!(decide(Warnings, true, false, false), Never);
        assert_eq!(decide(Failure, false, false, true), Later);
        assert_eq!(decide(Success, false, false, true), Never);
    }

    #[test]
    fn a_plan_that_waits_is_told_of_once_a_day() {
        let wishes = Wishes {
            success: true,
            warnings: true,
            quiet_until: None,
        };
        for (told, decided) in [
            ("2026-07-10T22:59:00Z", Never),
            ("2026-07-10T04:00:00Z", Never),
            ("2026-07-10T03:00:00Z", Now),
            ("2026-07-09T23:00:30Z", Now),
            // The clock was put back by an hour; by a year.
            ("2026-07-11T00:00:00Z", Never),
            ("2027-07-10T23:00:00Z", Now),
        ] {
            let told = Some(told.parse().unwrap());
            let now = NOW.parse().unwrap();
            assert_eq!(verdict(Waiting, wishes, now, told), decided, "{told:?}");
            assert_eq!(verdict(Failure, wishes, now, told), Now);
        }
    }
}
