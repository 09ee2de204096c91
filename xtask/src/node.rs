//! The Node parts: the UI and the window tests.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

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

/// The same where a source is newer than the pages. Every build writes all of them anew, and Cargo then builds the
/// program anew.
pub(crate) fn build_ui_if_changed() -> Result<()> {
    let ui = shell::root().join("ui");
    let built = ui.join("dist/index.html").metadata();
    let built = built.and_then(|page| page.modified()).ok();
    let sources = ["src", "index.html", "package-lock.json", "vite.config.ts"];
    let newest = sources
        .iter()
        .map(|name| newest(&ui.join(name)))
        .try_fold(SystemTime::UNIX_EPOCH, |newest, time| {
            time.map(|time| newest.max(time))
        })?;
    if built.is_some_and(|built| built > newest) {
        return Ok(());
    }
    build_ui()
}

/// When anything in a folder, or a file, was last changed.
fn newest(path: &Path) -> Result<SystemTime> {
    let mut newest = path.metadata()?.modified()?;
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            newest = newest.max(self::newest(&entry?.path())?);
        }
    }
    Ok(newest)
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
