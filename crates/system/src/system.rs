//! The questions, and the answers of a system that says nothing.

use std::any::Any;
use std::path::{Path, PathBuf};

/// A place on a drive, wherever that drive is mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The id of the drive's file system, as the system writes it.
    pub drive: String,
    /// The path inside of that file system, which begins with a slash.
    pub path: PathBuf,
}

/// What may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The power, the network or the drives: ask again.
    Changed,
    /// The computer was asleep and is awake again.
    Woke,
    /// The computer is about to be shut down, and waits a few seconds for whoever has an [`Inhibition::ShutDown`].
    ShuttingDown,
    /// It is not: somebody gave that up.
    StaysOn,
}

/// Hears of events, on a thread of the system's. `false`: nobody wants to hear of another.
pub type Tell = Box<dyn Fn(Event) -> bool + Send + Sync>;

/// What the computer is asked not to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inhibition {
    /// To fall asleep by itself.
    Sleep,
    /// To be shut down at once: a few seconds are given.
    ShutDown,
}

/// Keeps the computer from something until it is dropped.
#[derive(Debug)]
pub struct Inhibitor(
    #[expect(dead_code, reason = "held until it is dropped")] Box<dyn Any + Send + Sync>,
);

impl Inhibitor {
    /// What ends the inhibition when it is dropped.
    pub fn new(held: impl Any + Send + Sync) -> Self {
        Self(Box::new(held))
    }
}

/// A computer that can be asked. Each question is answered now, within a few seconds at most, but for [`System::flush`].
pub trait System: Send + Sync {
    /// Whether it runs on AC power; `None`: it does not say.
    fn on_ac_power(&self) -> Option<bool> {
        None
    }

    /// Whether its way to the network is paid for by what is sent, by all it can tell; `None`: it does not say.
    fn is_metered(&self) -> Option<bool> {
        None
    }

    /// On which drive a path is; `None`: on that of the system itself, on none that has an id, or nowhere.
    fn spot(&self, _path: &Path) -> Option<Spot> {
        None
    }

    /// The paths at which a spot can be found now; none: its drive is not mounted.
    fn find(&self, _spot: &Spot) -> Vec<PathBuf> {
        Vec::new()
    }

    /// Whether a drive is plugged in, by the id of its file system, mounted or not.
    fn is_plugged_in(&self, _drive: &str) -> bool {
        false
    }

    /// What people call a drive, by the id of its file system, that they may take away while the computer runs; `None`:
    /// it stays, is not mounted, or the computer does not say.
    fn removable(&self, _drive: &str) -> Option<String> {
        None
    }

    /// Brings everything that was written at a path to its drive; false: it could not, or does not say. Takes as long as
    /// the drive does.
    fn flush(&self, _path: &Path) -> bool {
        false
    }

    /// Keeps it from something, for a reason that people read; `None`: it does not let itself be kept.
    fn inhibit(&self, _what: Inhibition, _why: &str) -> Option<Inhibitor> {
        None
    }

    /// Has somebody hear of every event, until they want no more.
    fn watch(&self, _tell: Tell) {}
}
