//! The TypeScript side of the api, written from its Rust types.

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::shell;

fn file() -> PathBuf {
    shell::root().join("ui/src/platform/bindings.ts")
}

/// Writes the bindings.
pub(crate) fn write() -> Result<()> {
    fs::write(file(), generated()?)?;
    println!("ui/src/platform/bindings.ts is up to date");
    Ok(())
}

/// Fails when the committed bindings are not those of the types.
pub(crate) fn check() -> Result<()> {
    if fs::read_to_string(file())? != generated()? {
        bail!("ui/src/platform/bindings.ts is not what the api's types say: cargo xtask bindings");
    }
    Ok(())
}

fn generated() -> Result<String> {
    // The whole workspace is named so that Cargo picks the features every other build uses.
    shell::run(shell::cargo(&[
        "build",
        "--workspace",
        "--example",
        "bindings",
    ]))?;
    shell::read(shell::command(
        shell::target().join("debug/examples/bindings"),
        &[],
    ))
}
