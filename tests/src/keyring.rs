//! A keyring for tests, in which nothing need be stored first.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use alcove_api::KeyringEntry;
use keyring_core::CredentialStore;

/// A keyring in which every entry is the tests' passphrase.
pub fn keyring_that_knows() -> Option<Arc<CredentialStore>> {
    Some(Arc::new(Knowing(crate::PASSPHRASE)))
}

/// A keyring in which every entry is another passphrase.
pub fn keyring_that_is_wrong() -> Option<Arc<CredentialStore>> {
    Some(Arc::new(Knowing("not it")))
}

/// Whether somebody has answered [`keyring_that_asks`]: the tests of one process share it.
static ANSWERED: AtomicBool = AtomicBool::new(false);

/// A keyring that knows the tests' passphrase and is locked until [`answer_the_keyring`]; who reads it waits.
pub fn keyring_that_asks() -> Option<Arc<CredentialStore>> {
    Some(Arc::new(Asking(Knowing(crate::PASSPHRASE))))
}

/// What can be seen of it.
pub fn entry_of_keyring_that_asks(_: &str) -> KeyringEntry {
    if ANSWERED.load(Ordering::Acquire) {
        KeyringEntry::Open
    } else {
        KeyringEntry::Locked
    }
}

/// Has it ask, and waits.
pub fn ask_for_keyring_that_asks(_: &str) {
    while !ANSWERED.load(Ordering::Acquire) {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

/// Unlocks it.
pub fn answer_the_keyring() {
    ANSWERED.store(true, Ordering::Release);
}

/// A keyring that is locked.
#[derive(Debug)]
struct Asking(Knowing);

impl keyring_core::api::CredentialStoreApi for Asking {
    fn vendor(&self) -> String {
        self.0.vendor()
    }

    fn id(&self) -> String {
        self.0.id()
    }

    fn build(
        &self,
        service: &str,
        user: &str,
        modifiers: Option<&HashMap<&str, &str>>,
    ) -> keyring_core::Result<keyring_core::Entry> {
        ask_for_keyring_that_asks(user);
        self.0.build(service, user, modifiers)
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// A keyring in which every entry is this.
#[derive(Debug)]
struct Knowing(&'static str);

impl keyring_core::api::CredentialStoreApi for Knowing {
    fn vendor(&self) -> String {
        "a keyring for tests".to_owned()
    }

    fn id(&self) -> String {
        "tests".to_owned()
    }

    fn build(
        &self,
        service: &str,
        user: &str,
        _: Option<&HashMap<&str, &str>>,
    ) -> keyring_core::Result<keyring_core::Entry> {
        let mock = keyring_core::mock::Store::new()?;
        let entry = mock.build(service, user, None)?;
        entry.set_password(self.0)?;
        Ok(entry)
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}
