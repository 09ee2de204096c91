//! The database's format: numbered steps, and a fence against newer ones.
//!
//! `PRAGMA user_version` is the number of steps a file has been through. A step never changes once it
//! has been released; a correction is a further step.

use std::io::{self, Read};
use std::path::Path;

use fail::fail_point;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::{connect, wrap};
use crate::error::StoreError;

/// Every step, in order. The first brings a file to format 1.
const STEPS: &[&str] = &[
    include_str!("../migrations/0001_records.sql"),
    include_str!("../migrations/0002_plans_that_change.sql"),
    include_str!("../migrations/0003_access_tokens.sql"),
    include_str!("../migrations/0004_reaching.sql"),
    include_str!("../migrations/0005_adopted_plans.sql"),
    include_str!("../migrations/0006_sizes.sql"),
    include_str!("../migrations/0007_append_only.sql"),
    include_str!("../migrations/0008_holds.sql"),
    include_str!("../migrations/0009_keeping_passphrases.sql"),
    include_str!("../migrations/0010_schedules.sql"),
    include_str!("../migrations/0011_stalled.sql"),
    include_str!("../migrations/0012_kept_size.sql"),
    include_str!("../migrations/0013_hooks.sql"),
    include_str!("../migrations/0014_keeping.sql"),
    include_str!("../migrations/0015_conditions.sql"),
    include_str!("../migrations/0016_checks.sql"),
    include_str!("../migrations/0017_pace.sql"),
    include_str!("../migrations/0018_health_pings.sql"),
];

/// The newest format.
const KNOWN: u32 = STEPS.len() as u32;

/// Refuses a file of a format this program does not know by the number in its header, before anything
/// could change it: even a reading connection makes side files.
pub(super) fn refuse_newer_file(path: &Path) -> Result<(), StoreError> {
    let found = match version_in_header(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        found => found.map_err(StoreError::file("read its database"))?,
    };
    refuse_newer(path, found)
}

/// Refuses a database of a format this program does not know. A crash may have left a higher number in the
/// write-ahead log; a connection that only reads finds it and does not fold it back.
pub(super) fn refuse_newer_log(path: &Path) -> Result<(), StoreError> {
    let read = || version(&connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?);
    refuse_newer(path, read().map_err(wrap(path))?)
}

fn refuse_newer(path: &Path, found: u32) -> Result<(), StoreError> {
    if found > KNOWN {
        return Err(StoreError::Newer {
            path: path.to_path_buf(),
            found,
            known: KNOWN,
        });
    }
    Ok(())
}

/// Whether a database has records in a format that this program knows.
pub(super) fn is_known(connection: &Connection) -> rusqlite::Result<bool> {
    Ok((1..=KNOWN).contains(&version(connection)?))
}

/// Whether a database has records in an older format.
pub(super) fn are_due(connection: &Connection) -> rusqlite::Result<bool> {
    Ok((1..KNOWN).contains(&version(connection)?))
}

/// Reads `user_version` from the file itself (`SQLite` file format, section 1.3: big-endian at byte 60);
/// 0 when the file is no database.
fn version_in_header(path: &Path) -> io::Result<u32> {
    let mut header = Vec::new();
    fs_err::File::open(path)?
        .take(64)
        .read_to_end(&mut header)?;
    Ok(match header.as_slice() {
        [header @ .., a, b, c, d]
            if header.len() == 60 && header.starts_with(b"SQLite format 3\0") =>
        {
            u32::from_be_bytes([*a, *b, *c, *d])
        }
        _ => 0,
    })
}

/// Takes the steps a file still lacks, each whole or not at all.
pub(super) fn run(connection: &mut Connection) -> rusqlite::Result<()> {
    for (number, step) in (1u32..).zip(STEPS) {
        let step_taken = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if version(&step_taken)? >= number {
            continue;
        }
        step_taken.execute_batch(step)?;
        step_taken.pragma_update(None, "user_version", number)?;
        fail_point!("migration::step");
        step_taken.commit()?;
        fail_point!("migration::taken");
    }
    Ok(())
}

pub(super) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Place, folder_contents};
    use crate::{Folder, Store};

    #[test]
    fn migrating_twice_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        run(&mut connection).unwrap();
        run(&mut connection).unwrap();
        assert_eq!(version(&connection).unwrap(), STEPS.len() as u32);
    }

    #[test]
    fn a_step_that_fails_leaves_the_format_as_it_was() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE settings (key TEXT)")
            .unwrap();
        run(&mut connection).unwrap_err();
        assert_eq!(version(&connection).unwrap(), 0);
        let tables: u32 = connection
            .query_row(
                "SELECT count(*) FROM sqlite_schema WHERE type = 'table'",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(tables, 1);
    }

    /// Makes a database as the format before the newest had it, with one setting.
    fn older(place: &Place) {
        crate::private::folder(place.path()).unwrap();
        let connection = Connection::open(place.folder().database()).unwrap();
        for step in &STEPS[..STEPS.len() - 1] {
            connection.execute_batch(step).unwrap();
        }
        connection
            .execute_batch("INSERT INTO settings VALUES ('theme', 'dark')")
            .unwrap();
        connection
            .pragma_update(None, "user_version", KNOWN - 1)
            .unwrap();
    }

    #[test]
    fn a_copy_of_the_older_format_is_kept_before_a_migration() {
        let place = Place::new();
        older(&place);
        let store = place.open();
        assert_eq!(store.setting("theme").unwrap().as_deref(), Some("dark"));
        drop(store);
        let format = format!(".format-{}.sqlite3", KNOWN - 1);
        let copy = std::fs::read_dir(place.folder().copies())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| path.to_str().unwrap().ends_with(&format))
            .unwrap();
        let copy = Connection::open(copy).unwrap();
        assert_eq!(version(&copy).unwrap(), KNOWN - 1);
        let theme: String = copy
            .query_one("SELECT value FROM settings", [], |row| row.get(0))
            .unwrap();
        assert_eq!(theme, "dark");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn without_room_for_a_copy_nothing_is_migrated_until_there_is() {
        let place = Place::new();
        older(&place);
        let Some(disk) = crate::testing::SmallDisk::mount(&place.folder().copies()) else {
            return;
        };
        disk.fill();
        let before = std::fs::read(place.folder().database()).unwrap();
        let error = Store::open(place.folder()).unwrap_err();
        assert!(matches!(error, StoreError::NoCopy(_)), "{error}");
        let text = error.to_string();
        assert!(text.contains("nothing was changed"), "{text}");
        assert!(text.contains("free some space"), "{text}");
        // The side files of the look are gone, and the header's format is the old one.
        let after = std::fs::read(place.folder().database()).unwrap();
        assert_eq!(after[60..64], before[60..64]);
        disk.free();
        let store = place.open();
        assert_eq!(store.setting("theme").unwrap().as_deref(), Some("dark"));
    }

    #[test]
    fn a_newer_database_is_refused_and_nothing_is_touched() {
        let place = Place::new();
        drop(place.open());
        let path = place.folder().database();
        Connection::open(&path)
            .unwrap()
            .pragma_update(None, "user_version", 99)
            .unwrap();
        let before = folder_contents(place.path());

        let error = Store::open(place.folder()).unwrap_err();
        assert!(
            matches!(error, StoreError::Newer { found: 99, known, .. } if known == STEPS.len() as u32),
            "{error}"
        );
        let text = error.to_string();
        let known = format!("up to {}", STEPS.len());
        assert!(
            text.contains("format 99") && text.contains(&known),
            "{text}"
        );
        let after = folder_contents(place.path());
        assert!(after.keys().eq(before.keys()), "{:?}", after.keys());
        assert!(after == before, "the files changed");
    }

    #[test]
    fn a_newer_database_left_by_a_crash_keeps_its_write_ahead_log() {
        let place = Place::new();
        let store = place.open();
        let newer = Connection::open(place.folder().database()).unwrap();
        newer.pragma_update(None, "user_version", 99).unwrap();
        let copy = place.crashed_copy();
        drop((newer, store));
        let wal = copy.path().join("alcove.sqlite3-wal");
        let before = (
            std::fs::read(copy.folder().database()).unwrap(),
            std::fs::read(&wal).unwrap(),
        );

        let error = Store::open(Folder::at(copy.path())).unwrap_err();
        assert!(
            matches!(error, StoreError::Newer { found: 99, .. }),
            "{error}"
        );
        let after = (
            std::fs::read(copy.folder().database()).unwrap(),
            std::fs::read(&wal).unwrap(),
        );
        assert!(before == after, "the files changed");
    }
}
