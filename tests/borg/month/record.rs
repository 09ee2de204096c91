//! The record of the month as lines that a person can write: what happened, what ran, what waited, what was told, and
//! until when each plan's last good backup counts.
//!
//! A line begins with the time on the person's wall; those of a plan are in its own zone, and that at which a job
//! began is left out where it is the line's. A plan that ran after it waited says so.

use std::collections::BTreeMap;

use alcove_api::Notice;
use alcove_api::types::{Job, Plan};
use alcove_store::{JobKind, Trigger};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What was seen of a plan last.
#[derive(Default)]
struct Known {
    until: Option<String>,
    /// What it waits for, and since when.
    waits: Option<String>,
}

/// Is written to at moments at which nothing goes on.
pub(super) struct Record {
    /// The person's.
    zone: TimeZone,
    /// What stands for `~`.
    home: String,
    plans: BTreeMap<i64, Known>,
    lines: Vec<String>,
}

impl Record {
    pub(super) fn new(zone: TimeZone, home: String) -> Self {
        Self {
            zone,
            home,
            plans: BTreeMap::new(),
            lines: Vec::new(),
        }
    }

    /// Notes what happens to the laptop.
    pub(super) fn happens(&mut self, now: Timestamp, what: &str) {
        self.line(now, "---", what);
    }

    /// Notes what there is in the end.
    pub(super) fn keeps(&mut self, now: Timestamp, what: &str) {
        self.line(now, "keeps", what);
    }

    /// Notes what has come of it: the jobs that have ended, oldest first, how the plans are, and what was told.
    pub(super) fn note(&mut self, now: Timestamp, jobs: &[Job], plans: &[Plan], told: &[Notice]) {
        let mut known = std::mem::take(&mut self.plans);
        for job in jobs {
            let plan = plans.iter().find(|plan| Some(plan.id) == job.plan);
            let zone = plan.map_or_else(|| self.zone.clone(), zone);
            let mut words = of_job(job, &zone, &on_the_wall(now, &self.zone));
            if let Some(plan) = plan {
                let before = known.entry(plan.id).or_default();
                if plan.waiting_for.is_none() && before.waits.take().is_some() {
                    words.push("waited".to_owned());
                }
                let until = until(plan);
                if let Some(until) = until.filter(|until| before.until.as_ref() != Some(until)) {
                    words.push(format!("counts until {until}"));
                    before.until = Some(until);
                }
            }
            self.line(now, &job.kind.to_string(), &words.join(", "));
        }
        for plan in plans {
            let before = known.entry(plan.id).or_default();
            let waits = plan.waiting_for.as_ref().map(|waiting| {
                let since = wall(&waiting.since, &zone(plan));
                format!("since {since}: {}", waiting.message)
            });
            if waits != before.waits {
                let what = waits.as_deref().unwrap_or("no more");
                self.line(now, "waits", &format!("{} {what}", plan.name));
                before.waits = waits;
            }
            let until = until(plan);
            if until != before.until {
                let what = until.as_deref().unwrap_or("no time");
                self.line(now, "counts", &format!("{} until {what}", plan.name));
                before.until = until;
            }
        }
        self.plans = known;
        let mut said: Vec<String> = told
            .iter()
            .map(|notice| format!("{}. {}", notice.title, notice.body))
            .collect();
        said.sort();
        for said in said {
            self.line(now, "told", &said);
        }
    }

    /// All of it.
    pub(super) fn text(&self) -> String {
        self.lines.join("\n") + "\n"
    }

    fn line(&mut self, now: Timestamp, word: &str, what: &str) {
        let time = on_the_wall(now, &self.zone);
        let what = what.replace(&self.home, "~");
        self.lines.push(format!("{time}  {word:<7} {what}"));
    }
}

/// The words for a job in a line that begins with the time `now`: its own is said where it is another.
fn of_job(job: &Job, zone: &TimeZone, now: &str) -> Vec<String> {
    let name = job.plan_name.as_deref().unwrap_or("of Backup SSD");
    let started = job.started_at.as_deref().unwrap_or(&job.created_at);
    let started = wall(started, zone);
    let at = match started.as_str() {
        started if started == now => String::new(),
        started => format!(" at {started}"),
    };
    let by = match job.triggered_by {
        Trigger::Schedule => "by schedule",
        Trigger::Manual => "by hand",
    };
    let mut words = vec![format!("{name}{at} {by}"), job.status.to_string()];
    words.extend(job.error_code.clone());
    if job.attempt > 1 {
        words.push(format!("attempt {}", job.attempt));
    }
    if job.kind == JobKind::Backup {
        words.extend(job.maintenance_status.map(|status| status.to_string()));
    }
    words
}

fn zone(plan: &Plan) -> TimeZone {
    let schedule = plan.schedule.as_ref().unwrap();
    TimeZone::get(&schedule.time_zone).unwrap()
}

fn until(plan: &Plan) -> Option<String> {
    let until = plan.protected_until.as_ref()?;
    Some(wall(until, &zone(plan)))
}

fn wall(time: &str, zone: &TimeZone) -> String {
    on_the_wall(time.parse().unwrap(), zone)
}

/// `Sat 03 Oct 18:00 CEST`
fn on_the_wall(time: Timestamp, zone: &TimeZone) -> String {
    let time = time.to_zoned(zone.clone());
    time.strftime("%a %d %b %H:%M %Z").to_string()
}
