//! A job's whole log as one text, and saving it where the person wants it.

use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use fs_err as fs;

use super::journal::Journal;
use crate::error::StoreError;
use crate::store::Store;

/// A job's whole log, as it was when it was asked for; read from the disk bit by bit. Keeps the data
/// folder owned while it exists.
pub struct LogText {
    text: io::Chain<io::Take<Box<dyn Read + Send>>, Cursor<Vec<u8>>>,
    length: u64,
    _store: Option<Store>,
}

impl LogText {
    /// The log of a job that has none.
    pub fn empty() -> Self {
        Self::of(Box::new(io::empty()), 0, Vec::new(), None)
    }

    fn of(file: Box<dyn Read + Send>, on_disk: u64, rest: Vec<u8>, store: Option<Store>) -> Self {
        Self {
            length: on_disk + rest.len() as u64,
            text: file.take(on_disk).chain(Cursor::new(rest)),
            _store: store,
        }
    }

    fn open(journal: &Journal, store: &Store) -> io::Result<Self> {
        let view = journal.view(0, usize::MAX);
        let file: Box<dyn Read + Send> = if view.end.offset > 0 {
            Box::new(fs::File::open(journal.path())?)
        } else {
            Box::new(io::empty())
        };
        let waiting = view
            .waiting
            .iter()
            .flat_map(|line| [line.as_bytes(), b"\n"].concat())
            .collect();
        Ok(Self::of(
            file,
            view.end.offset,
            waiting,
            Some(store.clone()),
        ))
    }

    /// Its length in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }
}

impl Read for LogText {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.text.read(buffer)
    }
}

impl std::fmt::Debug for LogText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LogText")
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the whole of a job's log, also while it is being written; `None` when there is none.
    /// Lines that still wait for the disk are part of it.
    pub fn log_text(&self, job: i64) -> Result<Option<LogText>, StoreError> {
        self.journal(job)?
            .map(|journal| LogText::open(&journal, self))
            .transpose()
            .map_err(StoreError::file("read the job's log"))
    }

    /// Copies a job's log to a file and returns its length in bytes. Lines that still wait for the disk
    /// are part of it.
    ///
    /// The file is there whole or not at all: it is written beside its place and renamed into it, taking
    /// the place of one that was there. Only the person can read it (0600).
    pub fn copy_log(&self, job: i64, to: &Path) -> Result<u64, StoreError> {
        let Some(log) = self.log_text(job)? else {
            return Err(StoreError::NoLog(job));
        };
        copy(log, to).map_err(|source| StoreError::Copy {
            job,
            to: to.to_path_buf(),
            source,
        })
    }
}

fn copy(mut log: LogText, to: &Path) -> io::Result<u64> {
    let beside = to.parent().filter(|path| !path.as_os_str().is_empty());
    let mut file = tempfile::Builder::new()
        .prefix(".alcove-")
        .tempfile_in(beside.map_or_else(|| PathBuf::from("."), Path::to_path_buf))?;
    let bytes = io::copy(&mut log, &mut file)?;
    file.as_file().sync_all()?;
    file.persist(to).map_err(|refused| refused.error)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Place, time};
    use crate::words::Level;

    fn with_a_log(place: &Place) -> Store {
        let store = place.open();
        let mut log = store.log_writer(7).unwrap();
        log.write(time(0), Level::Info, "one");
        log.write(time(0), Level::Warning, "two\nlines");
        store
    }

    #[test]
    fn a_copy_is_the_log_as_it_is_on_disk() {
        let place = Place::new();
        let store = with_a_log(&place);
        let to = place.beside("backup_job_7_logs.txt");
        std::fs::write(&to, "what was there before").unwrap();
        let bytes = store.copy_log(7, &to).unwrap();
        let copied = std::fs::read(&to).unwrap();
        assert_eq!(bytes, copied.len() as u64);
        assert_eq!(copied, std::fs::read(place.folder().log(7)).unwrap());
    }

    #[test]
    fn a_log_as_one_text_is_what_was_written_when_it_was_asked_for() {
        let place = Place::new();
        let store = with_a_log(&place);
        let before = std::fs::read(place.folder().log(7)).unwrap();
        let mut text = store.log_text(7).unwrap().unwrap();
        store
            .log_writer(7)
            .unwrap()
            .write(time(1), Level::Info, "later");
        assert_eq!(text.length(), before.len() as u64);
        let mut read = Vec::new();
        text.read_to_end(&mut read).unwrap();
        assert_eq!(read, before);
        assert!(store.log_text(8).unwrap().is_none());
        assert_eq!(LogText::empty().length(), 0);
    }

    #[test]
    fn a_copy_leaves_a_torn_line_out() {
        let place = Place::new();
        drop(with_a_log(&place));
        let path = place.folder().log(7);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, [&whole[..], b"2026-11-22T10:0"].concat()).unwrap();
        let to = place.beside("copy");
        place.open().copy_log(7, &to).unwrap();
        assert_eq!(std::fs::read(&to).unwrap(), whole);
    }

    #[test]
    fn a_copy_that_fails_names_the_place_and_leaves_nothing() {
        let place = Place::new();
        let store = with_a_log(&place);
        let missing = place.beside("nowhere").join("log.txt");
        let error = store.copy_log(7, &missing).unwrap_err();
        assert!(
            error.to_string().contains(missing.to_str().unwrap()),
            "{error}"
        );
        assert!(error.to_string().contains("No such file"), "{error}");

        let taken = place.beside("taken");
        std::fs::create_dir_all(taken.join("inside")).unwrap();
        store.copy_log(7, &taken).unwrap_err();
        let left: Vec<_> = std::fs::read_dir(place.beside("taken").parent().unwrap())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .filter(|name| name.to_str().unwrap().starts_with(".alcove"))
            .collect();
        assert_eq!(left, [""; 0]);
    }

    #[test]
    fn a_job_without_a_log_has_no_copy() {
        let place = Place::new();
        let error = place.open().copy_log(3, &place.beside("copy")).unwrap_err();
        assert!(matches!(error, StoreError::NoLog(3)), "{error}");
        assert!(!place.beside("copy").exists());
    }
}
