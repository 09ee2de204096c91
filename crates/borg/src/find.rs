//! Finding a Borg that can be used.
//!
//! Apart because it goes wrong on its own and before anything else: the settings page and the first start show
//! its answer. Leaves out installing one.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use fs_err as fs;

use crate::environment::{Environment, Zone};
use crate::event::Event;
use crate::process::{Exit, LaunchError, Output, Program, Signal, start};
use crate::version::Version;

/// The oldest version Alcove is tested with.
pub const OLDEST: Version = Version::new(1, 2, 4);

/// The first version Alcove is not tested with; 2.x reads none of the repositories of 1.x.
pub const TOO_NEW: Version = Version::new(1, 5, 0);

/// Where Borg is often installed but `PATH` of a desktop session does not lead.
const USUAL_PLACES: [&str; 7] = [
    "/usr/bin",
    "/usr/local/bin",
    "/opt/homebrew/bin",
    "/opt/local/bin",
    "/run/current-system/sw/bin",
    "/snap/bin",
    "/home/linuxbrew/.linuxbrew/bin",
];

/// The same, in the user's home.
const USUAL_PLACES_AT_HOME: [&str; 2] = [".local/bin", ".nix-profile/bin"];

/// Enough for a cold start from a slow disk; a warm one takes a quarter of a second.
const PATIENCE: Duration = Duration::from_secs(10);

/// How much of a strange answer is quoted.
const MAX_QUOTE_CHARS: usize = 200;

/// Is a Borg program that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Borg {
    /// Where it is.
    pub path: PathBuf,
    /// What it said it is.
    pub version: Version,
}

/// Says why no Borg can be used, in a sentence for people.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// There is none.
    #[error(
        "BorgBackup was not found in {}. Install it with your system's package manager, or choose the program in the settings.",
        in_words(looked_in)
    )]
    NotFound {
        /// The folders, or the one program of the settings.
        looked_in: Vec<PathBuf>,
    },
    /// The system does not start it, or it does not answer in time.
    #[error("{} could not be started: {source}. Reinstall BorgBackup, or choose another program in the settings.", path.display())]
    DoesNotStart {
        /// Which program.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It answers, but not as Borg does.
    #[error("{} did not say which version of BorgBackup it is. {} Reinstall BorgBackup, or choose another program in the settings.", path.display(), quoted(output))]
    NotBorg {
        /// Which program.
        path: PathBuf,
        /// The beginning of what it said.
        output: String,
    },
    /// It is older than [`OLDEST`].
    #[error("{} is BorgBackup {version}, and Alcove needs {OLDEST} or newer. Update BorgBackup, or choose another program in the settings.", path.display())]
    TooOld {
        /// Which program.
        path: PathBuf,
        /// Its version.
        version: Version,
    },
    /// It is not older than [`TOO_NEW`].
    #[error("{} is BorgBackup {version}, and Alcove works with the 1.2 and 1.4 series. Install one of these beside it, and choose it in the settings.", path.display())]
    TooNew {
        /// Which program.
        path: PathBuf,
        /// Its version.
        version: Version,
    },
}

/// Finds a Borg: the one of the setting and no other, or else the first usable one of `PATH` and the usual
/// places.
///
/// Where none is usable, the reason that tells most is given: a version before a strange answer, that before a
/// program that does not start. Runs each candidate once with `--version`, for at most ten seconds.
pub fn find(setting: Option<&Path>, environment: &Environment) -> Result<Borg, Unusable> {
    if let Some(path) = setting {
        return if fs::metadata(path).is_ok() {
            ask(path, environment, PATIENCE)
        } else {
            Err(Unusable::NotFound {
                looked_in: vec![path.to_owned()],
            })
        };
    }
    let folders = folders(environment);
    let mut seen = HashSet::new();
    let mut reason = None;
    for path in folders.iter().map(|folder| folder.join("borg")) {
        let Ok(real) = fs::canonicalize(&path) else {
            continue;
        };
        if !seen.insert(real) {
            continue;
        }
        match ask(&path, environment, PATIENCE) {
            Ok(borg) => return Ok(borg),
            Err(found) => {
                reason = Some(match reason {
                    Some(known) => more_telling(known, found),
                    None => found,
                });
            }
        }
    }
    Err(reason.unwrap_or(Unusable::NotFound { looked_in: folders }))
}

fn folders(environment: &Environment) -> Vec<PathBuf> {
    let home = environment.home().map(Path::to_owned);
    let at_home = home
        .iter()
        .flat_map(|home| USUAL_PLACES_AT_HOME.map(|place| home.join(place)));
    let mut seen = HashSet::new();
    environment
        .search_path()
        .chain(USUAL_PLACES.map(PathBuf::from))
        .chain(at_home)
        .filter(|folder| seen.insert(folder.clone()))
        .collect()
}

/// Asks one program for its version.
fn ask(path: &Path, environment: &Environment, patience: Duration) -> Result<Borg, Unusable> {
    let does_not_start = |source| Unusable::DoesNotStart {
        path: path.to_owned(),
        source,
    };
    let said = first_words(path, environment, patience).map_err(does_not_start)?;
    let Ok(version) = said.parse::<Version>() else {
        let output = said.trim().chars().take(MAX_QUOTE_CHARS).collect();
        return Err(Unusable::NotBorg {
            path: path.to_owned(),
            output,
        });
    };
    let path = path.to_owned();
    if version < OLDEST {
        Err(Unusable::TooOld { path, version })
    } else if version >= TOO_NEW {
        Err(Unusable::TooNew { path, version })
    } else {
        Ok(Borg { path, version })
    }
}

/// Gives what a program says to `--version`: its stdout, or what it complained about.
fn first_words(path: &Path, environment: &Environment, patience: Duration) -> io::Result<String> {
    let program = Program {
        path: path.to_owned(),
        arguments: vec!["--version".into()],
        environment,
        zone: Zone::Utc,
        passphrase: None,
        low_priority: false,
        terminal: None,
    };
    let running = start(program).map_err(|error| match error {
        LaunchError::Start { source, .. } => source,
        other => io::Error::other(other),
    })?;
    let until = Instant::now() + patience;
    let mut complaint = String::new();
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match running.outputs().recv_timeout(left) {
            Ok(Output::Event(Event::Text(line))) if complaint.len() < MAX_QUOTE_CHARS => {
                complaint.push_str(&line);
                complaint.push('\n');
            }
            Ok(Output::Event(_)) => {}
            Ok(Output::Exited(Exit { stdout, .. })) => {
                let stdout = String::from_utf8_lossy(&stdout);
                return Ok(if stdout.trim().is_empty() {
                    complaint
                } else {
                    stdout.into_owned()
                });
            }
            Err(RecvTimeoutError::Timeout) => {
                running.signaller().send(Signal::KillGroup);
                let message = format!("it did not answer within {} seconds", patience.as_secs());
                return Err(io::Error::new(io::ErrorKind::TimedOut, message));
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(io::Error::other("it could not be followed"));
            }
        }
    }
}

/// Chooses between two reasons; of two as telling, the first found.
fn more_telling(known: Unusable, new: Unusable) -> Unusable {
    let rank = |reason: &Unusable| match reason {
        Unusable::NotFound { .. } => 0,
        Unusable::DoesNotStart { .. } => 1,
        Unusable::NotBorg { .. } => 2,
        Unusable::TooOld { .. } | Unusable::TooNew { .. } => 3,
    };
    if rank(&known) >= rank(&new) {
        known
    } else {
        new
    }
}

fn in_words(places: &[PathBuf]) -> String {
    places
        .iter()
        .map(|place| place.display().to_string())
        .collect::<Vec<_>>()
        .join(", ")
}

fn quoted(output: &str) -> String {
    if output.is_empty() {
        "It said nothing.".to_owned()
    } else {
        format!("It said: \"{output}\".")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alcove_testkit::{FakeBorg, Scratch, Script};

    fn environment(scratch: &Scratch, path: &[&Path]) -> Environment {
        let path = std::env::join_paths(path).unwrap();
        let session = scratch
            .session()
            .into_iter()
            .filter(|(name, _)| name != "PATH");
        Environment::from_session(session.chain([("PATH".into(), path)]))
    }

    fn fake(version: &str) -> FakeBorg {
        FakeBorg::new(version)
    }

    #[test]
    fn an_unusable_borg_does_not_hide_a_usable_one() {
        let scratch = Scratch::new();
        let old = fake("1.1.18").install(&scratch.folder("old"));
        let broken = scratch.folder("broken");
        std::fs::write(broken.join("borg"), "no program").unwrap();
        let good = fake("1.4.1rc1").install(&scratch.folder("good"));
        let folders = [old.folder(), &broken, good.folder()];
        let found = find(None, &environment(&scratch, &folders)).unwrap();
        assert_eq!(
            found,
            Borg {
                path: good.path().to_owned(),
                version: Version::new(1, 4, 1)
            }
        );
    }

    #[test]
    fn only_the_setting_counts_when_there_is_one() {
        let scratch = Scratch::new();
        let good = fake("1.2.4").install(&scratch.folder("good"));
        let environment = environment(&scratch, &[good.folder()]);
        let absent = scratch.path().join("absent");
        let Err(reason) = find(Some(&absent), &environment) else {
            panic!("there is no such program")
        };
        assert!(matches!(&reason, Unusable::NotFound { looked_in } if *looked_in == [absent]));
        let new = fake("2.0.0b22").install(&scratch.folder("new"));
        let Err(reason) = find(Some(new.path()), &environment) else {
            panic!("2.0 cannot be used")
        };
        assert!(
            matches!(&reason, Unusable::TooNew { version, .. } if *version == Version::new(2, 0, 0))
        );
        assert!(
            reason
                .to_string()
                .contains("is BorgBackup 2.0.0, and Alcove works with the 1.2 and 1.4 series.")
        );
    }

    #[test]
    fn the_bounds_of_what_is_supported_are_exact() {
        let scratch = Scratch::new();
        let environment = environment(&scratch, &[]);
        for (version, usable) in [
            ("1.2.3", false),
            ("1.2.4", true),
            ("1.4.99", true),
            ("1.5.0", false),
        ] {
            let borg = fake(version).install(&scratch.folder(version));
            assert_eq!(
                find(Some(borg.path()), &environment).is_ok(),
                usable,
                "{version}"
            );
        }
    }

    #[test]
    fn a_program_that_is_not_borg_is_quoted() {
        let scratch = Scratch::new();
        let script = Script::new()
            .stderr("ImportError: no module named borg\n")
            .exit(1);
        let borg = fake("1.2.4")
            .on("--version", script)
            .install(&scratch.folder("bin"));
        let Err(reason) = find(Some(borg.path()), &environment(&scratch, &[])) else {
            panic!("it is broken")
        };
        assert!(
            reason
                .to_string()
                .contains("It said: \"ImportError: no module named borg\"."),
            "{reason}"
        );
    }

    #[test]
    fn a_program_that_hangs_does_not_hang_alcove() {
        let scratch = Scratch::new();
        let script = Script::new()
            .ignore_signals()
            .sleep(Duration::from_mins(10));
        let borg = fake("1.2.4")
            .on("--version", script)
            .install(&scratch.folder("bin"));
        let asked = ask(
            borg.path(),
            &environment(&scratch, &[]),
            Duration::from_millis(200),
        );
        let Err(Unusable::DoesNotStart { source, .. }) = asked else {
            panic!("{asked:?}")
        };
        assert_eq!(source.kind(), io::ErrorKind::TimedOut);
    }

    #[test]
    fn a_file_that_is_no_program_does_not_start() {
        let scratch = Scratch::new();
        let path = scratch.folder("bin").join("borg");
        std::fs::write(&path, "text").unwrap();
        let found = find(Some(&path), &environment(&scratch, &[]));
        assert!(
            matches!(found, Err(Unusable::DoesNotStart { .. })),
            "{found:?}"
        );
    }

    #[test]
    fn the_most_telling_reason_is_given() {
        let old = Unusable::TooOld {
            path: "/a".into(),
            version: Version::new(1, 1, 0),
        };
        let strange = || Unusable::NotBorg {
            path: "/b".into(),
            output: String::new(),
        };
        let reason = more_telling(more_telling(strange(), old), strange());
        assert!(matches!(reason, Unusable::TooOld { .. }));
    }
}
