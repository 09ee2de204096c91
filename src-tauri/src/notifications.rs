//! Notifications of the system, with what can be done about them where it has that.
//!
//! What is told, in which words and when is the engine's to say ([`Notice`]); here it is shown. A click opens the window
//! on the job.

use alcove_api::types::{JobId, StartBackup};
use alcove_api::{Api, ApiError, Notice};
use tauri::AppHandle;
use tauri_plugin_notification::{Action, ActionPerformed, ActionType, NotificationExt as _};

use crate::window;

/// The action that opens the window.
const OPEN: &str = "open";
/// The action that starts a failed backup again.
const RETRY: &str = "retry";
/// Notifications with [`OPEN`] alone, and with both.
const LOOK: &str = "look";
const FAILED: &str = "failed";
/// Where a notification keeps the number of its job.
const JOB: &str = "job";

/// Tells of what a person should know, from now on.
pub(crate) fn start(app: &AppHandle, api: &Api) {
    let open = || Action::builder(OPEN, "Open").build();
    let retry = Action::builder(RETRY, "Try again").build();
    let types = vec![
        ActionType::builder(LOOK).actions(vec![open()]).build(),
        ActionType::builder(FAILED)
            .actions(vec![retry, open()])
            .build(),
    ];
    let notification = app.notification();
    let (to, with) = (app.clone(), api.clone());
    let ready = notification
        .register_action_types(types)
        .and_then(|()| notification.on_action(move |action| on_action(&to, &with, action)));
    if let Err(error) = ready {
        log::warn!("notifications have no actions: {error}");
    }
    let app = app.clone();
    api.watch_notices(move |notice| show(&app, &notice));
}

/// Shows a notice.
pub(crate) fn show(app: &AppHandle, notice: &Notice) {
    let actions = if notice.retry { FAILED } else { LOOK };
    let mut builder = app
        .notification()
        .builder()
        .title(&notice.title)
        .body(plain(&notice.body))
        .action_type_id(actions);
    if let Some(job) = notice.job {
        builder = builder.extra(JOB, job);
    }
    if let Err(error) = builder.show() {
        log::warn!("“{}” was not shown: {error}", notice.title);
    }
}

/// A text without the beginning of any markup, which a system may read in it (Desktop Notifications 1.2, "Markup").
fn plain(text: &str) -> String {
    text.replace('<', "\u{2039}")
}

fn on_action(app: &AppHandle, api: &Api, action: &ActionPerformed) {
    let shown = action.notification();
    let job = shown.and_then(|shown| shown.extra().get(JOB)?.as_i64());
    match (action.action_id(), job) {
        (RETRY, Some(job)) => {
            let (app, api) = (app.clone(), api.clone());
            tauri::async_runtime::spawn(async move {
                if let Err(error) = try_again(&api, job).await {
                    log::warn!("job {job} was not tried again: {error}");
                    window::show(&app, Some(job));
                }
            });
        }
        _ => window::show(app, job),
    }
}

async fn try_again(api: &Api, job_id: i64) -> Result<(), ApiError> {
    let failed = api.get_backup_status(JobId { job_id }).await?.job;
    let again = StartBackup {
        repository: failed.repository,
        plan: failed.plan,
        retry_of: Some(job_id),
    };
    api.start_backup(again).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_text_that_looks_like_markup_is_none() {
        let text = "/home/<img src=x> & <b>co</b> cannot be read.";
        assert_eq!(
            plain(text),
            "/home/\u{2039}img src=x> & \u{2039}b>co\u{2039}/b> cannot be read."
        );
    }
}
