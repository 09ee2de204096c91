//! What keys mean for a person: of a server, whether to compare and approve it, or to find out who changed it; of
//! ours, that it is locked.

use std::ffi::OsStr;
use std::time::{Duration, Instant};

use alcove_store::Repository;

use crate::error::{ErrorCode, Failure};
use crate::place;
use crate::reach::Reach;
use crate::server::{HostKey, KeyState, Server, Settings, SshKey, Transcript};
use crate::world::World;

/// A server shows its key within this time, or is not asked any further.
const MEET: Duration = Duration::from_secs(30);
/// Where ssh finds its agent (ssh-agent(1)).
const AGENT: &str = "SSH_AUTH_SOCK";

/// Why the key a server of this name showed cannot be trusted as it is; `None` when it can, or when none was shown.
pub(super) fn objection(host: &str, transcript: &Transcript) -> Option<Failure> {
    let shown = transcript.host_key.as_ref()?;
    let name = |key: &HostKey| format!("{} {}", key.kind, key.fingerprint);
    match &transcript.key_state {
        KeyState::Known | KeyState::NotShown => None,
        KeyState::Unknown => Some(
            Failure::new(
                ErrorCode::HostKeyUnknown,
                format!(
                    "This computer does not know the key of {host} yet: {}.",
                    name(shown)
                ),
            )
            .hint("Compare the fingerprint with the one your provider shows, then approve it.")
            .retryable(),
        ),
        KeyState::Changed(_) => {
            let before = expected(transcript)
                .as_ref()
                .map_or_else(|| "another key".to_owned(), name);
            Some(
                Failure::new(
                    ErrorCode::HostKeyChanged,
                    format!(
                        "The key of {host} has changed. This computer knows {before}; the server shows {}.",
                        name(shown)
                    ),
                )
                .hint("Someone may be between you and the server. Ask who runs it whether the key was changed on purpose."),
            )
        }
    }
}

/// The key this computer knows instead of the one that was shown.
pub(super) fn expected(transcript: &Transcript) -> Option<HostKey> {
    match &transcript.key_state {
        KeyState::Changed(Some((file, line))) => Server::known_key(file, *line),
        _ => None,
    }
}

/// The private keys ssh would use that are there.
pub(super) fn private_keys(world: &World, settings: &Settings, reach: &Reach) -> Vec<SshKey> {
    let looked_at = settings
        .identities
        .iter()
        .map(|path| match path.strip_prefix("~/") {
            Some(below) => world.home.join(below),
            None => path.into(),
        })
        .chain(reach.key());
    looked_at
        .filter_map(|path| Server::private_key(&path))
        .collect()
}

/// Why a server that was met lets nobody in: every key is locked by a passphrase, and Borg's ssh asks nobody for one.
/// `denied`: the server said that it takes none; else it is certain only where there is no agent.
fn locked_out(
    world: &World,
    host: &str,
    settings: &Settings,
    reach: &Reach,
    denied: bool,
) -> Option<Failure> {
    let keys = private_keys(world, settings, reach);
    let agent = world.environment.contains_key(OsStr::new(AGENT));
    if keys.is_empty() || keys.iter().any(|key| !key.locked) || (agent && !denied) {
        return None;
    }
    let names: Vec<String> = keys
        .iter()
        .map(|key| key.path.display().to_string())
        .collect();
    let why = if agent {
        "is not in the ssh agent"
    } else {
        "there is no ssh agent that has it open"
    };
    Some(
        Failure::new(
            ErrorCode::ConnectionFailed,
            format!(
                "{host} does not let this computer in: the ssh key {} is locked by a passphrase, and {why}.",
                names.join(", ")
            ),
        )
        .hint("Add the key to an ssh agent (ssh-add) in the session Alcove is started from, or use one without a passphrase.")
        .retryable(),
    )
}

/// Asks ssh why a repository could not be reached: for its server's key, or for a key of ours that is locked. Borg
/// says of every failure of ssh that the connection was closed; `denied`: ssh said that the server takes none of the
/// keys.
pub(crate) fn of_server(world: &World, repository: &Repository, denied: bool) -> Option<Failure> {
    let (_, remote) = place::there("repository", &repository.location).ok()?;
    let until = Instant::now() + MEET;
    let reach = Reach::of(repository);
    let server = Server::new(world, remote?, reach.key());
    let settings = server.settings(until).ok()?.ok()?;
    let transcript = server.meet(until).ok()?;
    objection(&settings.host, &transcript).or_else(|| {
        transcript.host_key.as_ref()?;
        locked_out(world, &settings.host, &settings, &reach, denied)
    })
}
