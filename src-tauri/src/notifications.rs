//! A native notification when a job ends, unless the person switched them off.
//!
//! The words are the api's. What the person sees in the window at that moment does not matter: a
//! notification of the system is also its history.

use alcove_api::types::Change;
use alcove_api::{Api, Notice};
use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt as _;

/// Tells of every job that ends from now on.
pub(crate) fn start(app: &AppHandle, api: &Api) {
    let mut changes = api.watch();
    let (app, api) = (app.clone(), api.clone());
    tauri::async_runtime::spawn(async move {
        loop {
            if let Change::Job { job } = changes.next().await
                && let Some(notice) = Notice::of(&job)
                && api.notifies()
            {
                let shown = app
                    .notification()
                    .builder()
                    .title(notice.title)
                    .body(notice.body)
                    .show();
                if let Err(error) = shown {
                    log::warn!("the end of job {} was not shown: {error}", job.id);
                }
            }
        }
    });
}
