//! Telling the doors that something changed.
//!
//! A listener is called on the thread that made the change and must not wait: doors note the latest
//! and deliver it at their own pace.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::record::JobView;

/// One change.
#[derive(Debug, Clone)]
#[allow(
    clippy::large_enum_variant,
    reason = "passed on at once, never kept in bulk"
)]
pub enum Change {
    /// A job is new or has changed.
    Job(JobView),
    /// Repositories or plans changed.
    Plans,
    /// What is set for all of Alcove changed.
    Settings,
}

/// Something that wants to hear of changes, for as long as its owner keeps it.
pub(crate) type Listener = dyn Fn(&Change) + Send + Sync;

/// Everyone who listens.
#[derive(Default)]
pub(crate) struct Listeners(Mutex<Vec<Weak<Listener>>>);

impl Listeners {
    pub(crate) fn add(&self, listener: &Arc<Listener>) {
        self.lock().push(Arc::downgrade(listener));
    }

    pub(crate) fn tell(&self, change: &Change) {
        let listening: Vec<_> = {
            let mut all = self.lock();
            all.retain(|listener| listener.strong_count() > 0);
            all.iter().filter_map(Weak::upgrade).collect()
        };
        for listener in listening {
            listener(change);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Weak<Listener>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
