//! How fast a backup is, and how long it will take.
//!
//! Bytes race through unchanged files and crawl on new ones, so speed is a short moving average for
//! the eye, and time left is worked out from a longer one.

use std::collections::VecDeque;
use std::time::Duration;

/// Speed is the average of this long.
const SPEED_WINDOW: Duration = Duration::from_secs(5);
/// Time left is worked out from this long.
const REMAINING_WINDOW: Duration = Duration::from_secs(30);
/// No time left is told before a backup has run this long.
const REMAINING_AFTER: Duration = Duration::from_secs(10);

/// Bytes read, over the last half minute.
#[derive(Debug, Default)]
pub(super) struct Rate {
    samples: VecDeque<(Duration, u64)>,
}

impl Rate {
    /// Notes how many bytes have been read by `at`.
    pub(super) fn observe(&mut self, at: Duration, bytes: u64) {
        self.samples.push_back((at, bytes));
        // The sample before the window stays: it is where the window starts.
        while self.samples.len() > 2
            && self
                .samples
                .get(1)
                .is_some_and(|(time, _)| at.saturating_sub(*time) > REMAINING_WINDOW)
        {
            self.samples.pop_front();
        }
    }

    /// Returns the recent speed in MB/s (10^6 bytes a second).
    pub(super) fn speed(&self, at: Duration) -> f64 {
        self.bytes_per_second(at, SPEED_WINDOW) / 1e6
    }

    /// Returns the seconds left for so many bytes, 0 while that cannot be told.
    pub(super) fn remaining(&self, at: Duration, bytes: u64) -> u64 {
        let Some((first, _)) = self.samples.front() else {
            return 0;
        };
        if at.saturating_sub(*first) < REMAINING_AFTER || bytes == 0 {
            return 0;
        }
        let rate = self.bytes_per_second(at, REMAINING_WINDOW);
        if rate < 1.0 {
            0
        } else {
            (bytes as f64 / rate).ceil().min(1e9) as u64
        }
    }

    fn bytes_per_second(&self, at: Duration, window: Duration) -> f64 {
        let from = at.saturating_sub(window);
        let (Some(start), Some(last)) = (
            self.samples
                .iter()
                .rev()
                .find(|(time, _)| *time <= from)
                .or(self.samples.front()),
            self.samples.back(),
        ) else {
            return 0.0;
        };
        let seconds = at.saturating_sub(start.0).as_secs_f64();
        if seconds <= 0.0 {
            0.0
        } else {
            last.1.saturating_sub(start.1) as f64 / seconds
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
    fn time_left_waits_ten_seconds_and_then_follows_the_rate() {
        let mut rate = Rate::default();
        for second in 0..=9 {
            rate.observe(seconds(second), second * 1_000_000);
            assert_eq!(rate.remaining(seconds(second), 100_000_000), 0);
        }
        rate.observe(seconds(10), 10_000_000);
        assert_eq!(rate.remaining(seconds(10), 100_000_000), 100);
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
