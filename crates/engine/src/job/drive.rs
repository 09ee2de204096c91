//! One Borg process, from its start to its exit: what it says is written to the log before anyone is told, and a stop
//! climbs the cancel ladder while everything it still says is read.

use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use alcove_borg::{
    Borg, Command, Diagnosis, Event as BorgEvent, Exit, Launch, Output, PruneLine,
    is_checkpoint_start, is_progress_text, prune_line,
};
use alcove_store::Level;

use super::cancel::Ladder;
use super::course::Mark;
use super::run::{Run, TICK};
use super::state::Event;
use super::survey::Survey;
use crate::error::{ErrorCode, Failure};
use crate::place;
use crate::words::{count, size};

/// How one Borg process ended.
pub(super) struct Ended {
    pub(super) exit: Exit,
    pub(super) diagnosis: Diagnosis,
    /// What prune said of each archive.
    pub(super) pruned: Vec<PruneLine>,
}

impl Run<'_> {
    /// Runs one Borg process to its end.
    pub(super) fn drive(
        &mut self,
        borg: &Borg,
        command: &Command,
        survey: Option<&Survey>,
    ) -> Result<Ended, Failure> {
        if self.stopping() {
            return Err(Failure::new(
                ErrorCode::AlreadyEnded,
                "Cancelled before Borg was started.",
            ));
        }
        let mut environment = self.environment.clone();
        if let Some(confirmation) = self.task.control.confirmed() {
            environment = environment.confirming(confirmation);
        }
        let launch = Launch {
            borg,
            command,
            environment: &environment,
            passphrase: self.task.passphrase.as_deref(),
            low_priority: self.inner.settings().low_priority,
        };
        let running = alcove_borg::launch(launch).map_err(|error| {
            Failure::new(ErrorCode::BorgNotStarted, error.to_string()).retryable()
        })?;
        self.task.control.note_process(true);
        let signaller = running.signaller();
        let mut diagnosis = Diagnosis::default();
        let mut pruned = Vec::new();
        let mut ladder: Option<Ladder> = None;
        let mut heard = self.at();
        let exit = loop {
            match running.outputs().recv_timeout(TICK) {
                Ok(Output::Event(event)) => {
                    if let (Some(ladder), BorgEvent::Log(message)) = (&mut ladder, &event)
                        && is_checkpoint_start(message)
                    {
                        ladder.checkpoint_started(self.at());
                    }
                    if let (Command::Prune(_), BorgEvent::Log(message)) = (command, &event) {
                        pruned.extend(prune_line(message));
                    }
                    diagnosis.observe(&event);
                    self.hear(&event);
                    heard = self.at();
                }
                Ok(Output::Exited(exit)) => break exit,
                Err(RecvTimeoutError::Timeout) => self.apply(self.silence(heard)),
                Err(RecvTimeoutError::Disconnected) => break Exit::default(),
            }
            self.hear_pings();
            match survey.and_then(Survey::arrived) {
                Some(Ok(course)) => {
                    self.note(Level::Info, &held(course.end()));
                    self.apply(Event::Surveyed(course));
                }
                Some(Err(why)) => {
                    self.note(
                        Level::Info,
                        &format!("The folders were not counted: {why}."),
                    );
                    self.apply(Event::Uncounted);
                }
                None => {}
            }
            ladder = ladder.or_else(|| self.reason_to_end(command, &diagnosis));
            let at = self.at();
            if let Some(ladder) = &mut ladder {
                if let Some(signal) = ladder.next(at) {
                    self.note(Level::Info, &format!("Sending {signal} to Borg."));
                    signaller.send(signal);
                }
                self.task.control.note_stage(ladder.stage());
            }
        };
        self.task.control.note_process(false);
        let how = match (exit.code, exit.signal) {
            (Some(code), _) => format!("Borg ended with code {code}."),
            (None, Some(signal)) => format!("Borg was ended by signal {signal}."),
            (None, None) => "Borg's end was not seen.".to_owned(),
        };
        self.note(Level::Info, &how);
        Ok(Ended {
            exit,
            diagnosis,
            pruned,
        })
    }

    /// What it means that Borg says nothing, and last did at `since`.
    fn silence(&self, since: Duration) -> Event<'static> {
        if self.at().saturating_sub(since) < self.inner.world.stalled_after {
            Event::Tick
        } else {
            Event::Silent { since }
        }
    }

    /// Looks whether Borg is to end before it would by itself, says why in the log, and begins with it.
    fn reason_to_end(&mut self, command: &Command, diagnosis: &Diagnosis) -> Option<Ladder> {
        if self.stopping() {
            self.note(Level::Info, "A stop was asked for.");
            let far = place::local(&self.task.repository.location).is_none();
            return Some(match command {
                Command::Create(_) => Ladder::request(far),
                _ => Ladder::order(),
            });
        }
        if diagnosis.repository_failing() {
            self.note(
                Level::Error,
                "The repository cannot be written to. Stopping Borg.",
            );
            return Some(Ladder::order());
        }
        // One that has found something out goes on to its end.
        let gives_way = matches!(command, Command::Check { .. }) && !diagnosis.complained();
        if gives_way && self.makes_way() {
            self.note(Level::Info, "A backup is due. The check makes way for it.");
            return Some(Ladder::order());
        }
        None
    }

    /// Writes what Borg said to the log, then lets the fold hear it.
    fn hear(&mut self, event: &BorgEvent) {
        if let Some((level, text)) = log_line(event, self.task.lists_files()) {
            self.note(level, &text);
        }
        self.apply(Event::Borg(event));
    }
}

/// What the folders hold, for the log.
fn held(end: Mark) -> String {
    let held = format!(
        "The folders hold {}, {}",
        count(end.files, "file"),
        size(end.bytes)
    );
    if end.fresh_files == end.files {
        return held + ".";
    }
    format!(
        "{held}; new or changed: {}, {}.",
        count(end.fresh_files, "file"),
        size(end.fresh_bytes)
    )
}

/// What a line of Borg's is worth in the log; `None` for progress.
fn log_line(event: &BorgEvent, files: bool) -> Option<(Level, String)> {
    match event {
        BorgEvent::Log(message) if !is_progress_text(message) && !message.message.is_empty() => {
            let level = match message.level {
                alcove_borg::Level::Debug => Level::Debug,
                alcove_borg::Level::Info => Level::Info,
                alcove_borg::Level::Warning => Level::Warning,
                alcove_borg::Level::Error | alcove_borg::Level::Critical => Level::Error,
            };
            Some((level, message.message.clone()))
        }
        BorgEvent::FileStatus { status, path } if files => {
            Some((Level::Info, format!("{status} {path}")))
        }
        BorgEvent::Question(question) => Some((Level::Warning, question.message.clone())),
        BorgEvent::Text(text) if !text.is_empty() => Some((Level::Info, text.clone())),
        _ => None,
    }
}
