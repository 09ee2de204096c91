//! Finding a Borg that can be used.
//!
//! Apart because it goes wrong on its own and before anything else: the settings page and the first start show
//! its answer. Leaves out installing one.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant, SystemTime};

use fs_err as fs;
use serde::{Deserialize, Serialize};

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
    let mut reason = None;
    for path in candidates(setting, environment) {
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
    Err(reason.unwrap_or_else(|| Unusable::NotFound {
        looked_in: match setting {
            Some(path) => vec![path.to_owned()],
            None => folders(environment),
        },
    }))
}

/// The programs that may be the Borg to use, the first first: each that is there, once.
fn candidates(setting: Option<&Path>, environment: &Environment) -> Vec<PathBuf> {
    let mut seen = HashSet::new();
    let mut is_new = |path: &PathBuf| fs::canonicalize(path).is_ok_and(|real| seen.insert(real));
    match setting {
        Some(path) => vec![path.to_owned()],
        None => folders(environment)
            .iter()
            .map(|folder| folder.join("borg"))
            .collect(),
    }
    .into_iter()
    .filter(|path| is_new(path))
    .collect()
}

/// A Borg that was found, and the files that were looked at for it: while they are the same files, it need not be asked
/// again, which takes a quarter of a second.
///
/// A program that only starts another one stays the same when that is replaced, so who keeps this believes it for a
/// while only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// The program that was found comes last.
    looked_at: Vec<Stamp>,
    version: Version,
}

/// What tells a file from the one that was there before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    path: PathBuf,
    size: u64,
    modified: SystemTime,
    /// Number of the file, seconds and nanoseconds of its last change: `stat(2)`.
    #[cfg(unix)]
    changed: (u64, i64, i64),
}

impl Stamp {
    fn of(path: PathBuf) -> io::Result<Self> {
        let file = fs::metadata(&path)?;
        Ok(Self {
            path,
            size: file.len(),
            modified: file.modified()?,
            #[cfg(unix)]
            changed: {
                use std::os::unix::fs::MetadataExt as _;
                (file.ino(), file.ctime(), file.ctime_nsec())
            },
        })
    }
}

impl Sighting {
    /// Notes a Borg that [`find`] has just found. `None` when the files cannot be told apart.
    pub fn note(borg: &Borg, setting: Option<&Path>, environment: &Environment) -> Option<Self> {
        let candidates = candidates(setting, environment);
        let found = candidates.iter().position(|path| *path == borg.path)?;
        Some(Self {
            looked_at: stamps(candidates, found + 1)?,
            version: borg.version,
        })
    }

    /// The Borg that [`find`] would find, if nothing has changed since.
    pub fn recall(self, setting: Option<&Path>, environment: &Environment) -> Option<Borg> {
        let now = stamps(candidates(setting, environment), self.looked_at.len())?;
        let version = self.version;
        let path = self.looked_at.last()?.path.clone();
        // A later Alcove may no longer work with it.
        let is_usable = (OLDEST..TOO_NEW).contains(&version);
        (is_usable && now == self.looked_at).then_some(Borg { path, version })
    }
}

/// The first so many programs as they are now.
fn stamps(candidates: Vec<PathBuf>, count: usize) -> Option<Vec<Stamp>> {
    let first = candidates.into_iter().take(count);
    first.map(|path| Stamp::of(path).ok()).collect()
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
    fn a_borg_that_was_found_is_recalled_until_any_file_before_it_is_another() {
        let scratch = Scratch::new();
        let old = fake("1.1.18").install(&scratch.folder("old"));
        let good = fake("1.4.1").install(&scratch.folder("good"));
        let first = scratch.folder("first");
        let folders = [first.as_path(), old.folder(), good.folder()];
        let environment = environment(&scratch, &folders);
        let found = find(None, &environment).unwrap();
        let sighting = Sighting::note(&found, None, &environment).unwrap();
        let text = serde_json::to_string(&sighting).unwrap();
        let recall = |setting: Option<&Path>| {
            let sighting: Sighting = serde_json::from_str(&text).unwrap();
            sighting.recall(setting, &environment)
        };
        assert_eq!(recall(None), Some(found));
        assert_eq!(recall(Some(old.path())), None, "another was chosen");
        let nearer = fake("1.2.8").install(&first);
        assert_eq!(recall(None), None, "another comes first");
        std::fs::remove_file(nearer.path()).unwrap();
        assert!(recall(None).is_some());
        fake("1.4.2").install(good.folder());
        assert_eq!(recall(None), None, "it was replaced");
        std::fs::remove_file(good.path()).unwrap();
        assert_eq!(recall(None), None, "it is gone");
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
