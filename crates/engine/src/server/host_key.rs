//! The key of a server: what is known of it, and writing down one that a person approved.
//!
//! ssh itself fetches the key and writes it, into a file of its own that is then read: so the name it is kept
//! under is right through aliases, ports and servers in between. Only a key with the approved fingerprint goes on
//! into the person's own file, and nothing in that file is ever changed or removed.
//!
//! Source: `sshd(8)`, "`SSH_KNOWN_HOSTS` FILE FORMAT".

use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use fs_err as fs;
use ssh_key::{HashAlg, KnownHosts};

use super::{KeyState, Server, Settings, Transcript};
use crate::error::{ErrorCode, Failure};

/// The key of a server, as people compare it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HostKey {
    /// Its type, such as `ssh-ed25519`.
    pub(crate) kind: String,
    /// `SHA256:` and its hash in Base64.
    pub(crate) fingerprint: String,
}

/// What came of approving a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trust {
    /// It was written down.
    Written,
    /// ssh knew it already.
    Known,
}

impl Server<'_> {
    /// Reads the key in a line (from 1) of a file of known hosts.
    pub(crate) fn known_key(file: &Path, line: usize) -> Option<HostKey> {
        let text = fs::read_to_string(file).ok()?;
        key_in(text.lines().nth(line.checked_sub(1)?)?)
    }

    /// Writes the key the server shows now into ssh's file, if it has the approved fingerprint.
    pub(crate) fn trust(
        &self,
        settings: &Settings,
        fingerprint: &str,
        until: Instant,
    ) -> Result<Trust, Failure> {
        let shown = self.meet(until)?;
        match shown.key_state {
            KeyState::Known
                if shown
                    .host_key
                    .is_some_and(|key| key.fingerprint == fingerprint) =>
            {
                return Ok(Trust::Known);
            }
            KeyState::Unknown => {}
            KeyState::Known => return Err(self.other_key("another key")),
            KeyState::Changed(_) => {
                return Err(self.other_key("a key that is not the one this computer knows"));
            }
            KeyState::NotShown => {
                let said = shown.complaint.unwrap_or_default();
                return Err(Failure::new(
                    ErrorCode::ConnectionFailed,
                    format!("{} did not show its key. {said}", self.location.host),
                )
                .hint("Test the connection again.")
                .retryable());
            }
        }
        let entry = self.fetch(until)?;
        let fetched = key_in(&entry);
        if fetched.is_none_or(|key| key.fingerprint != fingerprint) {
            return Err(self.other_key("another key than the one that was approved"));
        }
        let Some(file) = settings.known_hosts.first() else {
            return Err(Failure::new(
                ErrorCode::FileFailed,
                "ssh is configured to keep no keys of servers.",
            )
            .hint("Set UserKnownHostsFile in ssh's configuration."));
        };
        append(file, &entry).map_err(|error| {
            Failure::new(
                ErrorCode::FileFailed,
                format!("The key could not be written down: {error}."),
            )
            .retryable()
        })?;
        Ok(Trust::Written)
    }

    /// Connects, without logging in, and tells what key was shown.
    pub(crate) fn meet(&self, until: Instant) -> Result<Transcript, Failure> {
        let options = [
            "-v",
            "-o",
            "StrictHostKeyChecking=yes",
            "-o",
            "PreferredAuthentications=none",
        ];
        let answer = self.run(self.ssh(&options, Some("true")), b"", until)?;
        Ok(Transcript::read(&answer.stderr))
    }

    /// Has ssh write the server's key into an empty file, and returns the line.
    fn fetch(&self, until: Instant) -> Result<String, Failure> {
        let failed = |error: std::io::Error| {
            Failure::new(
                ErrorCode::FileFailed,
                format!("A file for the server's key could not be made: {error}."),
            )
            .retryable()
        };
        let folder = tempfile::tempdir().map_err(failed)?;
        let file = folder.path().join("known_hosts");
        let into = format!("UserKnownHostsFile=\"{}\"", file.display());
        let options = [
            "-o",
            "StrictHostKeyChecking=accept-new",
            "-o",
            "GlobalKnownHostsFile=none",
            "-o",
            "UpdateHostKeys=no",
            "-o",
            "PreferredAuthentications=none",
            "-o",
            &into,
        ];
        self.run(self.ssh(&options, Some("true")), b"", until)?;
        let text = fs::read_to_string(file).unwrap_or_default();
        Ok(text.lines().next().unwrap_or_default().to_owned())
    }

    fn other_key(&self, what: &str) -> Failure {
        Failure::new(
            ErrorCode::HostKeyChanged,
            format!("{} shows {what}.", self.location.host),
        )
        .hint("Nothing was written down. Find out why the key changed before you go on.")
    }
}

fn key_in(line: &str) -> Option<HostKey> {
    let entry = KnownHosts::new(line).next()?.ok()?;
    let key = entry.public_key();
    Some(HostKey {
        kind: key.algorithm().to_string(),
        fingerprint: key.fingerprint(HashAlg::Sha256).to_string(),
    })
}

/// Adds a line to a file that need not exist, after a last line that need not be ended.
fn append(file: &Path, entry: &str) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
    if let Some(folder) = file.parent() {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let open_line = fs::read(file).is_ok_and(|text| text.last().is_some_and(|last| *last != b'\n'));
    let line = format!("{}{entry}\n", if open_line { "\n" } else { "" });
    let mut opened = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(file)?;
    opened.write_all(line.as_bytes())?;
    opened.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "[127.0.0.1]:2299 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGh7afJKZFX4pLRoB+cnMeBb2iy1BILjZlspFrTHnWOM";

    #[test]
    fn a_line_of_known_hosts_has_the_fingerprint_ssh_shows() {
        let key = key_in(LINE).unwrap();
        assert_eq!(key.kind, "ssh-ed25519");
        assert_eq!(
            key.fingerprint,
            "SHA256:jaKtAX6zaoL16pKB75W39qtd4SbAOy7b2QBCdD+i8qE"
        );
        assert_eq!(key_in("no key"), None);
        assert_eq!(key_in(""), None);
    }

    #[test]
    fn a_key_is_added_and_nothing_else_is_changed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ssh/known_hosts");
        append(&file, LINE).unwrap();
        assert_eq!(Server::known_key(&file, 1), key_in(LINE));
        std::fs::write(&file, "# a comment").unwrap();
        append(&file, LINE).unwrap();
        assert_eq!(
            std::fs::read_to_string(&file).unwrap(),
            format!("# a comment\n{LINE}\n")
        );
        assert_eq!(Server::known_key(&file, 1), None);
        assert_eq!(Server::known_key(&file, 2), key_in(LINE));
    }
}
