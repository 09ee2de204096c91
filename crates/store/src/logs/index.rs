//! The sparse index beside a log: where some of its lines begin.
//!
//! It has a mark at the first line that begins [`STRIDE`] bytes or more after the mark before. So any
//! line begins less than that after a mark, and so does the end of the log, however long lines are.
//! Reaching a line costs one stride and a search over marks of [`ENTRY`] bytes.
//!
//! The index can always be made again from the log and is believed only as far as it proves itself: each
//! mark carries a checksum. A log shorter than a stride has no index. Failing to save it costs reading,
//! never truth: marks not yet saved are kept in memory.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use fs_err as fs;

use crate::private;

/// Bytes of log between marks.
pub(super) const STRIDE: u64 = 16 * 1024;

/// Bytes of a mark on disk: line, offset, checksum, each a little-endian u64.
const ENTRY: u64 = 24;

/// A place in a log: `line` lines end before byte `offset`, where the next one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Mark {
    pub(super) line: u64,
    pub(super) offset: u64,
}

impl Mark {
    fn to_bytes(self) -> [u8; ENTRY as usize] {
        let mut bytes = [0; ENTRY as usize];
        bytes[..8].copy_from_slice(&self.line.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.offset.to_le_bytes());
        bytes[16..].copy_from_slice(&self.checksum().to_le_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8; ENTRY as usize]) -> Option<Self> {
        let number = |place: usize| {
            let mut number = [0; 8];
            number.copy_from_slice(&bytes[place..place + 8]);
            u64::from_le_bytes(number)
        };
        let mark = Self {
            line: number(0),
            offset: number(8),
        };
        (number(16) == mark.checksum()).then_some(mark)
    }

    /// FNV-1a of both numbers: against zeroed pages and torn writes, not against malice.
    fn checksum(self) -> u64 {
        [self.line, self.offset]
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
                (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            })
    }
}

/// The marks of one log.
pub(super) struct Index {
    path: PathBuf,
    file: Option<fs::File>,
    /// Marks in the file.
    saved: u64,
    /// The newest mark; the beginning of the log when there is none.
    newest: Mark,
    /// Marks the disk did not take yet, oldest first.
    unsaved: Vec<Mark>,
}

impl Index {
    /// Opens the index at a path; one that is missing or whose end is damaged is an empty one.
    pub(super) fn open(path: PathBuf) -> Self {
        let mut index = Self {
            path,
            file: None,
            saved: 0,
            newest: Mark::default(),
            unsaved: Vec::new(),
        };
        if let Err(reason) = index.load() {
            log::warn!("the index {} is made again: {reason}", index.path.display());
            index.clear();
        }
        index
    }

    fn load(&mut self) -> io::Result<()> {
        if !self.path.exists() {
            return Ok(());
        }
        let file = self.file.insert(private::file(&self.path)?);
        self.saved = file.metadata()?.len() / ENTRY;
        if let Some(last) = self.saved.checked_sub(1) {
            self.newest = self.read(last)?;
        }
        Ok(())
    }

    /// Forgets every mark.
    pub(super) fn clear(&mut self) {
        if let Some(file) = &self.file
            && let Err(reason) = file.set_len(0)
        {
            log::warn!("{reason}");
            // Better none than a wrong one: the marks stay in memory for this time.
            self.file = None;
        }
        self.saved = 0;
        self.newest = Mark::default();
        self.unsaved.clear();
    }

    pub(super) fn newest(&self) -> Mark {
        self.newest
    }

    /// Is told where each further line ends, and keeps a mark when it is time for one.
    pub(super) fn pass(&mut self, end: Mark) {
        if end.offset - self.newest.offset < STRIDE {
            return;
        }
        self.newest = end;
        self.unsaved.push(end);
        if let Err(reason) = self.save() {
            log::debug!("the index is not saved yet: {reason}");
        }
    }

    fn save(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            missing => missing.insert(private::file(&self.path)?),
        };
        file.seek(SeekFrom::Start(self.saved * ENTRY))?;
        let bytes: Vec<u8> = self
            .unsaved
            .iter()
            .flat_map(|mark| mark.to_bytes())
            .collect();
        // A write that fails half way is done again at the same place.
        file.write_all(&bytes)?;
        self.saved += self.unsaved.len() as u64;
        self.unsaved.clear();
        Ok(())
    }

    /// Returns the nearest mark at or before a line, the beginning of the log if there is none. An
    /// error means the index is damaged.
    pub(super) fn before(&mut self, line: u64) -> io::Result<Mark> {
        if let Some(mark) = self.unsaved.iter().rfind(|mark| mark.line <= line) {
            return Ok(*mark);
        }
        let (mut best, mut from, mut to) = (Mark::default(), 0, self.saved);
        while from < to {
            let middle = from.midpoint(to);
            let mark = self.read(middle)?;
            if mark.line <= line {
                best = mark;
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        Ok(best)
    }

    fn read(&mut self, number: u64) -> io::Result<Mark> {
        let file = self.file.as_mut().ok_or(io::ErrorKind::NotFound)?;
        let mut bytes = [0; ENTRY as usize];
        file.seek(SeekFrom::Start(number * ENTRY))?;
        file.read_exact(&mut bytes)?;
        Mark::from_bytes(&bytes).ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                format!("mark {number} is damaged"),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(path: PathBuf) -> Index {
        let mut index = Index::open(path);
        for line in 1..=10_000 {
            index.pass(Mark {
                line,
                offset: line * 100,
            });
        }
        index
    }

    #[test]
    fn every_line_begins_less_than_a_stride_after_its_mark() {
        let folder = tempfile::tempdir().unwrap();
        let mut index = filled(folder.path().join("i"));
        for line in 0..=10_000 {
            let mark = index.before(line).unwrap();
            assert!(
                mark.line <= line && (line * 100 - mark.offset) < STRIDE,
                "{line}: {mark:?}"
            );
            assert_eq!(mark.offset, mark.line * 100);
        }
    }

    #[test]
    fn an_index_opened_again_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("i");
        let newest = filled(path.clone()).newest();
        let mut index = Index::open(path);
        assert_eq!(index.newest(), newest);
        index.pass(Mark {
            line: 20_000,
            offset: 2_000_000,
        });
        assert_eq!(index.before(20_001).unwrap().line, 20_000);
        assert_eq!(index.before(9_999).unwrap(), newest);
    }

    #[test]
    fn a_torn_last_mark_is_left_out_and_a_damaged_one_empties_the_index() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("i");
        drop(filled(path.clone()));
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 5]).unwrap();
        assert!(Index::open(path.clone()).newest().line > 9_000);

        let mut zeroed = whole.clone();
        zeroed[whole.len() - 24..].fill(0);
        std::fs::write(&path, zeroed).unwrap();
        assert_eq!(Index::open(path.clone()).newest(), Mark::default());
        assert_eq!(path.metadata().unwrap().len(), 0);
    }

    #[test]
    fn a_damaged_mark_in_the_middle_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("i");
        drop(filled(path.clone()));
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2 / 24 * 24;
        bytes[middle] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        Index::open(path).before(1).unwrap_err();
    }
}
