//! The record of a plan.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What to back up, where, and what to keep.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Given by the store.
    pub id: i64,
    /// The repository it writes to.
    pub repository: i64,
    /// The person's own name for it.
    pub name: String,
    /// Random, immutable, part of every archive name: what tells this plan's archives from others.
    pub tag: String,
    /// The name it was made with: part of every archive name, whatever the plan is called now.
    pub series: String,
    /// Absolute folders and files to back up.
    pub sources: Vec<String>,
    /// Borg patterns of what is left out.
    pub excludes: Vec<String>,
    /// Borg's name of the compression.
    pub compression: String,
    /// How Borg cuts files into chunks; `None`: its own way. Files cut otherwise are stored a second time.
    pub chunker_params: Option<String>,
    /// Whether Borg stays on the file systems of the folders.
    pub one_file_system: bool,
    /// Whether the log names every new and changed file.
    pub log_files: bool,
    /// Which archives prune keeps; all zero: prune never runs.
    pub keep: Keep,
    /// Whether compact follows.
    pub compact: bool,
    /// Whether check follows.
    pub check: bool,
    /// Whether `start` without a plan means this one.
    pub is_default: bool,
    /// Whether it may run.
    pub enabled: bool,
    /// When it runs by itself.
    pub schedule: Option<Schedule>,
    /// What else runs with its backups, in this order.
    pub hooks: Vec<Hook>,
    /// What must hold before it runs by itself.
    pub conditions: Conditions,
    /// Where a service is told how its backups go.
    pub ping_url: Option<PingUrl>,
    /// Why its archives are not pruned at present.
    pub hold: Option<Hold>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// When a plan runs by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// A cron line of five fields.
    pub cron: String,
    /// The IANA name of the time zone it is meant in.
    pub time_zone: String,
    /// Since when it is so.
    pub since: Timestamp,
}

/// A program of the person's own that runs with a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hook {
    /// When it runs.
    pub when: HookWhen,
    /// What is run.
    pub command: HookCommand,
    /// Seconds after which it is stopped.
    pub time_limit: u32,
}

/// When a hook runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HookWhen {
    /// Before Borg; when it fails, nothing is backed up.
    Before,
    /// After a backup without warnings.
    Success,
    /// After a backup with warnings.
    Warning,
    /// After a backup that failed.
    Failure,
    /// After each, whatever happened.
    Always,
}

/// What a hook runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum HookCommand {
    /// A line for the shell.
    Shell(String),
    /// A program and its arguments, which nothing reads but the program.
    Arguments(Vec<String>),
}

/// What must hold before a plan runs by itself. That its repository's drive or server is there is no choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Conditions {
    /// The computer runs on AC power.
    pub on_ac_power: bool,
    /// The network is not paid for by what is sent; of no effect where the repository is on this computer.
    pub not_metered: bool,
}

/// A web address at which a service is told how backups go. Who knows it can speak for the plan, so no log has it:
/// `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct PingUrl(String);

impl PingUrl {
    /// The address of this text, which has been checked.
    pub fn new(url: String) -> Self {
        Self(url)
    }

    /// The address itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PingUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PingUrl")
    }
}

/// Keeps a plan's archives from being pruned until a person has looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The backup that showed the collapse.
    pub job: i64,
    /// What it showed.
    pub collapse: Collapse,
}

/// What a backup shows when something has happened to the files rather than to the backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Collapse {
    /// Half of the files are gone, or more: how many there were and are.
    FilesGone {
        /// Files of the good backup before.
        before: u64,
        /// Files now.
        now: u64,
    },
    /// Nearly nothing of the backup before is still as it was: bytes of content.
    NearlyAllChanged {
        /// What the good backup before held.
        before: u64,
        /// What of this backup was stored already.
        unchanged: u64,
    },
}

/// Which archives prune keeps; 0 leaves a rule out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Keep {
    /// All of the last so many hours.
    pub within: u32,
    /// The newest.
    pub last: u32,
    /// The newest of each hour.
    pub hourly: u32,
    /// The newest of each day.
    pub daily: u32,
    /// The newest of each week.
    pub weekly: u32,
    /// The newest of each month.
    pub monthly: u32,
    /// The newest of each year.
    pub yearly: u32,
}

impl Keep {
    /// Whether any archive is kept by rule, and prune may run at all.
    pub const fn prunes(self) -> bool {
        self.within > 0 || self.keeps_the_newest()
    }

    /// Whether the newest archive is kept however old it is: by every rule but the one of age.
    pub const fn keeps_the_newest(self) -> bool {
        let Self {
            within: _,
            last,
            hourly,
            daily,
            weekly,
            monthly,
            yearly,
        } = self;
        last | hourly | daily | weekly | monthly | yearly > 0
    }
}
