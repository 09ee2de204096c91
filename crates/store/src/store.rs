//! The store: an owned data folder, its database and its logs.
//!
//! This file is only about having it; what can be done with it is beside each table
//! ([`crate::table`]) and beside the logs ([`crate::logs`]).

use std::sync::Arc;

use fs_err as fs;

use crate::database::Database;
use crate::error::StoreError;
use crate::folder::Folder;
use crate::lock::OwnerLock;
use crate::logs::Shelf;
use crate::private;
use crate::recovery::Recovery;
use crate::table;

/// Everything Alcove keeps on disk. Clones share it; the last one dropped closes it and gives the folder back.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

/// Fields are dropped in order: the lock is given back when nothing is written any more.
struct Shared {
    shelf: Shelf,
    database: Database,
    folder: Folder,
    recovery: Option<Recovery>,
    _lock: OwnerLock,
}

impl Store {
    /// Opens a data folder, making what is missing, and becomes its owner.
    ///
    /// The folder is made 0700 and its files 0600, also when they were wider. A damaged database is set
    /// aside and replaced ([`Store::recovery`]). Errors: [`StoreError::InUse`], [`StoreError::Newer`] and
    /// [`StoreError::NoCopy`] (nothing is changed), what [`StoreError::Shared`] and its kin say of
    /// the folder, and whatever the disk says.
    pub fn open(folder: Folder) -> Result<Self, StoreError> {
        private::root(&folder)?;
        let lock = OwnerLock::take(&folder)?;
        private::folder(&folder.logs()).map_err(StoreError::file("make its folder of logs"))?;
        let last_log = last_log(&folder)?;
        let (database, recovery) = Database::open(&folder, last_log > 0)?;
        // A new job never gets the number of a log that is there, as it would after a rescue.
        database.write(move |connection| table::jobs::skip_to(connection, last_log))?;
        Ok(Self {
            shared: Arc::new(Shared {
                shelf: Shelf::new(folder.clone()),
                database,
                folder,
                recovery,
                _lock: lock,
            }),
        })
    }

    /// Returns the data folder.
    pub fn folder(&self) -> &Folder {
        &self.shared.folder
    }

    /// Returns what was done about a damaged database, when this opening found one.
    pub fn recovery(&self) -> Option<&Recovery> {
        self.shared.recovery.as_ref()
    }

    /// Closes the database for every clone: what was written is in one file and in a copy of it when this
    /// returns, and lines of logs that waited for room on the disk are there if there is any. Calls that need the
    /// database give [`StoreError::Closed`] from then on. The logs stay open, and the folder is owned until the last
    /// clone is dropped.
    pub fn close(&self) {
        self.write_late_lines();
        self.shared.database.close();
    }

    pub(crate) fn database(&self) -> &Database {
        &self.shared.database
    }

    pub(crate) fn shelf(&self) -> &Shelf {
        &self.shared.shelf
    }
}

/// Returns the highest number of a job that has a log; 0 when none has.
fn last_log(folder: &Folder) -> Result<i64, StoreError> {
    let failed = || StoreError::file("read its folder of logs");
    let mut highest = 0;
    for entry in fs::read_dir(folder.logs()).map_err(failed())? {
        let name = entry.map_err(failed())?.file_name();
        highest = highest.max(name.to_str().and_then(Folder::job_of_log).unwrap_or(0));
    }
    Ok(highest)
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("folder", self.folder())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use rusqlite::Connection;

    use super::*;
    use crate::Level;
    use crate::testing::{Place, new_job, time};

    #[test]
    fn a_second_opener_is_told_who_owns_the_folder_and_may_open_it_afterwards() {
        let place = Place::new();
        let store = place.open();
        let clone = store.clone();
        for _ in 0..2 {
            match Store::open(place.folder()).unwrap_err() {
                StoreError::InUse { folder, pid } => {
                    assert_eq!(folder, place.path());
                    assert_eq!(pid, Some(std::process::id()));
                }
                other => panic!("{other}"),
            }
        }
        drop(store);
        Store::open(place.folder()).unwrap_err();
        drop(clone);
        place.open();
    }

    #[test]
    fn a_log_being_written_keeps_the_folder_owned() {
        let place = Place::new();
        let writer = place.open().log_writer(1).unwrap();
        Store::open(place.folder()).unwrap_err();
        drop(writer);
        place.open();
    }

    #[cfg(unix)]
    #[test]
    fn the_folder_and_every_file_are_private_even_if_they_were_not() {
        use std::os::unix::fs::PermissionsExt;
        let place = Place::new();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o7777;
        let widen = |path: &Path, mode| {
            std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
        };
        drop(place.open());
        widen(place.path(), 0o755);
        widen(&place.folder().database(), 0o644);
        widen(&place.folder().logs(), 0o777);

        let store = place.open();
        store.insert_job(new_job("/r")).unwrap();
        let mut log = store.log_writer(1).unwrap();
        for _ in 0..1_000 {
            log.write(
                time(0),
                Level::Info,
                "a line that is long enough to need an index soon",
            );
        }
        assert_eq!(mode(place.path()), 0o700);
        assert_eq!(mode(&place.folder().logs()), 0o700);
        let files = [place.path().to_path_buf(), place.folder().logs()].map(|folder| {
            std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .collect::<Vec<_>>()
        });
        let files: Vec<_> = files
            .concat()
            .into_iter()
            .filter(|path| path.is_file())
            .collect();
        assert!(files.len() >= 6, "{files:?}");
        for file in files {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_shared_folder_with_foreign_files_is_refused_and_left_as_it_was() {
        use std::os::unix::fs::PermissionsExt;
        let place = Place::new();
        std::fs::create_dir(place.path()).unwrap();
        std::fs::set_permissions(place.path(), PermissionsExt::from_mode(0o777)).unwrap();
        std::fs::write(place.path().join("theirs"), "").unwrap();
        assert!(matches!(
            Store::open(place.folder()),
            Err(StoreError::Shared(_))
        ));
        assert_eq!(
            place.path().metadata().unwrap().permissions().mode() & 0o7777,
            0o777
        );
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_was_answered_survives_a_crash() {
        let place = Place::new();
        let store = place.open();
        let job = store.insert_job(new_job("/r")).unwrap();
        store.set_setting("theme", Some("dark")).unwrap();
        let copy = place.crashed_copy();
        drop(store);
        let store = copy.open();
        assert_eq!(store.recovery(), None);
        assert_eq!(store.unfinished_jobs().unwrap(), [job]);
        assert_eq!(store.setting("theme").unwrap().as_deref(), Some("dark"));
    }

    /// Names the data folder to the child process of the test below.
    const VICTIM: &str = "ALCOVE_STORE_TEST_VICTIM";

    /// Saves and logs a number, then says it, until killed.
    fn go_on_until_killed(path: &Path) -> ! {
        let store = Store::open(Folder::at(path)).unwrap();
        let mut job = store.insert_job(new_job("/r")).unwrap();
        let mut log = store.log_writer(job.id).unwrap();
        for number in 1.. {
            job.progress.nfiles = number;
            store.save_job(&job).unwrap();
            log.write(time(0), Level::Info, &number.to_string());
            println!("\nsaid {number}");
        }
        unreachable!("numbers do not end")
    }

    #[cfg(unix)]
    #[test]
    fn a_killed_process_gives_the_folder_back_and_loses_nothing_it_said() {
        use std::io::{BufRead, BufReader};
        if let Some(path) = std::env::var_os(VICTIM) {
            go_on_until_killed(Path::new(&path));
        }
        let place = Place::new();
        let name = std::thread::current().name().unwrap().to_owned();
        let mut victim = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &name, "--nocapture"])
            .env(VICTIM, place.path())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(victim.stdout.take().unwrap()).lines();
        let mut said = 0;
        for line in lines.map_while(Result::ok) {
            said = line
                .strip_prefix("said ")
                .map_or(said, |number| number.parse().unwrap());
            // Said once: the empty line after it comes when the victim may be gone.
            if line == "said 100" {
                let error = Store::open(place.folder()).unwrap_err();
                assert!(matches!(error, StoreError::InUse { pid, .. } if pid == Some(victim.id())));
                victim.kill().unwrap();
            }
        }
        victim.wait().unwrap();
        assert!(said >= 100);

        let store = place.open();
        assert_eq!(store.recovery(), None);
        let left = store.unfinished_jobs().unwrap();
        assert!(left[0].progress.nfiles >= said);
        let page = store
            .log_reader(left[0].id)
            .unwrap()
            .unwrap()
            .page(said - 1, 1)
            .unwrap();
        assert_eq!(page.lines[0].text, said.to_string());
    }

    #[test]
    fn a_store_is_shared_between_threads() {
        fn shared<T: Send + Sync>(_: &T) {}
        let place = Place::new();
        let store = place.open();
        shared(&store);
        shared(&store.log_writer(1).unwrap());
        shared(&store.log_reader(1).unwrap());
        shared(&StoreError::NoLog(1));
    }

    #[test]
    fn a_closed_database_is_one_file() {
        let place = Place::new();
        let store = place.open();
        store.insert_job(new_job("/r")).unwrap();
        drop(store);
        let mut names: Vec<_> = std::fs::read_dir(place.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["alcove.lock", "alcove.sqlite3", "copies", "logs"]);
    }

    #[test]
    fn a_store_that_is_closed_is_one_file_and_a_copy_while_a_clone_of_it_lives() {
        let place = Place::new();
        let store = place.open();
        let clone = store.clone();
        store.insert_job(new_job("/r")).unwrap();
        store.close();
        let [database, wal] =
            ["", "-wal"].map(|end| place.path().join(format!("alcove.sqlite3{end}")));
        assert!(!wal.exists());
        let copy = std::fs::read_dir(place.folder().copies())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .max()
            .unwrap();
        for file in [database, copy] {
            let jobs: i64 = Connection::open(file)
                .unwrap()
                .query_one("SELECT count(*) FROM jobs", [], |row| row.get(0))
                .unwrap();
            assert_eq!(jobs, 1);
        }
        assert!(matches!(
            clone.insert_job(new_job("/r")),
            Err(StoreError::Closed(_))
        ));
        assert!(matches!(
            clone.unfinished_jobs(),
            Err(StoreError::Closed(_))
        ));
        clone
            .log_writer(1)
            .unwrap()
            .write(time(0), Level::Info, "the last word");
        store.close();
        Store::open(place.folder()).unwrap_err();
        drop((store, clone));
        assert_eq!(place.open().unfinished_jobs().unwrap().len(), 1);
    }

    #[test]
    fn closing_waits_for_queries_and_changes_that_are_on_their_way() {
        let place = Place::new();
        let store = place.open();
        let answers = std::thread::scope(|scope| {
            let busy: Vec<_> = (0..16)
                .map(|_| {
                    scope.spawn(|| {
                        let mut written = 0;
                        while store.insert_job(new_job("/r")).is_ok() {
                            written += 1;
                            let _ = store.unfinished_jobs();
                        }
                        written
                    })
                })
                .collect();
            while store.unfinished_jobs().unwrap().is_empty() {
                std::thread::yield_now();
            }
            store.close();
            assert!(!place.path().join("alcove.sqlite3-wal").exists());
            busy.into_iter()
                .map(|thread| thread.join().unwrap())
                .sum::<usize>()
        });
        drop(store);
        assert_eq!(place.open().unfinished_jobs().unwrap().len(), answers);
    }

    #[test]
    fn the_database_runs_with_the_stated_pragmas() {
        let place = Place::new();
        let store = place.open();
        let read = |name: &'static str| {
            store
                .database()
                .write(move |connection: &Connection| {
                    connection.pragma_query_value(None, name, |row| {
                        row.get::<_, rusqlite::types::Value>(0)
                    })
                })
                .unwrap()
        };
        assert_eq!(read("journal_mode"), "wal".to_owned().into());
        assert_eq!(read("synchronous"), 2i64.into());
        assert_eq!(read("foreign_keys"), 1i64.into());
        assert_eq!(read("busy_timeout"), 5_000i64.into());
    }
}
