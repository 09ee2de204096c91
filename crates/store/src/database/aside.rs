//! Setting a damaged database aside.
//!
//! Nothing is deleted: what is left of the history may still be read by someone who knows how. What
//! `SQLite` keeps beside the file goes along under the name it expects, and never meets the next one.

use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use fail::fail_point;
use fs_err as fs;
use jiff::Timestamp;

/// What stands beside a database: its write-ahead log, the index of that, or its rollback journal.
const SIDES: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Renames the database to `<name>.broken-<time>`; `None` when there was no file.
pub(super) fn set_aside(path: &Path) -> io::Result<Option<PathBuf>> {
    let time = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut broken = suffixed(path, &format!(".broken-{time}"));
    let mut number = 1;
    while broken.exists() {
        number += 1;
        broken = suffixed(path, &format!(".broken-{time}-{number}"));
    }
    // The database first: after a crash in between, its log must not stand beside a database that is opened.
    let moved = rename(path, &broken)?;
    fail_point!("rescue::aside");
    for side in SIDES {
        rename(&suffixed(path, side), &suffixed(&broken, side))?;
    }
    Ok(moved.then_some(broken))
}

/// Renames a file; false when there was none.
fn rename(from: &Path, to: &Path) -> io::Result<bool> {
    match fs::rename(from, to) {
        Ok(()) => Ok(true),
        Err(reason) if reason.kind() == ErrorKind::NotFound => Ok(false),
        Err(reason) => Err(reason),
    }
}

/// A path with more at its end.
pub(super) fn suffixed(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}
