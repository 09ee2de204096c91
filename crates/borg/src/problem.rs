//! Why Borg did not do what it was asked to.
//!
//! Borg's message ids and exit codes as one enum, so that no other crate knows them. Leaves out the words for
//! people, the hints, and whether to retry: a door of Alcove speaks, Borg's table does not.
//!
//! Source: Borg 1.4.5 docs/internals/frontends.rst, "Message IDs"; measured with Borg 1.2.4 and 1.4.5.

/// Names what went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// There is no repository at its location.
    RepositoryMissing,
    /// There is something else at its location.
    NotARepository,
    /// It was made by Borg 2.
    RepositoryTooNew,
    /// Init: there is one already.
    RepositoryExists,
    /// Init: the folder it would be in is missing.
    ParentMissing,
    /// Init: the folder is not empty.
    PathNotEmpty,
    /// The passphrase is wrong.
    PassphraseWrong,
    /// No passphrase was given, and one is needed.
    PassphraseNeeded,
    /// The key is missing or not the repository's.
    KeyMissing,
    /// Another Borg holds the repository or its cache, or left its lock behind.
    Locked {
        /// The lock, as the one who holds it sees it; tells the repository from the cache.
        path: String,
    },
    /// The repository cannot be written to, not even for its lock.
    RepositoryNotWritable,
    /// Borg's own folders in the user's home cannot be written to.
    HomeNotWritable {
        /// What Borg said, with the path.
        text: String,
    },
    /// The server was not reached, or its Borg not started.
    ConnectionFailed {
        /// What ssh or the server said, if it came through: often it does not.
        detail: Option<String>,
    },
    /// The connection broke while in use.
    ConnectionLost,
    /// The server does not allow this path.
    PathNotAllowed,
    /// The disk of the repository, or of Borg's cache, is full.
    DiskFull,
    /// The quota of the repository, or of the account on its disk, is used up.
    QuotaExceeded,
    /// A disk does not read or write: that of the repository, of Borg's cache, or of the files.
    DiskFailing,
    /// The repository would leave less free space than it is told to.
    InsufficientFreeSpace,
    /// There is an archive of this name.
    ArchiveExists,
    /// There is no archive of this name.
    ArchiveMissing,
    /// The repository is at another place than last time.
    RepositoryRelocated,
    /// The repository is not encrypted and was never seen here.
    RepositoryUnknownUnencrypted,
    /// The repository is older than last time, or is encrypted otherwise.
    RepositoryReplaced,
    /// The repository is damaged.
    IntegrityError,
    /// Borg's cache is damaged; it can be deleted and is made anew.
    CacheDamaged,
    /// Borg did not take its command line: a wrong pattern or compression.
    BorgRejectedArguments {
        /// What it said.
        text: String,
    },
    /// A signal ended it that Alcove may or may not have sent.
    Killed {
        /// Its number.
        signal: i32,
    },
    /// None of these.
    Unknown {
        /// The exit code.
        code: Option<i32>,
        /// The most telling thing Borg said, or nothing.
        text: String,
    },
}

impl Problem {
    /// Reads an error by Borg's name for it; `message` is what came with it, `remote` what the server said.
    pub(crate) fn from_msgid(msgid: &str, message: &str, remote: Option<String>) -> Option<Self> {
        // A server of 1.2 sends its own errors on without the name of the class they are in.
        Some(match msgid.strip_prefix("Repository.").unwrap_or(msgid) {
            "DoesNotExist" => Self::RepositoryMissing,
            "InvalidRepository" | "InvalidRepositoryConfig" | "AtticRepository" => {
                Self::NotARepository
            }
            "AlreadyExists" => Self::RepositoryExists,
            "ParentPathDoesNotExist" => Self::ParentMissing,
            "PathAlreadyExists" => Self::PathNotEmpty,
            // Retries are exceeded where it was entered, and wrong each time.
            "PassphraseWrong" | "PasswordRetriesExceeded" => Self::PassphraseWrong,
            "NoPassphraseFailure" => Self::PassphraseNeeded,
            "KeyfileNotFoundError"
            | "RepoKeyNotFoundError"
            | "KeyfileMismatchError"
            | "KeyfileInvalidError" => Self::KeyMissing,
            "LockTimeout" => Self::Locked {
                path: lock_path(message).to_owned(),
            },
            "LockFailed" if errno(message) == Some(ENOSPC) => Self::DiskFull,
            "LockFailed" if errno(message) == Some(EDQUOT) => Self::QuotaExceeded,
            "LockFailed" | "PathPermissionDenied" => Self::RepositoryNotWritable,
            "ConnectionClosedWithHint" => Self::ConnectionFailed { detail: remote },
            "UnexpectedRPCDataFormatFromServer" => Self::ConnectionFailed {
                detail: Some(message.to_owned()),
            },
            "ConnectionClosed" | "ConnectionBrokenWithHint" => Self::ConnectionLost,
            "PathNotAllowed" => Self::PathNotAllowed,
            "StorageQuotaExceeded" => Self::QuotaExceeded,
            "InsufficientFreeSpaceError" => Self::InsufficientFreeSpace,
            "Archive.AlreadyExists" => Self::ArchiveExists,
            "Archive.DoesNotExist" => Self::ArchiveMissing,
            "Cache.RepositoryAccessAborted" => Self::RepositoryRelocated,
            "Cache.CacheInitAbortedError" => Self::RepositoryUnknownUnencrypted,
            "Cache.RepositoryReplay"
            | "Cache.RepositoryIDNotUnique"
            | "Cache.EncryptionMethodMismatch" => Self::RepositoryReplaced,
            "IntegrityError" | "DecompressionError" | "NoManifestError" | "CheckNeeded"
            | "ObjectNotFound" | "TAMInvalid" => Self::IntegrityError,
            "FileIntegrityError" => Self::CacheDamaged,
            "PlaceholderError" | "InvalidPlaceholder" => Self::BorgRejectedArguments {
                text: message.to_owned(),
            },
            "Signal.SIGTERM" => Self::Killed { signal: 15 },
            "Signal.SIGHUP" => Self::Killed { signal: 1 },
            "Error" if errno(message).is_some() => Self::HomeNotWritable {
                text: message.to_owned(),
            },
            _ => return None,
        })
    }

    /// Reads an exit code where no message came through; 1.2 has none that says more than "error".
    pub(crate) fn from_code(code: i32, remote: Option<String>) -> Option<Self> {
        let msgid = match code {
            10 => "AlreadyExists",
            13 => "DoesNotExist",
            14 => "InsufficientFreeSpaceError",
            15 | 16 => "InvalidRepository",
            18 => "ParentPathDoesNotExist",
            19 => "PathAlreadyExists",
            20 => "StorageQuotaExceeded",
            21 => "PathPermissionDenied",
            30 => "Archive.AlreadyExists",
            31 => "Archive.DoesNotExist",
            42 | 44 => "KeyfileNotFoundError",
            50 => "NoPassphraseFailure",
            52 | 53 => "PassphraseWrong",
            60 => "Cache.CacheInitAbortedError",
            62 => "Cache.RepositoryAccessAborted",
            63 | 64 => "Cache.RepositoryReplay",
            72 => "LockFailed",
            73 => "LockTimeout",
            80 | 87 => "ConnectionClosed",
            81 | 86 => "ConnectionClosedWithHint",
            83 => "PathNotAllowed",
            90 => "IntegrityError",
            129..=192 => return Some(Self::Killed { signal: code - 128 }),
            _ => return None,
        };
        Self::from_msgid(msgid, "", remote)
    }

    /// Reads an error number of the system that reached Borg from its repository or its cache.
    pub(crate) fn from_errno(errno: i32) -> Option<Self> {
        match errno {
            ENOSPC => Some(Self::DiskFull),
            EPIPE => Some(Self::ConnectionLost),
            EDQUOT => Some(Self::QuotaExceeded),
            EROFS => Some(Self::RepositoryNotWritable),
            EIO => Some(Self::DiskFailing),
            _ => None,
        }
    }
}

/// No space left on device; the same number on Linux, macOS and the BSDs, as the next three.
pub(crate) const ENOSPC: i32 = 28;
/// Broken pipe.
pub(crate) const EPIPE: i32 = 32;
/// Input/output error.
pub(crate) const EIO: i32 = 5;
/// Read-only file system.
pub(crate) const EROFS: i32 = 30;
/// Disk quota exceeded.
pub(crate) const EDQUOT: i32 = if cfg!(target_os = "linux") { 122 } else { 69 };

/// Finds Python's `[Errno 28]` in a text.
pub(crate) fn errno(text: &str) -> Option<i32> {
    let (_, rest) = text.split_once("[Errno ")?;
    rest.split_once(']')?.0.parse().ok()
}

/// Finds the lock in "Failed to create/acquire the lock PATH (timeout)."
fn lock_path(message: &str) -> &str {
    let path = message
        .split_once(" the lock ")
        .map_or(message, |(_, rest)| rest);
    path.rsplit_once(" (").map_or(path, |(path, _)| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_a_server_has_the_same_name_without_its_class() {
        for msgid in ["InvalidRepository", "Repository.InvalidRepository"] {
            let problem = Problem::from_msgid(msgid, "", None);
            assert_eq!(problem, Some(Problem::NotARepository), "{msgid}");
        }
        let archive = Problem::from_msgid("Archive.AlreadyExists", "", None);
        assert_eq!(archive, Some(Problem::ArchiveExists));
    }
}
