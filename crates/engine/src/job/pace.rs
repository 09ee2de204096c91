//! How long each kind of a backup's work takes: learned from the run itself, and before that from earlier ones.
//!
//! Borg passes over thousands of unchanged files a second and takes its time with those it reads, so there is no one
//! speed. What each kind takes is the least squares fit to the steps of the run; what an earlier run took counts like some
//! seconds of this one, so it is believed until the run says otherwise.

use std::time::Duration;

use alcove_store::Pace;

use super::course::Work;

/// What is supposed of a computer nobody knows: 15,000 unchanged files a second, 2,000 fresh ones, 100 MB/s. Source: order
/// of magnitude of Borg 1.2.4 and 1.4.5 on a local disk.
const SUPPOSED: [f64; 3] = [1.0 / 15_000.0, 1.0 / 2_000.0, 1.0 / 100e6];
/// What is supposed counts like so many seconds of work.
const SUPPOSED_WEIGHT: f64 = 0.1;
/// What an earlier run took counts like so many.
const LEARNED_WEIGHT: f64 = 5.0;
/// A kind of work that took so many seconds of this run is known.
const KNOWN: f64 = 2.0;
/// A kind that is not may take so many times what is supposed.
const DOUBT: f64 = 10.0;
/// What was longer ago than this share of the run counts half.
const FORGET: f64 = 0.5;
/// Nothing is forgotten faster than this.
const FORGET_LEAST: Duration = Duration::from_secs(20);
/// Enough to settle three unknowns.
const SWEEPS: usize = 100;
/// No unit of work takes less than a millionth of a millionth of a second, and none more than a day.
const LEAST: f64 = 1e-12;
pub(super) const MOST: f64 = 86_400.0;

/// A pace that follows what it sees.
#[derive(Debug)]
pub(super) struct Fit {
    /// Seconds a unit, for each kind of work.
    seconds: [f64; 3],
    /// What an earlier run took.
    learned: [Option<f64>; 3],
    /// How much of each kind was seen.
    seen: [f64; 3],
    /// The sums of the normal equations: products of work with work, and with time. Each step counts by the time it was
    /// expected to take and not by its square, or a second in which much was done would outweigh minutes of little.
    products: [[f64; 3]; 3],
    times: [f64; 3],
}

impl Default for Fit {
    fn default() -> Self {
        Self::new(Pace::default())
    }
}

impl Fit {
    /// Starts with what an earlier run took.
    pub(super) fn new(pace: Pace) -> Self {
        let learned = [pace.unchanged_file, pace.fresh_file, pace.fresh_byte]
            .map(|seconds| seconds.filter(|seconds| (LEAST..=MOST).contains(seconds)));
        let mut seconds = SUPPOSED;
        for (seconds, learned) in seconds.iter_mut().zip(learned) {
            *seconds = learned.unwrap_or(*seconds);
        }
        Self {
            seconds,
            learned,
            seen: [0.0; 3],
            products: [[0.0; 3]; 3],
            times: [0.0; 3],
        }
    }

    /// Takes a step into account: this work took so long, in a run that has lasted `elapsed`.
    pub(super) fn observe(&mut self, work: Work, took: Duration, elapsed: Duration) {
        let (work, took) = (work.parts(), took.as_secs_f64());
        let half = FORGET_LEAST
            .as_secs_f64()
            .max(elapsed.as_secs_f64() * FORGET);
        let kept = 0.5_f64.powf(took / half);
        let believed: [f64; 3] = std::array::from_fn(|kind| self.before(kind).0);
        let expected = dot(work, believed);
        // Time in which nothing was done says nothing of how long anything takes.
        if expected <= 0.0 {
            return;
        }
        for (row, one) in self.products.iter_mut().zip(work) {
            for (sum, other) in row.iter_mut().zip(work) {
                *sum = *sum * kept + one * other / expected;
            }
        }
        for ((sum, seen), part) in self.times.iter_mut().zip(&mut self.seen).zip(work) {
            *sum = *sum * kept + part * took / expected;
            *seen += part;
        }
        self.solve();
    }

    /// Finds the paces of least squares by multiplying (Lee and Seung, 2001): from what was believed before, so that kinds
    /// which the run does not tell apart keep their proportion, and never below nothing. Then meets what was believed
    /// by the weight of what was seen, as ratios: what is supposed may be off by a factor of a thousand.
    fn solve(&mut self) {
        let before: [(f64, f64); 3] = std::array::from_fn(|kind| self.before(kind));
        let mut fitted = before.map(|(seconds, _)| seconds);
        for _ in 0..SWEEPS {
            let told: [f64; 3] = std::array::from_fn(|kind| dot(self.products[kind], fitted));
            for ((fitted, told), time) in fitted.iter_mut().zip(told).zip(self.times) {
                if told > 0.0 {
                    *fitted = (*fitted * time / told).clamp(LEAST, MOST);
                }
            }
        }
        for (kind, (believed, weight)) in before.into_iter().enumerate() {
            let seen = self.seen[kind] * fitted[kind];
            let share = seen / (seen + weight);
            self.seconds[kind] = believed * (fitted[kind] / believed).powf(share);
        }
    }

    /// What was supposed or learned of a kind before the run, and for how many seconds that counts.
    fn before(&self, kind: usize) -> (f64, f64) {
        self.learned[kind].map_or((SUPPOSED[kind], SUPPOSED_WEIGHT), |learned| {
            (learned, LEARNED_WEIGHT)
        })
    }

    /// How long this work takes: seconds.
    pub(super) fn seconds(&self, work: Work) -> f64 {
        self.parts(work).iter().sum()
    }

    /// Whether at least half of the time for this work is of kinds whose pace was seen, now or in an earlier run; were
    /// the others much slower than is supposed.
    pub(super) fn knows(&self, work: Work) -> bool {
        let (mut known, mut unknown) = (0.0, 0.0);
        for (kind, part) in self.parts(work).into_iter().enumerate() {
            if self.is_known(kind) {
                known += part;
            } else {
                unknown += part * DOUBT;
            }
        }
        known >= unknown
    }

    fn is_known(&self, kind: usize) -> bool {
        self.learned[kind].is_some() || self.seen[kind] * self.seconds[kind] >= KNOWN
    }

    fn parts(&self, work: Work) -> [f64; 3] {
        let mut parts = work.parts();
        for (part, seconds) in parts.iter_mut().zip(self.seconds) {
            *part *= seconds;
        }
        parts
    }

    /// What a later run may start with.
    pub(super) fn pace(&self) -> Pace {
        let of = |kind: usize| self.is_known(kind).then_some(self.seconds[kind]);
        Pace {
            unchanged_file: of(0),
            fresh_file: of(1),
            fresh_byte: of(2),
            finishing: None,
        }
    }
}

fn dot(one: [f64; 3], other: [f64; 3]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn work(unchanged_files: f64, fresh_files: f64, fresh_bytes: f64) -> Work {
        Work {
            unchanged_files,
            fresh_files,
            fresh_bytes,
        }
    }

    fn near(one: f64, other: f64) -> bool {
        (one - other).abs() < other * 0.1
    }

    #[test]
    fn the_paces_of_mixed_work_are_told_apart() {
        let mut fit = Fit::new(Pace::default());
        // 1,000 unchanged files a second, or 10 MB of fresh ones.
        for step in 1..=40 {
            let work = if step % 2 == 0 {
                work(1_000.0, 0.0, 0.0)
            } else {
                work(500.0, 1.0, 5e6)
            };
            fit.observe(work, SECOND, SECOND * step);
        }
        assert!(near(fit.seconds(work(1_000.0, 0.0, 0.0)), 1.0));
        assert!(near(fit.seconds(work(0.0, 0.0, 10e6)), 1.0));
    }

    #[test]
    fn what_an_earlier_run_took_is_believed_until_this_one_says_otherwise() {
        let learned = Pace {
            fresh_byte: Some(1.0 / 2e6),
            ..Pace::default()
        };
        let mut fit = Fit::new(learned);
        let rest = work(0.0, 0.0, 20e6);
        assert!(fit.knows(rest) && near(fit.seconds(rest), 10.0));
        assert!(!fit.knows(work(15_000.0, 0.0, 0.0)));
        for step in 1..=60 {
            fit.observe(work(0.0, 0.0, 4e6), SECOND, SECOND * step);
        }
        assert!(near(fit.seconds(rest), 5.0));
        let pace = fit.pace();
        assert!(near(pace.fresh_byte.unwrap(), 1.0 / 4e6));
        assert_eq!((pace.unchanged_file, pace.fresh_file), (None, None));
    }

    #[test]
    fn nothing_takes_less_than_no_time() {
        let mut fit = Fit::new(Pace::default());
        fit.observe(work(1e9, 1e9, 1e15), Duration::ZERO, SECOND);
        fit.observe(work(0.0, 0.0, 0.0), SECOND, SECOND);
        for part in fit.parts(work(1.0, 1.0, 1.0)) {
            assert!(part > 0.0 && part.is_finite());
        }
    }
}
