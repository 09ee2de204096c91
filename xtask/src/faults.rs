//! The fault table: everything that can go wrong, made to go wrong over a real Borg (`tests/faults`).

use std::process::Command;

use anyhow::Result;

use crate::suite::{self, Counts};
use crate::{setup, shell};

/// Runs the table with these words of a person's, and fails when a row does.
pub(crate) fn faults(words: &[&str]) -> Result<()> {
    setup::setup(setup::For::Faults)?;
    shell::run(command(words))
}

/// Runs every row once. Gives how many were good, and whether the table came to its end.
pub(crate) fn once() -> Result<(Counts, bool)> {
    let mut counts = Counts::default();
    let good = shell::follow(command(&["--rounds", "1"]), |line| {
        if let Some(closing) = suite::closing(line) {
            counts = closing;
        }
    })?;
    Ok((counts, good))
}

/// By target and not by package: the choice of packages would change features, and build all anew.
fn command(words: &[&str]) -> Command {
    let table = ["test", "--quiet", "--workspace", "--test", "faults", "--"];
    shell::cargo(&[&table, words].concat())
}
