//! A few connections that only read.
//!
//! In a write-ahead log readers never wait for the writer. There are [`CONNECTIONS`] of them; a further
//! reader waits for one to be given back, which takes one query. Once they are closed nobody gets one.

use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OpenFlags};

use super::{connect, wrap};
use crate::error::StoreError;

/// Queries that may run at once.
const CONNECTIONS: usize = 4;

pub(super) struct Readers {
    pool: Mutex<Pool>,
    given_back: Condvar,
}

struct Pool {
    idle: Vec<Connection>,
    lent: usize,
    closed: bool,
}

impl Readers {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let idle = (0..CONNECTIONS)
            .map(|_| connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY))
            .collect::<rusqlite::Result<_>>()
            .map_err(wrap(path))?;
        Ok(Self {
            pool: Mutex::new(Pool {
                idle,
                lent: 0,
                closed: false,
            }),
            given_back: Condvar::new(),
        })
    }

    /// Runs a query on a connection of its own; `None` once they are closed.
    pub(super) fn read<T>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Option<rusqlite::Result<T>> {
        let mut pool = self.pool();
        let connection = loop {
            if pool.closed {
                return None;
            }
            match pool.idle.pop() {
                Some(connection) => break connection,
                None => pool = self.wait(pool),
            }
        };
        pool.lent += 1;
        drop(pool);
        let borrowed = Borrowed {
            connection: Some(connection),
            readers: self,
        };
        borrowed.connection.as_ref().map(query)
    }

    /// Closes every connection; one that is lent when its query is done, which is waited for.
    pub(super) fn close(&self) {
        let mut pool = self.pool();
        pool.closed = true;
        // Those who wait for a connection get none.
        self.given_back.notify_all();
        while pool.lent > 0 {
            pool = self.wait(pool);
        }
        pool.idle.clear();
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, pool: MutexGuard<'a, Pool>) -> MutexGuard<'a, Pool> {
        self.given_back
            .wait(pool)
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that goes back also when the query panics.
struct Borrowed<'a> {
    connection: Option<Connection>,
    readers: &'a Readers,
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        let mut pool = self.readers.pool();
        pool.idle.extend(self.connection.take());
        pool.lent -= 1;
        // All: who closes waits among those who read.
        self.readers.given_back.notify_all();
    }
}
