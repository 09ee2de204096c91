//! The key of a repository: exported while all is well, and tried before it is needed.
//!
//! Without its key a repository cannot be opened by anyone, with or without the passphrase. An export is locked
//! by the passphrase as the key itself is; it goes to a file that only its owner may read, whole or not at all.
//! Trying one opens the repository with the exported key and never with the one in use: see
//! [`alcove_borg::ExportedKey`]. Leaves out making keys.

mod passphrase;
mod sheet;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use alcove_borg::{
    Command, Confirmation, Encryption, Environment, ExportedKey, KeyPlace, Passphrase, Problem,
};
use alcove_store::Repository;
use fs_err as fs;

use crate::ask::{Question, Unanswered};
use crate::changes::Change;
use crate::engine::Engine;
use crate::error::{ErrorCode, Failure};
use crate::{place, whole_file};
pub use passphrase::PassphraseChanged;
use sheet::Sheet;

/// Borg reads a key in a moment, over a slow line in some seconds.
const PATIENCE: Duration = Duration::from_mins(1);
/// An exported key takes about a kilobyte.
const MOST_BYTES: u64 = 64 << 10;

/// What an exported key looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyForm {
    /// Borg's own text, for `borg key import`.
    File,
    /// A page to print: where the repository is, how to get it back, the key as lines to type in.
    Sheet,
}

impl Engine {
    /// Suggests a name for the file of an exported key.
    pub fn key_file_name(&self, repository: i64, form: KeyForm) -> Result<String, Failure> {
        let (repository, _) = self.with_key(repository)?;
        let name: String = repository
            .name
            .chars()
            .map(|c| {
                if c.is_alphanumeric() || " .-_".contains(c) {
                    c
                } else {
                    '-'
                }
            })
            .collect();
        let name = name.trim_start_matches('.');
        Ok(match form {
            KeyForm::File => format!("{name} key.txt"),
            KeyForm::Sheet => format!("{name} recovery sheet.html"),
        })
    }

    /// Exports a repository's key to a file, and remembers when.
    pub fn export_key(&self, repository: i64, form: KeyForm, to: &Path) -> Result<(), Failure> {
        let (repository, _) = self.with_key(repository)?;
        let now = self.world().clock.now();
        let key = self.key_of(&repository, form == KeyForm::Sheet)?;
        let text = match form {
            KeyForm::File => key,
            KeyForm::Sheet => Sheet {
                name: &repository.name,
                location: &repository.location,
                id: repository.borg_id.as_deref().unwrap_or_default(),
                encryption: &repository.encryption,
                key: &key,
                made: &now
                    .to_zoned(self.world().zone.clone())
                    .strftime("%Y-%m-%d")
                    .to_string(),
            }
            .html(),
        };
        whole_file::write(to, &text).map_err(|error| {
            Failure::new(
                ErrorCode::FileFailed,
                format!("The key could not be written to {}: {error}.", to.display()),
            )
            .retryable()
        })?;
        self.store().key_exported(repository.id, Some(now))?;
        self.inner().tell(&Change::Plans);
        Ok(())
    }

    /// Opens a repository with an exported key. Fails with [`ErrorCode::KeyMismatch`] when the key does not open it.
    pub fn verify_key(
        &self,
        repository: i64,
        file: &Path,
        passphrase: Option<Passphrase>,
    ) -> Result<(), Failure> {
        let (repository, place) = self.with_key(repository)?;
        let name = &repository.name;
        let exported = read(file)?;
        if repository
            .borg_id
            .as_deref()
            .is_some_and(|id| id != exported.repository_id())
        {
            return Err(mismatch(format!(
                "This is the key of another repository, {}.",
                exported.repository_id()
            )));
        }
        let passphrase = match passphrase {
            Some(given) => Some(Arc::new(given)),
            None => self.inner().passphrase_of(&repository, &|| false)?,
        };
        let scratch = tempfile::tempdir().map_err(|error| no_scratch(&error))?;
        let base = scratch.path().join("borg");
        // A Borg with folders of its own has never seen any repository; this one is known by its id.
        let environment = self
            .inner()
            .environment_of(&repository)
            .with_folders(&base)
            .confirming(Confirmation::UnknownUnencryptedRepository);
        let there = match (place, place::local(&repository.location)) {
            (KeyPlace::Home, _) => {
                exported.place(&base).map_err(|error| no_scratch(&error))?;
                repository.location.clone()
            }
            (KeyPlace::Repository, Some(local)) => {
                let stand_in = scratch.path().join("repository");
                exported
                    .stand_in(local, &stand_in)
                    .map_err(|error| no_scratch(&error))?;
                stand_in.display().to_string()
            }
            (KeyPlace::Repository, None) => {
                // No stand-in can be made of a repository on a server. Its own key is opened instead, if the two
                // are one.
                let used = ExportedKey::parse(&self.key_of(&repository, false)?);
                if used.as_ref() != Some(&exported) {
                    return Err(mismatch(format!(
                        "{name} has another key in use: its passphrase was changed since this export."
                    )));
                }
                repository.location.clone()
            }
        };
        self.opens(there, &environment, passphrase.as_deref())
            .map_err(|why| match why {
                Unanswered::Problem(Problem::PassphraseWrong) => mismatch(
                    "The passphrase does not unlock the exported key: it is the one of the time of the export that counts."
                        .to_owned(),
                ),
                Unanswered::Problem(Problem::KeyMissing | Problem::IntegrityError) => {
                    mismatch(format!("The exported key does not open {name}."))
                }
                other => other.failure(name),
            })
    }

    fn opens(
        &self,
        repository: String,
        environment: &Environment,
        passphrase: Option<&Passphrase>,
    ) -> Result<(), Unanswered> {
        let question = Question {
            command: &Command::List { repository },
            environment,
            passphrase,
            until: Some(Instant::now() + PATIENCE),
            gives_way: None,
        };
        self.inner().ask(&question).map(|_| ())
    }

    /// Has Borg print the key of a repository.
    fn key_of(&self, repository: &Repository, paper: bool) -> Result<String, Failure> {
        let command = Command::ExportKey {
            repository: repository.location.clone(),
            paper,
        };
        let exit = self
            .inner()
            .ask_repository(repository, &command, None, PATIENCE, None)?;
        let text = String::from_utf8_lossy(&exit.stdout).into_owned();
        let whole = if paper {
            text.contains("BORG PAPER KEY")
        } else {
            ExportedKey::parse(&text).is_some()
        };
        whole.then_some(text).ok_or_else(|| {
            Failure::new(
                ErrorCode::BorgFailed,
                format!("Borg did not print the key of {}.", repository.name),
            )
        })
    }

    /// Finds a repository that has a key, and where Borg keeps it.
    fn with_key(&self, id: i64) -> Result<(Repository, KeyPlace), Failure> {
        let repository = self.repository(id)?;
        let place = Encryption::parse(&repository.encryption).and_then(Encryption::key_place);
        match place {
            Some(place) => Ok((repository, place)),
            None => Err(not_encrypted(&repository)),
        }
    }
}

fn not_encrypted(repository: &Repository) -> Failure {
    Failure::bad_argument(
        "repository",
        format!(
            "{} is not encrypted, so it has no key and no passphrase.",
            repository.name
        ),
    )
}

fn mismatch(sentence: String) -> Failure {
    Failure::new(ErrorCode::KeyMismatch, sentence)
        .hint("Export the key again, and keep the new one.")
}

fn no_scratch(error: &std::io::Error) -> Failure {
    Failure::new(
        ErrorCode::FileFailed,
        format!("A folder to try the key in could not be made: {error}."),
    )
    .retryable()
}

fn read(file: &Path) -> Result<ExportedKey, Failure> {
    let failed = |why: String| Failure::new(ErrorCode::FileFailed, why);
    let about = fs::metadata(file).map_err(|error| failed(format!("{error}.")))?;
    let text = if about.is_file() && about.len() <= MOST_BYTES {
        fs::read(file).map_err(|error| failed(format!("{error}.")))?
    } else {
        Vec::new()
    };
    ExportedKey::parse(&String::from_utf8_lossy(&text)).ok_or_else(|| {
        mismatch(format!("{} is no key that Borg exported.", file.display()))
            .hint("A recovery sheet is for people: its lines are typed in.")
    })
}
