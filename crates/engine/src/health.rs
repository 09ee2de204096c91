//! What is known of one repository, and the little that can be done about it without a job: to ask how large it
//! is, to break a lock that was left behind, to note that it moved.
//!
//! Looking costs no Borg: records, and the lock of a local repository as Borg itself writes it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use alcove_borg::{Command, Confirmation, Passphrase, RepositorySizes};
use alcove_store::{Job, Repository, Size, SizeSource};

use crate::adopt::Existing;
use crate::ask::unreadable;
use crate::changes::Change;
use crate::engine::{Engine, Inner};
use crate::error::{ErrorCode, Failure};
use crate::lock::Lock;
use crate::place;

/// Borg's cache of a large repository may have to be brought up to date first.
const PATIENCE: Duration = Duration::from_mins(10);
/// A chart has room for so many sizes.
const MOST_SIZES: u32 = 1000;

/// What is known of a repository.
#[derive(Debug, Clone, PartialEq)]
pub struct Health {
    /// Its record.
    pub repository: Repository,
    /// Who holds it.
    pub lock: Lock,
    /// The last job that checked it, or was about to.
    pub last_check: Option<Job>,
    /// How large it was, the oldest first.
    pub sizes: Vec<Size>,
    /// The jobs that hold its lane.
    pub active_jobs: Vec<i64>,
    /// What its drive is called, now that it can be unplugged.
    pub unplug: Option<String>,
}

impl Engine {
    /// Tells what is known of a repository.
    pub fn health(&self, id: i64) -> Result<Health, Failure> {
        let repository = self.repository(id)?;
        Ok(Health {
            lock: self.inner().lock_of(&repository),
            last_check: self.store().last_check(&repository.location)?,
            sizes: self.store().sizes_of(id, MOST_SIZES)?,
            active_jobs: self.active_jobs(&repository),
            unplug: self.unplug(&repository),
            repository,
        })
    }

    /// Asks Borg how large a repository is, and notes it.
    pub fn measure(&self, id: i64) -> Result<Size, Failure> {
        let repository = self.repository(id)?;
        let look = self.look_at(&repository)?;
        let passphrase = self.inner().passphrase_for(&repository, &look)?;
        let command = Command::Measure {
            repository: repository.location.clone(),
        };
        let exit = self.inner().ask_repository(
            &repository,
            &command,
            passphrase.as_deref(),
            PATIENCE,
            Some(&look.wanted),
        )?;
        let sizes =
            RepositorySizes::parse(&exit.stdout).ok_or_else(|| unreadable(&repository.name))?;
        let size = self.inner().note_sizes(id, SizeSource::Asked, sizes)?;
        self.inner().tell(&Change::Plans);
        Ok(size)
    }

    /// Removes a lock that was left behind on this computer, or that a person says is: then `confirm` is the
    /// repository's name ([`ErrorCode::ConfirmationNeeded`]). Never one of a running job of Alcove's or of a process
    /// that runs on this computer.
    pub fn break_lock(&self, id: i64, confirm: Option<&str>) -> Result<(), Failure> {
        let repository = self.repository(id)?;
        let name = &repository.name;
        let _held = self.hold_lane(&repository)?;
        match self.inner().lock_of(&repository) {
            Lock::Free => {
                return Err(Failure::new(
                    ErrorCode::NotLocked,
                    format!("Nothing locks {name}."),
                ));
            }
            Lock::Held(lock) => {
                return Err(Failure::new(
                    ErrorCode::InUse,
                    format!(
                        "Process {} on this computer uses {name} at the moment.",
                        lock.process
                    ),
                )
                .hint("Wait until it has ended, or end it first.")
                .retryable());
            }
            Lock::Unknown | Lock::Elsewhere(_) if confirm != Some(name) => {
                return Err(Failure::new(
                    ErrorCode::ConfirmationNeeded,
                    format!("Alcove cannot see whether a backup still runs that needs the lock of {name}."),
                )
                .hint(format!(
                    "If you know that none does, say the repository’s name, {name}, to break the lock."
                )));
            }
            Lock::Unknown | Lock::LeftBehind(_) | Lock::Elsewhere(_) => {}
        }
        let command = Command::BreakLock {
            repository: repository.location.clone(),
        };
        self.inner()
            .ask_repository(&repository, &command, None, PATIENCE, None)
            .map(|_| ())
    }

    /// Notes that a repository is at another location now. Refused when another repository stands there.
    pub fn move_repository(
        &self,
        id: i64,
        location: &str,
        passphrase: Option<Passphrase>,
    ) -> Result<Repository, Failure> {
        let repository = self.repository(id)?;
        let _held = self.hold_lane(&repository)?;
        let (location, _) = place::there("path", location)?;
        let passphrase = match passphrase {
            Some(passphrase) => Some(Arc::new(passphrase)),
            None => self.inner().passphrase_of(&repository, &|| false)?,
        };
        let existing = Existing {
            location: location.clone(),
            passphrase,
            ssh_key: repository.ssh_key.clone(),
            remote_path: repository.remote_path.clone(),
            // That it moved is what the person says.
            confirm: vec![Confirmation::RelocatedRepository],
            until: Instant::now() + PATIENCE,
        };
        let found = self.inspect_repository(&existing)?;
        if let Some(known) = repository
            .borg_id
            .as_ref()
            .filter(|known| **known != found.borg_id)
        {
            return Err(Failure::new(
                ErrorCode::RepositoryReplaced,
                format!(
                    "Another repository stands at {location}: {} is {known}, there is {}.",
                    repository.name, found.borg_id
                ),
            )
            .hint("Nothing was changed."));
        }
        // On which drive that is, is noted when it is looked at next.
        self.store().move_repository(id, &location, None)?;
        self.inner().tell(&Change::Plans);
        self.repository(id)
    }
}

impl Inner {
    /// Notes how large a repository is now.
    pub(crate) fn note_sizes(
        &self,
        repository: i64,
        source: SizeSource,
        sizes: RepositorySizes,
    ) -> Result<Size, Failure> {
        let size = Size {
            repository,
            at: self.world.clock.now(),
            source,
            original: sizes.original_size,
            compressed: sizes.compressed_size,
            deduplicated: sizes.deduplicated_size,
        };
        self.store.insert_size(size)?;
        Ok(size)
    }
}
