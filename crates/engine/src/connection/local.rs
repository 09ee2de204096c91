//! The steps of a test for a folder of this computer.

use std::path::Path;

use super::{Found, StepKind, StepState, Test};
use crate::folders::{self, Standing};
use crate::words::size;

impl Test<'_> {
    /// Tests a folder.
    pub(super) fn local(&mut self) {
        let path = self.location.clone();
        let there = folders::inspect(Path::new(&path), &self.engine.world().home);
        let room = match there.standing {
            Standing::New => "It is not there yet and can be made.",
            Standing::Empty => "It is empty.",
            Standing::Repository => "There is a Borg repository in it.",
            Standing::NotEmpty => "There are other things in it.",
            Standing::NotAFolder | Standing::NotAbsolute => {
                let sentence = format!("{path} is not a folder.");
                return self
                    .report
                    .fail(StepKind::Folder, sentence, "Choose a folder.");
            }
            Standing::NotWritable => {
                let sentence = format!("This account may not write to {path}.");
                return self.report.fail(
                    StepKind::Folder,
                    sentence,
                    "Give this account write access to it, or choose another folder.",
                );
            }
        };
        let sentence = format!("The folder is {path}. {room}");
        self.report.add(StepKind::Folder, StepState::Good, sentence);
        let borg = match self.engine.borg() {
            Ok(borg) => borg,
            Err(why) => {
                let hint = "Alcove cannot do anything without it.";
                return self.report.fail(StepKind::Borg, why.to_string(), hint);
            }
        };
        let sentence = format!("Borg {} on this computer does the work.", borg.version);
        self.report.borg_version = Some(borg.version.to_string());
        self.report.add(StepKind::Borg, StepState::Good, sentence);
        match there.standing {
            Standing::Repository => self.open_repository(None),
            Standing::NotEmpty => self.other_things(),
            _ => self.room_for_one(),
        }
        if self.report.found == Some(Found::OtherThings) {
            return;
        }
        match there.free {
            Some(free) => self.space(free),
            None => self.space_unknown(),
        }
    }

    pub(super) fn space(&mut self, free: u64) {
        self.report.free = Some(free);
        let scarce = self
            .expected_bytes
            .filter(|expected| *expected > free && self.report.found == Some(Found::Room));
        let (state, sentence) = match scarce {
            Some(expected) => (
                StepState::Attention,
                format!(
                    "{} are free, and the first backup reads {}: it may not fit.",
                    size(free),
                    size(expected)
                ),
            ),
            None => (StepState::Good, format!("{} are free.", size(free))),
        };
        self.report.add(StepKind::Space, state, sentence);
    }

    pub(super) fn space_unknown(&mut self) {
        let sentence = format!("How much room there is at {} cannot be told.", self.name);
        self.report
            .add(StepKind::Space, StepState::Unknown, sentence);
    }
}
