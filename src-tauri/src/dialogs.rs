//! The system's own dialogs, each as one awaited question.
//!
//! They are shown from the event loop and answered through a channel, so no thread waits. A build
//! for tests can be given the answers instead: see [`crate::scripted`].

use std::path::PathBuf;

use tauri::{AppHandle, WebviewWindow};
use tauri_plugin_dialog::{DialogExt, FilePath, MessageDialogButtons, MessageDialogKind};
use tokio::sync::oneshot;

/// Asks for a folder. Returns `None` when the dialog was closed.
pub(crate) async fn folder(
    window: &WebviewWindow,
    title: String,
    start: Option<String>,
) -> Option<PathBuf> {
    #[cfg(debug_assertions)]
    if let Some(answers) = crate::scripted::answers() {
        return answers.folder();
    }
    let mut dialog = window.dialog().file().set_parent(window).set_title(title);
    if let Some(start) = start {
        dialog = dialog.set_directory(start);
    }
    let (answer, answered) = oneshot::channel();
    dialog.pick_folder(move |chosen| _ = answer.send(chosen));
    local(answered.await.ok().flatten())
}

/// Asks for a file to read. Returns `None` when the dialog was closed.
pub(crate) async fn file(window: &WebviewWindow, title: &str) -> Option<PathBuf> {
    #[cfg(debug_assertions)]
    if let Some(answers) = crate::scripted::answers() {
        return answers.file();
    }
    let (answer, answered) = oneshot::channel();
    window
        .dialog()
        .file()
        .set_parent(window)
        .set_title(title)
        .pick_file(move |chosen| _ = answer.send(chosen));
    local(answered.await.ok().flatten())
}

/// Asks where to write a file. Returns `None` when the dialog was closed.
pub(crate) async fn save_as(window: &WebviewWindow, suggested: String) -> Option<PathBuf> {
    #[cfg(debug_assertions)]
    if let Some(answers) = crate::scripted::answers() {
        return Some(answers.save_as(&suggested));
    }
    let (answer, answered) = oneshot::channel();
    window
        .dialog()
        .file()
        .set_parent(window)
        .set_file_name(suggested)
        .save_file(move |chosen| _ = answer.send(chosen));
    local(answered.await.ok().flatten())
}

/// Asks whether to stop a running backup and quit.
pub(crate) async fn stop_and_quit(app: &AppHandle) -> bool {
    #[cfg(debug_assertions)]
    if let Some(answers) = crate::scripted::answers() {
        return answers.stop_and_quit();
    }
    let (answer, answered) = oneshot::channel();
    app.dialog()
        .message(
            "What is backed up so far stays in the repository. The next backup goes on from there.",
        )
        .title("A backup is running")
        .kind(MessageDialogKind::Warning)
        .buttons(MessageDialogButtons::OkCancelCustom(
            "Stop it and quit".into(),
            "Keep running".into(),
        ))
        .show(move |stop| _ = answer.send(stop));
    answered.await.unwrap_or(false)
}

/// Says why Alcove cannot start, and calls `then` when that was read.
pub(crate) fn cannot_start(app: &AppHandle, reason: String, then: impl FnOnce() + Send + 'static) {
    #[cfg(debug_assertions)]
    if crate::scripted::answers().is_some() {
        return then();
    }
    app.dialog()
        .message(reason)
        .title("Alcove cannot start")
        .kind(MessageDialogKind::Error)
        .show(move |_| then());
}

/// A dialog answers with a URL only on phones.
fn local(chosen: Option<FilePath>) -> Option<PathBuf> {
    chosen.and_then(|path| path.into_path().ok())
}
