//! Everything Alcove keeps on disk: the records in `SQLite` and the log files of jobs.
//!
//! It is a crate of its own because two rules need a wall: only this crate writes SQL, and only it
//! knows where a file lives ([`Folder`]). Whoever has a [`Store`] owns the data folder; a second
//! opener is told who does.
//!
//! It is synchronous: calls block for a disk access and belong on a blocking thread. All writing to the
//! database is done by one thread; readers have connections of their own and never wait for it.
//!
//! Left out: what a job's words mean and when they change (the engine's), secrets (never stored here),
//! and any notion of who is looking.

mod access_token;
mod database;
mod error;
mod folder;
mod job;
mod lock;
mod logs;
mod plan;
mod private;
mod recovery;
mod repository;
mod size;
mod store;
mod table;
#[cfg(test)]
mod testing;
mod visible;
mod words;

pub use access_token::AccessToken;
pub use error::StoreError;
pub use folder::Folder;
pub use job::{Job, JobFilter, Kept, NewJob, Pace, PhaseBegan, Progress};
pub use logs::{LogKeeping, LogLine, LogPage, LogReader, LogText, LogWriter};
pub use plan::{
    Collapse, Conditions, Hold, Hook, HookCommand, HookWhen, Keep, PingUrl, Plan, Schedule,
};
pub use recovery::Recovery;
pub use repository::{CheckRhythm, Drive, Repository};
pub use size::Size;
pub use store::Store;
pub use visible::{steers, visible};
pub use words::{
    JobKind, KeepPassphrase, Level, Maintenance, Phase, SizeSource, Status, Trigger, WaitingFor,
};
