//! From a started program to an open window, or to a program in the background: finds the person's world and opens the api over it.
//!
//! Environment, home and data folder are read here, once, and passed on; nothing below looks for
//! them. When the data folder cannot be used there is nothing to show in a window, so a native
//! dialog says why, and the program ends.

use std::env;

use alcove_api::{Api, ApiError, session};
use tauri::{AppHandle, Manager};

#[cfg(target_os = "linux")]
use crate::tray;
use crate::{autostart, dialogs, drops, http, leave, logging, notifications, watch, window};

/// Opens the api and, unless Alcove is to be in the background, the window; or tells the person why that cannot be.
pub(crate) fn start(app: &AppHandle, in_background: bool) -> tauri::Result<()> {
    logging::start(env::var("ALCOVE_LOG").ok().as_deref());
    let opened = {
        // The engine's tasks begin in Tauri's own runtime.
        let _runtime = tauri::async_runtime::handle().inner().enter();
        open()
    };
    match opened {
        Ok(api) => {
            notifications::start(app, &api);
            app.manage(http::HttpDoor::default());
            http::start(app, &api);
            let followers = vec![
                autostart::start(app, &api),
                window::follow_look(app, &api),
                #[cfg(target_os = "linux")]
                tray::start(app, &api),
            ];
            app.manage(api);
            app.manage(leave::Leaving::new(followers));
            app.manage(watch::Watching::default());
            app.manage(drops::Drops::default());
            #[cfg(unix)]
            leave::on_signals(app);
            if in_background {
                log::info!("in the background");
                return Ok(());
            }
            window::open(app, None)
        }
        Err(error) => {
            log::error!("Alcove cannot start: {error}");
            let sentences: Vec<String> =
                std::iter::once(error.message).chain(error.hints).collect();
            let exit = app.clone();
            dialogs::cannot_start(app, sentences.join("\n\n"), move || exit.exit(1));
            Ok(())
        }
    }
}

/// Opens the api over this person's session.
fn open() -> Result<Api, ApiError> {
    let (folder, world) = session(env::vars_os().collect(), env::home_dir())?;
    let path = folder.path().to_path_buf();
    let api = Api::open(folder, world)?;
    logging::write_to(&path);
    log::info!(
        "Alcove {} is open over {}",
        env!("CARGO_PKG_VERSION"),
        path.display()
    );
    if let Some(recovery) = api.recovery() {
        log::warn!("{recovery}");
    }
    Ok(api)
}
