//! A program named `borg` that plays what a test tells it to.
//!
//! A real program and not a trait, since what Alcove gets wrong is between processes: pipes, signals, ends. A
//! shell script, so that a failing test can be looked at. Knows Borg's words only as far as a test puts them in.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::script::Script;

/// Describes a fake borg: a version, and what it does for each subcommand.
#[derive(Debug, Clone)]
pub struct FakeBorg {
    scripts: BTreeMap<String, Vec<Script>>,
    /// Steps for what it is not told of.
    otherwise: Script,
}

impl FakeBorg {
    /// Answers `--version` with "borg VERSION", and everything else with exit code 0 and silence.
    pub fn new(version: &str) -> Self {
        Self {
            scripts: BTreeMap::new(),
            otherwise: Script::new(),
        }
        .on(
            "--version",
            Script::new().stdout(format!("borg {version}\n")).exit(0),
        )
    }

    /// Stands before the real Borg of the `PATH` it is started with, and becomes it for what it is not told of.
    pub fn before_the_real() -> Self {
        Self {
            scripts: BTreeMap::new(),
            otherwise: Script::new().become_the_real(),
        }
    }

    /// Plays a script when the first argument is `command`. Told again for the same command, the first run plays
    /// the first script, the second the second, and so on; the last is played for ever. `--version` is replaced.
    #[must_use]
    pub fn on(mut self, command: &str, script: Script) -> Self {
        let scripts = self.scripts.entry(command.to_owned()).or_default();
        if command == "--version" {
            scripts.clear();
        }
        scripts.push(script);
        self
    }

    /// Writes the program into a folder that exists.
    pub fn install(&self, folder: &Path) -> Installed {
        let mut program = String::from(
            "#!/bin/sh\n\
             given=$PATH\n\
             PATH=/usr/bin:/bin\n\
             here=$(dirname \"$0\")/borg.d\n\
             number=$(ls \"$here/calls\" | wc -l)\n\
             until mkdir \"$here/calls/$number\" 2>/dev/null; do number=$((number + 1)); done\n\
             call=$here/calls/$number\n\
             PATH=$given /usr/bin/env > \"$call/environment\"\n\
             echo $$ > \"$call/pid\"\n\
             run=$(cat \"$here/calls\"/*/arguments.first 2>/dev/null | grep -cxF -e \"$1\")\n\
             printf '%s\\n' \"$1\" > \"$call/arguments.first\"\n\
             printf '%s\\n' \"$@\" > \"$call/arguments\"\n\
             case \"$1:$run\" in\n",
        );
        let own = folder.join("borg.d");
        std::fs::create_dir_all(own.join("calls")).expect("the folder of a fake borg can be made");
        for (command, scripts) in &self.scripts {
            for (run, script) in scripts.iter().enumerate() {
                let name = format!("{}-{run}", command.trim_start_matches('-'));
                let which = if run + 1 == scripts.len() {
                    "*".to_owned()
                } else {
                    run.to_string()
                };
                let lines = script.lines(&own, &name);
                write!(program, "{command}:{which})\n{lines}exit 0;;\n")
                    .expect("a string can be written to");
            }
        }
        program.push_str("esac\n");
        program.push_str(&self.otherwise.lines(&own, "otherwise"));
        let path = folder.join("borg");
        let text = own.join("text");
        std::fs::write(&text, program).expect("a fake borg can be written");
        std::fs::set_permissions(&text, std::fs::Permissions::from_mode(0o755))
            .expect("it can be made a program");
        // Copied by another process: a file that is open for writing here, or in a process just forked by another
        // test, cannot be started.
        let copied = Command::new("cp").arg("-p").args([&text, &path]).status();
        assert!(
            copied.is_ok_and(|status| status.success()),
            "a fake borg can be put in its place"
        );
        Installed { path }
    }
}

/// Is a fake borg on disk.
#[derive(Debug, Clone)]
pub struct Installed {
    path: PathBuf,
}

impl Installed {
    /// Gives the program.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the folder it is in, for `PATH`.
    pub fn folder(&self) -> &Path {
        self.path.parent().expect("a program is in a folder")
    }

    /// Lets a run go on that waits for this name.
    pub fn release(&self, name: &str) {
        let file = self.folder().join(format!("borg.d/release-{name}"));
        std::fs::write(file, "").expect("a fake borg can be released");
    }

    /// Gives the calls so far of one subcommand, the oldest first. Whoever is among them has noted all but what its
    /// script notes.
    pub fn calls(&self, command: &str) -> Vec<Call> {
        let calls = self.folder().join("borg.d/calls");
        let made = std::fs::read_dir(&calls)
            .expect("the calls of a fake borg can be listed")
            .count();
        let all = (0..made).map(|number| Call {
            folder: calls.join(number.to_string()),
        });
        all.filter(|call| {
            call.arguments()
                .first()
                .is_some_and(|first| first == command)
        })
        .collect()
    }
}

/// Is one call of a fake borg, as it noted it.
#[derive(Debug, Clone)]
pub struct Call {
    folder: PathBuf,
}

impl Call {
    /// Gives its arguments; none may hold a line end.
    pub fn arguments(&self) -> Vec<String> {
        self.read("arguments").lines().map(str::to_owned).collect()
    }

    /// Gives its environment.
    pub fn environment(&self) -> BTreeMap<String, String> {
        let text = self.read("environment");
        let pairs = text.lines().filter_map(|line| line.split_once('='));
        pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// Gives its process number.
    pub fn pid(&self) -> Option<u32> {
        self.read("pid").trim().parse().ok()
    }

    /// Gives the signals it noted, such as `INT`, in order.
    pub fn signals(&self) -> Vec<String> {
        self.read("signals").lines().map(str::to_owned).collect()
    }

    /// Tells whether it has come to where signals are noted or ignored.
    pub fn is_ready_for_signals(&self) -> bool {
        self.folder.join("ready").exists()
    }

    /// Gives the passphrase it read.
    pub fn passphrase(&self) -> String {
        self.read("passphrase")
    }

    /// Gives the lines that were entered on its terminal.
    pub fn entered(&self) -> Vec<String> {
        self.read("entered").lines().map(str::to_owned).collect()
    }

    /// Gives the number of the process it left behind.
    pub fn left_behind(&self) -> Option<u32> {
        self.read("left-behind").trim().parse().ok()
    }

    /// Reads what was noted so far; nothing if it has not come to that.
    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.join(name)).unwrap_or_default()
    }
}
