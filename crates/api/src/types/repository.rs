//! Repositories.

use alcove_borg::Passphrase;
use alcove_store::{self as store, KeepPassphrase};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{Keep, present};
use crate::schema;

/// A repository Alcove knows.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct Repository {
    /// The repository's number.
    pub id: i64,
    /// The person's own name for it.
    pub name: String,
    /// Borg's location.
    pub path: String,
    /// Borg's name of the encryption mode.
    pub encryption: String,
    /// Borg's repository id.
    pub borg_id: Option<String>,
    /// The private key ssh logs in with; null: those ssh finds by itself.
    pub ssh_key: Option<String>,
    /// The Borg of its server; null: `borg`.
    pub remote_path: Option<String>,
    /// Its server lets nothing be deleted from this computer: no prune and no compact here.
    pub append_only: bool,
    /// How it is checked by itself; null: when it is asked for.
    pub check: Option<CheckRhythm>,
    /// How long its passphrase is kept: `keyring`, `session`, until Alcove is closed, or `never`, for one job.
    #[ts(type = "KeepPassphrase")]
    #[schema(value_type = schema::KeepPassphrase)]
    pub keep_passphrase: KeepPassphrase,
    /// When its key was last exported, ISO 8601 UTC; null: never.
    pub key_exported_at: Option<String>,
}

impl From<store::Repository> for Repository {
    fn from(repository: store::Repository) -> Self {
        Self {
            id: repository.id,
            name: repository.name,
            path: repository.location,
            encryption: repository.encryption,
            borg_id: repository.borg_id,
            ssh_key: repository.ssh_key,
            remote_path: repository.remote_path,
            append_only: repository.append_only,
            check: repository.check.map(Into::into),
            keep_passphrase: repository.keep_passphrase,
            key_exported_at: repository.key_exported_at.map(|at| at.to_string()),
        }
    }
}

/// How a repository is checked by itself.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS, ToSchema)]
pub struct CheckRhythm {
    /// So many days after the last check, 1 to 366.
    pub days: u32,
    /// For so many minutes at most, 1 to 1440, going on from where the last one stopped; null: to its end.
    pub minutes: Option<u32>,
}

impl From<store::CheckRhythm> for CheckRhythm {
    fn from(rhythm: store::CheckRhythm) -> Self {
        Self {
            days: rhythm.days,
            minutes: rhythm.minutes,
        }
    }
}

impl From<CheckRhythm> for alcove_engine::NewCheckRhythm {
    fn from(rhythm: CheckRhythm) -> Self {
        Self {
            days: rhythm.days,
            minutes: rhythm.minutes,
        }
    }
}

/// The answer to `list_repositories`.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct Repositories {
    /// In the order they were added.
    pub repositories: Vec<Repository>,
}

/// A repository to create, with what its default plan backs up.
#[derive(Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct CreateRepository {
    /// The person's own name for it.
    pub name: String,
    /// Borg's location: an absolute path or `ssh://user@host:port/path`.
    pub path: String,
    /// Borg's name of the encryption mode; `repokey-blake2` when left out.
    pub encryption: Option<String>,
    /// The passphrase; may be left out without encryption, or with a passcommand.
    #[ts(optional, type = "string")]
    #[schema(value_type = Option<String>, format = Password, write_only)]
    pub passphrase: Option<Passphrase>,
    /// A command that prints the passphrase, for each job anew; no shell reads it.
    pub passcommand: Option<String>,
    /// Borg's name of the compression; `zstd,3` when left out.
    pub compression: Option<String>,
    /// Absolute folders; with them the default plan is made.
    pub source_directories: Option<Vec<String>>,
    /// Borg patterns of what is left out.
    pub exclude_patterns: Option<Vec<String>>,
    /// Name of the default plan; the name of the first folder when left out.
    pub plan_name: Option<String>,
    /// How many archives the default plan keeps; left out: all of them.
    pub keep: Option<Keep>,
    /// Whether compact gives back the space after each prune; true when left out.
    pub compact: Option<bool>,
    /// Whether to keep the passphrase in the system's keyring.
    pub remember_passphrase: Option<bool>,
    /// The private key ssh logs in with, an absolute path; those ssh finds by itself when left out.
    pub ssh_key: Option<String>,
    /// The Borg of its server; `borg` when left out.
    pub remote_path: Option<String>,
}

/// The answer to `create_repository` and `adopt_repository`.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct RepositoryCreated {
    /// Always true.
    pub success: bool,
    /// The new repository.
    pub repository: Repository,
    /// Its default plan.
    pub plan: Option<i64>,
    /// Whether the passphrase is in the keyring; false: it is asked for after a restart.
    pub passphrase_remembered: bool,
}

impl From<alcove_engine::Created> for RepositoryCreated {
    fn from(created: alcove_engine::Created) -> Self {
        Self {
            success: true,
            repository: created.repository.into(),
            plan: created.plan,
            passphrase_remembered: created.remembered,
        }
    }
}

/// One repository.
#[derive(Debug, Clone, Copy, Deserialize, TS, ToSchema)]
pub struct RepositoryId {
    /// The repository's number.
    pub repository_id: i64,
}

/// The answer to `list_running_jobs`.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct RunningJobs {
    /// Whether there is any.
    pub has_running_jobs: bool,
    /// The jobs that hold the repository's lane.
    pub jobs: Vec<i64>,
}

/// Whose archives to list.
#[derive(Debug, Clone, Deserialize, TS, ToSchema)]
pub struct ListArchives {
    /// The repository's location; a trailing slash does not matter.
    pub repository: String,
}

/// The answer to `list_archives`.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct ArchiveListing {
    /// What `borg list --json` prints, as a text; times are UTC.
    pub archives: String,
}

/// A passphrase for a repository.
#[derive(Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct UnlockRepository {
    /// The repository's location.
    pub repository: String,
    /// The passphrase.
    #[ts(type = "string")]
    #[schema(value_type = String, format = Password, write_only)]
    pub passphrase: Passphrase,
    /// Whether to keep it in the system's keyring; as the repository says when left out.
    pub remember_passphrase: Option<bool>,
}

/// What to change of a repository; what is left out stays.
#[derive(Debug, Clone, Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct ChangeRepository {
    /// The repository's number.
    pub repository_id: i64,
    /// The person's own name for it.
    pub name: Option<String>,
    /// Whether its server lets nothing be deleted from this computer.
    pub append_only: Option<bool>,
    /// How it is checked by itself; null: when it is asked for.
    #[serde(default, deserialize_with = "present")]
    #[ts(optional, type = "CheckRhythm | null")]
    #[schema(value_type = Option<CheckRhythm>)]
    pub check: Option<Option<CheckRhythm>>,
    /// A command that prints its passphrase; empty: none. It is tried before it is saved.
    pub passcommand: Option<String>,
    /// How long its passphrase is kept; what is kept for longer is forgotten, in the keyring too.
    #[ts(optional, type = "KeepPassphrase")]
    #[schema(value_type = Option<schema::KeepPassphrase>)]
    pub keep_passphrase: Option<KeepPassphrase>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_repository_is_answered_with_its_number_name_and_path() {
        let repository = || {
            Repository::from(store::Repository {
                id: 3,
                name: "Backup SSD".into(),
                location: "/backup".into(),
                borg_id: None,
                encryption: "none".into(),
                passcommand: None,
                ssh_key: None,
                remote_path: None,
                keep_passphrase: store::KeepPassphrase::Session,
                append_only: false,
                drive: None,
                check: None,
                key_exported_at: None,
                created_at: jiff::Timestamp::UNIX_EPOCH,
            })
        };
        let created = serde_json::to_value(RepositoryCreated {
            success: true,
            repository: repository(),
            plan: None,
            passphrase_remembered: false,
        });
        let created = created.unwrap();
        assert_eq!(created["success"], true);
        for (key, value) in [("name", "Backup SSD"), ("path", "/backup")] {
            assert_eq!(created["repository"][key], value);
        }
        assert_eq!(created["repository"]["id"], 3);
        let listed = serde_json::to_value(Repositories {
            repositories: vec![repository()],
        });
        assert_eq!(listed.unwrap()["repositories"][0], created["repository"]);
    }

    #[test]
    fn a_repository_to_create_is_read_from_the_arguments_of_the_page() {
        let text = r#"{"name": "SSD", "path": "/r", "encryption": "repokey", "passphrase": "x",
            "compression": "lz4", "source_directories": ["/home"], "exclude_patterns": ["*.tmp"]}"#;
        let new = serde_json::from_str::<CreateRepository>(text).unwrap();
        assert_eq!((new.name.as_str(), new.path.as_str()), ("SSD", "/r"));
        assert_eq!(new.encryption.as_deref(), Some("repokey"));
        assert_eq!(new.compression.as_deref(), Some("lz4"));
        assert_eq!(new.source_directories, Some(vec!["/home".to_owned()]));
        assert_eq!(new.exclude_patterns, Some(vec!["*.tmp".to_owned()]));
        assert!(new.passphrase.is_some());
    }
}
