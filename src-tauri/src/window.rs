//! The one window. Its size and title are in `tauri.conf.json`; here is what it may not do, and what it shows before its
//! page does.

use tauri::async_runtime::JoinHandle;
use tauri::webview::{Color, NewWindowResponse};
use tauri::{AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

use alcove_api::Api;
use alcove_api::types::Change;

/// The window's label, which `capabilities/main.json` names.
const LABEL: &str = "main";

/// The ground of the page in either look: `--surface-base` in `ui/src/styles/tokens.css`.
const LIGHT_GROUND: Color = Color(0xf9, 0xfa, 0xfb, 0xff);
const DARK_GROUND: Color = Color(0x18, 0x1b, 0x1d, 0xff);

/// Opens the window, on a job where one is named. It shows the bundled pages and never leaves them. The page has the
/// look that the person chose before it is painted, and the window has its ground before the page is there, so that
/// nothing flashes.
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
            window = window
                .background_color(ground(look == "dark"))
                .initialization_script(format!(
                    "document.documentElement.dataset.theme = '{look}'"
                ));
        }
        let window = window.build()?;
        if look.is_none() {
            // What the system's look is can be known once there is a window.
            lay_ground(&window, None)?;
        }
    }
    Ok(())
}

/// Keeps the ground of an open window that of the look that is chosen: it is what shows where the page is not painted
/// yet, as while the window grows.
pub(crate) fn follow_look(app: &AppHandle, api: &Api) -> JoinHandle<()> {
    let mut changes = api.watch().calm();
    let (app, api) = (app.clone(), api.clone());
    let mut laid = api.chosen_look();
    tauri::async_runtime::spawn(async move {
        loop {
            while let Change::Job { .. } = changes.next().await {}
            let look = api.chosen_look();
            if look == laid {
                continue;
            }
            laid = look;
            let window = app.get_webview_window(LABEL);
            if let Some(Err(error)) = window.map(|window| lay_ground(&window, look)) {
                log::warn!("the window keeps its ground: {error}");
            }
        }
    })
}

fn lay_ground(window: &WebviewWindow, look: Option<&str>) -> tauri::Result<()> {
    let is_dark = look.map(|look| look == "dark");
    let own = window.clone();
    window.run_on_main_thread(move || {
        let ground = ground(is_dark.unwrap_or_else(|| is_system_dark(&own)));
        if let Err(error) = own.set_background_color(Some(ground)) {
            log::warn!("the window has no ground: {error}");
        }
    })
}

fn ground(is_dark: bool) -> Color {
    if is_dark { DARK_GROUND } else { LIGHT_GROUND }
}

/// Whether the page will find that the system is dark: `WebKitGTK` goes by GTK's settings, in which the portal's wish is by
/// now.
#[cfg(target_os = "linux")]
fn is_system_dark(_: &WebviewWindow) -> bool {
    use gtk::prelude::GtkSettingsExt as _;
    gtk::Settings::default().is_some_and(|settings| {
        let theme = std::env::var("GTK_THEME")
            .ok()
            .or_else(|| settings.gtk_theme_name().map(Into::into))
            .unwrap_or_default()
            .to_lowercase();
        settings.is_gtk_application_prefer_dark_theme()
            || theme.ends_with("-dark")
            || theme.ends_with(":dark")
    })
}

#[cfg(not(target_os = "linux"))]
fn is_system_dark(window: &WebviewWindow) -> bool {
    window
        .theme()
        .is_ok_and(|theme| theme == tauri::Theme::Dark)
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
    fn the_window_has_the_ground_of_its_page() {
        let tokens = include_str!("../../ui/src/styles/tokens.css");
        let grounds: Vec<&str> = tokens
            .lines()
            .filter_map(|line| line.trim().strip_prefix("--surface-base:"))
            .filter_map(|value| value.trim().split(';').next())
            .collect();
        let hex = |Color(red, green, blue, _)| format!("#{red:02x}{green:02x}{blue:02x}");
        let (light, dark) = (hex(LIGHT_GROUND), hex(DARK_GROUND));
        assert_eq!(grounds, [&light, &dark, &dark]);
    }

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
