//! How a Borg ended.
//!
//! Bare facts and what Borg's documents say of its exit codes; what they mean for a job is `verdict`.

/// Says how a Borg ended and what it printed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exit {
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it; none when it exited by itself, even if because of a signal (128 + signal).
    pub signal: Option<i32>,
    /// All of stdout, up to 64 MiB: a longer one is cut, and is then no JSON any more.
    pub stdout: Vec<u8>,
}

impl Exit {
    /// Tells whether Borg did what it was asked to, perhaps with warnings: 0, 1, and 100 to 127.
    ///
    /// Not enough to judge a create or a check by (Borg 1.4.5 docs/internals/frontends.rst; `check` answers 1 for
    /// damage).
    pub fn is_success(&self) -> bool {
        self.code == Some(0) || self.is_warning()
    }

    /// Tells whether a signal ended it, or it says that one did: 128 and the signal.
    pub fn was_stopped(&self) -> bool {
        self.signal.is_some() || self.code.is_some_and(|code| code > 128)
    }

    /// Tells whether Borg says that it warned.
    pub fn is_warning(&self) -> bool {
        matches!(self.code, Some(1 | 100..=127))
    }
}
