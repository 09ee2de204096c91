//! The lock of a repository: who holds it, in words, and what this computer can tell of the holder.
//!
//! Borg takes a lock on the repository and one on its cache, both in the same form; a local one is read as Borg
//! itself writes it. Leaves out breaking one, and waiting for one.

use std::path::Path;
use std::time::UNIX_EPOCH;

use alcove_borg::{Environment, Problem, RepositoryLock, repository_locks_at};
use alcove_store::Repository;
use jiff::Timestamp;

use crate::engine::Inner;
use crate::error::{ErrorCode, Failure};
use crate::job::explain;
use crate::words;
use crate::{host_id, place};

/// Who holds a repository; of many, the one that may need it most.
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

impl Lock {
    fn need(&self) -> u8 {
        match self {
            Self::Free => 0,
            Self::LeftBehind(_) => 1,
            Self::Unknown | Self::Elsewhere(_) => 2,
            Self::Held(_) => 3,
        }
    }
}

impl Inner {
    /// Tells who holds a repository.
    pub(crate) fn lock_of(&self, repository: &Repository) -> Lock {
        match place::local(&repository.location) {
            Some(folder) => self.lock_in(folder),
            None => Lock::Unknown,
        }
    }

    fn lock_in(&self, folder: &Path) -> Lock {
        let locks = repository_locks_at(folder).into_iter();
        locks
            .map(|lock| self.tell_of_lock(lock))
            .max_by_key(Lock::need)
            .unwrap_or(Lock::Free)
    }

    fn tell_of_lock(&self, lock: RepositoryLock) -> Lock {
        if !self.is_of_here(&lock.id) {
            Lock::Elsewhere(lock)
        } else if is_gone(&lock) {
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
        let (host, card) = id.rsplit_once('@').unwrap_or((id, ""));
        let is_name = host
            .strip_prefix(self.world.host.as_str())
            .is_some_and(|domain| domain.is_empty() || domain.starts_with('.'));
        is_name && is_card_of(card, &network_cards())
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
            .flat_map(repository_locks_at)
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
        let lock = folder
            .filter(|_| is_here)
            .map_or(Lock::Unknown, |folder| self.lock_in(folder));
        let what = match lock {
            // Let go of in this moment.
            Lock::Free => return explain::problem(problem, name),
            Lock::Unknown => format!(
                "{name} is locked by another program; over ssh Borg does not say by which. The lock is {path}."
            ),
            Lock::Held(lock) | Lock::LeftBehind(lock) | Lock::Elsewhere(lock) => format!(
                "{name} is locked. {} The lock is {path}.",
                self.holder(&lock)
            ),
        };
        Failure::new(ErrorCode::RepositoryLocked, what)
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

/// Whether the number that Borg puts behind a computer's name is of one of these network cards (Python 3.11,
/// `uuid.getnode`: their address as a number). Where none can be seen any is.
fn is_card_of(number: &str, cards: &[u64]) -> bool {
    cards.is_empty() || number.parse().is_ok_and(|number| cards.contains(&number))
}

/// The addresses of this computer's network cards; none where the system does not list them (Linux: sysfs).
fn network_cards() -> Vec<u64> {
    let cards = fs_err::read_dir("/sys/class/net");
    let address = |card: std::io::Result<fs_err::DirEntry>| {
        let text = fs_err::read_to_string(card.ok()?.path().join("address")).ok()?;
        u64::from_str_radix(&text.trim().replace(':', ""), 16).ok()
    };
    let addresses = cards.into_iter().flatten().filter_map(address);
    // The loopback has none.
    addresses.filter(|address| *address != 0).collect()
}

/// Whether the process of this computer that took a lock is gone. So is one whose number another program has, when the
/// computer was started since: Borg itself would wait for that one.
fn is_gone(lock: &RepositoryLock) -> bool {
    let process = i32::try_from(lock.process)
        .ok()
        .and_then(rustix::process::Pid::from_raw);
    process.is_none_or(|process| {
        rustix::process::test_kill_process(process) == Err(rustix::io::Errno::SRCH)
            || was_before_start(lock) && is_another_program(lock.process)
    })
}

/// Whether a lock is older than the last start of this computer (Linux: `btime` in `proc_stat(5)`, seconds since 1970).
/// Elsewhere that is not known.
fn was_before_start(lock: &RepositoryLock) -> bool {
    let about = fs_err::read_to_string("/proc/stat").unwrap_or_default();
    let started = about
        .lines()
        .find_map(|line| line.strip_prefix("btime ")?.trim().parse().ok());
    let taken = lock
        .since
        .and_then(|since| since.duration_since(UNIX_EPOCH).ok());
    matches!((taken, started), (Some(taken), Some(started)) if taken.as_secs() < started)
}

/// Whether the command line of a process has no Borg in it; false where that cannot be seen.
fn is_another_program(process: u32) -> bool {
    fs_err::read(format!("/proc/{process}/cmdline"))
        .is_ok_and(|line| !line.is_empty() && !line.windows(4).any(|part| part == b"borg"))
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::process::{Child, Command};
    use std::time::SystemTime;

    use super::*;

    fn lock(process: u32, since: SystemTime) -> RepositoryLock {
        RepositoryLock {
            id: "desk@alcove-1".into(),
            process,
            exclusive: true,
            since: Some(since),
        }
    }

    fn sleeps(as_borg: bool) -> Child {
        use std::os::unix::process::CommandExt as _;

        let name = if as_borg { "/usr/bin/borg" } else { "sleep" };
        let child = Command::new("sleep").arg0(name).arg("60").spawn().unwrap();
        // For a moment after its start a process shows nothing.
        let line = format!("/proc/{}/cmdline", child.id());
        while std::fs::read(&line).unwrap().is_empty() {
            std::thread::yield_now();
        }
        child
    }

    #[test]
    fn a_lock_of_another_card_is_of_another_computer_though_that_has_the_same_name() {
        let cards = [0x02fc_0000_0001, 0x6a02_4eac_bad4];
        assert!(is_card_of("3281355014145", &cards[..1]));
        assert!(is_card_of("116558142421716", &cards));
        for other in ["3281355014146", "", "1", "alcove"] {
            assert!(!is_card_of(other, &cards), "{other}");
            assert!(is_card_of(other, &[]), "{other}");
        }
    }

    #[test]
    fn a_number_that_another_program_has_since_a_new_start_is_no_holder() {
        let (mut other, mut borg) = (sleeps(false), sleeps(true));
        let long_ago = UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
        let now = SystemTime::now();
        assert!(is_gone(&lock(other.id(), long_ago)));
        assert!(!is_gone(&lock(other.id(), now)));
        assert!(!is_gone(&lock(borg.id(), long_ago)));
        for child in [&mut other, &mut borg] {
            child.kill().unwrap();
            child.wait().unwrap();
        }
        assert!(is_gone(&lock(borg.id(), now)));
    }
}
