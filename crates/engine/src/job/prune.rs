//! Prune: Borg says first what would go, and nothing goes unless all of it is the plan's own and is what its rules let
//! go of.

use std::collections::HashSet;

use alcove_borg::{Archive, ArchiveList, Borg, Command, PruneLine};
use alcove_store::{Level, Plan};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::maintain::Stuck;
use super::run::Run;
use crate::ask::unreadable;
use crate::error::{ErrorCode, Failure};
use crate::plans;
use crate::retention::{self, Rule};

impl Run<'_> {
    /// Deletes the archives of a plan that its rules do not keep.
    pub(super) fn prune(&mut self, borg: &Borg, plan: &Plan) -> Result<(), Stuck> {
        retention::check(plan.keep)?;
        let world = &self.inner.world;
        let zone = plans::time_zone(plan, world)?;
        let prefix = plans::archive_prefix(&world.host, plan);
        let location = &self.task.repository.location;
        let command = |dry_run, lock_wait| {
            Command::Prune(plans::prune(
                &world.host,
                plan,
                &zone,
                location,
                lock_wait,
                dry_run,
            ))
        };
        let (ask, delete) = (
            command(true, self.lock_wait()),
            command(false, self.lock_wait()),
        );
        let foreseen = self.command(borg, &ask)?.pruned;
        if !foreseen.iter().any(|line| line.deleted) {
            self.note(Level::Info, "No archive is due to be pruned.");
            return Ok(());
        }
        refuse_foreign(plan, &prefix, &foreseen)?;
        let list = Command::List {
            repository: self.task.repository.location.clone(),
        };
        let exit = self.command(borg, &list)?.exit;
        let list = ArchiveList::parse(&exit.stdout)
            .ok_or_else(|| unreadable(&self.task.repository.name))?;
        // Later than Borg's: what is of the last hours now was so then.
        let now = self.inner.world.clock.now();
        let own = list
            .archives
            .iter()
            .filter(|archive| archive.name.starts_with(&prefix));
        refuse_kept(plan, own, &zone, now, &foreseen)?;
        self.command(borg, &delete).map(|_| ())
    }
}

/// Refuses to delete what is not of the plan.
fn refuse_foreign(plan: &Plan, prefix: &str, foreseen: &[PruneLine]) -> Result<(), Failure> {
    let mut goes = foreseen.iter().filter(|line| line.deleted);
    match goes.find(|line| !line.archive.starts_with(prefix)) {
        Some(foreign) => Err(Failure::new(
            ErrorCode::PruneRefused,
            format!(
                "Prune would have deleted {}, which is not an archive of {}. Nothing was deleted.",
                foreign.archive, plan.name
            ),
        )),
        None => Ok(()),
    }
}

/// Refuses to delete all archives of the plan, or one that its rules keep.
fn refuse_kept<'a>(
    plan: &Plan,
    own: impl IntoIterator<Item = &'a Archive>,
    zone: &TimeZone,
    now: Timestamp,
    foreseen: &[PruneLine],
) -> Result<(), Failure> {
    let judged = retention::judge(own, plan.keep, zone, now);
    let goes = judged.iter().filter(|(_, kept)| kept.is_none());
    let goes: HashSet<&str> = goes.map(|(own, _)| own.name.as_str()).collect();
    let stays = |line: &&PruneLine| line.deleted && !goes.contains(line.archive.as_str());
    if let Some(archive) = foreseen.iter().find(stays) {
        return Err(Failure::new(
            ErrorCode::PruneRefused,
            format!(
                "Borg would have deleted {}, which {} keeps by its rules. Nothing was deleted.",
                archive.archive, plan.name
            ),
        )
        .hint("Borg and Alcove count differently here: see in Settings whether this computer’s time zone is right, and report it with the log of this job."));
    }
    let stays = judged
        .iter()
        .filter_map(|(_, kept)| *kept)
        .any(|kept| kept.rule != Rule::Checkpoint);
    if stays {
        return Ok(());
    }
    Err(Failure::new(
        ErrorCode::NothingKept,
        format!(
            "The rules of {} would keep none of its archives. Nothing was deleted.",
            plan.name
        ),
    )
    .hint("Have the plan keep the newest too, whatever its age."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alcove_store::Keep;

    fn plan(keep: Keep) -> Plan {
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        let (name, tag) = ("Home".to_owned(), "k3m9x2ab".to_owned());
        Plan {
            keep,
            ..plans::default_plan(
                name,
                tag,
                vec![],
                vec![],
                plans::COMPRESSION.to_owned(),
                now,
            )
        }
    }

    fn own() -> [Archive; 2] {
        [20, 21].map(|day| Archive {
            name: format!("home-{day}"),
            id: day.to_string(),
            start: format!("2026-11-{day}T10:00:00Z").parse().unwrap(),
            checkpoint: false,
        })
    }

    /// What is said where Borg would delete these of [`own`].
    fn refused(keep: Keep, goes: &[&str]) -> Option<Failure> {
        let foreseen: Vec<_> = goes
            .iter()
            .map(|name| PruneLine {
                archive: (*name).to_owned(),
                deleted: true,
            })
            .collect();
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        refuse_kept(&plan(keep), &own(), &TimeZone::UTC, now, &foreseen).err()
    }

    #[test]
    fn what_the_rules_let_go_of_goes() {
        let daily = Keep {
            daily: 1,
            ..Keep::default()
        };
        assert_eq!(refused(daily, &["home-20"]), None);
    }

    #[test]
    fn nothing_goes_that_the_rules_keep_or_that_is_not_in_the_list() {
        let daily = Keep {
            daily: 1,
            ..Keep::default()
        };
        for name in ["home-21", "home-19"] {
            let failure = refused(daily, &["home-20", name]).unwrap();
            assert_eq!(failure.code, ErrorCode::PruneRefused);
            assert!(failure.message.contains(name), "{failure}");
        }
    }

    #[test]
    fn not_everything_goes() {
        let within = Keep {
            within: 1,
            ..Keep::default()
        };
        let failure = refused(within, &["home-20", "home-21"]).unwrap();
        assert_eq!(failure.code, ErrorCode::NothingKept);
    }
}
