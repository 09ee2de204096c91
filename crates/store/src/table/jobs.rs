//! The table of jobs.
//!
//! A row is always written whole, from one list of columns ([`cells`]), so that no two writers can each
//! save a part. The rule that an outcome never changes is a trigger of the table.

use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, ffi, params_from_iter};

use super::column::{Count, Figure, Json, Moment};
use crate::error::StoreError;
use crate::job::{Job, JobFilter, Kept, NewJob, Progress};
use crate::store::Store;
use crate::words::Status;

/// Every column, in the order in which `cells` gives them and `from_row` takes them.
macro_rules! columns {
    () => {
        concat!(
            "id, kind, repository, plan, plan_name, triggered_by, scheduled_job_id, retry_of, status, phase, ",
            "phase_percent, phases, active, waiting_for, attempt, created_at, started_at, completed_at, ",
            "ended_at, archive_name, error_code, error_message, maintenance, borg_exit_code, warnings, ",
            "stalled_since, check_minutes, kept_until, kept_size, command, log_incomplete, original_size, ",
            "compressed_size, deduplicated_size, nfiles, current_file, percent, speed, total_expected_size, ",
            "total_expected_files, estimated_time_remaining, time_remaining_margin, pace"
        )
    };
}

impl Store {
    /// Adds a job: pending, waiting, first attempt, not active.
    pub fn insert_job(&self, new: NewJob) -> Result<Job, StoreError> {
        self.database()
            .write(move |connection| insert(connection, Job::pending(0, new)))
    }

    /// Saves a job's whole row when its turn comes, and waits for nothing: for progress, of which the next is soon
    /// there. What cannot be saved is left to that one, too.
    pub fn save_job_soon(&self, job: &Job) {
        let (id, job) = (job.id, job.clone());
        let taken = self.database().write_soon(
            move |connection| update(connection, &job),
            move |saved| {
                if let Err(error) = saved {
                    log::warn!("the progress of job {id} was not saved: {error}");
                }
            },
        );
        if !taken {
            log::debug!("the progress of job {id} found no room in the queue");
        }
    }

    /// Saves a job's whole row.
    ///
    /// [`StoreError::StatusFinal`] when the row's status is terminal and the given one is another: the
    /// row stays as it is. [`StoreError::NoSuchJob`] when there is none.
    pub fn save_job(&self, job: &Job) -> Result<(), StoreError> {
        let (id, wanted) = (job.id, job.status);
        let job = job.clone();
        match self
            .database()
            .write(move |connection| update(connection, &job))?
        {
            Saved::Whole => Ok(()),
            Saved::Refused(recorded) => Err(StoreError::StatusFinal {
                job: id,
                recorded,
                wanted,
            }),
            Saved::Missing => Err(StoreError::NoSuchJob(id)),
        }
    }

    /// Returns a job by its id.
    pub fn job(&self, id: i64) -> Result<Option<Job>, StoreError> {
        self.database().read(|connection| {
            connection
                .prepare_cached(concat!("SELECT ", columns!(), " FROM jobs WHERE id = ?"))?
                .query_one([id], from_row)
                .optional()
        })
    }

    /// Returns the jobs a filter lets through, newest first. A limit of 0 lets none through.
    pub fn jobs(&self, filter: &JobFilter) -> Result<Vec<Job>, StoreError> {
        let mut sql = concat!("SELECT ", columns!(), " FROM jobs WHERE true").to_owned();
        let mut values: Vec<&dyn ToSql> = Vec::new();
        let mut only = |condition: &str, value| {
            sql.push_str(" AND ");
            sql.push_str(condition);
            values.push(value);
        };
        if let Some(kind) = &filter.kind {
            only("kind = ?", kind);
        }
        if let Some(repository) = &filter.repository {
            only("rtrim(repository, '/') = rtrim(?, '/')", repository);
        }
        if let Some(status) = &filter.status {
            only("status = ?", status);
        }
        if let Some(trigger) = &filter.trigger {
            only("triggered_by = ?", trigger);
        }
        if let Some(plan) = &filter.plan {
            only("plan = ?", plan);
        }
        if let Some(before) = &filter.before_id {
            only("id < ?", before);
        }
        sql.push_str(" ORDER BY id DESC LIMIT ?");
        values.push(&filter.limit);
        self.database().read(|connection| {
            connection
                .prepare_cached(&sql)?
                .query_map(values.as_slice(), from_row)?
                .collect()
        })
    }

    /// Returns the jobs that are pending, running or active, oldest first: after a crash, what it left.
    pub fn unfinished_jobs(&self) -> Result<Vec<Job>, StoreError> {
        self.database().read(|connection| {
            connection
                .prepare_cached(concat!(
                    "SELECT ",
                    columns!(),
                    " FROM jobs
                         WHERE status IN ('pending', 'running') OR active = 1 ORDER BY id"
                ))?
                .query_map([], from_row)?
                .collect()
        })
    }

    /// Returns the newest job of a plan whose archive is safe: the source of the next estimate.
    pub fn last_safe_job(&self, plan: i64) -> Result<Option<Job>, StoreError> {
        self.database().read(|connection| {
            connection
                .prepare_cached(
                    concat!("SELECT ", columns!(), " FROM jobs
                     WHERE plan = ? AND kind = 'backup' AND status IN ('completed', 'completed_with_warnings')
                     ORDER BY id DESC LIMIT 1"),
                )?
                .query_one([plan], from_row)
                .optional()
        })
    }

    /// What a plan's backups have kept since its newest safe one: those of them that wrote a checkpoint.
    pub fn kept_since_last_safe_job(&self, plan: i64) -> Result<Kept, StoreError> {
        self.database().read(|connection| {
            connection
                .prepare_cached(
                    "SELECT coalesce(sum(kept_size), 0), coalesce(max(iif(kept_until IS NULL, 0, nfiles)), 0) FROM jobs
                     WHERE plan = ?1 AND kind = 'backup' AND status IN ('failed', 'cancelled')
                       AND id > coalesce((SELECT max(id) FROM jobs WHERE plan = ?1 AND kind = 'backup'
                           AND status IN ('completed', 'completed_with_warnings')), 0)",
                )?
                .query_one([plan], |row| {
                    let (Count(bytes), Count(files)) = (row.get(0)?, row.get(1)?);
                    Ok(Kept { bytes, files })
                })
        })
    }

    /// Returns the newest job of a repository that checks it or found something out; one that was broken off did not.
    pub fn last_check(&self, location: &str) -> Result<Option<Job>, StoreError> {
        let location = location.trim_end_matches('/').to_owned();
        self.database().read(|connection| {
            connection
                .prepare_cached(concat!(
                    "SELECT ",
                    columns!(),
                    " FROM jobs
                     WHERE rtrim(repository, '/') = ? AND phases LIKE '%\"checking\"%'
                       AND (maintenance <> 'check_failed' OR error_code = 'repository_damaged')
                     ORDER BY id DESC LIMIT 1"
                ))?
                .query_one([location], from_row)
                .optional()
        })
    }
}

/// What tells how long the log of an ended job is kept.
pub(crate) struct EndedJob {
    pub(crate) id: i64,
    pub(crate) ended_at: jiff::Timestamp,
    /// It failed, or its maintenance did.
    pub(crate) went_wrong: bool,
}

impl Store {
    /// Returns every job that has ended.
    pub(crate) fn ended_jobs(&self) -> Result<Vec<EndedJob>, StoreError> {
        self.database().read(|connection| {
            connection
                .prepare_cached(
                    "SELECT id, ended_at,
                         status = 'failed' OR coalesce(maintenance LIKE '%\\_failed' ESCAPE '\\', false)
                     FROM jobs WHERE ended_at IS NOT NULL",
                )?
                .query_map([], |row| {
                    Ok(EndedJob {
                        id: row.get(0)?,
                        ended_at: row.get::<_, Moment>(1)?.0,
                        went_wrong: row.get(2)?,
                    })
                })?
                .collect()
        })
    }
}

/// Makes every further job get a number above this one. Writes nothing where that is so anyway.
pub(crate) fn skip_to(connection: &Connection, id: i64) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO sqlite_sequence (name, seq)
         SELECT 'jobs', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'jobs')",
        [],
    )?;
    connection
        .execute(
            "UPDATE sqlite_sequence SET seq = ?1 WHERE name = 'jobs' AND seq < ?1",
            [id],
        )
        .map(|_| ())
}

/// How saving a row went.
enum Saved {
    Whole,
    Refused(Status),
    Missing,
}

fn insert(connection: &Connection, job: Job) -> rusqlite::Result<Job> {
    let cells = cells(&job);
    let names = cells.each_ref().map(|(name, _)| *name).join(", ");
    let places = cells.each_ref().map(|_| "?").join(", ");
    connection
        .prepare_cached(&format!("INSERT INTO jobs ({names}) VALUES ({places})"))?
        .execute(params_from_iter(cells.iter().map(|(_, value)| value)))?;
    drop(cells);
    Ok(Job {
        id: connection.last_insert_rowid(),
        ..job
    })
}

fn update(connection: &Connection, job: &Job) -> rusqlite::Result<Saved> {
    let cells = cells(job);
    let settings = cells
        .each_ref()
        .map(|(name, _)| format!("{name} = ?"))
        .join(", ");
    let id: &dyn ToSql = &job.id;
    let updated = connection
        .prepare_cached(&format!("UPDATE jobs SET {settings} WHERE id = ?"))?
        .execute(params_from_iter(
            cells.iter().map(|(_, value)| &**value).chain([id]),
        ));
    match updated {
        Ok(0) => Ok(Saved::Missing),
        Ok(_) => Ok(Saved::Whole),
        Err(rusqlite::Error::SqliteFailure(code, _))
            if code.extended_code == ffi::SQLITE_CONSTRAINT_TRIGGER =>
        {
            connection
                .query_one("SELECT status FROM jobs WHERE id = ?", [job.id], |row| {
                    row.get(0)
                })
                .map(Saved::Refused)
        }
        Err(error) => Err(error),
    }
}

/// Every column but the id, with its value.
fn cells(job: &Job) -> [(&'static str, Box<dyn ToSql + '_>); 42] {
    let moment = |time: Option<jiff::Timestamp>| Box::new(time.map(Moment));
    let progress = &job.progress;
    [
        ("kind", Box::new(job.kind)),
        ("repository", Box::new(&job.repository)),
        ("plan", Box::new(job.plan)),
        ("plan_name", Box::new(&job.plan_name)),
        ("triggered_by", Box::new(job.trigger)),
        ("scheduled_job_id", Box::new(job.scheduled_job_id)),
        ("retry_of", Box::new(job.retry_of)),
        ("status", Box::new(job.status)),
        ("phase", Box::new(job.phase)),
        ("phase_percent", Box::new(job.phase_percent.map(Figure))),
        ("phases", Box::new(Json(&job.phases))),
        ("active", Box::new(job.active)),
        ("waiting_for", Box::new(job.waiting_for)),
        ("attempt", Box::new(job.attempt)),
        ("created_at", Box::new(Moment(job.created_at))),
        ("started_at", moment(job.started_at)),
        ("completed_at", moment(job.completed_at)),
        ("ended_at", moment(job.ended_at)),
        ("archive_name", Box::new(&job.archive_name)),
        ("error_code", Box::new(&job.error_code)),
        ("error_message", Box::new(&job.error_message)),
        ("maintenance", Box::new(job.maintenance)),
        ("borg_exit_code", Box::new(job.borg_exit_code)),
        ("warnings", Box::new(Count(job.warnings))),
        ("stalled_since", moment(job.stalled_since)),
        ("check_minutes", Box::new(job.check_minutes)),
        ("kept_until", moment(job.kept_until)),
        ("kept_size", Box::new(Count(job.kept_size))),
        ("command", Box::new(&job.command)),
        ("log_incomplete", Box::new(job.log_incomplete)),
        ("original_size", Box::new(Count(progress.original_size))),
        ("compressed_size", Box::new(Count(progress.compressed_size))),
        (
            "deduplicated_size",
            Box::new(Count(progress.deduplicated_size)),
        ),
        ("nfiles", Box::new(Count(progress.nfiles))),
        ("current_file", Box::new(&progress.current_file)),
        ("percent", Box::new(Figure(progress.percent))),
        ("speed", Box::new(Figure(progress.speed))),
        (
            "total_expected_size",
            Box::new(Count(progress.total_expected_size)),
        ),
        (
            "total_expected_files",
            Box::new(Count(progress.total_expected_files)),
        ),
        (
            "estimated_time_remaining",
            Box::new(Count(progress.estimated_time_remaining)),
        ),
        (
            "time_remaining_margin",
            Box::new(Count(progress.time_remaining_margin)),
        ),
        ("pace", Box::new(Json(&job.pace))),
    ]
}

/// Reads a row of `columns!`, in their order: to look each up by its name takes longer than to read it.
fn from_row(row: &Row<'_>) -> rusqlite::Result<Job> {
    let mut row = Cells { row, next: 0 };
    Ok(Job {
        id: row.take()?,
        kind: row.take()?,
        repository: row.take()?,
        plan: row.take()?,
        plan_name: row.take()?,
        trigger: row.take()?,
        scheduled_job_id: row.take()?,
        retry_of: row.take()?,
        status: row.take()?,
        phase: row.take()?,
        phase_percent: row.take()?,
        phases: row.take::<Json<_>>()?.0,
        active: row.take()?,
        waiting_for: row.take()?,
        attempt: row.take()?,
        created_at: row.take::<Moment>()?.0,
        started_at: row.moment()?,
        completed_at: row.moment()?,
        ended_at: row.moment()?,
        archive_name: row.take()?,
        error_code: row.take()?,
        error_message: row.take()?,
        maintenance: row.take()?,
        borg_exit_code: row.take()?,
        warnings: row.count()?,
        stalled_since: row.moment()?,
        check_minutes: row.take()?,
        kept_until: row.moment()?,
        kept_size: row.count()?,
        command: row.take()?,
        log_incomplete: row.take()?,
        progress: Progress {
            original_size: row.count()?,
            compressed_size: row.count()?,
            deduplicated_size: row.count()?,
            nfiles: row.count()?,
            current_file: row.take()?,
            percent: row.take()?,
            speed: row.take()?,
            total_expected_size: row.count()?,
            total_expected_files: row.count()?,
            estimated_time_remaining: row.count()?,
            time_remaining_margin: row.count()?,
        },
        pace: row.take::<Json<_>>()?.0,
    })
}

/// The cells of a row, one after another.
struct Cells<'row, 'statement> {
    row: &'row Row<'statement>,
    next: usize,
}

impl Cells<'_, '_> {
    fn take<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        let at = self.next;
        self.next += 1;
        self.row.get(at)
    }

    fn moment(&mut self) -> rusqlite::Result<Option<jiff::Timestamp>> {
        let found: Option<Moment> = self.take()?;
        Ok(found.map(|time| time.0))
    }

    fn count(&mut self) -> rusqlite::Result<u64> {
        self.take::<Count>().map(|found| found.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::{Pace, PhaseBegan};
    use crate::testing::{Place, new_job, time};
    use crate::words::{Maintenance, Phase, Trigger, WaitingFor};

    /// A job with every field set to something of its own.
    fn full(id: i64) -> Job {
        Job {
            id,
            plan: Some(4),
            plan_name: Some("Home".to_owned()),
            trigger: Trigger::Schedule,
            scheduled_job_id: Some(5),
            retry_of: Some(6),
            status: Status::Running,
            phase: Phase::BackingUp,
            phase_percent: Some(12.5),
            phases: vec![PhaseBegan {
                phase: Phase::Preparing,
                at: time(1),
            }],
            active: true,
            waiting_for: Some(WaitingFor::Passphrase),
            attempt: 3,
            started_at: Some(time(1)),
            completed_at: Some(time(2)),
            ended_at: Some(time(3)),
            archive_name: Some("home-1".to_owned()),
            error_code: Some("disk_full".to_owned()),
            error_message: Some("The disk is full.".to_owned()),
            maintenance: Some(Maintenance::PruneFailed),
            borg_exit_code: Some(-9),
            warnings: 7,
            stalled_since: Some(time(5)),
            check_minutes: Some(30),
            kept_until: Some(time(4)),
            kept_size: 4_500,
            command: Some("borg create".to_owned()),
            log_incomplete: true,
            progress: Progress {
                original_size: 1,
                compressed_size: 2,
                deduplicated_size: 3,
                nfiles: 4,
                current_file: "/home/ada/\u{1f98a}".to_owned(),
                percent: 56.25,
                speed: 7.5,
                total_expected_size: 8,
                total_expected_files: 9,
                estimated_time_remaining: 10,
                time_remaining_margin: 11,
            },
            pace: Pace {
                unchanged_file: Some(0.5),
                fresh_file: None,
                fresh_byte: Some(1.25e-8),
                finishing: Some(2.5),
            },
            ..Job::pending(0, new_job("/r/"))
        }
    }

    fn ids(jobs: Vec<Job>) -> Vec<i64> {
        jobs.into_iter().map(|job| job.id).collect()
    }

    #[test]
    fn a_new_job_is_pending_and_waiting() {
        let place = Place::new();
        let store = place.open();
        let job = store.insert_job(new_job("/r/")).unwrap();
        assert_eq!((job.status, job.phase), (Status::Pending, Phase::Waiting));
        assert_eq!((job.attempt, job.active), (1, false));
        assert_eq!(job.repository, "/r/");
        assert_eq!(store.job(job.id).unwrap(), Some(job));
        assert_eq!(store.job(99).unwrap(), None);
    }

    #[test]
    fn every_field_of_a_job_is_saved() {
        let place = Place::new();
        let store = place.open();
        let id = store.insert_job(new_job("/r")).unwrap().id;
        store.save_job(&full(id)).unwrap();
        assert_eq!(store.job(id).unwrap(), Some(full(id)));
    }

    #[test]
    fn figures_beyond_what_sqlite_holds_do_not_lose_the_row() {
        let place = Place::new();
        let store = place.open();
        let mut job = store.insert_job(new_job("/r")).unwrap();
        job.progress.original_size = u64::MAX;
        job.progress.speed = f64::NAN;
        job.progress.percent = f64::INFINITY;
        store.save_job(&job).unwrap();
        let saved = store.job(job.id).unwrap().unwrap().progress;
        assert_eq!(saved.original_size, i64::MAX as u64);
        assert_eq!((saved.speed, saved.percent), (0.0, 0.0));
    }

    #[test]
    fn a_terminal_status_never_becomes_another() {
        let place = Place::new();
        let store = place.open();
        for &terminal in Status::ALL.iter().filter(|status| status.is_terminal()) {
            let mut job = store.insert_job(new_job("/r")).unwrap();
            job.status = terminal;
            store.save_job(&job).unwrap();
            for &wanted in Status::ALL.iter().filter(|status| **status != terminal) {
                let later = Job {
                    status: wanted,
                    warnings: 9,
                    ..job.clone()
                };
                match store.save_job(&later).unwrap_err() {
                    StoreError::StatusFinal {
                        job: id,
                        recorded,
                        wanted: refused,
                    } => {
                        assert_eq!((id, recorded, refused), (job.id, terminal, wanted));
                    }
                    other => panic!("{other}"),
                }
            }
            assert_eq!(store.job(job.id).unwrap().as_ref(), Some(&job));
            // All else may still change: maintenance follows a safe archive.
            job.maintenance = Some(Maintenance::PruneCompleted);
            store.save_job(&job).unwrap();
            assert_eq!(store.job(job.id).unwrap(), Some(job));
        }
    }

    #[test]
    fn saving_a_job_that_is_not_there_is_an_error() {
        let place = Place::new();
        assert!(matches!(
            place.open().save_job(&full(99)),
            Err(StoreError::NoSuchJob(99))
        ));
    }

    #[test]
    fn numbers_are_never_used_twice() {
        let place = Place::new();
        let store = place.open();
        let id = store.insert_job(new_job("/r")).unwrap().id;
        store
            .database()
            .write(|connection| connection.execute("DELETE FROM jobs", []))
            .unwrap();
        drop(store);
        assert_eq!(place.open().insert_job(new_job("/r")).unwrap().id, id + 1);
    }

    #[test]
    fn jobs_are_listed_newest_first_and_filtered() {
        let place = Place::new();
        let store = place.open();
        for repository in ["/a", "/a/", "/b", "/b"] {
            store.insert_job(new_job(repository)).unwrap();
        }
        store
            .save_job(&Job {
                repository: "/b".to_owned(),
                ..full(4)
            })
            .unwrap();
        let all = || JobFilter {
            limit: 10,
            ..JobFilter::default()
        };
        let list = |filter: JobFilter| ids(store.jobs(&filter).unwrap());
        assert_eq!(list(all()), [4, 3, 2, 1]);
        assert_eq!(list(JobFilter { limit: 2, ..all() }), [4, 3]);
        assert_eq!(list(JobFilter { limit: 0, ..all() }), [0; 0]);
        assert_eq!(
            list(JobFilter {
                before_id: Some(3),
                ..all()
            }),
            [2, 1]
        );
        for location in ["/a", "/a/"] {
            assert_eq!(
                list(JobFilter {
                    repository: Some(location.to_owned()),
                    ..all()
                }),
                [2, 1]
            );
        }
        assert_eq!(
            list(JobFilter {
                status: Some(Status::Running),
                ..all()
            }),
            [4]
        );
        assert_eq!(
            list(JobFilter {
                trigger: Some(Trigger::Manual),
                ..all()
            }),
            [3, 2, 1]
        );
        assert_eq!(
            list(JobFilter {
                plan: Some(4),
                ..all()
            }),
            [4]
        );
        assert_eq!(
            list(JobFilter {
                kind: Some(crate::JobKind::Backup),
                ..all()
            })
            .len(),
            4
        );
        let narrow = JobFilter {
            repository: Some("/b".to_owned()),
            status: Some(Status::Pending),
            before_id: Some(4),
            ..all()
        };
        assert_eq!(list(narrow), [3]);
    }

    #[test]
    fn unfinished_is_pending_running_or_active() {
        let place = Place::new();
        let store = place.open();
        for _ in 0..5 {
            store.insert_job(new_job("/r")).unwrap();
        }
        let set = |id, status, active| {
            store
                .save_job(&Job {
                    status,
                    active,
                    ..full(id)
                })
                .unwrap();
        };
        set(2, Status::Running, true);
        set(3, Status::Completed, true);
        set(4, Status::Completed, false);
        set(5, Status::Failed, false);
        assert_eq!(ids(store.unfinished_jobs().unwrap()), [1, 2, 3]);
    }

    #[test]
    fn progress_that_is_saved_soon_is_there_before_what_is_saved_later() {
        let place = Place::new();
        let store = place.open();
        let mut job = store.insert_job(new_job("/r")).unwrap();
        for percent in 1..=50 {
            job.progress.percent = f64::from(percent);
            store.save_job_soon(&job);
        }
        job.progress.percent = 99.0;
        store.save_job(&job).unwrap();
        assert_eq!(store.job(job.id).unwrap(), Some(job.clone()));
        job.progress.percent = 99.9;
        store.save_job_soon(&job);
        store.close();
        drop(store);
        assert_eq!(place.open().job(job.id).unwrap(), Some(job));
    }

    #[test]
    fn the_estimate_comes_from_the_newest_safe_job_of_the_plan() {
        let place = Place::new();
        let store = place.open();
        for _ in 0..5 {
            store.insert_job(new_job("/r")).unwrap();
        }
        assert_eq!(store.last_safe_job(4).unwrap(), None);
        let set = |id, plan, status| {
            store
                .save_job(&Job {
                    plan: Some(plan),
                    status,
                    ..full(id)
                })
                .unwrap();
        };
        set(1, 4, Status::Completed);
        set(2, 4, Status::CompletedWithWarnings);
        set(3, 4, Status::Failed);
        set(4, 4, Status::Running);
        set(5, 8, Status::Completed);
        assert_eq!(store.last_safe_job(4).unwrap().unwrap().id, 2);
        let broken_off = full(3);
        let kept = Kept {
            bytes: broken_off.kept_size,
            files: broken_off.progress.nfiles,
        };
        assert!(kept.bytes > 0 && kept.files > 0);
        assert_eq!(store.kept_since_last_safe_job(4).unwrap(), kept);
        let nothing = Kept { bytes: 0, files: 0 };
        assert_eq!(store.kept_since_last_safe_job(8).unwrap(), nothing);
    }

    #[test]
    fn an_unknown_word_is_refused_by_the_database_or_when_read() {
        let place = Place::new();
        let store = place.open();
        store.insert_job(new_job("/r")).unwrap();
        let set = |sql: &'static str| store.database().write(move |to| to.execute(sql, []));
        set("UPDATE jobs SET status = 'sleeping'").unwrap_err();
        set("UPDATE jobs SET triggered_by = 'moon'").unwrap_err();
        set("UPDATE jobs SET phase = 'dancing'").unwrap();
        let error = store.job(1).unwrap_err().to_string();
        assert!(error.contains("dancing"), "{error}");
    }

    #[test]
    fn every_list_is_answered_from_an_index() {
        let place = Place::new();
        let store = place.open();
        for (condition, index) in [
            (
                "rtrim(repository, '/') = rtrim('/r', '/') ORDER BY id DESC",
                "jobs_by_repository",
            ),
            ("plan = 1 ORDER BY id DESC", "jobs_by_plan"),
            ("status = 'failed' ORDER BY id DESC", "jobs_by_status"),
            (
                "status IN ('pending', 'running') OR active = 1 ORDER BY id",
                "jobs_unfinished",
            ),
        ] {
            let sql = format!("EXPLAIN QUERY PLAN SELECT * FROM jobs WHERE {condition}");
            let steps: Vec<String> = store
                .database()
                .read(|connection| {
                    connection
                        .prepare(&sql)?
                        .query_map([], |row| row.get("detail"))?
                        .collect()
                })
                .unwrap();
            assert!(
                steps.len() == 1 && steps[0].contains(index),
                "{condition}: {steps:?}"
            );
        }
    }

    #[test]
    fn two_threads_save_while_others_list() {
        let place = Place::new();
        let store = place.open();
        let jobs = [
            store.insert_job(new_job("/a")),
            store.insert_job(new_job("/b")),
        ];
        std::thread::scope(|scope| {
            for job in jobs {
                let (mut job, store) = (job.unwrap(), store.clone());
                scope.spawn(move || {
                    for count in 1..=200 {
                        job.progress.nfiles = count;
                        job.progress.original_size = count * 10;
                        store.save_job(&job).unwrap();
                        // What was answered is what a reader sees.
                        assert_eq!(store.job(job.id).unwrap().as_ref(), Some(&job));
                    }
                });
            }
            for _ in 0..6 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let listed = store
                            .jobs(&JobFilter {
                                limit: 10,
                                ..JobFilter::default()
                            })
                            .unwrap();
                        assert_eq!(listed.len(), 2);
                        for job in listed {
                            assert_eq!(job.progress.original_size, job.progress.nfiles * 10);
                        }
                    }
                });
            }
        });
    }
}
