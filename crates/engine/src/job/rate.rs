//! How fast a backup is: a short moving average, for the eye.
//!
//! Bytes race through unchanged files and crawl on new ones, so this says nothing of the time left (`forecast`).

use std::collections::VecDeque;
use std::time::Duration;

/// Speed is the average of this long.
const WINDOW: Duration = Duration::from_secs(5);

/// Bytes read, of late.
#[derive(Debug, Default)]
pub(super) struct Rate {
    samples: VecDeque<(Duration, u64)>,
}

impl Rate {
    /// Notes how many bytes have been read by `at`.
    pub(super) fn observe(&mut self, at: Duration, bytes: u64) {
        self.samples.push_back((at, bytes));
        self.forget(at);
    }

    /// Forgets what was before the window, but for the sample it starts with.
    fn forget(&mut self, at: Duration) {
        let from = at.saturating_sub(WINDOW);
        while self.samples.get(1).is_some_and(|(time, _)| *time <= from) {
            self.samples.pop_front();
        }
    }

    /// Returns the recent speed in MB/s (10^6 bytes a second).
    pub(super) fn speed(&mut self, at: Duration) -> f64 {
        self.forget(at);
        let (Some((since, before)), Some((_, bytes))) = (self.samples.front(), self.samples.back())
        else {
            return 0.0;
        };
        let seconds = at.saturating_sub(*since).as_secs_f64();
        if seconds <= 0.0 {
            0.0
        } else {
            bytes.saturating_sub(*before) as f64 / seconds / 1e6
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn speed_is_the_average_of_the_last_five_seconds() {
        let mut rate = Rate::default();
        for second in 0..=10 {
            rate.observe(seconds(second), second * 1_000_000);
        }
        for second in 11..=15 {
            rate.observe(seconds(second), 10_000_000 + (second - 10) * 50_000_000);
        }
        assert!(
            (rate.speed(seconds(15)) - 50.0).abs() < 0.01,
            "{}",
            rate.speed(seconds(15))
        );
    }

    #[test]
    fn speed_falls_to_nothing_when_nothing_is_read() {
        let mut rate = Rate::default();
        rate.observe(seconds(0), 0);
        rate.observe(seconds(1), 80_000_000);
        rate.observe(seconds(20), 80_000_000);
        assert!(rate.speed(seconds(20)).abs() < f64::EPSILON);
    }

    #[test]
    fn memory_stays_small_over_a_long_backup() {
        let mut rate = Rate::default();
        for tenth in 0..200_000_u64 {
            rate.observe(Duration::from_millis(tenth * 200), tenth);
        }
        assert!(rate.samples.len() < 200, "{}", rate.samples.len());
    }
}
