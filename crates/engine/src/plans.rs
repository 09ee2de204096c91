//! Plans: made, changed, removed; and what their archives are called.

use std::path::PathBuf;
use std::time::Duration;

use alcove_borg::{
    Command, Create, FileList, InvalidCommand, LOCK_WAIT_JOB, PatternOption, Prune, Selection,
};
use alcove_store::{Conditions, Hook, Keep, Plan, Schedule};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::changes::Change;
use crate::due::Rhythm;
use crate::engine::Engine;
use crate::error::{ErrorCode, Failure};
use crate::job::{hooks, ping};
use crate::repositories::check_name;
use crate::retention;
use crate::world::World;

/// Compression of a plan that says nothing else: small, and faster than most disks.
pub(crate) const COMPRESSION: &str = "zstd,3";

/// What a default plan leaves out: what programs and people can make again.
pub const LEFT_OUT: &[&str] = &[
    "sh:**/.cache",
    "sh:**/.local/share/Trash",
    "sh:**/.Trash-*",
    "sh:**/node_modules",
    "sh:**/__pycache__",
    "sh:**/lost+found",
];

/// Borg saves what it has at least this often, so that a broken backup loses little.
const CHECKPOINT_INTERVAL: Duration = Duration::from_mins(10);

/// A plan to make.
#[derive(Debug, Clone)]
pub struct NewPlan {
    /// The repository it writes to.
    pub repository: i64,
    /// The person's own name for it.
    pub name: String,
    /// All else; what is left out has the default of a new plan.
    pub rest: PlanChange,
}

/// What is to be different in a plan; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct PlanChange {
    /// The person's own name for it; its archives keep theirs.
    pub name: Option<String>,
    /// Absolute folders and files.
    pub sources: Option<Vec<String>>,
    /// Borg patterns of what is left out.
    pub excludes: Option<Vec<String>>,
    /// Borg's name of the compression.
    pub compression: Option<String>,
    /// Whether the log names every new and changed file.
    pub log_files: Option<bool>,
    /// Which archives prune keeps.
    pub keep: Option<Keep>,
    /// Whether compact follows a prune.
    pub compact: Option<bool>,
    /// Whether check follows.
    pub check: Option<bool>,
    /// Whether `start` without a plan means this one.
    pub is_default: Option<bool>,
    /// Whether it may run.
    pub enabled: Option<bool>,
    /// When it runs by itself; `Some(None)`: when it is asked to.
    pub schedule: Option<Option<NewSchedule>>,
    /// What else runs with its backups.
    pub hooks: Option<Vec<Hook>>,
    /// What must hold before it runs by itself.
    pub conditions: Option<Conditions>,
    /// A web address at which a service is told how its backups go; `Some(None)`: nobody is told.
    pub ping_url: Option<Option<String>>,
}

/// When a plan is to run by itself.
#[derive(Debug, Clone)]
pub struct NewSchedule {
    /// A cron line of five fields.
    pub cron: String,
    /// The IANA name of a time zone; `None`: the one of this computer.
    pub time_zone: Option<String>,
}

impl PlanChange {
    fn apply(self, plan: Plan, world: &World) -> Result<Plan, Failure> {
        let mut schedule = match self.schedule {
            None => plan.schedule,
            Some(None) => None,
            Some(Some(new)) => Some(schedule(new, plan.schedule, world)?),
        };
        let enabled = self.enabled.unwrap_or(plan.enabled);
        if let Some(schedule) = schedule.as_mut().filter(|_| enabled && !plan.enabled) {
            // What came while it was switched off is not missed.
            schedule.since = world.clock.now();
        }
        let keep = self.keep.unwrap_or(plan.keep);
        let changed = Plan {
            name: match self.name {
                Some(name) => check_name("name", &name)?,
                None => plan.name,
            },
            sources: self.sources.unwrap_or(plan.sources),
            excludes: self.excludes.unwrap_or(plan.excludes),
            compression: self.compression.unwrap_or(plan.compression),
            log_files: self.log_files.unwrap_or(plan.log_files),
            keep,
            compact: self.compact.unwrap_or(plan.compact) && keep.prunes(),
            check: self.check.unwrap_or(plan.check),
            is_default: self.is_default.unwrap_or(plan.is_default),
            enabled,
            schedule,
            hooks: self.hooks.unwrap_or(plan.hooks),
            conditions: self.conditions.unwrap_or(plan.conditions),
            ping_url: match self.ping_url {
                Some(url) => url.map(|url| ping::check(&url)).transpose()?,
                None => plan.ping_url,
            },
            ..plan
        };
        check_plan(&changed)?;
        Ok(changed)
    }
}

/// The schedule that is wished for. One that is as it was has been so since then.
fn schedule(new: NewSchedule, old: Option<Schedule>, world: &World) -> Result<Schedule, Failure> {
    let wished = Schedule {
        cron: new.cron.split_whitespace().collect::<Vec<_>>().join(" "),
        time_zone: match new.time_zone {
            Some(zone) => zone,
            None => match world.zone.iana_name() {
                Some(zone) => zone.to_owned(),
                None => {
                    return Err(Failure::bad_argument(
                        "time_zone",
                        "The time zone of this computer has no name.",
                    )
                    .hint("Choose one in the settings of the system."));
                }
            },
        },
        since: world.clock.now(),
    };
    Rhythm::check(&wished)?;
    Ok(old
        .filter(|old| old.cron == wished.cron && old.time_zone == wished.time_zone)
        .unwrap_or(wished))
}

/// Refuses what Borg would not take, by the name of its field.
pub(crate) fn check_plan(plan: &Plan) -> Result<(), Failure> {
    check_sources("source_directories", &plan.sources)?;
    check_excludes("exclude_patterns", &plan.excludes)?;
    hooks::check(&plan.hooks)?;
    retention::check(plan.keep)?;
    let create = create(
        plan,
        "/repository".to_owned(),
        "archive".to_owned(),
        LOCK_WAIT_JOB,
    );
    match Command::Create(create).check() {
        Err(why @ InvalidCommand::Compression(_)) => {
            Err(Failure::bad_argument("compression", why.to_string()))
        }
        Err(why) => Err(Failure::bad_argument("source_directories", why.to_string())),
        Ok(()) => Ok(()),
    }
}

impl Engine {
    /// Makes a plan. The first of a repository is its default.
    pub fn create_plan(&self, new: NewPlan) -> Result<Plan, Failure> {
        let inner = self.inner();
        if inner.store.repository(new.repository)?.is_none() {
            return Err(Failure::new(
                ErrorCode::NotFound,
                format!("There is no repository {}.", new.repository),
            ));
        }
        let first = inner.store.plans_of(new.repository)?.is_empty();
        let blank = default_plan(
            check_name("name", &new.name)?,
            new_tag()?,
            Vec::new(),
            LEFT_OUT.iter().map(ToString::to_string).collect(),
            COMPRESSION.to_owned(),
            inner.world.clock.now(),
        );
        let plan = new.rest.apply(
            Plan {
                repository: new.repository,
                is_default: first,
                ..blank
            },
            &inner.world,
        )?;
        let plan = inner.store.insert_plan(plan)?;
        inner.tell(&Change::Plans);
        inner.look_at_schedules();
        Ok(plan)
    }

    /// Returns a plan by its number.
    pub fn plan(&self, id: i64) -> Result<Plan, Failure> {
        self.store().plan(id)?.ok_or_else(|| no_plan(id))
    }

    /// Changes a plan. A job that runs goes on as it was begun.
    pub fn change_plan(&self, id: i64, change: PlanChange) -> Result<Plan, Failure> {
        let inner = self.inner();
        let plan = change.apply(self.plan(id)?, &inner.world)?;
        if !inner.store.save_plan(&plan)? {
            return Err(no_plan(id));
        }
        inner.tell(&Change::Plans);
        inner.look_at_schedules();
        Ok(plan)
    }

    /// The schedule that is wished for, if it is one.
    pub fn schedule(&self, new: NewSchedule) -> Result<Schedule, Failure> {
        schedule(new, None, self.world())
    }

    /// The beginning of the name of every archive this computer makes for a plan.
    pub fn archive_prefix(&self, plan: &Plan) -> String {
        archive_prefix(&self.world().host, plan)
    }

    /// Notes that a person has looked at a plan that is held: its archives are pruned again.
    pub fn release_plan(&self, id: i64) -> Result<(), Failure> {
        if !self.store().hold_plan(id, None)? {
            return Err(no_plan(id));
        }
        self.inner().tell(&Change::Plans);
        Ok(())
    }

    /// Notes that a person has looked at the plans that came back with restored records.
    pub fn release_restored_plans(&self) -> Result<(), Failure> {
        Ok(self.store().release_plans()?)
    }

    /// Removes a plan. Its archives and its jobs stay; a plan with a job that has not ended is refused.
    pub fn remove_plan(&self, id: i64) -> Result<(), Failure> {
        let inner = self.inner();
        let plan = inner.store.plan(id)?.ok_or_else(|| no_plan(id))?;
        let unfinished = self.unfinished();
        if let Some(seen) = unfinished.iter().find(|seen| seen.job.plan == Some(id)) {
            return Err(Failure::new(
                ErrorCode::InUse,
                format!("A {} of {} has not ended.", seen.job.kind, plan.name),
            )
            .hint("Cancel it or wait for its end, then remove the plan."));
        }
        inner.store.remove_plan(id)?;
        inner.tell(&Change::Plans);
        Ok(())
    }
}

fn no_plan(id: i64) -> Failure {
    Failure::new(ErrorCode::NotFound, format!("There is no plan {id}."))
}

/// What a plan with these folders and excludes takes: for Borg, and for who counts what Borg will read.
pub(crate) fn selection(
    sources: impl IntoIterator<Item = PathBuf>,
    excludes: &[String],
    one_file_system: bool,
) -> Selection {
    let excludes = excludes.iter().cloned();
    Selection {
        sources: sources.into_iter().collect(),
        patterns: excludes.map(PatternOption::Exclude).collect(),
        exclude_caches: true,
        one_file_system,
        ..Selection::default()
    }
}

/// What Borg's `create` is to do for a plan.
pub(crate) fn create(
    plan: &Plan,
    repository: String,
    archive: String,
    lock_wait: Duration,
) -> Create {
    Create {
        repository,
        archive,
        selection: selection(
            plan.sources.iter().map(Into::into),
            &plan.excludes,
            plan.one_file_system,
        ),
        compression: plan.compression.clone(),
        chunker_params: plan.chunker_params.clone(),
        file_list: if plan.log_files {
            FileList::Changed
        } else {
            FileList::Problems
        },
        checkpoint_interval: CHECKPOINT_INTERVAL,
        lock_wait,
    }
}

/// Whose hours, days and weeks count for a plan: those of its schedule, else the person's.
pub(crate) fn time_zone(plan: &Plan, world: &World) -> Result<TimeZone, Failure> {
    match &plan.schedule {
        Some(schedule) => TimeZone::get(&schedule.time_zone).map_err(|_| {
            let name = &schedule.time_zone;
            Failure::bad_argument("time_zone", format!("{name} is no time zone."))
        }),
        None => Ok(world.zone.clone()),
    }
}

/// What Borg's `prune` is to do for a plan, in its [`time_zone`]. It is asked first what it would delete.
pub(crate) fn prune(
    host: &str,
    plan: &Plan,
    zone: &TimeZone,
    repository: &str,
    lock_wait: Duration,
    dry_run: bool,
) -> Prune {
    let Keep {
        within,
        last,
        hourly,
        daily,
        weekly,
        monthly,
        yearly,
    } = plan.keep;
    Prune {
        repository: repository.to_owned(),
        archive_prefix: archive_prefix(host, plan),
        keep: alcove_borg::Keep {
            within,
            last,
            hourly,
            daily,
            weekly,
            monthly,
            yearly,
        },
        time_zone: zone.iana_name().map(ToOwned::to_owned),
        lock_wait,
        dry_run,
    }
}

/// Checks what a person leaves out: patterns of one line each.
pub(crate) fn check_excludes(field: &str, excludes: &[String]) -> Result<(), Failure> {
    match excludes
        .iter()
        .find(|pattern| pattern.trim().is_empty() || pattern.contains(char::is_control))
    {
        Some(pattern) => Err(Failure::bad_argument(
            field,
            format!("{pattern:?} is not a pattern: it is empty or holds a control character."),
        )),
        None => Ok(()),
    }
}

/// Returns a random tag: 8 letters and digits that no two plans share and no plan ever changes.
pub(crate) fn new_tag() -> Result<String, Failure> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; 8];
    crate::chance::fill(&mut bytes)?;
    Ok(bytes
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
        .collect())
}

/// Checks what a person chose to back up: full paths, at least one.
pub(crate) fn check_sources(field: &str, sources: &[String]) -> Result<(), Failure> {
    if sources.is_empty() {
        return Err(Failure::bad_argument(
            field,
            "Choose at least one folder to back up.",
        ));
    }
    match sources
        .iter()
        .find(|source| !source.starts_with('/') || source.contains('\0'))
    {
        Some(source) => Err(Failure::bad_argument(
            field,
            format!("{source:?} is not a full path; it must start with a slash."),
        )),
        None => Ok(()),
    }
}

/// The beginning of the name of every archive of a plan made on this computer: `{host}-{series}-{tag}-`. The host is
/// that of now: two computers with a copy of the same records never prune each other's archives.
pub(crate) fn archive_prefix(host: &str, plan: &Plan) -> String {
    format!("{}-{}-{}-", word(host), word(&plan.series), plan.tag)
}

/// The name of an archive begun at `now`, in the person's own time; to the millisecond, since two
/// short backups fit into one second.
pub(crate) fn archive_name(host: &str, plan: &Plan, now: Timestamp, zone: TimeZone) -> String {
    let now = now.to_zoned(zone);
    format!(
        "{}{}",
        archive_prefix(host, plan),
        now.strftime("%Y-%m-%dT%H:%M:%S%.3f")
    )
}

/// The name of a plan nobody named: that of its first folder.
pub(crate) fn name_of_folder(sources: &[String]) -> String {
    let first = sources.first().map(String::as_str).unwrap_or_default();
    let name = first
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let name = if name.is_empty() {
        "This computer"
    } else {
        name
    };
    match sources.len() {
        0 | 1 => name.to_owned(),
        more => format!("{name} and {} more", more - 1),
    }
}

/// A plan for these folders, keeping every archive.
pub(crate) fn default_plan(
    name: String,
    tag: String,
    sources: Vec<String>,
    excludes: Vec<String>,
    compression: String,
    now: Timestamp,
) -> Plan {
    Plan {
        id: 0,
        repository: 0,
        series: name.clone(),
        name,
        tag,
        sources,
        excludes,
        compression,
        chunker_params: None,
        one_file_system: false,
        log_files: false,
        keep: Keep::default(),
        compact: false,
        check: false,
        is_default: true,
        enabled: true,
        schedule: None,
        hooks: Vec::new(),
        conditions: Conditions::default(),
        ping_url: None,
        hold: None,
        created_at: now,
    }
}

/// Letters, digits, `.` and `_` stay; all else becomes a hyphen, so that no name has a meaning to
/// Borg or to a pattern. At most 40 characters.
fn word(name: &str) -> String {
    let kept: String = name
        .chars()
        .take(40)
        .map(|c| {
            if c.is_alphanumeric() || matches!(c, '.' | '_') {
                c
            } else {
                '-'
            }
        })
        .collect();
    if kept.is_empty() {
        "plan".to_owned()
    } else {
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(name: &str) -> Plan {
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        default_plan(
            name.into(),
            "k3m9x2ab".into(),
            vec![],
            vec![],
            COMPRESSION.into(),
            now,
        )
    }

    #[test]
    fn an_archive_is_named_after_host_plan_tag_and_local_time() {
        let now = "2026-11-22T23:30:05.25Z".parse().unwrap();
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        assert_eq!(
            archive_name("laptop", &plan("Home"), now, zone),
            "laptop-Home-k3m9x2ab-2026-11-23T01:30:05.250"
        );
    }

    #[test]
    fn names_lose_what_a_pattern_or_borg_would_read() {
        assert_eq!(
            archive_prefix("a*b", &plan("Bilder [2026] {x}/?")),
            "a-b-Bilder--2026---x----k3m9x2ab-"
        );
        assert_eq!(
            archive_prefix("h", &plan("Fotos für Ida")),
            "h-Fotos-für-Ida-k3m9x2ab-"
        );
        assert_eq!(archive_prefix("h", &plan("")), "h-plan-k3m9x2ab-");
    }

    #[test]
    fn a_plan_without_a_name_is_named_after_its_folders() {
        assert_eq!(
            name_of_folder(&["/home/marta/Pictures/".into()]),
            "Pictures"
        );
        assert_eq!(
            name_of_folder(&["/a/Documents".into(), "/b".into()]),
            "Documents and 1 more"
        );
        assert_eq!(name_of_folder(&["/".into()]), "This computer");
    }

    #[test]
    fn tags_differ() {
        let tags: std::collections::HashSet<_> = (0..100).map(|_| new_tag().unwrap()).collect();
        assert_eq!(tags.len(), 100);
        assert!(tags.iter().all(|tag| tag.len() == 8));
    }

    #[test]
    fn a_relative_folder_is_refused_by_name() {
        let failure = check_sources("source_directories", &["/a".into(), "b".into()]).unwrap_err();
        assert!(failure.message.contains("\"b\""));
        assert!(check_sources("source_directories", &[]).is_err());
    }
}
