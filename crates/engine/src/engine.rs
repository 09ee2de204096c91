//! The engine: the one place doors come to.
//!
//! It keeps the jobs that have not ended in memory, gives each its turn and its thread, and answers
//! from memory while a job lives and from the store afterwards.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use alcove_borg::{Borg, Environment, Passphrase, Unusable};
use alcove_store::{
    Job, JobFilter, JobKind, Level, LogPage, LogText, Maintenance, NewJob, Phase, Plan, Repository,
    Status, Store, Trigger, WaitingFor,
};

use crate::access::Tokens;
use crate::changes::{Change, Listener, Listeners};
use crate::error::{ErrorCode, Failure};
use crate::interruption;
use crate::job::run::{self, Control, Ending, Task};
use crate::job::state::{Event, JobState};
use crate::lanes::Lanes;
use crate::place;
use crate::secrets::Secrets;
use crate::settings::Settings;
use crate::world::World;

/// A job, and what only the running engine knows of it.
#[derive(Debug, Clone)]
pub struct JobView {
    /// Its record.
    pub job: Job,
    /// Its place in the lane: 1 is next. `None` unless it waits for its turn.
    pub queue_position: Option<u32>,
    /// Whether a stop was asked for and has not taken effect yet.
    pub cancelling: bool,
    /// Whether it has a log: from its first line until old logs are removed.
    pub has_log: bool,
}

/// A job was told to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelled {
    /// Whether a process was told to stop; false when there was none yet.
    pub process_terminated: bool,
}

/// Runs Alcove's jobs. Clones share one engine.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

/// What the engine's threads share.
pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) world: World,
    pub(crate) environment: Environment,
    pub(crate) secrets: Secrets,
    settings: Mutex<Settings>,
    pub(crate) tokens: Tokens,
    lanes: Mutex<Lanes>,
    /// The last records of jobs that found no room on the disk.
    unsaved: Mutex<BTreeMap<i64, Job>>,
    ended: Condvar,
    listeners: Listeners,
}

impl Engine {
    /// Opens the engine over a store and ends what a crash left unfinished.
    pub fn open(store: Store, world: World) -> Result<Self, Failure> {
        let environment = Environment::from_session(
            world
                .environment
                .iter()
                .map(|(name, value)| (name.clone(), value.clone())),
        );
        let inner = Inner {
            settings: Mutex::new(Settings::load(&store)?),
            secrets: Secrets::new(&world),
            tokens: Tokens::load(&store)?,
            store,
            environment,
            lanes: Mutex::default(),
            unsaved: Mutex::default(),
            ended: Condvar::new(),
            listeners: Listeners::default(),
            world,
        };
        inner.end_interrupted()?;
        inner.trim_logs();
        Ok(Self(Arc::new(inner)))
    }

    /// The store, for records no job touches.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// What the engine was given.
    pub fn world(&self) -> &World {
        &self.0.world
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    /// Finds the Borg in use.
    pub fn borg(&self) -> Result<Borg, Unusable> {
        self.0.borg()
    }

    /// The keyring's name for people, or `None` where there is none. Asks the keyring once.
    pub fn keyring_name(&self) -> Option<String> {
        self.0.secrets.keyring_name()
    }

    /// Has a listener hear of every change for as long as its owner keeps it.
    pub fn listen(&self, listener: &Arc<Listener>) {
        self.0.listeners.add(listener);
    }

    /// Starts a backup of the repository at `location`: of the plan named, or of the one that is
    /// meant. A repository Alcove does not know, or one without a plan, makes a job that has failed.
    /// `retry_of` names the job that is tried again.
    pub fn start_backup(
        &self,
        location: &str,
        plan: Option<i64>,
        trigger: Trigger,
        retry_of: Option<i64>,
    ) -> Result<i64, Failure> {
        place::check("repository", location)?;
        if let Some(tried) = retry_of
            && self.0.store.job(tried)?.is_none()
        {
            return Err(Failure::bad_argument(
                "retry_of",
                format!("There is no job {tried}."),
            ));
        }
        let repository = self
            .0
            .store
            .repository_at(place::without_trailing_slash(location))?;
        let plan = match &repository {
            Some(repository) => self.choose_plan(repository, plan)?,
            None => None,
        };
        let job = self.0.store.insert_job(NewJob {
            kind: JobKind::Backup,
            repository: location.to_owned(),
            plan: plan.as_ref().map(|plan| plan.id),
            plan_name: plan.as_ref().map(|plan| plan.name.clone()),
            trigger,
            retry_of,
            created_at: self.0.world.clock.now(),
        })?;
        let id = job.id;
        let missing = match (&repository, &plan) {
            (None, _) => Some(
                Failure::new(
                    ErrorCode::RepositoryUnknown,
                    format!("Alcove does not know a repository at {location}."),
                )
                .hint("Create it in Alcove first."),
            ),
            (Some(repository), None) => Some(
                Failure::new(
                    ErrorCode::NoPlan,
                    format!(
                        "{} has no plan, so there is nothing to back up.",
                        repository.name
                    ),
                )
                .hint("Make a plan for it first."),
            ),
            _ => None,
        };
        if let Some(failure) = missing {
            self.0.end(job, Status::Failed, Some(&failure))?;
            return Ok(id);
        }
        self.0
            .lanes()
            .add(job, place::without_trailing_slash(location).to_owned());
        self.0.tell_waiting();
        self.pump();
        Ok(id)
    }

    fn choose_plan(
        &self,
        repository: &Repository,
        asked: Option<i64>,
    ) -> Result<Option<Plan>, Failure> {
        let mut plans = self.0.store.plans_of(repository.id)?;
        if let Some(asked) = asked {
            return plans
                .into_iter()
                .find(|plan| plan.id == asked)
                .map(Some)
                .ok_or_else(|| {
                    Failure::bad_argument(
                        "plan",
                        format!("{} has no plan {asked}.", repository.name),
                    )
                });
        }
        plans.retain(|plan| plan.enabled);
        if plans.len() > 1 {
            let chosen = plans
                .iter()
                .position(|plan| plan.is_default)
                .ok_or_else(|| {
                    Failure::bad_argument(
                        "plan",
                        format!(
                            "{} has several plans and none is the default.",
                            repository.name
                        ),
                    )
                    .hint("Say which plan to run.")
                })?;
            return Ok(Some(plans.swap_remove(chosen)));
        }
        Ok(plans.pop())
    }

    /// Stops a job: one that waits is cancelled, one that runs is told to stop, and one whose
    /// archive is safe loses its maintenance. Answers at once.
    pub fn cancel(&self, id: i64) -> Result<Cancelled, Failure> {
        let mut lanes = self.0.lanes();
        let Some(entry) = lanes.get_mut(id) else {
            drop(lanes);
            return Err(already_ended(&self.job(id)?.job));
        };
        if entry.taken {
            entry.control.cancel.store(true, Ordering::Release);
            let process_terminated = entry.control.process.load(Ordering::Acquire);
            let view = lanes.view(id);
            drop(lanes);
            if let Some(view) = view {
                self.0.listeners.tell(&Change::Job(view));
            }
            return Ok(Cancelled { process_terminated });
        }
        let entry = lanes.remove(id);
        drop(lanes);
        if let Some(entry) = entry {
            self.0.end(entry.job, Status::Cancelled, None)?;
            self.0.tell_waiting();
        }
        Ok(Cancelled {
            process_terminated: false,
        })
    }

    /// Returns a job as it is now.
    pub fn job(&self, id: i64) -> Result<JobView, Failure> {
        if let Some(view) = self.0.lanes().view(id) {
            return Ok(view);
        }
        self.0.save_unsaved();
        if let Some(job) = self.0.unsaved().get(&id).cloned() {
            return Ok(self.0.view_of_ended(job));
        }
        let job =
            self.0.store.job(id)?.ok_or_else(|| {
                Failure::new(ErrorCode::NotFound, format!("There is no job {id}."))
            })?;
        Ok(self.0.view_of_ended(job))
    }

    /// Lists jobs, newest first; those that have not ended as they are now.
    pub fn jobs(&self, filter: &JobFilter) -> Result<Vec<JobView>, Failure> {
        self.0.save_unsaved();
        let jobs = self.0.store.jobs(filter)?;
        let lanes = self.0.lanes();
        let unsaved = self.0.unsaved();
        Ok(jobs
            .into_iter()
            .map(|job| {
                lanes.view(job.id).unwrap_or_else(|| {
                    self.0
                        .view_of_ended(unsaved.get(&job.id).cloned().unwrap_or(job))
                })
            })
            .collect())
    }

    /// Every job that has not ended, oldest first.
    pub fn unfinished(&self) -> Vec<JobView> {
        let lanes = self.0.lanes();
        lanes
            .entries()
            .filter_map(|entry| lanes.view(entry.job.id))
            .collect()
    }

    /// Returns lines of a job's log, from line `offset` (0 is the first).
    pub fn log(&self, id: i64, offset: u64, limit: usize) -> Result<(Status, LogPage), Failure> {
        let status = self.job(id)?.job.status;
        let page = match self.0.store.log_reader(id)? {
            Some(reader) => reader.page(offset, limit)?,
            None => LogPage::default(),
        };
        Ok((status, page))
    }

    /// Opens a job's whole log. That of a job that has not been decided yet is a part, and given only to
    /// who asks for a part.
    pub fn log_text(&self, id: i64, partial: bool) -> Result<LogText, Failure> {
        let status = self.job(id)?.job.status;
        if !partial && matches!(status, Status::Pending | Status::Running) {
            return Err(Failure::new(
                ErrorCode::NotEnded,
                format!("Job {id} is still {status}, so its log is not complete."),
            )
            .hint("Wait for its end, or ask for the part that is there with `partial`.")
            .retryable());
        }
        let log = self.0.store.log_text(id)?;
        Ok(log.unwrap_or_else(LogText::empty))
    }

    /// The jobs of a repository that hold its lane, oldest first.
    pub fn active_jobs(&self, repository: &Repository) -> Vec<i64> {
        let lanes = self.0.lanes();
        lanes
            .entries()
            .filter(|entry| entry.taken && entry.lane == repository.location)
            .map(|entry| entry.job.id)
            .collect()
    }

    /// Returns a repository by its number.
    pub fn repository(&self, id: i64) -> Result<Repository, Failure> {
        self.0.store.repository(id)?.ok_or_else(|| {
            Failure::new(ErrorCode::NotFound, format!("There is no repository {id}."))
        })
    }

    /// Hands over the passphrase of a repository, after Borg has opened it with it. Jobs that wait
    /// for it go on.
    pub fn unlock(
        &self,
        location: &str,
        passphrase: Passphrase,
        remember: bool,
    ) -> Result<(), Failure> {
        let repository = self.0.known_at(location)?;
        let location = place::without_trailing_slash(location);
        self.0.open_repository(&repository, &passphrase)?;
        let passphrase = Arc::new(passphrase);
        self.0.secrets.keep(&repository, Arc::clone(&passphrase));
        self.0
            .answered(WaitingFor::Passphrase, |lane| lane == location);
        self.pump();
        if remember {
            self.0.secrets.remember(&repository, &passphrase)
        } else {
            Ok(())
        }
    }

    /// Lets a job that waits go on. `confirmed` answers yes to what Borg asked; a job that waits for that needs it.
    /// One that waits for a lock goes on by itself.
    pub fn resume(&self, id: i64, confirmed: bool) -> Result<(), Failure> {
        let mut lanes = self.0.lanes();
        let Some(entry) = lanes.get_mut(id) else {
            drop(lanes);
            return Err(already_ended(&self.job(id)?.job));
        };
        match entry.job.waiting_for {
            Some(WaitingFor::Lock) | None => return Ok(()),
            Some(WaitingFor::Question) if !confirmed => {
                return Err(Failure::bad_argument(
                    "confirm",
                    format!("Job {id} waits for a yes. To answer no, cancel it."),
                ));
            }
            Some(WaitingFor::Question) => entry.control.confirm(),
            Some(WaitingFor::Passphrase | WaitingFor::HostKey) => {}
        }
        entry.job.waiting_for = None;
        drop(lanes);
        self.0.tell_waiting();
        self.pump();
        Ok(())
    }

    /// Whether any job holds its lane.
    pub fn has_active_jobs(&self) -> bool {
        self.0.lanes().entries().any(|entry| entry.taken)
    }

    /// Gives every job whose turn has come its thread.
    pub(crate) fn pump(&self) {
        loop {
            let most = self.0.settings().lanes as usize;
            let Some(id) = self.0.lanes().take_next(most) else {
                return;
            };
            let engine = self.clone();
            let thread = std::thread::Builder::new()
                .name(format!("alcove-job-{id}"))
                .spawn(move || engine.run_job(id));
            if let Err(error) = thread {
                log::error!("job {id} has no thread: {error}");
                self.fail_taken(
                    id,
                    &format!("The system has no room for another thread: {error}."),
                );
            }
        }
    }

    fn run_job(&self, id: i64) {
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.0.run_job(id)));
        match outcome {
            Ok(Ok(())) => {}
            Ok(Err(failure)) => self.fail_taken(id, &failure.sentence()),
            Err(_) => self.fail_taken(id, "Alcove made a mistake and had to stop this job."),
        }
        self.0.tell_waiting();
        self.pump();
    }

    /// Ends a job whose thread could not do it.
    fn fail_taken(&self, id: i64, sentence: &str) {
        let entry = self.0.lanes().remove(id);
        self.0.ended.notify_all();
        if let Some(entry) = entry {
            let failure = Failure::new(ErrorCode::Interrupted, sentence).retryable();
            let status = match entry.job.status {
                Status::Pending | Status::Running => Status::Failed,
                decided => decided,
            };
            if let Err(failure) = self.0.end(entry.job, status, Some(&failure)) {
                log::error!("the end of job {id} was not saved: {failure}");
            }
        }
    }
}

fn already_ended(job: &Job) -> Failure {
    Failure::new(
        ErrorCode::AlreadyEnded,
        format!("Job {} has ended already: {}.", job.id, job.status),
    )
}

impl Inner {
    pub(crate) fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A job of which the engine knows no more than its record.
    fn view_of_ended(&self, job: Job) -> JobView {
        JobView {
            has_log: self.store.has_log(job.id),
            job,
            queue_position: None,
            cancelling: false,
        }
    }

    pub(crate) fn settings(&self) -> MutexGuard<'_, Settings> {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unsaved(&self) -> MutexGuard<'_, BTreeMap<i64, Job>> {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Saves the last record of a job. One that finds no room is shown from memory, and saved when there is room
    /// again: a backup that is safe must not look like one that never ended.
    fn save_last(&self, job: &Job) {
        if let Err(error) = self.store.save_job(job) {
            log::error!("the end of job {} was not saved yet: {error}", job.id);
            self.unsaved().insert(job.id, job.clone());
        }
    }

    /// Waits until no job holds its lane, at most `patience`.
    pub(crate) fn wait_until_idle(&self, patience: Duration) {
        let busy = |lanes: &mut Lanes| lanes.entries().any(|entry| entry.taken);
        let waited = self.ended.wait_timeout_while(self.lanes(), patience, busy);
        if waited.is_ok_and(|(_, timeout)| timeout.timed_out()) {
            log::warn!("Borg had not ended when Alcove did");
        }
    }

    /// Tries again to save what found no room.
    pub(crate) fn save_unsaved(&self) {
        self.unsaved()
            .retain(|_, job| self.store.save_job(job).is_err());
    }

    pub(crate) fn borg(&self) -> Result<Borg, Unusable> {
        let chosen = self
            .world
            .borg
            .clone()
            .or_else(|| self.settings().borg.clone());
        alcove_borg::find(chosen.as_deref(), &self.environment)
    }

    pub(crate) fn tell(&self, change: &Change) {
        self.listeners.tell(change);
    }

    /// Takes a running job's new record and tells the doors.
    pub(crate) fn tell_job(&self, job: Job) {
        let mut lanes = self.lanes();
        let id = job.id;
        if let Some(entry) = lanes.get_mut(id) {
            entry.job = job;
        }
        let view = lanes.view(id);
        drop(lanes);
        if let Some(view) = view {
            self.tell(&Change::Job(view));
        }
    }

    /// Lets the jobs that waited for this in these lanes have their turn again.
    pub(crate) fn answered(&self, waiting_for: WaitingFor, lane: impl Fn(&str) -> bool) {
        let mut lanes = self.lanes();
        for entry in lanes.entries_mut() {
            if entry.job.waiting_for == Some(waiting_for) && !entry.taken && lane(&entry.lane) {
                entry.job.waiting_for = None;
            }
        }
        drop(lanes);
        self.tell_waiting();
    }

    fn tell_waiting(&self) {
        let waiting = self.lanes().waiting();
        for view in waiting {
            self.tell(&Change::Job(view));
        }
    }

    pub(crate) fn forget_passphrase(&self, repository: &Repository) {
        self.secrets.forget(repository);
    }

    /// Runs a job whose turn has come, or puts it back when it needs an answer.
    fn run_job(&self, id: i64) -> Result<(), Failure> {
        let Some((job, control)) = self
            .lanes()
            .get_mut(id)
            .map(|entry| (entry.job.clone(), Arc::clone(&entry.control)))
        else {
            return Ok(());
        };
        let repository = self
            .store
            .repository_at(place::without_trailing_slash(&job.repository))?;
        let plan = job
            .plan
            .map(|plan| self.store.plan(plan))
            .transpose()?
            .flatten();
        let (Some(repository), Some(plan)) = (repository, plan) else {
            return Err(Failure::new(
                ErrorCode::NoPlan,
                "The plan of this job is gone.",
            ));
        };
        let stop = || control.cancel.load(Ordering::Acquire);
        let passphrase = match self.passphrase_of(&repository, &stop) {
            Ok(passphrase) => passphrase,
            Err(failure) => {
                if self.world.can_ask && repository.passcommand.is_some() {
                    let mut log = self.store.log_writer(id)?;
                    log.write(self.world.clock.now(), Level::Warning, &failure.sentence());
                }
                let mut state = JobState::new(job, self.world.clock.now());
                state.apply(
                    Duration::ZERO,
                    Event::Waiting {
                        waiting_for: WaitingFor::Passphrase,
                        failure: &failure,
                    },
                );
                return self.put_back(state.into_job(), &control, &failure);
            }
        };
        let log = self.store.log_writer(id)?;
        let task = Task {
            job,
            repository,
            plan,
            passphrase,
            control,
        };
        let ended = match run::run(self, &task, log) {
            Ending::Ended(job) => job,
            Ending::Waits(job, failure) => return self.put_back(job, &task.control, &failure),
        };
        // Before the lane is free, so that nobody reads an older record in between.
        self.save_last(&ended);
        let mut lanes = self.lanes();
        lanes.remove(id);
        self.ended.notify_all();
        drop(lanes);
        self.tell(&Change::Job(self.view_of_ended(ended)));
        self.tell(&Change::Plans);
        self.trim_logs();
        Ok(())
    }

    /// Puts a job that needs an answer back into its lane, where it holds up nobody; ends it when a stop was asked
    /// for, or when there is nobody to answer.
    fn put_back(&self, job: Job, control: &Control, failure: &Failure) -> Result<(), Failure> {
        let mut lanes = self.lanes();
        let cancelled = control.cancel.load(Ordering::Acquire);
        if cancelled || !self.world.can_ask {
            lanes.remove(job.id);
            self.ended.notify_all();
            drop(lanes);
            return if control.is_closing() {
                let (status, failure) = interruption::of(&job);
                self.end(job, status, Some(&failure))
            } else if cancelled {
                self.end(job, Status::Cancelled, None)
            } else {
                self.end(job, Status::Failed, Some(failure))
            };
        }
        let Some(entry) = lanes.get_mut(job.id) else {
            return Ok(());
        };
        entry.taken = false;
        entry.job = job.clone();
        self.ended.notify_all();
        drop(lanes);
        self.store.save_job(&job)?;
        Ok(())
    }

    /// Removes the logs that need not be kept any more.
    pub(crate) fn trim_logs(&self) {
        let keeping = self.settings().log_keeping();
        match self.store.trim_logs(keeping, self.world.clock.now()) {
            Ok(0) => {}
            Ok(removed) => log::info!("removed the old logs of {removed} jobs"),
            Err(error) => log::warn!("old logs stay: {error}"),
        }
    }

    /// Ends a job that no thread runs, with a log that says why.
    pub(crate) fn end(
        &self,
        mut job: Job,
        status: Status,
        failure: Option<&Failure>,
    ) -> Result<(), Failure> {
        let now = self.world.clock.now();
        let mut log = self.store.log_writer(job.id)?;
        match failure {
            Some(failure) => log.write(now, Level::Error, &failure.sentence()),
            None => log.write(now, Level::Info, "Cancelled before it began."),
        };
        log.sync();
        job.error_code = None;
        job.error_message = None;
        job.maintenance = job.maintenance.map(broken_off);
        if job.completed_at.is_none() {
            job.completed_at = Some(now);
        }
        job.status = status;
        job.phase = Phase::Ended;
        job.phase_percent = None;
        job.active = false;
        job.waiting_for = None;
        job.ended_at = Some(now);
        job.progress.current_file.clear();
        job.progress.speed = 0.0;
        job.progress.estimated_time_remaining = 0;
        if let Some(failure) = failure {
            job.error_code = Some(failure.code.as_str().to_owned());
            job.error_message = Some(failure.sentence());
        }
        self.save_last(&job);
        self.tell(&Change::Job(self.view_of_ended(job)));
        self.tell(&Change::Plans);
        Ok(())
    }
}

/// The word for maintenance that was running when Alcove stopped.
fn broken_off(maintenance: Maintenance) -> Maintenance {
    match maintenance {
        Maintenance::RunningPrune => Maintenance::PruneFailed,
        Maintenance::RunningCompact | Maintenance::PruneCompleted => Maintenance::CompactFailed,
        Maintenance::RunningCheck | Maintenance::CompactCompleted => Maintenance::CheckFailed,
        other => other,
    }
}
