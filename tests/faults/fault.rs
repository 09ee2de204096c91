//! A row of the table: what goes wrong, and what must come of it.

use std::pin::Pin;

use alcove_tests::FailPoint;
use serde::{Deserialize, Serialize};

use crate::round::Round;

/// A fault, and what it must end as.
pub(crate) struct Fault {
    /// As the table names it.
    pub(crate) name: &'static str,
    /// Why it ends as it must.
    pub(crate) why: &'static str,
    /// What its job may end as: the words of [`Seen::job`].
    ends: &'static [&'static str],
    /// What may be left of locks: the words of [`Seen::lock`].
    locks: &'static [&'static str],
    /// What the next backup must be, once the cause is gone: the words of [`Seen::next`].
    next: &'static str,
    /// What a person must decide first, where the next backup needs one.
    pub(crate) decision: Option<&'static str>,
    /// The session it needs.
    pub(crate) session: Session,
    run: Run,
}

/// Makes a fault happen once.
#[derive(Clone, Copy)]
enum Run {
    Of(fn(Round) -> Running),
    /// At a fail point.
    At(fn(Round, &'static FailPoint) -> Running, &'static FailPoint),
}

/// A round under way.
pub(crate) type Running = Pin<Box<dyn Future<Output = Seen>>>;

/// What a round needs around its process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Session {
    /// Nothing.
    Plain,
    /// Root, who may mount.
    Root,
    /// Root, who becomes another user than root.
    AnotherUser,
    /// Root, who names the computer for this process alone.
    OwnHostName,
    /// A bus with an unlocked keyring.
    Desktop,
}

/// What was seen in one round.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Seen {
    /// The job's status, code, and word of maintenance, where there is one: `failed, interrupted`.
    pub(crate) job: String,
    /// Whether every line that a watcher was shown is in the log on the disk, and the end as well.
    pub(crate) log_kept: bool,
    /// `no`, or whose lock there is.
    pub(crate) lock: String,
    /// `yes`, or what the next backup waits for or failed with.
    pub(crate) next: String,
    /// The files, processes and words that hold the passphrase.
    pub(crate) secrets: Vec<String>,
    /// The processes and mounts that were there after the round.
    pub(crate) remains: Vec<String>,
    /// The log of the job, and that of the next backup.
    pub(crate) log: String,
}

impl Fault {
    /// A fault after which no lock is left, and the next backup needs nobody.
    pub(crate) const fn new(
        name: &'static str,
        why: &'static str,
        ends: &'static [&'static str],
        run: fn(Round) -> Running,
    ) -> Self {
        Self::of(name, why, ends, Run::Of(run))
    }

    /// The same for being killed at a fail point.
    pub(crate) const fn at(
        point: &'static FailPoint,
        why: &'static str,
        ends: &'static [&'static str],
        run: fn(Round, &'static FailPoint) -> Running,
    ) -> Self {
        Self::of(point.fault, why, ends, Run::At(run, point))
    }

    const fn of(
        name: &'static str,
        why: &'static str,
        ends: &'static [&'static str],
        run: Run,
    ) -> Self {
        Self {
            name,
            why,
            ends,
            locks: &["no"],
            next: "yes",
            decision: None,
            session: Session::Plain,
            run,
        }
    }

    /// Makes it happen once.
    pub(crate) fn run(&self, round: Round) -> Running {
        match self.run {
            Run::Of(run) => run(round),
            Run::At(run, point) => run(round, point),
        }
    }

    /// The same in another session.
    pub(crate) const fn within(self, session: Session) -> Self {
        Self { session, ..self }
    }

    /// The same where a Borg is killed: the next one takes away a lock whose process is gone.
    pub(crate) const fn killing(self) -> Self {
        self.locked(&["no", "of a dead process"])
    }

    /// The same with a lock that is left, and is not ours.
    pub(crate) const fn locked(self, locks: &'static [&'static str]) -> Self {
        Self { locks, ..self }
    }

    /// The same where a person must decide something before the next backup, which until then is this.
    pub(crate) const fn asking(self, next: &'static str, decision: &'static str) -> Self {
        Self {
            next,
            decision: Some(decision),
            ..self
        }
    }

    /// Says what of this is not as it must be.
    pub(crate) fn wrong(&self, seen: &Seen) -> Vec<String> {
        let mut wrong = Vec::new();
        if !self.ends.contains(&seen.job.as_str()) {
            wrong.push(format!("the job is {}, not {:?}", seen.job, self.ends));
        }
        if !seen.log_kept {
            wrong.push("the log has lost something".to_owned());
        }
        if !self.locks.contains(&seen.lock.as_str()) {
            wrong.push(format!("a lock is left: {}", seen.lock));
        }
        if self.next != seen.next {
            wrong.push(format!("the next backup: {}, not {}", seen.next, self.next));
        }
        let found = seen.secrets.iter();
        wrong.extend(found.map(|place| format!("the passphrase is in {place}")));
        let left = seen.remains.iter();
        wrong.extend(left.map(|what| format!("the round left behind {what}")));
        wrong
    }
}
