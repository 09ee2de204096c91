//! What is set for all of Alcove.

use alcove_engine::{Engine, Failure, Theme};
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{ByteCount, present};
use crate::error::ApiError;
use crate::schema;

/// What is set for all of Alcove.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct Settings {
    /// How the window looks.
    #[ts(type = "\"system\" | \"light\" | \"dark\"")]
    #[schema(value_type = schema::Theme)]
    pub theme: Theme,
    /// Whether a person is told of a job that went well.
    pub notify_success: bool,
    /// Whether a person is told of a job that ended with warnings. Of one that failed they always are.
    pub notify_warnings: bool,
    /// When nobody is told of anything until it is over; null: never.
    pub quiet_hours: Option<QuietHours>,
    /// Whether Alcove goes on when its window is closed; as long as nobody has chosen, once a plan runs by itself.
    pub background: bool,
    /// Whether Alcove starts, without a window, when the person logs in; as long as nobody has chosen, once a plan runs
    /// by itself.
    pub start_at_login: bool,
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
    /// Whether a person is told of a job that went well.
    pub notify_success: Option<bool>,
    /// Whether a person is told of a job that ended with warnings.
    pub notify_warnings: Option<bool>,
    /// When nobody is told of anything until it is over; null: never.
    #[serde(default, deserialize_with = "present")]
    #[ts(optional, type = "QuietHours | null")]
    #[schema(value_type = Option<QuietHours>)]
    pub quiet_hours: Option<Option<QuietHours>>,
    /// Whether Alcove goes on when its window is closed.
    pub background: Option<bool>,
    /// Whether Alcove starts, without a window, when the person logs in.
    pub start_at_login: Option<bool>,
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

/// From one time of the day until another; over midnight where it begins later than it ends.
#[derive(Debug, Clone, Serialize, Deserialize, TS, ToSchema)]
pub struct QuietHours {
    /// When they begin, `22:00`.
    pub from: String,
    /// When they end.
    pub until: String,
}

impl From<alcove_engine::QuietHours> for QuietHours {
    fn from(hours: alcove_engine::QuietHours) -> Self {
        let written = |time: Time| time.strftime("%H:%M").to_string();
        Self {
            from: written(hours.from),
            until: written(hours.until),
        }
    }
}

impl TryFrom<QuietHours> for alcove_engine::QuietHours {
    type Error = ApiError;

    fn try_from(hours: QuietHours) -> Result<Self, ApiError> {
        let read = |text: &str| {
            Time::strptime("%H:%M", text).map_err(|_| {
                ApiError::bad_argument(
                    "quiet_hours",
                    format!("{text} is no time of the day, as 22:00 is."),
                )
            })
        };
        Ok(Self {
            from: read(&hours.from)?,
            until: read(&hours.until)?,
        })
    }
}

impl Settings {
    /// What is set now, and what holds where nothing was set.
    pub(crate) fn of(engine: &Engine) -> Result<Self, Failure> {
        let settings = engine.settings();
        Ok(Self {
            theme: settings.theme,
            notify_success: settings.notify_success,
            notify_warnings: settings.notify_warnings,
            quiet_hours: settings.quiet_hours.map(Into::into),
            background: engine.runs_in_background()?,
            start_at_login: engine.starts_at_login()?,
            lanes: settings.lanes,
            lock_wait_minutes: settings.lock_wait_minutes,
            borg_path: settings.borg.map(|path| path.display().to_string()),
            stay_awake: settings.stay_awake,
            low_priority: settings.low_priority,
            log_days: settings.log_days,
            log_bytes: ByteCount(settings.log_bytes),
        })
    }
}

impl ChangeSettings {
    /// What is set after the change.
    pub(crate) fn apply(
        self,
        now: alcove_engine::Settings,
    ) -> Result<alcove_engine::Settings, ApiError> {
        Ok(alcove_engine::Settings {
            theme: self.theme.unwrap_or(now.theme),
            notify_success: self.notify_success.unwrap_or(now.notify_success),
            notify_warnings: self.notify_warnings.unwrap_or(now.notify_warnings),
            quiet_hours: match self.quiet_hours {
                Some(hours) => hours.map(TryInto::try_into).transpose()?,
                None => now.quiet_hours,
            },
            background: self.background.or(now.background),
            start_at_login: self.start_at_login.or(now.start_at_login),
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
        })
    }
}
