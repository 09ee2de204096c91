//! A line of Borg's log.
//!
//! Apart because it is the one event people read, and because Borg sends two things that are none of the log
//! as one: nested progress, and the notice that a checkpoint begins.

/// Is how grave a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// For developers of Borg.
    Debug,
    /// As expected.
    Info,
    /// Something is left out, or was mended.
    Warning,
    /// Borg gives up, or found damage.
    Error,
    /// Borg cannot go on at all.
    Critical,
}

impl Level {
    /// Reads Borg's name of a level; an unknown one is [`Level::Info`].
    pub(super) fn parse(name: &str) -> Self {
        match name {
            "DEBUG" => Self::Debug,
            "WARNING" => Self::Warning,
            "ERROR" => Self::Error,
            "CRITICAL" => Self::Critical,
            _ => Self::Info,
        }
    }
}

/// Is a line of Borg's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogMessage {
    /// How grave it is.
    pub level: Level,
    /// Which part of Borg says it, such as `borg.archiver` or `borg.output.list`.
    pub name: String,
    /// The words; can have many lines.
    pub message: String,
    /// Borg's name for it; 1.2 gives errors one, 1.4 also warnings.
    pub msgid: Option<String>,
}

/// Tells whether a line is progress that Borg could only send as log: progress inside other progress, as in
/// prune. An empty message ends it (measured with Borg 1.2.4 and 1.4.5).
pub fn is_progress_text(message: &LogMessage) -> bool {
    message.name == "borg.output.progress"
}

/// How Borg begins what ssh or the server's Borg said.
pub(crate) const REMOTE: &str = "Remote: ";

/// The logger through which Borg passes on warnings of Python itself (Borg 1.2.4, `logger.py`).
const PYTHON_WARNINGS: &str = "borg.logger";

/// Tells whether a line is a warning or an error about the work.
///
/// Left out is what comes as a warning whatever it says: words of `ssh` or a login banner, such as its note on key
/// exchanges, and warnings of Python about Borg's code. Else no backup to some servers would ever be whole. Left out
/// too is that Borg took away the lock of a Borg that is gone: the work goes on as if it had never been there.
pub fn is_warning(message: &LogMessage) -> bool {
    match message.level {
        Level::Debug | Level::Info => false,
        Level::Warning => {
            !is_progress_text(message)
                && !message.message.starts_with(REMOTE)
                && message.name != PYTHON_WARNINGS
                && !cleared_a_stale_lock(message)
        }
        Level::Error | Level::Critical => !is_progress_text(message),
    }
}

/// Borg removed the lock of a process of this computer that is gone (Borg 1.2.4 and 1.4.5, `locking.py`).
fn cleared_a_stale_lock(message: &LogMessage) -> bool {
    message.name == "borg.locking"
        && ["Killed stale lock ", "Removed stale "]
            .iter()
            .any(|begin| message.message.starts_with(begin))
}

/// Tells whether a create has heard an interrupt, and now saves a checkpoint (measured with Borg 1.2.4 and 1.4.5).
/// Of one that its interval brings, and of the end of either, [`crate::Event::saves_progress`] tells.
pub fn is_checkpoint_start(message: &LogMessage) -> bool {
    message
        .message
        .starts_with("checkpoint requested: starting")
}

#[cfg(test)]
mod tests {
    use crate::event::Event;
    use crate::samples::events;

    fn warnings(sample: &str) -> usize {
        events(&format!("{sample}.stderr"))
            .iter()
            .filter(|event| matches!(event, Event::Log(message) if super::is_warning(message)))
            .count()
    }

    #[test]
    fn an_interrupt_begins_a_checkpoint_which_is_saved_then() {
        let said: Vec<(bool, bool)> = events("1.2.4/create-cancelled-sigint.stderr")
            .iter()
            .map(|event| {
                let starts =
                    matches!(event, Event::Log(message) if super::is_checkpoint_start(message));
                (starts, event.saves_progress())
            })
            .filter(|(starts, saved)| *starts || *saved)
            .collect();
        // The second is of the archive's own end.
        assert_eq!(said[..2], [(true, false), (false, true)]);
    }

    #[test]
    fn words_of_ssh_and_of_python_are_not_counted_as_warnings() {
        // What is left is the one error of each.
        assert_eq!(warnings("1.2.4/err-ssh-refused"), 1);
        assert_eq!(warnings("1.2.4/err-no-passphrase-stdin-null"), 1);
    }

    #[test]
    fn a_lock_that_borg_took_away_itself_is_no_warning_and_one_it_could_not_is() {
        let said = |text: &str| {
            super::is_warning(&super::LogMessage {
                level: super::Level::Warning,
                name: "borg.locking".into(),
                message: text.into(),
                msgid: None,
            })
        };
        assert!(!said("Killed stale lock vm@3281355014145.24417-0."));
        assert!(!said(
            "Removed stale exclusive roster lock for host vm@3281355014145 pid 24417 thread 0."
        ));
        assert!(said(
            "Found stale lock vm@3281355014145.24417-0, but not deleting because self.kill_stale_locks = False."
        ));
    }

    #[test]
    fn warnings_are_counted_and_nested_progress_is_not() {
        assert_eq!(warnings("1.2.4/err-warn-mixed"), 2);
        assert_eq!(warnings("1.2.4/prune-list-stats-progress"), 0);
    }
}
