//! The one window. Its size and title are in `tauri.conf.json`; here is what it may not do.

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Manager, Url, WebviewWindowBuilder};

/// The window's label, which `capabilities/main.json` names.
const LABEL: &str = "main";

/// Opens the window. It shows the bundled pages and never leaves them. `look` is `light` or `dark`, where the person
/// chose one: the page has it before it is painted, so that nothing flashes.
pub(crate) fn open(app: &AppHandle, look: Option<&'static str>) -> tauri::Result<()> {
    for config in app
        .config()
        .app
        .windows
        .iter()
        .filter(|config| config.label == LABEL)
    {
        let mut window = WebviewWindowBuilder::from_config(app, config)?
            .on_navigation(is_bundled)
            .on_new_window(|_url, _features| NewWindowResponse::Deny);
        if let Some(look) = look {
            window = window.initialization_script(format!(
                "document.documentElement.dataset.theme = '{look}'"
            ));
        }
        window.build()?;
    }
    Ok(())
}

/// Brings the window to the front, as a second start of the program should.
pub(crate) fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL)
        && let Err(error) = window
            .show()
            .and_then(|()| window.unminimize())
            .and_then(|()| window.set_focus())
    {
        log::warn!("the window cannot be brought to the front: {error}");
    }
}

/// Whether a page is one of the bundled ones: Tauri serves them under a scheme of its own, and on
/// Windows under a host name of its own.
fn is_bundled(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => cfg!(windows) && url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bundled_pages_are_shown() {
        let bundled = |url: &str| is_bundled(&url.parse().unwrap());
        assert!(bundled("tauri://localhost/index.html"));
        assert!(!bundled("tauri://elsewhere/"));
        assert!(!bundled("https://example.org/"));
        assert!(!bundled("file:///etc/passwd"));
        assert!(!bundled("data:text/html,hello"));
    }
}
