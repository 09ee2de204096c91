//! The key of a repository.

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
