//! A few connections that only read.
//!
//! In a write-ahead log readers never wait for the writer. There are [`CONNECTIONS`] of them; a further
//! reader waits for one to be given back, which takes one query.

use std::path::Path;
use std::sync::{Condvar, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags};

use super::{connect, wrap};
use crate::error::StoreError;

/// Queries that may run at once.
const CONNECTIONS: usize = 4;

pub(super) struct Readers {
    idle: Mutex<Vec<Connection>>,
    given_back: Condvar,
}

impl Readers {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let idle = (0..CONNECTIONS)
            .map(|_| connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY))
            .collect::<rusqlite::Result<_>>()
            .map_err(wrap(path))?;
        Ok(Self {
            idle: Mutex::new(idle),
            given_back: Condvar::new(),
        })
    }

    /// Runs a query on a connection of its own.
    pub(super) fn read<T>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = loop {
            match idle.pop() {
                Some(connection) => break connection,
                None => {
                    idle = self
                        .given_back
                        .wait(idle)
                        .unwrap_or_else(PoisonError::into_inner);
                }
            }
        };
        drop(idle);
        let borrowed = Borrowed {
            connection: Some(connection),
            readers: self,
        };
        borrowed
            .connection
            .as_ref()
            .map_or(Err(rusqlite::Error::InvalidQuery), query)
    }
}

/// A connection that goes back also when the query panics.
struct Borrowed<'a> {
    connection: Option<Connection>,
    readers: &'a Readers,
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        let mut idle = self
            .readers
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        idle.extend(self.connection.take());
        self.readers.given_back.notify_one();
    }
}
