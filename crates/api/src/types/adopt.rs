//! Repositories that another program made.

use alcove_borg::Passphrase;
use alcove_engine as engine;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::Keep;

/// A question of Borg that a person answered with yes. Borg remembers the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confirm {
    /// The repository is not encrypted and this computer has not seen it before (`repository_unconfirmed`).
    Unencrypted,
    /// Borg knows the repository from another location (`repository_relocated`).
    Relocated,
}

impl From<Confirm> for engine::Confirmation {
    fn from(confirm: Confirm) -> Self {
        match confirm {
            Confirm::Unencrypted => Self::UnknownUnencryptedRepository,
            Confirm::Relocated => Self::RelocatedRepository,
        }
    }
}

/// A repository to look at.
#[derive(Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct InspectRepository {
    /// Its location: an absolute path, `ssh://user@host:port/path`, or `user@host:path`.
    pub repository: String,
    /// Its passphrase; left out for one without.
    #[ts(optional, type = "string")]
    #[schema(value_type = Option<String>, format = Password, write_only)]
    pub passphrase: Option<Passphrase>,
    /// The private key ssh logs in with, an absolute path; those ssh finds by itself when left out.
    pub ssh_key: Option<String>,
    /// The Borg of its server; `borg` when left out.
    pub remote_path: Option<String>,
    /// The questions of Borg that the person answered with yes.
    pub confirm: Option<Vec<Confirm>>,
}

/// A plan like the backup that made the newest archive.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct ProposedPlan {
    /// The name of that archive.
    pub archive: String,
    /// What the names of its series begin with.
    pub series_prefix: String,
    /// What follows: a placeholder of Borg such as `{now}`, or how the newest name ends.
    pub series_rest: String,
    /// How many archives the series has.
    pub series_archives: u64,
    /// Absolute folders and files that are there.
    pub source_directories: Vec<String>,
    /// Borg patterns of what is left out.
    pub exclude_patterns: Vec<String>,
    /// Borg's name of the compression.
    pub compression: String,
    /// How files are cut into chunks, where it is not Borg's own way; kept by the plan.
    pub chunker_params: Option<String>,
    /// Whether Borg stays on the file systems of the folders; kept by the plan.
    pub one_file_system: bool,
    /// What of that backup the plan does otherwise, a sentence each.
    pub differences: Vec<String>,
}

/// The answer to `inspect_repository`.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct InspectedRepository {
    /// Its location in the form Alcove keeps.
    pub path: String,
    /// Borg's repository id.
    pub borg_id: String,
    /// Borg's name of the encryption mode.
    pub encryption: String,
    /// How many archives it has, without checkpoints.
    pub archives: u64,
    /// When the oldest backup began, ISO 8601 UTC.
    pub oldest: Option<String>,
    /// When the newest whole backup ended, ISO 8601 UTC.
    pub last_good: Option<String>,
    /// Whether the first run can skip files that did not change since; else it reads all of them once.
    pub files_remembered: bool,
    /// The plan that would go on with the newest series; null without an archive of files.
    pub plan: Option<ProposedPlan>,
    /// What the person calls it, when Alcove knows it already: it cannot be adopted again.
    pub known_as: Option<String>,
    /// What Alcove does with the archives that are there, in a sentence.
    pub note: String,
}

impl From<engine::Inspection> for InspectedRepository {
    fn from(found: engine::Inspection) -> Self {
        Self {
            note: found.note(),
            path: found.location,
            borg_id: found.borg_id,
            encryption: found.encryption,
            archives: found.archives as u64,
            oldest: found.oldest.map(|time| time.to_string()),
            last_good: found.last_good.map(|time| time.to_string()),
            files_remembered: found.files_remembered,
            plan: found.proposal.map(|plan| ProposedPlan {
                archive: plan.archive,
                series_prefix: plan.series.prefix,
                series_rest: plan.series.rest,
                series_archives: plan.archives as u64,
                source_directories: plan.sources,
                exclude_patterns: plan.excludes,
                compression: plan.compression,
                chunker_params: plan.chunker_params,
                one_file_system: plan.one_file_system,
                differences: plan.differences,
            }),
            known_as: found.known_as,
        }
    }
}

/// A repository to take over, with the plan that goes on with it.
#[derive(Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct AdoptRepository {
    /// The person's own name for it.
    pub name: String,
    /// Its location, as for `inspect_repository`.
    pub repository: String,
    /// Its passphrase; left out for one without.
    #[ts(optional, type = "string")]
    #[schema(value_type = Option<String>, format = Password, write_only)]
    pub passphrase: Option<Passphrase>,
    /// The private key ssh logs in with, an absolute path; those ssh finds by itself when left out.
    pub ssh_key: Option<String>,
    /// The Borg of its server; `borg` when left out.
    pub remote_path: Option<String>,
    /// The questions of Borg that the person answered with yes.
    pub confirm: Option<Vec<Confirm>>,
    /// Name of the default plan; the name of the first folder when left out.
    pub plan_name: Option<String>,
    /// Absolute folders; those proposed when left out, no plan when empty.
    pub source_directories: Option<Vec<String>>,
    /// Borg patterns of what is left out; those proposed when left out.
    pub exclude_patterns: Option<Vec<String>>,
    /// Borg's name of the compression; the one proposed when left out.
    pub compression: Option<String>,
    /// How many archives of its own the plan keeps; left out: all of them.
    pub keep: Option<Keep>,
    /// Whether compact gives back the space after each prune; true when left out.
    pub compact: Option<bool>,
    /// Whether to keep the passphrase in the system's keyring.
    pub remember_passphrase: Option<bool>,
}
