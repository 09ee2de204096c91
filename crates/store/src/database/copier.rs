//! The thread that keeps a copy of the database at a calm rhythm.
//!
//! One is made when the newest is a day old, which is looked at when the database is opened and every hour
//! from then on, one when it is closed after something was written, and one when it is opened after nobody closed
//! it. It reads on a connection of its
//! own, which the writer never waits for. A copy that cannot be made is tried again an hour later.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;

use super::copies::Copies;

/// How often the age of the newest copy is looked at.
const LOOK: Duration = Duration::from_hours(1);

pub(super) struct Copier {
    /// `None` once it is closed.
    running: Mutex<Option<Running>>,
}

struct Running {
    open: SyncSender<()>,
    thread: JoinHandle<()>,
}

impl Copier {
    /// Gives a reading connection to a new thread; `closed_well`: whoever wrote last made the last copy.
    pub(super) fn start(
        connection: Connection,
        copies: Copies,
        closed_well: bool,
    ) -> io::Result<Self> {
        let (open, closed) = sync_channel(0);
        // Before anybody can write: the thread may come to it later.
        let seen = version(&connection).map_err(io::Error::other)?;
        let seen = closed_well.then_some(seen);
        let thread = thread::Builder::new()
            .name("alcove-store-copies".to_owned())
            .spawn(move || {
                if let Err(error) = keep(&connection, &copies, seen, &closed) {
                    log::error!("no copies of the database are kept: {error}");
                }
            })?;
        Ok(Self {
            running: Mutex::new(Some(Running { open, thread })),
        })
    }

    /// Makes the last copy, if something was written since the one before, and gives the connection up.
    pub(super) fn close(&self) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Running { open, thread }) = running.take() else {
            return;
        };
        drop(open);
        if thread.join().is_err() {
            log::error!("the thread that copies the database ended in a panic");
        }
    }
}

/// Makes copies until it is closed; `seen` is the version nobody need copy any more, where there is one.
fn keep(
    connection: &Connection,
    copies: &Copies,
    mut seen: Option<i64>,
    closed: &Receiver<()>,
) -> rusqlite::Result<()> {
    loop {
        let now = Timestamp::now();
        match copies.is_due(now) {
            Ok(due) if due || seen.is_none() => {
                let before = version(connection)?;
                if make(connection, copies) {
                    seen = Some(before);
                }
            }
            Ok(_) => {}
            Err(error) => log::warn!("the copies of the database cannot be listed: {error}"),
        }
        if closed.recv_timeout(LOOK) != Err(RecvTimeoutError::Timeout) {
            break;
        }
    }
    if Some(version(connection)?) != seen {
        make(connection, copies);
    }
    Ok(())
}

fn make(connection: &Connection, copies: &Copies) -> bool {
    copies
        .make(connection, Timestamp::now())
        .inspect_err(|error| log::warn!("no copy of the database was made: {error}"))
        .is_ok()
}

/// A number that changes with every commit of another connection.
fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "data_version", |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use crate::testing::{Place, new_job, repository};

    fn copies(place: &Place) -> Vec<std::path::PathBuf> {
        let mut paths: Vec<_> = std::fs::read_dir(place.folder().copies())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.sort();
        paths
    }

    fn jobs_in(copy: &std::path::Path) -> i64 {
        rusqlite::Connection::open(copy)
            .unwrap()
            .query_one("SELECT count(*) FROM jobs", [], |row| row.get(0))
            .unwrap()
    }

    #[test]
    fn a_good_close_leaves_a_copy_of_everything_and_one_without_a_change_none() {
        let place = Place::new();
        let store = place.open();
        store.insert_repository(repository("/r")).unwrap();
        store.insert_job(new_job("/r")).unwrap();
        drop(store);
        let copied = copies(&place);
        assert_eq!(jobs_in(copied.last().unwrap()), 1);

        let modified = |path: &std::path::Path| path.metadata().unwrap().modified().unwrap();
        let before = modified(copied.last().unwrap());
        drop(place.open());
        assert_eq!(copies(&place), copied);
        assert_eq!(modified(copied.last().unwrap()), before);
    }

    #[test]
    fn what_one_that_was_killed_wrote_is_copied_by_the_next() {
        let place = Place::new();
        drop(place.open());
        let read = |path: std::path::PathBuf| {
            let bytes = std::fs::read(&path).unwrap();
            (path, bytes)
        };
        let before: Vec<_> = copies(&place).into_iter().map(read).collect();
        let store = place.open();
        store.insert_job(new_job("/r")).unwrap();
        let database = place.folder().database();
        let log = database.with_extension("sqlite3-wal");
        let left = [database, log].map(read);
        drop(store);
        // As if nobody had closed it.
        for copy in copies(&place) {
            std::fs::remove_file(copy).unwrap();
        }
        for (path, bytes) in before.into_iter().chain(left) {
            std::fs::write(path, bytes).unwrap();
        }
        drop(place.open());
        assert_eq!(jobs_in(copies(&place).last().unwrap()), 1);
    }

    #[test]
    fn what_is_written_in_the_first_moment_is_in_the_copy_too() {
        let place = Place::new();
        for jobs in 1..=50 {
            place.open().insert_job(new_job("/r")).unwrap();
            assert_eq!(jobs_in(copies(&place).last().unwrap()), jobs);
        }
    }

    #[test]
    fn a_file_in_the_way_of_the_copies_is_named() {
        let place = Place::new();
        std::fs::create_dir(place.path()).unwrap();
        std::fs::write(place.folder().copies(), "in the way").unwrap();
        crate::private::narrow(place.path(), 0o700).unwrap();
        let error = crate::Store::open(place.folder()).unwrap_err();
        assert!(error.to_string().contains("copies"), "{error}");
    }
}
