//! Programs: found, shown, run.

use std::env;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is a folder of the repository")
}

/// Where builds go.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |path| root().join(path))
}

/// A program with arguments, in the repository.
pub(crate) fn command(program: impl AsRef<OsStr>, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// The Cargo that runs this.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    command(
        env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
        arguments,
    )
}

/// Finds a program on the path.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// The command as a person would type it.
fn shown(command: &Command) -> String {
    let name = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default();
    let words = std::iter::once(name).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Says what is run.
fn announce(command: &Command) {
    let folder = command
        .get_current_dir()
        .and_then(|folder| folder.strip_prefix(root()).ok());
    match folder.filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => eprintln!("\n$ cd {} && {}", folder.display(), shown(command)),
        None => eprintln!("\n$ {}", shown(command)),
    }
}

/// Runs a command, its output shown. Fails when it does.
pub(crate) fn run(mut command: Command) -> Result<()> {
    announce(&command);
    let status = command
        .status()
        .with_context(|| format!("{} cannot be run", shown(&command)))?;
    if !status.success() {
        bail!("{} failed: {status}", shown(&command));
    }
    Ok(())
}

/// Runs a command, its output shown and passed on line by line, both streams as one. Returns
/// whether it succeeded.
pub(crate) fn follow(mut command: Command, mut each: impl FnMut(&str)) -> Result<bool> {
    announce(&command);
    let (reader, writer) = std::io::pipe()?;
    command.stdout(writer.try_clone()?).stderr(writer);
    let mut child = command
        .spawn()
        .with_context(|| format!("{} cannot be run", shown(&command)))?;
    // The command holds the writing ends; reading would never end while it does.
    drop(command);
    let mut lines = BufReader::new(reader);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        std::io::stdout().write_all(&line)?;
        each(&plain(&String::from_utf8_lossy(&line)));
        line.clear();
    }
    Ok(child.wait()?.success())
}

/// Runs a command and returns what it wrote. Fails when it does, with what it complained about.
pub(crate) fn read(mut command: Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("{} cannot be run", shown(&command)))?;
    if !output.status.success() {
        bail!(
            "{} failed: {}",
            shown(&command),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Whether a command can be run and succeeds; nothing is shown.
pub(crate) fn succeeds(mut command: Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// A line without its end and its colours.
fn plain(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line.trim_end();
    while let Some((before, escape)) = rest.split_once("\x1b[") {
        text.push_str(before);
        rest = escape
            .split_once(|end: char| end.is_ascii_alphabetic())
            .map_or("", |(_, rest)| rest);
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_off() {
        assert_eq!(
            plain("\x1b[2m Tests \x1b[22m \x1b[1;32m12 passed\x1b[39m\n"),
            " Tests  12 passed"
        );
    }

    #[test]
    fn both_streams_are_followed_to_their_end() {
        let mut seen = Vec::new();
        let good = follow(
            command("sh", &["-c", "echo out; echo err >&2; exit 3"]),
            |line| {
                seen.push(line.to_owned());
            },
        );
        assert!(!good.unwrap());
        assert_eq!(seen, ["out", "err"]);
    }
}
