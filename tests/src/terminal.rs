//! What a person would do and see in a terminal beside Alcove.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use alcove_testkit::Scratch;
use rustix::process::Pid;

use crate::PASSPHRASE;

/// A terminal in a scratch.
#[derive(Debug, Clone, Copy)]
pub struct Terminal<'a>(pub &'a Scratch);

impl Terminal<'_> {
    /// Runs the Borg of this computer, which knows the passphrase.
    pub fn borg(self, arguments: &[&str]) -> Output {
        run(&mut self.command(arguments))
    }

    /// The same in a folder.
    pub fn borg_in(self, folder: &Path, arguments: &[&str]) -> Output {
        run(self.command(arguments).current_dir(folder))
    }

    /// The same with variables of its own.
    pub fn borg_with(self, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
        run(self.command(arguments).envs(variables.iter().copied()))
    }

    /// The same with the passphrase from the output of a command.
    pub fn borg_that_asks(self, command: &str, arguments: &[&str]) -> Output {
        run(self.command(arguments).env("BORG_PASSCOMMAND", command))
    }

    /// Starts a Borg and does not wait for it.
    pub fn start(self, arguments: &[&str]) -> Child {
        let mut borg = self.command(arguments);
        borg.stdout(Stdio::null()).stderr(Stdio::null());
        borg.spawn().expect("borg is installed")
    }

    pub(crate) fn command(self, arguments: &[&str]) -> Command {
        // From a file, so that a test may look for the passphrase in every process.
        let passphrase = self.0.path().join("passphrase");
        std::fs::write(&passphrase, PASSPHRASE).expect("a scratch can be written to");
        let mut borg = Command::new("borg");
        borg.args(arguments)
            .current_dir(self.0.path())
            .env_clear()
            .envs(self.0.session())
            .env(
                "BORG_PASSCOMMAND",
                format!("cat '{}'", passphrase.display()),
            );
        borg
    }

    /// The names of the archives in a repository, checkpoints too.
    pub fn archives(self, repository: &str) -> Vec<String> {
        let listed = self.borg(&["list", "--consider-checkpoints", "--short", repository]);
        assert!(
            listed.status.success(),
            "{}",
            String::from_utf8_lossy(&listed.stderr)
        );
        String::from_utf8_lossy(&listed.stdout)
            .lines()
            .map(str::to_owned)
            .collect()
    }

    /// The commands of every Borg that runs in the scratch.
    pub fn running_borgs(self) -> Vec<String> {
        let borgs = self.borgs().into_iter();
        borgs.map(|(_, command)| command).collect()
    }

    /// Every Borg that runs in the scratch, with its command.
    pub fn borgs(self) -> Vec<(Pid, String)> {
        let here = self.0.path().display().to_string();
        let processes = std::fs::read_dir("/proc").expect("/proc is there");
        processes
            .filter_map(|process| {
                let process = process.ok()?;
                let id = process.file_name().to_str()?.parse().ok()?;
                let words = std::fs::read(process.path().join("cmdline")).ok()?;
                let command = String::from_utf8_lossy(&words).replace('\0', " ");
                Some((Pid::from_raw(id)?, command))
            })
            .filter(|(_, command)| is_borg(command) && command.contains(&here))
            .collect()
    }
}

/// Whether a command is Borg, or something that runs it, such as Python.
fn is_borg(command: &str) -> bool {
    let mut words = command.split(' ').take(2);
    words.any(|word| {
        Path::new(word)
            .file_name()
            .is_some_and(|name| name == "borg")
    })
}

fn run(borg: &mut Command) -> Output {
    borg.output().expect("borg is installed")
}
