//! What a door that listens hears: the present first, then changes, the latest of each job.
//!
//! Bounded by the number of jobs that have not ended: a listener that is slow or gone loses nothing
//! but the states in between.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use alcove_engine::Engine;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::types::{Change, Job};

/// The least time between two changes of one job.
const PACE: Duration = Duration::from_millis(100);

#[derive(Default)]
struct Pending {
    jobs: BTreeMap<i64, Job>,
    plans: bool,
}

#[derive(Default)]
struct Shared {
    pending: Mutex<Pending>,
    arrived: Notify,
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, change: &alcove_engine::Change) {
        match change {
            alcove_engine::Change::Job(view) => {
                let job = Job::from_engine(view.clone());
                self.lock().jobs.insert(job.id, job);
            }
            alcove_engine::Change::Plans => self.lock().plans = true,
        }
        self.arrived.notify_one();
    }
}

/// A stream of changes; see [`Watch::next`].
pub struct Watch {
    shared: Arc<Shared>,
    delivered: BTreeMap<i64, Instant>,
    // The engine keeps only a weak reference: the stream ends with its owner.
    _listener: Arc<dyn Fn(&alcove_engine::Change) + Send + Sync>,
}

impl Watch {
    pub(crate) fn new(engine: &Engine) -> Self {
        let shared = Arc::new(Shared::default());
        let noted = Arc::clone(&shared);
        let listener: Arc<dyn Fn(&alcove_engine::Change) + Send + Sync> =
            Arc::new(move |change| noted.note(change));
        engine.listen(&listener);
        for view in engine.unfinished() {
            let job = Job::from_engine(view);
            // A change that came since the listener was added is newer.
            shared.lock().jobs.entry(job.id).or_insert(job);
        }
        shared.arrived.notify_one();
        Self {
            shared,
            delivered: BTreeMap::new(),
            _listener: listener,
        }
    }

    /// Waits for the next change. One job is delivered at most ten times a second; dropping the
    /// future loses nothing.
    pub async fn next(&mut self) -> Change {
        loop {
            match self.take() {
                Ok(change) => return change,
                Err(Some(due)) => {
                    // Either is a reason to look again.
                    let _ = tokio::time::timeout_at(due, self.shared.arrived.notified()).await;
                }
                Err(None) => self.shared.arrived.notified().await,
            }
        }
    }

    /// Takes a change that may be delivered now, or tells when the next may be.
    fn take(&mut self) -> Result<Change, Option<Instant>> {
        let mut pending = self.shared.lock();
        if pending.plans {
            pending.plans = false;
            return Ok(Change::Plans);
        }
        let now = Instant::now();
        let due = |id: &i64| self.delivered.get(id).map_or(now, |last| *last + PACE);
        let Some(id) = pending.jobs.keys().copied().min_by_key(|id| due(id)) else {
            return Err(None);
        };
        let due = due(&id);
        let Some(job) = (due <= now).then(|| pending.jobs.remove(&id)).flatten() else {
            return Err(Some(due));
        };
        if job.ended_at.is_some() {
            self.delivered.remove(&id);
        } else {
            self.delivered.insert(id, now);
        }
        Ok(Change::Job { job })
    }
}
