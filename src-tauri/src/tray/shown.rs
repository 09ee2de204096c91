//! What the tray shows: a pure function of what is known, without a word of how a desktop shows it.

use std::collections::BTreeMap;

use alcove_api::types::{Job, Plan, Plans};
use alcove_api::{JobKind, Status, WaitingFor};
use jiff::{Timestamp, ToSpan as _, Zoned};

/// The silhouette of the icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Sign {
    #[default]
    Idle,
    Running,
    /// Something needs a person.
    Attention,
    Paused,
}

/// A plan that can be backed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) name: String,
    pub(super) plan: i64,
    /// The location of its repository.
    pub(super) repository: String,
    /// Whether no backup of it is under way.
    pub(super) free: bool,
}

/// What the tray shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Shown {
    pub(super) sign: Sign,
    /// What there is to say, in one line.
    pub(super) line: String,
    /// What runs next by itself.
    pub(super) next: Option<String>,
    pub(super) choices: Vec<Choice>,
    pub(super) paused: bool,
    pub(super) has_schedules: bool,
}

impl Shown {
    /// What is shown of these plans, while these jobs have not ended.
    pub(super) fn of(plans: &Plans, open: &BTreeMap<i64, Job>, now: &Zoned) -> Self {
        let enabled: Vec<&Plan> = plans.plans.iter().filter(|plan| plan.enabled).collect();
        let paused = plans.paused_until.as_deref().and_then(moment);
        let paused = paused.filter(|until| *until > now.timestamp());
        let (sign, line) = running(open)
            .or_else(|| attention(&enabled, now))
            .or_else(|| {
                let until = when(paused?, now);
                Some((Sign::Paused, format!("Paused until {until}")))
            })
            .unwrap_or_else(|| (Sign::Idle, calm(&enabled)));
        Self {
            sign,
            line,
            next: paused.is_none().then(|| next(&enabled, now)).flatten(),
            choices: enabled.iter().map(|plan| choice(plan, open)).collect(),
            paused: paused.is_some(),
            has_schedules: enabled.iter().any(|plan| plan.schedule.is_some()),
        }
    }
}

fn choice(plan: &Plan, open: &BTreeMap<i64, Job>) -> Choice {
    let is_its = |job: &Job| job.kind == JobKind::Backup && job.plan == Some(plan.id);
    Choice {
        name: plan.name.clone(),
        plan: plan.id,
        repository: plan.repository.path.clone(),
        free: !open.values().any(is_its),
    }
}

fn running(open: &BTreeMap<i64, Job>) -> Option<(Sign, String)> {
    let mut active = open.values().filter(|job| job.active);
    let first = active.next()?;
    let name = first.plan_name.as_deref().unwrap_or(&first.repository);
    let line = match (first.kind, first.status) {
        (JobKind::Check, _) => format!("Checking {name}"),
        (JobKind::Compact, _) => format!("Compacting {name}"),
        (JobKind::Prune, _) => format!("Pruning {name}"),
        (JobKind::Backup, Status::Pending | Status::Running) => {
            let left = left(first.progress_details.estimated_time_remaining);
            format!("{name}, {}%{left}", first.progress)
        }
        (JobKind::Backup, status) if status.is_safe() => {
            format!("{name} is backed up, finishing")
        }
        (JobKind::Backup, _) => format!("{name} did not finish, its scripts run"),
    };
    let line = match active.count() {
        0 => line,
        more => format!("{line}, and {more} more"),
    };
    Some((Sign::Running, line))
}

/// The time left, in words that change seldom.
fn left(seconds: u64) -> String {
    match seconds {
        0 => String::new(),
        1..60 => ", less than a minute left".to_owned(),
        60..3600 => format!(", about {} min left", seconds.div_ceil(60)),
        _ => format!(", about {} h left", seconds.div_ceil(3600)),
    }
}

fn attention(enabled: &[&Plan], now: &Zoned) -> Option<(Sign, String)> {
    let last = |plan: &Plan, wanted: fn(&Job) -> bool| plan.last_job.as_ref().is_some_and(wanted);
    let failed = |plan: &Plan| last(plan, |job| job.status == Status::Failed);
    let waits = |plan: &Plan| {
        last(plan, |job| {
            job.ended_at.is_none() && !matches!(job.waiting_for, None | Some(WaitingFor::Lock))
        })
    };
    let overdue = |plan: &Plan| {
        let until = plan.protected_until.as_deref().and_then(moment);
        until.is_some_and(|until| until < now.timestamp())
    };
    let said = |which: &dyn Fn(&Plan) -> bool, one: &str, many: &str| {
        let all: Vec<&&Plan> = enabled.iter().filter(|plan| which(plan)).collect();
        match all.as_slice() {
            [] => None,
            [only] => Some(format!("{} {one}", only.name)),
            several => Some(format!("{} plans {many}", several.len())),
        }
    };
    said(&failed, "did not finish", "need attention")
        .or_else(|| said(&waits, "waits for you", "wait for you"))
        .or_else(|| said(&overdue, "is overdue", "are overdue"))
        .map(|line| (Sign::Attention, line))
}

fn calm(enabled: &[&Plan]) -> String {
    if enabled.is_empty() {
        return "Nothing is backed up".to_owned();
    }
    match enabled.iter().find(|plan| plan.last_good.is_none()) {
        Some(plan) => format!("{} is not protected yet", plan.name),
        None => "Everything is protected".to_owned(),
    }
}

fn next(enabled: &[&Plan], now: &Zoned) -> Option<String> {
    let of_plan = |plan: &&&Plan| {
        let schedule = plan.schedule.as_ref()?;
        moment(schedule.next_runs.first()?)
    };
    let plan = enabled
        .iter()
        .filter(|plan| of_plan(plan).is_some())
        .min_by_key(of_plan)?;
    Some(format!(
        "Next: {}, {}",
        plan.name,
        when(of_plan(&plan)?, now)
    ))
}

/// A time to come as people say it: `18:00`, `tomorrow, 03:00`, `Monday, 03:00`, `3 February, 03:00`.
fn when(at: Timestamp, now: &Zoned) -> String {
    let at = at.to_zoned(now.time_zone().clone());
    let (day, today) = (at.date(), now.date());
    let format = if day == today {
        "%H:%M"
    } else if today.tomorrow().is_ok_and(|tomorrow| day == tomorrow) {
        "tomorrow, %H:%M"
    } else if day < today.saturating_add(7.days()) {
        "%A, %H:%M"
    } else {
        "%-d %B, %H:%M"
    };
    at.strftime(format).to_string()
}

fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_to_come_are_said_as_people_say_them() {
        let now: Zoned = "2026-03-12T18:06[Europe/Berlin]".parse().unwrap();
        for (at, said) in [
            ("2026-03-12T18:00:00Z", "19:00"),
            ("2026-03-13T02:00:00Z", "tomorrow, 03:00"),
            ("2026-03-16T02:00:00Z", "Monday, 03:00"),
            ("2026-04-01T01:00:00Z", "1 April, 03:00"),
        ] {
            assert_eq!(when(at.parse().unwrap(), &now), said);
        }
    }

    #[test]
    fn the_time_left_is_said_roughly() {
        assert_eq!(left(0), "");
        assert_eq!(left(59), ", less than a minute left");
        assert_eq!(left(250), ", about 5 min left");
        assert_eq!(left(3700), ", about 2 h left");
    }
}
