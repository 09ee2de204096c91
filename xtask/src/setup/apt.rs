//! Debian, Ubuntu and their kin.

use std::fs;
use std::process::Command;

use anyhow::Result;

use crate::shell;

/// Installs packages, after the list was shown. The package lists are fetched where there are none, or
/// where the ones there are too old to be of use.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    eprintln!(
        "\nThese packages will be installed:\n\n  {}",
        packages.join("\n  ")
    );
    let arguments = [&["install", "-y", "--no-install-recommends"], packages].concat();
    if has_lists() && shell::run(apt_get(&arguments)).is_ok() {
        return Ok(());
    }
    shell::run(apt_get(&["update"]))?;
    shell::run(apt_get(&arguments))
}

/// apt-get as root, asking nothing.
pub(crate) fn apt_get(arguments: &[&str]) -> Command {
    let root = shell::read(shell::command("id", &["-u"])).is_ok_and(|id| id.trim() == "0");
    let quiet = "DEBIAN_FRONTEND=noninteractive";
    let before: &[&str] = if root {
        &["env", quiet]
    } else {
        &["sudo", "env", quiet]
    };
    shell::command(before[0], &[&before[1..], &["apt-get"], arguments].concat())
}

fn has_lists() -> bool {
    fs::read_dir("/var/lib/apt/lists").is_ok_and(|lists| {
        lists
            .flatten()
            .any(|list| list.file_name().to_string_lossy().contains("_Packages"))
    })
}
