//! The making of an archive: Borg's `create`, never run into a repository Alcove does not know.

use std::path::Path;

use alcove_borg::{Borg, Command, CreateReport, Problem, RepositorySizes, Verdict, judge};
use alcove_store::{Level, Plan, SizeSource};

use super::course::Mark;
use super::drive::Ended;
use super::obstacle::Next;
use super::run::{Run, Worked};
use super::state::{Event, Outcome};
use super::survey::{self, Survey};
use crate::error::{ErrorCode, Failure};
use crate::{place, plans};

impl Run<'_> {
    /// Runs `create` until it has made the archive or cannot. An error means that it was not started.
    pub(super) fn back_up(&mut self, plan: &Plan) -> Result<Worked, Failure> {
        self.hooks_before(plan)?;
        let borg = self.borg()?;
        check_sources(&plan.sources)?;
        let plans = self.inner.store.plans_of(self.task.repository.id)?;
        self.environment = self.environment.clone().shared_by(plans.len());
        self.look_at_identity()?;
        let survey = self.look_ahead(plan);
        loop {
            let (outcome, problem) = self.attempt(&borg, plan, &survey)?;
            let (Some(problem), Some(failure)) = (&problem, &outcome.failure) else {
                return Ok(Worked::Decided(outcome));
            };
            match self.next(problem, failure.clone()) {
                Next::Again => {}
                Next::Wait(failure) => return Ok(Worked::Waits(failure)),
                Next::GiveUp(failure) => {
                    return Ok(Worked::Decided(Outcome {
                        exit_code: outcome.exit_code,
                        ..self.given_up(failure)
                    }));
                }
            }
        }
    }

    /// Runs Borg's `create` once.
    fn attempt(
        &mut self,
        borg: &Borg,
        plan: &Plan,
        survey: &Survey,
    ) -> Result<(Outcome, Option<Problem>), Failure> {
        if let Some(unanswered) = self.ask_identity(borg)? {
            let (outcome, problem) = self.judge(&unanswered, None);
            // The exit code of a job is that of `create`.
            let exit_code = None;
            return Ok((
                Outcome {
                    exit_code,
                    ..outcome
                },
                problem,
            ));
        }
        let repository = &self.task.repository;
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
            self.lock_wait(),
        ));
        let line = command.shell_line(borg, &self.environment);
        self.note(Level::Info, &line);
        self.apply(Event::Creating {
            archive,
            command: line,
        });

        let ended = self.drive(borg, &command, Some(survey))?;
        let report = CreateReport::parse(&ended.exit.stdout);
        let (outcome, problem) = self.judge(&ended, report);
        if let Some(sizes) = RepositorySizes::parse(&ended.exit.stdout)
            && let Err(failure) = self
                .inner
                .note_sizes(repository.id, SizeSource::Backup, sizes)
        {
            log::warn!("the size of {} was not noted: {failure}", repository.name);
        }
        Ok((outcome, problem))
    }

    /// Says how an attempt ended; why, when there is no archive.
    fn judge(&self, ended: &Ended, report: Option<CreateReport>) -> (Outcome, Option<Problem>) {
        let warnings = self.state.job().warnings;
        let verdict = judge(&ended.exit, report.as_ref(), warnings, self.stopping());
        let problem = (verdict == Verdict::Failed).then(|| self.problem(ended));
        let failure = problem
            .as_ref()
            .map(|problem| self.inner.explain(problem, &self.task.repository));
        let outcome = Outcome {
            verdict,
            exit_code: ended.exit.code,
            report,
            failure,
        };
        (outcome, problem)
    }

    /// Recalls what the last run read, and begins to look at what this one will.
    fn look_ahead(&mut self, plan: &Plan) -> Survey {
        let last = self
            .inner
            .store
            .last_safe_job(plan.id)
            .unwrap_or_else(|error| {
                log::warn!("the last run is not recalled: {error}");
                None
            });
        match self.inner.store.kept_since_last_safe_job(plan.id) {
            Ok(kept) => self.apply(Event::Resumed { files: kept.files }),
            Err(error) => log::warn!("what earlier runs kept is not known: {error}"),
        }
        let location = &self.task.repository.location;
        let archive = last.as_ref().and_then(|last| last.archive_name.clone());
        let next = plans::create(
            plan,
            location.clone(),
            archive.unwrap_or_default(),
            self.lock_wait(),
        );
        let (mut known, mut hurry) = (None, true);
        if let Some(last) = last {
            self.apply(Event::Recalled {
                pace: last.pace,
                end: Mark {
                    files: last.progress.nfiles,
                    bytes: last.progress.original_size,
                    ..Mark::default()
                },
            });
            known = survey::known(&last, &next);
            hurry = known.is_none() || !survey::holds(&last, self.inner.world.clock.now());
        }
        let repository = place::local(location).map(Path::to_path_buf);
        let apart = repository
            .into_iter()
            .chain(self.environment.cache_folder());
        Survey::start(next.selection, apart.collect(), known, hurry)
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
