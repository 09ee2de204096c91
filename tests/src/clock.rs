//! A clock that a test puts.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use alcove_api::{Clock, SystemClock};
use jiff::{SignedDuration, Timestamp};

/// The computer's clocks, the one on the wall put forward or back. Clones are one clock.
#[derive(Clone, Default)]
pub struct PutClock {
    own: Arc<SystemClock>,
    put: Arc<Mutex<SignedDuration>>,
}

impl PutClock {
    /// Puts it so that it is this time now.
    pub fn put(&self, now: Timestamp) {
        let ahead = now.duration_since(self.own.now());
        *self.put.lock().unwrap_or_else(PoisonError::into_inner) = ahead;
    }
}

impl Clock for PutClock {
    fn now(&self) -> Timestamp {
        self.own.now() + *self.put.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn monotonic(&self) -> Duration {
        self.own.monotonic()
    }
}
