//! The `SQLite` database: opened, checked, migrated, written by one thread, read by a few connections.
//!
//! The boundary is the connection: tables know SQL, this module knows files, threads and transactions.
//! What the rows mean is in [`crate::table`].

mod aside;
mod migrations;
mod readers;
mod writer;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, ffi};

use crate::error::StoreError;
use crate::private;
use readers::Readers;
use writer::Writer;

/// How long a connection waits for another one's transaction.
const BUSY: Duration = Duration::from_secs(5);

/// The open database.
///
/// Fields are dropped in order: the readers close first, so that the writer is the last to close and
/// folds the write-ahead log into the file.
pub(crate) struct Database {
    readers: Readers,
    writer: Writer,
    path: PathBuf,
}

impl Database {
    /// Opens the database, making or migrating it.
    ///
    /// A damaged file is renamed aside and a new one begun; its new name is the second answer.
    pub(crate) fn open(path: PathBuf) -> Result<(Self, Option<PathBuf>), StoreError> {
        let (connection, broken) = match prepare(&path) {
            Err(error) if error.is_broken_database() => {
                log::error!("{error}");
                let broken = aside::set_aside(&path)
                    .map_err(StoreError::file("set its damaged database aside"))?;
                (prepare(&path)?, Some(broken))
            }
            prepared => (prepared?, None),
        };
        let readers = Readers::open(&path)?;
        let writer = Writer::start(connection).map_err(StoreError::file(
            "start the thread that writes its database",
        ))?;
        Ok((
            Self {
                readers,
                writer,
                path,
            },
            broken,
        ))
    }

    /// Runs `query` on a reading connection. It sees every write answered before.
    pub(crate) fn read<T>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.readers.read(query).map_err(wrap(&self.path))
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
}

/// Opens the writing connection of a database that is whole and of the newest format.
fn prepare(path: &Path) -> Result<Connection, StoreError> {
    // SQLite gives its side files the mode of the database.
    private::file(path).map_err(StoreError::file("make its database"))?;
    migrations::refuse_newer(path)?;
    let opened = || -> rusqlite::Result<Connection> {
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        check(&connection)?;
        let mode: String =
            connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
        if !mode.eq_ignore_ascii_case("wal") {
            log::warn!(
                "the disk of {} allows no write-ahead log, using {mode}",
                path.display()
            );
        }
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        migrations::run(&mut connection)?;
        Ok(connection)
    };
    opened().map_err(wrap(path))
}

/// Opens a connection that waits for others instead of failing at once.
fn connect(path: &Path, mode: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY)?;
    Ok(connection)
}

/// Fails when the file's pages are not those of a whole database.
fn check(connection: &Connection) -> rusqlite::Result<()> {
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" {
        return Ok(());
    }
    Err(rusqlite::Error::SqliteFailure(
        ffi::Error::new(ffi::SQLITE_CORRUPT),
        Some(verdict),
    ))
}

/// Makes the conversion for `map_err` that adds the path.
fn wrap(path: &Path) -> impl FnOnce(rusqlite::Error) -> StoreError {
    move |source| StoreError::Database {
        path: path.to_path_buf(),
        source,
    }
}
