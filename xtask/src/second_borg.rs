//! The second Borg the tests run over: the newest 1.4, beside the 1.2 of Debian 12.
//!
//! Built by pip from PyPI's source package, once, into the person's cache folder: it takes a minute
//! and outlives the checkout.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::setup::PYTHON;
use crate::shell;

/// Its version. Another one gets a folder of its own.
pub(crate) const VERSION: &str = "1.4.5";

/// Returns the folder that holds `borg`, built if need be.
pub(crate) fn folder() -> Result<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cache")))
        .context("there is no home folder to build the second Borg in")?;
    let folder = cache.join(format!("alcove-tests/borg-{VERSION}"));
    let programs = folder.join("bin");
    let borg = programs.join("borg").display().to_string();
    if shell::succeeds(shell::command(&borg, &["--version"])) {
        return Ok(programs);
    }
    println!("\nBuilding Borg {VERSION} in {}", folder.display());
    let place = folder.display().to_string();
    shell::run(shell::command(PYTHON, &["-m", "venv", "--clear", &place]))?;
    let pip = programs.join("pip").display().to_string();
    let package = format!("borgbackup=={VERSION}");
    shell::run(shell::command(&pip, &["install", "--quiet", &package]))?;
    Ok(programs)
}
