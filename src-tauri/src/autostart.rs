//! Whether the desktop starts Alcove, without a window, when the person logs in: as the settings say.

use alcove_api::Api;
use alcove_api::types::Change;
use tauri::AppHandle;
use tauri::async_runtime::JoinHandle;
use tauri_plugin_autostart::ManagerExt as _;

/// Keeps the desktop's list of what starts at login as the settings are, from now on.
pub(crate) fn start(app: &AppHandle, api: &Api) -> JoinHandle<()> {
    let mut changes = api.watch().calm();
    let (app, api) = (app.clone(), api.clone());
    tauri::async_runtime::spawn(async move {
        loop {
            match api.starts_at_login().await {
                Ok(wanted) => set(&app, wanted),
                Err(error) => log::warn!("whether Alcove starts at login is not known: {error}"),
            }
            while let Change::Job { .. } = changes.next().await {}
        }
    })
}

/// An entry that is there stays as it is: a person may have changed it in the settings of the desktop.
fn set(app: &AppHandle, wanted: bool) {
    let list = app.autolaunch();
    let changed = match (list.is_enabled(), wanted) {
        (Ok(true), true) | (Ok(false), false) => return,
        (Err(error), _) => Err(error),
        (Ok(_), true) => list.enable(),
        (Ok(_), false) => list.disable(),
    };
    if let Err(error) = changed {
        log::warn!("the start at login stays as it was: {error}");
    }
}
