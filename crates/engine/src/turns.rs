//! The turns of jobs: each gets its thread when its lane is free, goes back when it needs an answer, and is stopped
//! when somebody asks for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use alcove_borg::Passphrase;
use alcove_store::{Job, JobKind, Level, Repository, Status, Trigger, WaitingFor};

use crate::changes::Change;
use crate::engine::{Engine, Inner};
use crate::error::{ErrorCode, Failure};
use crate::interruption;
use crate::job::control::Control;
use crate::job::run::{self, Ended, Ending, Task};
use crate::job::state::{Event, JobState};
use crate::lanes::{Entry, Lanes};
use crate::place;

/// A job was told to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelled {
    /// Whether a process was told to stop; false when there was none yet.
    pub process_terminated: bool,
}

/// A lane no job runs in, until this is dropped.
pub(crate) struct HeldLane {
    engine: Engine,
    lane: String,
    has_drive: bool,
}

/// A look at a repository, in whose lane no job runs until this is dropped.
pub(crate) struct Look {
    /// Set once a job waits for the look to end.
    pub(crate) wanted: Arc<AtomicBool>,
    _held: HeldLane,
}

impl Look {
    /// Whether a job waits for the look to end.
    pub(crate) fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::Acquire)
    }
}

impl Drop for HeldLane {
    fn drop(&mut self) {
        let inner = self.engine.inner();
        inner.lanes().release(&self.lane);
        inner.ended.notify_all();
        self.engine.pump();
        if self.has_drive {
            self.engine.let_go_of_drive(std::mem::take(&mut self.lane));
        }
    }
}

impl Engine {
    /// Stops a job: one that waits is cancelled, one that runs is told to stop, and one whose
    /// archive is safe loses its maintenance. Answers at once.
    pub fn cancel(&self, id: i64) -> Result<Cancelled, Failure> {
        let mut lanes = self.inner().lanes();
        let Some(entry) = lanes.get_mut(id) else {
            drop(lanes);
            return Err(already_ended(&self.job(id)?.job));
        };
        if entry.taken {
            let process_terminated = entry.control.stop();
            drop(lanes);
            self.inner().tell_of(id);
            return Ok(Cancelled { process_terminated });
        }
        let entry = lanes.remove(id);
        drop(lanes);
        if let Some(entry) = entry {
            self.inner().end(entry.job, Status::Cancelled, None)?;
            self.inner().tell_waiting();
            self.let_go_of_drive(entry.lane);
        }
        Ok(Cancelled {
            process_terminated: false,
        })
    }

    /// Lets a job that waits go on. `confirmed` answers yes to what Borg asked; a job that waits for that needs it.
    /// One that waits for a lock goes on by itself; for one that waits for the keyring, the keyring asks.
    pub fn resume(&self, id: i64, confirmed: bool) -> Result<(), Failure> {
        let mut lanes = self.inner().lanes();
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
            Some(WaitingFor::Keyring) => {
                let lane = entry.lane.clone();
                drop(lanes);
                if let Some(repository) = self.store().repository_at(&lane)? {
                    self.unlock_keyring(&repository);
                }
                return Ok(());
            }
            Some(WaitingFor::Passphrase | WaitingFor::HostKey) => {}
        }
        entry.answer();
        drop(lanes);
        self.inner().tell_waiting();
        self.pump();
        Ok(())
    }

    /// Gives a job that waits for its turn another place in its lane: 1 is next.
    pub fn move_job(&self, id: i64, position: u32) -> Result<(), Failure> {
        if position == 0 {
            return Err(Failure::bad_argument(
                "position",
                "position begins with 1, which is next.",
            ));
        }
        let mut lanes = self.inner().lanes();
        if !lanes.place(id, position as usize) {
            drop(lanes);
            let job = self.job(id)?.job;
            if job.status.is_terminal() {
                return Err(already_ended(&job));
            }
            return Err(Failure::bad_argument(
                "job_id",
                format!("Job {id} does not wait for its turn, so it has no place in the queue."),
            ));
        }
        drop(lanes);
        self.inner().tell_waiting();
        self.pump();
        Ok(())
    }

    /// Whether any job holds its lane. What else holds one is no reason to ask a person before Alcove is closed: it is
    /// ended or waited for then ([`Engine::shut_down`]), and loses nothing.
    pub fn has_active_jobs(&self) -> bool {
        self.inner().lanes().entries().any(|entry| entry.taken)
    }

    /// The jobs of a repository that hold its lane, oldest first.
    pub fn active_jobs(&self, repository: &Repository) -> Vec<i64> {
        let lanes = self.inner().lanes();
        lanes
            .entries()
            .filter(|entry| entry.taken && entry.lane == repository.location)
            .map(|entry| entry.job.id)
            .collect()
    }

    /// Holds the lane of a repository while somebody changes it. Refused while a job of it runs or anybody looks at it.
    pub(crate) fn hold_lane(&self, repository: &Repository) -> Result<HeldLane, Failure> {
        if self.inner().lanes().hold(&repository.location) {
            return Ok(self.held(repository));
        }
        Err(self.taken(repository))
    }

    /// Holds the lane of a repository while somebody looks at it: what a job would lock, Borg locks for a look too.
    /// Refused while a job of it runs. A look gives way to a job: see [`Look::wanted`].
    pub(crate) fn look_at(&self, repository: &Repository) -> Result<Look, Failure> {
        let wanted = self.inner().lanes().look(&repository.location);
        let wanted = wanted.ok_or_else(|| self.taken(repository))?;
        Ok(Look {
            wanted,
            _held: self.held(repository),
        })
    }

    fn held(&self, repository: &Repository) -> HeldLane {
        self.inner().use_drive(repository);
        HeldLane {
            engine: self.clone(),
            lane: repository.location.clone(),
            has_drive: repository.drive.is_some(),
        }
    }

    fn taken(&self, repository: &Repository) -> Failure {
        let user = match self.active_jobs(repository).first() {
            Some(job) => format!("Job {job} uses"),
            None => "Somebody looks at".to_owned(),
        };
        Failure::new(
            ErrorCode::InUse,
            format!("{user} {} at the moment.", repository.name),
        )
        .hint("Wait until it has ended, or cancel it first.")
        .retryable()
    }

    /// Gives every job whose turn has come its thread.
    pub(crate) fn pump(&self) {
        loop {
            let most = self.inner().settings().lanes as usize;
            let mut lanes = self.inner().lanes();
            let Some(id) = lanes.take_next(most) else {
                lanes.ask_for_way();
                return;
            };
            drop(lanes);
            let engine = self.clone();
            let thread = std::thread::Builder::new()
                .name(format!("alcove-job-{id}"))
                .spawn(move || engine.run_job(id));
            if let Err(error) = thread {
                log::error!("job {id} has no thread: {error}");
                self.fail_taken(
                    id,
                    &broken(&format!(
                        "The system has no room for another thread: {error}."
                    )),
                );
            }
        }
    }

    fn run_job(&self, id: i64) {
        let awake = self.inner().keep_awake();
        let lane = self.inner().lanes().lane_of(id);
        let outcome =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.inner().run_job(id)));
        let mistake = |_| Err(broken("Alcove made a mistake and had to stop this job."));
        let ended = outcome.unwrap_or_else(mistake).unwrap_or_else(|failure| {
            self.fail_taken(id, &failure);
            None
        });
        if let Some(Ended { job, .. }) = ended.as_ref().filter(|ended| ended.check_follows) {
            self.let_check_follow(job);
        }
        self.inner().tell_waiting();
        // A drive may take long to be done with, and no other lane waits for that.
        self.pump();
        if let Some(lane) = lane {
            self.inner().finish_with_drive(&lane);
        }
        if let Some(Ended { job, .. }) = ended {
            self.inner().tell_end(job);
            self.inner().trim_logs();
        }
        drop(awake);
        self.see_to_keyring(id);
    }

    /// Finishes with the drive of a lane that was left by a job which never had its turn, or by a look; holds up nobody.
    fn let_go_of_drive(&self, lane: String) {
        let engine = self.clone();
        let thread = std::thread::Builder::new()
            .name("alcove-unplug".to_owned())
            .spawn(move || engine.inner().finish_with_drive(&lane));
        if let Err(error) = thread {
            log::error!("nobody looks whether a drive can be unplugged: {error}");
        }
    }

    /// Has the keyring ask, for a job that a person started and that waits for it; every such job is looked after.
    fn see_to_keyring(&self, id: i64) {
        let job = self
            .inner()
            .lanes()
            .get_mut(id)
            .map(|entry| entry.job.clone());
        let Some(job) = job.filter(|job| job.waiting_for == Some(WaitingFor::Keyring)) else {
            return;
        };
        self.watch_keyring();
        let repository = self
            .store()
            .repository_at(place::without_trailing_slash(&job.repository));
        if job.trigger == Trigger::Manual
            && let Ok(Some(repository)) = repository
        {
            self.unlock_keyring(&repository);
        }
    }

    /// Starts the check that a backup left to a job of its own.
    fn let_check_follow(&self, backup: &Job) {
        let lane = place::without_trailing_slash(&backup.repository);
        let waits = self
            .inner()
            .lanes()
            .entries()
            .any(|entry| entry.lane == lane && entry.job.kind == JobKind::Check);
        if waits {
            return;
        }
        let repository = self.inner().known_at(&backup.repository);
        let started = repository.and_then(|repository| {
            self.start_maintenance(repository.id, JobKind::Check, None, backup.trigger, None)
        });
        if let Err(failure) = started {
            log::error!(
                "the check after job {} was not started: {failure}",
                backup.id
            );
        }
    }

    /// Ends a job whose thread could not do it.
    fn fail_taken(&self, id: i64, failure: &Failure) {
        let entry = self.inner().lanes().remove(id);
        self.inner().ended.notify_all();
        if let Some(entry) = entry {
            let was_cancelled = entry.control.is_stopping() && !entry.control.is_closing();
            let (status, failure) = match entry.job.status {
                Status::Pending | Status::Running if was_cancelled => (Status::Cancelled, None),
                Status::Pending | Status::Running => (Status::Failed, Some(failure)),
                decided => (decided, Some(failure)),
            };
            if let Err(failure) = self.inner().end(entry.job, status, failure) {
                log::error!("the end of job {id} was not saved: {failure}");
            }
        }
    }
}

/// The failure of a job whose thread broke.
fn broken(sentence: &str) -> Failure {
    Failure::new(ErrorCode::Interrupted, sentence).retryable()
}

fn no_answer(repository: &Repository) -> Failure {
    Failure::new(
        ErrorCode::RepositoryMissing,
        format!("The place of {} does not answer.", repository.name),
    )
    .hint("If it is a network folder, its server may be off. Connect it, then try again.")
    .retryable()
}

fn already_ended(job: &Job) -> Failure {
    Failure::new(
        ErrorCode::AlreadyEnded,
        format!("Job {} has ended already: {}.", job.id, job.status),
    )
}

impl Inner {
    /// Waits until no job runs and nothing else holds a lane, at most `patience`.
    pub(crate) fn wait_until_idle(&self, patience: Duration) {
        let busy = |lanes: &mut Lanes| lanes.is_busy();
        let waited = self.ended.wait_timeout_while(self.lanes(), patience, busy);
        if waited.is_ok_and(|(_, timeout)| timeout.timed_out()) {
            log::warn!("Borg had not ended when Alcove did");
        }
    }

    /// Takes a running job's new record and tells the doors.
    pub(crate) fn tell_job(&self, job: Job) {
        let id = job.id;
        if let Some(entry) = self.lanes().get_mut(id) {
            entry.job = job;
        }
        self.tell_of(id);
    }

    /// Tells the doors of a job as it is now; of its end, once it has ended, somebody else does.
    fn tell_of(&self, id: i64) {
        let _in_order = self.telling();
        let view = self.lanes().view(id);
        if let Some(view) = view {
            self.tell(&Change::Job(view));
        }
    }

    /// Tells the doors that a job has ended, when nobody can find it in its lane any more, and that plans changed with it.
    pub(crate) fn tell_end(&self, job: Job) {
        let view = self.view_of_ended(job);
        let in_order = self.telling();
        self.tell(&Change::Job(view));
        drop(in_order);
        self.tell(&Change::Plans);
    }

    /// Lets the jobs that waited for this in these lanes have their turn again.
    pub(crate) fn answered(&self, waiting_for: WaitingFor, lane: impl Fn(&str) -> bool) {
        let mut lanes = self.lanes();
        for entry in lanes.entries_mut() {
            if entry.job.waiting_for == Some(waiting_for) && lane(&entry.lane) {
                entry.answer();
            }
        }
        drop(lanes);
        self.tell_waiting();
    }

    /// Hands a passphrase to the jobs of a lane that wait for one, or are about to.
    pub(crate) fn hand_over(&self, lane: &str, passphrase: &Arc<Passphrase>) {
        let lanes = self.lanes();
        let waits = |entry: &&Entry| {
            let waiting_for = entry.job.waiting_for;
            entry.lane == lane
                && (entry.taken
                    || matches!(
                        waiting_for,
                        Some(WaitingFor::Passphrase | WaitingFor::Keyring)
                    ))
        };
        for entry in lanes.entries().filter(waits) {
            entry.control.hand_over(passphrase);
        }
    }

    /// Lets the jobs of a lane go on that waited for its passphrase, from a person or from the keyring.
    pub(crate) fn passphrase_came(&self, lane: &str) {
        for waiting_for in [WaitingFor::Passphrase, WaitingFor::Keyring] {
            self.answered(waiting_for, |other| other == lane);
        }
    }

    pub(crate) fn tell_waiting(&self) {
        let _in_order = self.telling();
        let waiting = self.lanes().waiting();
        for view in waiting {
            self.tell(&Change::Job(view));
        }
    }

    /// Runs a job whose turn has come, or puts it back when it needs an answer or makes way. The doors have yet to hear
    /// of its end.
    fn run_job(&self, id: i64) -> Result<Option<Ended>, Failure> {
        let Some((job, control)) = self
            .lanes()
            .get_mut(id)
            .map(|entry| (entry.job.clone(), Arc::clone(&entry.control)))
        else {
            return Ok(None);
        };
        let repository = self
            .store
            .repository_at(place::without_trailing_slash(&job.repository))?;
        let plan = job
            .plan
            .map(|plan| self.store.plan(plan))
            .transpose()?
            .flatten();
        let Some(repository) = repository else {
            return Err(Failure::new(
                ErrorCode::RepositoryUnknown,
                "The repository of this job was removed from Alcove.",
            ));
        };
        let stop = || control.is_stopping();
        if !self.answers(&repository, &stop) {
            return Err(no_answer(&repository));
        }
        let found = match control.passphrase() {
            Some(handed_over) => Ok(Some(handed_over)),
            None => self.passphrase_of(&repository, &stop),
        };
        let passphrase = match found {
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
                        waiting_for: match failure.code {
                            ErrorCode::KeyringLocked => WaitingFor::Keyring,
                            _ => WaitingFor::Passphrase,
                        },
                        failure: &failure,
                    },
                );
                self.put_back(state.into_job(), &control, Some(&failure))?;
                return Ok(None);
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
        self.use_drive(&task.repository);
        let ending = run::run(self, &task, log);
        self.forget_listing(task.repository.id);
        let ended = match ending {
            Ending::Ended(ended) => ended,
            Ending::Waits(job, failure) => {
                self.put_back(job, &task.control, Some(&failure))?;
                return Ok(None);
            }
            Ending::MakesWay(job) => {
                self.put_back(job, &task.control, None)?;
                return Ok(None);
            }
        };
        // Before the lane is free, so that nobody reads an older record in between.
        self.save_last(&ended.job);
        if ended.job.status == Status::Failed {
            self.doubt_borg();
        }
        let mut lanes = self.lanes();
        lanes.remove(id);
        self.ended.notify_all();
        drop(lanes);
        Ok(Some(ended))
    }

    /// Puts a job that needs an answer back into its lane, where it holds up nobody; ends it when a stop was asked
    /// for, or when there is nobody to answer. One without a question makes way: it goes to the end of its lane.
    fn put_back(
        &self,
        job: Job,
        control: &Control,
        question: Option<&Failure>,
    ) -> Result<(), Failure> {
        let mut lanes = self.lanes();
        let cancelled = control.is_stopping();
        if cancelled || (question.is_some() && !self.world.can_ask) {
            lanes.remove(job.id);
            self.ended.notify_all();
            drop(lanes);
            return if control.is_closing() {
                let (status, failure) = interruption::of(&job);
                self.end(job, status, Some(&failure))
            } else if cancelled {
                self.end(job, Status::Cancelled, None)
            } else {
                self.end(job, Status::Failed, question)
            };
        }
        drop(lanes);
        // While nobody else writes the record.
        if let Err(error) = self.store.save_job(&job) {
            log::error!("that job {} waits was not saved: {error}", job.id);
        }
        let asks = job.waiting_for;
        let lane = place::without_trailing_slash(&job.repository).to_owned();
        let id = job.id;
        let mut lanes = self.lanes();
        if control.is_stopping() {
            // While the record was saved.
            drop(lanes);
            return self.put_back(job, control, question);
        }
        lanes.put_back(job);
        if question.is_none() {
            control.made_way();
            lanes.place(id, usize::MAX);
        }
        drop(lanes);
        self.ended.notify_all();
        // A passphrase that came before the job said that it waits for one.
        if matches!(asks, Some(WaitingFor::Passphrase | WaitingFor::Keyring))
            && let Some(repository) = self.store.repository_at(&lane)?
            && (control.passphrase().is_some() || self.secrets.is_known(&repository))
        {
            self.passphrase_came(&lane);
        }
        Ok(())
    }
}
