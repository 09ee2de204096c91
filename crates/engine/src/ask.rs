//! Running a Borg that has no progress to show, on the calling thread and to its end.
//!
//! For what a person waits for: making a repository, opening it, looking at it. What runs for long is a job.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use alcove_borg::{
    Answers, ArchiveList, Command, Diagnosis, Environment, Event, Exit, Launch, LaunchError,
    Output, Passphrase, Problem, Running, Signal,
};
use alcove_store::Repository;

use crate::engine::Inner;
use crate::error::{ErrorCode, Failure};
use crate::job::cancel::Ladder;
use crate::job::explain;

/// How often a look finds out whether a job wants the repository.
const TICK: Duration = Duration::from_millis(50);
/// One that has not ended so long after it was told to, and killed at last, is not waited for.
const GIVEN_UP: Duration = Duration::from_secs(15);

/// What Borg is asked.
pub(crate) struct Question<'a> {
    pub(crate) command: &'a Command,
    pub(crate) environment: &'a Environment,
    pub(crate) passphrase: Option<&'a Passphrase>,
    /// When it is stopped, if at all.
    pub(crate) until: Option<Instant>,
    /// What ends it early once it is set: a job waits for the repository.
    pub(crate) gives_way: Option<&'a AtomicBool>,
}

/// Why Borg gave no answer.
#[derive(Debug)]
pub(crate) enum Unanswered {
    /// There is no Borg, or it did not start.
    NotAsked(Failure),
    /// Borg said why.
    Problem(Problem),
    /// It was stopped: the time was over.
    OutOfTime,
    /// It was stopped: a job wanted the repository.
    GaveWay,
}

impl Unanswered {
    /// Says it to a person who calls the repository `name`.
    pub(crate) fn failure(self, name: &str) -> Failure {
        match self {
            Self::NotAsked(failure) => failure,
            Self::Problem(problem) => explain::problem(&problem, name),
            Self::OutOfTime => Failure::new(
                ErrorCode::ConnectionFailed,
                format!("{name} did not answer in time."),
            )
            .hint("Test the connection, then try again.")
            .retryable(),
            Self::GaveWay => Failure::new(
                ErrorCode::InUse,
                format!("A job of {name} began, which comes first."),
            )
            .hint("Ask again when it has ended.")
            .retryable(),
        }
    }
}

impl Inner {
    /// Runs Borg to its end.
    pub(crate) fn ask(&self, question: &Question<'_>) -> Result<Exit, Unanswered> {
        self.ask_and_hear(question, |_| {})
    }

    /// Runs Borg to its end, and passes on what it says meanwhile.
    pub(crate) fn ask_and_hear(
        &self,
        question: &Question<'_>,
        hear: impl FnMut(&Event),
    ) -> Result<Exit, Unanswered> {
        self.run_to_its_end(question, alcove_borg::launch, hear)
    }

    /// Runs a Borg to its end that asks for passphrases itself.
    pub(crate) fn ask_answering(
        &self,
        question: &Question<'_>,
        answers: Answers,
    ) -> Result<Exit, Unanswered> {
        let launch = |launch: Launch<'_>| alcove_borg::launch_answering(launch, answers);
        self.run_to_its_end(question, launch, |_| {})
    }

    fn run_to_its_end(
        &self,
        question: &Question<'_>,
        launch: impl FnOnce(Launch<'_>) -> Result<Running, LaunchError>,
        mut hear: impl FnMut(&Event),
    ) -> Result<Exit, Unanswered> {
        let borg = self
            .borg()
            .map_err(|why| Unanswered::NotAsked(explain::unusable(&why)))?;
        let not_asked = |code, why: &str| Unanswered::NotAsked(Failure::new(code, why).retryable());
        let running = launch(Launch {
            borg: &borg,
            command: question.command,
            environment: question.environment,
            passphrase: question.passphrase,
            // Somebody waits for the answer.
            low_priority: false,
        })
        .map_err(|error| {
            self.doubt_borg();
            not_asked(ErrorCode::BorgNotStarted, &error.to_string())
        })?;
        let mut diagnosis = Diagnosis::default();
        loop {
            let mut left = question.until.map_or(Duration::MAX, |until| {
                until.saturating_duration_since(Instant::now())
            });
            if let Some(wanted) = question.gives_way {
                if wanted.load(Ordering::Acquire) {
                    give_way(&running);
                    return Err(Unanswered::GaveWay);
                }
                left = left.min(TICK);
            }
            match running.outputs().recv_timeout(left) {
                Ok(Output::Event(event)) => {
                    log::debug!("borg: {event:?}");
                    diagnosis.observe(&event);
                    hear(&event);
                    // What a talkative Borg has said already is there at once, however late it is.
                    if question.until.is_some_and(|until| until < Instant::now()) {
                        running.signaller().send(Signal::TerminateGroup);
                        return Err(Unanswered::OutOfTime);
                    }
                }
                Ok(Output::Exited(exit)) if exit.is_success() => return Ok(exit),
                Ok(Output::Exited(exit)) => {
                    self.doubt_borg();
                    return Err(Unanswered::Problem(diagnosis.problem(&exit)));
                }
                Err(RecvTimeoutError::Timeout)
                    if question.until.is_none_or(|until| Instant::now() < until) => {}
                Err(RecvTimeoutError::Timeout) => {
                    running.signaller().send(Signal::TerminateGroup);
                    return Err(Unanswered::OutOfTime);
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(not_asked(ErrorCode::BorgFailed, "Borg's end was not seen."));
                }
            }
        }
    }

    /// Asks a repository Alcove knows, for at most so long.
    pub(crate) fn ask_repository(
        &self,
        repository: &Repository,
        command: &Command,
        passphrase: Option<&Passphrase>,
        patience: Duration,
        gives_way: Option<&AtomicBool>,
    ) -> Result<Exit, Failure> {
        self.ask(&Question {
            command,
            environment: &self.environment_of(repository),
            passphrase,
            until: Some(Instant::now() + patience),
            gives_way,
        })
        .map_err(|why| self.unanswered(why, repository))
    }

    /// Says why a repository Alcove knows gave no answer.
    pub(crate) fn unanswered(&self, why: Unanswered, repository: &Repository) -> Failure {
        match why {
            Unanswered::Problem(problem) => self.explain(&problem, repository),
            other => other.failure(&repository.name),
        }
    }

    /// Lists the archives of a repository.
    pub(crate) fn list(
        &self,
        location: &str,
        environment: &Environment,
        passphrase: Option<&Passphrase>,
        name: &str,
    ) -> Result<ArchiveList, Failure> {
        let command = Command::List {
            repository: location.to_owned(),
        };
        let exit = self
            .ask(&Question {
                command: &command,
                environment,
                passphrase,
                until: None,
                gives_way: None,
            })
            .map_err(|why| why.failure(name))?;
        ArchiveList::parse(&exit.stdout).ok_or_else(|| unreadable(name))
    }
}

/// Stops a Borg and waits until its locks are free, so that the job that wants them finds none.
fn give_way(running: &Running) {
    let began = Instant::now();
    let mut ladder = Ladder::order();
    while began.elapsed() < GIVEN_UP {
        if let Some(signal) = ladder.next(began.elapsed()) {
            running.signaller().send(signal);
        }
        match running.outputs().recv_timeout(TICK) {
            Ok(Output::Event(_)) | Err(RecvTimeoutError::Timeout) => {}
            Ok(Output::Exited(_)) | Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// An answer of Borg that is not what it should be.
pub(crate) fn unreadable(name: &str) -> Failure {
    Failure::new(
        ErrorCode::BorgFailed,
        format!("Borg's list of {name} could not be read."),
    )
}
