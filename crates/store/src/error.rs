//! What can go wrong with what is kept on disk.
//!
//! One type for the whole crate: a door shows its sentence as it stands. A variant exists when a caller
//! may want to react to it; all else is [`StoreError::File`] or [`StoreError::Database`].

use std::io;
use std::path::PathBuf;

use rusqlite::ErrorCode;

use crate::words::Status;

/// Why the store could not do what it was asked. The text says what happened, why, and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another Alcove owns the data folder.
    #[error(
        "Another Alcove{} is using the data folder {}. Close it, or use that one.",
        pid.map(|pid| format!(" (process {pid})")).unwrap_or_default(),
        folder.display()
    )]
    InUse {
        /// The data folder.
        folder: PathBuf,
        /// The owner's process id, when it could be read.
        pid: Option<u32>,
    },

    /// The data folder is open to others and holds files that are not Alcove's.
    #[error(
        "The folder {} can be entered by others and holds files that are not Alcove's, so Alcove did \
         not make it private. Choose an empty folder for Alcove's data.",
        .0.display()
    )]
    Shared(PathBuf),

    /// What stands in the place of the data folder is no folder.
    #[error(
        "{} is not a folder, so Alcove cannot keep its data there. Move it away, or choose another folder \
         with ALCOVE_DATA_DIR.",
        .0.display()
    )]
    NotAFolder(PathBuf),

    /// The data folder is a link to something that is not there.
    #[error(
        "Alcove's data folder {} is a link to {}, which is not there. Connect its disk, or remove the link.",
        link.display(), target.display()
    )]
    DanglingLink {
        /// The link.
        link: PathBuf,
        /// What it names.
        target: PathBuf,
    },

    /// Another account owns the data folder.
    #[error(
        "The folder {} belongs to another user, so Alcove does not keep its data there. Start Alcove as that \
         user, or choose another folder with ALCOVE_DATA_DIR.",
        .0.display()
    )]
    SomebodyElses(PathBuf),

    /// A later version of Alcove made the database. Nothing was changed.
    #[error(
        "The database {} was made by a newer version of Alcove (format {found}, this one knows up to \
         {known}). Nothing was changed. Install the newer Alcove to go on.",
        path.display()
    )]
    Newer {
        /// The database file.
        path: PathBuf,
        /// The format found.
        found: u32,
        /// The newest format this program knows.
        known: u32,
    },

    /// The records are in an older format, and no copy of them could be made. They were left as they are.
    #[error(
        "This Alcove keeps its records in a newer format, and keeps a copy of them before it changes them. \
         That copy could not be made, so nothing was changed. {0}"
    )]
    NoCopy(Box<StoreError>),

    /// A file or folder could not be used. The source names it.
    #[error("Alcove could not {doing}: {source}.{}", advice(.source))]
    File {
        /// What was tried, as it follows "could not".
        doing: &'static str,
        /// The reason, with the path.
        source: io::Error,
    },

    /// A log could not be saved where the person wanted it. What was there before is still there.
    #[error("The log of job {job} could not be saved as {}: {source}.{}", to.display(), advice(.source))]
    Copy {
        /// The job.
        job: i64,
        /// The wanted file.
        to: PathBuf,
        /// The reason.
        source: io::Error,
    },

    /// The database refused.
    #[error("Alcove's database {} could not be used: {source}.{}", path.display(), database_advice(.source))]
    Database {
        /// The database file.
        path: PathBuf,
        /// `SQLite`'s reason.
        source: rusqlite::Error,
    },

    /// The database was closed, or the thread that writes to it has ended in a panic.
    #[error(
        "Alcove's database {} is closed, because Alcove is closing or made a mistake. Restart Alcove.",
        .0.display()
    )]
    Closed(PathBuf),

    /// A job's outcome is decided and was asked to become another one. The row is unchanged.
    #[error(
        "Job {job} is already {recorded}, which never changes, so it was not marked {wanted}. Reload \
         the job."
    )]
    StatusFinal {
        /// The job.
        job: i64,
        /// The status in the database.
        recorded: Status,
        /// The status that was refused.
        wanted: Status,
    },

    /// There is no job of this number.
    #[error("There is no job {0}. Reload the list of jobs.")]
    NoSuchJob(i64),

    /// A job has no log.
    #[error("Job {0} has no log. It was removed, or the job never began.")]
    NoLog(i64),

    /// A repository at this location is known already.
    #[error("There is already a repository at {0}. Use that one, or choose another location.")]
    LocationTaken(String),
}

impl StoreError {
    /// Makes the conversion for `map_err`; `doing` follows "Alcove could not".
    pub(crate) fn file(doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { doing, source }
    }

    /// Whether the database file is damaged or is none at all, also when only its copy found that out.
    pub(crate) fn is_broken_database(&self) -> bool {
        match self {
            Self::NoCopy(reason) => reason.is_broken_database(),
            Self::Database { source, .. } => matches!(
                source.sqlite_error_code(),
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
            ),
            _ => false,
        }
    }
}

/// Says what to do about a file error, with a space before; empty when there is nothing to say.
fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            " The disk is full: free some space and try again."
        }
        io::ErrorKind::PermissionDenied => " Check that the folder is yours and try again.",
        io::ErrorKind::ReadOnlyFilesystem => {
            " The disk can only be read: make it writable, or choose another place."
        }
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            " Check that the folder exists and that its disk is connected."
        }
        _ => " Check the disk and try again.",
    }
}

/// Says what to do about an `SQLite` error, with a space before.
fn database_advice(error: &rusqlite::Error) -> &'static str {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => " The disk is full: free some space and try again.",
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            " Check that the folder is yours and can be written."
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            " Restart Alcove: it sets a damaged database aside and goes on with the newest copy."
        }
        _ => " Try again; if it stays so, restart Alcove.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_say_what_why_and_what_to_do() {
        let in_use = StoreError::InUse {
            folder: "/d".into(),
            pid: Some(7),
        };
        assert_eq!(
            in_use.to_string(),
            "Another Alcove (process 7) is using the data folder /d. Close it, or use that one."
        );
        let full = StoreError::Copy {
            job: 3,
            to: "/usb/log.txt".into(),
            source: io::ErrorKind::StorageFull.into(),
        };
        assert_eq!(
            full.to_string(),
            "The log of job 3 could not be saved as /usb/log.txt: no storage space. The disk is full: \
             free some space and try again."
        );
    }

    #[test]
    fn a_copy_that_damage_prevents_says_that_the_database_is_broken_and_a_full_disk_does_not() {
        let no_copy = |code| {
            let source = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
            StoreError::NoCopy(Box::new(StoreError::Database {
                path: "/d".into(),
                source,
            }))
        };
        assert!(no_copy(rusqlite::ffi::SQLITE_CORRUPT).is_broken_database());
        assert!(!no_copy(rusqlite::ffi::SQLITE_FULL).is_broken_database());
    }
}
