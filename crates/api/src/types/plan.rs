//! Plans and their last results.

use alcove_engine::{PauseLength, Unmet, Waiting};
use alcove_store as store;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{Hook, Job, Repository, present};
use crate::schema;

/// What to back up, where, and what to keep.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct Plan {
    /// The plan's number.
    pub id: i64,
    /// The person's own name for it.
    pub name: String,
    /// Where it writes to.
    pub repository: Repository,
    /// Absolute folders and files.
    pub sources: Vec<String>,
    /// Borg patterns of what is left out.
    pub excludes: Vec<String>,
    /// Borg's name of the compression.
    pub compression: String,
    /// Whether the log names every new and changed file.
    pub log_files: bool,
    /// Which archives prune keeps; all zero: prune never runs.
    pub keep: Keep,
    /// Whether compact follows.
    pub compact: bool,
    /// Whether check follows: every piece of the repository is read and compared with its checksum.
    pub check: bool,
    /// The beginning of the name of every archive this computer makes for it.
    pub archive_prefix: String,
    /// Whether `start_backup` without a plan means this one.
    pub is_default: bool,
    /// Whether it may run.
    pub enabled: bool,
    /// When it runs by itself; null: when it is asked to.
    pub schedule: Option<Schedule>,
    /// What else runs with its backups, in this order.
    pub hooks: Vec<Hook>,
    /// What must hold before it runs by itself.
    pub conditions: Conditions,
    /// A web address at which a service is told how its backups go; null: nobody is told. Who knows it can speak for
    /// the plan.
    pub ping_url: Option<String>,
    /// What it waits for, now that it is due; null: it is not due, or does not wait.
    pub waiting_for: Option<PlanWaiting>,
    /// What the drive of its repository is called, now that it can be unplugged; null at other times.
    pub unplug: Option<String>,
    /// Why its archives are not pruned at present.
    pub hold: Option<PlanHold>,
    /// When it was made, ISO 8601 UTC.
    pub created_at: String,
    /// Its newest job.
    pub last_job: Option<Job>,
    /// Its newest job whose archive is safe.
    pub last_good: Option<Job>,
    /// Until when that job counts, ISO 8601 UTC: the second time of its schedule after it. Overdue from then on; null
    /// without such a job, and for a plan that does not run by itself.
    pub protected_until: Option<String>,
}

/// What must hold before a plan runs by itself. One that a person starts waits for none of it. That its repository's
/// drive is plugged in, or its server reachable, is no choice: no plan runs by itself before.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, TS, ToSchema)]
#[serde(default)]
pub struct Conditions {
    /// The computer runs on AC power.
    pub on_ac_power: bool,
    /// The network is not paid for by what is sent, by all the system can tell; of no effect where the repository is
    /// on this computer.
    pub not_metered: bool,
}

impl From<store::Conditions> for Conditions {
    fn from(conditions: store::Conditions) -> Self {
        let store::Conditions {
            on_ac_power,
            not_metered,
        } = conditions;
        Self {
            on_ac_power,
            not_metered,
        }
    }
}

impl From<Conditions> for store::Conditions {
    fn from(conditions: Conditions) -> Self {
        let Conditions {
            on_ac_power,
            not_metered,
        } = conditions;
        Self {
            on_ac_power,
            not_metered,
        }
    }
}

/// A plan is due and waits. It starts by itself as soon as it need not any more.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct PlanWaiting {
    /// What for.
    pub condition: Condition,
    /// The same in plain words.
    pub message: String,
    /// Since when it is due, ISO 8601 UTC: the first time that was missed.
    pub since: String,
}

/// What a plan can wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Its repository's drive.
    Drive,
    /// Its repository's server.
    Server,
    /// An answer from where its repository is: what was asked there came to no end.
    Answer,
    /// Mains power.
    Power,
    /// A network that is not metered.
    Network,
}

impl From<Waiting> for PlanWaiting {
    fn from(waiting: Waiting) -> Self {
        Self {
            condition: match waiting.unmet {
                Unmet::Drive => Condition::Drive,
                Unmet::Server => Condition::Server,
                Unmet::Answer => Condition::Answer,
                Unmet::Power => Condition::Power,
                Unmet::Network => Condition::Network,
            },
            message: waiting.sentence,
            since: waiting.since.to_string(),
        }
    }
}

/// A backup showed that something happened to a plan's files, so no archive is pruned until a person has looked.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct PlanHold {
    /// The backup that showed it.
    pub job_id: i64,
    /// What it showed.
    pub collapse: Collapse,
    /// What happened and what to do, in plain words.
    pub message: String,
}

/// What a backup can show of files.
#[derive(Debug, Clone, Copy, Serialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Collapse {
    /// Half of them are gone, or more.
    FilesGone,
    /// Nearly nothing is as it was in the backup before.
    NearlyAllChanged,
}

impl From<store::Collapse> for Collapse {
    fn from(collapse: store::Collapse) -> Self {
        match collapse {
            store::Collapse::FilesGone { .. } => Self::FilesGone,
            store::Collapse::NearlyAllChanged { .. } => Self::NearlyAllChanged,
        }
    }
}

/// Which plans are right as they are.
#[derive(Debug, Clone, Copy, Default, Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct ReleasePlans {
    /// The plan whose files are as they should be; left out: all plans that came back with restored records.
    pub plan: Option<i64>,
}

/// Which archives prune keeps; 0 leaves a rule out.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, TS, ToSchema)]
#[serde(default)]
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

impl From<store::Keep> for Keep {
    fn from(keep: store::Keep) -> Self {
        let store::Keep {
            within,
            last,
            hourly,
            daily,
            weekly,
            monthly,
            yearly,
        } = keep;
        Self {
            within,
            last,
            hourly,
            daily,
            weekly,
            monthly,
            yearly,
        }
    }
}

impl From<Keep> for store::Keep {
    fn from(keep: Keep) -> Self {
        let Keep {
            within,
            last,
            hourly,
            daily,
            weekly,
            monthly,
            yearly,
        } = keep;
        Self {
            within,
            last,
            hourly,
            daily,
            weekly,
            monthly,
            yearly,
        }
    }
}

/// The answer to `list_plans`.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct Plans {
    /// In the order they were made.
    pub plans: Vec<Plan>,
    /// Until when none of them starts by itself, ISO 8601 UTC; null: they do.
    pub paused_until: Option<String>,
}

/// For how long no plan is to start by itself.
#[derive(Debug, Clone, Copy, Deserialize, TS, ToSchema)]
pub struct PauseSchedules {
    /// `hour`, or `until_tomorrow`: until six in the morning.
    #[ts(type = "\"hour\" | \"until_tomorrow\"")]
    #[schema(value_type = schema::PauseLength)]
    pub length: PauseLength,
}

/// The answer to `pause_schedules`.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct SchedulesPaused {
    /// ISO 8601 UTC.
    pub paused_until: String,
}

/// A plan to make.
#[derive(Debug, Clone, Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct CreatePlan {
    /// The repository's number.
    pub repository: i64,
    /// The person's own name for it.
    pub name: String,
    /// Absolute folders and files.
    pub source_directories: Vec<String>,
    /// Borg patterns of what is left out; left out: what programs and people can make again.
    pub exclude_patterns: Option<Vec<String>>,
    /// Borg's name of the compression; `zstd,3` when left out.
    pub compression: Option<String>,
    /// Whether the log names every new and changed file; false when left out.
    pub log_files: Option<bool>,
    /// Which archives prune keeps; left out: all of them.
    pub keep: Option<Keep>,
    /// Whether compact gives back the space after each prune; false when left out.
    pub compact: Option<bool>,
    /// Whether check follows each backup; false when left out.
    pub check: Option<bool>,
    /// Whether `start_backup` without a plan means this one; true for the first plan of a repository when left out.
    pub is_default: Option<bool>,
    /// When it runs by itself; left out: when it is asked to.
    pub schedule: Option<NewSchedule>,
    /// What else runs with its backups, in this order; nothing when left out.
    pub hooks: Option<Vec<Hook>>,
    /// What must hold before it runs by itself; left out: nothing.
    pub conditions: Option<Conditions>,
    /// A web address at which a service is told how its backups go, with `https://` or `http://`; left out: nobody is
    /// told.
    pub ping_url: Option<String>,
}

/// When a plan runs by itself.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct Schedule {
    /// A cron line of five fields: minute, hour, day of the month (`L` is the last), month, day of the week.
    pub cron: String,
    /// The IANA name of the time zone it is meant in.
    pub time_zone: String,
    /// The line in English words.
    pub words: String,
    /// The next three times, ISO 8601 UTC.
    pub next_runs: Vec<String>,
}

/// When a plan is to run by itself.
#[derive(Debug, Clone, Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct NewSchedule {
    /// A cron line of five fields.
    pub cron: String,
    /// The IANA name of a time zone; left out: the one of this computer.
    pub time_zone: Option<String>,
}

impl From<NewSchedule> for alcove_engine::NewSchedule {
    fn from(new: NewSchedule) -> Self {
        Self {
            cron: new.cron,
            time_zone: new.time_zone,
        }
    }
}

/// What is to be different in a plan. A job that runs goes on as it was begun.
#[derive(Debug, Clone, Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct ChangePlan {
    /// The plan's number.
    pub plan: i64,
    /// The person's own name for it; the names of its archives stay.
    pub name: Option<String>,
    /// Absolute folders and files.
    pub source_directories: Option<Vec<String>>,
    /// Borg patterns of what is left out.
    pub exclude_patterns: Option<Vec<String>>,
    /// Borg's name of the compression.
    pub compression: Option<String>,
    /// Whether the log names every new and changed file.
    pub log_files: Option<bool>,
    /// Which archives prune keeps; all zero: prune never runs.
    pub keep: Option<Keep>,
    /// Whether compact gives back the space after each prune.
    pub compact: Option<bool>,
    /// Whether check follows each backup.
    pub check: Option<bool>,
    /// Whether `start_backup` without a plan means this one.
    pub is_default: Option<bool>,
    /// Whether it may run.
    pub enabled: Option<bool>,
    /// When it runs by itself; null: when it is asked to.
    #[serde(default, deserialize_with = "present")]
    #[ts(optional, type = "NewSchedule | null")]
    #[schema(value_type = Option<NewSchedule>)]
    pub schedule: Option<Option<NewSchedule>>,
    /// What else runs with its backups, in this order.
    pub hooks: Option<Vec<Hook>>,
    /// What must hold before it runs by itself.
    pub conditions: Option<Conditions>,
    /// A web address at which a service is told how its backups go, with `https://` or `http://`; null: nobody is told.
    #[serde(default, deserialize_with = "present")]
    #[ts(optional, type = "string | null")]
    #[schema(value_type = Option<String>)]
    pub ping_url: Option<Option<String>>,
}

/// The answer to `create_plan` and `change_plan`.
#[derive(Debug, Clone, Copy, Serialize, TS, ToSchema)]
pub struct PlanSaved {
    /// The plan's number.
    pub plan: i64,
}

/// A plan to remove.
#[derive(Debug, Clone, Copy, Deserialize, TS, ToSchema)]
pub struct RemovePlan {
    /// The plan's number.
    pub plan: i64,
}
