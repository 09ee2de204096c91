//! The computer's sleep and shut-down, and the jobs that run meanwhile.
//!
//! While a job runs the computer is kept from falling asleep by itself, if the person lets it, and a shut-down waits
//! the few seconds in which Borg is told to stop and the record is written. What the computer says of itself has the
//! scheduler look.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use alcove_system::{Event, Inhibition, Inhibitor};

use crate::engine::{Engine, Inner};

/// What people read who ask why their computer does not fall asleep.
const WHY: &str = "A backup is running.";
/// A shut-down waits no longer for those who ask it to (`InhibitDelayMaxSec` of logind.conf(5), 5 s by default), and
/// what is left is done by the signal that ends every program.
const PATIENCE: Duration = Duration::from_secs(5);

/// Keeps the computer awake while anybody has it.
pub(crate) struct Wakefulness {
    _held: Vec<Inhibitor>,
}

/// The one that all running jobs share.
#[derive(Default)]
pub(crate) struct Shared(Mutex<Weak<Wakefulness>>);

impl Inner {
    /// Keeps the computer awake for a job, until the last one lets go.
    pub(crate) fn keep_awake(&self) -> Arc<Wakefulness> {
        let mut shared = self
            .wakefulness
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(awake) = shared.upgrade() {
            return awake;
        }
        let sleep = self.settings().stay_awake.then_some(Inhibition::Sleep);
        let wanted = sleep.into_iter().chain([Inhibition::ShutDown]);
        let held = wanted.filter_map(|what| self.world.system.inhibit(what, WHY));
        let awake = Arc::new(Wakefulness {
            _held: held.collect(),
        });
        *shared = Arc::downgrade(&awake);
        awake
    }
}

impl Engine {
    /// Hears what the computer says of itself, for as long as the engine is there.
    pub(crate) fn watch_system(&self) {
        let engine = self.downgrade();
        let tell = move |event| {
            let Some(engine) = engine.upgrade() else {
                return false;
            };
            engine.hear(event);
            true
        };
        self.world().system.watch(Box::new(tell));
    }

    fn hear(&self, event: Event) {
        match event {
            Event::Changed => self.inner().look_at_drives(),
            Event::Woke => self.inner().scheduler.note_sleep(),
            Event::ShuttingDown => self.shut_down(PATIENCE),
            Event::StaysOn => self.stay_open(),
        }
        self.inner().look_at_schedules();
    }
}
