//! The `SQLite` database: opened, checked, rescued, migrated, copied, written by one thread, read by a few
//! connections.
//!
//! The boundary is the connection: tables know SQL, this module knows files, threads and transactions.
//! What the rows mean is in [`crate::table`].

mod aside;
mod copier;
mod copies;
mod damage;
mod migrations;
mod readers;
mod rescue;
mod writer;

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::StoreError;
use crate::folder::Folder;
use crate::private;
use crate::recovery::Recovery;
use copier::Copier;
use copies::Copies;
use readers::Readers;
use writer::Writer;

/// How long a connection waits for another one's transaction.
const BUSY: Duration = Duration::from_secs(5);

/// The open database.
pub(crate) struct Database {
    copier: Copier,
    readers: Readers,
    writer: Writer,
    path: PathBuf,
}

impl Database {
    /// Opens the database of a data folder, making or migrating it.
    ///
    /// A damaged one is set aside, and the newest whole state put in its place; the second answer says so.
    /// `used` says that there are other traces of records. A copy is kept before records come to a new
    /// format; without it they do not ([`StoreError::NoCopy`]).
    pub(crate) fn open(
        folder: &Folder,
        used: bool,
    ) -> Result<(Self, Option<Recovery>), StoreError> {
        let path = folder.database();
        let copies = Copies::at(folder.copies());
        let closed_well =
            damage::is_folded(&path).map_err(StoreError::file("look at its database"))?;
        let kept = copies
            .newest_first(Timestamp::now())
            .map_err(StoreError::file("look at the copies of its database"))?;
        let used = used || rescue::is_unfinished(&path) || !kept.is_empty();
        let (connection, recovery) = match prepare(&path, &copies, used) {
            Err(error) if error.is_broken_database() => {
                log::error!("{error}");
                let recovery = rescue::rescue(&path, &copies)
                    .map_err(StoreError::file("replace its damaged database"))?;
                // Where no copy was whole, an empty one is what is wanted now.
                (prepare(&path, &copies, false)?, Some(recovery))
            }
            prepared => (prepared?, None),
        };
        let readers = Readers::open(&path)?;
        let reader = connect(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(wrap(&path))?;
        let writer = Writer::start(connection).map_err(StoreError::file(
            "start the thread that writes its database",
        ))?;
        let copying = Copier::start(reader, copies, closed_well).map_err(StoreError::file(
            "start the thread that copies its database",
        ))?;
        let database = Self {
            copier: copying,
            readers,
            writer,
            path,
        };
        Ok((database, recovery))
    }

    /// Runs `query` on a reading connection. It sees every write answered before.
    pub(crate) fn read<T>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        match self.readers.read(query) {
            Some(answer) => answer.map_err(wrap(&self.path)),
            None => Err(StoreError::Closed(self.path.clone())),
        }
    }

    /// Runs `change` in a transaction on the writing thread and waits for its commit.
    ///
    /// An error undoes everything `change` did. When many writes wait, the caller waits too.
    pub(crate) fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        match self.writer.write(change) {
            Some(answer) => answer.map_err(wrap(&self.path)),
            None => Err(StoreError::Closed(self.path.clone())),
        }
    }

    /// Has a change run after those before it, without waiting for it; false when there is no room for it now.
    pub(crate) fn write_soon<T>(
        &self,
        change: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
        heard: impl FnOnce(rusqlite::Result<T>) + Send + 'static,
    ) -> bool {
        self.writer.write_soon(change, heard)
    }

    /// Does what was asked for, keeps a copy of it, and closes every connection, the one that wrote last: it
    /// folds the write-ahead log into the file.
    pub(crate) fn close(&self) {
        let last = self.writer.close();
        self.copier.close();
        self.readers.close();
        drop(last);
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.close();
    }
}

/// Opens the writing connection of a database that is whole and of the newest format. One that is `used` is not empty.
fn prepare(path: &Path, copies: &Copies, used: bool) -> Result<Connection, StoreError> {
    let now = Timestamp::now();
    let failed = || StoreError::file("look at its database");
    migrations::refuse_newer_file(path)?;
    if let Some(damage) = damage::before_opening(path, used).map_err(failed())? {
        return Err(wrap(path)(damage::error(damage)));
    }
    // SQLite gives its side files the mode of the database.
    private::file(path).map_err(StoreError::file("make its database"))?;
    migrations::refuse_newer_log(path)?;
    let opened = || -> rusqlite::Result<Connection> {
        let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        if let Some(damage) = damage::in_pages(&connection)? {
            return Err(damage::error(damage));
        }
        let mode: String =
            connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
        if !mode.eq_ignore_ascii_case("wal") {
            log::warn!(
                "the disk of {} allows no write-ahead log, using {mode}",
                path.display()
            );
        }
        // What was answered outlives a power cut. Each commit waits for the disk, some 4 ms of an SSD; a job
        // has about fifteen, and its live progress is served from memory.
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        Ok(connection)
    };
    let mut connection = opened().map_err(wrap(path))?;
    if migrations::are_due(&connection).map_err(wrap(path))? {
        copies
            .make(&connection, now)
            .map_err(|reason| StoreError::NoCopy(Box::new(reason)))?;
    }
    migrations::run(&mut connection).map_err(wrap(path))?;
    Ok(connection)
}

/// Opens a connection that waits for others instead of failing at once.
fn connect(path: &Path, mode: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY)?;
    // A kept statement stays prepared, whatever values it is asked with (SQLite, "The Query Planner Stability
    // Guarantee"); without, a limit that is a parameter prepares it anew each time.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}

/// Makes the conversion for `map_err` that adds the path.
fn wrap(path: &Path) -> impl FnOnce(rusqlite::Error) -> StoreError {
    move |source| StoreError::Database {
        path: path.to_path_buf(),
        source,
    }
}
