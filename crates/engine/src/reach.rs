//! How a repository's server is reached: the key of the login, and the Borg over there.
//!
//! Apart because every Borg that runs for a repository, and every test of its connection, must agree on it.

use std::path::PathBuf;

use alcove_borg::{Confirmation, Environment, InvalidCommand, Ssh, check_remote_path};
use alcove_store::Repository;

use crate::engine::Inner;
use crate::error::Failure;

/// What a person chose for reaching a server; nothing: what ssh and Borg do by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Reach {
    /// The private key ssh logs in with.
    pub(crate) ssh_key: Option<String>,
    /// The Borg of the server.
    pub(crate) remote_path: Option<String>,
}

impl Reach {
    /// Takes what a person chose, or says which field cannot be used. An empty text is no choice.
    pub(crate) fn check(
        ssh_key: Option<String>,
        remote_path: Option<String>,
    ) -> Result<Self, Failure> {
        let chosen = |choice: Option<String>| choice.filter(|text| !text.is_empty());
        let reach = Self {
            ssh_key: chosen(ssh_key),
            remote_path: chosen(remote_path),
        };
        let bad = |field: &'static str| {
            move |why: InvalidCommand| Failure::bad_argument(field, why.to_string())
        };
        let ssh = Ssh {
            key: reach.key(),
            config: None,
        };
        ssh.check().map_err(bad("ssh_key"))?;
        if let Some(path) = &reach.remote_path {
            check_remote_path(path).map_err(bad("remote_path"))?;
        }
        Ok(reach)
    }

    /// What a repository's record says.
    pub(crate) fn of(repository: &Repository) -> Self {
        Self {
            ssh_key: repository.ssh_key.clone(),
            remote_path: repository.remote_path.clone(),
        }
    }

    /// The key's file.
    pub(crate) fn key(&self) -> Option<PathBuf> {
        self.ssh_key.as_ref().map(PathBuf::from)
    }
}

impl Inner {
    /// The environment of a Borg that reaches its server in this way.
    pub(crate) fn environment(&self, reach: &Reach) -> Environment {
        let ssh = Ssh {
            config: self.world.ssh_config.clone(),
            key: reach.key(),
        };
        self.environment
            .clone()
            .over_ssh(&ssh, reach.remote_path.as_deref())
    }

    /// The environment of a Borg that runs for a repository.
    pub(crate) fn environment_of(&self, repository: &Repository) -> Environment {
        let mut environment = self.environment(&Reach::of(repository));
        if self.is_on_its_drive(repository) {
            // The drive is mounted elsewhere than last time, and it is the drive.
            environment = environment.confirming(Confirmation::RelocatedRepository);
        }
        self.named(environment, repository)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ssh_or_a_shell_would_misread_is_refused_by_its_field() {
        let field = |key: &str, path: &str| {
            Reach::check(Some(key.into()), Some(path.into()))
                .map_err(|failure| failure.field.unwrap())
        };
        assert_eq!(field("id_ed25519", "borg"), Err("ssh_key".to_owned()));
        assert_eq!(field("/k", "borg; true"), Err("remote_path".to_owned()));
        assert_eq!(field("", ""), Ok(Reach::default()));
    }
}
