//! What a server's key means for a person: whether to compare and approve it, or to find out who changed it.

use std::time::{Duration, Instant};

use alcove_store::Repository;

use crate::error::{ErrorCode, Failure};
use crate::place;
use crate::reach::Reach;
use crate::server::{HostKey, KeyState, Server, Transcript};
use crate::world::World;

/// A server shows its key within this time, or is not asked any further.
const MEET: Duration = Duration::from_secs(30);

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

/// Asks ssh whether a repository could not be reached for its server's key, since Borg says of every failure of ssh
/// that the connection was closed.
pub(crate) fn of_server(world: &World, repository: &Repository) -> Option<Failure> {
    let (_, remote) = place::there("repository", &repository.location).ok()?;
    let until = Instant::now() + MEET;
    let server = Server::new(world, remote?, Reach::of(repository).key());
    let host = server.settings(until).ok()?.ok()?.host;
    let transcript = server.meet(until).ok()?;
    objection(&host, &transcript)
}
