//! The one place that keeps passphrases, and the one order they are looked for in:
//!
//! 1. in memory, where one is that was handed over since Alcove started;
//! 2. a credential of systemd, `alcove-ID` or `alcove-NAME` (ID is Borg's repository id, NAME the person's
//!    own name for the repository), in the folder `$CREDENTIALS_DIRECTORY`;
//! 3. what the repository's passcommand prints;
//! 4. the system's keyring, where the person had it remembered.
//!
//! The first that has one decides. Memory comes first, so that a person can always help; then what the
//! machine's owner set up on purpose. Never is one in a file of Alcove's own. Of a credential and a
//! passcommand nothing is kept: each job asks anew. Entries of the keyring are found by Borg's repository
//! id, which stays when a repository moves.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use alcove_borg::{Passcommand, PasscommandError, Passphrase};
use alcove_store::{KeepPassphrase, Repository};
use fs_err as fs;
use keyring_core::{CredentialStore, Error};

use crate::error::{ErrorCode, Failure};
use crate::keyring::{KeyringEntry, SERVICE};
use crate::world::{OpenKeyring, World};

/// The variable systemd names the folder of a service's credentials by (systemd.exec(5)).
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";
/// How long a passcommand may take: someone may have to touch a key.
const PASSCOMMAND: Duration = Duration::from_mins(1);

/// Passphrases by Borg's repository id.
pub(crate) struct Secrets {
    known: Mutex<HashMap<String, Arc<Passphrase>>>,
    credentials: Option<PathBuf>,
    environment: BTreeMap<OsString, OsString>,
    open: OpenKeyring,
    keyring: OnceLock<Arc<CredentialStore>>,
    entry: fn(&str) -> KeyringEntry,
    unlock: fn(&str),
}

impl Secrets {
    pub(crate) fn new(world: &World) -> Self {
        let environment = world.environment.clone();
        let folder = environment.get(&OsString::from(CREDENTIALS));
        Self {
            known: Mutex::default(),
            credentials: folder.map(PathBuf::from),
            environment,
            open: world.keyring,
            keyring: OnceLock::new(),
            entry: world.keyring_entry,
            unlock: world.unlock_keyring,
        }
    }

    /// The keyring, once there is one: it may start after Alcove.
    fn keyring(&self) -> Option<&Arc<CredentialStore>> {
        if self.keyring.get().is_none() {
            let keyring = (self.open)()?;
            return Some(self.keyring.get_or_init(|| keyring));
        }
        self.keyring.get()
    }

    /// The keyring's name for people, or `None` where there is none.
    pub(crate) fn keyring_name(&self) -> Option<String> {
        self.keyring().map(|store| name(store.as_ref()))
    }

    /// Finds a repository's passphrase; `None` where nothing has one. A passcommand that gives none is an
    /// error: what was set up on purpose is not passed over. `give_up` ends one that runs. A keyring that is locked
    /// is one too ([`ErrorCode::KeyringLocked`]), and never asks anybody here.
    pub(crate) fn find(
        &self,
        repository: &Repository,
        give_up: &dyn Fn() -> bool,
    ) -> Result<Option<Arc<Passphrase>>, Failure> {
        let key = key(repository);
        let keep = repository.keep_passphrase;
        if keep != KeepPassphrase::Never
            && let Some(known) = self.lock().get(key)
        {
            return Ok(Some(Arc::clone(known)));
        }
        if let Some(found) = self.credential(repository) {
            return Ok(Some(Arc::new(found)));
        }
        if let Some(line) = &repository.passcommand {
            let printed = self.ask(line, give_up);
            let printed = printed.map_err(|why| refused(&repository.name, &why))?;
            return Ok(Some(Arc::new(printed)));
        }
        if keep == KeepPassphrase::Never {
            return Ok(None);
        }
        // What is not there is not read either: whoever reads may wait behind a question to somebody else.
        match self.entry(repository) {
            KeyringEntry::Open => Ok(self.remembered(key)),
            KeyringEntry::Locked => Err(self.locked(&repository.name)),
            KeyringEntry::Unseen | KeyringEntry::Missing => Ok(None),
        }
    }

    /// What the keyring shows of a repository's passphrase. One that is to be there is locked where none is seen.
    fn entry(&self, repository: &Repository) -> KeyringEntry {
        if self.keyring().is_none() {
            return KeyringEntry::Missing;
        }
        match (self.entry)(key(repository)) {
            KeyringEntry::Unseen if repository.keep_passphrase == KeepPassphrase::Keyring => {
                KeyringEntry::Locked
            }
            other => other,
        }
    }

    /// Whether nothing but a locked keyring has a repository's passphrase.
    pub(crate) fn is_locked(&self, repository: &Repository) -> bool {
        !self.is_known(repository) && self.is_in_locked_keyring(repository)
    }

    /// Whether the keyring has a repository's passphrase and is locked.
    pub(crate) fn is_in_locked_keyring(&self, repository: &Repository) -> bool {
        self.entry(repository) == KeyringEntry::Locked
    }

    /// Has the keyring ask for its password where it must, and waits for the answer.
    pub(crate) fn unlock_keyring(&self, repository: &Repository) {
        if self.is_locked(repository) {
            (self.unlock)(key(repository));
        }
    }

    fn locked(&self, repository: &str) -> Failure {
        let keyring = self.keyring_name().unwrap_or_default();
        Failure::new(
            ErrorCode::KeyringLocked,
            format!("The passphrase of {repository} is in the {keyring}, which is locked."),
        )
        .hint("Unlock the keyring, or enter the passphrase.")
        .retryable()
    }

    /// Reads the passphrase of a credential. A line end at its end is not part of it.
    fn credential(&self, repository: &Repository) -> Option<Passphrase> {
        let folder = self.credentials.as_ref()?;
        let names = [repository.borg_id.as_deref(), Some(&repository.name)];
        let mut files = names
            .into_iter()
            .flatten()
            .filter(|name| is_credential_name(name))
            .map(|name| folder.join(format!("alcove-{name}")));
        let file = files.find(|file| file.exists())?;
        match fs::read_to_string(file) {
            Ok(mut text) => {
                text.truncate(text.trim_end_matches(['\n', '\r']).len());
                Some(Passphrase::new(text))
            }
            Err(error) => {
                log::warn!("a credential was not read: {error}");
                None
            }
        }
    }

    /// Runs a passcommand in the session's own environment.
    pub(crate) fn ask(
        &self,
        line: &str,
        give_up: &dyn Fn() -> bool,
    ) -> Result<Passphrase, PasscommandError> {
        Passcommand::parse(line)?.run(self.environment.clone(), PASSCOMMAND, give_up)
    }

    /// Tells whether a credential or a passcommand is to give a repository's passphrase.
    pub(crate) fn has_source(&self, repository: &Repository) -> bool {
        repository.passcommand.is_some() || self.credential(repository).is_some()
    }

    /// Tells whether the keyring has a passphrase of a repository, right or wrong.
    pub(crate) fn is_remembered(&self, repository: &Repository) -> bool {
        match self.entry(repository) {
            KeyringEntry::Locked => true,
            KeyringEntry::Open => self.read(key(repository)).is_ok(),
            KeyringEntry::Unseen | KeyringEntry::Missing => false,
        }
    }

    /// Finds an entry of the keyring, which is open.
    fn remembered(&self, key: &str) -> Option<Arc<Passphrase>> {
        match self.read(key) {
            Ok(found) => {
                let found = Arc::new(found);
                self.lock().insert(key.to_owned(), Arc::clone(&found));
                Some(found)
            }
            Err(Error::NoEntry) => None,
            Err(error) => {
                log::warn!("the keyring did not answer: {error}");
                None
            }
        }
    }

    fn read(&self, key: &str) -> keyring_core::Result<Passphrase> {
        let keyring = self.keyring().ok_or(Error::NoEntry)?;
        let entry = keyring.build(SERVICE, key, None)?;
        entry.get_password().map(Passphrase::new)
    }

    /// Keeps a passphrase while Alcove runs.
    pub(crate) fn keep(&self, repository: &Repository, passphrase: Arc<Passphrase>) {
        self.lock().insert(key(repository).to_owned(), passphrase);
    }

    /// Gives the passphrase that is kept while Alcove runs.
    pub(crate) fn known(&self, repository: &Repository) -> Option<Arc<Passphrase>> {
        self.lock().get(key(repository)).cloned()
    }

    /// Whether a passphrase is kept while Alcove runs.
    pub(crate) fn is_known(&self, repository: &Repository) -> bool {
        self.lock().contains_key(key(repository))
    }

    /// Forgets a passphrase that does not open its repository, and not another that was kept since; the keyring
    /// keeps its entry.
    pub(crate) fn forget(&self, repository: &Repository, wrong: &Arc<Passphrase>) {
        let mut known = self.lock();
        if known
            .get(key(repository))
            .is_some_and(|kept| Arc::ptr_eq(kept, wrong))
        {
            known.remove(key(repository));
        }
    }

    /// Forgets the passphrase of a repository in memory.
    pub(crate) fn forget_now(&self, repository: &Repository) {
        self.lock().remove(key(repository));
    }

    /// Removes the passphrase of a repository from the keyring, if it is there.
    pub(crate) fn forget_in_keyring(&self, repository: &Repository) -> Result<(), Failure> {
        let Some(keyring) = self.keyring() else {
            return Ok(());
        };
        let removed = keyring
            .build(SERVICE, key(repository), None)
            .and_then(|entry| entry.delete_credential());
        match removed {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => {
                log::warn!("the keyring keeps a passphrase: {error}");
                Err(Failure::new(
                    ErrorCode::KeyringFailed,
                    format!(
                        "The {} did not forget the passphrase of {}.",
                        name(keyring.as_ref()),
                        repository.name
                    ),
                )
                .hint("Unlock the keyring, then try again.")
                .retryable())
            }
        }
    }

    /// Writes a passphrase to the keyring, for after a restart.
    pub(crate) fn remember(
        &self,
        repository: &Repository,
        passphrase: &Passphrase,
    ) -> Result<(), Failure> {
        let Some(keyring) = self.keyring() else {
            return Err(Failure::new(
                ErrorCode::KeyringFailed,
                "This computer has no keyring that Alcove can use, so the passphrase was not remembered.",
            )
            .hint("Alcove asks for it after a restart."));
        };
        keyring
            .build(SERVICE, key(repository), None)
            .and_then(|entry| entry.set_password(passphrase.expose()))
            .map_err(|error| {
                log::warn!("the keyring did not take the passphrase: {error}");
                Failure::new(
                    ErrorCode::KeyringFailed,
                    format!(
                        "The {} did not take the passphrase.",
                        name(keyring.as_ref())
                    ),
                )
                .hint("Alcove asks for it after a restart.")
                .retryable()
            })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Passphrase>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The name of a repository's passphrase: Borg's id, which stays when the repository moves.
fn key(repository: &Repository) -> &str {
    repository
        .borg_id
        .as_deref()
        .unwrap_or(&repository.location)
}

/// Whether a name can be part of a credential's (systemd.exec(5): what can be a file's name and a
/// descriptor's; `:` would end it).
fn is_credential_name(name: &str) -> bool {
    let fits = |byte: u8| (byte.is_ascii_graphic() || byte == b' ') && !matches!(byte, b'/' | b':');
    (1..=240).contains(&name.len()) && name.bytes().all(fits)
}

/// Says that a passcommand gave no passphrase.
fn refused(name: &str, why: &PasscommandError) -> Failure {
    Failure::new(
        ErrorCode::PassphraseNeeded,
        format!("The command that prints the passphrase of {name} {why}."),
    )
    .hint("Run it in a terminal of the same account, or enter the passphrase.")
    .retryable()
}

/// What people call a keyring; libraries add where they come from after a comma.
fn name(store: &CredentialStore) -> String {
    let vendor = store.vendor();
    let first = vendor.split(',').next().unwrap_or_default();
    format!("{} keyring", first.trim_end_matches(" store"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mock() -> Option<Arc<CredentialStore>> {
        keyring_core::mock::Store::new()
            .ok()
            .map(|store| store as Arc<CredentialStore>)
    }

    fn repository(passcommand: Option<&str>) -> Repository {
        Repository {
            id: 1,
            name: "Backup SSD".into(),
            location: "/backup".into(),
            borg_id: Some("b9c2".into()),
            encryption: "repokey".into(),
            passcommand: passcommand.map(str::to_owned),
            ssh_key: None,
            remote_path: None,
            keep_passphrase: KeepPassphrase::Keyring,
            append_only: false,
            drive: None,
            check: None,
            key_exported_at: None,
            created_at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    fn secrets(credentials: Option<&std::path::Path>, keyring: OpenKeyring) -> Secrets {
        let path = ("PATH".into(), "/usr/bin:/bin".into());
        let folder = credentials.map(|folder| (CREDENTIALS.into(), folder.into()));
        let environment = folder.into_iter().chain([path]).collect();
        let mut world = World::of_session(environment, "/nowhere".into());
        world.keyring = keyring;
        world.keyring_entry = |_| KeyringEntry::Open;
        Secrets::new(&world)
    }

    fn find(secrets: &Secrets, repository: &Repository) -> Option<String> {
        let found = secrets.find(repository, &|| false).unwrap();
        found.map(|passphrase| passphrase.expose().to_owned())
    }

    /// Forgets what memory has, as after a restart.
    fn forget(secrets: &Secrets, repository: &Repository) {
        let known = secrets.lock().get(key(repository)).cloned();
        if let Some(known) = known {
            secrets.forget(repository, &known);
        }
    }

    fn passphrase(text: &str) -> Passphrase {
        Passphrase::new(text.to_owned())
    }

    #[test]
    fn a_remembered_passphrase_is_found_again_after_memory_is_gone() {
        let (secrets, repository) = (secrets(None, mock), repository(None));
        assert_eq!(find(&secrets, &repository), None);
        assert!(!secrets.is_remembered(&repository));
        secrets
            .remember(&repository, &passphrase("quiet linen"))
            .unwrap();
        assert!(secrets.is_remembered(&repository));
        forget(&secrets, &repository);
        assert_eq!(find(&secrets, &repository).unwrap(), "quiet linen");
    }

    #[test]
    fn a_wrong_passphrase_is_forgotten_and_the_right_one_that_came_meanwhile_is_not() {
        let (secrets, repository) = (secrets(None, || None), repository(None));
        let wrong = Arc::new(passphrase("not it"));
        secrets.keep(&repository, Arc::clone(&wrong));
        secrets.keep(&repository, Arc::new(passphrase("quiet linen")));
        secrets.forget(&repository, &wrong);
        assert!(secrets.is_known(&repository));
        assert_eq!(find(&secrets, &repository).unwrap(), "quiet linen");
    }

    #[test]
    fn what_is_never_kept_is_found_neither_in_memory_nor_in_the_keyring() {
        let (secrets, mut repository) = (secrets(None, mock), repository(None));
        secrets.remember(&repository, &passphrase("x")).unwrap();
        secrets.keep(&repository, Arc::new(passphrase("x")));
        repository.keep_passphrase = KeepPassphrase::Never;
        assert_eq!(find(&secrets, &repository), None);
        repository.passcommand = Some("echo of a command".into());
        assert_eq!(find(&secrets, &repository).unwrap(), "of a command");
    }

    #[test]
    fn without_a_keyring_a_passphrase_lives_in_memory_only() {
        let (secrets, repository) = (secrets(None, || None), repository(None));
        let failure = secrets.remember(&repository, &passphrase("x")).unwrap_err();
        assert_eq!(failure.code, ErrorCode::KeyringFailed);
        secrets.keep(&repository, Arc::new(passphrase("x")));
        assert_eq!(find(&secrets, &repository).unwrap(), "x");
        forget(&secrets, &repository);
        assert_eq!(find(&secrets, &repository), None);
    }

    #[test]
    fn memory_comes_before_a_credential_that_before_a_passcommand_and_that_before_the_keyring() {
        let folder = tempfile::tempdir().unwrap();
        let credential = folder.path().join("alcove-b9c2");
        std::fs::write(&credential, "of systemd\n").unwrap();
        let secrets = secrets(Some(folder.path()), mock);
        let mut repository = repository(Some("echo of a command"));
        secrets
            .remember(&repository, &passphrase("of the keyring"))
            .unwrap();
        secrets.keep(&repository, Arc::new(passphrase("of memory")));
        assert_eq!(find(&secrets, &repository).unwrap(), "of memory");
        forget(&secrets, &repository);
        assert_eq!(find(&secrets, &repository).unwrap(), "of systemd");
        std::fs::remove_file(credential).unwrap();
        assert_eq!(find(&secrets, &repository).unwrap(), "of a command");
        repository.passcommand = None;
        assert_eq!(find(&secrets, &repository).unwrap(), "of the keyring");
    }

    #[test]
    fn a_credential_is_found_by_the_repositorys_name_too() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = secrets(Some(folder.path()), || None);
        let mut repository = repository(None);
        std::fs::write(folder.path().join("alcove-Backup SSD"), "x\n").unwrap();
        assert_eq!(find(&secrets, &repository).unwrap(), "x");
        for name in ["../x", "a:b", "", "Sicherung f\u{fc}r Ida"] {
            repository.name = name.to_owned();
            assert_eq!(find(&secrets, &repository), None, "{name}");
        }
    }

    #[test]
    fn a_passcommand_that_fails_is_said_and_the_keyring_is_not_asked() {
        let secrets = secrets(None, mock);
        let repository = repository(Some("sh -c 'echo no key >&2; exit 3'"));
        secrets.remember(&repository, &passphrase("x")).unwrap();
        forget(&secrets, &repository);
        let found = secrets.find(&repository, &|| false).map(|_| ());
        let failure = found.unwrap_err();
        assert_eq!(failure.code, ErrorCode::PassphraseNeeded);
        assert_eq!(
            failure.message,
            "The command that prints the passphrase of Backup SSD ended with exit status: 3. It said: no key."
        );
    }

    #[test]
    fn a_keyring_has_a_name_without_where_its_library_comes_from() {
        let store = keyring_core::mock::Store::new().unwrap();
        let shown = name(store.as_ref());
        assert!(
            shown.ends_with(" keyring") && !shown.contains([',', '/']),
            "{shown}"
        );
    }
}
