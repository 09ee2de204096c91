//! A laptop whose time a test lets pass: its clocks, and its word when something changed.
//!
//! Its clocks stand still while anything happens and leap in between, so that a month is over in minutes and the same
//! things happen at the same times whatever else the machine has to do. Its bus, its drives and the Borg on it are real,
//! and Borg believes its clock. It knows who has looked at a clock, and so when the engine has seen what is now.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use alcove_api::{Clock, World};
use alcove_system::{Computer, Event, Inhibition, Inhibitor, Spot, System, Tell};
use alcove_testkit::{Scratch, SystemBus, by_id};
use alcove_tests::LiedTo;
use jiff::Timestamp;

/// How long something that takes a moment may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// The threads of the engine that look at the clock to see what is to be done, by their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thread {
    Scheduler,
    Notices,
}

impl Thread {
    /// The one that asks for the time.
    fn current() -> Option<Self> {
        match std::thread::current().name()? {
            "alcove-scheduler" => Some(Self::Scheduler),
            "alcove-notices" => Some(Self::Notices),
            _ => None,
        }
    }
}

/// Where its clocks stand, and who has seen them.
struct Hands {
    now: Timestamp,
    /// For how long the laptop has been awake.
    awake: Duration,
    /// How often each has looked.
    looks: BTreeMap<Thread, u64>,
    /// How often the engine has heard of the end of a sleep.
    woke: u64,
}

thread_local! {
    /// Who asks for the time and then for how long it was awake gets both of one moment, also when a leap comes between.
    static AWAKE: Cell<Option<Duration>> = const { Cell::new(None) };
}

pub(super) struct Laptop {
    computer: Computer,
    borg: LiedTo,
    clocks: Arc<Clocks>,
    tell: Mutex<Option<Arc<Tell>>>,
}

struct Clocks {
    hands: Mutex<Hands>,
    changed: Condvar,
}

impl Clocks {
    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Laptop {
    pub(super) fn new(scratch: &Scratch, bus: &SystemBus, now: Timestamp) -> Self {
        let address = "DBUS_SYSTEM_BUS_ADDRESS".into();
        let session = BTreeMap::from([(address, bus.address().into())]);
        let laptop = Self {
            computer: Computer::of(&session).with_drives_in(by_id(scratch.path())),
            borg: LiedTo::install(scratch),
            clocks: Arc::new(Clocks {
                hands: Mutex::new(Hands {
                    now,
                    awake: Duration::ZERO,
                    looks: BTreeMap::new(),
                    woke: 0,
                }),
                changed: Condvar::new(),
            }),
            tell: Mutex::default(),
        };
        laptop.lie();
        laptop
    }

    /// Puts it into a world.
    pub(super) fn furnish(self: &Arc<Self>, world: &mut World) {
        let laptop = Arc::clone(self);
        world.clock = laptop.clone();
        world.system = laptop;
        world.borg = Some(self.borg.program.clone());
        world.zone = super::berlin();
    }

    /// Lets time pass until then, awake.
    pub(super) fn pass_until(&self, then: Timestamp) {
        let mut hands = self.hands();
        let passed = then.duration_since(hands.now);
        hands.awake += passed.unsigned_abs();
        hands.now = then;
        drop(hands);
        self.lie();
    }

    /// Lets time pass until then in which the laptop sleeps or is off: its clock of durations stands still.
    pub(super) fn be_off_until(&self, then: Timestamp) {
        self.hands().now = then;
        self.lie();
    }

    /// Has the scheduler look at what is now, from the beginning of a look to its end.
    pub(super) fn have_scheduler_look(&self) {
        // The second begins when the first has ended.
        for _ in 0..2 {
            let seen = self.looks(Thread::Scheduler);
            let tell = self.tell.lock().unwrap_or_else(PoisonError::into_inner);
            tell.as_ref().unwrap()(Event::Changed);
            drop(tell);
            self.wait_for_look(Thread::Scheduler, seen);
        }
    }

    /// How often it was looked at by this thread.
    pub(super) fn looks(&self, by: Thread) -> u64 {
        self.hands().looks.get(&by).copied().unwrap_or_default()
    }

    /// Waits until it has been looked at more often than that.
    pub(super) fn wait_for_look(&self, by: Thread, than: u64) {
        self.wait(|hands| hands.looks.get(&by).is_some_and(|looks| *looks > than));
    }

    /// How often the engine has heard of the end of a sleep.
    pub(super) fn woke(&self) -> u64 {
        self.hands().woke
    }

    /// Waits until the engine has heard of the end of a sleep more often than that.
    pub(super) fn wait_for_woke(&self, than: u64) {
        self.wait(|hands| hands.woke > than);
    }

    fn wait(&self, until: impl Fn(&Hands) -> bool) {
        let waited = self
            .clocks
            .changed
            .wait_timeout_while(self.hands(), PATIENCE, |hands| !until(hands));
        let in_time = waited.is_ok_and(|(_, timeout)| !timeout.timed_out());
        assert!(in_time, "the engine does not look");
    }

    /// Has Borg believe the laptop's clock.
    fn lie(&self) {
        let now = self.hands().now;
        self.borg.set(now.duration_since(Timestamp::now()));
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.clocks.hands()
    }
}

impl Clock for Laptop {
    fn now(&self) -> Timestamp {
        let hands = self.hands();
        AWAKE.set(Some(hands.awake));
        hands.now
    }

    fn monotonic(&self) -> Duration {
        let mut hands = self.hands();
        if let Some(thread) = Thread::current() {
            *hands.looks.entry(thread).or_default() += 1;
            self.clocks.changed.notify_all();
        }
        AWAKE.take().unwrap_or(hands.awake)
    }
}

impl System for Laptop {
    fn on_ac_power(&self) -> Option<bool> {
        self.computer.on_ac_power()
    }

    fn is_metered(&self) -> Option<bool> {
        self.computer.is_metered()
    }

    fn spot(&self, path: &Path) -> Option<Spot> {
        self.computer.spot(path)
    }

    fn find(&self, spot: &Spot) -> Vec<PathBuf> {
        self.computer.find(spot)
    }

    fn inhibit(&self, what: Inhibition, why: &str) -> Option<Inhibitor> {
        self.computer.inhibit(what, why)
    }

    fn watch(&self, tell: Tell) {
        let tell = Arc::new(tell);
        let (clocks, heard) = (Arc::clone(&self.clocks), Arc::clone(&tell));
        self.computer.watch(Box::new(move |event| {
            let goes_on = heard(event);
            if goes_on && event == Event::Woke {
                clocks.hands().woke += 1;
                clocks.changed.notify_all();
            }
            goes_on
        }));
        *self.tell.lock().unwrap_or_else(PoisonError::into_inner) = Some(tell);
    }
}
