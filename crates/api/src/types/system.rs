//! This computer and this program.

use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

/// What Alcove runs on.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct System {
    /// Alcove's version.
    pub alcove_version: String,
    /// The Borg in use, or why there is none.
    pub borg: BorgFound,
    /// The folder of the database and the logs.
    pub data_folder: String,
    /// The person's home folder.
    pub home_folder: String,
    /// `linux`, `macos`, `windows`.
    pub platform: String,
    /// Name of the system's keyring; null when there is none to remember passphrases in.
    pub keyring: Option<String>,
    /// What was done about damaged records at the start, if they were.
    pub recovery: Option<Recovery>,
    /// Whether plans came back with restored records and nobody has looked at them: no backup prunes or frees space.
    pub plans_held: bool,
}

/// A damaged database was replaced when Alcove started. The logs of jobs are not part of it.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct Recovery {
    /// Where the damaged file is now; null when there was none any more.
    pub set_aside: Option<String>,
    /// From when the records are that took its place, without their access tokens; null when they begin anew.
    pub restored: Option<String>,
}

/// What helps to find a fault.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct Diagnostics {
    /// Versions, settings, the shape of plans, the last jobs and the logs of those that did not go well; without
    /// names, paths, hosts and secrets.
    pub text: String,
}

/// The answer to `save_diagnostics`.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct DiagnosticsSaved {
    /// The name of the file; null when the dialog was closed.
    pub file_name: Option<String>,
}

/// Borg as it was found.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct BorgFound {
    /// Its version, when one is usable.
    pub version: Option<String>,
    /// Its path, when one is usable.
    pub path: Option<String>,
    /// Why none is usable, and what to do.
    pub problem: Option<String>,
    /// A command for a terminal that installs Borg on this system, where one is known.
    pub install_command: Option<String>,
}
