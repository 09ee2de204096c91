//! What Alcove is built from and under which licences: the list Settings shows, from the lock files.
//!
//! Only what is shipped: what the programs of a package link on the desktops they are made for, and what the pages
//! load. Which licences may come in is `cargo deny`'s matter (`deny.toml`).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::shell;

/// The desktops, as in `deny.toml`.
const TARGETS: [&str; 5] = [
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
];

/// A crate or a package. The order is that of the list.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    name: String,
    version: String,
    from: &'static str,
    /// An expression of SPDX.
    licence: String,
}

fn file() -> PathBuf {
    shell::root().join("ui/src/features/settings/licences.json")
}

/// Writes the list.
pub(crate) fn write() -> Result<()> {
    fs::write(file(), generated()?)?;
    println!("ui/src/features/settings/licences.json is up to date");
    Ok(())
}

/// Fails when the committed list is not that of the lock files.
pub(crate) fn check() -> Result<()> {
    if fs::read_to_string(file())? != generated()? {
        bail!(
            "ui/src/features/settings/licences.json is not what the lock files say: cargo xtask licences"
        );
    }
    Ok(())
}

/// The list as JSON, one part a line, so that a change of one is a change of one line.
fn generated() -> Result<String> {
    let mut parts = crates(&shell::read(tree())?)?;
    let lock = fs::read_to_string(shell::root().join("ui/package-lock.json"))?;
    parts.extend(packages(&serde_json::from_str(&lock)?)?);
    let lines: Vec<String> = parts
        .iter()
        .map(
            |Part {
                 name,
                 version,
                 from,
                 licence,
             }| {
                json!({"name": name, "version": version, "from": from, "licence": licence})
                    .to_string()
            },
        )
        .collect();
    Ok(format!("[\n  {}\n]\n", lines.join(",\n  ")))
}

fn tree() -> std::process::Command {
    let mut tree = shell::cargo(&[
        "tree",
        "--locked",
        "--package",
        "alcove",
        "--package",
        "alcove-cli",
        // A procedural macro runs in the compiler and is not shipped.
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "none",
        "--format",
        "{p}|{l}",
    ]);
    for target in TARGETS {
        tree.args(["--target", target]);
    }
    tree
}

/// The crates of a tree, without the project's own: those have a path behind their version.
fn crates(tree: &str) -> Result<BTreeSet<Part>> {
    tree.lines()
        .map(|line| line.trim_end_matches(" (*)"))
        .filter(|line| !line.is_empty() && !line.contains(" (/") && !line.contains(":\\"))
        .map(|line| {
            let parsed = line.split_once('|').and_then(|(package, licence)| {
                let (name, version) = package.split_once(" v")?;
                Some((name, version.trim(), licence.trim()))
            });
            let (name, version, licence) =
                parsed.with_context(|| format!("cargo tree said {line:?}"))?;
            part(name, version, "crate", licence)
        })
        .collect()
}

/// The packages the pages load: what is reached from the dependencies, and not what a peer of one would like.
fn packages(lock: &Value) -> Result<BTreeSet<Part>> {
    let all = lock["packages"]
        .as_object()
        .context("package-lock.json has no packages")?;
    let mut found = BTreeMap::new();
    let mut waiting = vec![String::new()];
    while let Some(place) = waiting.pop() {
        let Some(needed) = all[&place]["dependencies"].as_object() else {
            continue;
        };
        for name in needed.keys() {
            let at = place_of(name, &place, |at| all.contains_key(at))
                .with_context(|| format!("package-lock.json has no {name}"))?;
            let about = &all[&at];
            let text = |key: &str| about[key].as_str().unwrap_or_default();
            let part = part(name, text("version"), "npm", text("license"))?;
            if found.insert(at.clone(), part).is_none() {
                waiting.push(at);
            }
        }
    }
    Ok(found.into_values().collect())
}

/// Where Node finds a package from a place: beside it, or at one further out.
fn place_of(name: &str, from: &str, is_there: impl Fn(&str) -> bool) -> Option<String> {
    let mut around = from;
    loop {
        let at = format!("{around}/node_modules/{name}");
        let at = at.trim_start_matches('/');
        if is_there(at) {
            return Some(at.to_owned());
        }
        if around.is_empty() {
            return None;
        }
        around = around
            .rsplit_once("node_modules/")
            .map_or("", |(before, _)| before.trim_end_matches('/'));
    }
}

fn part(name: &str, version: &str, from: &'static str, licence: &str) -> Result<Part> {
    if version.is_empty() || licence.is_empty() {
        bail!("{name} says no version or no licence");
    }
    Ok(Part {
        name: name.to_owned(),
        version: version.to_owned(),
        from,
        // The old way to write OR.
        licence: licence.replace(" / ", " OR ").replace('/', " OR "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(parts: &BTreeSet<Part>) -> Vec<String> {
        parts
            .iter()
            .map(|part| format!("{} {} {}", part.name, part.version, part.licence))
            .collect()
    }

    #[test]
    fn a_crate_is_listed_once_and_the_projects_own_are_not() {
        let tree = "alcove v0.1.0 (/home/ada/alcove)|MIT OR Apache-2.0\n\
            serde v1.0.1|MIT OR Apache-2.0\n\nbytes v1.2.0|MIT/Apache-2.0\n\
            serde v1.0.1|MIT OR Apache-2.0 (*)\nalcove-api v0.1.0 (C:\\alcove)|MIT\n";
        assert_eq!(
            names(&crates(tree).unwrap()),
            [
                "bytes 1.2.0 MIT OR Apache-2.0",
                "serde 1.0.1 MIT OR Apache-2.0"
            ]
        );
    }

    #[test]
    fn a_crate_without_a_licence_is_an_error() {
        let error = crates("odd v1.0.0|\n").unwrap_err();
        assert!(error.to_string().contains("odd"));
    }

    #[test]
    fn packages_are_those_the_pages_reach() {
        let lock = json!({"packages": {
            "": {"dependencies": {"react": "1"}, "devDependencies": {"vite": "8"}},
            "node_modules/react": {
                "version": "1.0.0", "license": "MIT",
                "dependencies": {"scheduler": "2"}, "peerDependencies": {"@types/react": "1"}
            },
            "node_modules/react/node_modules/scheduler": {
                "version": "2.0.0", "license": "ISC", "dependencies": {"loose": "1"}
            },
            "node_modules/scheduler": {"version": "1.0.0", "license": "MIT"},
            "node_modules/loose": {"version": "3.0.0", "license": "MIT"},
            "node_modules/@types/react": {"version": "1.0.0", "license": "MIT"},
            "node_modules/vite": {"version": "8.0.0", "license": "MIT", "dev": true},
        }});
        assert_eq!(
            names(&packages(&lock).unwrap()),
            ["loose 3.0.0 MIT", "react 1.0.0 MIT", "scheduler 2.0.0 ISC"]
        );
    }
}
