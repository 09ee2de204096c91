//! The scheduler: a thread that starts the backups of plans, and the checks of repositories, when they are due.
//!
//! What is due is [`crate::due`]'s to decide; here the facts are put together. A plan with a backup that has not ended
//! is looked at again after its end, so that none queues up behind itself. One that has to wait makes no job: what it
//! waits for is known while it does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use alcove_store::{
    CheckRhythm, Job, JobFilter, JobKind, Phase, Plan, Repository, Schedule, Status, Trigger,
};
use jiff::{SignedDuration, Timestamp};

use crate::changes::Change;
use crate::conditions::Waiting;
use crate::due::{Checks, Conditions, Decision, History, Rhythm, Run, check_due, due};
use crate::engine::{Engine, Inner, WeakEngine};
use crate::error::{ErrorCode, Failure};

/// The wall clock is looked at this often: it may be put, and the computer may sleep.
const LOOK: Duration = Duration::from_mins(1);
/// The wall clock is ahead of the time that was waited by more than this when the computer slept.
const SLEPT: SignedDuration = SignedDuration::from_secs(30);

const BY_ITSELF: Trigger = Trigger::Schedule;

/// What others share with the thread.
#[derive(Debug, Default)]
pub(crate) struct Scheduler {
    /// How it is woken; without it nothing starts by itself any more.
    wake: Mutex<Option<SyncSender<()>>>,
    /// Since when the computer is awake.
    awake: Mutex<Awake>,
    /// The plans that are due and wait.
    waiting: Mutex<BTreeMap<i64, Waiting>>,
    /// The repositories whose place is asked whether it is there, and has not answered.
    asked: Mutex<BTreeSet<i64>>,
    /// The plans that are due and whose drive is plugged in but not mounted, since when.
    unmounted: Mutex<BTreeMap<i64, Timestamp>>,
}

/// Since when the computer is awake, as far as Alcove knows.
#[derive(Debug, Default)]
struct Awake {
    since: Option<Timestamp>,
    looked: Option<(Timestamp, Duration)>,
    /// The computer has said that it slept, since it was looked last. One that does not say is known by its clocks.
    slept: bool,
}

impl Awake {
    fn look(&mut self, now: Timestamp, monotonic: Duration) -> Timestamp {
        let by_its_clocks = self.looked.is_some_and(|(wall, waited)| {
            let waited = monotonic.saturating_sub(waited);
            let passed = now.duration_since(wall);
            SignedDuration::try_from(waited).is_ok_and(|waited| passed - waited > SLEPT)
        });
        let slept = std::mem::take(&mut self.slept) || by_its_clocks;
        self.looked = Some((now, monotonic));
        // A clock that was ahead is put back.
        let since = self.since.filter(|_| !slept);
        *self.since.insert(since.map_or(now, |since| since.min(now)))
    }
}

impl Engine {
    /// Starts the thread that starts what is due.
    pub(crate) fn watch_schedules(&self) {
        let (wake, woken) = sync_channel(1);
        *self.inner().scheduler.lock() = Some(wake);
        let engine = self.downgrade();
        self.inner().awake_since();
        let thread = std::thread::Builder::new()
            .name("alcove-scheduler".into())
            .spawn(move || watch(&engine, &woken));
        if let Err(error) = thread {
            log::error!("no plan runs by itself: {error}");
        }
    }

    /// Starts what is due, and returns how long to wait at most before the next look; without a plan that runs by itself
    /// for as long as nobody makes one.
    fn start_due(&self) -> Option<Duration> {
        let inner = self.inner();
        let awake_since = inner.awake_since();
        let now = inner.world.clock.now();
        if inner.scheduler.is_stopped() {
            return None;
        }
        let plans = match self.paused_until() {
            Ok(Some(until)) => {
                inner.note_waiting(BTreeMap::new());
                return Some(until.duration_since(now).unsigned_abs().min(LOOK));
            }
            Ok(None) => inner.store.plans().map_err(Failure::from),
            Err(failure) => Err(failure),
        };
        let plans = match plans {
            Ok(plans) => plans,
            Err(error) => {
                log::error!("what is due could not be read: {error}");
                return Some(LOOK);
            }
        };
        let mut next = None;
        let mut waiting = BTreeMap::new();
        for plan in plans.iter().filter(|plan| plan.enabled) {
            let Some(schedule) = &plan.schedule else {
                continue;
            };
            let next = next.get_or_insert(LOOK);
            let decided = self
                .repository(plan.repository)
                .and_then(|to| Ok((self.decide(plan, &to, schedule, now, awake_since)?, to)));
            match decided {
                Ok((Decision::Wait(until), _)) => {
                    let wait = until.duration_since(now).unsigned_abs();
                    *next = wait.min(*next);
                }
                Ok((Decision::Never, _)) => {}
                Ok((Decision::Hold(since, unmet), repository)) => {
                    let sentence = unmet.sentence(&repository.name);
                    let waits = Waiting {
                        unmet,
                        sentence,
                        since,
                    };
                    waiting.insert(plan.id, waits);
                }
                Ok((Decision::Start(slot), _)) => {
                    log::info!("plan {} is due since {slot}", plan.id);
                    let start = || {
                        // Looked up again: its drive may have come back at another place.
                        let repository = self.repository(plan.repository)?;
                        let location = &repository.location;
                        self.start_backup_at(
                            Ok(&repository),
                            location,
                            Some(plan.id),
                            BY_ITSELF,
                            None,
                        )
                    };
                    if let Err(failure) = self.start_scheduled(start) {
                        log::error!("plan {} did not start: {failure}", plan.id);
                    }
                }
                Err(failure) => log::error!("plan {} is not looked at: {failure}", plan.id),
            }
        }
        inner.note_waiting(waiting);
        self.start_due_checks(now, awake_since)
            .into_iter()
            .chain(next)
            .min()
    }

    /// Starts the checks that are due, and returns how long to wait at most before the next look.
    fn start_due_checks(&self, now: Timestamp, awake_since: Timestamp) -> Option<Duration> {
        let repositories = match self.store().repositories() {
            Ok(repositories) => repositories,
            Err(error) => {
                log::error!("which checks are due could not be read: {error}");
                return Some(LOOK);
            }
        };
        let mut next = None;
        for repository in &repositories {
            let Some(rhythm) = &repository.check else {
                continue;
            };
            let next = next.get_or_insert(LOOK);
            match self.decide_check(repository, rhythm, now, awake_since) {
                Ok(Decision::Wait(until)) => {
                    *next = until.duration_since(now).unsigned_abs().min(*next);
                }
                Ok(Decision::Start(slot)) => {
                    let id = repository.id;
                    log::info!("the check of repository {id} is due since {slot}");
                    let start =
                        || self.start_maintenance(id, JobKind::Check, None, BY_ITSELF, None);
                    if let Err(failure) = self.start_scheduled(start) {
                        log::error!("the check of repository {id} did not start: {failure}");
                    }
                }
                Ok(Decision::Hold(..) | Decision::Never) => {}
                Err(failure) => {
                    log::error!("repository {} is not looked at: {failure}", repository.id);
                }
            }
        }
        next
    }

    /// Decides whether a repository is to be checked; one with a check that has not ended is looked at again.
    fn decide_check(
        &self,
        repository: &Repository,
        rhythm: &CheckRhythm,
        now: Timestamp,
        awake_since: Timestamp,
    ) -> Result<Decision, Failure> {
        let jobs = self.jobs(&JobFilter {
            kind: Some(JobKind::Check),
            repository: Some(repository.location.clone()),
            limit: 1,
            ..JobFilter::default()
        })?;
        let tried = jobs.first().map(|seen| &seen.job);
        let last = self.store().last_check(&repository.location)?;
        let running = |job: &Job| job.ended_at.is_none();
        if tried.is_some_and(running) || last.as_ref().is_some_and(running) {
            return Ok(Decision::Wait(now + LOOK));
        }
        let checks = Checks {
            last: last.as_ref().map(begun),
            tried: tried.map(begun),
        };
        let decision = check_due(now, rhythm, &checks, awake_since);
        if let Decision::Start(slot) = decision
            && let Some(unmet) = self.away(repository)?
        {
            return Ok(Decision::Hold(slot, unmet));
        }
        Ok(decision)
    }

    fn decide(
        &self,
        plan: &Plan,
        repository: &Repository,
        schedule: &Schedule,
        now: Timestamp,
        awake_since: Timestamp,
    ) -> Result<Decision, Failure> {
        let rhythm = Rhythm::of(schedule)?;
        let jobs = self.jobs(&JobFilter {
            kind: Some(JobKind::Backup),
            plan: Some(plan.id),
            limit: 2,
            ..JobFilter::default()
        })?;
        let jobs: Vec<Job> = jobs.into_iter().map(|seen| seen.job).collect();
        if jobs.iter().any(|job| job.ended_at.is_none()) {
            return Ok(Decision::Wait(now + LOOK));
        }
        let interrupted = ErrorCode::Interrupted.as_str();
        let mut runs = jobs.iter().map(|job| Run {
            asked: begun(job),
            interrupted: job.status == Status::Failed
                && job.error_code.as_deref() == Some(interrupted),
        });
        let history = History {
            since: schedule.since,
            runs: [runs.next(), runs.next()],
        };
        let unmet = || {
            self.unmet(plan, repository).unwrap_or_else(|failure| {
                // A job says better what is wrong.
                log::warn!("what plan {} needs is not known: {failure}", plan.id);
                None
            })
        };
        let conditions = Conditions {
            awake_since,
            unmet: &unmet,
        };
        Ok(due(now, &rhythm, &history, &conditions))
    }

    /// Starts what is due, unless Alcove is about to close.
    fn start_scheduled(&self, start: impl FnOnce() -> Result<i64, Failure>) -> Result<(), Failure> {
        // Held until it is started, so that nothing starts behind a shut-down.
        let wake = self.inner().scheduler.lock();
        if wake.is_some() {
            start()?;
        }
        Ok(())
    }

    /// What a plan that is due waits for; `None`: it is not due, or does not wait.
    pub fn waiting(&self, plan: i64) -> Option<Waiting> {
        self.inner().scheduler.waiting().get(&plan).cloned()
    }

    /// The next times at which a plan runs by itself, the first `most`, and its schedule in words.
    pub fn upcoming(
        &self,
        schedule: &Schedule,
        most: usize,
    ) -> Result<(String, Vec<Timestamp>), Failure> {
        let rhythm = Rhythm::of(schedule)?;
        let now = self.world().clock.now();
        let times = std::iter::successors(rhythm.next(now), |last| rhythm.next(*last));
        Ok((rhythm.words(), times.take(most).collect()))
    }
}

/// When a job was asked for, or last began: one that waited long for an answer stands for what came due meanwhile.
fn begun(job: &Job) -> Timestamp {
    let began = job.phases.iter().rev();
    let mut began = began.filter(|began| began.phase == Phase::Preparing);
    began.next().map_or(job.created_at, |began| began.at)
}

impl Scheduler {
    fn lock(&self) -> MutexGuard<'_, Option<SyncSender<()>>> {
        self.wake.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn waiting(&self) -> MutexGuard<'_, BTreeMap<i64, Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn asked(&self) -> MutexGuard<'_, BTreeSet<i64>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn unmounted(&self) -> MutexGuard<'_, BTreeMap<i64, Timestamp>> {
        self.unmounted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn awake(&self) -> MutexGuard<'_, Awake> {
        self.awake.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nothing starts by itself any more.
    pub(crate) fn is_stopped(&self) -> bool {
        self.lock().is_none()
    }

    /// Notes that the computer has slept.
    pub(crate) fn note_sleep(&self) {
        self.awake().slept = true;
    }

    /// Ends it: nothing starts by itself from now on.
    pub(crate) fn stop(&self) {
        *self.lock() = None;
    }
}

impl Inner {
    /// Has the scheduler look now, not only after its wait.
    pub(crate) fn look_at_schedules(&self) {
        if let Some(wake) = &*self.scheduler.lock() {
            // When one is there already, it is woken anyway.
            let _ = wake.try_send(());
        }
    }

    fn note_waiting(&self, now: BTreeMap<i64, Waiting>) {
        let mut waiting = self.scheduler.waiting();
        if *waiting == now {
            return;
        }
        *waiting = now;
        drop(waiting);
        self.tell(&Change::Plans);
    }

    /// Since when the computer is awake, or Alcove runs.
    pub(crate) fn awake_since(&self) -> Timestamp {
        let clock = &self.world.clock;
        let mut awake = self.scheduler.awake();
        awake.look(clock.now(), clock.monotonic())
    }
}

/// Looks again and again, until the engine is gone or closed.
fn watch(engine: &WeakEngine, woken: &Receiver<()>) {
    let mut wait = Some(Duration::ZERO);
    loop {
        let heard = match wait {
            Some(wait) => woken.recv_timeout(wait),
            None => woken.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        if heard == Err(RecvTimeoutError::Disconnected) {
            return;
        }
        let Some(engine) = engine.upgrade() else {
            return;
        };
        wait = engine.start_due();
    }
}
