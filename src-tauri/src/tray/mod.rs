//! The icon in the panel of the desktop, with what goes on and the few things to do about it.
//!
//! It is a `StatusNotifierItem` on the session bus, as desktops of Linux have it. One without a place for such items
//! shows nothing, and the item appears when a place does; so nothing is in the tray alone, and starting Alcove again
//! opens the window. [`shown`] says what is shown; it is told to the desktop when it changes, never animated.

mod icons;
mod shown;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use alcove_api::types::{Change, Job, Nothing, PauseSchedules, StartBackup};
use alcove_api::{Api, ApiError, PauseLength};
use jiff::Zoned;
use ksni::menu::{StandardItem, SubMenu};
use ksni::{Category, Handle, MenuItem, ToolTip, TrayMethods as _};
use tauri::AppHandle;
use tauri::async_runtime::JoinHandle;

use crate::{leave, window};
use shown::{Choice, Shown};

/// What is shown follows what goes on at this pace.
const PACE: Duration = Duration::from_secs(1);
/// How often is looked again where nothing goes on: a pause ends, and a plan becomes overdue.
const LOOK: Duration = Duration::from_mins(5);

/// Shows the item for as long as the program runs.
pub(crate) fn start(app: &AppHandle, api: &Api) -> JoinHandle<()> {
    let tray = Tray {
        app: app.clone(),
        api: api.clone(),
        icons: icons::folder(app),
        shown: Shown::default(),
    };
    let api = api.clone();
    tauri::async_runtime::spawn(async move {
        // A desktop may have its place for items later, or never.
        match tray.assume_sni_available(true).spawn().await {
            Ok(handle) => follow(&api, &handle).await,
            Err(error) => log::info!("there is no tray: {error}"),
        }
    })
}

/// Shows what is, from now on.
async fn follow(api: &Api, handle: &Handle<Tray>) {
    let mut changes = api.watch().calm();
    let mut open: BTreeMap<i64, Job> = BTreeMap::new();
    let mut before = Shown::default();
    let mut plans = None;
    loop {
        // Not for the progress of a job, which changes no plan.
        if plans.is_none() {
            plans = api.list_plans(Nothing {}).await.ok();
        }
        if let Some(plans) = &plans {
            let now = Shown::of(plans, &open, &Zoned::now());
            if now != before {
                before = now.clone();
                if handle.update(|tray| tray.shown = now).await.is_none() {
                    return;
                }
            }
        }
        // Either is a reason to look again.
        let mut heard = tokio::time::timeout(LOOK, changes.next()).await.ok();
        let rest = tokio::time::sleep(PACE);
        tokio::pin!(rest);
        if heard.is_none() {
            plans = None;
        }
        while let Some(change) = heard {
            match change {
                Change::Job { job } => {
                    if !job.active {
                        plans = None;
                    }
                    match job.ended_at {
                        Some(_) => open.remove(&job.id),
                        None => open.insert(job.id, job),
                    };
                }
                _ => plans = None,
            }
            heard = tokio::select! {
                change = changes.next() => Some(change),
                () = &mut rest => None,
            };
        }
    }
}

/// The item: what it shows, and whom it asks.
struct Tray {
    app: AppHandle,
    api: Api,
    /// Where its pictures are; `None` where they could not be written.
    icons: Option<PathBuf>,
    shown: Shown,
}

impl Tray {
    fn back_up(&self, choice: &Choice) {
        let (api, repository, plan) = (self.api.clone(), choice.repository.clone(), choice.plan);
        ask(async move {
            let start = StartBackup {
                repository,
                plan: Some(plan),
                retry_of: None,
            };
            api.start_backup(start).await
        });
    }

    fn pause(&self, length: PauseLength) {
        let api = self.api.clone();
        ask(async move { api.pause_schedules(PauseSchedules { length }).await });
    }

    fn resume(&self) {
        let api = self.api.clone();
        ask(async move { api.resume_schedules(Nothing {}).await });
    }

    fn open(&self) {
        window::show(&self.app, None);
    }

    fn quit(&self) {
        let app = self.app.clone();
        tauri::async_runtime::spawn(async move { leave::quit(&app, true).await });
    }

    /// "Back up now", of the one plan or of each of several.
    fn backups(&self) -> Option<MenuItem<Self>> {
        match self.shown.choices.as_slice() {
            [] => None,
            [only] => Some(backup("Back up now", only)),
            several => Some(
                SubMenu {
                    label: "Back up now".to_owned(),
                    submenu: several
                        .iter()
                        .map(|choice| backup(&choice.name, choice))
                        .collect(),
                    ..SubMenu::default()
                }
                .into(),
            ),
        }
    }

    fn pauses(&self) -> Option<MenuItem<Self>> {
        if self.shown.paused {
            return Some(item("Resume", Self::resume));
        }
        self.shown.has_schedules.then(|| {
            SubMenu {
                label: "Pause".to_owned(),
                submenu: vec![
                    item("For an hour", |tray: &Self| tray.pause(PauseLength::Hour)),
                    item("Until tomorrow", |tray: &Self| {
                        tray.pause(PauseLength::UntilTomorrow);
                    }),
                ],
                ..SubMenu::default()
            }
            .into()
        })
    }
}

/// Does something that nobody waits for.
fn ask<T: Send + 'static>(what: impl Future<Output = Result<T, ApiError>> + Send + 'static) {
    tauri::async_runtime::spawn(async move {
        if let Err(error) = what.await {
            log::warn!("asked for in the tray: {error}");
        }
    });
}

/// A line of the menu that does something.
fn item(label: &str, what: impl Fn(&Tray) + Send + 'static) -> MenuItem<Tray> {
    StandardItem {
        label: written(label),
        activate: Box::new(move |tray: &mut Tray| what(tray)),
        ..StandardItem::default()
    }
    .into()
}

/// A line of the menu that says something.
fn line(text: &str) -> MenuItem<Tray> {
    StandardItem {
        label: written(text),
        enabled: false,
        ..StandardItem::default()
    }
    .into()
}

fn backup(label: &str, choice: &Choice) -> MenuItem<Tray> {
    let what = choice.clone();
    StandardItem {
        label: written(label),
        enabled: choice.free,
        activate: Box::new(move |tray: &mut Tray| tray.back_up(&what)),
        ..StandardItem::default()
    }
    .into()
}

/// A label as menus of the bus have it, where one underscore is the mark of a key.
fn written(text: &str) -> String {
    text.replace('_', "__")
}

impl ksni::Tray for Tray {
    fn id(&self) -> String {
        "alcove".to_owned()
    }

    fn title(&self) -> String {
        "Alcove".to_owned()
    }

    fn category(&self) -> Category {
        Category::ApplicationStatus
    }

    fn icon_theme_path(&self) -> String {
        let folder = self.icons.as_ref();
        folder.map_or_else(String::new, |folder| folder.display().to_string())
    }

    fn icon_name(&self) -> String {
        match &self.icons {
            Some(_) => icons::name(self.shown.sign).to_owned(),
            // The one of the package.
            None => "alcove".to_owned(),
        }
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip {
            title: self.shown.line.clone(),
            description: self.shown.next.clone().unwrap_or_default(),
            ..ToolTip::default()
        }
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        self.open();
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let mut menu = vec![line(&self.shown.line)];
        menu.extend(self.shown.next.as_deref().map(line));
        menu.push(MenuItem::Separator);
        menu.push(item("Open Alcove", Self::open));
        menu.extend(self.backups());
        menu.extend(self.pauses());
        menu.push(MenuItem::Separator);
        menu.push(item("Quit", Self::quit));
        menu
    }
}
