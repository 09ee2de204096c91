//! Putting something whole in the place of a damaged database.
//!
//! What takes its place is the newest that is whole: the file itself as far as it was written back, where only its
//! write-ahead log is garbage, or a copy; else nothing, and records begin anew. It is complete beside the database
//! before that is set aside, so that a full disk changes nothing, and a crash in between leaves no database: the next
//! opening takes that for an empty one, comes here again, and finds what was made ready. A copy that cannot be read
//! at the moment ends the rescue before anything is changed, unless another one is whole.
//!
//! Not everything comes back with older records: an access token that was revoked since then would be valid
//! again, so they go; and plans may keep less than the person set last, so they are held until someone has
//! looked at them.

use std::cmp::Reverse;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use fail::fail_point;
use fs_err as fs;
use jiff::Timestamp;
use rusqlite::OpenFlags;

use super::copies::Copies;
use super::{aside, connect, migrations};
use crate::private;
use crate::recovery::Recovery;
use crate::table;

/// Sets a damaged database aside and puts the newest whole state in its place, if there is one.
pub(super) fn rescue(path: &Path, copies: &Copies) -> io::Result<Recovery> {
    let beside = made_ready(path);
    let restored = prepare(path, copies, &beside)?;
    fail_point!("rescue::ready");
    let set_aside = aside::set_aside(path)?;
    fail_point!("rescue::gone");
    if restored.is_some() {
        fs::rename(&beside, path)?;
    }
    path.parent().map_or(Ok(()), private::sync_folder)?;
    fail_point!("rescue::restored");
    Ok(Recovery {
        set_aside,
        restored,
    })
}

/// Whether a rescue did not come to its end.
pub(super) fn is_unfinished(path: &Path) -> bool {
    !path.exists() && made_ready(path).exists()
}

/// Where that is made ready which takes the place of the database.
fn made_ready(path: &Path) -> PathBuf {
    aside::suffixed(path, ".restoring")
}

/// Has the newest whole state at `beside`, and returns from when it is.
fn prepare(path: &Path, copies: &Copies, beside: &Path) -> io::Result<Option<Timestamp>> {
    let mut unread = None;
    for (candidate, at) in candidates(path, copies, beside)? {
        match copy(&candidate, beside) {
            Ok(()) => {}
            // This disk takes nothing, whatever is copied.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::StorageFull
                        | ErrorKind::QuotaExceeded
                        | ErrorKind::ReadOnlyFilesystem
                        | ErrorKind::PermissionDenied
                ) =>
            {
                return Err(error);
            }
            Err(error) => {
                log::warn!("not restored: {error}");
                if candidate != path {
                    unread = Some(error);
                }
                continue;
            }
        }
        fail_point!("rescue::copied");
        match is_whole(beside) {
            Ok(true) => {
                hold_back(beside, at).map_err(io::Error::other)?;
                keep_time(beside, at)?;
                return Ok(Some(at));
            }
            verdict => {
                log::warn!("{} is not restored: {verdict:?}", candidate.display());
                unread = unread.or(verdict.err().filter(is_passing).map(io::Error::other));
            }
        }
    }
    remove(beside)?;
    unread.map_or(Ok(None), Err)
}

/// What may take the place of the database, and from when it is: what was made ready before the database was set
/// aside; else the database itself and its copies, the newest first. What is from the future comes last: a clock was
/// wrong.
fn candidates(
    path: &Path,
    copies: &Copies,
    beside: &Path,
) -> io::Result<Vec<(PathBuf, Timestamp)>> {
    let now = Timestamp::now();
    let ready = is_unfinished(path);
    let itself = if ready { beside } else { path };
    let itself = fs::metadata(itself)
        .and_then(|found| found.modified())
        .ok()
        .and_then(|time| Timestamp::try_from(time).ok())
        .map(|time| (itself.to_path_buf(), time));
    let copies = copies.newest_first(now)?;
    let mut candidates: Vec<_> = itself
        .into_iter()
        .chain(copies.into_iter().map(|copy| (copy.path, copy.made_at)))
        .collect();
    candidates.sort_by_key(|(candidate, at)| {
        let is_ready = ready && candidate == beside;
        Reverse((is_ready, *at <= now, *at))
    });
    Ok(candidates)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if from == to {
        return Ok(());
    }
    // Gone before it is written: what is left of an older one may be longer, or have a log beside it.
    remove(to)?;
    let mut file = private::file(to)?;
    io::copy(&mut fs::File::open(from)?, &mut file)?;
    file.sync_all()
}

/// Removes the access tokens from a database that nobody uses yet, and notes that its plans are from `at`.
fn hold_back(path: &Path, at: Timestamp) -> rusqlite::Result<()> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // Without a write-ahead log: one file is renamed.
    connection.pragma_update(None, "journal_mode", "DELETE")?;
    // Older formats have none.
    if connection.table_exists(None, "access_tokens")? {
        connection.execute("DELETE FROM access_tokens", [])?;
    }
    table::settings::hold_plans(&connection, at)
}

/// Dates a file from when its records are, for a rescue that has to go on with it.
fn keep_time(path: &Path, at: Timestamp) -> io::Result<()> {
    let file = fs::OpenOptions::new().write(true).open(path)?;
    file.set_modified(at.into())?;
    file.sync_all()
}

fn remove(path: &Path) -> io::Result<()> {
    for side in ["", "-wal", "-shm", "-journal"] {
        match fs::remove_file(aside::suffixed(path, side)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Whether a file is a whole database of a format this program knows. A file that was in the middle of
/// being written back may have pages of two times, so its indexes are compared with its rows.
fn is_whole(path: &Path) -> rusqlite::Result<bool> {
    // Also written by: the last to close removes the log that even a reader makes.
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let verdict: String =
        connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    Ok(verdict == "ok" && migrations::is_known(&connection)?)
}

/// Whether an error says nothing of what is in a file.
fn is_passing(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{
        CannotOpen, DatabaseBusy, DiskFull, OutOfMemory, PermissionDenied, ReadOnly,
        SystemIoFailure,
    };
    matches!(
        error.sqlite_error_code(),
        Some(
            CannotOpen
                | DatabaseBusy
                | DiskFull
                | OutOfMemory
                | PermissionDenied
                | ReadOnly
                | SystemIoFailure
        )
    )
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use rusqlite::config::DbConfig;

    use super::*;
    use crate::testing::{Place, new_job};
    use crate::{AccessToken, JobFilter, Level, Store};

    /// A data folder whose database holds so many jobs in many pages, closed well and so copied.
    fn filled(jobs: i64) -> Place {
        let place = Place::new();
        let store = place.open();
        for _ in 0..jobs {
            store
                .insert_job(new_job("/a/rather/long/location/that/fills/pages"))
                .unwrap();
        }
        drop(store);
        place
    }

    fn jobs(store: &Store) -> usize {
        let all = JobFilter {
            limit: 10_000,
            ..JobFilter::default()
        };
        store.jobs(&all).unwrap().len()
    }

    fn remove_copies(place: &Place) {
        std::fs::remove_dir_all(place.folder().copies()).unwrap();
    }

    type Damage = fn(&mut Vec<u8>);

    /// Damage to a closed database, each with a name.
    fn damages() -> [(&'static str, Damage); 5] {
        [
            ("header", |bytes| bytes[..100].fill(0x5a)),
            ("page", |bytes| bytes[4096..3 * 4096].fill(0x5a)),
            ("zeros", |bytes| bytes[4096..3 * 4096].fill(0)),
            ("truncated", |bytes| bytes.truncate(bytes.len() / 2)),
            ("empty", Vec::clear),
        ]
    }

    #[test]
    fn a_damaged_database_is_kept_and_the_newest_copy_takes_its_place() {
        for (name, damage) in damages() {
            let place = filled(200);
            let path = place.folder().database();
            let mut bytes = std::fs::read(&path).unwrap();
            damage(&mut bytes);
            std::fs::write(&path, &bytes).unwrap();

            let store = place.open();
            let recovery = store.recovery().expect(name).clone();
            let aside = recovery.set_aside.expect(name);
            assert_eq!(std::fs::read(aside).unwrap(), bytes, "{name}");
            let age = Timestamp::now().duration_since(recovery.restored.expect(name));
            assert!(age.as_hours() == 0 && !age.is_negative(), "{name}: {age}");
            assert_eq!(jobs(&store), 200, "{name}");
            assert_eq!(store.insert_job(new_job("/r")).unwrap().id, 201, "{name}");
            drop(store);
            assert_eq!(place.open().recovery(), None, "{name}");
        }
    }

    #[test]
    fn without_a_copy_records_begin_anew_and_the_damaged_ones_are_kept() {
        for (name, damage) in damages() {
            let place = filled(200);
            let store = place.open();
            drop(store.log_writer(200).unwrap());
            drop(store);
            remove_copies(&place);
            let path = place.folder().database();
            let mut bytes = std::fs::read(&path).unwrap();
            damage(&mut bytes);
            std::fs::write(&path, &bytes).unwrap();

            let store = place.open();
            let recovery = store.recovery().expect(name).clone();
            assert_eq!(recovery.restored, None, "{name}");
            let aside = recovery.set_aside.expect(name);
            assert_eq!(std::fs::read(aside).unwrap(), bytes, "{name}");
            assert_eq!(jobs(&store), 0, "{name}");
            assert_eq!(store.insert_job(new_job("/r")).unwrap().id, 201, "{name}");
        }
    }

    #[test]
    fn access_tokens_do_not_come_back_with_the_records_and_plans_are_held_until_released() {
        let place = filled(200);
        let store = place.open();
        let token = AccessToken {
            id: 0,
            name: "phone".to_owned(),
            purpose: None,
            hash: [7; 32],
            created_at: Timestamp::now(),
        };
        let token = store.insert_access_token(token).unwrap();
        drop(store);
        // The copy has it; it is revoked, and that is lost.
        let store = place.open();
        assert!(store.delete_access_token(token.id).unwrap());
        let killed = place.crashed_copy();
        drop(store);
        std::fs::write(killed.folder().database(), "no database").unwrap();
        let store = killed.open();
        assert!(store.recovery().unwrap().restored.is_some());
        assert_eq!(jobs(&store), 200);
        assert_eq!(store.access_tokens().unwrap(), []);

        // Also after a restart, when nothing says any more that there was damage.
        drop(store);
        let store = killed.open();
        assert!(store.plans_are_held().unwrap());
        store.release_plans().unwrap();
        assert!(!store.plans_are_held().unwrap());
        assert!(!place.open().plans_are_held().unwrap());
    }

    #[test]
    fn a_copy_from_before_there_were_access_tokens_is_restored() {
        let place = filled(1);
        let database = place.folder().database();
        let copies = Copies::at(place.folder().copies());
        let copy = copies.newest_first(Timestamp::now()).unwrap().remove(0);
        rusqlite::Connection::open(&copy.path)
            .unwrap()
            .execute_batch("DROP TABLE access_tokens")
            .unwrap();
        std::fs::write(&database, "no database").unwrap();
        let beside = made_ready(&database);
        assert!(prepare(&database, &copies, &beside).unwrap().is_some());
    }

    #[test]
    fn a_damaged_copy_is_passed_over_for_an_older_one() {
        let place = filled(200);
        let copies = place.folder().copies();
        let kept = std::fs::read_dir(&copies).unwrap().next().unwrap().unwrap();
        for (newer, content) in [
            ("29990101T000000Z", &b""[..]),
            ("20200101T000000Z", &std::fs::read(kept.path()).unwrap()),
        ] {
            std::fs::write(copies.join(format!("{newer}.format-6.sqlite3")), content).unwrap();
        }
        std::fs::write(kept.path(), "no database").unwrap();
        std::fs::write(place.folder().database(), "no database").unwrap();
        let store = place.open();
        let restored = store.recovery().unwrap().restored.unwrap();
        assert_eq!(restored.to_string(), "2020-01-01T00:00:00Z");
        assert_eq!(jobs(&store), 200);
    }

    #[test]
    fn garbage_for_a_write_ahead_log_is_kept_and_costs_what_was_in_it() {
        let place = filled(200);
        let store = place.open();
        store.insert_job(new_job("/r")).unwrap();
        let copy = place.crashed_copy();
        let wal = aside::suffixed(&copy.folder().database(), "-wal");
        let length = std::fs::metadata(&wal).unwrap().len();
        assert!(length > 0);
        let garbage = vec![0x5a; usize::try_from(length).unwrap()];
        std::fs::write(&wal, &garbage).unwrap();

        let store = copy.open();
        let recovery = store.recovery().unwrap();
        assert!(recovery.restored.is_some());
        let aside = recovery.set_aside.as_ref().unwrap();
        let aside = aside::suffixed(aside, "-wal");
        assert_eq!(std::fs::read(aside).unwrap(), garbage);
        assert_eq!(jobs(&store), 200);
    }

    #[test]
    fn a_copy_that_is_newer_than_what_was_written_back_takes_the_place() {
        let place = filled(3);
        let store = place.open();
        store.insert_job(new_job("/r")).unwrap();
        let killed = place.crashed_copy();
        drop(store);
        let database = killed.folder().database();
        let (yesterday, now) = (
            Timestamp::now() - SignedDuration::from_hours(30),
            Timestamp::now(),
        );
        remove_copies(&killed);
        let copies = Copies::at(killed.folder().copies());
        let connection = rusqlite::Connection::open(&database).unwrap();
        copies.make(&connection, now).unwrap();
        // Ended without its log being written back.
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
            .unwrap();
        drop(connection);
        std::fs::write(aside::suffixed(&database, "-wal"), [0x5a; 9_000]).unwrap();
        keep_time(&database, yesterday).unwrap();

        let store = killed.open();
        let restored = store.recovery().unwrap().restored.unwrap();
        assert_eq!(restored.as_second(), now.as_second());
        assert_eq!(jobs(&store), 4);
    }

    #[test]
    fn where_no_copy_is_whole_records_begin_anew() {
        let place = filled(3);
        let copies = place.folder().copies();
        for copy in std::fs::read_dir(&copies).unwrap() {
            std::fs::write(copy.unwrap().path(), "no database").unwrap();
        }
        std::fs::write(place.folder().database(), "no database").unwrap();
        let store = place.open();
        let recovery = store.recovery().unwrap();
        assert_eq!(recovery.restored, None);
        assert!(recovery.set_aside.is_some());
        assert_eq!(store.insert_job(new_job("/r")).unwrap().id, 1);
        drop(store);
        assert_eq!(place.open().recovery(), None);
    }

    #[test]
    fn a_copy_that_cannot_be_read_at_the_moment_is_waited_for() {
        let place = filled(3);
        let copies = place.folder().copies();
        let kept = std::fs::read_dir(&copies).unwrap().next().unwrap().unwrap();
        let (copy, elsewhere) = (kept.path(), place.path().join("elsewhere"));
        std::fs::rename(&copy, &elsewhere).unwrap();
        std::fs::create_dir(&copy).unwrap();
        std::fs::write(place.folder().database(), "no database").unwrap();
        Store::open(place.folder()).unwrap_err();
        assert_eq!(
            std::fs::read(place.folder().database()).unwrap(),
            b"no database"
        );
        std::fs::remove_dir(&copy).unwrap();
        std::fs::rename(&elsewhere, &copy).unwrap();
        assert_eq!(jobs(&place.open()), 3);
    }

    #[test]
    fn an_empty_file_beside_a_write_ahead_log_is_damage_and_the_log_is_kept() {
        let place = Place::new();
        let store = place.open();
        store.insert_job(new_job("/r")).unwrap();
        let copy = place.crashed_copy();
        drop(store);
        remove_copies(&copy);
        std::fs::write(copy.folder().database(), "").unwrap();
        let store = copy.open();
        let aside = store.recovery().unwrap().set_aside.clone().unwrap();
        let wal = aside::suffixed(&aside, "-wal");
        assert!(std::fs::metadata(wal).unwrap().len() > 0);
    }

    #[test]
    fn an_empty_file_without_any_other_trace_is_a_beginning() {
        let place = Place::new();
        crate::private::folder(place.path()).unwrap();
        std::fs::write(place.folder().database(), "").unwrap();
        assert_eq!(place.open().recovery(), None);
    }

    #[test]
    fn a_crash_between_setting_aside_and_restoring_is_made_good_by_the_next_opening() {
        let place = filled(20);
        std::fs::write(place.folder().database(), "no database").unwrap();
        aside::set_aside(&place.folder().database()).unwrap();
        std::fs::write(
            aside::suffixed(&place.folder().database(), ".restoring"),
            "half of a copy, and longer than this",
        )
        .unwrap();
        let store = place.open();
        let recovery = store.recovery().unwrap();
        assert_eq!(recovery.set_aside, None);
        assert!(recovery.restored.is_some());
        assert_eq!(jobs(&store), 20);
    }

    #[test]
    fn what_was_made_ready_before_a_crash_is_newer_than_the_copies_and_takes_the_place() {
        let place = filled(3);
        let database = place.folder().database();
        let copies = Copies::at(place.folder().copies());
        // Closed well, the last copy lost: the database is the newest whole state.
        let store = place.open();
        store.insert_job(new_job("/r")).unwrap();
        let before = copies.newest_first(Timestamp::now()).unwrap();
        let before = std::fs::read(&before[0].path).unwrap();
        drop(store);
        remove_copies(&place);
        std::fs::create_dir(place.folder().copies()).unwrap();
        let older = place
            .folder()
            .copies()
            .join("20200101T000000Z.format-6.sqlite3");
        std::fs::write(older, before).unwrap();
        let at = prepare(&database, &copies, &made_ready(&database))
            .unwrap()
            .unwrap();
        aside::set_aside(&database).unwrap();

        let store = place.open();
        assert_eq!(store.recovery().unwrap().restored, Some(at));
        assert_eq!(jobs(&store), 4);
        assert!(!made_ready(&database).exists());
    }

    #[test]
    fn what_was_made_ready_before_a_crash_is_a_trace_of_records_without_any_other() {
        let place = filled(3);
        remove_copies(&place);
        let database = place.folder().database();
        let copies = Copies::at(place.folder().copies());
        prepare(&database, &copies, &made_ready(&database)).unwrap();
        aside::set_aside(&database).unwrap();
        let store = place.open();
        assert!(store.recovery().unwrap().restored.is_some());
        assert_eq!(jobs(&store), 3);
    }

    #[test]
    fn logs_newer_than_the_copy_keep_their_jobs_numbers_and_their_lines() {
        let place = filled(3);
        let store = place.open();
        for _ in 0..4 {
            let job = store.insert_job(new_job("/r")).unwrap().id;
            store
                .log_writer(job)
                .unwrap()
                .write(Timestamp::now(), Level::Info, "kept");
        }
        // Killed: the newest copy has three jobs, the logs go to seven.
        let killed = place.crashed_copy();
        drop(store);
        std::fs::write(killed.folder().database(), "no database").unwrap();
        std::fs::remove_file(aside::suffixed(&killed.folder().database(), "-wal")).unwrap();
        let store = killed.open();
        assert_eq!(jobs(&store), 3);
        assert_eq!(store.insert_job(new_job("/r")).unwrap().id, 8);
        let reader = store.log_reader(7).unwrap().unwrap();
        assert_eq!(reader.page(0, 9).unwrap().lines[0].text, "kept");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_changes_nothing_and_the_next_opening_restores() {
        let place = Place::new();
        let Some(disk) = crate::testing::SmallDisk::mount(place.path()) else {
            return;
        };
        let store = place.open();
        store.insert_job(new_job("/r")).unwrap();
        drop(store);
        std::fs::write(place.folder().database(), "no database").unwrap();
        disk.fill();
        let error = Store::open(place.folder()).unwrap_err();
        assert!(error.to_string().contains("full"), "{error}");
        assert_eq!(
            std::fs::read(place.folder().database()).unwrap(),
            b"no database"
        );
        disk.free();
        let store = place.open();
        assert!(store.recovery().unwrap().restored.is_some());
        assert_eq!(jobs(&store), 1);
    }
}
