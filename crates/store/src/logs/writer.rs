//! Writing a job's log.

use std::sync::Arc;

use jiff::Timestamp;

use super::journal::Journal;
use crate::store::Store;
use crate::words::Level;

/// Writes a job's log. Keeps the data folder owned while it exists.
pub struct LogWriter {
    journal: Arc<Journal>,
    job: i64,
    store: Store,
}

impl LogWriter {
    pub(super) fn new(store: Store, job: i64, journal: Arc<Journal>) -> Self {
        Self {
            journal,
            job,
            store,
        }
    }

    /// Adds a line and returns its number, from 1. It is in the file when this returns.
    ///
    /// When the disk refuses, the line waits in memory with up to 1,000 others (1 MiB; the last fifth for
    /// warnings and errors) and the disk is tried again with a line a second later by `time`, and by
    /// [`LogWriter::sync`]. Of further lines the log tells the place and how many there were; their
    /// number is that of the last line kept.
    pub fn write(&mut self, time: Timestamp, level: Level, text: &str) -> u64 {
        self.journal.write(time, level, text)
    }

    /// Has everything written so far put on the disk itself, so that it outlives a power failure.
    pub fn sync(&mut self) {
        self.journal.sync();
    }

    /// Returns whether lines are missing on disk: some still wait for it, or some were lost.
    pub fn incomplete(&self) -> bool {
        self.journal.incomplete()
    }

    /// Returns how many lines the log has, on disk and waiting.
    pub fn lines(&self) -> u64 {
        self.journal.lines()
    }
}

impl Drop for LogWriter {
    fn drop(&mut self) {
        self.store.shelf().leave(self.job, &self.journal);
    }
}

impl std::fmt::Debug for LogWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LogWriter")
            .field("job", &self.job)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Place, time};

    fn texts(store: &Store) -> Vec<String> {
        let page = store
            .log_reader(1)
            .unwrap()
            .unwrap()
            .page(0, 10_000)
            .unwrap();
        assert!(
            (1..)
                .zip(&page.lines)
                .all(|(number, line)| line.number == number)
        );
        assert_eq!(page.total_lines, page.lines.len() as u64);
        page.lines.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn a_line_is_in_the_file_when_write_returns() {
        let place = Place::new();
        let store = place.open();
        let mut log = store.log_writer(1).unwrap();
        assert_eq!(log.write(time(0), Level::Info, "one\ntwo"), 1);
        let expected = format!("{:.3} INFO one\\ntwo\n", time(0));
        assert_eq!(
            std::fs::read_to_string(place.folder().log(1)).unwrap(),
            expected
        );
        assert_eq!((log.lines(), log.incomplete()), (1, false));
        log.sync();
    }

    #[test]
    fn numbers_go_on_after_a_crash() {
        let place = Place::new();
        let store = place.open();
        let mut log = store.log_writer(1).unwrap();
        for number in 1..=2_000 {
            log.write(time(0), Level::Info, &number.to_string());
        }
        let copy = place.crashed_copy();
        drop((log, store));
        let store = copy.open();
        let mut log = store.log_writer(1).unwrap();
        assert_eq!(log.lines(), 2_000);
        assert_eq!(log.write(time(1), Level::Info, "2001"), 2_001);
        assert_eq!(
            texts(&store),
            (1..=2_001)
                .map(|number| number.to_string())
                .collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_torn_line_is_not_shown_until_a_writer_completes_it() {
        let place = Place::new();
        let mut log = place.open().log_writer(1).unwrap();
        log.write(time(0), Level::Info, "whole");
        log.write(time(0), Level::Error, "caf\u{e9} and more");
        drop(log);
        let path = place.folder().log(1);
        let whole = std::fs::read(&path).unwrap();
        let first = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        for length in first..whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            let store = place.open();
            assert_eq!(texts(&store), ["whole"]);
            let mut log = store.log_writer(1).unwrap();
            let before = log.lines();
            assert_eq!(log.write(time(2), Level::Info, "next"), before + 1);
            let texts = texts(&store);
            assert_eq!(texts.last().unwrap(), "next");
            if length > first + "2026-11-22T10:00:00.123Z ERROR ".len() + 4 {
                let mended = texts[1].strip_suffix(" [torn by a crash]").unwrap();
                assert!(mended.starts_with("caf") && "caf\u{e9} and more".starts_with(mended));
            }
            let file = std::fs::read_to_string(&path).unwrap();
            assert_eq!(file.lines().count() as u64, log.lines());
        }
    }

    #[test]
    fn a_piece_of_zeros_left_by_a_power_failure_is_removed() {
        let place = Place::new();
        let mut log = place.open().log_writer(1).unwrap();
        log.write(time(0), Level::Info, "whole");
        drop(log);
        let path = place.folder().log(1);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, [&whole[..], &vec![0; 100_000]].concat()).unwrap();
        let store = place.open();
        drop(store.log_writer(1).unwrap());
        assert_eq!(std::fs::read(&path).unwrap(), whole);
    }

    #[test]
    fn two_writers_of_one_job_share_its_numbers() {
        let place = Place::new();
        let store = place.open();
        let mut one = store.log_writer(1).unwrap();
        let mut two = store.log_writer(1).unwrap();
        assert_eq!(one.write(time(0), Level::Info, "a"), 1);
        assert_eq!(two.write(time(0), Level::Info, "b"), 2);
        drop(two);
        assert_eq!(one.write(time(0), Level::Info, "c"), 3);
        assert_eq!(texts(&store), ["a", "b", "c"]);
    }

    #[test]
    fn each_job_has_its_own_log() {
        let place = Place::new();
        let store = place.open();
        for job in 1..=3 {
            let mut log = store.log_writer(job).unwrap();
            assert_eq!(log.write(time(0), Level::Info, "first"), 1);
        }
        assert_eq!(std::fs::read_dir(place.folder().logs()).unwrap().count(), 3);
    }
}
