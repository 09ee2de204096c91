//! The way to a repository, and the keys that open it.

use alcove_borg::Passphrase;
use alcove_engine as engine;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::ByteCount;

/// A connection to test.
#[derive(Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct TestConnection {
    /// The repository's location, known to Alcove or not: an absolute path, `ssh://user@host:port/path`, or
    /// `user@host:path`.
    pub repository: String,
    /// Its passphrase; the one Alcove has when left out.
    #[ts(optional, type = "string")]
    #[schema(value_type = Option<String>, format = Password, write_only)]
    pub passphrase: Option<Passphrase>,
    /// The private key ssh logs in with, an absolute path; that of the known repository when left out.
    pub ssh_key: Option<String>,
    /// The Borg of its server; that of the known repository when left out.
    pub remote_path: Option<String>,
    /// How many bytes the first backup will read, where that is known.
    pub expected_bytes: Option<ByteCount>,
    /// Seconds after which the test ends, 5 to 300; 90 when left out.
    pub time_limit: Option<i64>,
}

/// What a step is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
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
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct ConnectionStep {
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
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct HostKey {
    /// Its type, such as `ssh-ed25519`.
    pub kind: String,
    /// `SHA256:` and its hash: what a person compares and `trust_host_key` takes.
    pub fingerprint: String,
    /// Whether this computer knows it.
    pub known: bool,
    /// The fingerprint this computer knows instead: the key has changed, and cannot be approved here.
    pub expected: Option<String>,
}

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FoundThere {
    /// A repository, and it was opened.
    Opened,
    /// A repository that was not opened; the step says why.
    Closed,
    /// Nothing, or an empty folder: a repository can be made.
    Room,
    /// Other things.
    OtherThings,
}

/// The answer to `test_connection`.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct ConnectionReport {
    /// Whether no step failed.
    pub good: bool,
    /// The steps, in order; after one that failed there are no more.
    pub steps: Vec<ConnectionStep>,
    /// The server's key, once it was shown.
    pub host_key: Option<HostKey>,
    /// The name the server's Borg answers to, where it is not the one that was asked for: to be given to
    /// `create_repository`.
    pub remote_path: Option<String>,
    /// The version of the Borg that serves the repository.
    pub borg_version: Option<String>,
    /// What stands at the place.
    pub found: Option<FoundThere>,
    /// Free bytes.
    pub free: Option<ByteCount>,
    /// Bytes a second.
    pub upload_speed: Option<ByteCount>,
    /// Seconds the first backup takes at that speed, where its size was given.
    pub first_backup_seconds: Option<u64>,
}

impl From<engine::ConnectionReport> for ConnectionReport {
    fn from(report: engine::ConnectionReport) -> Self {
        Self {
            good: report.is_good(),
            steps: report.steps.into_iter().map(Into::into).collect(),
            host_key: report.host_key.map(|key| HostKey {
                kind: key.kind,
                fingerprint: key.fingerprint,
                known: key.known,
                expected: key.expected,
            }),
            remote_path: report.remote_path,
            borg_version: report.borg_version,
            found: report.found.map(Into::into),
            free: report.free.map(ByteCount),
            upload_speed: report.upload_speed.map(ByteCount),
            first_backup_seconds: report.first_backup,
        }
    }
}

impl From<engine::Step> for ConnectionStep {
    fn from(step: engine::Step) -> Self {
        Self {
            kind: match step.kind {
                engine::StepKind::Address => StepKind::Address,
                engine::StepKind::Port => StepKind::Port,
                engine::StepKind::HostKey => StepKind::HostKey,
                engine::StepKind::Login => StepKind::Login,
                engine::StepKind::Borg => StepKind::Borg,
                engine::StepKind::Restriction => StepKind::Restriction,
                engine::StepKind::Folder => StepKind::Folder,
                engine::StepKind::Repository => StepKind::Repository,
                engine::StepKind::Space => StepKind::Space,
                engine::StepKind::Speed => StepKind::Speed,
            },
            state: match step.state {
                engine::StepState::Good => StepState::Good,
                engine::StepState::Attention => StepState::Attention,
                engine::StepState::Failed => StepState::Failed,
                engine::StepState::Unknown => StepState::Unknown,
            },
            sentence: step.sentence,
            hint: step.hint,
        }
    }
}

impl From<engine::Found> for FoundThere {
    fn from(found: engine::Found) -> Self {
        match found {
            engine::Found::Opened => Self::Opened,
            engine::Found::Closed => Self::Closed,
            engine::Found::Room => Self::Room,
            engine::Found::OtherThings => Self::OtherThings,
        }
    }
}

/// A server's key that a person approved.
#[derive(Debug, Clone, Deserialize, TS, ToSchema)]
pub struct TrustHostKey {
    /// The repository's location.
    pub repository: String,
    /// The fingerprint that was shown, `SHA256:…`.
    pub fingerprint: String,
}

/// The answer to `trust_host_key`.
#[derive(Debug, Clone, Copy, Serialize, TS, ToSchema)]
pub struct HostKeyTrusted {
    /// Whether it was written down now; false: ssh knew it already.
    pub written: bool,
}

/// A private key in the person's `.ssh`.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct SshKey {
    /// Its file's absolute path.
    pub path: String,
    /// Its type, such as `ssh-ed25519`; null when only its passphrase would tell.
    pub kind: Option<String>,
    /// What its maker noted in it.
    pub comment: String,
    /// `SHA256:` and the hash of its public part.
    pub fingerprint: Option<String>,
    /// Whether a passphrase locks it: ssh can use it only from an agent then.
    pub locked: bool,
    /// Its public part, one line, to add on a server.
    pub public: Option<String>,
}

impl From<engine::SshKey> for SshKey {
    fn from(key: engine::SshKey) -> Self {
        Self {
            path: key.path.display().to_string(),
            kind: key.kind,
            comment: key.comment,
            fingerprint: key.fingerprint,
            locked: key.locked,
            public: key.public,
        }
    }
}

/// The answer to `list_ssh_keys`.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct SshKeys {
    /// By path.
    pub keys: Vec<SshKey>,
}

/// A key to make.
#[derive(Debug, Clone, Default, Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct MakeSshKey {
    /// What to note in it; `Alcove on HOST` when left out.
    pub comment: Option<String>,
}
