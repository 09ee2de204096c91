//! When a drive can be unplugged: its last job has ended, no other waits for it, and all that was written has reached it.
//!
//! Spoken of are only drives that are made to be taken away, and only until Alcove uses them again or they are gone.
//! Leaves out to unmount them, and what other programs still write there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alcove_store::{Drive, Repository};
use alcove_system::Spot;

use crate::changes::Change;
use crate::engine::{Engine, Inner};
use crate::place;
use crate::within::within;

/// The drives that Alcove is done with, by the ids of their file systems, and what people call them.
#[derive(Default)]
pub(crate) struct Unneeded(Mutex<BTreeMap<String, String>>);

impl Unneeded {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine {
    /// What people call the drive of a repository, now that they can unplug it; `None`: they cannot, or it stays.
    pub fn unplug(&self, repository: &Repository) -> Option<String> {
        let drive = repository.drive.as_ref()?;
        let inner = self.inner();
        let name = inner.unneeded.lock().get(&drive.id).cloned()?;
        (!inner.is_needed(drive)).then_some(name)
    }
}

impl Inner {
    /// Notes that the drive of a repository is used.
    pub(crate) fn use_drive(&self, repository: &Repository) {
        if let Some(drive) = &repository.drive
            && self.unneeded.lock().remove(&drive.id).is_some()
        {
            self.tell(&Change::Plans);
        }
    }

    /// Notes that the drive of a lane can be unplugged, where that is so after a job has left it. Returns once all that
    /// was written is on the drive, or that has taken too long.
    pub(crate) fn finish_with_drive(&self, lane: &str) {
        let Ok(Some(repository)) = self.store.repository_at(lane) else {
            return;
        };
        let Some(drive) = &repository.drive else {
            return;
        };
        let Some(folder) = place::local(&repository.location) else {
            return;
        };
        if self.is_needed(drive) {
            return;
        }
        let Some(name) = self.world.system.removable(&drive.id) else {
            return;
        };
        if !self.is_flushed(folder) {
            return;
        }
        let mut unneeded = self.unneeded.lock();
        // Who has come meanwhile takes it back.
        if self.is_needed(drive) {
            return;
        }
        unneeded.insert(drive.id.clone(), name);
        drop(unneeded);
        self.tell(&Change::Plans);
    }

    /// Forgets the drives that are gone.
    pub(crate) fn look_at_drives(&self) {
        let is_mounted = |drive: &str| {
            let whole = Spot {
                drive: drive.to_owned(),
                path: PathBuf::from("/"),
            };
            !self.world.system.find(&whole).is_empty()
        };
        let mut unneeded = self.unneeded.lock();
        let before = unneeded.len();
        unneeded.retain(|drive, _| is_mounted(drive));
        let is_news = unneeded.len() < before;
        drop(unneeded);
        if is_news {
            self.tell(&Change::Plans);
        }
    }

    /// Whether a job of any repository on a drive has not ended, or somebody looks at one there.
    fn is_needed(&self, drive: &Drive) -> bool {
        let Ok(repositories) = self.store.repositories() else {
            return true;
        };
        let lanes = self.lanes();
        repositories
            .iter()
            .filter(|each| each.drive.as_ref().is_some_and(|on| on.id == drive.id))
            .any(|each| lanes.is_in_use(&each.location))
    }

    /// Whether all that was written in a folder has reached its drive in time.
    fn is_flushed(&self, folder: &Path) -> bool {
        let (system, folder) = (Arc::clone(&self.world.system), folder.to_owned());
        let flushed = within(self.world.flush_wait, "alcove-flush", move || {
            system.flush(&folder)
        });
        let flushed = flushed.unwrap_or_else(|error| {
            log::error!("nobody brings to a drive what was written: {error}");
            None
        });
        flushed.unwrap_or(false)
    }
}
