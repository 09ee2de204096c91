//! What ssh makes of a server's name: the person's aliases, ports, users and files.
//!
//! Source: `ssh -G`, ssh(1) of OpenSSH 9.2: one lower-case keyword and its value a line.

use std::path::PathBuf;
use std::time::Instant;

use super::{RunError, Server};

/// How ssh would reach a server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Settings {
    /// The name or address it connects to.
    pub(crate) host: String,
    /// The port there.
    pub(crate) port: u16,
    /// The account it logs in to.
    pub(crate) user: String,
    /// The other server or program the connection goes through, if any.
    pub(crate) through: Option<String>,
    /// The private keys it looks for, in order; `~` is not replaced.
    pub(crate) identities: Vec<String>,
    /// Where it keeps the keys of servers, the first first.
    pub(crate) known_hosts: Vec<PathBuf>,
}

impl Server<'_> {
    /// Asks ssh how it would reach the server. `None`: it could not make sense of its own configuration, and its
    /// words are in the second place.
    pub(crate) fn settings(&self, until: Instant) -> Result<Result<Settings, String>, RunError> {
        let answer = self.run(self.ssh(&["-G"], None), b"", until)?;
        let home = &self.world.home;
        Ok(match answer.code {
            Some(0) => Ok(read(&answer.stdout, |path| match path.strip_prefix("~/") {
                Some(below) => home.join(below),
                None => path.into(),
            })),
            _ => Err(answer.stderr.trim().to_owned()),
        })
    }
}

fn read(text: &str, path: impl Fn(&str) -> PathBuf) -> Settings {
    let mut settings = Settings::default();
    for (keyword, value) in text.lines().filter_map(|line| line.split_once(' ')) {
        match keyword {
            "hostname" => value.clone_into(&mut settings.host),
            "port" => settings.port = value.parse().unwrap_or(22),
            "user" => value.clone_into(&mut settings.user),
            "proxyjump" | "proxycommand" if value != "none" => {
                settings.through = Some(value.to_owned());
            }
            "identityfile" => settings.identities.push(value.to_owned()),
            "userknownhostsfile" if value != "none" => {
                settings.known_hosts = value.split(' ').map(&path).collect();
            }
            _ => {}
        }
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_ssh_are_read() {
        let text = "host nas\nuser ada\nhostname 10.0.0.5\nport 2222\nproxyjump gate\nproxycommand none\n\
                    identityfile ~/.ssh/id_ed25519\nidentityfile /keys/nas\n\
                    userknownhostsfile /home/ada/.ssh/known_hosts ~/.ssh/known_hosts2\nloglevel INFO\n";
        assert_eq!(
            read(text, |path| path.replace('~', "/home/ada").into()),
            Settings {
                host: "10.0.0.5".into(),
                port: 2222,
                user: "ada".into(),
                through: Some("gate".into()),
                identities: vec!["~/.ssh/id_ed25519".into(), "/keys/nas".into()],
                known_hosts: vec![
                    "/home/ada/.ssh/known_hosts".into(),
                    "/home/ada/.ssh/known_hosts2".into()
                ],
            }
        );
    }
}
