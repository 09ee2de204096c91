//! What a plan waits for before it runs by itself, in words.
//!
//! That the drive or the server of its repository is there is a condition of every plan, the others are chosen. What
//! the computer does not say holds up no backup. When a plan is due is [`crate::due`]'s to say; a person who starts one
//! waits for nothing here.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use alcove_borg::RemoteLocation;
use alcove_store::{HookWhen, Plan, Repository};
use jiff::{SignedDuration, Timestamp};

use crate::engine::{Engine, Inner};
use crate::error::Failure;
use crate::place;
use crate::reach::Reach;
use crate::server::Server;
use crate::within::{within, within_unless};

/// A server that has not taken the connection by then is not there.
const PATIENCE: Duration = Duration::from_secs(5);
/// A place that has not said by then whether it is there holds up nobody else.
pub(crate) const ANSWER: Duration = Duration::from_secs(10);
/// The disks of a place may be asleep, and take their time.
const SPIN_UP: Duration = Duration::from_secs(30);
/// A drive that is plugged in and not mounted for so long is not about to be mounted by the desktop.
const UNMOUNTED: SignedDuration = SignedDuration::from_mins(1);

/// A condition that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmet {
    /// The repository's drive is not plugged in.
    Drive,
    /// The repository's server does not take a connection.
    Server,
    /// What is asked of the repository's place comes to no end, as with a network folder whose server is gone.
    Answer,
    /// The computer runs on its battery.
    Power,
    /// The network is paid for by what is sent, and the repository is on a server.
    Network,
}

/// A plan is due and waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// What for.
    pub unmet: Unmet,
    /// The same in a sentence that names the person's own things.
    pub sentence: String,
    /// Since when it is due.
    pub since: Timestamp,
}

impl Unmet {
    /// Says it to a person who calls the repository `name`.
    pub(crate) fn sentence(self, name: &str) -> String {
        match self {
            Self::Drive => format!("Waiting for {name} to be plugged in."),
            Self::Server => format!("Waiting for the server of {name} to be reachable."),
            Self::Answer => format!("Waiting for {name} to answer."),
            Self::Power => "Waiting for AC power.".to_owned(),
            Self::Network => "Waiting for a network that is not metered.".to_owned(),
        }
    }
}

impl Inner {
    /// Whether the place of a repository on this computer says anything, be it that nothing is there. A network folder
    /// whose server is gone may never: who goes there waits with it, and cannot be stopped.
    pub(crate) fn answers(&self, repository: &Repository, stop: &dyn Fn() -> bool) -> bool {
        let Some(folder) = place::local(&repository.location).map(Path::to_owned) else {
            return true;
        };
        let system = Arc::clone(&self.world.system);
        let look = move || {
            system.spot(&folder);
            alcove_borg::repository_id_at(&folder);
        };
        !matches!(within_unless(stop, SPIN_UP, "alcove-place", look), Ok(None))
    }
}

impl Engine {
    /// The first condition of a plan that does not hold now.
    pub(crate) fn unmet(
        &self,
        plan: &Plan,
        repository: &Repository,
    ) -> Result<Option<Unmet>, Failure> {
        let system = &self.world().system;
        let is_remote = place::local(&repository.location).is_none();
        if plan.conditions.on_ac_power && system.on_ac_power() == Some(false) {
            return Ok(Some(Unmet::Power));
        }
        if is_remote && plan.conditions.not_metered && system.is_metered() == Some(true) {
            return Ok(Some(Unmet::Network));
        }
        let away = self.away(repository)?;
        Ok(
            away.filter(|unmet| {
                *unmet != Unmet::Drive || !self.is_left_to_script(plan, repository)
            }),
        )
    }

    /// Whether the repository's drive is left to a script that runs before the backup: it is plugged in, and has not been
    /// mounted by anything else for a while.
    fn is_left_to_script(&self, plan: &Plan, repository: &Repository) -> bool {
        let runs_before = plan.hooks.iter().any(|hook| hook.when == HookWhen::Before);
        let drive = repository.drive.as_ref();
        let is_plugged_in = drive.is_some_and(|drive| self.world().system.is_plugged_in(&drive.id));
        let mut unmounted = self.inner().scheduler.unmounted();
        if !runs_before || !is_plugged_in {
            unmounted.remove(&plan.id);
            return false;
        }
        let now = self.world().clock.now();
        let since = *unmounted.entry(plan.id).or_insert(now);
        let is_left = now.duration_since(since) >= UNMOUNTED;
        if is_left {
            unmounted.remove(&plan.id);
        }
        is_left
    }

    /// What is missing of a repository that is not there now. Its file system may never answer; while one look is out, no
    /// other is sent.
    pub(crate) fn away(&self, repository: &Repository) -> Result<Option<Unmet>, Failure> {
        let id = repository.id;
        if !self.inner().scheduler.asked().insert(id) {
            return Ok(Some(Unmet::Answer));
        }
        let (engine, asked) = (self.clone(), repository.clone());
        let look = move || {
            let found = engine.missing(&asked);
            engine.inner().scheduler.asked().remove(&id);
            found
        };
        match within(ANSWER, "alcove-away", look) {
            Ok(found) => found.unwrap_or(Ok(Some(Unmet::Answer))),
            Err(error) => {
                self.inner().scheduler.asked().remove(&id);
                log::error!("repository {id} is not looked for: {error}");
                Ok(None)
            }
        }
    }

    fn missing(&self, repository: &Repository) -> Result<Option<Unmet>, Failure> {
        if self.at_hand(repository.clone())?.is_none() {
            return Ok(Some(Unmet::Drive));
        }
        let is_remote = place::local(&repository.location).is_none();
        Ok((is_remote && !self.is_reachable(repository)).then_some(Unmet::Server))
    }

    /// Whether the server of a repository takes a connection, where that can be tried without ssh.
    fn is_reachable(&self, repository: &Repository) -> bool {
        let Some(location) = RemoteLocation::parse(&repository.location) else {
            return true;
        };
        let server = Server::new(self.world(), location, Reach::of(repository).key());
        server.takes_connections(Instant::now() + PATIENCE)
    }
}
