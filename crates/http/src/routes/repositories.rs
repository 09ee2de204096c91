//! Repositories and their archives.

use alcove_api::Api;
use alcove_api::types::{
    ArchiveListing, CreateRepository, ListArchives, Nothing, Passphrase, Repositories,
    RepositoryCreated, RepositoryId, RunningJobs, UnlockRepository,
};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Refusals;
use crate::arguments::{Body, Named};
use crate::refusal::Refusal;

/// Lists the repositories Alcove knows.
#[utoipa::path(get, path = "/api/repositories/", tag = "repositories",
    responses((status = 200, body = Repositories, description = "In the order they were added."), Refusals))]
pub(super) async fn list_repositories(
    State(api): State<Api>,
) -> Result<Json<Repositories>, Refusal> {
    Ok(Json(api.list_repositories(Nothing {}).await?))
}

/// Creates a Borg repository and the default plan that fills it.
#[utoipa::path(post, path = "/api/repositories/", tag = "repositories", request_body = CreateRepository,
    responses((status = 200, body = RepositoryCreated, description = "The repository is there, and Alcove knows it."), Refusals))]
pub(super) async fn create_repository(
    State(api): State<Api>,
    Body(args): Body<CreateRepository>,
) -> Result<Json<RepositoryCreated>, Refusal> {
    Ok(Json(api.create_repository(args).await?))
}

/// A passphrase for the repository in the path.
#[derive(Deserialize, ToSchema)]
pub(super) struct Unlock {
    /// The passphrase.
    #[schema(value_type = String, format = Password, write_only)]
    passphrase: Passphrase,
    /// Whether to keep it in the system's keyring.
    remember_passphrase: Option<bool>,
}

/// Hands over a repository's passphrase; jobs that wait for it go on.
#[utoipa::path(post, path = "/api/repositories/{repository_id}/unlock", tag = "repositories",
    params(("repository_id" = i64, Path, description = "The repository's number.")),
    request_body = Unlock,
    responses((status = 200, body = Nothing, description = "Borg opened the repository with it."), Refusals))]
pub(super) async fn unlock_repository(
    State(api): State<Api>,
    Named(RepositoryId { repository_id }): Named<RepositoryId>,
    Body(unlock): Body<Unlock>,
) -> Result<Json<Nothing>, Refusal> {
    let args = UnlockRepository {
        repository: api.repository(repository_id).await?.path,
        passphrase: unlock.passphrase,
        remember_passphrase: unlock.remember_passphrase,
    };
    Ok(Json(api.unlock_repository(args).await?))
}

/// Lists the jobs that a repository is busy with.
#[utoipa::path(get, path = "/api/repositories/{repository_id}/running-jobs", tag = "repositories",
    params(("repository_id" = i64, Path, description = "The repository's number.")),
    responses((status = 200, body = RunningJobs, description = "The jobs that hold its lane."), Refusals))]
pub(super) async fn list_running_jobs(
    State(api): State<Api>,
    Named(args): Named<RepositoryId>,
) -> Result<Json<RunningJobs>, Refusal> {
    Ok(Json(api.list_running_jobs(args).await?))
}

/// Lists the archives of a repository as Borg does, without checkpoints.
#[utoipa::path(get, path = "/api/archives/list", tag = "repositories",
    params(("repository" = String, Query, description = "The repository's location.")),
    responses((status = 200, body = ArchiveListing, description = "Borg's own JSON, as a text."), Refusals))]
pub(super) async fn list_archives(
    State(api): State<Api>,
    Named(args): Named<ListArchives>,
) -> Result<Json<ArchiveListing>, Refusal> {
    Ok(Json(api.list_archives(args).await?))
}
