//! The thread that runs one job, from its turn in the lane to its end.
//!
//! It has the work done and passes the record on: to the doors at most ten times a second, to the database at a calm
//! pace and at every change of phase. What an event means is the fold's to say; which job runs when is the lane's.

use std::sync::Arc;
use std::time::Duration;

use alcove_borg::{Borg, Environment, Passphrase, Verdict};
use alcove_store::{Job, JobKind, Level, LogWriter, Phase, Plan, Repository, Status};

use super::control::Control;
use super::explain;
use super::maintain::plan_gone;
use super::ping::Pinger;
use super::state::{Event, JobState, Outcome};
use crate::engine::Inner;
use crate::error::Failure;
use crate::interruption;
use crate::words::{count, size};

/// The doors hear of progress at most this often.
const TELL: Duration = Duration::from_millis(100);
/// The database hears of progress at most this often.
const SAVE: Duration = Duration::from_secs(5);
/// How long the thread waits for Borg before it looks at the clock again.
pub(super) const TICK: Duration = Duration::from_millis(100);

/// A job whose last turn is over.
pub(crate) struct Ended {
    pub(crate) job: Job,
    /// Whether it left its check to a job of its own.
    pub(crate) check_follows: bool,
}

/// How a turn of a job ended.
pub(crate) enum Ending {
    Ended(Ended),
    /// It lets a backup go first.
    MakesWay(Job),
    /// It needs an answer, and why.
    Waits(Job, Failure),
}

/// How the work of a job ended.
pub(super) enum Worked {
    Decided(Outcome),
    /// It needs an answer, and why.
    Waits(Failure),
    /// It lets a backup go first.
    MakesWay,
}

/// What a job needs to know; the engine looked it up.
pub(crate) struct Task {
    pub(crate) job: Job,
    pub(crate) repository: Repository,
    /// The plan whose archives it makes or prunes.
    pub(crate) plan: Option<Plan>,
    pub(crate) passphrase: Option<Arc<Passphrase>>,
    pub(crate) control: Arc<Control>,
}

impl Task {
    /// Whether every file goes into the log.
    pub(super) fn lists_files(&self) -> bool {
        self.plan.as_ref().is_some_and(|plan| plan.log_files)
    }
}

pub(super) struct Run<'a> {
    pub(super) inner: &'a Inner,
    pub(super) environment: Environment,
    pub(super) task: &'a Task,
    pub(super) state: JobState,
    log: LogWriter,
    began: Duration,
    told: Option<(Duration, Phase, Status)>,
    saved: Option<(Duration, Phase, Status)>,
    borg: Option<Borg>,
    /// The repository gave its id, and it is the one Alcove knows.
    pub(super) identified: bool,
    /// Since when another program holds the repository.
    pub(super) locked_since: Option<Duration>,
    /// Since when a script knows that Alcove is closed.
    pub(super) closing_since: Option<Duration>,
    /// Who tells a service how the backup goes.
    pub(super) pinger: Option<Pinger>,
    /// How many attempts in a row kept nothing.
    pub(super) fruitless: u32,
    /// Nothing is deleted after this backup.
    pub(super) withheld: bool,
    /// The check that was asked for made way for a backup.
    pub(super) check_follows: bool,
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
        borg: None,
        identified: false,
        locked_since: None,
        closing_since: None,
        pinger: Pinger::of(inner, task),
        fruitless: 0,
        withheld: false,
        check_follows: false,
    };
    run.apply(Event::Began);
    run.ping_start();
    match run.work() {
        Ok(Worked::Decided(outcome)) => run.decide(outcome),
        Ok(Worked::Waits(failure)) => {
            run.hooks_after();
            run.log.sync();
            return Ending::Waits(run.record(), failure);
        }
        Ok(Worked::MakesWay) => {
            run.apply(Event::MadeWay);
            run.log.sync();
            return Ending::MakesWay(run.record());
        }
        Err(failure) => run.decide(run.given_up(failure)),
    }
    run.ping_outcome();
    run.hooks_after();
    let made = task.job.kind == JobKind::Backup && run.state.job().status.is_safe();
    if made && !run.stopping() {
        run.maintain();
    }
    run.ping_outcome();
    run.hear_last_pings();
    run.apply(Event::Ended);
    run.log.sync();
    Ending::Ended(Ended {
        job: run.record(),
        check_follows: run.check_follows,
    })
}

impl Run<'_> {
    pub(super) fn at(&self) -> Duration {
        self.inner
            .world
            .clock
            .monotonic()
            .saturating_sub(self.began)
    }

    pub(super) fn stopping(&self) -> bool {
        self.task.control.is_stopping()
    }

    /// Whether a backup should go first, and nobody wishes the job to stop.
    pub(super) fn makes_way(&self) -> bool {
        self.task.control.is_asked_for_way() && !self.stopping()
    }

    /// Does what the job is for. An error means that it could not begin.
    fn work(&mut self) -> Result<Worked, Failure> {
        let Task {
            job,
            plan,
            repository,
            ..
        } = self.task;
        let what = match (job.kind, plan) {
            (JobKind::Backup | JobKind::Prune, Some(plan)) => {
                format!("{} to {}", plan.name, repository.name)
            }
            _ => format!("{} of {}", job.kind, repository.name),
        };
        self.note(Level::Info, &format!("Job {}: {what}", job.id));
        match (job.kind, plan) {
            (JobKind::Backup, Some(plan)) => self.back_up(plan),
            (JobKind::Backup | JobKind::Prune, None) => Err(plan_gone()),
            (JobKind::Prune | JobKind::Compact | JobKind::Check, _) => self.maintain_alone(),
        }
    }

    /// Finds Borg, once a job, and says in the log which one.
    pub(super) fn borg(&mut self) -> Result<Borg, Failure> {
        if let Some(borg) = &self.borg {
            return Ok(borg.clone());
        }
        let borg = self.inner.borg().map_err(|why| explain::unusable(&why))?;
        let found = format!("Borg {} at {}", borg.version, borg.path.display());
        self.note(Level::Info, &found);
        Ok(self.borg.insert(borg).clone())
    }

    /// The end of a job that did not succeed: cancelled when that was wished, else failed.
    pub(super) fn given_up(&self, failure: Failure) -> Outcome {
        let stopped = self.stopping();
        Outcome {
            verdict: if stopped {
                Verdict::Cancelled
            } else {
                Verdict::Failed
            },
            exit_code: None,
            report: None,
            failure: (!stopped).then_some(failure),
        }
    }

    /// Says in the log and in the record how the work ended.
    fn decide(&mut self, mut outcome: Outcome) {
        if outcome.verdict == Verdict::Cancelled && self.task.control.is_closing() {
            let (_, failure) = interruption::of(self.state.job());
            outcome.verdict = Verdict::Failed;
            outcome.failure = Some(failure);
        }
        match outcome.verdict {
            Verdict::Cancelled => self.note(Level::Info, "Cancelled."),
            Verdict::Failed => {
                if let Some(failure) = &outcome.failure {
                    self.note(Level::Error, &failure.sentence());
                }
            }
            Verdict::Completed | Verdict::CompletedWithWarnings => {
                if let Some(report) = &outcome.report {
                    let text = format!(
                        "Archive {} is complete: {}, {}, {} new.",
                        report.archive,
                        count(report.nfiles, "file"),
                        size(report.original_size),
                        size(report.deduplicated_size),
                    );
                    self.note(Level::Info, &text);
                    if self.stopping() {
                        self.note(
                            Level::Info,
                            "The stop came after the archive was complete. Maintenance is skipped.",
                        );
                    }
                }
            }
        }
        let held = outcome
            .report
            .as_ref()
            .and_then(|report| self.guard(report));
        self.apply(Event::Decided(outcome));
        if let Some(failure) = held {
            self.note(Level::Warning, &failure.sentence());
            self.apply(Event::Blamed(&failure));
        }
    }

    pub(super) fn apply(&mut self, event: Event<'_>) {
        let at = self.at();
        self.state.apply(at, event);
        self.pass_on();
    }

    pub(super) fn note(&mut self, level: Level, text: &str) {
        self.log.write(self.inner.world.clock.now(), level, text);
    }

    fn record(&self) -> Job {
        Job {
            log_incomplete: self.log.incomplete(),
            ..self.state.job().clone()
        }
    }

    /// Saves the record. A change of phase is on the disk when this returns, the log before it; mere progress waits for
    /// no disk, so that Borg does not either.
    fn save(&mut self, changed: bool) {
        let record = self.record();
        if !changed {
            self.inner.store.save_job_soon(&record);
            return;
        }
        self.log.sync();
        if let Err(error) = self.inner.store.save_job(&record) {
            log::error!("job {} was not saved: {error}", self.task.job.id);
        }
    }

    /// Passes the record on to the doors and the database, each at its own pace.
    fn pass_on(&mut self) {
        let at = self.at();
        let (phase, status) = (self.state.job().phase, self.state.job().status);
        let changed = |last: Option<(Duration, Phase, Status)>| {
            last.is_none_or(|(_, was_phase, was_status)| was_phase != phase || was_status != status)
        };
        let due = |last: Option<(Duration, Phase, Status)>, pace: Duration| {
            changed(last) || last.is_some_and(|(time, ..)| at.saturating_sub(time) >= pace)
        };
        let (tell, save) = (due(self.told, TELL), due(self.saved, SAVE));
        // The end is saved and told once, by the engine: the lane is free again then.
        if phase == Phase::Ended {
            return;
        }
        if save {
            let changed = changed(self.saved);
            self.saved = Some((at, phase, status));
            self.save(changed);
        }
        if tell {
            self.told = Some((at, phase, status));
            self.inner.tell_job(self.record());
        }
    }
}
