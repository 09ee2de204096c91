//! What stands between a job and its work, and what the job does about it: it waits for an answer, tries again, or
//! gives up.
//!
//! The same for a backup and for maintenance of its own. Maintenance after a backup has none of this: the archive is
//! safe, and the next backup does it again.

use std::time::Duration;

use alcove_borg::{Confirmation, LOCK_WAIT_INTERACTIVE, LOCK_WAIT_JOB, Problem};
use alcove_store::{Level, Trigger, WaitingFor};

use super::run::{Run, TICK};
use super::state::Event;
use crate::connection::key;
use crate::error::{ErrorCode, Failure};
use crate::words::size;

/// So many attempts in a row may keep nothing; then a broken connection is final.
const FRUITLESS: u32 = 5;
/// Between two attempts is at most so much time.
const LONGEST_WAIT: Duration = Duration::from_mins(15);

/// What a job does about a problem.
pub(super) enum Next {
    /// It waits as pending until somebody answers.
    Wait(Failure),
    /// It begins again.
    Again,
    /// It ends: it has failed, or a stop was asked for meanwhile.
    GiveUp(Failure),
}

impl Run<'_> {
    /// How long Borg waits for a lock. A person hears soon that another program holds the repository, and waits
    /// calmly from then on.
    pub(super) fn lock_wait(&self) -> Duration {
        if self.state.job().status.is_terminal() || self.locked_since.is_some() {
            LOCK_WAIT_JOB.min(self.inner.lock_wait())
        } else {
            LOCK_WAIT_INTERACTIVE
        }
    }

    /// Decides what follows from a problem, and says it in the log and in the record. `failure` is how the problem
    /// is told to a person.
    pub(super) fn next(&mut self, problem: &Problem, failure: Failure) -> Next {
        if self.stopping() {
            return Next::GiveUp(failure);
        }
        if matches!(
            problem,
            Problem::PassphraseWrong | Problem::PassphraseNeeded
        ) {
            if let Some(wrong) = &self.task.passphrase {
                self.inner.secrets.forget(&self.task.repository, wrong);
                self.task.control.forget(wrong);
            }
            return self.wait_for(WaitingFor::Passphrase, failure);
        }
        if let Some(question) = question(problem) {
            self.task.control.ask(question);
            return self.wait_for(WaitingFor::Question, failure);
        }
        if self.state.job().progress.nfiles == 0
            && let Problem::ConnectionFailed { detail } = problem
            && let denied = detail
                .as_ref()
                .is_some_and(|said| said.contains("Permission denied"))
            && let Some(objection) =
                key::of_server(&self.inner.world, &self.task.repository, denied)
        {
            return if objection.code == ErrorCode::HostKeyUnknown {
                self.wait_for(WaitingFor::HostKey, objection)
            } else {
                Next::GiveUp(objection)
            };
        }
        if matches!(problem, Problem::Locked { .. }) {
            let now = self.at();
            let since = *self.locked_since.get_or_insert(now);
            // Its holder may have died meanwhile.
            self.environment = self
                .inner
                .named(self.environment.clone(), &self.task.repository);
            if now.saturating_sub(since) < self.inner.lock_wait() {
                self.wait_for(WaitingFor::Lock, failure);
                return Next::Again;
            }
        } else {
            self.locked_since = None;
        }
        if self.may_reconnect(problem) {
            self.reconnect(failure)
        } else {
            Next::GiveUp(failure)
        }
    }

    /// Waits for the time of the next attempt: longer after each that kept nothing, until there were too many of them.
    fn reconnect(&mut self, failure: Failure) -> Next {
        let job = self.state.job();
        let (attempt, kept) = (job.attempt + 1, job.kept_size);
        self.fruitless = if kept > self.state.kept_before() {
            0
        } else {
            self.fruitless + 1
        };
        if self.fruitless >= FRUITLESS {
            return Next::GiveUp(failure);
        }
        let wait = wait_after(self.fruitless, self.inner.world.reconnect_wait);
        self.note(Level::Warning, &failure.message);
        let next = self.inner.world.clock.now() + wait;
        self.task.control.note_next_try(Some(next));
        self.apply(Event::Retrying { attempt });
        let begins = format!("Attempt {attempt} begins in {} s.", wait.as_secs());
        let text = match kept {
            0 => begins,
            kept => format!("{begins} {} are kept.", size(kept)),
        };
        self.note(Level::Info, &text);
        let goes_on = self.pause(wait);
        self.task.control.note_next_try(None);
        if goes_on {
            Next::Again
        } else {
            Next::GiveUp(failure)
        }
    }

    /// Says in the log and in the record what the job waits for.
    fn wait_for(&mut self, waiting_for: WaitingFor, failure: Failure) -> Next {
        if self.state.job().waiting_for != Some(waiting_for) {
            self.note(Level::Warning, &format!("Waiting. {}", failure.sentence()));
        }
        self.apply(Event::Waiting {
            waiting_for,
            failure: &failure,
        });
        Next::Wait(failure)
    }

    /// Whether a broken connection is worth another attempt: always after files were sent, and when
    /// nobody waits in front of the window.
    fn may_reconnect(&self, problem: &Problem) -> bool {
        let job = self.state.job();
        match problem {
            Problem::ConnectionLost => true,
            Problem::ConnectionFailed { .. } => {
                job.attempt > 1 || job.progress.nfiles > 0 || job.trigger == Trigger::Schedule
            }
            _ => false,
        }
    }

    /// Waits; false when a stop was asked for meanwhile.
    fn pause(&self, time: Duration) -> bool {
        let until = self.at() + time;
        while self.at() < until && !self.stopping() {
            std::thread::sleep(TICK.min(until.saturating_sub(self.at())));
        }
        !self.stopping()
    }
}

/// How long the next attempt waits when so many in a row kept nothing: twice as long as the one before.
fn wait_after(fruitless: u32, first: Duration) -> Duration {
    let doubled = 2_u32.saturating_pow(fruitless.saturating_sub(1));
    first.saturating_mul(doubled).min(LONGEST_WAIT)
}

/// The question behind a problem, where a person's yes solves it.
fn question(problem: &Problem) -> Option<Confirmation> {
    match problem {
        Problem::RepositoryRelocated => Some(Confirmation::RelocatedRepository),
        Problem::RepositoryUnknownUnencrypted => Some(Confirmation::UnknownUnencryptedRepository),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_that_keep_nothing_wait_longer_and_longer_and_one_that_kept_something_does_not() {
        let first = Duration::from_mins(1);
        let waits = [0, 1, 2, 3, 4, 5, 6].map(|fruitless| wait_after(fruitless, first).as_secs());
        assert_eq!(waits, [60, 60, 120, 240, 480, 900, 900]);
        assert_eq!(wait_after(u32::MAX, first), LONGEST_WAIT);
    }
}
