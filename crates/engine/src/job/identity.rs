//! Whether the repository at a location is still the one Alcove knows.
//!
//! What is not known is not written to: a repository may have been replaced, or another drive be mounted at its place.

use alcove_borg::{ArchiveList, Borg, Command, Problem};
use alcove_store::Level;

use super::drive::Ended;
use super::run::Run;
use crate::error::{ErrorCode, Failure};
use crate::place;

impl Run<'_> {
    /// Compares the id of a repository on this computer, which stands in a file.
    pub(super) fn look_at_identity(&mut self) -> Result<(), Failure> {
        if let Some(there) = self.identity_here() {
            self.compare_identity(&there)?;
            self.identified = true;
        }
        Ok(())
    }

    /// Names what a Borg ended with. A repository on this computer that goes away meanwhile, with its drive, makes
    /// Borg fail wherever it happens to be: what has no name then is that it is missing.
    pub(super) fn problem(&self, ended: &Ended) -> Problem {
        match ended.diagnosis.problem(&ended.exit) {
            Problem::Unknown { .. } | Problem::DiskFailing if self.went_away() => {
                Problem::RepositoryMissing
            }
            named => named,
        }
    }

    /// Whether a repository on this computer was there and is not any more.
    fn went_away(&self) -> bool {
        let is_here = place::local(&self.task.repository.location).is_some();
        is_here && self.identified && self.identity_here().is_none()
    }

    fn identity_here(&self) -> Option<String> {
        place::local(&self.task.repository.location).and_then(alcove_borg::repository_id_at)
    }

    /// Asks a repository whose id cannot be read from a file for it, once a job. Returns how Borg ended when it gave
    /// no answer.
    pub(super) fn ask_identity(&mut self, borg: &Borg) -> Result<Option<Ended>, Failure> {
        let repository = &self.task.repository;
        if self.identified
            || repository.borg_id.is_none()
            || place::local(&repository.location).is_some()
        {
            return Ok(None);
        }
        let command = Command::Identify {
            repository: repository.location.clone(),
            lock_wait: self.lock_wait(),
        };
        self.note(Level::Info, &command.shell_line(borg, &self.environment));
        let ended = self.drive(borg, &command, None)?;
        let answer = ArchiveList::parse(&ended.exit.stdout).filter(|_| ended.exit.is_success());
        let Some(list) = answer else {
            return Ok(Some(ended));
        };
        self.compare_identity(&list.repository_id)?;
        self.identified = true;
        Ok(None)
    }

    fn compare_identity(&self, there: &str) -> Result<(), Failure> {
        let repository = &self.task.repository;
        match &repository.borg_id {
            Some(known) if known != there => Err(Failure::new(
                ErrorCode::RepositoryReplaced,
                format!(
                    "What stands at the place of {} is another repository: Alcove knows {known}, there is {there}.",
                    repository.name
                ),
            )
            .hint("Nothing was written. Put the right repository back before the next backup.")),
            _ => Ok(()),
        }
    }
}
