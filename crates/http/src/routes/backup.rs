//! Backups: start, list, look at, stop.

use alcove_api::types::{
    BackupCancelled, BackupJobs, BackupStarted, BackupStatus, JobId, ListBackupJobs, StartBackup,
};
use alcove_api::{Api, schema};
use axum::Json;
use axum::extract::State;

use super::Refusals;
use crate::arguments::{Body, Named};
use crate::refusal::Refusal;

/// Starts a plan of the repository at this location.
#[utoipa::path(post, path = "/api/backup/start", tag = "backup", request_body = StartBackup,
    responses((status = 200, body = BackupStarted, description = "The job has a record from now on."), Refusals))]
pub(super) async fn start_backup(
    State(api): State<Api>,
    Body(args): Body<StartBackup>,
) -> Result<Json<BackupStarted>, Refusal> {
    Ok(Json(api.start_backup(args).await?))
}

/// The same as `/api/backup/start`, under its other name.
#[utoipa::path(post, path = "/api/backup/run", tag = "backup", request_body = StartBackup,
    responses((status = 200, body = BackupStarted, description = "The job has a record from now on."), Refusals))]
pub(super) async fn run_backup(
    api: State<Api>,
    args: Body<StartBackup>,
) -> Result<Json<BackupStarted>, Refusal> {
    start_backup(api, args).await
}

/// Lists backup jobs, newest first.
#[utoipa::path(get, path = "/api/backup/jobs", tag = "backup",
    params(
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 1000, description = "At most this many; 200 when left out."),
        ("scheduled_only" = Option<bool>, Query, description = "Only jobs a schedule started; wins over `manual_only`."),
        ("manual_only" = Option<bool>, Query, description = "Only jobs a person started."),
        ("repository" = Option<String>, Query, description = "Only jobs of the repository at this location."),
        ("status" = Option<schema::Status>, Query, description = "Only jobs of this status."),
        ("before_id" = Option<i64>, Query, description = "Only jobs older than this one, for the next page."),
    ),
    responses((status = 200, body = BackupJobs, description = "Newest first."), Refusals))]
pub(super) async fn list_backup_jobs(
    State(api): State<Api>,
    Named(args): Named<ListBackupJobs>,
) -> Result<Json<BackupJobs>, Refusal> {
    Ok(Json(api.list_backup_jobs(args).await?))
}

/// Returns one job as it is now.
#[utoipa::path(get, path = "/api/backup/status/{job_id}", tag = "backup",
    params(("job_id" = i64, Path, description = "The job's number.")),
    responses((status = 200, body = BackupStatus, description = "The job."), Refusals))]
pub(super) async fn get_backup_status(
    State(api): State<Api>,
    Named(args): Named<JobId>,
) -> Result<Json<BackupStatus>, Refusal> {
    Ok(Json(api.get_backup_status(args).await?))
}

/// Stops a job, or its maintenance once the archive is safe.
#[utoipa::path(post, path = "/api/backup/cancel/{job_id}", tag = "backup",
    params(("job_id" = i64, Path, description = "The job's number.")),
    responses((status = 200, body = BackupCancelled, description = "It was told to stop."), Refusals))]
pub(super) async fn cancel_backup(
    State(api): State<Api>,
    Named(args): Named<JobId>,
) -> Result<Json<BackupCancelled>, Refusal> {
    Ok(Json(api.cancel_backup(args).await?))
}
