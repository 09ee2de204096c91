//! The closed sets of words a job record is made of.
//!
//! Each set is defined once, here, because the same spelling is stored in `SQLite`, sent to every door
//! and shown in the bindings (source: the backup API page). What a word means for a job's life is
//! decided in the engine; this module only spells.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

/// Declares an enum whose variants are written as fixed words, in SQL, in JSON and in lists.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vmeta])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every word of the set, in the order of its definition.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Returns the word as it is stored and sent.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// Returns the variant a word stands for, or `None` for a word outside the set.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.as_str().into())
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let word = value.as_str()?;
                Self::parse(word).ok_or_else(|| {
                    FromSqlError::Other(format!("unknown {} {word:?}", stringify!($name)).into())
                })
            }
        }
    };
}

words! {
    /// On what occasion Borg said how large a repository is.
    SizeSource {
        /// After a backup.
        Backup = "backup",
        /// Somebody asked.
        Asked = "asked",
    }
}

words! {
    /// What a job does. Only `backup` appears in the list of backup jobs.
    JobKind {
        /// Makes an archive, then the maintenance its plan asks for.
        Backup = "backup",
        /// Removes archives its plan need not keep.
        Prune = "prune",
        /// Gives the space of removed archives back.
        Compact = "compact",
        /// Verifies the repository.
        Check = "check",
    }
}

words! {
    /// How a job stands. Terminal words never change again.
    Status {
        /// In the lane's queue, or waiting for an answer.
        Pending = "pending",
        /// From the first step until Borg's `create` is judged.
        Running = "running",
        /// The archive is safe and nothing was left out.
        Completed = "completed",
        /// The archive is safe; some files were skipped or changed while read.
        CompletedWithWarnings = "completed_with_warnings",
        /// There is no complete archive.
        Failed = "failed",
        /// The person stopped it before the archive was safe.
        Cancelled = "cancelled",
    }
}

impl Status {
    /// Whether the job's outcome is decided.
    pub const fn is_terminal(self) -> bool {
        !matches!(self, Self::Pending | Self::Running)
    }

    /// Whether an archive was written completely.
    pub const fn is_safe(self) -> bool {
        matches!(self, Self::Completed | Self::CompletedWithWarnings)
    }
}

words! {
    /// What a job is doing now.
    Phase {
        /// In the queue.
        Waiting = "waiting",
        /// Checks before Borg reads the first file.
        Preparing = "preparing",
        /// The person's scripts before the backup run.
        HookBefore = "hook_before",
        /// Borg brings its local cache up to date with the repository.
        SyncingCache = "syncing_cache",
        /// Files are read and stored.
        BackingUp = "backing_up",
        /// Borg commits the archive.
        Finishing = "finishing",
        /// The person's scripts after the backup run.
        HookAfter = "hook_after",
        /// Old archives are removed.
        Pruning = "pruning",
        /// Freed space is given back.
        Compacting = "compacting",
        /// The repository is verified.
        Checking = "checking",
        /// Nothing happens any more.
        Ended = "ended",
    }
}

words! {
    /// Where the maintenance after a backup stands.
    Maintenance {
        /// Prune runs.
        RunningPrune = "running_prune",
        /// Prune succeeded, another step follows.
        PruneCompleted = "prune_completed",
        /// Prune failed; no further step runs.
        PruneFailed = "prune_failed",
        /// Compact runs.
        RunningCompact = "running_compact",
        /// Compact succeeded, another step follows.
        CompactCompleted = "compact_completed",
        /// Compact failed; no further step runs.
        CompactFailed = "compact_failed",
        /// Check runs.
        RunningCheck = "running_check",
        /// Check succeeded, another step follows.
        CheckCompleted = "check_completed",
        /// Check failed or found problems.
        CheckFailed = "check_failed",
        /// Every step that was asked for succeeded.
        Completed = "maintenance_completed",
    }
}

words! {
    /// What started a job.
    Trigger {
        /// A person.
        Manual = "manual",
        /// A schedule, a catch-up or a drive that was plugged in.
        Schedule = "schedule",
    }
}

words! {
    /// What a pending job waits for besides its turn.
    WaitingFor {
        /// The repository's passphrase.
        Passphrase = "passphrase",
        /// Somebody's word that the server is the right one.
        HostKey = "host_key",
        /// A yes to what Borg asks: whether this is the repository that was meant.
        Question = "question",
        /// Another program that holds the repository.
        Lock = "lock",
        /// Somebody to unlock the keyring the passphrase is in.
        Keyring = "keyring",
    }
}

words! {
    /// How long a repository's passphrase is kept.
    KeepPassphrase {
        /// In the system's keyring, and so after a restart too.
        Keyring = "keyring",
        /// In memory, until Alcove is closed.
        Session = "session",
        /// Until the job it was entered for ends.
        Never = "never",
    }
}

words! {
    /// How serious a log line is.
    Level {
        /// Of use to a developer.
        Debug = "DEBUG",
        /// What happened.
        Info = "INFO",
        /// Something was left out or is odd.
        Warning = "WARNING",
        /// Something failed.
        Error = "ERROR",
    }
}
