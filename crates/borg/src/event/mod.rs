//! What Borg says while it runs.
//!
//! Borg's `--log-json` lines as types, so that whoever folds them into a job's state needs neither JSON nor the
//! names Borg gives to messages. Leaves out what the events mean for a job's end: `verdict` and `diagnosis`.
//!
//! Source: Borg 1.4.5 docs/internals/frontends.rst; measured with Borg 1.2.4 and 1.4.5.

mod dry_run;
mod frame;
mod lines;
mod log_message;
mod parse;
mod prune_line;

pub use dry_run::{DryRunStatus, dry_run_status};
pub use lines::{Line, LineReader, MAX_LINE_BYTES};
pub(crate) use log_message::REMOTE;
pub use log_message::{Level, LogMessage, is_checkpoint_start, is_progress_text, is_warning};
pub use parse::parse_line;
pub use prune_line::{PruneLine, prune_line};

/// Is one thing Borg said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// How far a create has come; at most five a second.
    ArchiveProgress {
        /// Bytes of file content seen so far, unchanged files and all.
        original_size: u64,
        /// Those bytes after compression; Borg 2 does not say.
        compressed_size: Option<u64>,
        /// Bytes of new storage; Borg 2 does not say.
        deduplicated_size: Option<u64>,
        /// Files seen so far.
        nfiles: u64,
        /// The file in work; undecodable bytes are `?`.
        path: String,
    },
    /// All files are read; the archive is not safe yet. Carries no numbers.
    ArchiveProgressFinished,
    /// What was done with one file; a `C` or `E` can follow an `A` for the same path.
    FileStatus {
        /// `A` added, `M` modified, `U` unchanged, `C` changed while read, `E` error, `d` folder, and more.
        status: char,
        /// The file; undecodable bytes are `?`.
        path: String,
    },
    /// A line of the log.
    Log(LogMessage),
    /// A step without numbers.
    ProgressMessage {
        /// Counts up within one process.
        operation: u64,
        /// Borg's name of the step: see [`Event::activity`].
        msgid: Option<String>,
        /// The words for it; none at the end.
        message: Option<String>,
        /// Whether the step is over.
        finished: bool,
    },
    /// A step with numbers.
    ProgressPercent {
        /// Counts up within one process.
        operation: u64,
        /// Borg's name of the step: see [`Event::activity`].
        msgid: Option<String>,
        /// The words for it; none at the end.
        message: Option<String>,
        /// Up to `total`, and beyond by one: clamp.
        current: u64,
        /// 0 while unknown and at the end.
        total: u64,
        /// Whether the step is over.
        finished: bool,
    },
    /// A question, or what became of it.
    Question(Question),
    /// Plain text, or JSON of a kind this crate does not know, verbatim.
    Text(String),
}

/// Is a step in a question of Borg. With stdin closed no question waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The name of the question, which is also that of the variable that answers it.
    pub msgid: Option<String>,
    /// The words.
    pub message: String,
    /// What happened.
    pub step: QuestionStep,
}

/// Says what happened to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QuestionStep {
    /// It was put; also when a variable answers it.
    Prompt,
    /// It was put again, since the answer was not understood.
    PromptRetry,
    /// A variable answered it.
    EnvironmentAnswer,
    /// The answer was not understood.
    InvalidAnswer,
    /// It was answered with yes.
    AcceptedTrue,
    /// It was answered with no, or by nobody.
    AcceptedFalse,
}

/// Names what Borg is busy with, for a job's phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Activity {
    /// Opens its cache; takes no time.
    OpeningCache,
    /// Rebuilds its cache from the repository; can take long.
    SyncingCache,
    /// Writes its cache: after a checkpoint, and at the end.
    SavingCache,
    /// Deletes archives.
    Pruning,
    /// Frees space.
    Compacting,
    /// Verifies the repository or its archives.
    Checking,
    /// Reads again what an interrupted run wrote.
    Recovering,
}

impl Event {
    /// Tells what the step of a progress event is, where this crate knows its name.
    pub fn activity(&self) -> Option<Activity> {
        let (Self::ProgressMessage { msgid, .. } | Self::ProgressPercent { msgid, .. }) = self
        else {
            return None;
        };
        match msgid.as_deref()? {
            "cache.begin_transaction" => Some(Activity::OpeningCache),
            "cache.sync" | "cache.download_chunks" => Some(Activity::SyncingCache),
            "cache.commit" => Some(Activity::SavingCache),
            "prune" | "archive.delete" => Some(Activity::Pruning),
            "repository.compact_segments" => Some(Activity::Compacting),
            "repository.replay_segments" => Some(Activity::Recovering),
            other if other.starts_with("check.") || other.starts_with("repository.check") => {
                Some(Activity::Checking)
            }
            _ => None,
        }
    }

    /// Tells whether what a `create` has stored up to now is of use to the next one: Borg writes its cache after it
    /// has committed a checkpoint, or the archive (Borg 1.2.4 and 1.4.5, `Archive.save`). It does so once before it
    /// begins too, where its cache had to be rebuilt.
    pub fn saves_progress(&self) -> bool {
        self.activity() == Some(Activity::SavingCache)
            && matches!(self, Self::ProgressMessage { finished: true, .. })
    }

    /// Tells whether a later event makes this one dispensable: progress of a file, or a file's name.
    pub fn is_dispensable(&self) -> bool {
        matches!(self, Self::ArchiveProgress { .. } | Self::FileStatus { .. })
    }
}
