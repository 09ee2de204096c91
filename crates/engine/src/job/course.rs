//! The way a backup goes through the files: how much Borg has counted at each, and how much of that it had to read.
//!
//! Apart from the forecast because it is of the files alone and knows no time. It keeps a bounded number of marks, so
//! that of millions of files only groups are told apart; a file that is large stays a mark of its own.

use std::path::PathBuf;

use alcove_borg::{Selection, Uncountable};
use jiff::Timestamp;

use crate::folders::files;

/// No more marks are kept: with twice as many, no forecast would be another.
const MARKS: usize = 4096;
/// Smaller than this, a file is nothing that a mark of its own would tell.
const SMALL: u64 = 1 << 16;

/// What was passed up to some point. Bytes are of file content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Mark {
    /// Regular files, as Borg counts them.
    pub(crate) files: u64,
    /// Their bytes.
    pub(crate) bytes: u64,
    /// Those of the files that Borg opens, as it does not know them or they have changed.
    pub(crate) fresh_files: u64,
    /// Their bytes.
    pub(crate) fresh_bytes: u64,
}

/// The three kinds of work of a backup.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Work {
    /// Files that Borg passes over as it knows them.
    pub(crate) unchanged_files: f64,
    /// Files that Borg opens.
    pub(crate) fresh_files: f64,
    /// Bytes of them.
    pub(crate) fresh_bytes: f64,
}

/// All that a backup will pass, in Borg's order.
#[derive(Debug, Clone)]
pub(crate) struct Course {
    /// Ascending, the first at the start, the last at the end.
    marks: Vec<Mark>,
    /// Files nearer to each other than this share a mark.
    together: Mark,
}

impl Course {
    /// Of which only the end is known.
    pub(crate) fn straight(end: Mark) -> Self {
        Self {
            marks: vec![Mark::default(), end],
            ..Self::default()
        }
    }

    /// Goes the way that Borg will go; `apart` is never taken. What changed before `known` is unchanged to Borg;
    /// `None`: it has seen nothing of it. `None` as well when `go_on`, asked every thousand paths, says no.
    ///
    /// # Errors
    /// When nobody can tell what the selection takes.
    pub(crate) fn survey(
        selection: Selection,
        apart: &[PathBuf],
        known: Option<Timestamp>,
        go_on: &dyn Fn() -> bool,
    ) -> Result<Option<Self>, Uncountable> {
        let mut course = Self::default();
        for (index, file) in files(selection, apart)?.enumerate() {
            if index % 1000 == 0 && !go_on() {
                return Ok(None);
            }
            if let Some(file) = file? {
                let is_known = known
                    .zip(file.changed_at)
                    .is_some_and(|(known, changed)| changed < known);
                course.pass(file.bytes, !is_known);
            }
        }
        Ok(Some(course))
    }

    /// Adds the next file.
    pub(super) fn pass(&mut self, bytes: u64, fresh: bool) {
        let mut end = self.end();
        end.files += 1;
        end.bytes = end.bytes.saturating_add(bytes);
        if fresh {
            end.fresh_files += 1;
            end.fresh_bytes = end.fresh_bytes.saturating_add(bytes);
        }
        self.add(end);
        while self.marks.len() > MARKS {
            self.together.files = self.together.files.saturating_mul(2);
            self.together.bytes = self.together.bytes.saturating_mul(2);
            for mark in std::mem::take(&mut self.marks) {
                self.add(mark);
            }
        }
    }

    fn add(&mut self, mark: Mark) {
        if let [.., before, last] = self.marks.as_mut_slice()
            && mark.files - before.files <= self.together.files
            && mark.bytes - before.bytes <= self.together.bytes
        {
            *last = mark;
        } else {
            self.marks.push(mark);
        }
    }

    /// Takes the first so many files for unchanged.
    pub(crate) fn know(&mut self, files: u64) {
        let done = self.done(files, 0);
        let (known_files, known_bytes) = (done.fresh_files as u64, done.fresh_bytes as u64);
        for mark in &mut self.marks {
            mark.fresh_files = mark.fresh_files.saturating_sub(known_files);
            mark.fresh_bytes = mark.fresh_bytes.saturating_sub(known_bytes);
        }
    }

    /// Everything.
    pub(crate) fn end(&self) -> Mark {
        self.marks.last().copied().unwrap_or_default()
    }

    /// The work that is done when Borg has counted so much.
    pub(crate) fn done(&self, files: u64, bytes: u64) -> Work {
        let next = self.marks.partition_point(|mark| mark.files <= files);
        let before = next.checked_sub(1).and_then(|at| self.marks.get(at));
        let before = before.copied().unwrap_or_default();
        let Some(after) = self.marks.get(next) else {
            return Work::of(&before);
        };
        let by_files = share(files, before.files, after.files);
        let by_bytes = share(bytes, before.bytes, after.bytes);
        let fresh = between(by_files, before.fresh_files, after.fresh_files);
        let all = between(by_files, before.files, after.files);
        Work {
            unchanged_files: all - fresh,
            fresh_files: fresh,
            fresh_bytes: between(by_bytes, before.fresh_bytes, after.fresh_bytes),
        }
    }

    /// The work of all of it.
    pub(crate) fn whole(&self) -> Work {
        Work::of(&self.end())
    }
}

impl Default for Course {
    fn default() -> Self {
        Self {
            marks: vec![Mark::default()],
            together: Mark {
                files: 1,
                bytes: SMALL,
                ..Mark::default()
            },
        }
    }
}

impl Work {
    fn of(mark: &Mark) -> Self {
        Self {
            unchanged_files: mark.files.saturating_sub(mark.fresh_files) as f64,
            fresh_files: mark.fresh_files as f64,
            fresh_bytes: mark.fresh_bytes as f64,
        }
    }

    /// What of this is not in `done`.
    pub(crate) fn without(self, done: Self) -> Self {
        Self {
            unchanged_files: (self.unchanged_files - done.unchanged_files).max(0.0),
            fresh_files: (self.fresh_files - done.fresh_files).max(0.0),
            fresh_bytes: (self.fresh_bytes - done.fresh_bytes).max(0.0),
        }
    }

    /// Unchanged files, fresh files, fresh bytes.
    pub(crate) fn parts(self) -> [f64; 3] {
        [self.unchanged_files, self.fresh_files, self.fresh_bytes]
    }
}

/// How far a count is from one to another: 0 to 1.
fn share(count: u64, from: u64, to: u64) -> f64 {
    let way = to.saturating_sub(from).max(1) as f64;
    (count.saturating_sub(from) as f64 / way).min(1.0)
}

fn between(share: f64, from: u64, to: u64) -> f64 {
    from as f64 + share * to.saturating_sub(from) as f64
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "whole numbers that no sum has changed")]
mod tests {
    use super::*;

    #[test]
    fn in_a_large_file_the_bytes_say_how_far_it_is_and_between_small_ones_the_files() {
        let mut course = Course::default();
        for _ in 0..10 {
            course.pass(10, false);
        }
        course.pass(1_000_000, true);
        for _ in 0..10 {
            course.pass(10, false);
        }
        let half = course.done(10, 500_100);
        assert_eq!((half.unchanged_files, half.fresh_files), (10.0, 0.0));
        assert_eq!(half.fresh_bytes, 500_000.0);
        let after = course.done(11, 1_000_100);
        assert_eq!((after.fresh_files, after.fresh_bytes), (1.0, 1_000_000.0));
        assert_eq!(course.done(21, 1_000_200), course.whole());
        assert_eq!(course.done(99, u64::MAX), course.whole());
    }

    #[test]
    fn the_marks_of_millions_of_files_are_few_and_a_large_file_keeps_its_own() {
        let mut course = Course::default();
        for number in 0..1_000_000 {
            let large = number == 700_000;
            course.pass(if large { 1 << 40 } else { 100 }, large);
        }
        assert!(course.marks.len() <= MARKS);
        let end = course.end();
        assert_eq!((end.files, end.fresh_files), (1_000_000, 1));
        assert_eq!(course.done(700_000, 70_000_000).fresh_bytes, 0.0);
        let half = course.done(700_000, 70_000_000 + (1 << 39));
        let off = (half.fresh_bytes - (1_u64 << 39) as f64).abs();
        assert!(off < 1e6, "{off}");
    }

    #[test]
    fn what_changed_since_borg_saw_it_is_fresh() {
        let folder = tempfile::tempdir().unwrap();
        fs_err::write(folder.path().join("old"), [0; 10]).unwrap();
        let selection = || Selection {
            sources: vec![folder.path().to_owned()],
            ..Selection::default()
        };
        let survey =
            |known| Course::survey(selection(), &[], known, &|| true).map(|found| found.unwrap());
        assert_eq!(survey(None).unwrap().end().fresh_bytes, 10);
        let written = fs_err::metadata(folder.path().join("old")).unwrap();
        let written = Timestamp::try_from(written.modified().unwrap()).unwrap();
        let after = survey(Some(written + jiff::SignedDuration::from_secs(1))).unwrap();
        let end = Mark {
            files: 1,
            bytes: 10,
            ..Mark::default()
        };
        assert_eq!(after.end(), end);
        let before = survey(Some(written - jiff::SignedDuration::from_secs(1))).unwrap();
        assert_eq!(before.end().fresh_files, 1);
        let stopped = Course::survey(selection(), &[], None, &|| false);
        assert!(stopped.unwrap().is_none());
    }
}
