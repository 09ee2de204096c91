//! What is dragged from the desktop onto the window.
//!
//! A page never learns the path of a dropped file from the webview, so the window tells it: through a channel of its
//! own, as [`crate::watch`] does, since Tauri's events stay out of the page's reach. What a drop means is the page's.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use tauri::ipc::Channel;
use tauri::{DragDropEvent, Manager, State, Window, WindowEvent};

/// What the page hears; `Drag` in `ui/src/platform/platform.ts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Drag {
    /// Something is held over the window.
    Over,
    /// It was taken away again.
    Left,
    /// It was let go: absolute paths of files and folders.
    Dropped { paths: Vec<String> },
}

/// The channel of the page that is shown.
#[derive(Default)]
pub(crate) struct Drops(Mutex<Option<Channel<Drag>>>);

/// Tells this channel of every drag from now on, and no other.
#[tauri::command(rename_all = "snake_case")]
#[expect(
    clippy::needless_pass_by_value,
    reason = "Tauri gives a command its state by value"
)]
pub(crate) fn watch_drops(drops: State<'_, Drops>, channel: Channel<Drag>) {
    *drops.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(channel);
}

/// Passes on what is dragged.
pub(crate) fn on_window_event(window: &Window, event: &WindowEvent) {
    let WindowEvent::DragDrop(event) = event else {
        return;
    };
    let Some(drag) = heard(event) else { return };
    let Some(drops) = window.try_state::<Drops>() else {
        return;
    };
    let channel = drops.0.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(channel) = channel.as_ref()
        && let Err(error) = channel.send(drag)
    {
        log::debug!("the window no longer hears of drags: {error}");
    }
}

/// What of an event the page hears; that a drag moved on is nothing new.
fn heard(event: &DragDropEvent) -> Option<Drag> {
    match event {
        DragDropEvent::Enter { .. } => Some(Drag::Over),
        DragDropEvent::Drop { paths, .. } => Some(Drag::Dropped {
            paths: paths.iter().filter_map(|path| named(path)).collect(),
        }),
        DragDropEvent::Leave => Some(Drag::Left),
        _ => None,
    }
}

/// A path as text; one that is not UTF-8 cannot be named in a plan.
fn named(path: &Path) -> Option<String> {
    let text = path.to_str().map(str::to_owned);
    if text.is_none() {
        log::warn!(
            "{} was dropped, and its name is not valid UTF-8",
            path.display()
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use serde_json::json;
    use tauri::PhysicalPosition;

    #[test]
    fn the_page_hears_of_what_comes_goes_and_is_dropped() {
        let position = PhysicalPosition::new(1.0, 2.0);
        let paths = vec![PathBuf::from("/home/marta/Letters")];
        let told = |event: &DragDropEvent| serde_json::to_value(heard(event)).unwrap();
        assert_eq!(
            told(&DragDropEvent::Enter {
                paths: paths.clone(),
                position
            }),
            json!({"type": "over"})
        );
        assert_eq!(told(&DragDropEvent::Over { position }), json!(null));
        assert_eq!(told(&DragDropEvent::Leave), json!({"type": "left"}));
        assert_eq!(
            told(&DragDropEvent::Drop { paths, position }),
            json!({"type": "dropped", "paths": ["/home/marta/Letters"]})
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_no_text_is_left_out() {
        use std::ffi::OsString;
        use std::os::unix::ffi::OsStringExt;
        let paths = vec![
            PathBuf::from(OsString::from_vec(b"/a/\xff".to_vec())),
            "/b".into(),
        ];
        let position = PhysicalPosition::new(0.0, 0.0);
        let dropped = heard(&DragDropEvent::Drop { paths, position });
        assert_eq!(
            dropped,
            Some(Drag::Dropped {
                paths: vec!["/b".into()]
            })
        );
    }
}
