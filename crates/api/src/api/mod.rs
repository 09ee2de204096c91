//! The operations. Each checks its arguments, asks the engine on a thread that may block, and turns
//! the answer into its type. A file for each noun; what all of them share is here.

mod access;
mod backup;
mod connection;
mod folders;
mod keys;
mod maintenance;
mod plans;
mod repositories;
mod system;

use std::time::Duration;

use alcove_engine::{Engine, Notice, World};
use alcove_store::{Folder, Store};

use crate::error::ApiError;
use crate::watch::Watch;

/// How long Borg may take to stop when Alcove is closed.
const SHUT_DOWN: Duration = Duration::from_secs(20);

/// The operations every door offers. Clones share one engine.
#[derive(Clone)]
pub struct Api {
    engine: Engine,
}

/// An argument within its bounds, or its default.
fn within(
    field: &str,
    value: Option<i64>,
    default: i64,
    least: i64,
    most: i64,
) -> Result<u64, ApiError> {
    let value = value.unwrap_or(default);
    if (least..=most).contains(&value) {
        return Ok(value.unsigned_abs());
    }
    let range = if most == i64::MAX {
        format!("{least} or more")
    } else {
        format!("{least} to {most}")
    };
    Err(ApiError::bad_argument(
        field,
        format!("{field} must be {range}, not {value}."),
    ))
}

impl Api {
    /// Opens the data folder and the engine. Blocks while the database is brought up to date.
    pub fn open(folder: Folder, world: World) -> Result<Self, ApiError> {
        let store = Store::open(folder).map_err(alcove_engine::Failure::from)?;
        Ok(Self {
            engine: Engine::open(store, world)?,
        })
    }

    /// Runs something that may block on a thread that may.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let engine = self.engine.clone();
        match tokio::task::spawn_blocking(move || work(&engine)).await {
            Ok(answer) => answer,
            Err(error) => {
                log::error!("an operation did not end: {error}");
                Err(alcove_engine::Failure::new(
                    crate::ErrorCode::StoreFailed,
                    "Alcove made a mistake and could not finish this.",
                )
                .hint("Try again; if it happens again, the log of Alcove says more.")
                .retryable()
                .into())
            }
        }
    }

    /// Hears of every change from now on, and of the present first.
    pub fn watch(&self) -> Watch {
        Watch::new(&self.engine)
    }

    /// Calls `tell` with what a person should know, from now on and on a thread of its own.
    pub fn watch_notices(&self, tell: impl Fn(Notice) + Send + 'static) {
        self.engine.watch_notices(tell);
    }

    /// Whether any job runs.
    pub fn has_active_jobs(&self) -> bool {
        self.engine.has_active_jobs()
    }

    /// Stops every job, waits for Borg to end, and closes the records. Nothing can be asked from then on, however
    /// many clones there are.
    pub async fn shutdown(&self) {
        let stopped = self
            .blocking(|engine| {
                engine.shut_down(SHUT_DOWN);
                engine.store().close();
                Ok(())
            })
            .await;
        if let Err(error) = stopped {
            log::error!("at the end: {error}");
        }
    }
}
