//! The one window. Its size and title are in `tauri.conf.json`; here is what it may not do.

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

use alcove_api::Api;

/// The window's label, which `capabilities/main.json` names.
const LABEL: &str = "main";

/// Opens the window, on a job where one is named. It shows the bundled pages and never leaves them. The page has the
/// look that the person chose before it is painted, so that nothing flashes.
pub(crate) fn open(app: &AppHandle, job: Option<i64>) -> tauri::Result<()> {
    let look = app.state::<Api>().chosen_look();
    let windows = &app.config().app.windows;
    for config in windows.iter().filter(|config| config.label == LABEL) {
        let mut config = config.clone();
        if let Some(job) = job {
            config.url = WebviewUrl::App(format!("index.html{}", route(job)).into());
        }
        let mut window = WebviewWindowBuilder::from_config(app, &config)?
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

/// Brings the window to the front, as a second start of the program should, or opens it anew; on a job where one is
/// named.
pub(crate) fn show(app: &AppHandle, job: Option<i64>) {
    // A start that failed shows why instead.
    if app.try_state::<Api>().is_none() {
        return;
    }
    let shown = match app.get_webview_window(LABEL) {
        Some(window) => bring(&window, job),
        None => open(app, job),
    };
    if let Err(error) = shown {
        log::warn!("the window cannot be shown: {error}");
    }
}

fn bring(window: &WebviewWindow, job: Option<i64>) -> tauri::Result<()> {
    if let Some(job) = job {
        window.eval(format!("location.hash = '{}'", route(job)))?;
    }
    window.show()?;
    window.unminimize()?;
    window.set_focus()
}

/// Where the page shows a job; `ui/src/app/router.ts`.
fn route(job: i64) -> String {
    format!("#/jobs/{job}")
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
