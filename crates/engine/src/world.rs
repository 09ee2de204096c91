//! What the engine is given instead of looking for it: time, chance, the person's session.
//!
//! A door fills this in once. Tests put their own clock, home and keyring here.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use alcove_system::{Computer, System};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use keyring_core::CredentialStore;

use crate::keyring::{self, KeyringEntry};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The wall clock, for records.
    fn now(&self) -> Timestamp;
    /// Time since some fixed moment, never falling, for durations.
    fn monotonic(&self) -> Duration;
}

/// The computer's own clocks.
#[derive(Debug)]
pub struct SystemClock(Instant);

impl Default for SystemClock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Opens the keyring, or answers `None` where there is none. May take as long as D-Bus takes, so
/// the engine calls it once, and only when a passphrase is looked for or kept.
pub type OpenKeyring = fn() -> Option<Arc<CredentialStore>>;

/// Everything outside the engine that its behaviour depends on.
pub struct World {
    /// The environment of the person's session.
    pub environment: BTreeMap<OsString, OsString>,
    /// The person's home folder.
    pub home: PathBuf,
    /// The Borg the person chose, where they did.
    pub borg: Option<PathBuf>,
    /// What ssh reads instead of the person's and the system's configuration, where there is one.
    pub ssh_config: Option<PathBuf>,
    /// The name of this computer, part of every archive's name.
    pub host: String,
    /// What tells the process numbers this program sees from those of other computers and of containers; stays through
    /// a new name and a restart.
    pub processes: String,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The person's time zone, for names they read.
    pub zone: TimeZone,
    /// The keyring.
    pub keyring: OpenKeyring,
    /// Tells of an entry of the keyring, by its name there, whether reading it would ask anybody; never asks itself.
    pub keyring_entry: fn(&str) -> KeyringEntry,
    /// Has the keyring of an entry ask for its password, and returns once that was answered.
    pub unlock_keyring: fn(&str),
    /// The computer: its power, its network, its drives, its sleep.
    pub system: Arc<dyn System>,
    /// How often is looked whether a keyring that jobs wait for is unlocked.
    pub keyring_wait: Duration,
    /// How long a backup waits before it tries a broken connection again.
    pub reconnect_wait: Duration,
    /// How long a health ping waits for an answer, each time it is sent.
    pub ping_wait: Duration,
    /// How long a drive may take to take in what was written, before nobody is told that it can be unplugged.
    pub flush_wait: Duration,
    /// How long a job waits for another program that holds its repository; `None`: as the person has set.
    pub lock_wait: Option<Duration>,
    /// How long Borg says nothing before its job is shown as stalled.
    pub stalled_after: Duration,
    /// Whether somebody can answer a question while a job waits for it. Where nobody can, the job fails with what it
    /// would have waited for.
    pub can_ask: bool,
}

impl World {
    /// The world of a person's session on this computer: real clock, real keyring, somebody to ask.
    pub fn of_session(environment: BTreeMap<OsString, OsString>, home: PathBuf) -> Self {
        Self {
            system: Arc::new(Computer::of(&environment)),
            environment,
            home,
            borg: None,
            ssh_config: None,
            host: rustix::system::uname()
                .nodename()
                .to_string_lossy()
                .into_owned(),
            processes: crate::host_id::processes(),
            clock: Arc::new(SystemClock::default()),
            zone: TimeZone::system(),
            keyring: keyring::system_keyring,
            keyring_entry: keyring::system_keyring_entry,
            unlock_keyring: keyring::unlock_system_keyring,
            keyring_wait: Duration::from_secs(30),
            reconnect_wait: Duration::from_mins(1),
            ping_wait: Duration::from_secs(5),
            flush_wait: Duration::from_secs(10),
            lock_wait: None,
            stalled_after: Duration::from_mins(1),
            can_ask: true,
        }
    }
}
