//! Damage that `SQLite` takes for an ordinary beginning.
//!
//! It makes a new database of an empty file, deletes the write-ahead log beside one, and begins a log
//! anew whose header is not its own. Each is right after a crash of the first moment, and each would drop
//! records without a word. Garbage after a good header looks like the torn end of a crash and is not told
//! from it: the log counts up to there.

use std::io::{self, ErrorKind, Read};
use std::path::Path;

use rusqlite::{Connection, ffi};

use super::aside::suffixed;

/// Bytes of a write-ahead log's header.
const HEADER: usize = 32;

/// Returns what is wrong with the files of a database, before `SQLite` could change them. `used` says that
/// there are other traces of records.
pub(super) fn before_opening(path: &Path, used: bool) -> io::Result<Option<&'static str>> {
    let wal = suffixed(path, "-wal");
    let logged = length(&wal)?;
    if length(path)? == 0 && (used || logged > 0) {
        return Ok(Some("it is empty"));
    }
    if logged >= HEADER as u64 && !is_header(&read_header(&wal)?) {
        return Ok(Some("its write-ahead log is garbage"));
    }
    Ok(None)
}

/// Returns what is wrong with the pages of an open database.
///
/// The whole file is read. For 20,000 jobs (29 MB) that takes 0.05 s from memory and 0.7 s from a virtual
/// disk nothing was read from before, so it is done at each opening: a page that went bad is found before
/// records are added to it, also after a good close.
pub(super) fn in_pages(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    Ok((verdict != "ok").then_some(verdict))
}

/// The error of `SQLite` for what it does not take for one.
pub(super) fn error(what: impl Into<String>) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_CORRUPT), Some(what.into()))
}

/// The length of a file; 0 when there is none.
fn length(path: &Path) -> io::Result<u64> {
    match fs_err::metadata(path) {
        Ok(found) => Ok(found.len()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}

/// Whether nothing is left in the log of a database: who closes it folds the log into the file.
pub(super) fn is_folded(path: &Path) -> io::Result<bool> {
    Ok(length(&suffixed(path, "-wal"))? == 0)
}

fn read_header(wal: &Path) -> io::Result<[u8; HEADER]> {
    let mut header = [0; HEADER];
    fs_err::File::open(wal)?.read_exact(&mut header)?;
    Ok(header)
}

/// Whether these are the first bytes of a write-ahead log, or zeros, which a power failure leaves of a log
/// nothing was acknowledged from (`SQLite` file format, section 4.1).
fn is_header(header: &[u8; HEADER]) -> bool {
    let word = |place: usize| {
        let bytes = [0, 1, 2, 3].map(|byte| header[4 * place + byte]);
        (u32::from_be_bytes(bytes), u32::from_le_bytes(bytes))
    };
    let (magic, _) = word(0);
    let sum = (0..3).fold((0u32, 0u32), |(first, second), pair| {
        let value = |place| {
            let (big, little) = word(place);
            if magic & 1 == 1 { big } else { little }
        };
        let first = first.wrapping_add(value(2 * pair)).wrapping_add(second);
        let second = second.wrapping_add(value(2 * pair + 1)).wrapping_add(first);
        (first, second)
    });
    header == &[0; HEADER] || (magic & !1 == 0x377f_0682 && (word(6).0, word(7).0) == sum)
}
