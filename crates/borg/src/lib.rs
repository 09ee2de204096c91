//! The borg program, and everything Alcove knows of it.
//!
//! Finds a usable Borg, builds its command lines and its environment, runs it, reads what it says as typed
//! events, and judges how it ended. It is the one room that names a flag, a variable or a message id of Borg,
//! and the only one that starts it; so a new version of Borg changes this crate alone.
//!
//! Synchronous, with two threads for each running Borg. Leaves out jobs, time and people: it knows neither a
//! clock nor a database, and never decides to start, cancel or retry.
//!
//! ```text
//! find ─ Borg ─┐
//! Command ─────┼─ launch ─ Running ─ Output::Event… ─ Diagnosis ─ Problem
//! Environment ─┤                   └ Output::Exited ─ CreateReport ─ judge ─ Verdict
//! Passphrase ──┘
//! ```

mod archives;
mod command;
mod diagnosis;
mod encryption;
mod environment;
mod event;
mod exported_key;
mod find;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod location;
mod lock;
mod passphrase;
mod pattern;
mod problem;
mod process;
mod recorded;
mod report;
mod repository;
#[cfg(test)]
mod samples;
mod series;
mod sizes;
mod ssh;
mod verdict;
mod version;
pub mod vocabulary;

pub use archives::{Archive, ArchiveList};
pub use command::{
    Command, Create, FileList, InvalidCommand, Keep, LOCK_WAIT_INTERACTIVE, LOCK_WAIT_JOB,
    PatternOption, Prune, Selection, Uncountable,
};
pub use diagnosis::Diagnosis;
pub use encryption::{Encryption, KeyPlace};
pub use environment::{Confirmation, Environment};
pub use event::{
    Activity, DryRunStatus, Event, Level, Line, LineReader, LogMessage, MAX_LINE_BYTES, PruneLine,
    Question, QuestionStep, dry_run_status, is_checkpoint_start, is_progress_text, is_warning,
    parse_line, prune_line,
};
pub use exported_key::{ExportedKey, recovery_lines};
pub use find::{Borg, OLDEST, Sighting, TOO_NEW, Unusable, find};
pub use location::RemoteLocation;
pub use lock::{RepositoryLock, repository_locks_at};
pub use passphrase::Passphrase;
pub use pattern::{Fate, PatternError, Patterns};
pub use problem::Problem;
pub use process::{
    Answers, CAPACITY, Exit, Launch, LaunchError, Output, Passcommand, PasscommandError, Running,
    SURVIVORS_WAIT, Signal, Signaller, launch, launch_answering,
};
pub use recorded::{NewestArchive, PatternLines, RecordedCreate, exclude_lines};
pub use report::CreateReport;
pub use repository::repository_id_at;
pub use series::Series;
pub use sizes::RepositorySizes;
pub use ssh::{Ssh, check_remote_path};
pub use verdict::{Verdict, judge};
pub use version::{NotAVersion, Version};
