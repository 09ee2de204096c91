//! The server of a repository, asked over ssh before Borg is.
//!
//! The one room besides `borg` that starts programs, and only ssh and what belongs to it. ssh itself is asked
//! what it makes of a location (its aliases, ports and keys are the person's own), and what it says of a
//! connection is read from its own words: nothing here speaks the protocol. Every run is bounded in time and in
//! what is kept of its output. Leaves out what the answers mean for a person: `connection` says that.

mod host_key;
mod keys;
mod reachable;
mod run;
mod settings;
mod survey;
mod transcript;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Instant;

use alcove_borg::{RemoteLocation, Ssh};

use crate::error::{ErrorCode, Failure};
use crate::world::World;

pub(crate) use host_key::{HostKey, Trust};
pub use keys::SshKey;
pub(crate) use run::{Answer, RunError};
pub(crate) use settings::Settings;
pub(crate) use survey::{Folder, Survey};
pub(crate) use transcript::{KeyState, Transcript};

/// A server as ssh is told of it.
pub(crate) struct Server<'a> {
    world: &'a World,
    ssh: Ssh,
    location: RemoteLocation,
}

impl<'a> Server<'a> {
    /// The server of a location, reached as Borg reaches it.
    pub(crate) fn new(world: &'a World, location: RemoteLocation, key: Option<PathBuf>) -> Self {
        let ssh = Ssh {
            config: world.ssh_config.clone(),
            key,
        };
        Self {
            world,
            ssh,
            location,
        }
    }

    /// What the location says.
    pub(crate) fn location(&self) -> &RemoteLocation {
        &self.location
    }

    /// Starts ssh with these options before the server's name and this command after it.
    fn ssh(&self, options: &[&str], command: Option<&str>) -> run::Program {
        let mut words: Vec<OsString> = options.iter().map(Into::into).collect();
        // A connection shared with a terminal would hide how this one is made.
        words.extend(["-o", "ControlMaster=no", "-o", "ControlPath=none"].map(Into::into));
        words.extend(self.ssh.arguments());
        if let Some(port) = self.location.port {
            words.extend(["-p".into(), port.to_string().into()]);
        }
        let host = &self.location.host;
        let user = self.location.user.as_ref();
        words.push(user.map_or_else(|| host.into(), |user| format!("{user}@{host}").into()));
        words.extend(command.map(Into::into));
        run::Program { name: "ssh", words }
    }

    fn run(&self, program: run::Program, input: &[u8], until: Instant) -> Result<Answer, RunError> {
        run::run(self.world, program, input, until)
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Missing(program) => Self::new(
                ErrorCode::SshMissing,
                format!("{program} was not found on this computer."),
            )
            .hint("Install OpenSSH's client with your system's package manager.")
            .retryable(),
            RunError::Failed(program, error) => Self::new(
                ErrorCode::SshMissing,
                format!("{program} could not be started: {error}."),
            )
            .retryable(),
        }
    }
}
