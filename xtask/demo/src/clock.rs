//! A clock that is set to a day of the past and runs fast from there.
//!
//! A small backup then looks like one of minutes, and weeks of history are made in one.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use alcove_engine::Clock;
use jiff::{SignedDuration, Timestamp};

/// Is set by the history and read by the engine.
pub(crate) struct PastClock(Mutex<Setting>);

struct Setting {
    /// What it was set to, and how long it had run by then.
    at: Timestamp,
    ran: Duration,
    /// When it was set, by the computer's own clock.
    since: Instant,
    /// Seconds that pass here in one of the computer's own.
    pace: u32,
}

impl Setting {
    fn passed(&self) -> Duration {
        self.since.elapsed() * self.pace
    }
}

impl PastClock {
    pub(crate) fn new(at: Timestamp) -> Self {
        Self(Mutex::new(Setting {
            at,
            ran: Duration::ZERO,
            since: Instant::now(),
            pace: 1,
        }))
    }

    /// Goes on from `at`, `pace` times as fast as the computer's own clock.
    pub(crate) fn set(&self, at: Timestamp, pace: u32) {
        let mut setting = self.setting();
        *setting = Setting {
            at,
            ran: setting.ran + setting.passed(),
            since: Instant::now(),
            pace,
        };
    }

    fn setting(&self) -> MutexGuard<'_, Setting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for PastClock {
    fn now(&self) -> Timestamp {
        let setting = self.setting();
        let passed = SignedDuration::try_from(setting.passed()).unwrap_or_default();
        setting.at.saturating_add(passed).unwrap_or(setting.at)
    }

    fn monotonic(&self) -> Duration {
        let setting = self.setting();
        setting.ran + setting.passed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn setting_it_back_does_not_turn_durations_back() {
        let day: Timestamp = "2026-10-20T20:00:00Z".parse().unwrap();
        let clock = PastClock::new(day);
        clock.set(day, 1_000_000);
        std::thread::sleep(Duration::from_millis(2));
        let ran = clock.monotonic();
        assert!(ran >= Duration::from_secs(2_000));
        assert!(clock.now() >= day + SignedDuration::from_secs(2_000));
        clock.set(day, 1);
        assert!(clock.monotonic() >= ran);
        assert!(clock.now() < day + SignedDuration::from_secs(2_000));
    }
}
