//! What is measured beside the api itself, by the program of `tests/bench`.

use anyhow::{Context, Result};

use super::{Figure, Size};
use crate::shell;

/// Has the program measure what it knows by these words, the first of them a name.
pub(super) fn measure(words: &[&str], size: Size) -> Result<Vec<Figure>> {
    let mut program = shell::cargo(&[
        "run",
        "--release",
        "--package",
        "alcove-tests",
        "--bin",
        "alcove-bench",
        "--",
    ]);
    program.args(words).args(size.of(None, Some("--small")));
    let said = shell::read(program)?;
    said.lines()
        .map(|line| Figure::read(line).with_context(|| format!("no figure: {line}")))
        .collect()
}
