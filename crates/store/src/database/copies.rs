//! Copies of the database, kept beside it for the day it is damaged.
//!
//! A copy is a whole database in one file, named by when it was made and in which format:
//! `20261122T184200Z.format-6.sqlite3`. It is written from the rows (`VACUUM INTO`), so that a damaged
//! page is never copied; it has its name only once it is on the disk, and no one waits for it who writes.
//! Kept are the newest of each of the last [`DAYS`] days, and the newest of each of the last [`FORMATS`]
//! older formats, which are those from before a migration.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use fail::fail_point;
use fs_err as fs;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use rusqlite::types::{ToSqlOutput, ValueRef};

use super::{migrations, wrap};
use crate::error::StoreError;
use crate::private;

/// Days of which a copy is kept.
const DAYS: usize = 3;
/// Older formats of which a copy is kept.
const FORMATS: usize = 2;
/// How old the newest copy becomes.
const AGE: SignedDuration = SignedDuration::from_hours(24);
/// How the name of a copy begins that is being written.
const UNFINISHED: &str = "unfinished-";
/// How a copy's time is written, in UTC.
const TIME: &str = "%Y%m%dT%H%M%SZ";

/// The folder of copies.
#[derive(Debug, Clone)]
pub(super) struct Copies {
    folder: PathBuf,
}

/// One copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) path: PathBuf,
    pub(super) made_at: Timestamp,
    format: u32,
}

impl Copies {
    pub(super) fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Returns the copies, the newest first. Those from the future are the oldest: a clock was wrong.
    pub(super) fn newest_first(&self, now: Timestamp) -> io::Result<Vec<Kept>> {
        let mut kept = Vec::new();
        match fs::read_dir(&self.folder) {
            Ok(entries) => {
                for entry in entries {
                    kept.extend(parse(&entry?.path()));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        kept.sort_by_key(|copy| (copy.made_at <= now, copy.made_at, copy.format));
        kept.reverse();
        Ok(kept)
    }

    /// Whether the newest copy is too old, or there is none.
    pub(super) fn is_due(&self, now: Timestamp) -> io::Result<bool> {
        let kept = self.newest_first(now)?;
        Ok(!kept
            .first()
            .is_some_and(|newest| (now - AGE..=now).contains(&newest.made_at)))
    }

    /// Makes a copy of the database behind a connection, and removes those that need not be kept any more.
    pub(super) fn make(&self, connection: &Connection, now: Timestamp) -> Result<(), StoreError> {
        let failed = || StoreError::file("copy its database");
        private::folder(&self.folder).map_err(failed())?;
        self.remove_unfinished().map_err(failed())?;
        let copy = tempfile::Builder::new()
            .prefix(UNFINISHED)
            .tempfile_in(&self.folder)
            .map_err(failed())?;
        let path = copy.path().as_os_str().as_encoded_bytes();
        fail_point!("copy::write");
        let written = connection
            .execute(
                "VACUUM INTO ?",
                [ToSqlOutput::Borrowed(ValueRef::Text(path))],
            )
            .and_then(|_| migrations::version(connection));
        let format = written.map_err(wrap(copy.path()))?;
        copy.as_file().sync_all().map_err(failed())?;
        fail_point!("copy::written");
        let name = format!("{}.format-{format}.sqlite3", now.strftime(TIME));
        copy.persist(self.folder.join(name))
            .map_err(|refused| failed()(refused.error))?;
        private::sync_folder(&self.folder).map_err(failed())?;
        fail_point!("copy::named");
        self.trim(format, now).map_err(failed())
    }

    /// Removes what a crash left of a copy.
    fn remove_unfinished(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    fn trim(&self, format: u32, now: Timestamp) -> io::Result<()> {
        let (mut days, mut formats) = (BTreeSet::new(), BTreeSet::new());
        for copy in self.newest_first(now)? {
            let stays = if copy.format == format {
                let day = copy.made_at.to_zoned(TimeZone::UTC).date();
                days.len() < DAYS && days.insert(day)
            } else {
                formats.len() < FORMATS && formats.insert(copy.format)
            };
            if !stays {
                fs::remove_file(copy.path)?;
            }
        }
        Ok(())
    }
}

/// Reads the name of a copy; `None` for any other file.
fn parse(path: &Path) -> Option<Kept> {
    let name = path.file_name()?.to_str()?.strip_suffix(".sqlite3")?;
    let (time, format) = name.split_once(".format-")?;
    let time = DateTime::strptime(TIME, time).ok()?;
    Some(Kept {
        path: path.to_path_buf(),
        made_at: time.to_zoned(TimeZone::UTC).ok()?.timestamp(),
        format: format.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::time;

    const HOUR: i64 = 60 * 60;

    /// A folder of copies, and a database of format `format` to copy.
    fn setting(format: u32) -> (tempfile::TempDir, Copies, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let connection = Connection::open(folder.path().join("database")).unwrap();
        connection
            .execute_batch("CREATE TABLE t (c); INSERT INTO t VALUES ('kept')")
            .unwrap();
        connection
            .pragma_update(None, "user_version", format)
            .unwrap();
        let copies = Copies::at(folder.path().join("copies"));
        (folder, copies, connection)
    }

    fn names(copies: &Copies, now: i64) -> Vec<String> {
        copies
            .newest_first(time(now))
            .unwrap()
            .iter()
            .map(|copy| copy.path.file_name().unwrap().to_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn a_copy_is_a_whole_database_named_by_its_time_and_format() {
        let (_folder, copies, connection) = setting(4);
        assert!(copies.is_due(time(0)).unwrap());
        copies.make(&connection, time(0)).unwrap();
        let name = format!("{}.format-4.sqlite3", time(0).strftime(TIME));
        assert_eq!(names(&copies, 0), [name]);
        let copy = &copies.newest_first(time(0)).unwrap()[0];
        assert_eq!(copy.made_at.as_second(), time(0).as_second());
        let kept: String = Connection::open(&copy.path)
            .unwrap()
            .query_one("SELECT c FROM t", [], |row| row.get(0))
            .unwrap();
        assert_eq!(kept, "kept");
    }

    #[test]
    fn a_copy_is_due_when_the_newest_is_a_day_old_or_from_the_future() {
        let (_folder, copies, connection) = setting(4);
        copies.make(&connection, time(0)).unwrap();
        for (hours, due) in [(0, false), (23, false), (25, true), (-1, true)] {
            assert_eq!(copies.is_due(time(hours * HOUR)).unwrap(), due, "{hours}");
        }
    }

    #[test]
    fn the_newest_of_three_days_and_of_two_older_formats_are_kept() {
        let (_folder, copies, connection) = setting(1);
        let set = |format: u32| connection.pragma_update(None, "user_version", format);
        for format in 1..=3 {
            set(format).unwrap();
            copies.make(&connection, time(i64::from(format))).unwrap();
        }
        set(4).unwrap();
        for hour in (0..100).step_by(5) {
            copies.make(&connection, time(hour * HOUR)).unwrap();
        }
        let kept = copies.newest_first(time(100 * HOUR)).unwrap();
        let formats: Vec<_> = kept.iter().map(|copy| copy.format).collect();
        assert_eq!(formats, [4, 4, 4, 3, 2]);
        assert_eq!(kept[0].made_at.as_second(), time(95 * HOUR).as_second());
        let days: BTreeSet<_> = kept[..3]
            .iter()
            .map(|copy| copy.made_at.to_zoned(TimeZone::UTC).date())
            .collect();
        assert_eq!(days.len(), 3);
    }

    #[test]
    fn a_copy_from_the_future_is_the_last_to_be_used() {
        let (_folder, copies, connection) = setting(4);
        copies.make(&connection, time(9_999 * HOUR)).unwrap();
        copies.make(&connection, time(0)).unwrap();
        let kept = copies.newest_first(time(HOUR)).unwrap();
        assert_eq!(kept[0].made_at.as_second(), time(0).as_second());
        assert_eq!(kept.len(), 2);
    }

    #[test]
    fn what_a_crash_left_of_a_copy_is_no_copy_and_goes_with_the_next() {
        let (_folder, copies, connection) = setting(4);
        std::fs::create_dir(&copies.folder).unwrap();
        let torn = copies.folder.join("unfinished-x");
        std::fs::write(&torn, "half of it").unwrap();
        assert!(names(&copies, 0).is_empty());
        copies.make(&connection, time(0)).unwrap();
        assert!(!torn.exists());
        assert_eq!(names(&copies, 0).len(), 1);
    }

    #[test]
    fn a_damaged_database_takes_no_copys_place() {
        let (folder, copies, connection) = setting(4);
        connection
            .execute_batch(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
                 INSERT INTO t SELECT hex(randomblob(50)) FROM n",
            )
            .unwrap();
        copies.make(&connection, time(0)).unwrap();
        drop(connection);
        let path = folder.path().join("database");
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[3 * 4096..5 * 4096].fill(0x5a);
        std::fs::write(&path, bytes).unwrap();
        let damaged = Connection::open(&path).unwrap();
        copies.make(&damaged, time(HOUR)).unwrap_err();
        let all = std::fs::read_dir(&copies.folder).unwrap().count();
        assert_eq!((all, names(&copies, HOUR).len()), (1, 1));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_copy_that_finds_no_room_leaves_nothing_of_itself_and_the_older_one() {
        let (_folder, copies, connection) = setting(4);
        let Some(disk) = crate::testing::SmallDisk::mount(&copies.folder) else {
            return;
        };
        copies.make(&connection, time(0)).unwrap();
        disk.fill();
        let error = copies.make(&connection, time(HOUR)).unwrap_err();
        assert!(error.to_string().contains("full"), "{error}");
        disk.free();
        assert_eq!(std::fs::read_dir(&copies.folder).unwrap().count(), 1);
        copies.make(&connection, time(HOUR)).unwrap();
    }
}
