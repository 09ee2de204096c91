//! The logs in use: everyone who opens a job's log gets the same journal.
//!
//! A journal nobody uses any more is let go, but for those whose last lines still wait for the disk:
//! they stay readable here, at most [`STRANDED`] of them, and are tried again when next opened, when somebody asks
//! for that, and when the store is closed.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::journal::Journal;
use super::reader::LogReader;
use super::writer::LogWriter;
use crate::error::StoreError;
use crate::folder::Folder;
use crate::store::Store;

/// Logs that may wait for the disk without a writer; of more, the oldest job's lines are given up.
const STRANDED: usize = 16;

/// The journals of a store.
pub(crate) struct Shelf {
    folder: Folder,
    journals: Mutex<Journals>,
}

#[derive(Default)]
struct Journals {
    used: BTreeMap<i64, Weak<Journal>>,
    stranded: BTreeMap<i64, Arc<Journal>>,
}

impl Store {
    /// Opens a job's log to write at its end; numbers go on where they were.
    ///
    /// A disk that refuses is no error: lines wait in memory ([`LogWriter::incomplete`]). A log that is
    /// there and cannot be read is one, since its numbers are not known.
    pub fn log_writer(&self, job: i64) -> Result<LogWriter, StoreError> {
        let journal = self
            .shelf()
            .open(job)
            .map_err(StoreError::file("open the job's log"))?;
        journal.prepare();
        Ok(LogWriter::new(self.clone(), job, journal))
    }

    /// Opens a job's log to read, also while it is being written; `None` when there is none.
    pub fn log_reader(&self, job: i64) -> Result<Option<LogReader>, StoreError> {
        Ok(self
            .journal(job)?
            .map(|journal| LogReader::new(self.clone(), journal)))
    }

    /// Returns whether a job has a log, on disk or waiting for it.
    pub fn has_log(&self, job: i64) -> bool {
        self.shelf().is_used(job) || self.folder().log(job).exists()
    }

    /// Tries again to write the lines of logs nobody uses any more that found no room on the disk.
    pub fn write_late_lines(&self) {
        self.shelf().write_late_lines();
    }

    /// Opens a log that is there.
    pub(super) fn journal(&self, job: i64) -> Result<Option<Arc<Journal>>, StoreError> {
        if !self.has_log(job) {
            return Ok(None);
        }
        self.shelf()
            .open(job)
            .map(Some)
            .map_err(StoreError::file("read the job's log"))
    }
}

impl Shelf {
    pub(crate) fn new(folder: Folder) -> Self {
        Self {
            folder,
            journals: Mutex::default(),
        }
    }

    fn open(&self, job: i64) -> io::Result<Arc<Journal>> {
        let mut journals = self.journals();
        if let Some(journal) = journals.used.get(&job).and_then(Weak::upgrade) {
            if journals.stranded.contains_key(&job) && journal.catch_up() {
                journals.stranded.remove(&job);
            }
            return Ok(journal);
        }
        let journal = Arc::new(Journal::open(
            self.folder.log(job),
            self.folder.log_index(job),
        )?);
        journals
            .used
            .retain(|_, journal| journal.strong_count() > 0);
        journals.used.insert(job, Arc::downgrade(&journal));
        Ok(journal)
    }

    pub(super) fn is_used(&self, job: i64) -> bool {
        self.journals()
            .used
            .get(&job)
            .is_some_and(|journal| journal.strong_count() > 0)
    }

    /// Keeps a journal whose writer is gone if lines of it still wait.
    pub(super) fn leave(&self, job: i64, journal: &Arc<Journal>) {
        let mut journals = self.journals();
        if journal.catch_up() {
            journals.stranded.remove(&job);
            return;
        }
        journals.stranded.insert(job, Arc::clone(journal));
        if journals.stranded.len() > STRANDED {
            journals.stranded.pop_first();
        }
    }

    pub(crate) fn write_late_lines(&self) {
        self.journals()
            .stranded
            .retain(|_, journal| !journal.catch_up());
    }

    fn journals(&self) -> MutexGuard<'_, Journals> {
        self.journals.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        self.write_late_lines();
        for job in self.journals().stranded.keys() {
            log::error!("the last lines of the log of job {job} are lost: the disk takes none");
        }
    }
}
