//! The thread that brings what happens before the desk, and what is to be told to the door.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TrySendError, sync_channel};
use std::time::Duration;

use alcove_store::{Job, Plan};
use jiff::{SignedDuration, Timestamp};

use super::desk::Desk;
use super::rules::Wishes;
use super::{Notice, words};
use crate::changes::{Change, Listener};
use crate::engine::{Engine, WeakEngine};
use crate::error::Failure;
use crate::place;

/// The record of the desk in the store.
const KEY: &str = "notices";
/// How often is looked whether a plan is overdue and whether the quiet hours are over.
const LOOK: Duration = Duration::from_mins(5);
/// A plan that is overdue is told of when the computer has been awake, and no pause has held, for so long: what was
/// missed is caught up first.
const SETTLED: SignedDuration = SignedDuration::from_mins(15);
/// A plan that is due and waits is told of when it has waited for so long: a drive is plugged in within the hour.
const LONG: SignedDuration = SignedDuration::from_hours(1);
/// More jobs than this do not end at once.
const MOST: usize = 256;

impl Engine {
    /// Tells of what a person should know, for as long as the engine is there. `tell` is called on a thread of its own.
    pub fn watch_notices(&self, tell: impl Fn(Notice) + Send + 'static) {
        let (note, noted) = sync_channel(MOST);
        let listener: Arc<Listener> = Arc::new(move |change| {
            let ended = match change {
                Change::Job(view) if view.job.ended_at.is_some() => Some(view.job.clone()),
                Change::Job(view) if view.job.waiting_for.is_none() => return,
                Change::Job(_) | Change::Plans | Change::Settings => None,
            };
            if let Err(TrySendError::Full(Some(job))) = note.try_send(ended) {
                log::warn!("nobody is told of job {}", job.id);
            }
        });
        self.listen(&listener);
        let engine = self.downgrade();
        let thread = std::thread::Builder::new()
            .name("alcove-notices".into())
            .spawn(move || {
                watch(&engine, &noted, &tell);
                drop(listener);
            });
        if let Err(error) = thread {
            log::error!("nobody is told of anything: {error}");
        }
    }

    /// Takes in a job that has ended, looks what waits and what is overdue, and returns what is to be told now. `unsaved`
    /// is the desk for as long as it cannot be saved: a full disk of its own is no reason to tell nothing.
    fn notices(
        &self,
        ended: Option<&Job>,
        unsaved: &mut Option<Desk>,
    ) -> Result<Vec<Notice>, Failure> {
        let awake_since = self.inner().awake_since();
        let now = self.world().clock.now();
        let wishes = self.wishes(now);
        let known = self.store().setting(KEY)?;
        let before: Desk = known
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        let mut desk = unsaved.clone().unwrap_or_else(|| before.clone());
        let mut tell = desk.release(wishes, now);
        let ended = ended.and_then(|job| self.of_end(job, wishes));
        let mut happened: Vec<Notice> = ended.into_iter().collect();
        let open = self.unfinished().into_iter();
        happened.extend(open.filter_map(|view| words::of_job(&view.job)));
        let runs_since = self.last_pause()?.max(Some(awake_since));
        if runs_since.is_some_and(|since| now.duration_since(since) >= SETTLED) {
            let plans = self.store().plans()?;
            happened.extend(plans.iter().filter_map(|plan| self.of_wait(plan, now)));
            happened.extend(self.overdue(&plans, &mut desk, now)?);
        }
        tell.extend(
            happened
                .into_iter()
                .filter_map(|notice| desk.take(notice, wishes, now)),
        );
        *unsaved = None;
        if desk != before {
            let text = serde_json::to_string(&desk).unwrap_or_default();
            if let Err(error) = self.store().set_setting(KEY, Some(&text)) {
                log::warn!("what was told is kept in memory: {error}");
                *unsaved = Some(desk);
            }
        }
        Ok(tell)
    }

    fn wishes(&self, now: Timestamp) -> Wishes {
        let settings = self.settings();
        let now = now.to_zoned(self.world().zone.clone());
        Wishes {
            success: settings.notify_success,
            warnings: settings.notify_warnings,
            quiet_until: settings.quiet_hours.and_then(|hours| hours.end(&now)),
        }
    }

    /// What to say of a job that has ended, and of its drive. Who is told in the morning is told nothing of that: it may
    /// be otherwise by then.
    fn of_end(&self, job: &Job, wishes: Wishes) -> Option<Notice> {
        let notice = words::of_job(job)?;
        if !job.status.is_safe() || wishes.quiet_until.is_some() {
            return Some(notice);
        }
        let location = place::without_trailing_slash(&job.repository);
        let repository = self.store().repository_at(location).ok().flatten();
        let drive = repository.and_then(|repository| self.unplug(&repository));
        Some(match drive {
            Some(drive) => words::and_unplug(notice, &drive),
            None => notice,
        })
    }

    /// What to say of a plan that has waited for long, although it is due.
    fn of_wait(&self, plan: &Plan, now: Timestamp) -> Option<Notice> {
        let waiting = self.waiting(plan.id)?;
        let long = now.duration_since(waiting.since) >= LONG;
        long.then(|| words::of_waiting(plan.id, &plan.name, waiting.sentence))
    }

    /// The plans that are overdue and were not told of as such; one whose backup is on its way is not told of yet.
    fn overdue(
        &self,
        plans: &[Plan],
        desk: &mut Desk,
        now: Timestamp,
    ) -> Result<Vec<Notice>, Failure> {
        desk.keep(|id| plans.iter().any(|plan| plan.id == id));
        let active = self.unfinished().into_iter().map(|view| view.job);
        let active: Vec<Job> = active.filter(|job| job.active).collect();
        let is_under_way = |plan: &Plan| active.iter().any(|job| job.plan == Some(plan.id));
        let mut overdue = Vec::new();
        for plan in plans.iter().filter(|plan| !is_under_way(plan)) {
            let good = self.store().last_safe_job(plan.id)?;
            match self.overdue_from(plan, good.as_ref()) {
                Ok(Some(since)) if since <= now && desk.is_overdue(plan.id, since) => {
                    let begun = good.map(|job| job.started_at.unwrap_or(job.created_at));
                    let begun = begun.map(|at| at.to_zoned(self.world().zone.clone()));
                    overdue.push(words::of_overdue(plan.id, &plan.name, begun.as_ref()));
                }
                Ok(_) => {}
                Err(failure) => log::debug!("plan {} has no time to be due: {failure}", plan.id),
            }
        }
        Ok(overdue)
    }
}

/// Looks again and again, until the engine is gone. One that is shut down may go on: somebody gives that up.
fn watch(engine: &WeakEngine, noted: &Receiver<Option<Job>>, tell: &impl Fn(Notice)) {
    let mut unsaved = None;
    loop {
        let ended = match noted.recv_timeout(LOOK) {
            Ok(ended) => ended,
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let Some(engine) = engine.upgrade() else {
            return;
        };
        if engine.inner().scheduler.is_stopped() {
            continue;
        }
        match engine.notices(ended.as_ref(), &mut unsaved) {
            Ok(notices) => notices.into_iter().for_each(tell),
            Err(failure) => log::warn!("what to tell is not known: {failure}"),
        }
    }
}
