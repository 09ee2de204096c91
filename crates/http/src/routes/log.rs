//! A job's log: lines of it, and all of it.

use std::io::{self, Read as _};

use alcove_api::types::{DownloadBackupLogs, LogPage, StreamBackupLogs};
use alcove_api::{Api, LogText};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;

use super::Refusals;
use crate::arguments::Named;
use crate::refusal::Refusal;

/// Bytes of a log that are read and sent at once.
const PIECE: usize = 64 * 1024;

/// Returns lines of a job's log; works while the job runs.
#[utoipa::path(get, path = "/api/backup/logs/{job_id}/stream", tag = "backup",
    params(
        ("job_id" = i64, Path, description = "The job's number."),
        ("offset" = Option<i64>, Query, minimum = 0, description = "The first line, from 0."),
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 10_000, description = "At most this many; 1000 when left out."),
    ),
    responses((status = 200, body = LogPage, description = "The lines."), Refusals))]
pub(super) async fn stream_backup_logs(
    State(api): State<Api>,
    Named(args): Named<StreamBackupLogs>,
) -> Result<Json<LogPage>, Refusal> {
    Ok(Json(api.stream_backup_logs(args).await?))
}

/// Returns a job's whole log as a file.
#[utoipa::path(get, path = "/api/backup/logs/{job_id}/download", tag = "backup",
    params(
        ("job_id" = i64, Path, description = "The job's number."),
        ("partial" = Option<bool>, Query, description = "Whether the part there is now is enough, for a job that is pending or running."),
    ),
    responses((status = 200, body = String, content_type = "text/plain; charset=utf-8", description = "The log, as an attachment."), Refusals),
    security(("token" = []), ("x_borg_token" = []), ("query_token" = [])))]
pub(super) async fn download_backup_logs(
    State(api): State<Api>,
    Named(args): Named<DownloadBackupLogs>,
) -> Result<Response, Refusal> {
    let log = api.open_log(args).await?;
    let name = format!(
        "attachment; filename=\"backup_job_{}_logs.txt\"",
        args.job_id
    );
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CONTENT_LENGTH, log.length().to_string()),
    ];
    Ok((headers, body(log)).into_response())
}

/// Sends a log piece by piece, each read when the client has room for it: no thread waits for a slow one.
fn body(log: LogText) -> Body {
    Body::from_stream(futures_util::stream::try_unfold(log, |mut log| async {
        let read = tokio::task::spawn_blocking(move || -> io::Result<_> {
            let mut piece = Vec::with_capacity(PIECE);
            log.by_ref().take(PIECE as u64).read_to_end(&mut piece)?;
            Ok((piece, log))
        });
        match read.await.map_err(io::Error::other)? {
            Ok((piece, _)) if piece.is_empty() => Ok(None),
            Ok((piece, log)) => Ok(Some((Bytes::from(piece), log))),
            Err(error) => Err(error),
        }
    }))
}
