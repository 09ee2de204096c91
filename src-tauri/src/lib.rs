//! The desktop door: a window onto [`alcove_api`].
//!
//! It turns calls of the window into calls of the api, and adds what only a desktop has: native
//! dialogs, a stream of changes, one window, one running program, a log file. What a backup is, and
//! everything else a terminal could ask for as well, is behind the api.

mod arguments;
mod autostart;
mod commands;
mod desktop;
mod dialogs;
mod drops;
mod http;
mod leave;
mod logging;
mod notifications;
#[cfg(debug_assertions)]
mod scripted;
mod start;
#[cfg(target_os = "linux")]
mod tray;
mod watch;
mod window;

use std::process::ExitCode;

/// The argument of a start without a window.
const BACKGROUND: &str = "--background";

/// Runs the desktop app until the person quits. Returns a failure when it could not start.
pub fn run() -> ExitCode {
    let in_background = std::env::args_os().any(|argument| argument == BACKGROUND);
    let app = tauri::Builder::default()
        // First: a second start must end before it touches the data folder.
        .plugin(tauri_plugin_single_instance::init(
            |app, arguments, _folder| {
                if arguments.iter().any(|argument| argument == BACKGROUND) {
                    return;
                }
                let own = app.clone();
                // On the main thread, which opens Alcove: one that is asked for meanwhile comes after that.
                let shown = app.run_on_main_thread(move || window::show(&own, None));
                if let Err(error) = shown {
                    log::warn!("the window cannot be shown: {error}");
                }
            },
        ))
        .plugin(
            tauri_plugin_autostart::Builder::new()
                .arg(BACKGROUND)
                .build(),
        )
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .invoke_handler(commands::handler())
        .on_window_event(leave::on_window_event)
        .on_window_event(drops::on_window_event)
        .setup(move |app| start::start(app.handle(), in_background).map_err(Into::into))
        .build(tauri::generate_context!());
    match app {
        Ok(app) => ExitCode::from(app.run_return(leave::on_run_event).clamp(0, 255) as u8),
        Err(error) => {
            log::error!("the window cannot be shown: {error}");
            ExitCode::FAILURE
        }
    }
}
