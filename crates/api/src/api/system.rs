//! This program and this computer, and what is set for all of it.

use std::path::PathBuf;

use alcove_engine::{Notice, Theme};

use super::Api;
use crate::error::ApiError;
use crate::types::{BorgFound, ChangeSettings, Diagnostics, Nothing, Recovery, Settings, System};

impl Api {
    /// Returns what is set for all of Alcove.
    pub async fn get_settings(&self, _: Nothing) -> Result<Settings, ApiError> {
        self.blocking(|engine| Ok(Settings::of(engine)?)).await
    }

    /// Changes what is set for all of Alcove; what is left out stays.
    pub async fn change_settings(&self, args: ChangeSettings) -> Result<Settings, ApiError> {
        self.blocking(move |engine| {
            let settings = args.apply(engine.settings())?;
            engine.change_settings(settings)?;
            Ok(Settings::of(engine)?)
        })
        .await
    }

    /// Tells which Borg is used, where Alcove keeps its files, and what this computer offers.
    pub async fn get_system(&self, _: Nothing) -> Result<System, ApiError> {
        self.blocking(|engine| {
            let borg = match engine.borg() {
                Ok(borg) => BorgFound {
                    version: Some(borg.version.to_string()),
                    path: Some(borg.path.display().to_string()),
                    problem: None,
                    install_command: None,
                },
                Err(why) => BorgFound {
                    version: None,
                    path: None,
                    problem: Some(why.to_string()),
                    install_command: alcove_engine::install_command(),
                },
            };
            let store = engine.store();
            Ok(System {
                alcove_version: env!("CARGO_PKG_VERSION").to_owned(),
                borg,
                data_folder: store.folder().path().display().to_string(),
                home_folder: engine.world().home.display().to_string(),
                platform: std::env::consts::OS.to_owned(),
                keyring: engine.keyring_name(),
                recovery: store.recovery().map(|recovery| Recovery {
                    set_aside: recovery
                        .set_aside
                        .as_ref()
                        .map(|path| path.display().to_string()),
                    restored: recovery.restored.map(|from| from.to_string()),
                }),
                plans_held: store
                    .plans_are_held()
                    .map_err(alcove_engine::Failure::from)?,
            })
        })
        .await
    }

    /// Collects what helps to find a fault, without names, paths, hosts and secrets.
    pub async fn get_diagnostics(&self, _: Nothing) -> Result<Diagnostics, ApiError> {
        self.blocking(|engine| {
            let text = engine.diagnostics(None)?;
            Ok(Diagnostics { text })
        })
        .await
    }

    /// Writes the diagnostics to a file, with the end of the program's own log.
    pub async fn export_diagnostics(
        &self,
        own_log: Option<String>,
        to: PathBuf,
    ) -> Result<(), ApiError> {
        self.blocking(move |engine| Ok(engine.export_diagnostics(own_log.as_deref(), &to)?))
            .await
    }

    /// What was done about damaged records when this was opened, in sentences; `None` when they were whole.
    pub fn recovery(&self) -> Option<String> {
        self.engine.store().recovery().map(ToString::to_string)
    }

    /// Whether plans came back with restored records and nobody has looked at them.
    pub fn plans_are_held(&self) -> Result<bool, ApiError> {
        let held = self.engine.store().plans_are_held();
        Ok(held.map_err(alcove_engine::Failure::from)?)
    }

    /// Whether Alcove goes on when its window is closed; not where that cannot be read.
    pub async fn runs_in_background(&self) -> bool {
        let known = self.blocking(|engine| Ok(engine.runs_in_background()?));
        known.await.unwrap_or(false)
    }

    /// Whether Alcove starts, without a window, when the person logs in.
    pub async fn starts_at_login(&self) -> Result<bool, ApiError> {
        self.blocking(|engine| Ok(engine.starts_at_login()?)).await
    }

    /// What to say when the window is closed and Alcove goes on: said once.
    pub async fn background_notice(&self) -> Option<Notice> {
        let said = self.blocking(|engine| Ok(engine.background_notice()));
        said.await.unwrap_or(None)
    }

    /// The look the window was given, `light` or `dark`; `None`: as the desktop is.
    pub fn chosen_look(&self) -> Option<&'static str> {
        match self.engine.settings().theme {
            Theme::System => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        }
    }
}
