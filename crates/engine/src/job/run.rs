//! The thread that runs one job, from its turn in the lane to its end.
//!
//! It launches Borg, feeds what Borg says to the fold, writes the log before anyone is told, climbs
//! the ladder when a stop is asked for, and passes the record on: to the doors at most ten times a
//! second, to the database at a calm pace and at every change of phase. What an event means is the
//! fold's to say; which job runs when is the lane's.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use alcove_borg::{
    ArchiveList, Borg, Command, Confirmation, CreateReport, Diagnosis, Environment,
    Event as BorgEvent, Exit, LOCK_WAIT_INTERACTIVE, LOCK_WAIT_JOB, Launch, Output, Passphrase,
    Problem, Prune, PruneLine, RepositorySizes, Verdict, is_checkpoint_start, is_progress_text,
    judge, prune_line,
};
use alcove_store::{
    Job, Keep, Level, LogWriter, Phase, Plan, Repository, SizeSource, Status, Trigger, WaitingFor,
};

use super::cancel::Ladder;
use super::explain;
use super::state::{Created, Event, JobState, Step};
use crate::connection::key;
use crate::engine::Inner;
use crate::error::{ErrorCode, Failure};
use crate::folders::{Measure, measure};
use crate::interruption;
use crate::words::{count, size};
use crate::{place, plans};

/// The doors hear of progress at most this often.
const TELL: Duration = Duration::from_millis(100);
/// The database hears of progress at most this often.
const SAVE: Duration = Duration::from_secs(5);
/// How long the thread waits for Borg before it looks at the clock again.
const TICK: Duration = Duration::from_millis(100);
/// How often a backup is begun before a broken connection is final.
const ATTEMPTS: u32 = 3;

/// What others may ask of a running job.
#[derive(Debug, Default)]
pub(crate) struct Control {
    /// A stop was asked for.
    pub(crate) cancel: AtomicBool,
    /// It was asked for because Alcove is closed.
    pub(crate) closing: AtomicBool,
    /// A process is running that a stop ends.
    pub(crate) process: AtomicBool,
    /// What Borg asks.
    question: Mutex<Question>,
}

/// A question of Borg, between being asked and being answered.
#[derive(Debug, Clone, Copy, Default)]
enum Question {
    #[default]
    None,
    Asked(Confirmation),
    Confirmed(Confirmation),
}

impl Control {
    /// Answers yes to what Borg asked.
    pub(crate) fn confirm(&self) {
        let mut question = self.question();
        if let Question::Asked(confirmation) = *question {
            *question = Question::Confirmed(confirmation);
        }
    }

    fn confirmed(&self) -> Option<Confirmation> {
        match *self.question() {
            Question::Confirmed(confirmation) => Some(confirmation),
            Question::None | Question::Asked(_) => None,
        }
    }

    fn question(&self) -> MutexGuard<'_, Question> {
        self.question.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a turn of a job ended.
pub(crate) enum Ending {
    /// Nothing follows.
    Ended(Job),
    /// It needs an answer, and why.
    Waits(Job, Failure),
}

/// How Borg's `create` ended, in all its attempts.
enum Outcome {
    Created(Created),
    Waits(Failure),
}

/// What a backup needs to know; the engine looked it up.
pub(crate) struct Task {
    pub(crate) job: Job,
    pub(crate) repository: Repository,
    pub(crate) plan: Plan,
    pub(crate) passphrase: Option<Arc<Passphrase>>,
    pub(crate) control: Arc<Control>,
}

/// How one Borg process ended.
struct Ended {
    exit: Exit,
    diagnosis: Diagnosis,
    /// What prune said of each archive.
    pruned: Vec<PruneLine>,
}

struct Run<'a> {
    inner: &'a Inner,
    environment: Environment,
    task: &'a Task,
    state: JobState,
    log: LogWriter,
    began: Duration,
    told: Option<(Duration, Phase, Status)>,
    saved: Option<(Duration, Phase, Status)>,
    /// The repository was asked for its id, and it is the one Alcove knows.
    identified: bool,
}

/// Runs a job to its end, or to where it needs an answer, and returns its last record.
pub(crate) fn run(inner: &Inner, task: &Task, log: LogWriter) -> Ending {
    let mut run = Run {
        inner,
        environment: inner.environment_of(&task.repository),
        task,
        state: JobState::new(task.job.clone(), inner.world.clock.now()),
        log,
        began: inner.world.clock.monotonic(),
        told: None,
        saved: None,
        identified: false,
    };
    run.apply(Event::Began);
    if let Err(failure) = run.back_up() {
        run.log.sync();
        return Ending::Waits(run.record(), failure);
    }
    if run.state.job().status.is_safe() && !run.cancelled() {
        run.maintain();
    }
    run.apply(Event::Ended);
    run.log.sync();
    Ending::Ended(run.record())
}

impl Run<'_> {
    fn at(&self) -> Duration {
        self.inner
            .world
            .clock
            .monotonic()
            .saturating_sub(self.began)
    }

    fn cancelled(&self) -> bool {
        self.task.control.cancel.load(Ordering::Acquire)
    }

    fn apply(&mut self, event: Event<'_>) {
        let at = self.at();
        self.state.apply(at, event);
        self.pass_on();
    }

    fn note(&mut self, level: Level, text: &str) {
        self.log.write(self.inner.world.clock.now(), level, text);
    }

    fn record(&self) -> Job {
        Job {
            log_incomplete: self.log.incomplete(),
            ..self.state.job().clone()
        }
    }

    /// Passes the record on to the doors and the database, each at its own pace.
    fn pass_on(&mut self) {
        let at = self.at();
        let (phase, status) = (self.state.job().phase, self.state.job().status);
        let due = |last: Option<(Duration, Phase, Status)>, pace: Duration| match last {
            None => true,
            Some((time, was_phase, was_status)) => {
                was_phase != phase || was_status != status || at.saturating_sub(time) >= pace
            }
        };
        let (tell, save) = (due(self.told, TELL), due(self.saved, SAVE));
        // The end is saved and told once, by the engine: the lane is free again then.
        if phase == Phase::Ended {
            return;
        }
        if save {
            self.saved = Some((at, phase, status));
            self.log.sync();
            if let Err(error) = self.inner.store.save_job(&self.record()) {
                log::error!("job {} was not saved: {error}", self.task.job.id);
            }
        }
        if tell {
            self.told = Some((at, phase, status));
            self.inner.tell_job(self.record());
        }
    }

    /// Makes the archive. An error is what the job waits for.
    fn back_up(&mut self) -> Result<(), Failure> {
        let Task {
            job,
            plan,
            repository,
            ..
        } = self.task;
        self.note(
            Level::Info,
            &format!("Job {}: {} to {}", job.id, plan.name, repository.name),
        );
        let mut created = match self.create() {
            Ok(Outcome::Created(created)) => created,
            Ok(Outcome::Waits(failure)) => return Err(failure),
            Err(failure) => Created {
                verdict: if self.cancelled() {
                    Verdict::Cancelled
                } else {
                    Verdict::Failed
                },
                exit_code: None,
                report: None,
                failure: (!self.cancelled()).then_some(failure),
            },
        };
        if created.verdict == Verdict::Cancelled && self.task.control.is_closing() {
            let (_, failure) = interruption::of(self.state.job());
            created.verdict = Verdict::Failed;
            created.failure = Some(failure);
        }
        match created.verdict {
            Verdict::Cancelled => self.note(Level::Info, "Cancelled."),
            Verdict::Failed => {
                if let Some(failure) = &created.failure {
                    self.note(Level::Error, &failure.sentence());
                }
            }
            Verdict::Completed | Verdict::CompletedWithWarnings => {
                if let Some(report) = &created.report {
                    let text = format!(
                        "Archive {} is complete: {}, {}, {} new.",
                        report.archive,
                        count(report.nfiles, "file"),
                        size(report.original_size),
                        size(report.deduplicated_size),
                    );
                    self.note(Level::Info, &text);
                }
                if self.cancelled() {
                    self.note(
                        Level::Info,
                        "The stop came after the archive was complete. Maintenance is skipped.",
                    );
                }
            }
        }
        self.apply(Event::Created(created));
        Ok(())
    }

    /// Runs `create` until it has made the archive or cannot: again when the connection broke, and when another
    /// program holds the repository. An error means that `create` was not started.
    fn create(&mut self) -> Result<Outcome, Failure> {
        let Task {
            plan, repository, ..
        } = self.task;
        let borg = self.inner.borg().map_err(|why| explain::unusable(&why))?;
        let found = format!("Borg {} at {}", borg.version, borg.path.display());
        self.note(Level::Info, &found);
        check_sources(&plan.sources)?;
        if let Some(there) =
            place::local(&repository.location).and_then(alcove_borg::repository_id_at)
        {
            self.compare_identity(&there)?;
        }
        let estimate = self.estimate();
        let mut locked_since = None;
        loop {
            let (created, problem) = self.attempt(&borg, &estimate, locked_since.is_some())?;
            let (Some(problem), Some(failure)) = (&problem, &created.failure) else {
                return Ok(Outcome::Created(created));
            };
            if let Some(question) = question(problem) {
                *self.task.control.question() = Question::Asked(question);
                self.wait_for(WaitingFor::Question, failure);
                return Ok(Outcome::Waits(failure.clone()));
            }
            if self.state.job().progress.nfiles == 0
                && matches!(problem, Problem::ConnectionFailed { .. })
                && let Some(objection) = key::of_server(&self.inner.world, &self.task.repository)
            {
                if objection.code == ErrorCode::HostKeyUnknown && !self.cancelled() {
                    self.wait_for(WaitingFor::HostKey, &objection);
                    return Ok(Outcome::Waits(objection));
                }
                return Ok(Outcome::Created(Created {
                    failure: Some(objection),
                    ..created
                }));
            }
            if matches!(problem, Problem::Locked { .. }) && !self.cancelled() {
                let now = self.at();
                let since = *locked_since.get_or_insert(now);
                if now.saturating_sub(since) < self.inner.world.lock_wait {
                    self.wait_for(WaitingFor::Lock, failure);
                    continue;
                }
            }
            if !self.may_reconnect(problem) {
                return Ok(Outcome::Created(created));
            }
            self.note(Level::Warning, &failure.message);
            let attempt = self.state.job().attempt + 1;
            let wait = self.inner.world.reconnect_wait;
            self.apply(Event::Retrying { attempt });
            let text = format!("Attempt {attempt} begins in {} s.", wait.as_secs());
            self.note(Level::Info, &text);
            if !self.pause(wait) {
                let verdict = Verdict::Cancelled;
                return Ok(Outcome::Created(Created {
                    verdict,
                    failure: None,
                    ..created
                }));
            }
        }
    }

    /// Says in the log and in the record what the job waits for.
    fn wait_for(&mut self, waiting_for: WaitingFor, failure: &Failure) {
        if self.state.job().waiting_for != Some(waiting_for) {
            self.note(Level::Warning, &format!("Waiting. {}", failure.sentence()));
        }
        self.apply(Event::Waiting {
            waiting_for,
            failure,
        });
    }

    /// Whether a broken connection is worth another attempt: always after files were sent, and when
    /// nobody waits in front of the window.
    fn may_reconnect(&self, problem: &Problem) -> bool {
        let job = self.state.job();
        let worth = match problem {
            Problem::ConnectionLost => true,
            Problem::ConnectionFailed { .. } => {
                job.attempt > 1 || job.progress.nfiles > 0 || job.trigger == Trigger::Schedule
            }
            _ => false,
        };
        worth && job.attempt < ATTEMPTS && !self.cancelled()
    }

    /// Waits; false when a stop was asked for meanwhile.
    fn pause(&self, time: Duration) -> bool {
        let until = self.at() + time;
        while self.at() < until && !self.cancelled() {
            std::thread::sleep(TICK.min(until.saturating_sub(self.at())));
        }
        !self.cancelled()
    }

    /// Runs Borg's `create` once.
    fn attempt(
        &mut self,
        borg: &Borg,
        estimate: &Estimate,
        was_locked: bool,
    ) -> Result<(Created, Option<Problem>), Failure> {
        let Task {
            plan, repository, ..
        } = self.task;
        // A person hears soon that the repository is held by another program, and waits calmly from then on.
        let lock_wait = if was_locked {
            LOCK_WAIT_JOB.min(self.inner.world.lock_wait)
        } else {
            LOCK_WAIT_INTERACTIVE
        };
        if let Some(failed) = self.ask_identity(borg, lock_wait)? {
            return Ok(failed);
        }
        let archive = plans::archive_name(
            &self.inner.world.host,
            plan,
            self.inner.world.clock.now(),
            self.inner.world.zone.clone(),
        );
        let command = Command::Create(plans::create(
            plan,
            repository.location.clone(),
            archive.clone(),
            lock_wait,
        ));
        let line = command.shell_line(borg, &self.environment);
        self.note(Level::Info, &line);
        self.apply(Event::Creating {
            archive,
            command: line,
        });

        let ended = self.drive(borg, &command, Some(estimate))?;
        let report = CreateReport::parse(&ended.exit.stdout);
        let (mut created, problem) = self.judge(&ended, report);
        created.exit_code = ended.exit.code;
        if let Some(sizes) = RepositorySizes::parse(&ended.exit.stdout)
            && let Err(failure) = self
                .inner
                .note_sizes(repository.id, SizeSource::Backup, sizes)
        {
            log::warn!("the size of {} was not noted: {failure}", repository.name);
        }
        Ok((created, problem))
    }

    /// Says how an attempt ended; why, when there is no archive.
    fn judge(&self, ended: &Ended, report: Option<CreateReport>) -> (Created, Option<Problem>) {
        let repository = &self.task.repository;
        let warnings = self.state.job().warnings;
        let verdict = judge(&ended.exit, report.as_ref(), warnings, self.cancelled());
        let problem = (verdict == Verdict::Failed).then(|| ended.diagnosis.problem(&ended.exit));
        if problem == Some(Problem::PassphraseWrong) {
            self.inner.forget_passphrase(repository);
        }
        let failure = problem
            .as_ref()
            .map(|problem| explain::problem(problem, &repository.name));
        let created = Created {
            verdict,
            exit_code: None,
            report,
            failure,
        };
        (created, problem)
    }

    /// Asks a repository whose id cannot be read from a file whether it is the one Alcove knows. Returns how the
    /// attempt ended when it gave no answer: what is not known is not written to.
    fn ask_identity(
        &mut self,
        borg: &Borg,
        lock_wait: Duration,
    ) -> Result<Option<(Created, Option<Problem>)>, Failure> {
        let repository = &self.task.repository;
        if self.identified
            || repository.borg_id.is_none()
            || place::local(&repository.location).is_some()
        {
            return Ok(None);
        }
        let command = Command::Identify {
            repository: repository.location.clone(),
            lock_wait,
        };
        self.note(Level::Info, &command.shell_line(borg, &self.environment));
        let ended = self.drive(borg, &command, None)?;
        let answer = ArchiveList::parse(&ended.exit.stdout).filter(|_| ended.exit.is_success());
        let Some(list) = answer else {
            return Ok(Some(self.judge(&ended, None)));
        };
        self.compare_identity(&list.repository_id)?;
        self.identified = true;
        Ok(None)
    }

    /// Refuses to write into another repository than the one that was created here.
    fn compare_identity(&self, there: &str) -> Result<(), Failure> {
        let repository = &self.task.repository;
        match &repository.borg_id {
            Some(known) if known != there => Err(Failure::new(
                ErrorCode::RepositoryReplaced,
                format!(
                    "What stands at the place of {} is another repository: Alcove knows {known}, there is {there}.",
                    repository.name
                ),
            )
            .hint("Nothing was written. Put the right repository back before the next backup.")),
            _ => Ok(()),
        }
    }

    /// What the backup will have read at the end: the last run's totals, or a count of the folders
    /// beside the backup.
    fn estimate(&mut self) -> Estimate {
        let Task {
            plan, repository, ..
        } = self.task;
        let last = self
            .inner
            .store
            .last_safe_job(plan.id)
            .unwrap_or_else(|error| {
                log::warn!("no estimate from the last run: {error}");
                None
            });
        if let Some(last) = last {
            let (bytes, files) = (last.progress.original_size, last.progress.nfiles);
            self.apply(Event::Estimated { bytes, files });
            return Estimate::none();
        }
        let skip = place::local(&repository.location).map(Path::to_path_buf);
        Estimate::count(plan.sources.clone(), plan.excludes.clone(), skip)
    }

    /// Runs one Borg process to its end.
    fn drive(
        &mut self,
        borg: &Borg,
        command: &Command,
        estimate: Option<&Estimate>,
    ) -> Result<Ended, Failure> {
        if self.cancelled() {
            return Err(Failure::new(
                ErrorCode::AlreadyEnded,
                "Cancelled before Borg was started.",
            ));
        }
        let mut environment = self.environment.clone();
        if let Some(confirmation) = self.task.control.confirmed() {
            environment = environment.confirming(confirmation);
        }
        let launch = Launch {
            borg,
            command,
            environment: &environment,
            passphrase: self.task.passphrase.as_deref(),
        };
        let running = alcove_borg::launch(launch).map_err(|error| {
            Failure::new(ErrorCode::BorgNotStarted, error.to_string()).retryable()
        })?;
        self.task.control.process.store(true, Ordering::Release);
        let signaller = running.signaller();
        let mut diagnosis = Diagnosis::default();
        let mut pruned = Vec::new();
        let mut ladder: Option<Ladder> = None;
        let exit = loop {
            match running.outputs().recv_timeout(TICK) {
                Ok(Output::Event(event)) => {
                    if let (Some(ladder), BorgEvent::Log(message)) = (&mut ladder, &event)
                        && is_checkpoint_start(message)
                    {
                        ladder.checkpoint_started(self.at());
                    }
                    if let BorgEvent::Log(message) = &event {
                        pruned.extend(prune_line(message));
                    }
                    diagnosis.observe(&event);
                    self.hear(&event);
                }
                Ok(Output::Exited(exit)) => break exit,
                Err(RecvTimeoutError::Timeout) => self.apply(Event::Tick),
                Err(RecvTimeoutError::Disconnected) => break Exit::default(),
            }
            if let Some(Measure { bytes, files, .. }) = estimate.and_then(Estimate::arrived) {
                let held = format!(
                    "The folders hold {}, {}.",
                    count(files, "file"),
                    size(bytes)
                );
                self.note(Level::Info, &held);
                self.apply(Event::Estimated { bytes, files });
            }
            if ladder.is_none() && self.cancelled() {
                self.note(Level::Info, "A stop was asked for.");
                ladder = Some(Ladder::new(matches!(command, Command::Create(_))));
            }
            if ladder.is_none() && diagnosis.repository_failing() {
                self.note(
                    Level::Error,
                    "The repository cannot be written to. Stopping Borg.",
                );
                ladder = Some(Ladder::new(false));
            }
            let at = self.at();
            if let Some(signal) = ladder.as_mut().and_then(|ladder| ladder.next(at)) {
                self.note(Level::Info, &format!("Sending {signal} to Borg."));
                signaller.send(signal);
            }
        };
        self.task.control.process.store(false, Ordering::Release);
        let how = match (exit.code, exit.signal) {
            (Some(code), _) => format!("Borg ended with code {code}."),
            (None, Some(signal)) => format!("Borg was ended by signal {signal}."),
            (None, None) => "Borg's end was not seen.".to_owned(),
        };
        self.note(Level::Info, &how);
        Ok(Ended {
            exit,
            diagnosis,
            pruned,
        })
    }

    /// Writes what Borg said to the log, then lets the fold hear it.
    fn hear(&mut self, event: &BorgEvent) {
        if let Some((level, text)) = log_line(event, self.task.plan.log_files) {
            self.note(level, &text);
        }
        self.apply(Event::Borg(event));
    }

    /// Does what the plan asks for once the archive is safe. A step that fails ends it.
    fn maintain(&mut self) {
        let plan = &self.task.plan;
        let mut steps = Vec::new();
        if plan.keep.prunes() {
            steps.push(Step::Prune);
        }
        if plan.compact {
            steps.push(Step::Compact);
        }
        if plan.check {
            steps.push(Step::Check);
        }
        for (index, step) in steps.iter().copied().enumerate() {
            self.apply(Event::Maintaining(step));
            let result = self.step(step);
            if let Err(failure) = &result {
                self.note(Level::Error, &failure.sentence());
            }
            let last = index + 1 == steps.len();
            self.apply(Event::Maintained {
                step,
                last,
                failure: result.as_ref().err(),
            });
            if result.is_err() {
                break;
            }
        }
    }

    fn step(&mut self, step: Step) -> Result<(), Failure> {
        let borg = self.inner.borg().map_err(|why| explain::unusable(&why))?;
        match step {
            Step::Prune => self.prune(&borg),
            Step::Compact => {
                let repository = self.task.repository.location.clone();
                self.maintenance_command(&borg, &Command::Compact { repository })
                    .map(|_| ())
            }
            Step::Check => {
                let repository = self.task.repository.location.clone();
                self.maintenance_command(&borg, &Command::Check { repository })
                    .map(|_| ())
            }
        }
    }

    /// Asks Borg what prune would delete, and deletes it only when all of it is the plan's own.
    fn prune(&mut self, borg: &Borg) -> Result<(), Failure> {
        let Task {
            plan, repository, ..
        } = self.task;
        let prefix = plans::archive_prefix(&self.inner.world.host, plan);
        let Keep {
            hourly,
            daily,
            weekly,
            monthly,
            yearly,
        } = plan.keep;
        let prune = |dry_run| {
            Command::Prune(Prune {
                repository: repository.location.clone(),
                archive_prefix: prefix.clone(),
                keep: alcove_borg::Keep {
                    last: 0,
                    hourly,
                    daily,
                    weekly,
                    monthly,
                    yearly,
                },
                dry_run,
            })
        };
        let would = self.maintenance_command(borg, &prune(true))?;
        let mut goes = would.iter().filter(|line| line.deleted).peekable();
        if goes.peek().is_none() {
            self.note(Level::Info, "No archive is due to be pruned.");
            return Ok(());
        }
        if let Some(foreign) = goes.find(|line| !line.archive.starts_with(&prefix)) {
            return Err(Failure::new(
                ErrorCode::PruneRefused,
                format!(
                    "Prune would have deleted {}, which is not an archive of {}. Nothing was deleted.",
                    foreign.archive, plan.name
                ),
            ));
        }
        self.maintenance_command(borg, &prune(false)).map(|_| ())
    }

    /// Runs one command of maintenance and returns what it said of archives.
    fn maintenance_command(
        &mut self,
        borg: &Borg,
        command: &Command,
    ) -> Result<Vec<PruneLine>, Failure> {
        let stopped = || {
            Failure::new(
                ErrorCode::Interrupted,
                "Maintenance was stopped. The archive is safe.",
            )
        };
        self.note(Level::Info, &command.shell_line(borg, &self.environment));
        let ended = match self.drive(borg, command, None) {
            Err(_) if self.cancelled() => return Err(stopped()),
            driven => driven?,
        };
        let checked = matches!(command, Command::Check { .. });
        if ended.exit.is_success() && !(checked && ended.diagnosis.complained()) {
            return Ok(ended.pruned);
        }
        if self.cancelled() {
            return Err(stopped());
        }
        let why = match ended.diagnosis.problem(&ended.exit) {
            // What a check complains of has no name: it is what the check looked for.
            Problem::Unknown { .. } if checked => Problem::IntegrityError,
            named => named,
        };
        Err(explain::problem(&why, &self.task.repository.name))
    }
}

/// The question behind a problem, where a person's yes solves it.
fn question(problem: &Problem) -> Option<Confirmation> {
    match problem {
        Problem::RepositoryRelocated => Some(Confirmation::RelocatedRepository),
        Problem::RepositoryUnknownUnencrypted => Some(Confirmation::UnknownUnencryptedRepository),
        _ => None,
    }
}

/// What a line of Borg's is worth in the log; `None` for progress.
fn log_line(event: &BorgEvent, files: bool) -> Option<(Level, String)> {
    match event {
        BorgEvent::Log(message) if !is_progress_text(message) && !message.message.is_empty() => {
            let level = match message.level {
                alcove_borg::Level::Debug => Level::Debug,
                alcove_borg::Level::Info => Level::Info,
                alcove_borg::Level::Warning => Level::Warning,
                alcove_borg::Level::Error | alcove_borg::Level::Critical => Level::Error,
            };
            Some((level, message.message.clone()))
        }
        BorgEvent::FileStatus { status, path } if files => {
            Some((Level::Info, format!("{status} {path}")))
        }
        BorgEvent::Question(question) => Some((Level::Warning, question.message.clone())),
        BorgEvent::Text(text) if !text.is_empty() => Some((Level::Info, text.clone())),
        _ => None,
    }
}

/// Finds a folder that is not there before Borg takes the rest for a good backup.
fn check_sources(sources: &[String]) -> Result<(), Failure> {
    for source in sources {
        if let Err(error) = Path::new(source).symlink_metadata() {
            let reason = match error.kind() {
                std::io::ErrorKind::NotFound => "it is not there".to_owned(),
                _ => error.to_string(),
            };
            return Err(Failure::new(
                ErrorCode::SourceMissing,
                format!("{source} cannot be backed up: {reason}."),
            )
            .hint("If it is on a drive or a network folder, connect that first. If you no longer need it, take it out of the plan.")
            .retryable());
        }
    }
    Ok(())
}

/// A count of the folders that runs beside the backup.
struct Estimate {
    arrives: Option<mpsc::Receiver<Measure>>,
    stop: Arc<AtomicBool>,
}

impl Estimate {
    fn none() -> Self {
        Self {
            arrives: None,
            stop: Arc::default(),
        }
    }

    fn count(
        sources: Vec<String>,
        excludes: Vec<String>,
        skip: Option<std::path::PathBuf>,
    ) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (sender, arrives) = mpsc::sync_channel(1);
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("alcove-estimate".into())
            .spawn(move || {
                let mut total = Measure {
                    bytes: 0,
                    files: 0,
                    complete: true,
                };
                for source in &sources {
                    let part = measure(Path::new(source), &excludes, skip.as_deref(), &|_| {
                        !stopped.load(Ordering::Relaxed)
                    });
                    total.bytes += part.bytes;
                    total.files += part.files;
                    total.complete &= part.complete;
                }
                if total.complete {
                    // Nobody waits for it any more when the backup was faster.
                    let _ = sender.send(total);
                }
            });
        if let Err(error) = thread {
            log::warn!("no estimate: {error}");
        }
        Self {
            arrives: Some(arrives),
            stop,
        }
    }

    fn arrived(&self) -> Option<Measure> {
        self.arrives.as_ref()?.try_recv().ok()
    }

    fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl Drop for Estimate {
    fn drop(&mut self) {
        self.stop();
    }
}
