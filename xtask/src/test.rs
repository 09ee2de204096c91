//! Every suite, one after the other, and one count at the end.

use alcove_testkit::Scratch;
use anyhow::{Result, bail, ensure};

use crate::suite::{self, Cargo, Counts, Rows};
use crate::{faults, node, package, schemathesis, second_borg, setup, shell};

/// Runs every suite, shows a table, and ends with the line `N passed, N failed`.
///
/// A suite that fails does not keep the next from running. One that ran no test has failed: silence
/// is no success.
pub(crate) fn test(all: bool) -> Result<()> {
    setup::setup(setup::For::Tests)?;
    node::build_ui()?;
    // Builds the program itself as well, which the window suite drives.
    shell::run(shell::cargo(&["build", "--workspace", "--all-targets"]))?;
    let mut suites = vec![
        ("rust", rust(all)?),
        ("borg 1.4", second_borg(all)?),
        ("faults", faults()?),
        ("schemathesis", schemathesis()?),
        ("ui", ui()?),
        ("window", window()?),
    ];
    if all {
        suites.push(("package", package::test()?));
    }

    let mut total = Counts::default();
    println!("\n{:<44} {:>7} {:>7}", "", "passed", "failed");
    for (suite, rows) in &suites {
        for (name, counts) in &rows.0 {
            let row = if name.is_empty() {
                (*suite).to_owned()
            } else {
                format!("{suite}: {name}")
            };
            println!("{row:<44} {:>7} {:>7}", counts.passed, counts.failed);
        }
        total += rows.total();
    }
    println!("\n{} passed, {} failed", total.passed, total.failed);
    if total.failed > 0 {
        bail!("a test failed");
    }
    Ok(())
}

fn rust(all: bool) -> Result<Rows> {
    let mut arguments = vec!["test", "--workspace", "--no-fail-fast"];
    if all {
        arguments.extend(["--", "--include-ignored"]);
    }
    let mut counted = Cargo::default();
    let good = shell::follow(shell::cargo(&arguments), |line| counted.line(line))?;
    Ok(judged(counted.rows, good))
}

/// The suites that run a real Borg once more, over another one.
fn second_borg(all: bool) -> Result<Rows> {
    if !cfg!(target_os = "linux") {
        println!("\nThe second Borg is left out: it is built on Linux only.");
        return Ok(Rows::default());
    }
    // By target and not by package: the choice of packages would change features, and build all anew.
    let mut arguments = vec![
        "test",
        "--workspace",
        "--no-fail-fast",
        "--test",
        "it",
        "--test",
        "borg",
        "--test",
        "http",
    ];
    if all {
        arguments.extend(["--", "--include-ignored"]);
    }
    let mut command = shell::cargo(&arguments);
    command.env("ALCOVE_TEST_BORG", second_borg::BORG.folder()?);
    let mut counted = Cargo::default();
    let good = shell::follow(command, |line| counted.line(line))?;
    Ok(judged(counted.rows, good))
}

/// The fault table, each row once.
fn faults() -> Result<Rows> {
    if !cfg!(target_os = "linux") {
        println!("\nThe fault table is left out: its faults are made with what Linux has.");
        return Ok(Rows::default());
    }
    let (counts, good) = faults::once()?;
    Ok(judged(Rows(vec![(String::new(), counts)]), good))
}

/// The HTTP API, asked what nobody would ask.
fn schemathesis() -> Result<Rows> {
    let scratch = Scratch::new();
    let (server, command) = schemathesis::against_a_server(&scratch)?;
    let rows = counted(command, suite::schemathesis)?;
    // It may have got hold of the token it was given; what came after that was a row of refusals.
    let last = server.client().get("/api/backup/jobs").status;
    ensure!(last == 200, "the server answers {last} in the end");
    Ok(rows)
}

fn ui() -> Result<Rows> {
    let command = node::npm(&shell::root().join("ui"), &["test"]);
    counted(command, suite::vitest)
}

fn window() -> Result<Rows> {
    if !cfg!(target_os = "linux") {
        println!(
            "\nThe window suite is left out: only WebKitGTK has a driver that can be used here."
        );
        return Ok(Rows::default());
    }
    let mut command = node::npm(&shell::root().join("tests/window"), &["test"]);
    command.env("ALCOVE_TARGET", shell::target());
    counted(command, suite::node)
}

/// Runs a suite of one row.
fn counted(command: std::process::Command, count: impl Fn(&str) -> Option<Counts>) -> Result<Rows> {
    let mut counts = Counts::default();
    let good = shell::follow(command, |line| {
        if let Some(more) = count(line) {
            counts += more;
        }
    })?;
    Ok(judged(Rows(vec![(String::new(), counts)]), good))
}

/// Adds a failure where a suite failed without counting one, or ran nothing.
fn judged(mut rows: Rows, good: bool) -> Rows {
    let counts = rows.total();
    if counts.failed == 0 && (!good || counts.passed == 0) {
        let why = if good {
            "ran no test"
        } else {
            "did not end well"
        };
        rows.0.push((
            why.to_owned(),
            Counts {
                passed: 0,
                failed: 1,
            },
        ));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(passed: u64, failed: u64, good: bool) -> u64 {
        judged(Rows(vec![(String::new(), Counts { passed, failed })]), good)
            .total()
            .failed
    }

    #[test]
    fn silence_is_no_success() {
        assert_eq!(judge(0, 0, true), 1);
    }

    #[test]
    fn a_suite_that_breaks_down_has_failed() {
        assert_eq!(judge(5, 0, false), 1);
    }

    #[test]
    fn a_counted_failure_is_counted_once() {
        assert_eq!(judge(5, 2, false), 2);
        assert_eq!(judge(5, 0, true), 0);
    }
}
