//! The operations that need this desktop: those with a native dialog, its HTTP door, and its end.
//!
//! A path to write to comes from the dialog and goes to the api; the window neither names nor sees
//! it, so a page gone wrong cannot write a file of its choice.

use std::path::Path;

use alcove_api::types::{
    ChangeHttpAccess, ChooseFolder, ChosenFolder, DiagnosticsSaved, HttpAccess, JobId, KeySaved,
    KeyVerified, LogSaved, Nothing, SaveKey, VerifyKey,
};
use alcove_api::{Api, ApiError};
use tauri::{AppHandle, State, WebviewWindow};

use crate::arguments::Arguments;
use crate::dialogs;
use crate::http::HttpDoor;
use crate::leave;

/// Asks for a folder with the system's dialog.
#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn choose_folder(
    window: WebviewWindow,
    arguments: Arguments<ChooseFolder>,
) -> Result<ChosenFolder, ApiError> {
    let ChooseFolder { title, start } = arguments.0;
    let Some(folder) = dialogs::folder(&window, title, start).await else {
        return Ok(ChosenFolder { path: None });
    };
    let path = folder
        .into_os_string()
        .into_string()
        .map_err(|_| ApiError::bad_argument("path", "This folder's name is not valid UTF-8."))?;
    Ok(ChosenFolder { path: Some(path) })
}

/// Asks where to save a job's log with the system's dialog, and saves it.
#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn save_backup_logs(
    window: WebviewWindow,
    api: State<'_, Api>,
    arguments: Arguments<JobId>,
) -> Result<LogSaved, ApiError> {
    let JobId { job_id } = arguments.0;
    // An unknown job is refused before anyone is asked where to save its log.
    api.get_backup_status(JobId { job_id }).await?;
    let suggested = format!("backup_job_{job_id}_logs.txt");
    let Some(path) = dialogs::save_as(&window, suggested).await else {
        return Ok(LogSaved { file_name: None });
    };
    let file_name = name_of(&path);
    api.export_log(job_id, path).await?;
    Ok(LogSaved { file_name })
}

/// Asks where to save a repository's key with the system's dialog, and exports it there.
#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn save_key(
    window: WebviewWindow,
    api: State<'_, Api>,
    arguments: Arguments<SaveKey>,
) -> Result<KeySaved, ApiError> {
    // A repository without a key is refused before anyone is asked where to save it.
    let suggested = api.key_file_name(arguments.0).await?;
    let Some(path) = dialogs::save_as(&window, suggested).await else {
        return Ok(KeySaved { file_name: None });
    };
    let file_name = name_of(&path);
    api.export_key(arguments.0, path).await?;
    Ok(KeySaved { file_name })
}

/// Asks for an exported key with the system's dialog, and opens the repository with it.
#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn verify_key(
    window: WebviewWindow,
    api: State<'_, Api>,
    arguments: Arguments<VerifyKey>,
) -> Result<KeyVerified, ApiError> {
    let Some(path) = dialogs::file(&window, "Choose the exported key").await else {
        return Ok(KeyVerified { file_name: None });
    };
    let file_name = name_of(&path);
    api.verify_key(arguments.0, path).await?;
    Ok(KeyVerified { file_name })
}

/// Asks where to save the diagnostics with the system's dialog, and saves them.
#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn save_diagnostics(
    window: WebviewWindow,
    api: State<'_, Api>,
    _arguments: Arguments<Nothing>,
) -> Result<DiagnosticsSaved, ApiError> {
    let Some(path) = dialogs::save_as(&window, "alcove-diagnostics.txt".to_owned()).await else {
        return Ok(DiagnosticsSaved { file_name: None });
    };
    let file_name = name_of(&path);
    api.export_diagnostics(crate::logging::end(), path).await?;
    Ok(DiagnosticsSaved { file_name })
}

fn name_of(path: &Path) -> Option<String> {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
}

/// Tells whether the desktop's HTTP door is open, and how to use it.
#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn get_http_access(
    api: State<'_, Api>,
    door: State<'_, HttpDoor>,
    _arguments: Arguments<Nothing>,
) -> Result<HttpAccess, ApiError> {
    door.access(&api).await
}

/// Opens or closes the desktop's HTTP door, at once and for the next start.
#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn change_http_access(
    api: State<'_, Api>,
    door: State<'_, HttpDoor>,
    arguments: Arguments<ChangeHttpAccess>,
) -> Result<HttpAccess, ApiError> {
    door.change(&api, arguments.0).await
}

/// Ends the program; asks before it stops a job.
#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn quit(
    app: AppHandle,
    _arguments: Arguments<Nothing>,
) -> Result<Nothing, ApiError> {
    leave::quit(&app, true).await;
    Ok(Nothing {})
}
