//! The command lines of Borg.
//!
//! One description of what to do, turned into arguments here and nowhere else: no other module and no other
//! crate names a flag. Every value comes joined to its flag or after `--`, so that none can be taken for
//! another flag. Leaves out the environment and the starting.
//!
//! Source: the help of Borg 1.2.4 and 1.4.5; each line was run with both.

mod create;
mod invalid;
mod prune;
pub(crate) mod quote;
mod selection;
mod words;

use std::ffi::OsString;
use std::time::Duration;

use crate::encryption::Encryption;
use crate::environment::{Environment, ZONE, Zone};
use crate::find::Borg;
use crate::ssh;
use words::Words;

pub use create::{Create, FileList};
pub use invalid::InvalidCommand;
pub(crate) use invalid::is_checkpoint;
pub use prune::{Keep, Prune};
pub use selection::{PatternOption, Selection, Uncountable};

/// How long a command someone looks at waits for another that holds the repository (Borg's own is 1 second).
pub const LOCK_WAIT_INTERACTIVE: Duration = Duration::from_secs(5);

/// How long a job waits for another program that holds the repository.
pub const LOCK_WAIT_JOB: Duration = Duration::from_mins(1);

/// Says what Borg is to do.
///
/// A `repository` is a location as Borg takes it: an absolute path or `ssh://user@host:port/path`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Makes a new repository; missing parent folders are made too.
    Init {
        /// Where.
        repository: String,
        /// How, for good.
        encryption: Encryption,
    },
    /// Backs up folders into a new archive. Its statistics come on stdout: [`crate::CreateReport`].
    Create(Create),
    /// Walks the folders of a backup without reading a file; needs no repository and no passphrase. What becomes of
    /// each path comes as [`crate::Event::FileStatus`]: [`crate::dry_run_status`].
    DryRun(Create),
    /// Lists the archives, checkpoints too, on stdout: [`crate::ArchiveList`].
    List {
        /// Of which repository.
        repository: String,
    },
    /// Lists the archives, without checkpoints, on stdout: for who reads Borg's own JSON.
    ListComplete {
        /// Of which repository.
        repository: String,
    },
    /// Asks a repository for its id, as a job that is about to write to it: [`crate::ArchiveList`] on stdout, with the
    /// newest archive at most.
    Identify {
        /// Which repository.
        repository: String,
        /// How long to wait for another program that holds it.
        lock_wait: Duration,
    },
    /// Asks for the newest archive and the command line that made it: [`crate::NewestArchive`] on stdout.
    Describe {
        /// Of which repository.
        repository: String,
    },
    /// Prints the repository's key on stdout: as text for a file ([`crate::ExportedKey`]), or as lines to type in.
    /// Needs no passphrase; the key stays locked by it.
    ExportKey {
        /// Of which repository.
        repository: String,
        /// As lines to type in.
        paper: bool,
    },
    /// Gives the repository another passphrase. Borg asks for the one in use and for the new one on a terminal:
    /// started by [`crate::launch_answering`]. What is stored is not encrypted anew; the key is locked anew.
    ChangePassphrase {
        /// Of which repository.
        repository: String,
    },
    /// Asks how large the repository is: [`crate::RepositorySizes`] on stdout. Takes long where Borg's cache of it
    /// is behind.
    Measure {
        /// Which repository.
        repository: String,
    },
    /// Removes the locks of the repository and of its cache, whoever holds them.
    BreakLock {
        /// Of which repository.
        repository: String,
    },
    /// Deletes the archives of one series that need not be kept.
    Prune(Prune),
    /// Frees the space of deleted archives.
    Compact {
        /// Of which repository.
        repository: String,
        /// How long to wait for another program that holds it.
        lock_wait: Duration,
    },
    /// Reads every piece of a repository and compares it with its checksum. Changes nothing. Borg's exit code is not
    /// enough: a line of level ERROR means that something is damaged.
    Check {
        /// Which repository.
        repository: String,
        /// How long to wait for another program that holds it.
        lock_wait: Duration,
        /// For how long, in whole seconds: the next one with a limit goes on from there. `None`: to its end.
        at_most: Option<Duration>,
    },
}

impl Command {
    /// Gives the arguments that follow the program's name.
    pub fn arguments(&self) -> Vec<OsString> {
        let wait = self.lock_wait();
        match self {
            Self::Init {
                repository,
                encryption,
            } => Words::new("init", wait)
                .flag("--make-parent-dirs")
                .value("--encryption", encryption.as_str())
                .repository(repository),
            Self::Create(create) => create.words(Words::new("create", wait)),
            Self::DryRun(create) => create.dry_run_words(Words::new("create", wait)),
            Self::List { repository } => Words::new("list", wait)
                .flag("--json")
                .flag("--consider-checkpoints")
                .repository(repository),
            Self::ListComplete { repository } => Words::new("list", wait)
                .flag("--json")
                .repository(repository),
            Self::Identify { repository, .. } => Words::new("list", wait)
                .flag("--json")
                .value("--last", "1")
                .repository(repository),
            Self::Describe { repository } => Words::new("list", wait)
                .flag("--json")
                .value("--last", "1")
                .value("--format", "{hostname}{username}{end}{command_line}{NL}")
                .repository(repository),
            Self::ExportKey { repository, paper } => Words::new("key export", wait)
                .flag_if(*paper, "--paper")
                .repository(repository),
            Self::ChangePassphrase { repository } => {
                Words::new("key change-passphrase", wait).repository(repository)
            }
            Self::Measure { repository } => Words::new("info", wait)
                .flag("--json")
                .repository(repository),
            Self::BreakLock { repository } => Words::new("break-lock", wait).repository(repository),
            Self::Prune(prune) => prune.words(Words::new("prune", wait)),
            Self::Compact { repository, .. } => Words::new("compact", wait)
                .flag("--info")
                .flag("--progress")
                .repository(repository),
            Self::Check {
                repository,
                at_most,
                ..
            } => {
                let words = Words::new("check", wait)
                    .flag("--info")
                    .flag("--progress")
                    .flag("--repository-only");
                match at_most {
                    Some(limit) => words.value("--max-duration", &limit.as_secs().to_string()),
                    None => words,
                }
                .repository(repository)
            }
        }
        .finish()
    }

    /// Gives the line to paste into a terminal, with the variables it needs to reach its server and to count days as
    /// it does here. It holds no secret: the passphrase is in none of them.
    pub fn shell_line(&self, borg: &Borg, environment: &Environment) -> String {
        let words = std::iter::once(borg.path.clone().into_os_string()).chain(self.arguments());
        let line = words
            .map(|word| quote::shell(&word))
            .collect::<Vec<_>>()
            .join(" ");
        let zone = match self.zone() {
            Zone::Named(name) => ssh::assignment(ZONE, name),
            Zone::Utc | Zone::Users => String::new(),
        };
        environment.assignments() + &zone + &line
    }

    /// Refuses what Borg would misread or only find out late; called by [`crate::launch`].
    pub fn check(&self) -> Result<(), InvalidCommand> {
        invalid::repository(self.repository())?;
        match self {
            Self::Create(create) | Self::DryRun(create) => create.check(),
            Self::Prune(prune) => prune.check(),
            Self::Init { .. }
            | Self::List { .. }
            | Self::ListComplete { .. }
            | Self::Identify { .. }
            | Self::Describe { .. }
            | Self::ExportKey { .. }
            | Self::ChangePassphrase { .. }
            | Self::Measure { .. }
            | Self::BreakLock { .. }
            | Self::Compact { .. }
            | Self::Check { .. } => Ok(()),
        }
    }

    /// Gives the location of the repository, as it came.
    pub fn repository(&self) -> &str {
        match self {
            Self::Init { repository, .. }
            | Self::List { repository }
            | Self::ListComplete { repository }
            | Self::Identify { repository, .. }
            | Self::Describe { repository }
            | Self::ExportKey { repository, .. }
            | Self::ChangePassphrase { repository }
            | Self::Measure { repository }
            | Self::BreakLock { repository }
            | Self::Compact { repository, .. }
            | Self::Check { repository, .. } => repository,
            Self::Create(create) | Self::DryRun(create) => &create.repository,
            Self::Prune(prune) => &prune.repository,
        }
    }

    pub(crate) fn zone(&self) -> Zone<'_> {
        match self {
            Self::Prune(prune) => prune.time_zone.as_deref().map_or(Zone::Users, Zone::Named),
            Self::Init { .. }
            | Self::Create(_)
            | Self::DryRun(_)
            | Self::List { .. }
            | Self::ListComplete { .. }
            | Self::Identify { .. }
            | Self::Describe { .. }
            | Self::ExportKey { .. }
            | Self::ChangePassphrase { .. }
            | Self::Measure { .. }
            | Self::BreakLock { .. }
            | Self::Compact { .. }
            | Self::Check { .. } => Zone::Utc,
        }
    }

    fn lock_wait(&self) -> Duration {
        match self {
            Self::Init { .. }
            | Self::List { .. }
            | Self::ListComplete { .. }
            | Self::Describe { .. }
            | Self::ExportKey { .. }
            | Self::ChangePassphrase { .. }
            | Self::Measure { .. }
            | Self::BreakLock { .. } => LOCK_WAIT_INTERACTIVE,
            Self::Create(Create { lock_wait, .. })
            | Self::DryRun(Create { lock_wait, .. })
            | Self::Prune(Prune { lock_wait, .. })
            | Self::Identify { lock_wait, .. }
            | Self::Compact { lock_wait, .. }
            | Self::Check { lock_wait, .. } => *lock_wait,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Ssh, Version};

    fn line(command: &Command) -> String {
        let words = command.arguments();
        words
            .iter()
            .map(|word| word.to_str().unwrap())
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn simple_commands_have_their_flags() {
        let repository = "ssh://ada@host/./x".to_owned();
        let init = Command::Init {
            repository: repository.clone(),
            encryption: Encryption::RepokeyBlake2,
        };
        assert_eq!(
            line(&init),
            "init --log-json --lock-wait=5 --make-parent-dirs --encryption=repokey-blake2 -- ssh://ada@host/./x"
        );
        let list = Command::List {
            repository: repository.clone(),
        };
        assert_eq!(
            line(&list),
            "list --log-json --lock-wait=5 --json --consider-checkpoints -- ssh://ada@host/./x"
        );
        let complete = Command::ListComplete {
            repository: repository.clone(),
        };
        assert_eq!(
            line(&complete),
            "list --log-json --lock-wait=5 --json -- ssh://ada@host/./x"
        );
        let identify = Command::Identify {
            repository: repository.clone(),
            lock_wait: LOCK_WAIT_JOB,
        };
        assert_eq!(
            line(&identify),
            "list --log-json --lock-wait=60 --json --last=1 -- ssh://ada@host/./x"
        );
        let describe = Command::Describe {
            repository: repository.clone(),
        };
        assert_eq!(
            line(&describe),
            "list --log-json --lock-wait=5 --json --last=1 \
             --format={hostname}{username}{end}{command_line}{NL} -- ssh://ada@host/./x"
        );
        let break_lock = Command::BreakLock {
            repository: repository.clone(),
        };
        assert_eq!(
            line(&break_lock),
            "break-lock --log-json --lock-wait=5 -- ssh://ada@host/./x"
        );
        let export = Command::ExportKey {
            repository: repository.clone(),
            paper: true,
        };
        assert_eq!(
            line(&export),
            "key export --log-json --lock-wait=5 --paper -- ssh://ada@host/./x"
        );
        let change = Command::ChangePassphrase {
            repository: repository.clone(),
        };
        assert_eq!(
            line(&change),
            "key change-passphrase --log-json --lock-wait=5 -- ssh://ada@host/./x"
        );
        let compact = Command::Compact {
            repository: repository.clone(),
            lock_wait: LOCK_WAIT_JOB,
        };
        assert_eq!(
            line(&compact),
            "compact --log-json --lock-wait=60 --info --progress -- ssh://ada@host/./x"
        );
        assert_eq!(
            line(&Command::Check {
                repository: repository.clone(),
                lock_wait: LOCK_WAIT_JOB,
                at_most: None,
            }),
            "check --log-json --lock-wait=60 --info --progress --repository-only -- ssh://ada@host/./x"
        );
        assert_eq!(
            line(&Command::Check {
                repository,
                lock_wait: LOCK_WAIT_JOB,
                at_most: Some(Duration::from_mins(10)),
            }),
            "check --log-json --lock-wait=60 --info --progress --repository-only --max-duration=600 \
             -- ssh://ada@host/./x"
        );
    }

    #[test]
    fn the_shell_line_can_be_pasted() {
        let borg = Borg {
            path: "/opt/my borg/borg".into(),
            version: Version::new(1, 2, 4),
        };
        let list = Command::List {
            repository: "/it's here".to_owned(),
        };
        assert_eq!(
            list.shell_line(&borg, &Environment::from_session([])),
            r"'/opt/my borg/borg' list --log-json --lock-wait=5 --json --consider-checkpoints -- '/it'\''s here'"
        );
    }

    #[test]
    fn the_shell_line_of_a_prune_counts_days_in_the_zone_of_its_plan() {
        let borg = Borg {
            path: "borg".into(),
            version: Version::new(1, 2, 4),
        };
        let prune = Command::Prune(Prune {
            repository: "/repo".into(),
            archive_prefix: "home-k3x9-".into(),
            keep: Keep::default(),
            time_zone: Some("Europe/Berlin".into()),
            lock_wait: LOCK_WAIT_JOB,
            dry_run: true,
        });
        let line = prune.shell_line(&borg, &Environment::from_session([]));
        assert!(line.starts_with("TZ=Europe/Berlin borg prune "), "{line}");
    }

    #[test]
    fn the_shell_line_says_how_to_reach_a_server_that_needs_it() {
        let borg = Borg {
            path: "borg".into(),
            version: Version::new(1, 4, 0),
        };
        let ssh = Ssh {
            key: Some("/home/ada/the key".into()),
            ..Ssh::default()
        };
        let environment = Environment::from_session([]).over_ssh(&ssh, Some("borg14"));
        let compact = Command::Compact {
            repository: "ssh://nas/./b".into(),
            lock_wait: LOCK_WAIT_JOB,
        };
        let line = compact.shell_line(&borg, &environment);
        let (variables, command) = line.split_once(" borg compact ").unwrap();
        assert!(command.ends_with("-- ssh://nas/./b"), "{line}");
        let script = format!("{variables}; printf %s \"$BORG_RSH|$BORG_REMOTE_PATH\"");
        let printed = std::process::Command::new("sh")
            .args(["-c", &script])
            .output()
            .unwrap();
        let printed = String::from_utf8(printed.stdout).unwrap();
        assert!(
            printed.ends_with("-i '/home/ada/the key' -o IdentitiesOnly=yes|borg14"),
            "{printed}"
        );
    }

    #[test]
    fn a_local_repository_needs_its_full_path_and_a_remote_one_does_not() {
        let check = |repository: &str| {
            Command::List {
                repository: repository.to_owned(),
            }
            .check()
        };
        for relative in ["backups", "./backups", "~/backups"] {
            assert_eq!(
                check(relative),
                Err(InvalidCommand::RelativeRepository(relative.to_owned()))
            );
        }
        for full in [
            "/backups",
            "file:///backups",
            "ada@host:backups",
            "ssh://ada@host:22/./backups",
            "ssh://ada@[::1]:22/backups",
        ] {
            assert_eq!(check(full), Ok(()), "{full}");
        }
    }

    #[test]
    fn a_repository_borg_would_misread_is_refused() {
        for repository in ["", "/a::b", "/a{now}", "ssh://ada@[::1]/a::b", "/[a::b]"] {
            let list = Command::List {
                repository: repository.to_owned(),
            };
            assert!(
                matches!(list.check(), Err(InvalidCommand::Repository(_))),
                "{repository}"
            );
        }
    }
}
