//! The long run of the fuzz targets.
//!
//! libFuzzer by cargo-fuzz, which needs a nightly Rust; the short run and the replay of the corpora are tests and
//! need nothing. What a target tries is said beside the code it tests (`fuzzing.rs`); which there are, by
//! `fuzz/targets`. What is found stays below the target folder until a person takes it into `fuzz/corpus`.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::shell;

/// How long a target is tried before it is asked whether that gave anything new: coverage that the inputs it began with
/// had not.
const ROUND: &str = "-max_total_time=1200";

/// Runs each target in rounds of 20 minutes until one gives no new coverage.
pub(crate) fn fuzz() -> Result<()> {
    ensure!(
        shell::succeeds(nightly(&["--version"])),
        "the long run needs a nightly Rust: rustup toolchain install nightly"
    );
    ensure!(
        shell::succeeds(nightly(&["fuzz", "--version"])),
        "the long run needs cargo-fuzz: cargo install cargo-fuzz"
    );
    for target in targets()? {
        run(&target)?;
    }
    Ok(())
}

fn run(target: &str) -> Result<()> {
    let work = shell::target().join("fuzz").join(target);
    let (found, broken) = (work.join("corpus"), work.join("broken"));
    fs::create_dir_all(&found)?;
    fs::create_dir_all(&broken)?;
    loop {
        let mut command = nightly(&["fuzz", "run", target]);
        command
            .arg(&found)
            .arg(shell::root().join("fuzz/corpus").join(target))
            .args(["--", ROUND, "-timeout=10", "-print_final_stats=1"])
            .arg(format!("-artifact_prefix={}/", broken.display()));
        let (mut before, mut now) = (None, None);
        let follow = |line: &str| {
            now = coverage(line).or(now);
            before = before.or(now.filter(|_| line.contains("INITED")));
        };
        if !shell::follow(command, follow)? {
            bail!(
                "{target} broke a promise: put the input of {} into fuzz/corpus/{target} and mend it",
                broken.display()
            );
        }
        let now = now.context("libFuzzer tells its coverage")?;
        if before == Some(now) {
            println!("{target}: a round gave nothing new, {now} edges are covered");
            return Ok(());
        }
    }
}

fn nightly(arguments: &[&str]) -> Command {
    let words: Vec<&str> = ["run", "nightly", "cargo"]
        .iter()
        .chain(arguments)
        .copied()
        .collect();
    shell::command("rustup", &words)
}

/// The names of all targets.
fn targets() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(shell::root().join("fuzz/targets"))? {
        let path = entry?.path();
        names.extend(
            path.file_stem()
                .and_then(|name| name.to_str())
                .map(str::to_owned),
        );
    }
    names.sort();
    Ok(names)
}

/// Reads how many edges are covered from a line of libFuzzer: `#2940 DONE cov: 168 ft: 493 …`.
fn coverage(line: &str) -> Option<u64> {
    let (_, rest) = line.strip_prefix('#')?.split_once("cov: ")?;
    rest.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coverage_is_read_from_every_line_that_tells_it() {
        assert_eq!(
            coverage("#2940\tDONE   cov: 168 ft: 493 corp: 89/2697b"),
            Some(168)
        );
        assert_eq!(coverage("#2\tINITED cov: 7 ft: 8"), Some(7));
        assert_eq!(coverage("INFO: seed corpus: files: 3"), None);
    }

    #[test]
    fn every_target_has_a_corpus_and_every_corpus_a_target() {
        let mut corpora: Vec<String> = fs::read_dir(shell::root().join("fuzz/corpus"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        corpora.sort();
        assert_eq!(targets().unwrap(), corpora);
    }
}
