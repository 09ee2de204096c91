//! How ssh is started for a repository on a server.
//!
//! Apart because two programs must agree on it: Borg starts ssh by itself, and whoever tests a connection first
//! has to meet the server exactly as Borg will. Leaves out the server's name, which Borg takes from the location
//! ([`crate::RemoteLocation`]), and what is said to it.
//!
//! Source: `ssh(1)` and `ssh_config(5)` of OpenSSH 9.2; Borg 1.4.5 docs/usage/general/environment.rst.inc, `BORG_RSH`,
//! which Borg splits as a POSIX shell would.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::command::{InvalidCommand, quote};

/// What every ssh is told. Without the alive options a frozen link hangs for ever; with them Borg fails after
/// about 60 seconds. `BatchMode` keeps ssh from asking for a password or a host key.
const OPTIONS: [&str; 4] = [
    "BatchMode=yes",
    "ServerAliveInterval=15",
    "ServerAliveCountMax=4",
    "ConnectTimeout=20",
];

/// Says how ssh logs in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ssh {
    /// The configuration it reads instead of the person's and the system's.
    pub config: Option<PathBuf>,
    /// The private key it logs in with; without one, those it finds by itself.
    pub key: Option<PathBuf>,
}

impl Ssh {
    /// Gives the arguments that come before the server's name.
    pub fn arguments(&self) -> Vec<OsString> {
        let mut words: Vec<OsString> = Vec::new();
        for option in OPTIONS {
            words.extend(["-o".into(), option.into()]);
        }
        if let Some(config) = &self.config {
            words.extend(["-F".into(), config.into()]);
        }
        if let Some(key) = &self.key {
            // Only this one: a server that counts attempts would end the login before it came to it.
            words.extend(["-i".into(), key.into()]);
            words.extend(["-o".into(), "IdentitiesOnly=yes".into()]);
        }
        words
    }

    /// Gives the line that Borg splits into words.
    pub(crate) fn line(&self) -> String {
        std::iter::once("ssh".to_owned())
            .chain(self.arguments().iter().map(|word| quote::shell(word)))
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Refuses paths that ssh or Borg would read as something else.
    pub fn check(&self) -> Result<(), InvalidCommand> {
        let paths = self.key.iter().chain(&self.config);
        match paths.into_iter().find(|path| !is_plain(path)) {
            Some(path) => Err(InvalidCommand::SshFile(path.clone())),
            None => Ok(()),
        }
    }
}

/// Whether a path means itself: ssh replaces `%h` and `${HOME}` in it, and Borg's splitting knows no escapes for
/// control characters.
fn is_plain(path: &Path) -> bool {
    path.is_absolute()
        && path
            .to_str()
            .is_some_and(|path| !path.contains(['%', '$']) && !path.contains(char::is_control))
}

/// Refuses a name of a server's Borg that a shell over there would read as more than a name: Borg hands it on
/// without quotes.
pub fn check_remote_path(path: &str) -> Result<(), InvalidCommand> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._+/~-".contains(c);
    if path.is_empty() || path.starts_with('-') || !path.chars().all(plain) {
        return Err(InvalidCommand::RemotePath(path.to_owned()));
    }
    Ok(())
}

/// Gives a line of a terminal that sets a variable, to stand before a command.
pub(crate) fn assignment(name: &str, value: &str) -> String {
    format!("{name}={} ", quote::shell(OsStr::new(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ssh_without_a_key_of_its_own_logs_in_as_in_a_terminal_but_never_asks() {
        assert_eq!(
            Ssh::default().line(),
            "ssh -o BatchMode=yes -o ServerAliveInterval=15 -o ServerAliveCountMax=4 -o ConnectTimeout=20"
        );
    }

    #[test]
    fn a_shell_reads_the_line_back_into_the_same_words() {
        let ssh = Ssh {
            config: Some("/home/ada/my config".into()),
            key: Some("/home/ada/it's \"a\" key\\".into()),
        };
        let script = format!("printf '%s\\n' {}", ssh.line());
        let printed = std::process::Command::new("sh")
            .args(["-c", &script])
            .output()
            .unwrap();
        let mut words = vec![OsString::from("ssh")];
        words.extend(ssh.arguments());
        let printed = String::from_utf8(printed.stdout).unwrap();
        assert_eq!(
            printed.lines().map(OsString::from).collect::<Vec<_>>(),
            words
        );
        assert_eq!(ssh.check(), Ok(()));
    }

    #[test]
    fn a_key_whose_name_ssh_would_read_otherwise_is_refused() {
        for path in [
            "id_ed25519",
            "/home/%u/key",
            "/home/${USER}/key",
            "/home/a\nb",
        ] {
            let ssh = Ssh {
                key: Some(path.into()),
                ..Ssh::default()
            };
            assert_eq!(
                ssh.check(),
                Err(InvalidCommand::SshFile(path.into())),
                "{path}"
            );
        }
    }

    #[test]
    fn a_borg_on_a_server_is_a_name_and_nothing_more() {
        for good in ["borg", "borg-1.4", "/opt/bin/borg", "~/bin/borg14"] {
            assert_eq!(check_remote_path(good), Ok(()), "{good}");
        }
        for bad in ["", "-x", "borg; rm x", "a b", "$(x)", "b'", "b\n"] {
            assert!(check_remote_path(bad).is_err(), "{bad}");
        }
    }
}
