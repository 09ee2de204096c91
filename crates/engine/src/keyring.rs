//! The keyring of the system, and whether it would have to ask a person first.
//!
//! A keyring that is locked asks for its password on the screen when an entry of it is read, and whoever reads waits
//! until somebody answers, while everybody else who reads waits behind. So it is looked at first, in a way that never
//! asks. Jobs that wait for it are looked after here too. Leaves out which passphrase stands where.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use alcove_store::{Repository, WaitingFor};
use keyring_core::CredentialStore;

use crate::engine::{Engine, Inner};
use crate::lanes::Entry;

/// The name under which entries stand in the keyring.
pub(crate) const SERVICE: &str = "Alcove";

/// What can be told of an entry without asking anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyringEntry {
    /// It can be read.
    Open,
    /// It is there, and the keyring would ask for its password first.
    Locked,
    /// There is none to be seen, in a keyring that is locked.
    Unseen,
    /// There is none.
    Missing,
}

/// Opens the keyring of this system: the Secret Service on Linux. macOS and Windows have none here
/// yet, so passphrases are asked for after a restart.
pub fn system_keyring() -> Option<Arc<CredentialStore>> {
    #[cfg(target_os = "linux")]
    {
        match zbus_secret_service_keyring_store::Store::new() {
            Ok(store) => Some(store),
            Err(error) => {
                log::debug!("no keyring: {error}");
                None
            }
        }
    }
    #[cfg(not(target_os = "linux"))]
    None
}

/// Looks for an entry in the keyring of this system, and never has it ask.
#[cfg(target_os = "linux")]
pub fn system_keyring_entry(user: &str) -> KeyringEntry {
    let look = || -> Result<KeyringEntry, secret_service::Error> {
        let service = secret_service()?;
        let found = service.search_items(attributes(user))?;
        if !found.unlocked.is_empty() {
            return Ok(KeyringEntry::Open);
        }
        if !found.locked.is_empty() {
            return Ok(KeyringEntry::Locked);
        }
        // Some keyrings tell nothing of what they hold before they are unlocked.
        let locked = service
            .get_default_collection()
            .and_then(|collection| collection.is_locked());
        Ok(match locked {
            Ok(true) => KeyringEntry::Unseen,
            Ok(false) | Err(_) => KeyringEntry::Missing,
        })
    };
    look().unwrap_or_else(|error| {
        log::debug!("the keyring did not answer: {error}");
        KeyringEntry::Missing
    })
}

/// Has the keyring of this system ask for its password, and waits for the answer: the one an entry is in, or the
/// usual one where none is to be seen.
#[cfg(target_os = "linux")]
pub fn unlock_system_keyring(user: &str) {
    let unlock = || -> Result<(), secret_service::Error> {
        let service = secret_service()?;
        match service.search_items(attributes(user))?.locked.first() {
            Some(item) => item.unlock(),
            None => service.get_default_collection()?.unlock(),
        }
    };
    if let Err(error) = unlock() {
        log::info!("the keyring was not unlocked: {error}");
    }
}

/// The Secret Service. No secret is asked for here, so there is nothing to encrypt.
#[cfg(target_os = "linux")]
fn secret_service()
-> Result<secret_service::blocking::SecretService<'static>, secret_service::Error> {
    secret_service::blocking::SecretService::connect(secret_service::EncryptionType::Plain)
}

/// What an entry is found by, as the library that writes it names it.
#[cfg(target_os = "linux")]
fn attributes(user: &str) -> std::collections::HashMap<&str, &str> {
    [("service", SERVICE), ("username", user)].into()
}

/// Looks for an entry in the keyring of this system, which has none.
#[cfg(not(target_os = "linux"))]
pub fn system_keyring_entry(_: &str) -> KeyringEntry {
    KeyringEntry::Missing
}

/// Unlocks the keyring of this system, which has none.
#[cfg(not(target_os = "linux"))]
pub fn unlock_system_keyring(_: &str) {}

impl Engine {
    /// Looks after the jobs that wait for the keyring, on a thread of its own: calmly, until none is left.
    pub(crate) fn watch_keyring(&self) {
        if self.inner().keyring_watched.swap(true, Ordering::AcqRel) {
            return;
        }
        let (engine, wait) = (self.downgrade(), self.world().keyring_wait);
        let watch = move || {
            loop {
                std::thread::sleep(wait);
                let Some(engine) = engine.upgrade() else {
                    return;
                };
                engine.look_into_keyring();
                if engine.inner().watched_enough() {
                    return;
                }
            }
        };
        on_a_thread("alcove-keyring", watch);
    }

    /// Has the keyring ask for its password, where a repository's passphrase stands in it and it is locked. The thread
    /// that waits for the answer is nobody else's; while it waits, the keyring is not asked again.
    pub(crate) fn unlock_keyring(&self, repository: &Repository) {
        if self.inner().keyring_asks.swap(true, Ordering::AcqRel) {
            return;
        }
        let (engine, repository) = (self.downgrade(), repository.clone());
        let ask = move || {
            // Holding no engine, which would keep the records open for as long as nobody answers.
            let secrets = engine.upgrade().map(|engine| engine.secrets());
            if let Some(secrets) = secrets {
                secrets.unlock_keyring(&repository);
            }
            if let Some(engine) = engine.upgrade() {
                engine.inner().keyring_asks.store(false, Ordering::Release);
                engine.look_into_keyring();
            }
        };
        on_a_thread("alcove-keyring-asks", ask);
    }

    /// Removes a passphrase that is not needed any more. A keyring that would ask first is waited for by nobody, and
    /// what it did not forget is in the program's log.
    pub(crate) fn forget_in_keyring(&self, repository: Repository) {
        let secrets = self.secrets();
        let asks = secrets.is_in_locked_keyring(&repository);
        let forget = move || {
            let _ = secrets.forget_in_keyring(&repository);
        };
        if asks {
            on_a_thread("alcove-keyring-asks", forget);
        } else {
            forget();
        }
    }

    /// Lets the jobs go on whose entry can be read now.
    fn look_into_keyring(&self) {
        let waiting: Vec<String> = {
            let lanes = self.inner().lanes();
            let entries = lanes.entries();
            entries
                .filter(|entry| waits_for_keyring(entry))
                .map(|entry| entry.lane.clone())
                .collect()
        };
        for lane in waiting {
            let repository = self.store().repository_at(&lane);
            if repository.is_ok_and(|found| {
                found.is_none_or(|repository| !self.inner().secrets.is_locked(&repository))
            }) {
                self.inner()
                    .answered(WaitingFor::Keyring, |other| other == lane);
            }
        }
        self.pump();
    }
}

impl Inner {
    /// Whether no job waits for the keyring any more; then it is watched no more.
    fn watched_enough(&self) -> bool {
        let lanes = self.lanes();
        let waits = lanes.entries().any(waits_for_keyring);
        self.keyring_watched.store(waits, Ordering::Release);
        !waits
    }
}

fn waits_for_keyring(entry: &Entry) -> bool {
    entry.job.waiting_for == Some(WaitingFor::Keyring)
}

fn on_a_thread(name: &str, work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work);
    if let Err(error) = thread {
        log::error!("nobody looks after the keyring: {error}");
    }
}
