//! What ssh tells of one connection, read from what it says under `-v`.
//!
//! ssh alone knows which key a server showed, whether it is the one known, and which of the person's keys was
//! taken; it says so in words that have stayed the same for years. A line that is not understood is left out, so
//! that a new wording costs a detail, not the answer.
//!
//! Source: OpenSSH 9.2, `sshconnect.c` and `sshconnect2.c`; recorded with a loopback server.

use std::path::PathBuf;

use super::HostKey;

/// Whether the server's key is the one this computer knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum KeyState {
    /// The connection did not get so far.
    #[default]
    NotShown,
    /// It is.
    Known,
    /// None is known yet.
    Unknown,
    /// Another one is known: the file and its line, from 1.
    Changed(Option<(PathBuf, usize)>),
}

/// What ssh told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Transcript {
    /// The key the server showed.
    pub(crate) host_key: Option<HostKey>,
    /// Whether it is known.
    pub(crate) key_state: KeyState,
    /// The private key, or the name of one in an agent, that the server took.
    pub(crate) accepted: Option<String>,
    /// The way it let us in, such as `publickey`.
    pub(crate) method: Option<String>,
    /// The keys that were offered, in order.
    pub(crate) offered: Vec<String>,
    /// The ways it would take, when it let us in by none of them.
    pub(crate) wants: Option<String>,
    /// The last line that is not for debugging: ssh's own complaint.
    pub(crate) complaint: Option<String>,
}

impl Transcript {
    /// Reads stderr of an `ssh -v`.
    pub(crate) fn read(text: &str) -> Self {
        let mut read = Self::default();
        for line in text.lines().map(str::trim_end) {
            let told = line.strip_prefix("debug1: ");
            match told {
                Some(told) => read.debug(told),
                None => read.plain(line),
            }
        }
        read
    }

    fn debug(&mut self, told: &str) {
        if let Some(key) = told.strip_prefix("Server host key: ") {
            let mut words = key.split(' ');
            if let (Some(kind), Some(fingerprint)) = (words.next(), words.next()) {
                self.host_key = Some(HostKey {
                    kind: kind.to_owned(),
                    fingerprint: fingerprint.to_owned(),
                });
            }
        } else if told.starts_with("Host '") && told.contains("' is known and matches") {
            self.key_state = KeyState::Known;
        } else if let Some(key) = told.strip_prefix("Offering public key: ") {
            self.offered.push(name_of_key(key));
        } else if let Some(key) = told.strip_prefix("Server accepts key: ") {
            self.accepted = Some(name_of_key(key));
        }
    }

    fn plain(&mut self, line: &str) {
        if let Some(rest) = line.strip_prefix("Authenticated to ") {
            let method = rest.rsplit_once("using \"");
            self.method = method.and_then(|(_, end)| Some(end.split_once('"')?.0.to_owned()));
        } else if line.starts_with("No ") && line.contains(" host key is known for ") {
            self.key_state = KeyState::Unknown;
        } else if line.contains("REMOTE HOST IDENTIFICATION HAS CHANGED") {
            self.key_state = KeyState::Changed(None);
        } else if let Some((_, place)) = line.split_once(" key in ")
            && line.starts_with("Offending ")
        {
            let place = place.rsplit_once(':');
            self.key_state = KeyState::Changed(
                place.and_then(|(file, line)| Some((file.into(), line.parse().ok()?))),
            );
        } else if let Some((_, wants)) = line.split_once("Permission denied (") {
            self.wants = wants.split_once(')').map(|(wants, _)| wants.to_owned());
        }
        let noise = line.is_empty()
            || line.starts_with("OpenSSH_")
            || line.starts_with("Transferred: ")
            || line.starts_with("Bytes per second: ")
            || line.starts_with("Warning: Permanently added");
        if !noise {
            self.complaint = Some(line.to_owned());
        }
    }
}

/// The path or comment in `PATH TYPE SHA256:… [explicit|agent]`.
fn name_of_key(words: &str) -> String {
    let before = words.split(" SHA256:").next().unwrap_or(words);
    before
        .rsplit_once(' ')
        .map_or(before, |(name, _)| name)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN: &str = "debug1: Server host key: ssh-ed25519 SHA256:jaKtAX6z\n";

    fn key() -> HostKey {
        HostKey {
            kind: "ssh-ed25519".into(),
            fingerprint: "SHA256:jaKtAX6z".into(),
        }
    }

    #[test]
    fn a_login_says_which_key_opened_the_door() {
        let text = format!(
            "OpenSSH_9.2p1\n{SHOWN}debug1: Host '[127.0.0.1]:2299' is known and matches the ED25519 host key.\n\
             debug1: Offering public key: /home/ada/.ssh/my key RSA SHA256:x explicit\n\
             debug1: Offering public key: ada@desk ED25519 SHA256:y agent\n\
             debug1: Server accepts key: ada@desk ED25519 SHA256:y agent\n\
             Authenticated to 127.0.0.1 ([127.0.0.1]:2299) using \"publickey\".\nTransferred: sent 3\n"
        );
        let read = Transcript::read(&text);
        assert_eq!(read.host_key, Some(key()));
        assert_eq!(read.key_state, KeyState::Known);
        assert_eq!(read.offered, ["/home/ada/.ssh/my key", "ada@desk"]);
        assert_eq!(read.accepted.as_deref(), Some("ada@desk"));
        assert_eq!(read.method.as_deref(), Some("publickey"));
    }

    #[test]
    fn an_unknown_and_a_changed_key_are_told_apart() {
        let unknown = format!(
            "{SHOWN}No ED25519 host key is known for [127.0.0.1]:2299 and you have requested strict checking.\r\n\
             Host key verification failed.\r\n"
        );
        let read = Transcript::read(&unknown);
        assert_eq!(
            (read.host_key, read.key_state),
            (Some(key()), KeyState::Unknown)
        );
        let changed = format!(
            "{SHOWN}@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n\
             Offending ED25519 key in /home/ada/known hosts:12\nHost key verification failed.\n"
        );
        let read = Transcript::read(&changed);
        assert_eq!(
            read.key_state,
            KeyState::Changed(Some(("/home/ada/known hosts".into(), 12)))
        );
        assert_eq!(
            read.complaint.as_deref(),
            Some("Host key verification failed.")
        );
    }

    #[test]
    fn a_refused_login_says_what_the_server_would_take() {
        let read = Transcript::read("ada@nas: Permission denied (publickey,password).\r\n");
        assert_eq!(read.wants.as_deref(), Some("publickey,password"));
        assert_eq!(read.method, None);
        let refused = Transcript::read("ssh: connect to host nas port 22: Connection refused\r\n");
        assert!(refused.complaint.unwrap().contains("refused"));
        assert_eq!(refused.key_state, KeyState::NotShown);
    }
}
