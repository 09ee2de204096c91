//! The least a Tauri program can be, for `cargo xtask bench` to measure Alcove against. Its one argument says which:
//!
//! - `window`: a window with one word in it
//! - `changing`: a window whose one text changes every second
//! - `windowless`: no window
//! - `notified`: no window until the action of the notification that it shows is chosen
//!
//! It has what opens and shows a window and nothing else, built with the features of the desktop package.

#![expect(
    clippy::print_stderr,
    reason = "who measures it hears nothing else of what went wrong"
)]

use std::process::ExitCode;

use tauri::{App, AppHandle, RunEvent, WebviewUrl, WebviewWindowBuilder};
use tauri_plugin_notification::{Action, ActionType, NotificationExt as _};

fn main() -> ExitCode {
    let mode = std::env::args().nth(1).unwrap_or_default();
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_notification::init())
        .setup(move |app| {
            match mode.as_str() {
                "window" => open(app.handle(), "index.html")?,
                "changing" => open(app.handle(), "index.html#changing")?,
                "notified" => notify(app)?,
                "windowless" => {}
                other => return Err(format!("there is no mode {other:?}").into()),
            }
            Ok(())
        })
        .build(tauri::generate_context!());
    match app {
        Ok(app) => ExitCode::from(app.run_return(stay).clamp(0, 255) as u8),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn open(app: &AppHandle, page: &str) -> tauri::Result<()> {
    let windows = &app.config().app.windows;
    for config in windows {
        let mut config = config.clone();
        config.url = WebviewUrl::App(page.into());
        WebviewWindowBuilder::from_config(app, &config)?.build()?;
    }
    Ok(())
}

fn notify(app: &App) -> Result<(), Box<dyn std::error::Error>> {
    let notification = app.notification();
    let look = Action::builder("open", "Open").build();
    let look = ActionType::builder("look").actions(vec![look]).build();
    notification.register_action_types(vec![look])?;
    let handle = app.handle().clone();
    notification.on_action(move |_| {
        if let Err(error) = open(&handle, "index.html") {
            eprintln!("{error}");
        }
    })?;
    notification
        .builder()
        .title("Empty")
        .action_type_id("look")
        .show()?;
    Ok(())
}

/// Keeps the program running without a window; a signal ends it.
fn stay(_app: &AppHandle, event: RunEvent) {
    if let RunEvent::ExitRequested {
        code: None, api, ..
    } = event
    {
        api.prevent_exit();
    }
}
