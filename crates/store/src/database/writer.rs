//! The one thread that writes to the database.
//!
//! One writer means that two never meet on a row, and that a caller's change is a closure run whole in
//! its own transaction. The queue holds [`QUEUE`] changes; further callers wait. When the writer is closed
//! the thread does every queued change and gives the connection back.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use fail::fail_point;
use rusqlite::{Connection, TransactionBehavior};

/// Changes that may wait.
const QUEUE: usize = 64;

type Change = Box<dyn FnOnce(&mut Connection) + Send>;

pub(super) struct Writer {
    /// `None` once it is closed.
    running: Mutex<Option<Running>>,
}

struct Running {
    queue: SyncSender<Change>,
    thread: JoinHandle<Connection>,
}

impl Writer {
    /// Gives the connection to a new thread.
    pub(super) fn start(connection: Connection) -> io::Result<Self> {
        let (queue, changes) = sync_channel(QUEUE);
        let thread = thread::Builder::new()
            .name("alcove-store-writer".to_owned())
            .spawn(move || work(connection, &changes))?;
        Ok(Self {
            running: Mutex::new(Some(Running { queue, thread })),
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
        let queue = self.running().as_ref()?.queue.clone();
        queue.send(change).ok()?;
        answered.recv().ok()
    }

    /// Has a change run in a transaction, after those before it, and waits for nothing; false when the queue is full or
    /// the thread is gone. `heard` is told how it went.
    pub(super) fn write_soon<T>(
        &self,
        change: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
        heard: impl FnOnce(rusqlite::Result<T>) + Send + 'static,
    ) -> bool {
        let change =
            Box::new(move |connection: &mut Connection| heard(in_transaction(connection, change)));
        self.running()
            .as_ref()
            .is_some_and(|running| running.queue.try_send(change).is_ok())
    }

    /// Takes no further change, and returns the connection once those before are done; `None` when it was
    /// returned already, or went with a thread that panicked.
    pub(super) fn close(&self) -> Option<Connection> {
        let Running { queue, thread } = self.running().take()?;
        drop(queue);
        let connection = thread.join();
        if connection.is_err() {
            log::error!("the thread that writes the database ended in a panic");
        }
        connection.ok()
    }

    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn work(mut connection: Connection, changes: &Receiver<Change>) -> Connection {
    while let Ok(change) = changes.recv() {
        change(&mut connection);
    }
    connection
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
