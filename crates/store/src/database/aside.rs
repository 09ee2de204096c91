//! Setting a damaged database aside.
//!
//! Nothing is deleted: what is left of the history may still be read by someone who knows how. The
//! write-ahead log goes along under the name `SQLite` expects beside the new one.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use fs_err as fs;
use jiff::Timestamp;

/// Renames the database to `<name>.broken-<time>` and returns that path.
pub(super) fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let time = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut broken = suffixed(path, &format!(".broken-{time}"));
    let mut number = 1;
    while broken.exists() {
        number += 1;
        broken = suffixed(path, &format!(".broken-{time}-{number}"));
    }
    fs::rename(path, &broken)?;
    // The index of the write-ahead log is made anew from it; the log itself may hold the last rows.
    for (side, keep) in [("-wal", true), ("-shm", false)] {
        let from = suffixed(path, side);
        match if keep {
            fs::rename(&from, suffixed(&broken, side))
        } else {
            fs::remove_file(&from)
        } {
            Err(reason) if reason.kind() != io::ErrorKind::NotFound => return Err(reason),
            _ => {}
        }
    }
    Ok(broken)
}

fn suffixed(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}
