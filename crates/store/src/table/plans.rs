//! The table of plans.
//!
//! A row is written from two lists of columns: what a plan is from its first day ([`origin`]), and what a
//! person may change ([`choices`]).

use rusqlite::{Connection, OptionalExtension, Row, ToSql, params, params_from_iter};

use super::column::{Json, Moment};
use super::repositories;
use crate::error::StoreError;
use crate::plan::{Hold, Keep, PingUrl, Plan};
use crate::repository::Repository;
use crate::store::Store;

impl Store {
    /// Adds a plan and returns it with its id; the one given is ignored. A repository has at most one
    /// default plan: when the new one is it, the old one no longer is.
    pub fn insert_plan(&self, plan: Plan) -> Result<Plan, StoreError> {
        self.database()
            .write(move |connection| insert(connection, plan))
    }

    /// Adds a repository and a plan that writes to it, if there is one: both or neither. The ids given are
    /// ignored, the plan's repository too. Errors as [`Store::insert_repository`].
    pub fn insert_with_plan(
        &self,
        repository: Repository,
        plan: Option<Plan>,
    ) -> Result<(Repository, Option<i64>), StoreError> {
        let Some(plan) = plan else {
            return Ok((self.insert_repository(repository)?, None));
        };
        let (repository, plan) = self.insert_repository_with_plan(repository, plan)?;
        Ok((repository, Some(plan.id)))
    }

    /// Adds a repository and a plan that writes to it, both or neither. The ids given are ignored, the
    /// plan's repository too. Errors as [`Store::insert_repository`].
    pub fn insert_repository_with_plan(
        &self,
        repository: Repository,
        plan: Plan,
    ) -> Result<(Repository, Plan), StoreError> {
        let location = repository.location.clone();
        self.database()
            .write(move |connection| {
                let repository = repositories::insert(connection, repository)?;
                let plan = insert(
                    connection,
                    Plan {
                        repository: repository.id,
                        ..plan
                    },
                )?;
                Ok((repository, plan))
            })
            .map_err(|error| repositories::location_taken(error, location))
    }

    /// Saves a plan's whole row; false when there is none. When it becomes the default plan of its repository, the
    /// old one no longer is. Its repository, tag, series, chunker, file systems, hold and time stay what they were.
    pub fn save_plan(&self, plan: &Plan) -> Result<bool, StoreError> {
        let plan = plan.clone();
        self.database()
            .write(move |connection| update(connection, &plan))
    }

    /// Holds a plan's archives, or lets go of them with `None`; false when there is no such plan.
    pub fn hold_plan(&self, id: i64, hold: Option<Hold>) -> Result<bool, StoreError> {
        self.database().write(move |connection| {
            let changed = connection
                .prepare_cached("UPDATE plans SET hold = ? WHERE id = ?")?
                .execute(params![hold.map(Json), id])?;
            Ok(changed > 0)
        })
    }

    /// Removes a plan; false when there was none. Its jobs stay in the history.
    pub fn remove_plan(&self, id: i64) -> Result<bool, StoreError> {
        self.database().write(move |connection| {
            let removed = connection
                .prepare_cached("DELETE FROM plans WHERE id = ?")?
                .execute([id])?;
            Ok(removed > 0)
        })
    }

    /// Returns every plan, in the order they were added.
    pub fn plans(&self) -> Result<Vec<Plan>, StoreError> {
        self.database().read(|connection| {
            connection
                .prepare_cached("SELECT * FROM plans ORDER BY id")?
                .query_map([], from_row)?
                .collect()
        })
    }

    /// Returns a plan by its id.
    pub fn plan(&self, id: i64) -> Result<Option<Plan>, StoreError> {
        self.database().read(|connection| {
            connection
                .prepare_cached("SELECT * FROM plans WHERE id = ?")?
                .query_one([id], from_row)
                .optional()
        })
    }

    /// Returns the plans that write to a repository, in the order they were added.
    pub fn plans_of(&self, repository: i64) -> Result<Vec<Plan>, StoreError> {
        self.database().read(|connection| {
            connection
                .prepare_cached("SELECT * FROM plans WHERE repository = ? ORDER BY id")?
                .query_map([repository], from_row)?
                .collect()
        })
    }
}

/// Makes room for a new default plan of a repository.
fn clear_default(connection: &Connection, repository: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE plans SET is_default = 0 WHERE repository = ? AND is_default = 1")?
        .execute([repository])
        .map(|_| ())
}

fn insert(connection: &Connection, plan: Plan) -> rusqlite::Result<Plan> {
    if plan.is_default {
        clear_default(connection, plan.repository)?;
    }
    let cells: Vec<_> = origin(&plan).into_iter().chain(choices(&plan)).collect();
    let names = names(&cells, "").join(", ");
    let places = vec!["?"; cells.len()].join(", ");
    connection
        .prepare_cached(&format!("INSERT INTO plans ({names}) VALUES ({places})"))?
        .execute(params_from_iter(cells.iter().map(|(_, value)| value)))?;
    drop(cells);
    Ok(Plan {
        id: connection.last_insert_rowid(),
        ..plan
    })
}

fn update(connection: &Connection, plan: &Plan) -> rusqlite::Result<bool> {
    let there = connection
        .prepare_cached("SELECT 1 FROM plans WHERE id = ?")?
        .exists([plan.id])?;
    if !there {
        return Ok(false);
    }
    if plan.is_default {
        clear_default(connection, plan.repository)?;
    }
    let cells = choices(plan);
    let settings = names(&cells, " = ?").join(", ");
    let id: &dyn ToSql = &plan.id;
    connection
        .prepare_cached(&format!("UPDATE plans SET {settings} WHERE id = ?"))?
        .execute(params_from_iter(
            cells.iter().map(|(_, value)| &**value).chain([id]),
        ))?;
    Ok(true)
}

/// A column and its value.
type Cell<'a> = (&'static str, Box<dyn ToSql + 'a>);

fn names(cells: &[Cell<'_>], suffix: &str) -> Vec<String> {
    cells
        .iter()
        .map(|(name, _)| format!("{name}{suffix}"))
        .collect()
}

/// The columns that stay what they were when the plan was made.
fn origin(plan: &Plan) -> [Cell<'_>; 6] {
    [
        ("repository", Box::new(plan.repository)),
        ("tag", Box::new(&plan.tag)),
        ("series", Box::new(&plan.series)),
        ("chunker_params", Box::new(&plan.chunker_params)),
        ("one_file_system", Box::new(plan.one_file_system)),
        ("created_at", Box::new(Moment(plan.created_at))),
    ]
}

/// The columns a person may change.
fn choices(plan: &Plan) -> [Cell<'_>; 20] {
    let keep = &plan.keep;
    [
        ("name", Box::new(&plan.name)),
        ("sources", Box::new(Json(&plan.sources))),
        ("excludes", Box::new(Json(&plan.excludes))),
        ("compression", Box::new(&plan.compression)),
        ("log_files", Box::new(plan.log_files)),
        ("keep_within", Box::new(keep.within)),
        ("keep_last", Box::new(keep.last)),
        ("keep_hourly", Box::new(keep.hourly)),
        ("keep_daily", Box::new(keep.daily)),
        ("keep_weekly", Box::new(keep.weekly)),
        ("keep_monthly", Box::new(keep.monthly)),
        ("keep_yearly", Box::new(keep.yearly)),
        ("compact", Box::new(plan.compact)),
        ("check_repository", Box::new(plan.check)),
        ("is_default", Box::new(plan.is_default)),
        ("enabled", Box::new(plan.enabled)),
        ("schedule", Box::new(plan.schedule.as_ref().map(Json))),
        ("hooks", Box::new(Json(&plan.hooks))),
        ("conditions", Box::new(Json(plan.conditions))),
        (
            "ping_url",
            Box::new(plan.ping_url.as_ref().map(PingUrl::as_str)),
        ),
    ]
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Plan> {
    Ok(Plan {
        id: row.get("id")?,
        repository: row.get("repository")?,
        name: row.get("name")?,
        tag: row.get("tag")?,
        series: row.get("series")?,
        sources: row.get::<_, Json<_>>("sources")?.0,
        excludes: row.get::<_, Json<_>>("excludes")?.0,
        compression: row.get("compression")?,
        chunker_params: row.get("chunker_params")?,
        one_file_system: row.get("one_file_system")?,
        log_files: row.get("log_files")?,
        keep: Keep {
            within: row.get("keep_within")?,
            last: row.get("keep_last")?,
            hourly: row.get("keep_hourly")?,
            daily: row.get("keep_daily")?,
            weekly: row.get("keep_weekly")?,
            monthly: row.get("keep_monthly")?,
            yearly: row.get("keep_yearly")?,
        },
        compact: row.get("compact")?,
        check: row.get("check_repository")?,
        is_default: row.get("is_default")?,
        enabled: row.get("enabled")?,
        schedule: row
            .get::<_, Option<Json<_>>>("schedule")?
            .map(|Json(schedule)| schedule),
        hooks: row.get::<_, Json<_>>("hooks")?.0,
        conditions: row.get::<_, Json<_>>("conditions")?.0,
        ping_url: row.get::<_, Option<String>>("ping_url")?.map(PingUrl::new),
        hold: row
            .get::<_, Option<Json<_>>>("hold")?
            .map(|Json(hold)| hold),
        created_at: row.get::<_, Moment>("created_at")?.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Collapse, Conditions, Hook, HookCommand, HookWhen, Schedule};
    use crate::testing::{Place, plan, repository};

    #[test]
    fn a_plan_is_read_as_it_was_written() {
        let place = Place::new();
        let store = place.open();
        let one = store.insert_repository(repository("/one")).unwrap().id;
        let two = store.insert_repository(repository("/two")).unwrap().id;
        let first = store.insert_plan(plan(one, "aaaa")).unwrap();
        assert_eq!(
            first,
            Plan {
                id: first.id,
                ..plan(one, "aaaa")
            }
        );
        let second = store
            .insert_plan(Plan {
                enabled: false,
                chunker_params: Some("10,23,16,4095".into()),
                one_file_system: true,
                ..plan(two, "bbbb")
            })
            .unwrap();
        assert_eq!(store.plan(first.id).unwrap().as_ref(), Some(&first));
        assert_eq!(store.plans_of(two).unwrap(), std::slice::from_ref(&second));
        assert_eq!(store.plans().unwrap(), [first, second]);
        assert_eq!(store.plan(99).unwrap(), None);
    }

    #[test]
    fn a_repository_has_one_default_plan_the_newest() {
        let place = Place::new();
        let store = place.open();
        let at = store.insert_repository(repository("/r")).unwrap().id;
        let default = |tag| Plan {
            is_default: true,
            ..plan(at, tag)
        };
        store.insert_plan(default("aaaa")).unwrap();
        let newest = store.insert_plan(default("bbbb")).unwrap();
        let defaults: Vec<_> = store
            .plans()
            .unwrap()
            .into_iter()
            .filter(|plan| plan.is_default)
            .collect();
        assert_eq!(defaults, [newest]);
    }

    #[test]
    fn a_plan_is_changed_and_removed() {
        let place = Place::new();
        let store = place.open();
        let at = store.insert_repository(repository("/r")).unwrap().id;
        let default = Plan {
            is_default: true,
            ..plan(at, "aaaa")
        };
        let first = store.insert_plan(default).unwrap();
        let second = store.insert_plan(plan(at, "bbbb")).unwrap();
        let changed = Plan {
            name: "Photos".to_owned(),
            sources: vec!["/photos".to_owned()],
            log_files: false,
            check: false,
            is_default: true,
            enabled: false,
            schedule: Some(Schedule {
                cron: "0 18 * * *".to_owned(),
                time_zone: "Europe/Berlin".to_owned(),
                since: jiff::Timestamp::UNIX_EPOCH,
            }),
            hooks: vec![
                Hook {
                    when: HookWhen::Before,
                    command: HookCommand::Shell("dump > /srv/dump".to_owned()),
                    time_limit: 60,
                },
                Hook {
                    when: HookWhen::Always,
                    command: HookCommand::Arguments(vec![
                        "rm".to_owned(),
                        "/srv/a dump".to_owned(),
                    ]),
                    time_limit: 5,
                },
            ],
            conditions: Conditions {
                on_ac_power: true,
                not_metered: true,
            },
            ping_url: Some(PingUrl::new("https://ping.example/4f0c".to_owned())),
            ..second
        };
        assert!(store.save_plan(&changed).unwrap());
        assert_eq!(store.plan(changed.id).unwrap().as_ref(), Some(&changed));
        assert!(!store.plan(first.id).unwrap().unwrap().is_default);

        assert!(store.remove_plan(first.id).unwrap());
        assert!(!store.remove_plan(first.id).unwrap());
        assert!(!store.save_plan(&first).unwrap());
        assert_eq!(store.plans().unwrap(), [changed]);
    }

    #[test]
    fn a_plan_is_held_through_changes_until_it_is_let_go() {
        let place = Place::new();
        let store = place.open();
        let at = store.insert_repository(repository("/r")).unwrap().id;
        let made = store.insert_plan(plan(at, "aaaa")).unwrap();
        for collapse in [
            Collapse::FilesGone { before: 9, now: 4 },
            Collapse::NearlyAllChanged {
                before: 1 << 40,
                unchanged: 7,
            },
        ] {
            let hold = Some(Hold { job: 3, collapse });
            assert!(store.hold_plan(made.id, hold).unwrap());
            // Saved by somebody who did not know of it yet.
            store.save_plan(&made).unwrap();
            assert_eq!(store.plan(made.id).unwrap().unwrap().hold, hold);
        }
        assert!(store.hold_plan(made.id, None).unwrap());
        assert_eq!(store.plan(made.id).unwrap().unwrap(), made);
        assert!(!store.hold_plan(99, None).unwrap());
    }

    #[test]
    fn a_repository_and_its_plan_are_added_together_or_not_at_all() {
        let place = Place::new();
        let store = place.open();
        let (there, planned) = store
            .insert_repository_with_plan(repository("/one/"), plan(0, "aaaa"))
            .unwrap();
        assert_eq!(planned.repository, there.id);
        assert_eq!(store.plans_of(there.id).unwrap(), [planned]);

        // The tag is taken, so the plan is refused after the repository went in.
        store
            .insert_repository_with_plan(repository("/two"), plan(0, "aaaa"))
            .unwrap_err();
        assert_eq!(store.repositories().unwrap(), [there]);
        let error = store
            .insert_repository_with_plan(repository("/one"), plan(0, "cccc"))
            .unwrap_err();
        assert!(matches!(error, StoreError::LocationTaken(_)), "{error}");
        assert_eq!(store.plans().unwrap().len(), 1);
    }

    #[test]
    fn a_plan_needs_its_repository() {
        let place = Place::new();
        place.open().insert_plan(plan(5, "aaaa")).unwrap_err();
    }
}
