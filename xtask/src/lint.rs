//! What a reviewer should not have to look for.

use std::path::PathBuf;

use anyhow::Result;

use crate::{bindings, licences, node, setup, shell, walls};

/// The version of cargo-deny the project is checked with.
const DENY: &str = "0.20.2";

/// Runs every check; the first that fails ends it.
pub(crate) fn lint() -> Result<()> {
    setup::setup(setup::For::Running)?;
    shell::run(shell::cargo(&["fmt", "--all", "--check"]))?;
    walls::check()?;
    node::install("ui")?;
    shell::run(node::npm(&shell::root().join("ui"), &["run", "check"]))?;
    // The desktop package embeds the built pages, so it cannot be checked without them.
    node::build_ui()?;
    shell::run(shell::cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))?;
    bindings::check()?;
    licences::check()?;
    shell::run(shell::command(
        deny()?,
        &["check", "bans", "licenses", "sources"],
    ))?;
    println!("\nEvery check passed.");
    Ok(())
}

/// Finds cargo-deny, or installs it below the target folder.
fn deny() -> Result<PathBuf> {
    let right = |program: &PathBuf| {
        shell::read(shell::command(program, &["--version"]))
            .is_ok_and(|version| version.trim().ends_with(DENY))
    };
    if let Some(program) = shell::find("cargo-deny").filter(right) {
        return Ok(program);
    }
    let tools = shell::target().join("tools");
    let program = tools.join("bin/cargo-deny");
    if !right(&program) {
        let tools = tools.to_string_lossy();
        shell::run(shell::cargo(&[
            "install",
            "cargo-deny",
            "--version",
            DENY,
            "--locked",
            "--debug",
            "--root",
            &tools,
        ]))?;
    }
    Ok(program)
}
