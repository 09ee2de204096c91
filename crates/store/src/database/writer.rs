//! The one thread that writes to the database.
//!
//! One writer means that two never meet on a row, and that a caller's change is a closure run whole in
//! its own transaction. The queue holds [`QUEUE`] changes; further callers wait. The thread ends when
//! the writer is dropped, after every queued change is done.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use fail::fail_point;
use rusqlite::{Connection, TransactionBehavior};

/// Changes that may wait.
const QUEUE: usize = 64;

type Change = Box<dyn FnOnce(&mut Connection) + Send>;

pub(super) struct Writer {
    /// `None` only while being dropped.
    queue: Option<SyncSender<Change>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Gives the connection to a new thread.
    pub(super) fn start(connection: Connection) -> io::Result<Self> {
        let (queue, changes) = sync_channel(QUEUE);
        let thread = thread::Builder::new()
            .name("alcove-store-writer".to_owned())
            .spawn(move || work(connection, &changes))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    /// Runs a change in a transaction and waits for its commit; `None` when the thread is gone.
    pub(super) fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Option<rusqlite::Result<T>> {
        let (answer, answered) = sync_channel(1);
        let change = Box::new(move |connection: &mut Connection| {
            // Nobody waits any more only when the caller panicked.
            let _ = answer.send(in_transaction(connection, change));
        });
        self.queue.as_ref()?.send(change).ok()?;
        answered.recv().ok()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if self
            .thread
            .take()
            .is_some_and(|thread| thread.join().is_err())
        {
            log::error!("the thread that writes the database ended in a panic");
        }
    }
}

fn work(mut connection: Connection, changes: &Receiver<Change>) {
    while let Ok(change) = changes.recv() {
        change(&mut connection);
    }
}

fn in_transaction<T>(
    connection: &mut Connection,
    change: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let answer = change(&transaction)?;
    fail_point!("store::commit");
    transaction.commit()?;
    fail_point!("store::committed");
    Ok(answer)
}
