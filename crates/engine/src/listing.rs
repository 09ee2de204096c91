//! The archives of a repository as Borg last listed them.
//!
//! A list is read once, so that rules can be tried on it while somebody chooses them. The last one alone is held, and
//! a job takes the list of its repository away. What other computers did since is not in it: it says when it was read.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use alcove_borg::{Archive, ArchiveList, Command};
use alcove_store::Repository;
use jiff::Timestamp;

use crate::ask::unreadable;
use crate::engine::{Engine, Inner};
use crate::error::Failure;

/// A large list of archives takes Borg a while.
const PATIENCE: Duration = Duration::from_mins(10);

/// What a repository holds.
#[derive(Debug)]
pub(crate) struct Listing {
    repository: i64,
    pub(crate) read_at: Timestamp,
    /// Checkpoints too.
    pub(crate) archives: Vec<Archive>,
}

/// The last list that was read.
#[derive(Debug, Default)]
pub(crate) struct LastListing(Mutex<Option<Arc<Listing>>>);

impl LastListing {
    fn of(&self, repository: i64) -> Option<Arc<Listing>> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.clone().filter(|last| last.repository == repository)
    }

    fn set(&self, listing: Option<Arc<Listing>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = listing;
    }
}

impl Engine {
    /// What a repository holds: as it was last read, or, if there is no such list or it is to be read `again`, as it
    /// is now.
    pub(crate) fn listing(
        &self,
        repository: &Repository,
        again: bool,
    ) -> Result<Arc<Listing>, Failure> {
        let inner = self.inner();
        if let Some(last) = inner.last_listing.of(repository.id).filter(|_| !again) {
            return Ok(last);
        }
        let look = self.look_at(repository)?;
        let passphrase = inner.passphrase_for(repository, &look)?;
        let command = Command::List {
            repository: repository.location.clone(),
        };
        let exit = inner.ask_repository(
            repository,
            &command,
            passphrase.as_deref(),
            PATIENCE,
            Some(&look.wanted),
        )?;
        let list = ArchiveList::parse(&exit.stdout).ok_or_else(|| unreadable(&repository.name))?;
        let listing = Arc::new(Listing {
            repository: repository.id,
            read_at: inner.world.clock.now(),
            archives: list.archives,
        });
        // While no job of the repository runs that could change it.
        inner.last_listing.set(Some(Arc::clone(&listing)));
        Ok(listing)
    }
}

impl Inner {
    /// Notes that a repository may hold something else now.
    pub(crate) fn forget_listing(&self, repository: i64) {
        if self.last_listing.of(repository).is_some() {
            self.last_listing.set(None);
        }
    }
}
