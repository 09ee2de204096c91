//! The drives of repositories on this computer: noted while they are here, found where they are mounted now.
//!
//! A drive that is plugged in may be mounted elsewhere than last time, and another may be at its old place. So a
//! repository is known by the id of its drive's file system and its path there, and its location follows. That it is
//! the same repository its own id says, which Alcove compares before anything is written.

use alcove_store::{Drive, Repository};
use alcove_system::Spot;

use crate::changes::Change;
use crate::engine::{Engine, Inner};
use crate::error::Failure;
use crate::lanes::Entry;
use crate::place;

impl Engine {
    /// The repository where it is now; `None`: its drive is not plugged in. What stands on no drive with an id is taken
    /// to be where it was.
    pub(crate) fn at_hand(&self, repository: Repository) -> Result<Option<Repository>, Failure> {
        let inner = self.inner();
        if stands_at(&repository, &repository.location) {
            return inner.note_drive(repository).map(Some);
        }
        let Some(drive) = &repository.drive else {
            return Ok(Some(repository));
        };
        let system = &inner.world.system;
        let found = system.find(&spot(drive, &drive.path)).into_iter();
        let found = found.filter_map(|path| path.into_os_string().into_string().ok());
        let Some(location) = found.into_iter().find(|path| stands_at(&repository, path)) else {
            // A drive that is here without it is not waited for: a job says what is wrong.
            let is_mounted = !system.find(&spot(drive, "/")).is_empty();
            return Ok(is_mounted.then_some(repository));
        };
        // A job that has not ended is of the old place.
        let is_used = |entry: &Entry| entry.lane == repository.location;
        // Who looked for long may come back to a repository that somebody moved meanwhile.
        if self.repository(repository.id)?.location != repository.location {
            return Ok(None);
        }
        if inner.lanes().entries().any(is_used) {
            return Ok(None);
        }
        log::info!(
            "the drive of repository {} is mounted elsewhere",
            repository.id
        );
        inner
            .store
            .move_repository(repository.id, &location, repository.drive.clone())?;
        inner.tell(&Change::Plans);
        self.repository(repository.id).map(Some)
    }
}

impl Inner {
    /// Notes on which drive a repository is, where that is news.
    pub(crate) fn note_drive(&self, repository: Repository) -> Result<Repository, Failure> {
        let drive = self.drive_at(&repository.location);
        // What the system does not say in this moment changes nothing.
        let drive = drive.or_else(|| repository.drive.clone());
        if drive != repository.drive {
            self.store
                .note_drive(repository.id, &repository.location, drive.clone())?;
        }
        Ok(Repository {
            drive,
            ..repository
        })
    }

    /// Whether a repository is at its place on its own drive: that it is mounted elsewhere is no question then.
    pub(crate) fn is_on_its_drive(&self, repository: &Repository) -> bool {
        repository.drive.is_some() && self.drive_at(&repository.location) == repository.drive
    }

    /// The drive at a location.
    pub(crate) fn drive_at(&self, location: &str) -> Option<Drive> {
        let Spot { drive, path } = self.world.system.spot(place::local(location)?)?;
        Some(Drive {
            id: drive,
            path: path.into_os_string().into_string().ok()?,
        })
    }
}

/// Whether the very repository stands at a path.
fn stands_at(repository: &Repository, location: &str) -> bool {
    let there = place::local(location).and_then(alcove_borg::repository_id_at);
    there.is_some() && there == repository.borg_id
}

fn spot(drive: &Drive, path: &str) -> Spot {
    Spot {
        drive: drive.id.clone(),
        path: path.into(),
    }
}
