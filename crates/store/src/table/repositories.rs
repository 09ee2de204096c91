//! The table of repositories.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, ffi, params};

use super::column::{Json, Moment};
use crate::error::StoreError;
use crate::repository::{Drive, Repository};
use crate::store::Store;

impl Store {
    /// Adds a repository and returns it with its id; the one given is ignored, and so is a slash at the
    /// end of the location. [`StoreError::LocationTaken`] when there is one at that location.
    pub fn insert_repository(&self, repository: Repository) -> Result<Repository, StoreError> {
        let location = bare(&repository.location).to_owned();
        self.database()
            .write(move |connection| insert(connection, repository))
            .map_err(|error| location_taken(error, location))
    }

    /// Notes when a repository's key was exported; nothing: no export is worth anything.
    pub fn key_exported(&self, repository: i64, at: Option<Timestamp>) -> Result<(), StoreError> {
        self.database().write(move |connection| {
            connection
                .prepare_cached("UPDATE repositories SET key_exported_at = ? WHERE id = ?")?
                .execute(params![at.map(Moment), repository])
                .map(|_| ())
        })
    }

    /// Notes on which drive a repository is, if it still is at that location.
    pub fn note_drive(
        &self,
        repository: i64,
        location: &str,
        drive: Option<Drive>,
    ) -> Result<(), StoreError> {
        let location = location.to_owned();
        self.database().write(move |connection| {
            connection
                .prepare_cached("UPDATE repositories SET drive = ? WHERE id = ? AND location = ?")?
                .execute(params![drive.map(Json), repository, location])
                .map(|_| ())
        })
    }

    /// Saves what a person chose of a repository: its name, where its passphrase is from and how long it is kept,
    /// whether it is append-only, how it is checked.
    pub fn change_repository(&self, repository: &Repository) -> Result<(), StoreError> {
        let Repository {
            id,
            name,
            passcommand,
            keep_passphrase,
            append_only,
            check,
            ..
        } = repository.clone();
        self.database().write(move |connection| {
            connection
                .prepare_cached(
                    "UPDATE repositories SET name = ?, passcommand = ?, keep_passphrase = ?, append_only = ?,
                         check_rhythm = ?
                     WHERE id = ?",
                )?
                .execute(params![
                    name,
                    passcommand,
                    keep_passphrase,
                    append_only,
                    check.map(Json),
                    id
                ])
                .map(|_| ())
        })
    }

    /// Removes a repository from the records, with its plans and its sizes. Its jobs are history and stay.
    pub fn remove_repository(&self, repository: i64) -> Result<(), StoreError> {
        self.database().write(move |connection| {
            for sql in [
                "DELETE FROM sizes WHERE repository = ?",
                "DELETE FROM plans WHERE repository = ?",
                "DELETE FROM repositories WHERE id = ?",
            ] {
                connection.execute(sql, [repository])?;
            }
            Ok(())
        })
    }

    /// Notes that a repository is at another location now, and on which drive; its jobs that have ended go along.
    /// [`StoreError::LocationTaken`] when another is there.
    pub fn move_repository(
        &self,
        repository: i64,
        location: &str,
        drive: Option<Drive>,
    ) -> Result<(), StoreError> {
        let location = bare(location).to_owned();
        let to = location.clone();
        self.database()
            .write(move |connection| {
                connection
                    .prepare_cached(
                        "UPDATE jobs SET repository = ?1 WHERE ended_at IS NOT NULL AND rtrim(repository, '/') =
                         (SELECT location FROM repositories WHERE id = ?2 AND location <> ?1)",
                    )?
                    .execute(params![to, repository])?;
                connection
                    .prepare_cached("UPDATE repositories SET location = ?, drive = ? WHERE id = ?")?
                    .execute(params![to, drive.map(Json), repository])
                    .map(|_| ())
            })
            .map_err(|error| location_taken(error, location))
    }

    /// Returns every repository, in the order they were added.
    pub fn repositories(&self) -> Result<Vec<Repository>, StoreError> {
        self.database().read(|connection| {
            connection
                .prepare_cached("SELECT * FROM repositories ORDER BY id")?
                .query_map([], from_row)?
                .collect()
        })
    }

    /// Returns a repository by its id.
    pub fn repository(&self, id: i64) -> Result<Option<Repository>, StoreError> {
        self.database().read(|connection| {
            connection
                .prepare_cached("SELECT * FROM repositories WHERE id = ?")?
                .query_one([id], from_row)
                .optional()
        })
    }

    /// Returns the repository at a location; a slash at the end makes no difference.
    pub fn repository_at(&self, location: &str) -> Result<Option<Repository>, StoreError> {
        self.database().read(|connection| {
            connection
                .prepare_cached("SELECT * FROM repositories WHERE location = ?")?
                .query_one([bare(location)], from_row)
                .optional()
        })
    }
}

/// Adds a repository inside a transaction.
pub(super) fn insert(
    connection: &Connection,
    repository: Repository,
) -> rusqlite::Result<Repository> {
    let location = bare(&repository.location).to_owned();
    connection
        .prepare_cached(
            "INSERT INTO repositories
                 (name, location, borg_id, encryption, passcommand, keep_passphrase, ssh_key, remote_path, append_only,
                  check_rhythm, drive, key_exported_at, created_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            repository.name,
            location,
            repository.borg_id,
            repository.encryption,
            repository.passcommand,
            repository.keep_passphrase,
            repository.ssh_key,
            repository.remote_path,
            repository.append_only,
            repository.check.map(Json),
            repository.drive.as_ref().map(Json),
            repository.key_exported_at.map(Moment),
            Moment(repository.created_at),
        ])?;
    Ok(Repository {
        id: connection.last_insert_rowid(),
        location,
        ..repository
    })
}

/// Turns the refusal of a second row of one location into its own error.
pub(super) fn location_taken(error: StoreError, location: String) -> StoreError {
    match &error {
        StoreError::Database {
            source: rusqlite::Error::SqliteFailure(code, Some(text)),
            ..
        } if code.extended_code == ffi::SQLITE_CONSTRAINT_UNIQUE
            && text.contains("repositories.location") =>
        {
            StoreError::LocationTaken(location)
        }
        _ => error,
    }
}

/// Takes the slashes off the end of a location, but for the root folder.
fn bare(location: &str) -> &str {
    match location.trim_end_matches('/') {
        "" if !location.is_empty() => "/",
        bare => bare,
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Repository> {
    Ok(Repository {
        id: row.get("id")?,
        name: row.get("name")?,
        location: row.get("location")?,
        borg_id: row.get("borg_id")?,
        encryption: row.get("encryption")?,
        passcommand: row.get("passcommand")?,
        keep_passphrase: row.get("keep_passphrase")?,
        ssh_key: row.get("ssh_key")?,
        remote_path: row.get("remote_path")?,
        append_only: row.get("append_only")?,
        check: row
            .get::<_, Option<Json<_>>>("check_rhythm")?
            .map(|Json(check)| check),
        drive: row
            .get::<_, Option<Json<_>>>("drive")?
            .map(|Json(drive)| drive),
        key_exported_at: row
            .get::<_, Option<Moment>>("key_exported_at")?
            .map(|at| at.0),
        created_at: row.get::<_, Moment>("created_at")?.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Place, new_job, plan, repository, time};
    use crate::{CheckRhythm, Job, KeepPassphrase, Size, SizeSource, Status};

    #[test]
    fn a_repository_is_read_as_it_was_written() {
        let place = Place::new();
        let store = place.open();
        let first = store.insert_repository(repository("/mnt/drive")).unwrap();
        assert_eq!(
            first,
            Repository {
                id: first.id,
                ..repository("/mnt/drive")
            }
        );
        let plain = Repository {
            borg_id: None,
            passcommand: None,
            ssh_key: Some("/home/ada/.ssh/nas".into()),
            remote_path: Some("borg14".into()),
            append_only: true,
            key_exported_at: Some(time(3)),
            ..repository("ssh://ada@host:22/./repo")
        };
        let second = store.insert_repository(plain).unwrap();
        assert_eq!(store.repository(first.id).unwrap(), Some(first.clone()));
        assert_eq!(store.repositories().unwrap(), [first, second]);
        assert_eq!(store.repository(99).unwrap(), None);
    }

    #[test]
    fn what_a_person_chose_is_saved_and_nothing_else() {
        let place = Place::new();
        let store = place.open();
        let first = store.insert_repository(repository("/mnt/drive")).unwrap();
        let changed = Repository {
            name: "Blue drive".into(),
            passcommand: Some("pass show blue".into()),
            keep_passphrase: KeepPassphrase::Never,
            append_only: true,
            check: Some(CheckRhythm {
                days: 7,
                minutes: Some(30),
                since: time(9),
            }),
            ..first
        };
        let elsewhere = Repository {
            location: "/elsewhere".into(),
            ..changed.clone()
        };
        store.change_repository(&elsewhere).unwrap();
        assert_eq!(store.repository(changed.id).unwrap(), Some(changed));
    }

    #[test]
    fn a_repository_that_is_removed_takes_its_plans_along_and_leaves_its_jobs() {
        let place = Place::new();
        let store = place.open();
        let kept = store.insert_repository(repository("/kept")).unwrap();
        let gone = store.insert_repository(repository("/gone")).unwrap();
        for repository in [&kept, &gone] {
            let plan = plan(repository.id, &format!("tag{}", repository.id));
            store.insert_plan(plan).unwrap();
            let size = Size {
                repository: repository.id,
                at: time(1),
                source: SizeSource::Asked,
                original: 1,
                compressed: 1,
                deduplicated: 1,
            };
            store.insert_size(size).unwrap();
        }
        let job = store.insert_job(new_job("/gone")).unwrap();
        store.remove_repository(gone.id).unwrap();
        assert_eq!(store.repositories().unwrap(), std::slice::from_ref(&kept));
        assert!(store.plans_of(gone.id).unwrap().is_empty());
        assert_eq!(store.plans_of(kept.id).unwrap().len(), 1);
        assert!(store.job(job.id).unwrap().is_some());
    }

    #[test]
    fn a_repository_moves_where_no_other_is() {
        let place = Place::new();
        let store = place.open();
        let [one, _] =
            ["/one", "/two"].map(|at| store.insert_repository(repository(at)).unwrap().id);
        let taken = store.move_repository(one, "/two/", None).unwrap_err();
        assert!(matches!(taken, StoreError::LocationTaken(_)), "{taken}");
        let [ended, queued, others] =
            ["/one/", "/one", "/two"].map(|at| store.insert_job(new_job(at)).unwrap());
        for job in [&ended, &others] {
            let job = Job {
                status: Status::Completed,
                ended_at: Some(time(1)),
                ..job.clone()
            };
            store.save_job(&job).unwrap();
        }
        store.move_repository(one, "/three/", None).unwrap();
        assert_eq!(store.repository(one).unwrap().unwrap().location, "/three");
        let places =
            [ended, queued, others].map(|job| store.job(job.id).unwrap().unwrap().repository);
        assert_eq!(places, ["/three", "/one", "/two"]);
    }

    #[test]
    fn the_drive_of_a_repository_is_noted_and_moves_nothing() {
        let place = Place::new();
        let store = place.open();
        let first = store.insert_repository(repository("/media/a/r")).unwrap();
        let drive = Some(Drive {
            id: "3f1c-22".into(),
            path: "/r".into(),
        });
        store
            .note_drive(first.id, &first.location, drive.clone())
            .unwrap();
        let noted = Repository {
            drive,
            ..first.clone()
        };
        assert_eq!(store.repository(first.id).unwrap(), Some(noted));
        store.note_drive(first.id, &first.location, None).unwrap();
        assert_eq!(store.repository(first.id).unwrap(), Some(first));
    }

    #[test]
    fn the_last_export_of_a_key_is_noted_until_it_is_worth_nothing() {
        let place = Place::new();
        let store = place.open();
        let [one, two] = ["/one", "/two"].map(|at| {
            let new = Repository {
                key_exported_at: None,
                ..repository(at)
            };
            store.insert_repository(new).unwrap().id
        });
        store.key_exported(one, Some(time(1))).unwrap();
        store.key_exported(one, Some(time(2))).unwrap();
        let noted = |id| store.repository(id).unwrap().unwrap().key_exported_at;
        assert_eq!((noted(one), noted(two)), (Some(time(2)), None));
        store.key_exported(one, None).unwrap();
        assert_eq!(noted(one), None);
    }

    #[test]
    fn a_slash_at_the_end_of_a_location_makes_no_difference() {
        let place = Place::new();
        let store = place.open();
        let added = store.insert_repository(repository("/mnt/drive/")).unwrap();
        assert_eq!(added.location, "/mnt/drive");
        for location in ["/mnt/drive", "/mnt/drive/", "/mnt/drive//"] {
            assert_eq!(
                store.repository_at(location).unwrap().as_ref(),
                Some(&added),
                "{location}"
            );
        }
        assert_eq!(store.repository_at("/mnt/drive2").unwrap(), None);
        assert_eq!(bare("/"), "/");
        assert_eq!(bare(""), "");
    }

    #[test]
    fn a_location_is_taken_once() {
        let place = Place::new();
        let store = place.open();
        store.insert_repository(repository("/mnt/drive")).unwrap();
        let error = store
            .insert_repository(repository("/mnt/drive/"))
            .unwrap_err();
        assert!(
            matches!(&error, StoreError::LocationTaken(at) if at == "/mnt/drive"),
            "{error}"
        );
        assert_eq!(store.repositories().unwrap().len(), 1);
    }
}
