//! Signals to a running Borg.
//!
//! Apart because whoever cancels lives elsewhere than whoever reads, and may come when Borg is long gone: its
//! number may then be another process's. So a signal and the reaping never happen at the same time.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::process::{Pid, kill_process, kill_process_group};

/// Is what can be told to a running Borg.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Signal {
    /// SIGINT to Borg alone: create saves a checkpoint and ends; other commands mostly ignore it. Never twice.
    Interrupt,
    /// SIGTERM to Borg alone: it rolls back and ends.
    Terminate,
    /// SIGTERM to Borg and what it started: ends a stuck `ssh` too.
    TerminateGroup,
    /// SIGKILL to Borg and what it started: leaves locks behind.
    KillGroup,
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Interrupt => "SIGINT",
            Self::Terminate => "SIGTERM",
            Self::TerminateGroup => "SIGTERM to its group",
            Self::KillGroup => "SIGKILL to its group",
        })
    }
}

/// Signals one Borg, from any thread, for as long as it lives.
#[derive(Debug, Clone)]
pub struct Signaller(Arc<Target>);

#[derive(Debug)]
struct Target {
    /// Gone once the process is reaped: from then on the number can be another's.
    process: Mutex<Option<Pid>>,
    signalled: AtomicBool,
}

impl Signaller {
    pub(super) fn new(process: Pid) -> Self {
        Self(Arc::new(Target {
            process: Mutex::new(Some(process)),
            signalled: AtomicBool::new(false),
        }))
    }

    /// Sends the signal; tells whether there was a process to send it to.
    pub fn send(&self, signal: Signal) -> bool {
        self.0.signalled.store(true, Ordering::Relaxed);
        let process = self
            .0
            .process
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let Some(process) = *process else {
            return false;
        };
        let sent = match signal {
            Signal::Interrupt => kill_process(process, rustix::process::Signal::INT),
            Signal::Terminate => kill_process(process, rustix::process::Signal::TERM),
            Signal::TerminateGroup => kill_process_group(process, rustix::process::Signal::TERM),
            Signal::KillGroup => kill_process_group(process, rustix::process::Signal::KILL),
        };
        if let Err(error) = sent {
            log::warn!("{signal} did not reach Borg: {error}");
        }
        sent.is_ok()
    }

    /// Tells whether a signal was ever sent.
    pub(super) fn was_used(&self) -> bool {
        self.0.signalled.load(Ordering::Relaxed)
    }

    /// Reaps the process while no signal can be on its way to it.
    pub(super) fn retire<T>(&self, reap: impl FnOnce() -> T) -> T {
        let mut process = self
            .0
            .process
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let reaped = reap();
        *process = None;
        reaped
    }
}
