//! The past weeks of the demo, job by job.
//!
//! Each line of [`History::play`] says how its job ends, and the demo is not made when one ended
//! otherwise.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use alcove_borg::Passphrase;
use alcove_engine::{Engine, NewPlan, NewRepository, PlanChange};
use alcove_store::{Job, Keep, Maintenance, Status, Trigger};
use anyhow::{Context, Result, bail, ensure};
use fs_err as fs;
use jiff::{Timestamp, ToSpan as _};

use crate::PASSPHRASE;
use crate::borg::DatedBorg;
use crate::clock::PastClock;
use crate::home::Home;

/// How fast the clock runs while a job does.
const PACE: u32 = 40;
/// How fast it runs while a job is stopped, so that Borg has its time to notice.
const SLOW_PACE: u32 = 4;
/// The percent at which it is: far from its end on the slowest computer.
const STOPPED_AT: f64 = 20.0;
/// How long a job may take before something is wrong.
const PATIENCE: Duration = Duration::from_mins(5);

pub(crate) struct History {
    pub(crate) engine: Engine,
    pub(crate) clock: Arc<PastClock>,
    pub(crate) borg: DatedBorg,
    pub(crate) home: Home,
    /// Where the drives of the repositories are.
    pub(crate) drives: PathBuf,
    /// The end of the history.
    pub(crate) now: Timestamp,
}

/// A plan, as a backup of it is asked for.
struct Plan {
    repository: String,
    id: i64,
}

/// Days before now, and the time of that day.
type When = (i32, i8, i8);

impl History {
    /// Plays it from its first day to its last, and leaves new files for a backup of today.
    pub(crate) fn play(mut self) -> Result<()> {
        self.turn((33, 19, 50))?;
        let (home, films) = self.backup_drive()?;
        let papers = self.office_shelf()?;

        self.safe(&home, (33, 20, 10))?;
        self.safe(&papers, (33, 20, 25))?;
        self.home.note(
            "Documents/Garden/Spring plan.txt",
            "Onion sets: the red ones.",
        )?;
        self.safe(&home, (30, 20, 15))?;
        self.home.pictures("2026 Choir trip", 10)?;
        self.safe(&home, (27, 21, 5))?;
        let failed = self.without(&self.drives.join("Backup drive"), &home, (24, 20, 0))?;
        self.again(&home, (23, 19, 20), failed)?;
        self.home
            .note("Documents/House/Meter readings.csv", "October,18702,421")?;
        self.safe(&papers, (22, 18, 45))?;
        self.warned(&home, (21, 20, 30))?;
        self.home.pictures("2026 Kitchen", 8)?;
        self.safe(&home, (18, 19, 40))?;
        self.home.films("Summer play", 7)?;
        self.home.long_films("Summer play")?;
        self.cancelled(&films, (16, 20, 0))?;
        self.safe(&films, (15, 21, 30))?;
        self.prune_stopped(&home, (14, 22, 10))?;
        self.safe(&home, (11, 20, 5))?;
        self.home
            .note("Projects/bird-counter/visits.csv", "Wednesday,44,1")?;
        self.safe(&home, (8, 20, 0))?;
        let failed = self.without(&self.home.path().join("Videos"), &films, (6, 20, 0))?;
        self.again(&films, (5, 18, 15), failed)?;
        self.warned(&home, (5, 20, 50))?;
        self.safe(&papers, (4, 18, 30))?;
        self.safe(&home, (3, 20, 10))?;
        self.home.pictures("2026 Autumn", 6)?;
        self.safe(&home, (1, 20, 15))?;

        self.home.pictures("2026 First snow", 240)?;
        self.home
            .note("Documents/Garden/Seeds.csv", "broad bean,18 November,")?;
        self.borg.undate()?;
        self.engine.shut_down(PATIENCE);
        Ok(())
    }

    /// A repository whose passphrase a command prints, so that its backups start with one click, and its two plans.
    fn backup_drive(&self) -> Result<(Plan, Plan)> {
        let keep = Keep {
            daily: 7,
            weekly: 4,
            monthly: 6,
            ..Keep::default()
        };
        let created = self.engine.create_repository(NewRepository {
            passcommand: Some(self.passcommand()?),
            excludes: alcove_engine::LEFT_OUT
                .iter()
                .map(ToString::to_string)
                .collect(),
            keep,
            compact: true,
            ..self.repository(
                "Backup drive",
                "Home",
                &["Documents", "Mail", "Pictures", "Projects"],
            )?
        })?;
        let repository = created.repository.location;
        let films = self.engine.create_plan(NewPlan {
            repository: created.repository.id,
            name: "Films".to_owned(),
            rest: PlanChange {
                sources: Some(vec![self.home.at("Videos")]),
                compression: Some("none".to_owned()),
                ..PlanChange::default()
            },
        })?;
        let plan = |id| Plan {
            repository: repository.clone(),
            id,
        };
        Ok((
            plan(created.plan.context("no plan was made")?),
            plan(films.id),
        ))
    }

    /// A command that prints the passphrase of the demo.
    fn passcommand(&self) -> Result<String> {
        let file = self.drives.join("passphrase");
        fs::create_dir_all(&self.drives)?;
        fs::write(&file, PASSPHRASE)?;
        Ok(format!("cat '{}'", file.display()))
    }

    /// A repository whose passphrase Alcove asks for, and whose archives are checked after each backup.
    fn office_shelf(&self) -> Result<Plan> {
        let created = self.engine.create_repository(NewRepository {
            passphrase: Some(Passphrase::new(PASSPHRASE.to_owned())),
            ..self.repository("Office shelf", "Papers", &["Documents"])?
        })?;
        let id = created.plan.context("no plan was made")?;
        let check = PlanChange {
            check: Some(true),
            ..PlanChange::default()
        };
        self.engine.change_plan(id, check)?;
        Ok(Plan {
            repository: created.repository.location,
            id,
        })
    }

    /// A repository on a drive of its own, with a plan for folders of the home.
    fn repository(&self, drive: &str, plan: &str, folders: &[&str]) -> Result<NewRepository> {
        let place = self.drives.join(drive);
        fs::create_dir_all(&place)?;
        Ok(NewRepository {
            name: drive.to_owned(),
            location: place.join("Borg").display().to_string(),
            encryption: None,
            passphrase: None,
            passcommand: None,
            compression: None,
            sources: folders.iter().map(|folder| self.home.at(folder)).collect(),
            excludes: Vec::new(),
            plan_name: Some(plan.to_owned()),
            keep: Keep::default(),
            compact: false,
            remember: false,
            remote_path: None,
            ssh_key: None,
        })
    }

    /// A backup that succeeds, with all that the plan asks for.
    fn safe(&self, plan: &Plan, when: When) -> Result<()> {
        let id = self.start(plan, when, PACE, None)?;
        self.ended(id, Status::Completed).map(|_| ())
    }

    /// A failed backup tried again, with success.
    fn again(&self, plan: &Plan, when: When, failed: i64) -> Result<()> {
        let id = self.start(plan, when, PACE, Some(failed))?;
        self.ended(id, Status::Completed).map(|_| ())
    }

    /// A backup that finds a file changing under its hands.
    fn warned(&self, plan: &Plan, when: When) -> Result<()> {
        let job = self.home.while_mail_arrives(|| {
            let id = self.start(plan, when, PACE, None)?;
            self.ended(id, Status::CompletedWithWarnings)
        })??;
        ensure!(job.warnings > 0, "job {} has no warning", job.id);
        Ok(())
    }

    /// A backup that fails because a folder is away: its repository's, or one to back up.
    fn without(&self, folder: &Path, plan: &Plan, when: When) -> Result<i64> {
        let away = folder.with_extension("away");
        fs::rename(folder, &away)?;
        let id = self.start(plan, when, PACE, None)?;
        let job = self.ended(id, Status::Failed)?;
        fs::rename(&away, folder)?;
        Ok(job.id)
    }

    /// A backup that is stopped on its way.
    fn cancelled(&self, plan: &Plan, when: When) -> Result<()> {
        let id = self.start(plan, when, SLOW_PACE, None)?;
        self.until(id, |job| {
            job.progress.percent > STOPPED_AT || job.ended_at.is_some()
        })?;
        self.engine.cancel(id)?;
        self.ended(id, Status::Cancelled).map(|_| ())
    }

    /// A backup that is safe, and stopped while old archives are removed.
    fn prune_stopped(&self, plan: &Plan, when: When) -> Result<()> {
        self.borg.hold("prune")?;
        let id = self.start(plan, when, PACE, None)?;
        self.until(id, |job| job.maintenance == Some(Maintenance::RunningPrune))?;
        self.engine.cancel(id)?;
        let job = self.ended(id, Status::Completed)?;
        self.borg.let_go("prune")?;
        ensure!(job.maintenance == Some(Maintenance::PruneFailed));
        Ok(())
    }

    fn start(&self, plan: &Plan, when: When, pace: u32, retry_of: Option<i64>) -> Result<i64> {
        let at = self.turn(when)?;
        self.clock.set(at, pace);
        let trigger = Trigger::Manual;
        Ok(self
            .engine
            .start_backup(&plan.repository, Some(plan.id), trigger, retry_of)?)
    }

    /// Turns the demo to a moment of the past.
    fn turn(&self, (days, hour, minute): When) -> Result<Timestamp> {
        let zone = self.engine.world().zone.clone();
        let day = self
            .now
            .to_zoned(zone.clone())
            .date()
            .checked_sub(days.days())?;
        let at = day.at(hour, minute, 0, 0).to_zoned(zone)?.timestamp();
        self.clock.set(at, PACE);
        self.borg.date(at)?;
        Ok(at)
    }

    /// Waits for a job's end, which is this one.
    fn ended(&self, id: i64, status: Status) -> Result<Job> {
        let job = self.until(id, |job| job.ended_at.is_some())?;
        if job.status != status {
            let (_, log) = self.engine.log(id, 0, 10_000)?;
            let lines: Vec<String> = log.lines.into_iter().map(|line| line.content).collect();
            bail!(
                "job {id} is {} and not {status}:\n{}",
                job.status,
                lines.join("\n")
            );
        }
        Ok(job)
    }

    fn until(&self, id: i64, ready: impl Fn(&Job) -> bool) -> Result<Job> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            let job = self.engine.job(id)?.job;
            if ready(&job) {
                return Ok(job);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        bail!("job {id} did not get there")
    }
}
