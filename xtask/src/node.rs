//! The Node parts: the UI and the window tests.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell;

/// The oldest Node that builds the UI.
const NODE: (u32, u32) = (20, 19);

/// Installs a folder's modules, unless those of this lock file are there.
pub(crate) fn install(folder: &str) -> Result<()> {
    let folder = shell::root().join(folder);
    let lock =
        fs::read(folder.join("package-lock.json")).context("package-lock.json is missing")?;
    let stamp = folder.join("node_modules/.installed");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    check_version()?;
    shell::run(npm(&folder, &["ci"]))?;
    fs::write(stamp, lock)?;
    Ok(())
}

/// Builds the pages the window shows.
pub(crate) fn build_ui() -> Result<()> {
    install("ui")?;
    shell::run(npm(&shell::root().join("ui"), &["run", "build"]))
}

/// npm in a folder.
pub(crate) fn npm(folder: &Path, arguments: &[&str]) -> Command {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut command = shell::command(program, arguments);
    command.current_dir(folder);
    command
}

fn check_version() -> Result<()> {
    let (major, minor) = NODE;
    let version = shell::read(shell::command("node", &["--version"]))
        .with_context(|| format!("Node {major}.{minor} or newer is needed"))?;
    let mut numbers = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(found_major)), Some(Ok(found_minor))) if (found_major, found_minor) >= NODE => {
            Ok(())
        }
        _ => bail!(
            "Node {major}.{minor} or newer is needed, {} was found",
            version.trim()
        ),
    }
}
