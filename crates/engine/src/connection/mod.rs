//! Testing the way to a repository, one step at a time, so that a person sees which one fails and why.
//!
//! Nothing is made or changed: not here, not at the place, and no key is written down without approval. Every
//! wait ends at the test's time limit. What is asked of a server stands in `server`; here it becomes sentences.
//! Leaves out making a repository.

pub(crate) mod key;
mod local;
mod remote;
mod repository;

use std::sync::Arc;
use std::time::{Duration, Instant};

use alcove_borg::Passphrase;
use alcove_store::{Repository, WaitingFor};

use crate::engine::Engine;
use crate::error::{ErrorCode, Failure};
use crate::place;
use crate::reach::Reach;
use crate::server::{Server, Trust};

/// A connection to test.
pub struct ConnectionTest {
    /// The repository's location, known to Alcove or not.
    pub location: String,
    /// Its passphrase; the one Alcove has when left out.
    pub passphrase: Option<Passphrase>,
    /// The private key ssh logs in with; that of the known repository when left out.
    pub ssh_key: Option<String>,
    /// The Borg of its server; that of the known repository when left out.
    pub remote_path: Option<String>,
    /// How many bytes the first backup will read, where that is known.
    pub expected_bytes: Option<u64>,
    /// When the test ends, whatever it knows by then.
    pub time_limit: Duration,
}

/// What a step is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    /// The server's name has an address.
    Address,
    /// An ssh server answers at its port.
    Port,
    /// Its key is the one this computer knows.
    HostKey,
    /// It lets this account in.
    Login,
    /// A Borg is there that can be used.
    Borg,
    /// What the account may do there.
    Restriction,
    /// The folder, for a local place.
    Folder,
    /// What stands at the place.
    Repository,
    /// How much room is there.
    Space,
    /// How fast it takes what is sent.
    Speed,
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Well.
    Good,
    /// Well, but a person should know something.
    Attention,
    /// Badly: what follows was not tried.
    Failed,
    /// It cannot be told, which hinders nothing.
    Unknown,
}

/// One step of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it is about.
    pub kind: StepKind,
    /// How it went.
    pub state: StepState,
    /// What was found, in a sentence.
    pub sentence: String,
    /// What to do, where something is to be done.
    pub hint: Option<String>,
}

/// The key a server showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownKey {
    /// Its type, such as `ssh-ed25519`.
    pub kind: String,
    /// `SHA256:` and its hash.
    pub fingerprint: String,
    /// Whether this computer knows it.
    pub known: bool,
    /// The fingerprint this computer knows instead, of a key that changed.
    pub expected: Option<String>,
}

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A repository, and it was opened.
    Opened,
    /// A repository that was not opened: locked by another program, or by its passphrase.
    Closed,
    /// Nothing, or an empty folder: a repository can be made.
    Room,
    /// Other things.
    OtherThings,
}

/// What a test found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ConnectionReport {
    /// The steps, in order; after one that failed there are no more.
    pub steps: Vec<Step>,
    /// The server's key, once it was shown.
    pub host_key: Option<ShownKey>,
    /// The name the server's Borg answers to, where it is not the one that was asked for.
    pub remote_path: Option<String>,
    /// The version of the Borg that serves the repository.
    pub borg_version: Option<String>,
    /// What stands at the place.
    pub found: Option<Found>,
    /// Free bytes.
    pub free: Option<u64>,
    /// Bytes a second.
    pub upload_speed: Option<u64>,
    /// Seconds the first backup will likely take.
    pub first_backup: Option<u64>,
}

impl ConnectionReport {
    /// Whether every step that matters went well.
    pub fn is_good(&self) -> bool {
        self.steps
            .iter()
            .all(|step| step.state != StepState::Failed)
    }

    fn add(&mut self, kind: StepKind, state: StepState, sentence: String) {
        self.steps.push(Step {
            kind,
            state,
            sentence,
            hint: None,
        });
    }

    fn fail(&mut self, kind: StepKind, sentence: String, hint: impl Into<String>) {
        self.add(kind, StepState::Failed, sentence);
        self.hint(hint);
    }

    /// Says what to do about the last step.
    fn hint(&mut self, hint: impl Into<String>) {
        if let Some(step) = self.steps.last_mut() {
            step.hint = Some(hint.into());
        }
    }
}

/// A test under way.
struct Test<'a> {
    engine: &'a Engine,
    /// The location in the form Alcove keeps.
    location: String,
    /// What the person calls the repository or its server.
    name: String,
    known: Option<Repository>,
    passphrase: Option<Arc<Passphrase>>,
    reach: Reach,
    expected_bytes: Option<u64>,
    until: Instant,
    report: ConnectionReport,
}

impl Test<'_> {
    /// The end of the test, or of a part of it that may take so long.
    fn within(&self, part: Duration) -> Instant {
        self.until.min(Instant::now() + part)
    }
}

impl Engine {
    /// Tests the way to a repository. Takes up to its time limit.
    pub fn test_connection(&self, test: ConnectionTest) -> Result<ConnectionReport, Failure> {
        let (location, remote) = place::there("repository", &test.location)?;
        let known = self.store().repository_at(&location)?;
        let stored = known.as_ref().map(Reach::of).unwrap_or_default();
        let reach = Reach::check(
            test.ssh_key.or(stored.ssh_key),
            test.remote_path.or(stored.remote_path),
        )?;
        let passphrase = test.passphrase.map(Arc::new).or_else(|| {
            let found = self.inner().passphrase_of(known.as_ref()?, &|| false);
            // The report says that it is needed.
            found.inspect_err(|why| log::info!("{why}")).ok().flatten()
        });
        let name = match (&known, &remote) {
            (Some(known), _) => known.name.clone(),
            (None, Some(remote)) => remote.host.clone(),
            (None, None) => location.clone(),
        };
        let mut test = Test {
            engine: self,
            name,
            known,
            passphrase,
            reach,
            expected_bytes: test.expected_bytes,
            until: Instant::now() + test.time_limit,
            report: ConnectionReport::default(),
            location,
        };
        match remote {
            Some(remote) => {
                let key = test.reach.key();
                test.remote(&Server::new(self.world(), remote, key))?;
            }
            None => test.local(),
        }
        Ok(test.report)
    }

    /// Writes down the key a server shows, if it still has the fingerprint a person approved. Returns whether it
    /// was new to this computer. Jobs that wait for a server's key try again.
    pub fn trust_host_key(
        &self,
        location: &str,
        fingerprint: &str,
        time_limit: Duration,
    ) -> Result<bool, Failure> {
        let (_, remote) = place::there("repository", location)?;
        let Some(remote) = remote else {
            return Err(Failure::bad_argument(
                "repository",
                "This repository is on no server.",
            ));
        };
        if !fingerprint.starts_with("SHA256:") {
            return Err(Failure::bad_argument(
                "fingerprint",
                "The fingerprint must be the one that was shown, beginning with SHA256.",
            ));
        }
        let until = Instant::now() + time_limit;
        let server = Server::new(self.world(), remote, None);
        let settings = server.settings(until)?.map_err(|said| {
            Failure::new(
                ErrorCode::ConnectionFailed,
                format!("ssh cannot read its own configuration: {said}"),
            )
        })?;
        let written = server.trust(&settings, fingerprint, until)? == Trust::Written;
        self.inner().answered(WaitingFor::HostKey, |_| true);
        self.pump();
        Ok(written)
    }
}
