//! Reading a job's log by pages.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;

use fs_err as fs;
use jiff::Timestamp;

use super::journal::{Journal, View};
use super::line::LogLine;
use crate::error::StoreError;
use crate::store::Store;

/// Bytes read from the file at once, and so at most read beyond a page's end.
const CHUNK: usize = 16 * 1024;

/// Bytes of lines in one page, after which it ends early.
const PAGE: usize = 4 * 1024 * 1024;

/// Some lines of a log, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogPage {
    /// The lines.
    pub lines: Vec<LogLine>,
    /// Lines of the whole log when the page was read.
    pub total_lines: u64,
    /// Whether there are lines after these.
    pub has_more: bool,
}

/// Reads a job's log, also while it is being written. Keeps the data folder owned while it exists.
pub struct LogReader {
    journal: Arc<Journal>,
    _store: Store,
}

impl LogReader {
    pub(super) fn new(store: Store, journal: Arc<Journal>) -> Self {
        Self {
            journal,
            _store: store,
        }
    }

    /// Reads up to `limit` complete lines after the first `offset` ones.
    ///
    /// Reads less than 64 KiB of the file besides these lines, wherever they are. A page ends early,
    /// with `has_more`, when its lines reach 4 MiB.
    pub fn page(&self, offset: u64, limit: usize) -> Result<LogPage, StoreError> {
        let view = self.journal.view(offset, limit);
        let mut pile = Pile {
            lines: Vec::new(),
            next: offset,
            bytes: 0,
            limit,
        };
        if offset < view.end.line && limit > 0 {
            self.read(&view, &mut pile)
                .map_err(StoreError::file("read the job's log"))?;
        }
        for content in view.waiting {
            pile.add(content);
        }
        Ok(LogPage {
            has_more: offset.saturating_add(pile.lines.len() as u64) < view.lines,
            lines: pile.lines,
            total_lines: view.lines,
        })
    }

    fn read(&self, view: &View, pile: &mut Pile) -> io::Result<()> {
        let mut file = fs::File::open(self.journal.path())?;
        file.seek(SeekFrom::Start(view.from.offset))?;
        let complete = file.take(view.end.offset - view.from.offset);
        let mut text = BufReader::with_capacity(CHUNK, complete);
        for _ in view.from.line..pile.next {
            text.skip_until(b'\n')?;
        }
        let mut line = Vec::new();
        while pile.has_room() && text.read_until(b'\n', &mut line)? > 0 {
            line.pop();
            pile.add(String::from_utf8_lossy(&line).into_owned());
            line.clear();
        }
        Ok(())
    }
}

impl std::fmt::Debug for LogReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LogReader")
            .field("path", self.journal.path())
            .finish_non_exhaustive()
    }
}

/// A page being filled.
struct Pile {
    lines: Vec<LogLine>,
    /// Lines before the next one.
    next: u64,
    bytes: usize,
    limit: usize,
}

impl Pile {
    fn has_room(&self) -> bool {
        self.lines.len() < self.limit && self.bytes < PAGE
    }

    fn add(&mut self, content: String) {
        if self.has_room() {
            self.next += 1;
            self.bytes += content.len();
            // A line that carries no time happened after the one before it.
            let otherwise = self
                .lines
                .last()
                .map_or(Timestamp::UNIX_EPOCH, |before| before.time);
            self.lines
                .push(LogLine::read(self.next, content, otherwise));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::testing::{Place, time};
    use crate::words::Level;

    fn filled(place: &Place, lines: u64, text: impl Fn(u64) -> String) -> Store {
        let store = place.open();
        let mut log = store.log_writer(1).unwrap();
        for number in 1..=lines {
            assert_eq!(log.write(time(0), Level::Info, &text(number)), number);
        }
        drop(log);
        store
    }

    fn numbered(number: u64) -> String {
        format!("line {number}")
    }

    fn page(store: &Store, offset: u64, limit: usize) -> LogPage {
        store
            .log_reader(1)
            .unwrap()
            .unwrap()
            .page(offset, limit)
            .unwrap()
    }

    /// Bytes this thread has read so far, as the kernel counts them.
    #[cfg(target_os = "linux")]
    fn bytes_read() -> u64 {
        let counts = std::fs::read_to_string("/proc/thread-self/io").unwrap();
        counts
            .lines()
            .find_map(|line| line.strip_prefix("rchar: "))
            .unwrap()
            .parse()
            .unwrap()
    }

    /// Reads a page with a reader that knows nothing yet, and checks it and what it cost.
    #[cfg(target_os = "linux")]
    fn costs_little(
        place: &Place,
        total: u64,
        offset: u64,
        limit: usize,
        text: impl Fn(u64) -> String,
    ) {
        let store = place.open();
        let before = bytes_read();
        let page = page(&store, offset, limit);
        let read = bytes_read() - before;
        let wanted = limit.min((total - offset) as usize);
        assert_eq!((page.total_lines, page.lines.len()), (total, wanted));
        for (number, line) in (offset + 1..).zip(&page.lines) {
            assert_eq!((line.number, &line.text), (number, &text(number)));
        }
        let own: usize = page.lines.iter().map(|line| line.content.len() + 1).sum();
        assert!(
            read < own as u64 + 64 * 1024,
            "read {read} bytes for a page of {own} at {offset}"
        );
    }

    #[test]
    fn pages_follow_each_other() {
        let place = Place::new();
        let store = filled(&place, 25, numbered);
        let mut seen = Vec::new();
        loop {
            let page = page(&store, seen.len() as u64, 10);
            assert_eq!(page.total_lines, 25);
            seen.extend(page.lines);
            assert_eq!(page.has_more, seen.len() < 25);
            if !page.has_more {
                break;
            }
        }
        assert!((1..).zip(&seen).all(|(number, line)| line.number == number));
        assert!(seen.iter().all(|line| line.text == numbered(line.number)));
        assert_eq!(seen[0].content, format!("{:.3} INFO line 1", time(0)));
        assert_eq!(
            page(&store, 25, 10),
            LogPage {
                total_lines: 25,
                ..LogPage::default()
            }
        );
        assert_eq!(
            page(&store, u64::MAX, 10),
            LogPage {
                total_lines: 25,
                ..LogPage::default()
            }
        );
        assert!(page(&store, 3, 0).has_more);
    }

    #[test]
    fn a_job_without_a_log_has_no_reader() {
        let place = Place::new();
        let store = place.open();
        assert!(store.log_reader(1).unwrap().is_none());
        assert!(!store.has_log(1));
        let log = store.log_writer(1).unwrap();
        assert!(store.has_log(1));
        assert_eq!(page(&store, 0, 10), LogPage::default());
        drop(log);
        assert_eq!(page(&store, 0, 10), LogPage::default());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_page_anywhere_in_a_long_log_reads_little() {
        let place = Place::new();
        drop(filled(&place, 100_000, numbered));
        for offset in [0, 1, 50_000, 99_000, 99_999] {
            costs_little(&place, 100_000, offset, 100, numbered);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_page_among_the_longest_and_the_shortest_lines_reads_little() {
        let place = Place::new();
        let text = |number: u64| match number % 3 {
            0 => "x".repeat(60_000 + number as usize),
            1 => String::new(),
            _ => "y".repeat(9_000),
        };
        drop(filled(&place, 300, text));
        for offset in 0..300 {
            costs_little(&place, 300, offset, 2, text);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_missing_or_damaged_index_is_made_again() {
        let place = Place::new();
        drop(filled(&place, 20_000, numbered));
        let path = place.folder().log_index(1);
        let whole = std::fs::read(&path).unwrap();
        let check = |damage: &dyn Fn()| {
            damage();
            assert_eq!(page(&place.open(), 10_000, 1).lines[0].text, "line 10001");
            assert_eq!(std::fs::read(&path).unwrap(), whole);
            costs_little(&place, 20_000, 10_000, 10, numbered);
        };
        check(&|| std::fs::remove_file(&path).unwrap());
        check(&|| std::fs::write(&path, "").unwrap());
        check(&|| std::fs::write(&path, vec![0; whole.len()]).unwrap());
        check(&|| std::fs::write(&path, &whole[..=whole.len() / 2]).unwrap());
        // All but its end is damaged.
        let mut bytes = vec![0xff; whole.len()];
        bytes[whole.len() - 24..].copy_from_slice(&whole[whole.len() - 24..]);
        check(&|| std::fs::write(&path, &bytes).unwrap());
    }

    #[test]
    fn an_index_of_another_log_is_not_believed() {
        let place = Place::new();
        drop(filled(&place, 20_000, numbered));
        let log = place.folder().log(1);
        let text = std::fs::read_to_string(&log).unwrap();
        let kept: String = text.split_inclusive('\n').skip(3).collect();
        std::fs::write(&log, &kept).unwrap();
        let page = page(&place.open(), 10_000, 1);
        assert_eq!(
            (page.lines[0].text.as_str(), page.total_lines),
            ("line 10004", 19_997)
        );
    }

    #[test]
    fn a_page_of_very_long_lines_ends_early() {
        let place = Place::new();
        let store = filled(&place, 100, |_| "x".repeat(100_000));
        let first = page(&store, 0, 1_000);
        assert!(first.has_more);
        assert_eq!(first.lines.len(), 64);
        let rest = page(&store, 64, 1_000);
        assert_eq!((rest.lines.len(), rest.has_more), (36, false));
    }

    #[test]
    fn foreign_bytes_are_lines_too() {
        let place = Place::new();
        let store = filled(&place, 1, numbered);
        drop(store);
        let path = place.folder().log(1);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend(b"by hand \xff\n\n");
        std::fs::write(&path, bytes).unwrap();
        let page = page(&place.open(), 0, 10);
        assert_eq!(page.total_lines, 3);
        assert_eq!(page.lines[1].text, "by hand \u{fffd}");
        assert_eq!(page.lines[1].time, page.lines[0].time);
        assert_eq!(page.lines[2].content, "");
    }

    #[test]
    fn reading_while_lines_are_added_never_shows_half_a_line() {
        let place = Place::new();
        let store = place.open();
        let mut log = store.log_writer(1).unwrap();
        let done = AtomicBool::new(false);
        let text = |number: u64| format!("{number} ").repeat(number as usize % 700 + 1);
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    let mut seen = 0;
                    loop {
                        let last = done.load(Ordering::SeqCst);
                        let page = page(&store, seen, 100);
                        for line in &page.lines {
                            seen += 1;
                            assert_eq!((line.number, &line.text), (seen, &text(seen)));
                        }
                        if last && !page.has_more {
                            break;
                        }
                    }
                    assert_eq!(seen, 3_000);
                });
            }
            for number in 1..=3_000 {
                log.write(time(0), Level::Info, &text(number));
            }
            done.store(true, Ordering::SeqCst);
        });
    }
}
