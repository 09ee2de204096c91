//! The ways out: the window is closed, or the session ends.
//!
//! Either way the engine is told first, so that Borg writes a checkpoint and every record is
//! complete. A running backup is not stopped by a slip of the hand: closing the window asks.

use std::sync::atomic::{AtomicBool, Ordering};

use alcove_api::Api;
use tauri::{AppHandle, Manager, Window, WindowEvent};

use crate::dialogs;

/// Whether the app is on its way out or asking about it, so that nobody is asked twice.
#[derive(Default)]
pub(crate) struct Leaving(AtomicBool);

/// Turns the closing of the window into a quit in good order.
pub(crate) fn on_window_event(window: &Window, event: &WindowEvent) {
    if let WindowEvent::CloseRequested { api, .. } = event {
        api.prevent_close();
        let app = window.app_handle().clone();
        tauri::async_runtime::spawn(async move { quit(&app, true).await });
    }
}

/// Quits when the session ends or someone stops the program from outside.
#[cfg(unix)]
pub(crate) fn on_signals(app: &AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    for kind in [
        SignalKind::terminate(),
        SignalKind::interrupt(),
        SignalKind::hangup(),
    ] {
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            match signal(kind) {
                Ok(mut signal) => {
                    signal.recv().await;
                    quit(&app, false).await;
                }
                Err(error) => log::warn!("signal {kind:?} is not heard: {error}"),
            }
        });
    }
}

/// Tells the engine to stop, waits for it, and ends the program.
async fn quit(app: &AppHandle, ask: bool) {
    let api = app.state::<Api>().inner().clone();
    let leaving = app.state::<Leaving>();
    if leaving.0.swap(true, Ordering::SeqCst) {
        return;
    }
    if ask && api.has_active_jobs() && !dialogs::stop_and_quit(app).await {
        leaving.0.store(false, Ordering::SeqCst);
        return;
    }
    api.shutdown().await;
    app.exit(0);
}
