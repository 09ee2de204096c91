//! Alcove's own log: what the rooms write with the `log` facade, in a file and in the terminal.
//!
//! It is about the program, not about a backup: every job has a log of its own in the store. Lines
//! from before the data folder has an owner wait in memory, so that a second program never writes
//! into the first one's folder. Left out: filters by module; `ALCOVE_LOG` is one level.

use std::collections::VecDeque;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use fs_err as fs;
use log::{Level, LevelFilter, Log, Metadata, Record};

/// Bytes after which the file is put aside; the one put aside before it is removed.
const LIMIT: u64 = 4_000_000;
/// Bytes of the file that go into diagnostics.
const END: usize = 200_000;
/// Lines that wait for the file at most; the oldest are dropped.
const WAITING: usize = 1000;

/// Where lines go.
enum Place {
    Memory(VecDeque<String>),
    File(LogFile),
}

struct Writer {
    level: LevelFilter,
    place: Mutex<Place>,
}

static WRITER: std::sync::OnceLock<Writer> = std::sync::OnceLock::new();

/// Begins to take lines, at the level named by `ALCOVE_LOG` or else at `info`.
pub(crate) fn start(level: Option<&str>) {
    let level = level
        .and_then(|word| word.parse().ok())
        .unwrap_or(LevelFilter::Info);
    let writer = WRITER.get_or_init(|| Writer {
        level,
        place: Mutex::new(Place::Memory(VecDeque::new())),
    });
    if log::set_logger(writer).is_ok() {
        log::set_max_level(level);
    }
}

/// Writes to `alcove.log` in this folder from now on, first what waited.
pub(crate) fn write_to(folder: &Path) {
    let Some(writer) = WRITER.get() else { return };
    match LogFile::open(folder, LIMIT) {
        Ok(mut file) => {
            let mut place = writer.place();
            if let Place::Memory(waiting) = &mut *place {
                for line in waiting.drain(..) {
                    file.append(&line);
                }
            }
            *place = Place::File(file);
        }
        Err(error) => log::warn!("Alcove's own log is not written: {error}"),
    }
}

/// The last lines of the file, about [`END`] bytes of them.
pub(crate) fn end() -> Option<String> {
    let path = match &*WRITER.get()?.place() {
        Place::File(file) => file.path.clone(),
        Place::Memory(_) => return None,
    };
    let bytes = fs::read(path)
        .inspect_err(|error| log::warn!("Alcove's own log is not read: {error}"))
        .ok()?;
    let begin = bytes.len().saturating_sub(END);
    let text = String::from_utf8_lossy(bytes.get(begin..)?).into_owned();
    let whole = if begin == 0 {
        0
    } else {
        text.find('\n').map_or(0, |at| at + 1)
    };
    Some(text.get(whole..)?.to_owned())
}

impl Writer {
    fn place(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log for Writer {
    fn enabled(&self, metadata: &Metadata) -> bool {
        // What libraries say is for their own developers, but for their complaints.
        let own = metadata.target().starts_with("alcove");
        metadata.level()
            <= if own {
                self.level
            } else {
                self.level.min(LevelFilter::Warn)
            }
    }

    fn log(&self, record: &Record) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let line = line(
            jiff::Timestamp::now(),
            record.level(),
            record.target(),
            record.args(),
        );
        // A terminal that is gone must not end the program.
        _ = std::io::stderr().write_all(line.as_bytes());
        match &mut *self.place() {
            Place::Memory(waiting) => {
                if waiting.len() == WAITING {
                    waiting.pop_front();
                }
                waiting.push_back(line);
            }
            Place::File(file) => file.append(&line),
        }
    }

    fn flush(&self) {}
}

/// One line for one record, whatever newlines are in it.
fn line(at: jiff::Timestamp, level: Level, target: &str, text: &impl ToString) -> String {
    format!(
        "{at:.3} {level} {target}: {}\n",
        text.to_string().replace('\n', "\\n")
    )
}

/// A file that never grows past twice its limit, with the one before it.
struct LogFile {
    file: fs::File,
    path: PathBuf,
    length: u64,
    limit: u64,
}

impl LogFile {
    fn open(folder: &Path, limit: u64) -> std::io::Result<Self> {
        let path = folder.join("alcove.log");
        let file = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)?;
        let length = file.metadata()?.len();
        Ok(Self {
            file,
            path,
            length,
            limit,
        })
    }

    /// Adds a line. A disk that will not take it costs the line, nothing else.
    fn append(&mut self, line: &str) {
        if self.length >= self.limit {
            let folder = self
                .path
                .parent()
                .map(Path::to_path_buf)
                .unwrap_or_default();
            if fs::rename(&self.path, folder.join("alcove.1.log")).is_ok()
                && let Ok(next) = Self::open(&folder, self.limit)
            {
                *self = next;
            }
        }
        if self.file.write_all(line.as_bytes()).is_ok() {
            self.length += line.len() as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_when_how_serious_where_and_what() {
        let at = "2026-11-22T10:00:00.12Z".parse().unwrap();
        let text = line(at, Level::Warn, "alcove_engine", &"two\nlines");
        assert_eq!(
            text,
            "2026-11-22T10:00:00.120Z WARN alcove_engine: two\\nlines\n"
        );
    }

    #[test]
    fn a_full_file_is_put_aside_once() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = LogFile::open(folder.path(), 4).unwrap();
        for line in ["one\n", "two\n", "three\n"] {
            file.append(line);
        }
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(
            (read("alcove.1.log").as_str(), read("alcove.log").as_str()),
            ("two\n", "three\n")
        );
    }

    #[test]
    fn an_opened_file_goes_on_where_it_ended() {
        let folder = tempfile::tempdir().unwrap();
        LogFile::open(folder.path(), LIMIT).unwrap().append("one\n");
        LogFile::open(folder.path(), LIMIT).unwrap().append("two\n");
        assert_eq!(
            fs::read_to_string(folder.path().join("alcove.log")).unwrap(),
            "one\ntwo\n"
        );
    }
}
