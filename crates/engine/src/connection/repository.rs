//! The step that asks Borg what stands at a place.

use std::time::Duration;

use alcove_borg::{ArchiveList, Command, Problem};

use super::{Found, StepKind, StepState, Test};
use crate::ask::{Question, Unanswered};
use crate::job::explain;
use crate::server::Folder;
use crate::words::count;

/// A list over a slow line takes some seconds.
const PATIENCE: Duration = Duration::from_secs(30);

impl Test<'_> {
    /// Has Borg open the repository. `there` is what a shell saw at the place, if there is one.
    pub(super) fn open_repository(&mut self, there: Option<Folder>) {
        let command = Command::List {
            repository: self.location.clone(),
        };
        let inner = self.engine.inner();
        let mut environment = inner.environment(&self.reach);
        if let Some(known) = &self.known {
            environment = inner.named(environment, known);
        }
        let answer = self.engine.inner().ask(&Question {
            command: &command,
            environment: &environment,
            passphrase: self.passphrase.as_deref(),
            until: Some(self.within(PATIENCE)),
            gives_way: None,
        });
        match answer {
            Ok(exit) => match ArchiveList::parse(&exit.stdout) {
                Some(list) => self.opened(&list),
                None => self.closed("its list of archives could not be read"),
            },
            Err(Unanswered::Problem(problem)) => self.problem(&problem, there),
            Err(other) => {
                let failure = other.failure(&self.name);
                let hint = failure.hints.first().cloned().unwrap_or_default();
                self.report
                    .fail(StepKind::Repository, failure.message, hint);
            }
        }
    }

    fn opened(&mut self, list: &ArchiveList) {
        let known = self.known.as_ref().and_then(|known| known.borg_id.clone());
        if let Some(known) = known.filter(|known| *known != list.repository_id) {
            let sentence = format!(
                "Another repository stands at the place of {}: Alcove knows {known}, there is {}.",
                self.name, list.repository_id
            );
            let hint = "Put the right repository back before the next backup.";
            return self.report.fail(StepKind::Repository, sentence, hint);
        }
        self.report.found = Some(Found::Opened);
        let archives = list
            .archives
            .iter()
            .filter(|archive| !archive.checkpoint)
            .count();
        let sentence = format!(
            "There is a repository ({}) with {}.",
            list.encryption_mode,
            count(archives as u64, "archive")
        );
        self.report
            .add(StepKind::Repository, StepState::Good, sentence);
    }

    fn closed(&mut self, why: &str) {
        self.report.found = Some(Found::Closed);
        let sentence = format!("There is a repository, but {why}.");
        self.report
            .add(StepKind::Repository, StepState::Attention, sentence);
    }

    fn problem(&mut self, problem: &Problem, there: Option<Folder>) {
        match problem {
            Problem::RepositoryMissing => self.room_for_one(),
            Problem::NotARepository if there == Some(Folder::Empty) => self.room_for_one(),
            Problem::NotARepository => self.other_things(),
            Problem::PassphraseNeeded => self.closed("its passphrase is needed to open it"),
            Problem::PassphraseWrong => {
                self.closed("this passphrase does not open it");
                self.report.hint(
                    "Enter the passphrase it was created with, or the one it was given since.",
                );
            }
            Problem::KeyMissing => {
                self.closed("its key is not on this computer");
                self.report
                    .hint("Import the key that was exported when it was made.");
            }
            Problem::Locked { .. } => self.closed("another program uses it at the moment"),
            Problem::RepositoryUnknownUnencrypted => {
                self.closed("it is not encrypted and Borg has not seen it on this computer before");
            }
            Problem::RepositoryRelocated => self.closed("Borg knows it from another place"),
            other => {
                let failure = explain::problem(other, &self.name);
                let hint = failure.hints.first().cloned().unwrap_or_default();
                self.report
                    .fail(StepKind::Repository, failure.message, hint);
            }
        }
    }

    pub(super) fn room_for_one(&mut self) {
        self.report.found = Some(Found::Room);
        let sentence = "There is no repository yet; one can be made.".to_owned();
        self.report
            .add(StepKind::Repository, StepState::Good, sentence);
    }

    pub(super) fn other_things(&mut self) {
        self.report.found = Some(Found::OtherThings);
        self.report.fail(
            StepKind::Repository,
            format!("What stands at {} is no Borg repository.", self.location),
            "Choose an empty folder or a new name; nothing was changed there.",
        );
    }
}
