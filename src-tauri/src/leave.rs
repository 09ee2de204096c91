//! The ways out: the window is closed, somebody quits, or the session ends.
//!
//! A window that is closed takes its webview with it; where Alcove goes on without, that is all. A quit tells the
//! engine first, so that Borg writes a checkpoint and every record is complete. A running backup is not stopped by a
//! slip of the hand: quitting asks.

use std::sync::atomic::{AtomicBool, Ordering};

use alcove_api::Api;
use tauri::async_runtime::JoinHandle;
use tauri::{AppHandle, Manager, RunEvent, Window, WindowEvent};

use crate::{dialogs, notifications, watch};

/// Whether the app is on its way out, or asks about it, so that nobody is asked twice; and what ends first.
pub(crate) struct Leaving {
    begun: AtomicBool,
    asking: AtomicBool,
    followers: Vec<JoinHandle<()>>,
}

impl Leaving {
    /// `followers` read records whenever something changes: they end before those are closed.
    pub(crate) fn new(followers: Vec<JoinHandle<()>>) -> Self {
        Self {
            begun: AtomicBool::new(false),
            asking: AtomicBool::new(false),
            followers,
        }
    }
}

/// Turns the closing of the window into what the person has chosen: Alcove goes on without it, or quits in good order.
pub(crate) fn on_window_event(window: &Window, event: &WindowEvent) {
    match event {
        WindowEvent::CloseRequested { api, .. } => {
            api.prevent_close();
            let window = window.clone();
            tauri::async_runtime::spawn(async move { close(&window).await });
        }
        WindowEvent::Destroyed => {
            if let Some(watching) = window.try_state::<watch::Watching>() {
                watching.stop();
            }
        }
        _ => {}
    }
}

async fn close(window: &Window) {
    let app = window.app_handle();
    let api = app.state::<Api>().inner().clone();
    if !api.runs_in_background().await {
        return quit(app, true).await;
    }
    if let Some(notice) = api.background_notice().await {
        notifications::show(app, &notice);
    }
    if let Err(error) = window.destroy() {
        log::error!("the window stays: {error}");
    }
}

/// Keeps the program from ending with its last window: [`quit`] ends it, with a code.
#[cfg_attr(
    not(target_os = "macos"),
    expect(unused_variables, reason = "the Dock alone asks for the window")
)]
pub(crate) fn on_run_event(app: &AppHandle, event: RunEvent) {
    match event {
        RunEvent::ExitRequested {
            code: None, api, ..
        } => api.prevent_exit(),
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => crate::window::show(app, None),
        _ => {}
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
                    while signal.recv().await.is_some() {
                        quit(&app, false).await;
                    }
                }
                Err(error) => log::warn!("signal {kind:?} is not heard: {error}"),
            }
        });
    }
}

/// Tells the engine to stop, waits for it, and ends the program. Who does not ask does not wait for who does.
pub(crate) async fn quit(app: &AppHandle, ask: bool) {
    let api = app.state::<Api>().inner().clone();
    let leaving = app.state::<Leaving>();
    if ask && api.has_active_jobs() && !leaving.begun.load(Ordering::SeqCst) {
        if leaving.asking.swap(true, Ordering::SeqCst) {
            return;
        }
        let agreed = dialogs::stop_and_quit(app).await;
        leaving.asking.store(false, Ordering::SeqCst);
        if !agreed {
            return;
        }
    }
    if leaving.begun.swap(true, Ordering::SeqCst) {
        return;
    }
    leaving.followers.iter().for_each(JoinHandle::abort);
    api.shutdown().await;
    app.exit(0);
}
