//! The maintenance of a repository: prune, compact, check, one after the other until one fails. After a backup, or as
//! a job of its own.

use std::time::Duration;

use alcove_borg::{Borg, Command, Problem, Verdict};
use alcove_store::{JobKind, Level, Trigger};

use super::drive::Ended;
use super::obstacle::Next;
use super::run::{Run, Worked};
use super::state::{Event, Outcome, Step};
use crate::error::{ErrorCode, Failure};
use crate::start::{refuse_append_only, refuse_held};

/// Why a step is not done.
pub(super) enum Stuck {
    /// It did not succeed: as a person is told, and Borg's problem where it is one.
    Failed {
        failure: Failure,
        problem: Option<Problem>,
    },
    /// It is a check, and a backup goes first.
    MakesWay,
}

impl From<Failure> for Stuck {
    fn from(failure: Failure) -> Self {
        Self::Failed {
            failure,
            problem: None,
        }
    }
}

impl Run<'_> {
    /// Does what the plan asks for once the archive is safe.
    pub(super) fn maintain(&mut self) {
        match self.steps() {
            Ok(()) => {}
            Err((step, Stuck::Failed { failure, .. })) => {
                self.note(Level::Error, &failure.sentence());
                self.break_off(step, &failure);
            }
            Err((_, Stuck::MakesWay)) => {
                self.apply(Event::Postponed);
                self.note(Level::Info, "The check follows as a job of its own.");
                self.check_follows = true;
            }
        }
    }

    /// Does maintenance that was asked for by itself. An error means that it could not begin.
    pub(super) fn maintain_alone(&mut self) -> Result<Worked, Failure> {
        let borg = self.borg()?;
        self.look_at_identity()?;
        if self.task.job.kind != JobKind::Check {
            // It may have become so while the job waited.
            refuse_append_only(&self.task.repository)?;
            self.look_at_hold()?;
        }
        loop {
            if let Some(unanswered) = self.ask_identity(&borg)? {
                let stuck = self.stuck(&unanswered, false);
                match self.overcome(stuck) {
                    Some(worked) => return Ok(worked),
                    None => continue,
                }
            }
            let Err((step, stuck)) = self.steps() else {
                let verdict = if self.state.job().warnings > 0 {
                    Verdict::CompletedWithWarnings
                } else {
                    Verdict::Completed
                };
                return Ok(Worked::Decided(Outcome {
                    verdict,
                    exit_code: None,
                    report: None,
                    failure: None,
                }));
            };
            let failed = match &stuck {
                Stuck::Failed { failure, .. } => Some(failure.clone()),
                Stuck::MakesWay => None,
            };
            if let Some(worked) = self.overcome(stuck) {
                if let (Worked::Decided(_), Some(failure)) = (&worked, failed) {
                    self.break_off(step, &failure);
                }
                return Ok(worked);
            }
        }
    }

    /// Decides what follows from what stopped the maintenance; `None`: it begins again.
    fn overcome(&mut self, stuck: Stuck) -> Option<Worked> {
        let next = match stuck {
            Stuck::Failed {
                failure,
                problem: Some(problem),
            } => self.next(&problem, failure),
            Stuck::Failed { failure, .. } => Next::GiveUp(failure),
            Stuck::MakesWay => return Some(Worked::MakesWay),
        };
        match next {
            Next::Again => None,
            Next::Wait(failure) => Some(Worked::Waits(failure)),
            Next::GiveUp(failure) => Some(Worked::Decided(self.given_up(failure))),
        }
    }

    fn break_off(&mut self, step: Step, failure: &Failure) {
        self.apply(Event::Maintained {
            step,
            last: true,
            failure: Some(failure),
        });
    }

    /// Runs every step that is asked for. Returns the one that is not done.
    fn steps(&mut self) -> Result<(), (Step, Stuck)> {
        let steps = self.asked_for();
        for (index, step) in steps.iter().copied().enumerate() {
            if step == Step::Check && self.makes_way() {
                return Err((step, Stuck::MakesWay));
            }
            self.apply(Event::Maintaining(step));
            self.step(step).map_err(|stuck| (step, stuck))?;
            self.apply(Event::Maintained {
                step,
                last: index + 1 == steps.len(),
                failure: None,
            });
        }
        Ok(())
    }

    fn asked_for(&mut self) -> Vec<Step> {
        let plan = self.task.plan.as_ref();
        let mut steps = Vec::new();
        let (prune, compact, check) = match self.task.job.kind {
            JobKind::Backup => (
                plan.is_some_and(|plan| plan.keep.prunes()),
                plan.is_some_and(|plan| plan.compact),
                plan.is_some_and(|plan| plan.check),
            ),
            JobKind::Prune => (true, plan.is_some_and(|plan| plan.compact), false),
            JobKind::Compact => (false, true, false),
            JobKind::Check => (false, false, true),
        };
        match self.held_back() {
            Some(why) if prune || compact => self.note(Level::Info, &why),
            _ => {
                steps.extend(prune.then_some(Step::Prune));
                steps.extend(compact.then_some(Step::Compact));
            }
        }
        steps.extend(check.then_some(Step::Check));
        steps
    }

    /// Why nothing is deleted now. Plans that are held hold what follows a backup; what is asked for by itself runs.
    fn held_back(&self) -> Option<String> {
        if self.task.repository.append_only {
            return Some(format!(
                "{} is append-only: no archive is pruned and no space is freed from here.",
                self.task.repository.name
            ));
        }
        if self.withheld {
            return Some(
                "Whether the files are as they should be could not be recorded: no archive is pruned and no space \
                 is freed this time."
                    .to_owned(),
            );
        }
        if let Err(why) = self.look_at_hold() {
            return Some(why.message);
        }
        // Records that cannot be read do not say that the plan is right.
        let held = self.task.job.kind == JobKind::Backup
            && self.inner.store.plans_are_held().unwrap_or(true);
        held.then(|| {
            "Plans are from restored records: no archive is pruned and no space is freed until you have said \
             that they are right."
                .to_owned()
        })
    }

    /// Refuses to delete archives while the plan of the job is held; it may have become so since the job began.
    fn look_at_hold(&self) -> Result<(), Failure> {
        let Some(plan) = &self.task.plan else {
            return Ok(());
        };
        let now = self.inner.store.plan(plan.id)?;
        refuse_held(&now.ok_or_else(plan_gone)?)
    }

    fn step(&mut self, step: Step) -> Result<(), Stuck> {
        let borg = self.borg()?;
        let repository = self.task.repository.location.clone();
        let lock_wait = self.lock_wait();
        let command = match (step, &self.task.plan) {
            (Step::Prune, Some(plan)) => return self.prune(&borg, plan),
            (Step::Prune, None) => return Err(plan_gone().into()),
            (Step::Compact, _) => Command::Compact {
                repository,
                lock_wait,
            },
            (Step::Check, _) => {
                let minutes = self.check_minutes();
                self.apply(Event::Checking { minutes });
                Command::Check {
                    repository,
                    lock_wait,
                    at_most: minutes.map(|minutes| Duration::from_mins(minutes.into())),
                }
            }
        };
        self.command(&borg, &command).map(|_| ())
    }

    /// For how many minutes the repository is checked at most: a job that somebody asked for goes to its end.
    fn check_minutes(&self) -> Option<u32> {
        let by_itself = self.task.job.trigger == Trigger::Schedule;
        self.task.repository.check.filter(|_| by_itself)?.minutes
    }

    /// Runs one command of maintenance.
    pub(super) fn command(&mut self, borg: &Borg, command: &Command) -> Result<Ended, Stuck> {
        self.note(Level::Info, &command.shell_line(borg, &self.environment));
        let ended = match self.drive(borg, command, None) {
            Err(_) if self.stopping() => return Err(stopped().into()),
            driven => driven?,
        };
        let checked = matches!(command, Command::Check { .. });
        if ended.exit.is_success() && !(checked && ended.diagnosis.complained()) {
            return Ok(ended);
        }
        if checked && self.makes_way() && ended.exit.was_stopped() {
            return Err(Stuck::MakesWay);
        }
        Err(self.stuck(&ended, checked))
    }

    /// Why a command did not succeed.
    fn stuck(&self, ended: &Ended, checked: bool) -> Stuck {
        if self.stopping() {
            return stopped().into();
        }
        let problem = match self.problem(ended) {
            // What a check complains of has no name: it is what the check looked for.
            Problem::Unknown { .. } if checked => Problem::IntegrityError,
            named => named,
        };
        Stuck::Failed {
            failure: self.inner.explain(&problem, &self.task.repository),
            problem: Some(problem),
        }
    }
}

fn stopped() -> Failure {
    Failure::new(
        ErrorCode::Interrupted,
        "Maintenance was stopped. The archives are safe.",
    )
}

/// A job whose plan was removed while it waited.
pub(super) fn plan_gone() -> Failure {
    Failure::new(ErrorCode::NoPlan, "The plan of this job is gone.")
}
