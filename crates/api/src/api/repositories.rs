//! Repositories: made, taken over, looked at, unlocked, moved.

use std::sync::Arc;
use std::time::{Duration, Instant};

use alcove_borg::Passphrase;
use alcove_engine::{Adoption, Existing, NewRepository, RepositoryChange};

use super::Api;
use crate::error::ApiError;
use crate::types::{
    AdoptRepository, ArchiveListing, BreakLock, ChangeRepository, Confirm, CreateRepository,
    InspectRepository, InspectedRepository, ListArchives, MoveRepository, Nothing, Repositories,
    Repository, RepositoryCreated, RepositoryHealth, RepositoryId, RepositorySize,
    UnlockRepository,
};

/// How long Borg may take to tell what a repository is.
const INSPECT_FOR: Duration = Duration::from_mins(5);

impl Api {
    /// Lists the repositories Alcove knows.
    pub async fn list_repositories(&self, _: Nothing) -> Result<Repositories, ApiError> {
        self.blocking(|engine| {
            let repositories = engine
                .store()
                .repositories()
                .map_err(alcove_engine::Failure::from)?;
            Ok(Repositories {
                repositories: repositories.into_iter().map(Into::into).collect(),
            })
        })
        .await
    }

    /// Returns one repository.
    pub async fn repository(&self, id: i64) -> Result<Repository, ApiError> {
        self.blocking(move |engine| Ok(engine.repository(id)?.into()))
            .await
    }

    /// Tells what is known of a repository: its lock, its last check, how large it was over time.
    pub async fn get_repository(&self, args: RepositoryId) -> Result<RepositoryHealth, ApiError> {
        self.blocking(move |engine| Ok(engine.health(args.repository_id)?.into()))
            .await
    }

    /// Asks Borg how large a repository is, and notes it.
    pub async fn measure_repository(&self, args: RepositoryId) -> Result<RepositorySize, ApiError> {
        self.blocking(move |engine| Ok(engine.measure(args.repository_id)?.into()))
            .await
    }

    /// Removes a lock of a repository that was left behind.
    pub async fn break_repository_lock(&self, args: BreakLock) -> Result<Nothing, ApiError> {
        self.blocking(move |engine| {
            engine.break_lock(args.repository_id, args.confirm.as_deref())?;
            Ok(Nothing {})
        })
        .await
    }

    /// Changes what a person chose of a repository; what is left out stays.
    pub async fn change_repository(&self, args: ChangeRepository) -> Result<Repository, ApiError> {
        self.blocking(move |engine| {
            let change = RepositoryChange {
                name: args.name,
                append_only: args.append_only,
                check: args.check.map(|wished| wished.map(Into::into)),
                passcommand: args.passcommand,
                keep_passphrase: args.keep_passphrase,
            };
            Ok(engine.change_repository(args.repository_id, change)?.into())
        })
        .await
    }

    /// Removes a repository from Alcove with its plans; the repository itself and the history of its jobs stay.
    pub async fn forget_repository(&self, args: RepositoryId) -> Result<Nothing, ApiError> {
        self.blocking(move |engine| {
            engine.forget_repository(args.repository_id)?;
            Ok(Nothing {})
        })
        .await
    }

    /// Notes that a repository is at another location now.
    pub async fn move_repository(&self, args: MoveRepository) -> Result<Repository, ApiError> {
        self.blocking(move |engine| {
            let moved = engine.move_repository(args.repository_id, &args.path, args.passphrase)?;
            Ok(moved.into())
        })
        .await
    }

    /// Lists the archives of a repository as Borg does, without checkpoints.
    pub async fn list_archives(&self, args: ListArchives) -> Result<ArchiveListing, ApiError> {
        self.blocking(move |engine| {
            Ok(ArchiveListing {
                archives: engine.archives(&args.repository)?,
            })
        })
        .await
    }

    /// Creates a Borg repository and the default plan that fills it.
    pub async fn create_repository(
        &self,
        args: CreateRepository,
    ) -> Result<RepositoryCreated, ApiError> {
        self.blocking(move |engine| {
            let created = engine.create_repository(NewRepository {
                name: args.name,
                location: args.path,
                encryption: args.encryption,
                passphrase: args.passphrase,
                passcommand: args.passcommand,
                compression: args.compression,
                sources: args.source_directories.unwrap_or_default(),
                excludes: args.exclude_patterns.unwrap_or_default(),
                plan_name: args.plan_name,
                keep: args.keep.unwrap_or_default().into(),
                compact: args.compact.unwrap_or(true),
                remember: args.remember_passphrase.unwrap_or_default(),
                ssh_key: args.ssh_key,
                remote_path: args.remote_path,
            })?;
            Ok(created.into())
        })
        .await
    }

    /// Looks at a repository that another program made, and proposes a plan like its newest backup.
    pub async fn inspect_repository(
        &self,
        args: InspectRepository,
    ) -> Result<InspectedRepository, ApiError> {
        self.blocking(move |engine| {
            let existing = existing(
                args.repository,
                args.passphrase,
                args.ssh_key,
                args.remote_path,
                args.confirm,
            );
            Ok(engine.inspect_repository(&existing)?.into())
        })
        .await
    }

    /// Takes a repository over that another program made, with a plan that goes on with it.
    pub async fn adopt_repository(
        &self,
        args: AdoptRepository,
    ) -> Result<RepositoryCreated, ApiError> {
        self.blocking(move |engine| {
            let adopted = engine.adopt_repository(Adoption {
                existing: existing(
                    args.repository,
                    args.passphrase,
                    args.ssh_key,
                    args.remote_path,
                    args.confirm,
                ),
                name: args.name,
                plan_name: args.plan_name,
                sources: args.source_directories,
                excludes: args.exclude_patterns,
                compression: args.compression,
                keep: args.keep.unwrap_or_default().into(),
                compact: args.compact.unwrap_or(true),
                remember: args.remember_passphrase.unwrap_or_default(),
            })?;
            Ok(adopted.into())
        })
        .await
    }

    /// Hands over a repository's passphrase; jobs that wait for it go on.
    pub async fn unlock_repository(&self, args: UnlockRepository) -> Result<Nothing, ApiError> {
        self.blocking(move |engine| {
            engine.unlock(&args.repository, args.passphrase, args.remember_passphrase)?;
            Ok(Nothing {})
        })
        .await
    }
}

fn existing(
    location: String,
    passphrase: Option<Passphrase>,
    ssh_key: Option<String>,
    remote_path: Option<String>,
    confirm: Option<Vec<Confirm>>,
) -> Existing {
    let confirm = confirm.unwrap_or_default();
    Existing {
        location,
        passphrase: passphrase.map(Arc::new),
        ssh_key,
        remote_path,
        confirm: confirm.into_iter().map(Into::into).collect(),
        until: Instant::now() + INSPECT_FOR,
    }
}
