//! The engine: the one place doors come to.
//!
//! It holds what its threads share and says where each thing is done: jobs are asked for in `start`, have their turns
//! in `turns`, are known from `record`; the other modules of the crate add what they are named after.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};

use alcove_borg::{Borg, Environment, Unusable};
use alcove_store::{Job, Repository, Store};

use crate::access::Tokens;
use crate::changes::{Change, Listener, Listeners};
use crate::error::{ErrorCode, Failure};
use crate::lanes::Lanes;
use crate::listing::LastListing;
use crate::scheduler::Scheduler;
use crate::secrets::Secrets;
use crate::settings::Settings;
use crate::unplug::Unneeded;
use crate::world::World;
use crate::{core_dump, host_id, wakefulness};

/// Runs Alcove's jobs. Clones share one engine.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

/// An engine that may be gone.
pub(crate) struct WeakEngine(Weak<Inner>);

impl WeakEngine {
    pub(crate) fn upgrade(&self) -> Option<Engine> {
        self.0.upgrade().map(Engine)
    }
}

/// What the engine's threads share.
pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) world: World,
    pub(crate) environment: Environment,
    /// What Alcove's own Borgs call this computer in their locks.
    pub(crate) host_id: String,
    pub(crate) secrets: Arc<Secrets>,
    /// Whether a thread looks after the jobs that wait for the keyring.
    pub(crate) keyring_watched: AtomicBool,
    /// Whether the keyring asks for its password at the moment.
    pub(crate) keyring_asks: AtomicBool,
    settings: Mutex<Settings>,
    pub(crate) tokens: Tokens,
    lanes: Mutex<Lanes>,
    /// The last records of jobs that found no room on the disk.
    pub(crate) unsaved: Mutex<BTreeMap<i64, Job>>,
    pub(crate) ended: Condvar,
    /// Held while a job is looked at and told of, so that nobody hears of its life after its end.
    telling: Mutex<()>,
    listeners: Listeners,
    pub(crate) last_listing: LastListing,
    pub(crate) scheduler: Scheduler,
    pub(crate) wakefulness: wakefulness::Shared,
    pub(crate) unneeded: Unneeded,
}

impl Engine {
    /// Opens the engine over a store and ends what a crash left unfinished.
    pub fn open(store: Store, world: World) -> Result<Self, Failure> {
        core_dump::forbid();
        let host_id = host_id::of(&store, &world)?;
        let environment = Environment::from_session(
            world
                .environment
                .iter()
                .map(|(name, value)| (name.clone(), value.clone())),
        );
        let inner = Inner {
            settings: Mutex::new(Settings::load(&store)?),
            secrets: Arc::new(Secrets::new(&world)),
            keyring_watched: AtomicBool::default(),
            keyring_asks: AtomicBool::default(),
            tokens: Tokens::load(&store)?,
            store,
            environment,
            host_id,
            lanes: Mutex::default(),
            unsaved: Mutex::default(),
            ended: Condvar::new(),
            telling: Mutex::default(),
            listeners: Listeners::default(),
            last_listing: LastListing::default(),
            scheduler: Scheduler::default(),
            wakefulness: wakefulness::Shared::default(),
            unneeded: Unneeded::default(),
            world,
        };
        inner.end_interrupted()?;
        inner.trim_logs();
        let engine = Self(Arc::new(inner));
        engine.watch_schedules();
        engine.watch_system();
        Ok(engine)
    }

    /// The store, for records no job touches.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// What the engine was given.
    pub fn world(&self) -> &World {
        &self.0.world
    }

    /// The engine for a thread that may outlive it.
    pub(crate) fn downgrade(&self) -> WeakEngine {
        WeakEngine(Arc::downgrade(&self.0))
    }

    pub(crate) fn secrets(&self) -> Arc<Secrets> {
        Arc::clone(&self.0.secrets)
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    /// Finds the Borg in use.
    pub fn borg(&self) -> Result<Borg, Unusable> {
        self.0.borg()
    }

    /// The keyring's name for people, or `None` where there is none. Asks the keyring once.
    pub fn keyring_name(&self) -> Option<String> {
        self.0.secrets.keyring_name()
    }

    /// Has a listener hear of every change for as long as its owner keeps it.
    pub fn listen(&self, listener: &Arc<Listener>) {
        self.0.listeners.add(listener);
    }

    /// Returns a repository by its number.
    pub fn repository(&self, id: i64) -> Result<Repository, Failure> {
        self.0.store.repository(id)?.ok_or_else(|| {
            Failure::new(ErrorCode::NotFound, format!("There is no repository {id}."))
        })
    }
}

impl Inner {
    pub(crate) fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn settings(&self) -> MutexGuard<'_, Settings> {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn telling(&self) -> MutexGuard<'_, ()> {
        self.telling.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn tell(&self, change: &Change) {
        self.listeners.tell(change);
    }
}
