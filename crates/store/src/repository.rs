//! The record of a repository.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::words::KeepPassphrase;

/// A Borg repository Alcove knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Repository {
    /// Given by the store.
    pub id: i64,
    /// The person's own name for it.
    pub name: String,
    /// Borg's location (a path or an ssh URL), without a trailing slash, unique.
    pub location: String,
    /// Borg's repository id, 64 hexadecimal digits.
    pub borg_id: Option<String>,
    /// Borg's name of the encryption mode.
    pub encryption: String,
    /// A command that prints its passphrase, as a person types it.
    pub passcommand: Option<String>,
    /// How long its passphrase is kept.
    pub keep_passphrase: KeepPassphrase,
    /// The private key ssh logs in with; `None`: those ssh finds by itself.
    pub ssh_key: Option<String>,
    /// The Borg of its server; `None`: `borg`.
    pub remote_path: Option<String>,
    /// Its server lets nothing be deleted: no prune and no compact from here.
    pub append_only: bool,
    /// The drive it is on; `None`: on the system's own, on a server, or not known.
    pub drive: Option<Drive>,
    /// How it is checked by itself.
    pub check: Option<CheckRhythm>,
    /// When its key was last exported.
    pub key_exported_at: Option<Timestamp>,
    /// When Alcove came to know it.
    pub created_at: Timestamp,
}

/// A drive, and a repository's place on it, wherever it is mounted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drive {
    /// The id of its file system, as the system writes it.
    pub id: String,
    /// The path inside of that file system, which begins with a slash.
    pub path: String,
}

/// How a repository is checked by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckRhythm {
    /// So many days after the last check.
    pub days: u32,
    /// For so many minutes at most, going on from where the last one stopped; `None`: to its end.
    pub minutes: Option<u32>,
    /// Since when it is so.
    pub since: Timestamp,
}
