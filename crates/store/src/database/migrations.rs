//! The database's format: numbered steps, and a fence against newer ones.
//!
//! `PRAGMA user_version` is the number of steps a file has been through. A step never changes once it
//! has been released; a correction is a further step.

use std::io::{self, Read};
use std::path::Path;

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
];

/// Refuses a file of a format this program does not know, before anything could change it.
///
/// The number in the file's header is looked at first, since even a reading connection makes side files.
/// A crash may have left a higher one in the write-ahead log; a connection that only reads finds it and
/// does not fold it back.
pub(super) fn refuse_newer(path: &Path) -> Result<(), StoreError> {
    let known = STEPS.len() as u32;
    let refuse = |found| {
        if found > known {
            return Err(StoreError::Newer {
                path: path.to_path_buf(),
                found,
                known,
            });
        }
        Ok(())
    };
    refuse(version_in_header(path).map_err(StoreError::file("read its database"))?)?;
    let read = || version(&connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?);
    refuse(read().map_err(wrap(path))?)
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
        if version(&step_taken)? < number {
            step_taken.execute_batch(step)?;
            step_taken.pragma_update(None, "user_version", number)?;
        }
        step_taken.commit()?;
    }
    Ok(())
}

fn version(connection: &Connection) -> rusqlite::Result<u32> {
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
