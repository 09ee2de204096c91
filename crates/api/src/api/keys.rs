//! Keys of repositories: exported, proved, and locked by another passphrase.

use std::path::PathBuf;

use super::Api;
use crate::error::ApiError;
use crate::types::{ChangePassphrase, PassphraseChanged, SaveKey, VerifyKey};

impl Api {
    /// Suggests a name for the file of an exported key.
    pub async fn key_file_name(&self, args: SaveKey) -> Result<String, ApiError> {
        self.blocking(move |engine| Ok(engine.key_file_name(args.repository, args.form.into())?))
            .await
    }

    /// Exports a repository's key to a file, which appears complete or not at all.
    pub async fn export_key(&self, args: SaveKey, to: PathBuf) -> Result<(), ApiError> {
        self.blocking(move |engine| {
            Ok(engine.export_key(args.repository, args.form.into(), &to)?)
        })
        .await
    }

    /// Opens a repository with the exported key in a file.
    pub async fn verify_key(&self, args: VerifyKey, file: PathBuf) -> Result<(), ApiError> {
        self.blocking(move |engine| {
            Ok(engine.verify_key(args.repository, &file, args.passphrase)?)
        })
        .await
    }

    /// Gives a repository another passphrase.
    pub async fn change_passphrase(
        &self,
        args: ChangePassphrase,
    ) -> Result<PassphraseChanged, ApiError> {
        self.blocking(move |engine| {
            let remember = args.remember_passphrase.unwrap_or_default();
            let changed = engine.change_passphrase(
                args.repository_id,
                args.passphrase,
                args.new_passphrase,
                remember,
            )?;
            Ok(changed.into())
        })
        .await
    }
}
