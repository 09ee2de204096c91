//! How soon after a cancel the next backup can start. Measured beside the api itself, in `tests/bench`.

use anyhow::{Context, Result};
use serde_json::Value;

use super::Figure;
use crate::shell;

pub(super) fn measure() -> Result<Vec<Figure>> {
    let said = shell::read(shell::cargo(&[
        "run",
        "--release",
        "--package",
        "alcove-tests",
        "--bin",
        "alcove-bench",
    ]))?;
    said.lines().map(figure).collect()
}

/// Reads a line of the program.
fn figure(line: &str) -> Result<Figure> {
    let said: Value = serde_json::from_str(line)?;
    let text = |key: &str| said[key].as_str().map(str::to_owned);
    Ok(Figure {
        bench: text("bench").context("a bench has a name")?,
        figure: said["figure"].as_f64().context("a figure is a number")?,
        unit: text("unit").context("a figure has a unit")?,
        floor: None,
        goal: said["goal"].as_f64().context("a goal is a number")?,
    })
}
