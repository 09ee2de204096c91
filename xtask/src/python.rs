//! Programs from PyPI, each in a virtual environment of its own.
//!
//! They live in the person's cache folder: installing takes up to a minute, and they outlive the checkout.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::setup::PYTHON;
use crate::shell;

/// A program, and where it comes from.
pub(crate) struct Package {
    /// What it is called on PyPI.
    pub(crate) name: &'static str,
    /// Its version. Another one gets a folder of its own.
    pub(crate) version: &'static str,
    /// What it is run as.
    pub(crate) program: &'static str,
}

impl Package {
    /// Returns the folder that holds the program, installed if need be.
    pub(crate) fn folder(&self) -> Result<PathBuf> {
        let Self {
            name,
            version,
            program,
        } = self;
        let cache = std::env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .or_else(|| std::env::home_dir().map(|home| home.join(".cache")))
            .with_context(|| format!("there is no home folder to install {name} in"))?;
        let folder = cache.join(format!("alcove-tests/{program}-{version}"));
        let programs = folder.join("bin");
        if shell::succeeds(shell::command(programs.join(program), &["--version"])) {
            return Ok(programs);
        }
        println!("\nInstalling {name} {version} in {}", folder.display());
        let place = folder.display().to_string();
        shell::run(shell::command(PYTHON, &["-m", "venv", "--clear", &place]))?;
        let package = format!("{name}=={version}");
        let arguments = ["install", "--quiet", &package];
        shell::run(shell::command(programs.join("pip"), &arguments))?;
        Ok(programs)
    }
}
