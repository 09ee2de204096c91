//! What is set for all of Alcove.

use alcove_engine::Theme;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::ByteCount;
use crate::schema;

/// What is set for all of Alcove.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct Settings {
    /// How the window looks.
    #[ts(type = "\"system\" | \"light\" | \"dark\"")]
    #[schema(value_type = schema::Theme)]
    pub theme: Theme,
    /// Whether the system tells when a job ends.
    pub notifications: bool,
    /// How many repositories are worked on at the same time, 1 to 16.
    pub lanes: u32,
    /// How many minutes a job waits for another program that holds its repository, 0 to 1440.
    pub lock_wait_minutes: u32,
    /// The Borg to use; null: the first usable one on the search path.
    pub borg_path: Option<String>,
    /// Whether the computer is kept from falling asleep by itself while a job runs.
    pub stay_awake: bool,
    /// Whether the Borg of a job lets other programs have processor and disk first.
    pub low_priority: bool,
    /// How many days the logs of jobs that went well are kept; 0: for ever.
    pub log_days: u32,
    /// How many bytes all logs together may take; 0: as much as there is. Those of failed jobs go last.
    pub log_bytes: ByteCount,
}

/// What is to be different; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct ChangeSettings {
    /// How the window looks.
    #[ts(optional, type = "\"system\" | \"light\" | \"dark\"")]
    #[schema(value_type = Option<schema::Theme>)]
    pub theme: Option<Theme>,
    /// Whether the system tells when a job ends.
    pub notifications: Option<bool>,
    /// How many repositories are worked on at the same time, 1 to 16.
    pub lanes: Option<u32>,
    /// How many minutes a job waits for another program that holds its repository, 0 to 1440.
    pub lock_wait_minutes: Option<u32>,
    /// A full path; empty: the first usable Borg on the search path.
    pub borg_path: Option<String>,
    /// Whether the computer is kept from falling asleep by itself while a job runs; for jobs that begin later.
    pub stay_awake: Option<bool>,
    /// Whether the Borg of a job lets other programs have processor and disk first; for one that begins later.
    pub low_priority: Option<bool>,
    /// How many days the logs of jobs that went well are kept; 0: for ever.
    pub log_days: Option<u32>,
    /// How many bytes all logs together may take; 0: as much as there is.
    pub log_bytes: Option<ByteCount>,
}

impl From<alcove_engine::Settings> for Settings {
    fn from(settings: alcove_engine::Settings) -> Self {
        Self {
            theme: settings.theme,
            notifications: settings.notifications,
            lanes: settings.lanes,
            lock_wait_minutes: settings.lock_wait_minutes,
            borg_path: settings.borg.map(|path| path.display().to_string()),
            stay_awake: settings.stay_awake,
            low_priority: settings.low_priority,
            log_days: settings.log_days,
            log_bytes: ByteCount(settings.log_bytes),
        }
    }
}

impl ChangeSettings {
    /// What is set after the change.
    pub(crate) fn apply(self, now: alcove_engine::Settings) -> alcove_engine::Settings {
        alcove_engine::Settings {
            theme: self.theme.unwrap_or(now.theme),
            notifications: self.notifications.unwrap_or(now.notifications),
            lanes: self.lanes.unwrap_or(now.lanes),
            lock_wait_minutes: self.lock_wait_minutes.unwrap_or(now.lock_wait_minutes),
            borg: match self.borg_path {
                Some(path) if path.is_empty() => None,
                Some(path) => Some(path.into()),
                None => now.borg,
            },
            stay_awake: self.stay_awake.unwrap_or(now.stay_awake),
            low_priority: self.low_priority.unwrap_or(now.low_priority),
            log_days: self.log_days.unwrap_or(now.log_days),
            log_bytes: self.log_bytes.map_or(now.log_bytes, |bytes| bytes.0),
        }
    }
}
