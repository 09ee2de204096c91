//! What was told of each plan, and what is held until the quiet hours end: kept across restarts.
//!
//! Of one plan at most one notice is held, the latest: who slept through a failure that was mended meanwhile is told
//! of what is now. Nothing here reads a clock or a record.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::rules::{Verdict, Wishes, verdict};
use super::{Notice, NoticeKind};

/// The record of what was told.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Desk {
    /// What was told of as waiting, by its title: the plan, and when.
    waiting: BTreeMap<String, (Option<i64>, Timestamp)>,
    /// Since when each plan is overdue that was told of as overdue.
    overdue: BTreeMap<i64, Timestamp>,
    /// What waits for the end of the quiet hours.
    held: Vec<Notice>,
}

impl Desk {
    /// Takes in what happened; returns it when it is to be told now.
    pub(super) fn take(
        &mut self,
        notice: Notice,
        wishes: Wishes,
        now: Timestamp,
    ) -> Option<Notice> {
        let told = self.waiting.get(&notice.title).map(|(_, told)| *told);
        let decided = verdict(notice.kind, wishes, now, told);
        let again = notice.kind == NoticeKind::Waiting && decided == Verdict::Never;
        if !again {
            self.held.retain(|held| !is_of_the_same(held, &notice));
        }
        if notice.kind == NoticeKind::Waiting && decided != Verdict::Never {
            let title = notice.title.clone();
            self.waiting.insert(title, (notice.plan, now));
        }
        match decided {
            Verdict::Now => Some(notice),
            Verdict::Later => {
                self.held.push(notice);
                None
            }
            Verdict::Never => None,
        }
    }

    /// Whether it is news that a plan is overdue since this time.
    pub(super) fn is_overdue(&mut self, plan: i64, since: Timestamp) -> bool {
        self.overdue.insert(plan, since) != Some(since)
    }

    /// Forgets plans that are gone.
    pub(super) fn keep(&mut self, plan_exists: impl Fn(i64) -> bool) {
        let exists = |plan: Option<i64>| plan.is_none_or(&plan_exists);
        self.waiting.retain(|_, (plan, _)| exists(*plan));
        self.overdue.retain(|plan, _| exists(Some(*plan)));
        self.held.retain(|notice| exists(notice.plan));
    }

    /// What was held, once no hours are quiet. What waits is told of then.
    pub(super) fn release(&mut self, wishes: Wishes, now: Timestamp) -> Vec<Notice> {
        if wishes.quiet_until.is_some_and(|until| now < until) {
            return Vec::new();
        }
        for held in &self.held {
            if let Some((_, told)) = self.waiting.get_mut(&held.title) {
                *told = now;
            }
        }
        std::mem::take(&mut self.held)
    }
}

/// Whether the later of two notices says what the other said, and more.
fn is_of_the_same(held: &Notice, later: &Notice) -> bool {
    match (held.plan, later.plan) {
        (Some(held), Some(later)) => held == later,
        _ => held.job == later.job,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    const MORNING: &str = "2026-07-11T05:00:00Z";

    fn quiet() -> Wishes {
        Wishes {
            success: false,
            warnings: true,
            quiet_until: Some(at(MORNING)),
        }
    }

    fn awake() -> Wishes {
        Wishes {
            quiet_until: None,
            ..quiet()
        }
    }

    fn notice(kind: NoticeKind, plan: i64, job: i64) -> Notice {
        Notice {
            kind,
            title: format!("Plan {plan} waits for its drive"),
            body: String::new(),
            plan: Some(plan),
            job: Some(job),
            retry: false,
        }
    }

    #[test]
    fn a_failure_of_the_night_is_told_in_the_morning() {
        let mut desk = Desk::default();
        let failed = notice(NoticeKind::Failure, 1, 7);
        assert_eq!(
            desk.take(failed.clone(), quiet(), at("2026-07-11T01:00:00Z")),
            None
        );
        assert_eq!(desk.release(quiet(), at("2026-07-11T04:59:00Z")), []);
        // It outlives a restart.
        let mut desk: Desk = serde_json::from_str(&serde_json::to_string(&desk).unwrap()).unwrap();
        assert_eq!(desk.release(awake(), at(MORNING)), [failed]);
        assert_eq!(desk.release(awake(), at(MORNING)), []);
    }

    #[test]
    fn a_failure_that_was_mended_in_the_night_is_no_news_in_the_morning() {
        let mut desk = Desk::default();
        desk.take(
            notice(NoticeKind::Failure, 1, 7),
            quiet(),
            at("2026-07-11T01:00:00Z"),
        );
        desk.take(
            notice(NoticeKind::Failure, 2, 8),
            quiet(),
            at("2026-07-11T02:00:00Z"),
        );
        desk.take(
            notice(NoticeKind::Success, 1, 9),
            quiet(),
            at("2026-07-11T03:00:00Z"),
        );
        let told = desk.release(awake(), at(MORNING));
        assert_eq!(told, [notice(NoticeKind::Failure, 2, 8)]);
    }

    #[test]
    fn of_one_plan_the_latest_is_told() {
        let mut desk = Desk::default();
        for job in 7..10 {
            desk.take(
                notice(NoticeKind::Failure, 1, job),
                quiet(),
                at("2026-07-11T01:00:00Z"),
            );
        }
        let told = desk.release(awake(), at(MORNING));
        assert_eq!(told, [notice(NoticeKind::Failure, 1, 9)]);
    }

    #[test]
    fn a_wait_is_told_once_a_day_for_each_reason_and_stays_held_meanwhile() {
        let mut desk = Desk::default();
        let wait = |plan| notice(NoticeKind::Waiting, plan, plan);
        let now = at("2026-07-11T01:00:00Z");
        assert_eq!(desk.take(wait(1), quiet(), now), None);
        assert_eq!(desk.take(wait(1), quiet(), now), None);
        assert_eq!(desk.release(awake(), at(MORNING)), [wait(1)]);
        assert_eq!(desk.take(wait(1), awake(), at(MORNING)), None);
        assert_eq!(desk.take(wait(2), awake(), at(MORNING)), Some(wait(2)));
        let for_another = Notice {
            title: "Plan 1 waits for its passphrase".into(),
            plan: None,
            ..wait(1)
        };
        for told in [Some(for_another.clone()), None] {
            assert_eq!(desk.take(for_another.clone(), awake(), at(MORNING)), told);
        }
        // It was told in the morning, not in the night before.
        for (hour, told) in [
            ("2026-07-11T21:00:00Z", None),
            ("2026-07-12T01:00:00Z", Some(wait(1))),
        ] {
            assert_eq!(desk.take(wait(1), awake(), at(hour)), told, "{hour}");
        }
    }

    #[test]
    fn a_plan_is_overdue_once_until_it_is_overdue_anew() {
        let mut desk = Desk::default();
        let (one, other) = (at("2026-07-11T16:00:00Z"), at("2026-08-11T16:00:00Z"));
        assert!(desk.is_overdue(1, one));
        assert!(!desk.is_overdue(1, one));
        assert!(desk.is_overdue(2, one));
        assert!(desk.is_overdue(1, other));
        desk.keep(|plan| plan == 2);
        assert!(desk.is_overdue(1, other));
        assert!(!desk.is_overdue(2, one));
    }
}
