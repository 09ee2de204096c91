//! When a backup will be done: its percent, and its time left.
//!
//! Both are of time, not of bytes: half means that as long as it has taken, it will still take. The way ahead (`course`) and
//! the pace of each kind of work (`pace`) give the time left; how much that changed of late says how far to believe it. A
//! range is said while it is unsure, and nothing while it would be a guess. Percent is steered toward what the time left
//! says, and never falls.

use std::collections::VecDeque;
use std::time::Duration;

use alcove_store::Pace;

use super::course::{Course, Mark, Work};
use super::pace::{Fit, MOST};

/// The pace is fitted to steps at least this long.
const STEP: Duration = Duration::from_secs(1);
/// A percent that is too low is made good in about so long.
const CATCH_UP: f64 = 3.0;
/// One that is too high goes on this much slower.
const HOLD_BACK: f64 = 0.2;
/// The highest percent before the archive is safe.
pub(super) const ALMOST: f64 = 99.9;
/// No time left is said before a backup has run this long.
const TOO_EARLY: Duration = Duration::from_secs(5);
/// Before the way was seen, no fewer seconds are taken to be ahead: there may be more to do than an earlier run tells, and
/// a percent that is too high cannot be taken back.
const UNSEEN: f64 = 20.0;
/// So many forecasts have to agree.
const AGREEING: usize = 4;
/// They disagree when the longest is so many times the shortest,
const DISAGREE: f64 = 3.0;
/// and so many seconds longer: of the last minute nobody asks more.
const DISAGREE_LEAST: f64 = 30.0;

/// Time left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Left {
    /// Seconds.
    pub(super) seconds: f64,
    /// It may be so many seconds more or fewer.
    pub(super) margin: f64,
}

#[derive(Debug, Default)]
pub(super) struct Forecast {
    /// What an earlier run took.
    learned: Pace,
    course: Option<Course>,
    /// Whether somebody went that way to see.
    surveyed: bool,
    /// Whether nobody will.
    unseen: bool,
    /// So many files at the start are known to Borg, whatever the way says: an earlier attempt kept them.
    kept: u64,
    fit: Fit,
    /// When Borg first counted something, and what it has counted by when.
    began: Option<Duration>,
    counted: Counted,
    /// Where the last step ended.
    step: (Duration, Work),
    percent: f64,
    /// What end was forecast of late, and when: seconds of the job.
    ends: VecDeque<(Duration, f64)>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    at: Duration,
    files: u64,
    bytes: u64,
}

impl Forecast {
    /// Takes what an earlier run counted and took: all of it is unchanged as far as that tells.
    pub(super) fn recall(&mut self, pace: Pace, end: Mark) {
        let finishing = pace.finishing;
        self.learned = Pace {
            finishing: finishing.filter(|seconds| (0.0..=MOST).contains(seconds)),
            ..pace
        };
        self.fit = Fit::new(pace);
        self.expect(Course::straight(end));
    }

    /// Takes the way as it is.
    pub(super) fn survey(&mut self, mut course: Course) {
        self.surveyed = true;
        course.know(self.kept);
        self.expect(course);
    }

    /// Does with what is known: nobody can go that way.
    pub(super) fn do_without(&mut self) {
        self.unseen = true;
    }

    /// Judges what was seen so far by another account of the way.
    fn expect(&mut self, course: Course) {
        self.ends.clear();
        self.course = Some(course);
        if let Some(began) = self.began {
            self.fit = Fit::new(self.learned);
            self.step = (began, Work::default());
            self.learn();
        }
    }

    /// Notes that an attempt has kept so many files, in the order of the way.
    pub(super) fn keep(&mut self, files: u64) {
        self.kept = self.kept.max(files);
    }

    /// Begins anew, as another Borg does, which knows what the one before kept; percent stays.
    pub(super) fn begin_again(&mut self) {
        self.began = None;
        self.counted = Counted::default();
        self.step = <_>::default();
        self.ends.clear();
        if let Some(course) = &mut self.course {
            course.know(self.kept);
        }
    }

    /// Notes what Borg has counted.
    pub(super) fn observe(&mut self, at: Duration, files: u64, bytes: u64) {
        if self.began.is_none() {
            self.began = Some(at);
            self.step = (at, Work::default());
            self.counted.at = at;
        }
        let passed = at.saturating_sub(self.counted.at).as_secs_f64();
        self.counted = Counted {
            at,
            files: files.max(self.counted.files),
            bytes: bytes.max(self.counted.bytes),
        };
        self.learn();
        self.steer(passed);
    }

    /// The way, as far as it is known.
    pub(super) fn course(&self) -> Option<&Course> {
        self.course.as_ref()
    }

    /// Percent of the backup's time: 0 while that cannot be told.
    pub(super) fn percent(&self) -> f64 {
        self.percent
    }

    /// The time left, unless it would be a guess.
    pub(super) fn left(&self) -> Option<Left> {
        let rest = self.rest().filter(|_| self.is_seen())?;
        if self.elapsed() < TOO_EARLY || self.ends.len() < AGREEING || !self.fit.knows(rest) {
            return None;
        }
        let now = self.counted.at.as_secs_f64();
        let left = self.ends.iter().map(|(_, end)| (end - now).max(1.0));
        let (least, most) = left.fold((f64::MAX, 0.0_f64), |(least, most), left| {
            (least.min(left), most.max(left))
        });
        (most <= least * DISAGREE || most - least <= DISAGREE_LEAST).then(|| Left {
            seconds: self.seconds(rest).max(1.0),
            margin: (most - least) / 2.0,
        })
    }

    /// What each kind of work took, for a later run: the archive is safe at `at`.
    pub(super) fn pace(&self, at: Duration) -> Pace {
        let finishing = at.saturating_sub(self.counted.at).as_secs_f64();
        Pace {
            finishing: self.began.map(|_| finishing).or(self.learned.finishing),
            ..if self.surveyed {
                self.fit.pace()
            } else {
                self.learned
            }
        }
    }

    /// Whether the way is known as well as it will be.
    fn is_seen(&self) -> bool {
        self.surveyed || self.unseen
    }

    /// How long this work takes, and what follows it: seconds.
    fn seconds(&self, work: Work) -> f64 {
        self.fit.seconds(work) + self.learned.finishing.unwrap_or_default()
    }

    fn elapsed(&self) -> Duration {
        let began = self.began.unwrap_or(self.counted.at);
        self.counted.at.saturating_sub(began)
    }

    fn done(&self) -> Option<Work> {
        let Counted { files, bytes, .. } = self.counted;
        self.course.as_ref().map(|course| course.done(files, bytes))
    }

    fn rest(&self) -> Option<Work> {
        let whole = self.course.as_ref()?.whole();
        Some(whole.without(self.done()?))
    }

    /// Fits the pace to what was done since the last step, and notes the end that follows.
    fn learn(&mut self) {
        let (Some(done), (from, before)) = (self.done(), self.step) else {
            return;
        };
        let (at, elapsed) = (self.counted.at, self.elapsed());
        let took = at.saturating_sub(from);
        if took < STEP {
            return;
        }
        self.fit.observe(done.without(before), took, elapsed);
        self.step = (at, done);
        let rest = self.rest().unwrap_or_default();
        self.ends
            .push_back((at, at.as_secs_f64() + self.seconds(rest)));
        // What was forecast in the last third of the run, and of a long run not every second.
        let late = at.saturating_sub((elapsed / 3).max(STEP * 5));
        while self.ends.front().is_some_and(|(then, _)| *then < late) || self.ends.len() > 300 {
            self.ends.pop_front();
        }
    }

    /// Moves the percent as far as the time that passed is worth.
    fn steer(&mut self, passed: f64) {
        let Some(rest) = self.rest() else {
            return;
        };
        if !self.is_seen() && rest == Work::default() {
            // More than an earlier run tells, and nobody knows yet how much.
            return;
        }
        // What follows the last file is a step beside the percent.
        let least = if self.is_seen() { 0.1 } else { UNSEEN };
        let left = self.fit.seconds(rest).max(least);
        let elapsed = self.elapsed().as_secs_f64();
        let aim = 100.0 * elapsed / (elapsed + left);
        // In a silence nothing is known to be done.
        let stride = (100.0 - self.percent) / left * passed.min(STEP.as_secs_f64());
        let off = (aim - self.percent) * (1.0 - (-passed / CATCH_UP).exp());
        let step = (stride + off).max(stride * HOLD_BACK);
        self.percent = (self.percent + step).clamp(self.percent, ALMOST.max(self.percent));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A computer: seconds for an unchanged file, a fresh one, and a byte of it.
    const COMPUTER: [f64; 3] = [1.0 / 5_000.0, 1.0 / 1_000.0, 1.0 / 20e6];
    const FRAME: f64 = 0.2;

    /// A file: its bytes, and whether Borg reads it.
    type File = (u64, bool);

    fn mark(end: Mark, (bytes, fresh): File) -> Mark {
        Mark {
            files: end.files + 1,
            bytes: end.bytes + bytes,
            fresh_files: end.fresh_files + u64::from(fresh),
            fresh_bytes: end.fresh_bytes + if fresh { bytes } else { 0 },
        }
    }

    fn course(files: &[File]) -> Course {
        let mut course = Course::default();
        for (bytes, fresh) in files {
            course.pass(*bytes, *fresh);
        }
        course
    }

    /// What Borg counts at each frame of a backup: seconds, files, bytes.
    fn frames(files: &[File]) -> (Vec<(f64, u64, u64)>, f64) {
        let (mut frames, mut at, mut end) = (vec![(0.0, 0, 0)], 0.0, Mark::default());
        for (bytes, fresh) in files.iter().copied() {
            let [unchanged, opened, byte] = COMPUTER;
            let took = if fresh {
                opened + byte * bytes as f64
            } else {
                unchanged
            };
            let ends = at + took;
            while let Some((last, ..)) = frames.last()
                && last + FRAME < ends
            {
                let frame = last + FRAME;
                let part = ((frame - at) / took).max(0.0) * bytes as f64;
                frames.push((frame, end.files, end.bytes + part as u64));
            }
            at = ends;
            end = mark(end, (bytes, fresh));
        }
        (frames, at)
    }

    /// How far percent and time left were off: points of a hundred on average, and the worst share of what was left
    /// among nine of ten after a fifth of the run.
    fn off(mut forecast: Forecast, files: &[File]) -> (f64, f64) {
        let (frames, took) = frames(files);
        let (mut points, mut shares, mut percent) = (0.0, Vec::new(), 0.0);
        for (at, counted, bytes) in &frames {
            forecast.observe(Duration::from_secs_f64(*at), *counted, *bytes);
            assert!(forecast.percent() >= percent && forecast.percent() <= ALMOST);
            percent = forecast.percent();
            points += (percent - at / took * 100.0).abs();
            if let Some(left) = forecast.left().filter(|_| *at > took / 5.0) {
                let truth = (took - at).max(1.0);
                shares.push((left.seconds - truth).abs() / truth);
            }
        }
        assert!(shares.len() * 2 > frames.len(), "it is hardly ever said");
        shares.sort_by(f64::total_cmp);
        let nine = shares.len() * 9 / 10;
        (points / frames.len() as f64, shares[nine])
    }

    fn learned() -> Pace {
        let [unchanged, opened, byte] = COMPUTER.map(Some);
        Pace {
            unchanged_file: unchanged,
            fresh_file: opened,
            fresh_byte: byte,
            finishing: None,
        }
    }

    /// Small files that are known, a large one that is new, and small ones again.
    fn mixed() -> Vec<File> {
        let small = vec![(1_000, false); 100_000];
        [small.clone(), vec![(600_000_000, true)], small].concat()
    }

    fn surveyed(learned: Pace, files: &[File]) -> Forecast {
        let mut forecast = Forecast::default();
        forecast.recall(learned, Mark::default());
        forecast.survey(course(files));
        forecast
    }

    #[test]
    fn a_computer_that_is_known_is_forecast_closely_whatever_comes_when() {
        let (points, share) = off(surveyed(learned(), &mixed()), &mixed());
        assert!(points < 2.0 && share < 0.1, "{points} {share}");
    }

    #[test]
    fn one_that_is_twice_as_slow_as_it_was_is_found_out() {
        let slower = Pace {
            fresh_byte: Some(1.0 / 40e6),
            unchanged_file: Some(1.0 / 10_000.0),
            ..learned()
        };
        let (points, share) = off(surveyed(slower, &mixed()), &mixed());
        assert!(points < 10.0 && share < 0.5, "{points} {share}");
    }

    /// What is forecast of fresh bytes alone that come so fast for so long, one after the other: percent at the end, and
    /// what is left then.
    fn fresh_bytes_at(paces: &[(u64, u64)], whole: u64) -> (f64, f64) {
        let mut forecast = Forecast::default();
        forecast.survey(course(&[(whole, true)]));
        let (mut at, mut bytes) = (0, 0);
        for (seconds, pace) in paces {
            for _ in 0..*seconds {
                forecast.observe(Duration::from_secs(at), 0, bytes);
                at += 1;
                bytes += pace;
            }
        }
        let left = forecast.left().map_or(f64::NAN, |left| left.seconds);
        (forecast.percent(), left)
    }

    #[test]
    fn a_pace_that_falls_is_followed() {
        // Half an hour is left at the end of each.
        let rest = 1_800 * 2_000_000;
        let (_, left) = fresh_bytes_at(
            &[(13, 300_000_000), (600, 2_000_000)],
            3_900_000_000 + 1_200_000_000 + rest,
        );
        assert!((900.0..2_700.0).contains(&left), "{left}");
        let (_, left) = fresh_bytes_at(
            &[(100, 20_000_000), (200, 2_000_000)],
            2_000_000_000 + 400_000_000 + rest,
        );
        assert!((900.0..2_700.0).contains(&left), "{left}");
    }

    #[test]
    fn a_silence_is_no_progress() {
        let mut forecast = Forecast::default();
        forecast.survey(course(&[(100_000_000, true)]));
        for second in 0..30 {
            forecast.observe(Duration::from_secs(second), 0, second * 1_000_000);
        }
        let before = forecast.percent();
        forecast.observe(Duration::from_secs(390), 0, 30_000_000);
        let after = forecast.percent();
        assert!(before > 25.0 && after < 35.0, "{before} {after}");
    }

    #[test]
    fn what_an_earlier_attempt_kept_is_passed_over_and_says_nothing_of_the_rest() {
        let files = vec![(1_000_000, true); 10_000];
        let mut forecast = surveyed(learned(), &files);
        for second in 0..60 {
            forecast.observe(
                Duration::from_secs(second),
                second * 20,
                second * 20_000_000,
            );
        }
        forecast.keep(6_000);
        forecast.begin_again();
        for second in 60..80_u64 {
            let counted = (second - 60) * 300;
            forecast.observe(Duration::from_secs(second), counted, counted * 1_000_000);
        }
        // 4,000 files of a megabyte are left, at 20 MB/s.
        let left = forecast.left().map_or(f64::NAN, |left| left.seconds);
        assert!((150.0..300.0).contains(&left), "{left}");
        assert!(forecast.percent() < 40.0, "{}", forecast.percent());
    }

    #[test]
    fn a_day_with_far_more_to_do_than_the_last_is_not_nearly_done_before_that_is_seen() {
        let known = vec![(1_000, false); 10_000];
        let end = course(&known).end();
        let new = vec![(100_000_000_000, true)];
        let mut forecast = Forecast::default();
        forecast.recall(learned(), end);
        // What is known takes two seconds; the survey comes back after six.
        for frame in 0..30_u64 {
            let at = frame * 200;
            let files = (at * 5).min(end.files);
            let read = at.saturating_sub(2_000) * 20_000;
            forecast.observe(Duration::from_millis(at), files, files * 1_000 + read);
        }
        let before = forecast.percent();
        assert!((1.0..20.0).contains(&before), "{before}");
        forecast.survey(course(&[known, new].concat()));
        for second in 6..60_u64 {
            let read = (second - 2) * 20_000_000;
            forecast.observe(Duration::from_secs(second), end.files, end.bytes + read);
        }
        let left = forecast.left().map_or(f64::NAN, |left| left.seconds);
        assert!((4_000.0..6_000.0).contains(&left), "{left}");
        assert!(forecast.percent() < 20.0, "{}", forecast.percent());
    }

    #[test]
    fn a_first_run_learns_its_computer() {
        let files = vec![(100_000, true); 10_000];
        let mut forecast = Forecast::default();
        forecast.survey(course(&files));
        let (points, share) = off(forecast, &files);
        assert!(points < 5.0 && share < 0.2, "{points} {share}");
    }

    #[test]
    fn no_time_is_said_for_work_whose_pace_nobody_has_seen() {
        let files = mixed();
        let mut forecast = surveyed(Pace::default(), &files);
        for second in 0..15 {
            let counted = second * 5_000;
            forecast.observe(Duration::from_secs(second), counted, counted * 1_000);
        }
        assert_eq!(forecast.left(), None);
        let known = Pace {
            fresh_byte: Some(1.0 / 20e6),
            ..Pace::default()
        };
        let mut forecast = surveyed(known, &files);
        for second in 0..15 {
            let counted = second * 5_000;
            forecast.observe(Duration::from_secs(second), counted, counted * 1_000);
        }
        let left = forecast.left().map(|left| left.seconds.round());
        assert_eq!(left, Some(56.0));
    }

    #[test]
    fn what_was_taken_for_unchanged_and_is_not_costs_a_range() {
        let mut forecast = Forecast::default();
        let end = Mark {
            files: 1_000,
            bytes: 1_000_000_000,
            ..Mark::default()
        };
        forecast.recall(Pace::default(), end);
        forecast.do_without();
        let mut widest = 0.0_f64;
        for second in 0..60_u64 {
            // Faster and faster.
            let files = second * second / 5;
            forecast.observe(Duration::from_secs(second), files, files * 1_000_000);
            widest = forecast
                .left()
                .map_or(widest, |left| widest.max(left.margin));
        }
        assert!(widest > 5.0, "{widest}");
        let pace = forecast.pace(Duration::from_secs(61));
        let finishing = Some(2.0);
        assert_eq!(
            pace,
            Pace {
                finishing,
                ..Pace::default()
            }
        );
    }
}
