//! How a running job is reached from outside: told to stop, told yes.
//!
//! What follows from a stop is the cancel ladder's; why a job asks is `obstacle`'s.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alcove_borg::{Confirmation, Passphrase};
use jiff::Timestamp;

use super::cancel::CancelStage;

/// What others may ask of a running job, and what it lets them know.
#[derive(Default)]
pub(crate) struct Control {
    stop: AtomicBool,
    closing: AtomicBool,
    process: AtomicBool,
    way: AtomicBool,
    ways: AtomicU32,
    stage: Mutex<Option<CancelStage>>,
    next_try: Mutex<Option<Timestamp>>,
    question: Mutex<Question>,
    passphrase: Mutex<Option<Arc<Passphrase>>>,
}

/// Shows nothing of the passphrase.
impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control")
            .field("stop", &self.stop)
            .field("closing", &self.closing)
            .finish_non_exhaustive()
    }
}

/// Way is made so many times; then what is asked for it goes on, or it would never end.
const MOST_WAYS: u32 = 3;

/// A question of Borg, between being asked and being answered.
#[derive(Debug, Clone, Copy, Default)]
enum Question {
    #[default]
    None,
    Asked(Confirmation),
    Confirmed(Confirmation),
}

impl Control {
    /// Has the job stop because the person wishes it. Returns whether a process is there to be told.
    pub(crate) fn stop(&self) -> bool {
        self.stop.store(true, Ordering::Release);
        self.process.load(Ordering::Acquire)
    }

    /// Has the job stop because Alcove is closed; one that is being cancelled already stays so.
    pub(crate) fn close(&self) {
        if !self.stop.swap(true, Ordering::AcqRel) {
            self.closing.store(true, Ordering::Release);
        }
    }

    /// Whether a stop was asked for, for whatever reason.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }

    /// Whether the job stops because Alcove is closed, and nobody cancelled it.
    pub(crate) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Acquire)
    }

    /// Notes whether a process runs that a stop would end.
    pub(super) fn note_process(&self, runs: bool) {
        self.process.store(runs, Ordering::Release);
        self.note_stage(None);
    }

    /// Asks the job to let a backup go first.
    pub(crate) fn ask_for_way(&self) {
        if self.ways.load(Ordering::Acquire) < MOST_WAYS {
            self.way.store(true, Ordering::Release);
        }
    }

    /// Whether a backup should go first.
    pub(crate) fn is_asked_for_way(&self) -> bool {
        self.way.load(Ordering::Acquire)
    }

    /// Notes that way was made.
    pub(crate) fn made_way(&self) {
        self.way.store(false, Ordering::Release);
        self.ways.fetch_add(1, Ordering::AcqRel);
    }

    /// Notes how far the stopping of the process is.
    pub(super) fn note_stage(&self, stage: Option<CancelStage>) {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = stage;
    }

    /// How far the stopping of the process is.
    pub(crate) fn stage(&self) -> Option<CancelStage> {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes when the next attempt begins, while the job waits for it.
    pub(super) fn note_next_try(&self, at: Option<Timestamp>) {
        *self.next_try.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }

    /// When the next attempt begins, while the job waits for it.
    pub(crate) fn next_try(&self) -> Option<Timestamp> {
        *self.next_try.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what Borg asks.
    pub(super) fn ask(&self, confirmation: Confirmation) {
        *self.question() = Question::Asked(confirmation);
    }

    /// Answers yes to what Borg asked.
    pub(crate) fn confirm(&self) {
        let mut question = self.question();
        if let Question::Asked(confirmation) = *question {
            *question = Question::Confirmed(confirmation);
        }
    }

    /// What was answered with yes.
    pub(super) fn confirmed(&self) -> Option<Confirmation> {
        match *self.question() {
            Question::Confirmed(confirmation) => Some(confirmation),
            Question::None | Question::Asked(_) => None,
        }
    }

    /// Hands over a passphrase that is forgotten with the job.
    pub(crate) fn hand_over(&self, passphrase: &Arc<Passphrase>) {
        *self.passphrase_slot() = Some(Arc::clone(passphrase));
    }

    /// The passphrase that was handed over.
    pub(crate) fn passphrase(&self) -> Option<Arc<Passphrase>> {
        self.passphrase_slot().clone()
    }

    /// Forgets the one that was handed over, if it is this one, which does not open its repository.
    pub(super) fn forget(&self, wrong: &Arc<Passphrase>) {
        let mut passphrase = self.passphrase_slot();
        if passphrase
            .as_ref()
            .is_some_and(|handed| Arc::ptr_eq(handed, wrong))
        {
            *passphrase = None;
        }
    }

    fn passphrase_slot(&self) -> MutexGuard<'_, Option<Arc<Passphrase>>> {
        self.passphrase
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn question(&self) -> MutexGuard<'_, Question> {
        self.question.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn way_is_made_three_times_and_then_it_goes_on() {
        let control = Control::default();
        for _ in 0..MOST_WAYS {
            control.ask_for_way();
            assert!(control.is_asked_for_way());
            control.made_way();
            assert!(!control.is_asked_for_way());
        }
        control.ask_for_way();
        assert!(!control.is_asked_for_way());
    }
}
