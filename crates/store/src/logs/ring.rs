//! The lines of a log that could not be written yet.
//!
//! A line's number is its place in the log and has been shown, so a line once taken is never dropped for
//! a newer one: when the ring is full, further lines are lost, and a line says so at that place. The
//! last fifth is kept free for warnings and errors, which is what a person will look for.

use std::collections::VecDeque;

use crate::words::Level;

/// Lines held at most, besides the one that says lines were lost.
pub(super) const LINES: usize = 1_000;

/// Bytes held at most, besides that line's.
const BYTES: usize = 1024 * 1024;

/// Lines waiting for the disk, oldest first.
#[derive(Default)]
pub(super) struct Ring {
    lines: VecDeque<String>,
    bytes: usize,
    lost: u64,
}

impl Ring {
    /// Takes a line, or counts it as lost when there is no room for its level.
    ///
    /// At the first loss `mark` is taken in its place.
    pub(super) fn take(&mut self, level: Level, line: String, mark: impl FnOnce() -> String) {
        let share = if matches!(level, Level::Warning | Level::Error) {
            5
        } else {
            4
        };
        if self.lines.len() < LINES * share / 5 && self.bytes + line.len() <= BYTES * share / 5 {
            self.push(line);
            return;
        }
        if self.lost == 0 {
            self.push(mark());
        }
        self.lost += 1;
    }

    /// Takes a line whether there is room or not: for the few lines about the ring itself.
    pub(super) fn push(&mut self, line: String) {
        self.bytes += line.len();
        self.lines.push_back(line);
    }

    /// Removes the oldest line, once it is on disk.
    pub(super) fn pop(&mut self) {
        if let Some(line) = self.lines.pop_front() {
            self.bytes -= line.len();
        }
    }

    pub(super) fn oldest(&self) -> Option<&str> {
        self.lines.front().map(String::as_str)
    }

    pub(super) fn len(&self) -> u64 {
        self.lines.len() as u64
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Returns the lines lost since the last call, and begins to count anew.
    pub(super) fn take_lost(&mut self) -> u64 {
        std::mem::take(&mut self.lost)
    }

    pub(super) fn lines(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(ring: &mut Ring, level: Level, line: &str) {
        ring.take(level, line.to_owned(), || "lost from here".to_owned());
    }

    #[test]
    fn a_full_ring_keeps_what_it_has_marks_the_place_and_counts() {
        let mut ring = Ring::default();
        for number in 0..2_000 {
            take(&mut ring, Level::Info, &number.to_string());
        }
        assert_eq!(ring.len(), 801);
        assert_eq!(ring.oldest(), Some("0"));
        assert_eq!(ring.lines().last(), Some("lost from here"));
        assert_eq!(ring.take_lost(), 1_200);
        assert_eq!(ring.take_lost(), 0);
    }

    #[test]
    fn the_last_fifth_is_for_warnings_and_errors() {
        let mut ring = Ring::default();
        for _ in 0..900 {
            take(&mut ring, Level::Debug, "d");
        }
        take(&mut ring, Level::Error, "what a person looks for");
        assert_eq!(ring.lines().last(), Some("what a person looks for"));
        for _ in 0..300 {
            take(&mut ring, Level::Warning, "w");
        }
        assert_eq!(ring.len(), LINES as u64);
        assert_eq!(ring.take_lost(), 100 + 102);
    }

    #[test]
    fn bytes_are_bounded_too() {
        let mut ring = Ring::default();
        let long = "x".repeat(64 * 1024);
        for _ in 0..100 {
            take(&mut ring, Level::Error, &long);
        }
        assert_eq!(ring.len(), 17);
        ring.pop();
        assert_eq!(ring.bytes, 15 * 64 * 1024 + "lost from here".len());
    }
}
