//! A keyring for tests, in which nothing need be stored first.

use std::sync::Arc;

use keyring_core::CredentialStore;

/// A keyring in which every entry is the tests' passphrase.
pub fn keyring_that_knows() -> Option<Arc<CredentialStore>> {
    Some(Arc::new(Knowing(crate::PASSPHRASE)))
}

/// A keyring in which every entry is another passphrase.
pub fn keyring_that_is_wrong() -> Option<Arc<CredentialStore>> {
    Some(Arc::new(Knowing("not it")))
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
        _: Option<&std::collections::HashMap<&str, &str>>,
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
