//! The one place that keeps passphrases: in memory while Alcove runs, and in the system's keyring
//! when the person asked for it. Never in a file of Alcove's own.
//!
//! An entry of the keyring is found by Borg's repository id, which stays when a repository moves.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use alcove_borg::Passphrase;
use keyring_core::{CredentialStore, Error};

use crate::error::{ErrorCode, Failure};
use crate::world::OpenKeyring;

/// The name under which entries stand in the keyring.
const SERVICE: &str = "Alcove";

/// Passphrases by Borg's repository id.
pub(crate) struct Secrets {
    known: Mutex<HashMap<String, Arc<Passphrase>>>,
    open: OpenKeyring,
    keyring: OnceLock<Option<Arc<CredentialStore>>>,
}

impl Secrets {
    pub(crate) fn new(open: OpenKeyring) -> Self {
        Self {
            known: Mutex::default(),
            open,
            keyring: OnceLock::new(),
        }
    }

    fn keyring(&self) -> Option<&Arc<CredentialStore>> {
        self.keyring.get_or_init(self.open).as_ref()
    }

    /// The keyring's name for people, or `None` where there is none.
    pub(crate) fn keyring_name(&self) -> Option<String> {
        self.keyring().map(|store| store.vendor())
    }

    /// Finds a passphrase in memory, then in the keyring.
    pub(crate) fn find(&self, borg_id: &str) -> Option<Arc<Passphrase>> {
        if let Some(known) = self.lock().get(borg_id) {
            return Some(Arc::clone(known));
        }
        let entry = self.keyring()?.build(SERVICE, borg_id, None);
        match entry.and_then(|entry| entry.get_password()) {
            Ok(found) => {
                let found = Arc::new(Passphrase::new(found));
                self.lock().insert(borg_id.to_owned(), Arc::clone(&found));
                Some(found)
            }
            Err(Error::NoEntry) => None,
            Err(error) => {
                log::warn!("the keyring did not answer: {error}");
                None
            }
        }
    }

    /// Keeps a passphrase while Alcove runs.
    pub(crate) fn keep(&self, borg_id: &str, passphrase: Arc<Passphrase>) {
        self.lock().insert(borg_id.to_owned(), passphrase);
    }

    /// Forgets a passphrase that does not open its repository; the keyring keeps its entry.
    pub(crate) fn forget(&self, borg_id: &str) {
        self.lock().remove(borg_id);
    }

    /// Writes a passphrase to the keyring, for after a restart.
    pub(crate) fn remember(&self, borg_id: &str, passphrase: &Passphrase) -> Result<(), Failure> {
        let Some(keyring) = self.keyring() else {
            return Err(Failure::new(
                ErrorCode::KeyringFailed,
                "This computer has no keyring that Alcove can use, so the passphrase was not remembered.",
            )
            .hint("Alcove asks for it after a restart."));
        };
        keyring
            .build(SERVICE, borg_id, None)
            .and_then(|entry| entry.set_password(passphrase.expose()))
            .map_err(|error| {
                log::warn!("the keyring did not take the passphrase: {error}");
                Failure::new(
                    ErrorCode::KeyringFailed,
                    format!("{} did not take the passphrase.", keyring.vendor()),
                )
                .hint("Alcove asks for it after a restart.")
                .retryable()
            })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Passphrase>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn mock() -> Option<Arc<CredentialStore>> {
        keyring_core::mock::Store::new()
            .ok()
            .map(|store| store as Arc<CredentialStore>)
    }

    #[test]
    fn a_remembered_passphrase_is_found_again_after_memory_is_gone() {
        let secrets = Secrets::new(mock);
        assert!(secrets.find("id").is_none());
        secrets
            .remember("id", &Passphrase::new("quiet linen".into()))
            .unwrap();
        secrets.forget("id");
        assert_eq!(secrets.find("id").unwrap().expose(), "quiet linen");
    }

    #[test]
    fn without_a_keyring_a_passphrase_lives_in_memory_only() {
        let secrets = Secrets::new(|| None);
        let failure = secrets
            .remember("id", &Passphrase::new("x".into()))
            .unwrap_err();
        assert_eq!(failure.code, ErrorCode::KeyringFailed);
        secrets.keep("id", Arc::new(Passphrase::new("x".into())));
        assert_eq!(secrets.find("id").unwrap().expose(), "x");
        secrets.forget("id");
        assert!(secrets.find("id").is_none());
    }
}
