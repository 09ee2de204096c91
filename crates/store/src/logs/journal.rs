//! One job's log as everyone in this process sees it: what is on disk, and what waits for it.
//!
//! The writer and every reader of a job share one journal, so a reader knows to the byte what is
//! complete and never sees half a line, and a page goes on from the last line on disk to the first that
//! waits. Its lock is held for a write and for a search in the index, never while a page is read.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use fail::fail_point;
use fs_err as fs;
use jiff::{SignedDuration, Timestamp};

use super::index::{Index, Mark};
use super::line;
use super::ring::Ring;
use crate::private;
use crate::words::Level;

/// How long the disk is left alone after it refused a line.
const PAUSE: SignedDuration = SignedDuration::from_secs(1);

/// Bytes read at once when lines are counted.
const CHUNK: usize = 16 * 1024;

/// One job's log.
pub(super) struct Journal {
    path: PathBuf,
    state: Mutex<State>,
}

struct State {
    path: PathBuf,
    /// `None` until the file is there.
    file: Option<fs::File>,
    /// Whether nothing follows the complete lines but what this process writes.
    mended: bool,
    /// Where the complete lines on disk end.
    end: Mark,
    index: Index,
    ring: Ring,
    /// Lines lost for good.
    lost: u64,
    /// When and why the disk last refused.
    refused: Option<(Timestamp, String)>,
    /// The time of the newest line.
    now: Timestamp,
}

/// What a reader needs to read a page without the lock.
pub(super) struct View {
    /// The nearest known place before the page.
    pub(super) from: Mark,
    /// Where the lines on disk end.
    pub(super) end: Mark,
    /// The lines of the page that wait for the disk.
    pub(super) waiting: Vec<String>,
    /// Lines in all.
    pub(super) lines: u64,
}

impl Journal {
    /// Opens a log, which need not be there, and finds out how many lines it has.
    ///
    /// Only what the index does not know yet is read, which is less than a stride but after a crash.
    pub(super) fn open(path: PathBuf, index: PathBuf) -> io::Result<Self> {
        let file = if path.exists() {
            Some(private::file(&path)?)
        } else {
            None
        };
        let mut state = State {
            path: path.clone(),
            file,
            mended: false,
            end: Mark::default(),
            index: Index::open(index),
            ring: Ring::default(),
            lost: 0,
            refused: None,
            now: Timestamp::UNIX_EPOCH,
        };
        if !state.index_fits()? {
            state.index.clear();
        }
        state.end = state.index.newest();
        state.count()?;
        Ok(Self {
            path,
            state: Mutex::new(state),
        })
    }

    pub(super) fn path(&self) -> &PathBuf {
        &self.path
    }

    /// Makes the log ready for a writer: the file is made, a line that a crash tore is completed or, if
    /// too little of it is left, removed. A disk that refuses is tried again with the first line.
    pub(super) fn prepare(&self) {
        let mut state = self.state();
        if let Err(reason) = state.mend() {
            state.refuse(&reason);
        }
    }

    /// Adds a line and returns its number. A line that is lost gets the number of the last one kept.
    pub(super) fn write(&self, time: Timestamp, level: Level, text: &str) -> u64 {
        let mut state = self.state();
        state.now = time;
        let content = line::format(time, level, text);
        if state.may_try() {
            state.catch_up();
        }
        if state.ring.is_empty() {
            match state.append(&content) {
                Ok(()) => return state.end.line,
                Err(reason) => state.refuse(&reason),
            }
        }
        let State { ring, refused, .. } = &mut *state;
        ring.take(level, content, || {
            let reason = refused.as_ref().map_or("", |(_, reason)| reason);
            let text =
                format!("From here on lines were lost, the log could not be written: {reason}");
            line::format(time, Level::Warning, &text)
        });
        state.lines()
    }

    /// Writes the lines that wait, now; whether none waits any more.
    pub(super) fn catch_up(&self) -> bool {
        self.state().catch_up()
    }

    /// Has the operating system put everything on the disk itself.
    pub(super) fn sync(&self) {
        let mut state = self.state();
        state.catch_up();
        fail_point!("log::sync");
        if let Some(file) = &state.file
            && let Err(reason) = file.sync_data()
        {
            log::warn!("{reason}");
        }
    }

    /// Returns whether lines are missing on disk, now or for good.
    pub(super) fn incomplete(&self) -> bool {
        let state = self.state();
        !state.ring.is_empty() || state.lost > 0
    }

    /// Returns how many lines there are, on disk and waiting.
    pub(super) fn lines(&self) -> u64 {
        self.state().lines()
    }

    /// Returns what is needed to read up to `limit` lines after the first `offset`.
    pub(super) fn view(&self, offset: u64, limit: usize) -> View {
        let mut state = self.state();
        let line = offset.min(state.end.line);
        let from = state.find(line);
        let skipped = offset.saturating_sub(state.end.line);
        let on_disk = state.end.line.saturating_sub(offset);
        let room = limit.saturating_sub(usize::try_from(on_disk).unwrap_or(usize::MAX));
        let skipped = usize::try_from(skipped).unwrap_or(usize::MAX);
        View {
            from,
            end: state.end,
            waiting: state
                .ring
                .lines()
                .skip(skipped)
                .take(room)
                .map(str::to_owned)
                .collect(),
            lines: state.lines(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn lines(&self) -> u64 {
        self.end.line + self.ring.len()
    }

    /// Whether the newest mark of the index is the end of a line of this file.
    fn index_fits(&mut self) -> io::Result<bool> {
        let Some(before) = self.index.newest().offset.checked_sub(1) else {
            return Ok(true);
        };
        let Some(file) = &mut self.file else {
            return Ok(false);
        };
        let mut byte = [0];
        file.seek(SeekFrom::Start(before))?;
        Ok(file.read(&mut byte)? == 1 && byte == *b"\n")
    }

    /// Counts the lines after `end` and tells the index.
    fn count(&mut self) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        let mut chunk = vec![0; CHUNK];
        let mut read_to = file.seek(SeekFrom::Start(self.end.offset))?;
        loop {
            let length = file.read(&mut chunk)?;
            if length == 0 {
                return Ok(());
            }
            for (place, _) in chunk[..length]
                .iter()
                .enumerate()
                .filter(|(_, byte)| **byte == b'\n')
            {
                self.end = Mark {
                    line: self.end.line + 1,
                    offset: read_to + place as u64 + 1,
                };
                self.index.pass(self.end);
            }
            read_to += length as u64;
        }
    }

    /// Finds the nearest mark before a line; a damaged index is made again.
    fn find(&mut self, line: u64) -> Mark {
        match self.index.before(line) {
            Ok(mark) if mark.offset <= self.end.offset => mark,
            damaged => {
                log::warn!(
                    "the index of {} is made again: {damaged:?}",
                    self.path.display()
                );
                self.index.clear();
                let end = std::mem::take(&mut self.end);
                if let Err(reason) = self.count() {
                    log::warn!("{reason}");
                    self.index.clear();
                }
                self.end = end;
                self.index.before(line).unwrap_or_default()
            }
        }
    }

    /// Sees to what a crash left after the last complete line.
    fn mend(&mut self) -> io::Result<()> {
        if self.mended {
            return Ok(());
        }
        let end = self.end.offset;
        let file = self.file()?;
        let length = file.metadata()?.len();
        let mut piece = Vec::new();
        if length > end {
            file.seek(SeekFrom::Start(end))?;
            Read::by_ref(file)
                .take(line::LIMIT as u64)
                .read_to_end(&mut piece)?;
            file.set_len(end)?;
        }
        self.mended = true;
        line::mend(&piece).map_or(Ok(()), |mended| self.append(&mended))
    }

    /// Returns the file, making it when it is missing.
    fn file(&mut self) -> io::Result<&mut fs::File> {
        match &mut self.file {
            Some(file) => Ok(file),
            missing => {
                self.path.parent().map_or(Ok(()), private::folder)?;
                Ok(missing.insert(private::file(&self.path)?))
            }
        }
    }

    /// Writes a line after the complete ones, whole or not at all.
    fn append(&mut self, content: &str) -> io::Result<()> {
        self.mend()?;
        let end = self.end.offset;
        let bytes = format!("{content}\n");
        let file = self.file()?;
        file.seek(SeekFrom::Start(end))?;
        fail_point!("log::write");
        if let Err(reason) = file.write_all(bytes.as_bytes()) {
            // What was written of it would look torn after a crash; written again it goes to this place.
            let _ = file.set_len(end);
            return Err(reason);
        }
        fail_point!("log::written");
        self.end = Mark {
            line: self.end.line + 1,
            offset: end + bytes.len() as u64,
        };
        self.index.pass(self.end);
        Ok(())
    }

    fn refuse(&mut self, reason: &io::Error) {
        if self.refused.is_none() {
            log::warn!("a log waits in memory: {reason}");
        }
        self.refused = Some((self.now, reason.to_string()));
    }

    /// Whether the disk refused long enough ago. A clock set back counts as long enough.
    fn may_try(&self) -> bool {
        self.refused.as_ref().is_none_or(|(when, _)| {
            let passed = self.now.duration_since(*when);
            passed >= PAUSE || passed.is_negative()
        })
    }

    /// Writes the lines that wait, in order; whether none waits any more.
    fn catch_up(&mut self) -> bool {
        while let Some(oldest) = self.ring.oldest().map(str::to_owned) {
            if let Err(reason) = self.append(&oldest) {
                self.refuse(&reason);
                return false;
            }
            self.ring.pop();
            if self.ring.is_empty() {
                self.settle();
            }
        }
        self.refused = None;
        true
    }

    /// Says how many lines were lost, once, after the last one that was kept.
    fn settle(&mut self) {
        let lost = self.ring.take_lost();
        if lost > 0 {
            self.lost += lost;
            let lines = if lost == 1 {
                "1 line was".to_owned()
            } else {
                format!("{lost} lines were")
            };
            let text = format!("The log can be written again. {lines} lost before this one.");
            self.ring
                .push(line::format(self.now, Level::Warning, &text));
        }
    }
}
