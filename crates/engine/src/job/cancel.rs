//! How a running Borg is stopped: which signal, and when the next one.
//!
//! `create` is asked first, so that what it has stored stays useful; if it does not take notice, it
//! is told. A frozen ssh keeps Borg from ending, so the last two steps go to the whole process
//! group. Waits were measured with Borg 1.2.4 and 1.4.5: an interrupt is noticed only when new data
//! is written, and `compact`, `check` and `list` swallow it altogether.

use std::time::Duration;

use alcove_borg::Signal;

/// How long `create` may take to notice an interrupt.
const NOTICE: Duration = Duration::from_secs(3);
/// How long `create` may take to write its checkpoint once it has noticed, into a folder of this computer.
const CHECKPOINT: Duration = Duration::from_secs(30);
/// The same on a server, where it takes a second or the link is frozen.
const CHECKPOINT_FAR: Duration = Duration::from_secs(8);
/// How long each later step may take.
const STEP: Duration = Duration::from_secs(5);

/// How far the stopping of a Borg is, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelStage {
    /// It was asked to stop and to keep what it has stored.
    Asked,
    /// It writes the checkpoint that keeps it.
    Keeping,
    /// It was told to end at once.
    Told,
    /// It did not, and is ended with everything it started.
    Forced,
}

/// The stages of stopping one Borg process.
#[derive(Debug)]
pub(crate) struct Ladder {
    stage: Stage,
    /// How long its checkpoint may take, when it can leave one.
    checkpoint: Option<Duration>,
}

#[derive(Debug, Clone, Copy)]
enum Stage {
    Asking,
    /// Asked; told at `until`.
    Asked {
        until: Duration,
        keeping: bool,
    },
    Told(Duration),
    GroupTold(Duration),
    Killed,
}

impl Ladder {
    /// Starts with an order.
    pub(crate) fn order() -> Self {
        Self {
            stage: Stage::Asking,
            checkpoint: None,
        }
    }

    /// Starts with a request, which has Borg leave a checkpoint; `far`: on a server.
    pub(super) fn request(far: bool) -> Self {
        Self {
            stage: Stage::Asking,
            checkpoint: Some(if far { CHECKPOINT_FAR } else { CHECKPOINT }),
        }
    }

    /// Notes that Borg began to write its checkpoint.
    pub(super) fn checkpoint_started(&mut self, at: Duration) {
        if let (Stage::Asked { .. }, Some(checkpoint)) = (self.stage, self.checkpoint) {
            self.stage = Stage::Asked {
                until: at + checkpoint,
                keeping: true,
            };
        }
    }

    /// How far it is; `None` before the first signal.
    pub(super) fn stage(&self) -> Option<CancelStage> {
        match self.stage {
            Stage::Asking => None,
            Stage::Asked { keeping: false, .. } => Some(CancelStage::Asked),
            Stage::Asked { keeping: true, .. } => Some(CancelStage::Keeping),
            Stage::Told(_) => Some(CancelStage::Told),
            Stage::GroupTold(_) | Stage::Killed => Some(CancelStage::Forced),
        }
    }

    /// Returns the signal that is due at `at`, each once.
    pub(crate) fn next(&mut self, at: Duration) -> Option<Signal> {
        let passed = |since: Duration, wait: Duration| at >= since + wait;
        let (stage, signal) = match self.stage {
            Stage::Asking if self.checkpoint.is_some() => {
                let (until, keeping) = (at + NOTICE, false);
                (Stage::Asked { until, keeping }, Signal::Interrupt)
            }
            Stage::Asking => (Stage::Told(at), Signal::Terminate),
            Stage::Asked { until, .. } if at >= until => (Stage::Told(at), Signal::Terminate),
            Stage::Told(since) if passed(since, STEP) => {
                (Stage::GroupTold(at), Signal::TerminateGroup)
            }
            Stage::GroupTold(since) if passed(since, STEP) => (Stage::Killed, Signal::KillGroup),
            _ => return None,
        };
        self.stage = stage;
        Some(signal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn climb(mut ladder: Ladder, checkpoint_at: Option<u64>) -> Vec<(u64, Signal)> {
        let mut sent = Vec::new();
        for tenth in 0..1_000 {
            if checkpoint_at == Some(tenth) {
                ladder.checkpoint_started(Duration::from_millis(tenth * 100));
            }
            if let Some(signal) = ladder.next(Duration::from_millis(tenth * 100)) {
                sent.push((tenth, signal));
            }
        }
        sent
    }

    #[test]
    fn a_backup_that_does_not_notice_is_told_after_three_seconds_and_killed_at_last() {
        assert_eq!(
            climb(Ladder::request(false), None),
            [
                (0, Signal::Interrupt),
                (30, Signal::Terminate),
                (80, Signal::TerminateGroup),
                (130, Signal::KillGroup),
            ]
        );
    }

    #[test]
    fn a_backup_that_writes_its_checkpoint_gets_thirty_seconds_for_it() {
        let sent = climb(Ladder::request(false), Some(5));
        assert_eq!(
            sent[..2],
            [(0, Signal::Interrupt), (305, Signal::Terminate)]
        );
    }

    #[test]
    fn on_a_server_a_checkpoint_that_does_not_come_is_given_up_before_fourteen_seconds() {
        let sent = climb(Ladder::request(true), Some(5));
        assert_eq!(
            sent[1..3],
            [(85, Signal::Terminate), (135, Signal::TerminateGroup)]
        );
    }

    #[test]
    fn each_stage_is_seen() {
        let mut ladder = Ladder::request(false);
        assert_eq!(ladder.stage(), None);
        ladder.next(Duration::ZERO);
        assert_eq!(ladder.stage(), Some(CancelStage::Asked));
        ladder.checkpoint_started(Duration::from_secs(1));
        assert_eq!(ladder.stage(), Some(CancelStage::Keeping));
        ladder.next(Duration::from_secs(31));
        assert_eq!(ladder.stage(), Some(CancelStage::Told));
        ladder.next(Duration::from_secs(36));
        assert_eq!(ladder.stage(), Some(CancelStage::Forced));
    }

    #[test]
    fn maintenance_is_told_at_once() {
        let sent = climb(Ladder::order(), None);
        assert_eq!(
            sent,
            [
                (0, Signal::Terminate),
                (50, Signal::TerminateGroup),
                (100, Signal::KillGroup)
            ]
        );
    }

    #[test]
    fn a_checkpoint_line_after_the_order_changes_nothing() {
        let sent = climb(Ladder::request(false), Some(40));
        assert_eq!(sent[2], (80, Signal::TerminateGroup));
    }
}
