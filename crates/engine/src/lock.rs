//! The lock of a repository: who holds it, in words, and what this computer can tell of the holder.
//!
//! Borg takes a lock on the repository and one on its cache, both in the same form; a local one is read as Borg
//! itself writes it. Leaves out breaking one, and waiting for one.

use std::path::Path;

use alcove_borg::{Environment, Problem, RepositoryLock, repository_lock_at};
use alcove_store::Repository;
use jiff::Timestamp;

use crate::engine::Inner;
use crate::error::{ErrorCode, Failure};
use crate::job::explain;
use crate::words;
use crate::{host_id, place};

/// Who holds a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lock {
    /// Nobody.
    Free,
    /// It is on a server, and only Borg could tell.
    Unknown,
    /// A process that runs on this computer.
    Held(RepositoryLock),
    /// A process of this computer that is gone.
    LeftBehind(RepositoryLock),
    /// A process of another computer, or of a container, which may run or not.
    Elsewhere(RepositoryLock),
}

impl Inner {
    /// Tells who holds a repository.
    pub(crate) fn lock_of(&self, repository: &Repository) -> Lock {
        match place::local(&repository.location) {
            Some(folder) => {
                repository_lock_at(folder).map_or(Lock::Free, |lock| self.tell_of_lock(lock))
            }
            None => Lock::Unknown,
        }
    }

    fn tell_of_lock(&self, lock: RepositoryLock) -> Lock {
        if !self.is_of_here(&lock.id) {
            return Lock::Elsewhere(lock);
        }
        let process = i32::try_from(lock.process)
            .ok()
            .and_then(rustix::process::Pid::from_raw);
        let gone = process.is_none_or(|process| {
            rustix::process::test_kill_process(process) == Err(rustix::io::Errno::SRCH)
        });
        if gone {
            Lock::LeftBehind(lock)
        } else {
            Lock::Held(lock)
        }
    }

    /// Whether an id is that of Alcove's own Borgs, or what Borg by itself calls this computer.
    fn is_of_here(&self, id: &str) -> bool {
        if host_id::is_of_alcove(id) {
            return id == self.host_id;
        }
        let host = id.rsplit_once('@').map_or(id, |(host, _)| host);
        host.strip_prefix(self.world.host.as_str())
            .is_some_and(|domain| domain.is_empty() || domain.starts_with('.'))
    }

    /// Gives a Borg for a repository the id it needs: Alcove's own; but Borg's where a Borg that was not Alcove's left
    /// a lock behind here, in the repository or its cache. That one Borg removes by itself, under the same id alone.
    pub(crate) fn named(&self, environment: Environment, repository: &Repository) -> Environment {
        let cache = repository
            .borg_id
            .as_deref()
            .and_then(|id| environment.cache_of(id));
        let of_others = [place::local(&repository.location), cache.as_deref()]
            .into_iter()
            .flatten()
            .filter_map(repository_lock_at)
            .any(|lock| {
                lock.id != self.host_id && matches!(self.tell_of_lock(lock), Lock::LeftBehind(_))
            });
        environment.with_host_id((!of_others).then_some(&self.host_id))
    }

    /// Says what a problem means for a repository; of a lock, also who holds it since when.
    pub(crate) fn explain(&self, problem: &Problem, repository: &Repository) -> Failure {
        let Problem::Locked { path } = problem else {
            return explain::problem(problem, &repository.name);
        };
        let name = &repository.name;
        let cache = repository
            .borg_id
            .as_deref()
            .and_then(|id| self.environment.cache_of(id));
        let folder = Path::new(path).parent();
        let is_here = folder.is_some_and(|folder| {
            place::local(&repository.location).is_some() || cache.as_deref() == Some(folder)
        });
        let failure = if !is_here {
            Failure::new(
                ErrorCode::RepositoryLocked,
                format!(
                    "{name} is locked by another program; over ssh Borg does not say by which. The lock is {path}."
                ),
            )
        } else if let Some(lock) = folder.and_then(repository_lock_at) {
            Failure::new(
                ErrorCode::RepositoryLocked,
                format!(
                    "{name} is locked. {} The lock is {path}.",
                    self.holder(&lock)
                ),
            )
        } else {
            // Let go of in this moment.
            return explain::problem(problem, name);
        };
        failure
            .hint("If no other backup runs there, one was broken off and left its lock behind.")
            .retryable()
    }

    /// Names the holder of a lock: `Held by process 4211 on desk, since 18:42 (2 hours).`
    fn holder(&self, lock: &RepositoryLock) -> String {
        let held = format!("Held by process {} on {}", lock.process, lock.host());
        let since = lock
            .since
            .and_then(|since| Timestamp::try_from(since).ok())
            .map(|since| self.age(since));
        since.map_or_else(|| format!("{held}."), |since| format!("{held}, {since}."))
    }

    /// `since 18:42 (2 hours)`, with the day where it was not today.
    fn age(&self, since: Timestamp) -> String {
        let now = self.world.clock.now();
        let [at, today] = [since, now].map(|time| time.to_zoned(self.world.zone.clone()));
        let form = if at.date() == today.date() {
            "%H:%M"
        } else {
            "%-d %B %Y, %H:%M"
        };
        let seconds = now.duration_since(since).as_secs().max(0).unsigned_abs();
        format!("since {} ({})", at.strftime(form), words::age(seconds))
    }
}
