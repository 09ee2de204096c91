//! Giving a repository another passphrase.
//!
//! The key is locked anew and nothing is encrypted anew: whoever has an older copy of the key opens the repository
//! with the older passphrase, for ever. So an export counts as none from then on. What opens the repository in the
//! end decides, and not what Borg said: a connection can break after the change as well as before. Until then
//! nothing is forgotten.

use std::sync::Arc;
use std::time::Instant;

use alcove_borg::{Answers, Command, Passphrase};

use super::{PATIENCE, not_encrypted};
use crate::ask::Question;
use crate::changes::Change;
use crate::engine::Engine;
use crate::error::Failure;

/// A repository has another passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassphraseChanged {
    /// Whether the keyring has the new one.
    pub remembered: bool,
    /// Whether its key had been exported: the export is still locked by the old passphrase.
    pub export_outdated: bool,
    /// Whether a passcommand or a credential of systemd gives its passphrase: it still gives the old one.
    pub source_outdated: bool,
}

impl Engine {
    /// Gives a repository another passphrase. The one in use is looked for where it is not given; the keyring gets
    /// the new one when `remember` says so or when it had the old one. No job of the repository runs meanwhile.
    pub fn change_passphrase(
        &self,
        repository: i64,
        current: Option<Passphrase>,
        new: Passphrase,
        remember: bool,
    ) -> Result<PassphraseChanged, Failure> {
        let inner = self.inner();
        let (repository, _) = self.with_key(repository)?;
        check("new_passphrase", &new)?;
        let lane = self.hold_lane(&repository)?;
        let current = match current {
            Some(given) => Arc::new(given),
            None => inner
                .passphrase_of(&repository, &|| false)?
                .ok_or_else(|| not_encrypted(&repository))?,
        };
        check("passphrase", &current)?;
        let new = Arc::new(new);
        let question = Question {
            command: &Command::ChangePassphrase {
                repository: repository.location.clone(),
            },
            environment: &inner.environment_of(&repository),
            passphrase: None,
            until: Some(Instant::now() + PATIENCE),
            gives_way: None,
        };
        let answers = Answers {
            current,
            new: Arc::clone(&new),
        };
        let changed = inner.ask_answering(&question, answers);
        let opened = inner.open_repository(&repository, &new);
        if let Err(not_opened) = opened {
            return Err(match changed {
                Err(why) => why.failure(&repository.name),
                Ok(_) => not_opened.hint("Borg said that the passphrase was changed: try both, the old one and the new one."),
            });
        }

        let remember = remember || inner.secrets.is_remembered(&repository);
        let remembered = inner.keep_passphrase(&repository, &new, remember);
        self.store().key_exported(repository.id, None)?;
        inner.passphrase_came(&repository.location);
        drop(lane);
        inner.tell(&Change::Plans);
        Ok(PassphraseChanged {
            remembered,
            export_outdated: repository.key_exported_at.is_some(),
            source_outdated: inner.secrets.has_source(&repository),
        })
    }
}

/// Refuses what cannot be entered on a terminal. Borg would take an empty passphrase, and lock the key with nothing.
fn check(field: &str, passphrase: &Passphrase) -> Result<(), Failure> {
    let reason = if passphrase.is_empty() {
        "The passphrase is empty."
    } else if !passphrase.is_one_line() {
        "The passphrase has a line break in it, which cannot be entered in Borg."
    } else {
        return Ok(());
    };
    Err(Failure::bad_argument(field, reason))
}
