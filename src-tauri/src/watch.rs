//! The stream of changes from the engine to the window.
//!
//! A page hears through the channel it passed in last: a reloaded page has lost its old channel, so
//! the stream into that one ends when the new one begins.

use std::sync::{Mutex, PoisonError};

use alcove_api::Api;
use alcove_api::types::Change;
use tauri::State;
use tauri::async_runtime::JoinHandle;
use tauri::ipc::Channel;

/// The stream that runs now.
#[derive(Default)]
pub(crate) struct Watching(Mutex<Option<JoinHandle<()>>>);

impl Watching {
    /// Ends the stream: its page is gone.
    pub(crate) fn stop(&self) {
        self.set(None);
    }

    fn set(&self, stream: Option<JoinHandle<()>>) {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = std::mem::replace(&mut *running, stream) {
            before.abort();
        }
    }
}

/// Sends every change to this channel from now on, first each job that has not ended.
#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn watch_changes(
    api: State<'_, Api>,
    watching: State<'_, Watching>,
    channel: Channel<Change>,
) -> Result<(), ()> {
    let mut changes = api.watch().calm();
    let stream = tauri::async_runtime::spawn(async move {
        loop {
            if let Err(error) = channel.send(changes.next().await) {
                log::debug!("the window no longer hears changes: {error}");
                break;
            }
        }
    });
    watching.set(Some(stream));
    Ok(())
}
