//! The key of a repository, and the passphrase that locks it.

use alcove_borg::Passphrase;
use alcove_engine as engine;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// What an exported key looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyForm {
    /// Borg's own text, for `borg key import` and `verify_key`.
    File,
    /// A page to print: where the repository is, how to get it back, the key as lines to type in.
    Sheet,
}

impl From<KeyForm> for engine::KeyForm {
    fn from(form: KeyForm) -> Self {
        match form {
            KeyForm::File => Self::File,
            KeyForm::Sheet => Self::Sheet,
        }
    }
}

/// A key to export.
#[derive(Debug, Clone, Copy, Deserialize, TS, ToSchema)]
pub struct SaveKey {
    /// The repository's number.
    pub repository: i64,
    /// What it is to look like.
    pub form: KeyForm,
}

/// The answer to `save_key`.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct KeySaved {
    /// The name of the file; null when the dialog was closed.
    pub file_name: Option<String>,
}

/// An exported key to try.
#[derive(Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct VerifyKey {
    /// The repository's number.
    pub repository: i64,
    /// Its passphrase; the one Alcove has when left out.
    #[ts(optional, type = "string")]
    #[schema(value_type = Option<String>, format = Password, write_only)]
    pub passphrase: Option<Passphrase>,
}

/// The answer to `verify_key`: the repository was opened with the key.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct KeyVerified {
    /// The name of the file; null when the dialog was closed and nothing was tried.
    pub file_name: Option<String>,
}

/// Another passphrase for a repository.
#[derive(Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct ChangePassphrase {
    /// The repository's number.
    pub repository_id: i64,
    /// The passphrase in use; the one Alcove has when left out.
    #[ts(optional, type = "string")]
    #[schema(value_type = Option<String>, format = Password, write_only)]
    pub passphrase: Option<Passphrase>,
    /// The one to use from now on, of one line.
    #[ts(type = "string")]
    #[schema(value_type = String, format = Password, write_only)]
    pub new_passphrase: Passphrase,
    /// Whether to keep it in the system's keyring; where that has the old one, it gets the new one in any case.
    pub remember_passphrase: Option<bool>,
}

/// The answer to `change_passphrase`: the repository was opened with the new passphrase.
#[derive(Debug, Clone, Copy, Serialize, TS, ToSchema)]
pub struct PassphraseChanged {
    /// Whether the new passphrase is in the keyring; false: it is asked for after a restart.
    pub passphrase_remembered: bool,
    /// Whether the key was exported before: that export is locked by the old passphrase, so it counts no more.
    pub export_outdated: bool,
    /// Whether a passcommand or a credential of systemd is to give its passphrase, and still gives the old one.
    pub source_outdated: bool,
}

impl From<engine::PassphraseChanged> for PassphraseChanged {
    fn from(changed: engine::PassphraseChanged) -> Self {
        Self {
            passphrase_remembered: changed.remembered,
            export_outdated: changed.export_outdated,
            source_outdated: changed.source_outdated,
        }
    }
}
