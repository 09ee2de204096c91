//! Why something could not be done, in one shape for every door.
//!
//! A code exists when something reacts to it. Sentences name the person's own things; Borg's own
//! words go to the log. What a name or a server put into a sentence is made visible here, for every door.

use alcove_store::visible;
use serde::{Serialize, Serializer};

macro_rules! codes {
    ($($(#[$meta:meta])* $variant:ident = $word:literal,)+) => {
        /// What a program reacts to when something could not be done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $($(#[$meta])* $variant,)+ }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Returns the code as it is stored and sent.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
    };
}

codes! {
    /// No job, plan or repository of this number.
    NotFound = "not_found",
    /// An argument is missing, of the wrong type or out of range; `field` names it.
    BadArgument = "bad_argument",
    /// A job that has not ended, or a process on this computer, still needs it.
    InUse = "in_use",
    /// The job has ended already.
    AlreadyEnded = "already_ended",
    /// The job has not ended yet.
    NotEnded = "not_ended",
    /// No Borg was found.
    BorgMissing = "borg_missing",
    /// The Borg found is older than 1.2.4, or 1.5 and newer.
    BorgUnsupported = "borg_unsupported",
    /// Alcove does not know a repository at this location.
    RepositoryUnknown = "repository_unknown",
    /// The repository has no plan.
    NoPlan = "no_plan",
    /// A folder of the plan is not there.
    SourceMissing = "source_missing",
    /// The passphrase is needed and nobody is there to ask.
    PassphraseNeeded = "passphrase_needed",
    /// The passphrase does not open the repository.
    PassphraseWrong = "passphrase_wrong",
    /// The repository's key is not where it should be.
    KeyMissing = "key_missing",
    /// An exported key does not open the repository.
    KeyMismatch = "key_mismatch",
    /// Nothing is at the repository's location.
    RepositoryMissing = "repository_missing",
    /// What is at the location is no Borg repository.
    NotARepository = "not_a_repository",
    /// A repository is there already.
    RepositoryExists = "repository_exists",
    /// The folder for a new repository holds other things.
    DestinationNotEmpty = "destination_not_empty",
    /// The folder above the new repository is not there.
    ParentMissing = "parent_missing",
    /// Another program uses the repository, or left its lock behind.
    RepositoryLocked = "repository_locked",
    /// Nothing locks the repository.
    NotLocked = "not_locked",
    /// A person has to say that they know what they do.
    ConfirmationNeeded = "confirmation_needed",
    /// This account may not write to the repository.
    RepositoryNotWritable = "repository_not_writable",
    /// Another repository is at the location than the one Alcove knows.
    RepositoryReplaced = "repository_replaced",
    /// Borg saw the repository at another location before.
    RepositoryRelocated = "repository_relocated",
    /// Borg has not seen this unencrypted repository before.
    RepositoryUnconfirmed = "repository_unconfirmed",
    /// The repository is damaged.
    RepositoryDamaged = "repository_damaged",
    /// Borg's local cache of the repository is damaged.
    CacheDamaged = "cache_damaged",
    /// The server cannot be reached or does not let us in.
    ConnectionFailed = "connection_failed",
    /// The connection broke while Borg ran.
    ConnectionLost = "connection_lost",
    /// This computer does not know the server's key yet.
    HostKeyUnknown = "host_key_unknown",
    /// The server shows another key than the one that is known or was approved.
    HostKeyChanged = "host_key_changed",
    /// ssh, or what belongs to it, is not installed or does not start.
    SshMissing = "ssh_missing",
    /// The server allows Borg other folders only.
    PathNotAllowed = "path_not_allowed",
    /// The disk of the repository is full.
    DiskFull = "disk_full",
    /// A disk does not read or write.
    DiskFailing = "disk_failing",
    /// The repository's quota is used up.
    QuotaExceeded = "quota_exceeded",
    /// An archive of this name exists already.
    ArchiveExists = "archive_exists",
    /// Prune would have deleted an archive that is not the plan's, or that the plan's rules keep.
    PruneRefused = "prune_refused",
    /// The rules of a plan would keep none of its archives.
    NothingKept = "nothing_kept",
    /// A plan's archives are not pruned until a person has looked at what happened to its files.
    PlanHeld = "plan_held",
    /// The repository lets nothing be deleted from here.
    AppendOnly = "append_only",
    /// A script of the person's own failed.
    HookFailed = "hook_failed",
    /// Borg did not take the command line.
    BorgRejected = "borg_rejected",
    /// Borg was killed from outside.
    BorgKilled = "borg_killed",
    /// Borg could not be started.
    BorgNotStarted = "borg_not_started",
    /// Borg ended with an error Alcove does not know.
    BorgFailed = "borg_failed",
    /// Alcove itself stopped while the job ran.
    Interrupted = "interrupted",
    /// The passphrase is in the system's keyring, which is locked.
    KeyringLocked = "keyring_locked",
    /// The system's keyring could not be used.
    KeyringFailed = "keyring_failed",
    /// A file or folder could not be read or written.
    FileFailed = "file_failed",
    /// Alcove's own records could not be read or written.
    StoreFailed = "store_failed",
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Something could not be done. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What a program reacts to.
    pub code: ErrorCode,
    /// What happened and why, in plain words.
    pub message: String,
    /// What to do, one sentence each.
    pub hints: Vec<String>,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// The argument that is wrong, where one is.
    pub field: Option<String>,
}

impl Failure {
    /// A failure with its sentence, no hint, not worth a retry.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: visible(&message.into()).into_owned(),
            hints: Vec::new(),
            retryable: false,
            field: None,
        }
    }

    /// An argument that cannot be used: which, and why.
    pub fn bad_argument(field: &str, message: impl Into<String>) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..Self::new(ErrorCode::BadArgument, message)
        }
    }

    /// Adds a sentence on what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(visible(&hint.into()).into_owned());
        self
    }

    /// Says that the same call may succeed later.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }

    /// The message and the hints as one text, for a job's record.
    pub fn sentence(&self) -> String {
        let mut text = self.message.clone();
        for hint in &self.hints {
            text.push(' ');
            text.push_str(hint);
        }
        text
    }
}

impl From<alcove_store::StoreError> for Failure {
    fn from(error: alcove_store::StoreError) -> Self {
        log::error!("store: {error}");
        Self::new(ErrorCode::StoreFailed, error.to_string()).retryable()
    }
}
