//! What a person set for all of Alcove, and the defaults of what they did not.
//!
//! Kept as one JSON text in the store's settings. What belongs to one plan or one repository stands there.

use std::path::PathBuf;
use std::time::Duration;

use alcove_store::{LogKeeping, Store};
use serde::{Deserialize, Serialize};

use crate::changes::Change;
use crate::engine::{Engine, Inner};
use crate::error::{ErrorCode, Failure};
use crate::notice::QuietHours;

/// The name of the record in the store.
const KEY: &str = "settings";
/// More lanes than this would only make each slower.
const MOST_LANES: u32 = 16;
/// Whoever waits for longer than a day waits for nobody.
const MOST_MINUTES: u32 = 24 * 60;

/// What a person set for all of Alcove.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// How the window looks.
    pub theme: Theme,
    /// Whether a person is told of a job that went well.
    #[serde(alias = "notifications")]
    pub notify_success: bool,
    /// Whether a person is told of a job that ended with warnings.
    pub notify_warnings: bool,
    /// When nobody is told of anything until it is over; `None`: never.
    pub quiet_hours: Option<QuietHours>,
    /// Whether Alcove goes on when its window is closed; `None`: once a plan runs by itself.
    pub background: Option<bool>,
    /// Whether Alcove starts, without a window, when the person logs in; `None`: once a plan runs by itself.
    pub start_at_login: Option<bool>,
    /// How many repositories are worked on at the same time, 1 to 16.
    pub lanes: u32,
    /// How many minutes a job waits for another program that holds its repository, 0 to 1440.
    pub lock_wait_minutes: u32,
    /// The Borg to use; `None`: the first usable one on the search path.
    pub borg: Option<PathBuf>,
    /// Whether the computer is kept from falling asleep by itself while a job runs.
    pub stay_awake: bool,
    /// Whether the Borg of a job lets other programs have processor and disk first.
    pub low_priority: bool,
    /// How many days the logs of jobs that went well are kept; 0: for ever.
    pub log_days: u32,
    /// How many bytes all logs together may take; 0: as much as there is. Those of failed jobs go last.
    pub log_bytes: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            notify_success: true,
            notify_warnings: true,
            quiet_hours: None,
            background: None,
            start_at_login: None,
            lanes: 2,
            lock_wait_minutes: 10,
            borg: None,
            stay_awake: true,
            low_priority: true,
            log_days: 365,
            log_bytes: 2_000_000_000,
        }
    }
}

/// How the window looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the desktop is.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Settings {
    /// Reads what was saved; a record that cannot be read is as none.
    pub(crate) fn load(store: &Store) -> Result<Self, Failure> {
        let Some(text) = store.setting(KEY)? else {
            return Ok(Self::default());
        };
        Ok(serde_json::from_str(&text).unwrap_or_else(|error| {
            log::warn!("the settings could not be read and are the defaults: {error}");
            Self::default()
        }))
    }

    pub(crate) fn log_keeping(&self) -> LogKeeping {
        LogKeeping {
            days: self.log_days,
            bytes: self.log_bytes,
        }
    }

    fn check(&self) -> Result<(), Failure> {
        if !(1..=MOST_LANES).contains(&self.lanes) {
            return Err(Failure::bad_argument(
                "lanes",
                format!("lanes must be 1 to {MOST_LANES}, not {}.", self.lanes),
            ));
        }
        if self.lock_wait_minutes > MOST_MINUTES {
            return Err(Failure::bad_argument(
                "lock_wait_minutes",
                format!(
                    "lock_wait_minutes must be 0 to {MOST_MINUTES}, not {}.",
                    self.lock_wait_minutes
                ),
            ));
        }
        if self
            .quiet_hours
            .is_some_and(|hours| hours.from == hours.until)
        {
            return Err(Failure::bad_argument(
                "quiet_hours",
                "Quiet hours must end at another time than they begin.",
            ));
        }
        match &self.borg {
            Some(path) if !path.is_absolute() => Err(Failure::bad_argument(
                "borg_path",
                format!("{} is not a full path.", path.display()),
            )),
            _ => Ok(()),
        }
    }
}

impl Inner {
    /// How long a job waits for another program that holds its repository.
    pub(crate) fn lock_wait(&self) -> Duration {
        let set = || Duration::from_mins(self.settings().lock_wait_minutes.into());
        self.world.lock_wait.unwrap_or_else(set)
    }
}

impl Engine {
    /// Whether Alcove goes on when its window is closed.
    pub fn runs_in_background(&self) -> Result<bool, Failure> {
        let set = self.settings().background;
        set.map_or_else(|| self.has_schedules(), Ok)
    }

    /// Whether Alcove starts, without a window, when the person logs in.
    pub fn starts_at_login(&self) -> Result<bool, Failure> {
        let set = self.settings().start_at_login;
        set.map_or_else(|| self.has_schedules(), Ok)
    }

    /// Whether a plan runs by itself.
    fn has_schedules(&self) -> Result<bool, Failure> {
        let plans = self.store().plans()?;
        let mut plans = plans.iter();
        Ok(plans.any(|plan| plan.enabled && plan.schedule.is_some()))
    }

    /// Returns what is set now.
    pub fn settings(&self) -> Settings {
        self.inner().settings().clone()
    }

    /// Sets all of it. More lanes take effect at once, fewer as jobs end.
    pub fn change_settings(&self, settings: Settings) -> Result<(), Failure> {
        settings.check()?;
        let text = serde_json::to_string(&settings).map_err(|error| {
            Failure::new(
                ErrorCode::StoreFailed,
                format!("The settings could not be written: {error}."),
            )
        })?;
        self.store().set_setting(KEY, Some(&text))?;
        *self.inner().settings() = settings;
        self.inner().tell(&Change::Settings);
        self.inner().trim_logs();
        self.pump();
        Ok(())
    }
}
