//! The rules of the house that a compiler does not check.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::shell;

/// A word that stands in one room only, and the files that must not have it.
struct Wall {
    /// What the word is part of.
    what: &'static str,
    /// Whether a line of code has it.
    has: fn(&str) -> bool,
    /// The room it belongs to.
    room: &'static str,
    /// Parts of other rooms that may have it too.
    also: &'static [&'static str],
}

const WALLS: &[Wall] = &[
    Wall {
        what: "SQL",
        has: |line| {
            [
                "SELECT ",
                "INSERT INTO ",
                "UPDATE ",
                "DELETE FROM ",
                "CREATE TABLE ",
                "PRAGMA ",
            ]
            .iter()
            .any(|word| line.contains(word))
        },
        room: "store",
        also: &[],
    },
    Wall {
        what: "a variable of Borg",
        has: |line| line.contains("\"BORG_"),
        room: "borg",
        also: &[],
    },
    Wall {
        what: "a flag of Borg",
        has: |line| {
            line.split("\"--")
                .skip(1)
                .any(|rest| rest.starts_with(|first: char| first.is_ascii_lowercase()))
        },
        room: "borg",
        // The desktop program's own.
        also: &["src-tauri/src/lib.rs"],
    },
    Wall {
        what: "the start of a process",
        has: |line| line.contains("process::Command") || line.contains("Command::new("),
        room: "borg",
        // ssh, and what belongs to it; the person's own scripts.
        also: &["engine/src/server", "engine/src/job/hooks.rs"],
    },
    Wall {
        what: "a client of the web",
        has: |line| line.contains("ureq::"),
        room: "engine/src/job/ping.rs",
        also: &["engine/src/job/ping.rs"],
    },
    Wall {
        what: "the system's bus",
        has: |line| line.contains("zbus::"),
        room: "system",
        also: &[],
    },
];

/// Fails when a room depends on Tauri, a page of the UI imports it outside its platform folder, or a
/// word stands outside the room it belongs to.
pub(crate) fn check() -> Result<()> {
    let mut broken = Vec::new();
    for room in fs::read_dir(shell::root().join("crates"))? {
        let room = format!("alcove-{}", room?.file_name().to_string_lossy());
        let tree = shell::cargo(&[
            "tree",
            "--package",
            &room,
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--target",
            "all",
        ]);
        if shell::read(tree)?.lines().any(is_tauri) {
            broken.push(format!(
                "{room} depends on Tauri; only the desktop package may"
            ));
        }
    }
    let source = shell::root().join("ui/src");
    for file in files(&source, &["ts", "tsx"])? {
        let inside = file.strip_prefix(&source)?;
        if !inside.starts_with("platform") && imports_tauri(&fs::read_to_string(&file)?) {
            broken.push(format!(
                "ui/src/{} imports Tauri; only ui/src/platform may",
                inside.display()
            ));
        }
    }
    broken.extend(outside_their_rooms()?);
    if broken.is_empty() {
        Ok(())
    } else {
        bail!("{}", broken.join("\n"))
    }
}

/// The lines that belong to another room. The testkit is exempt, and so are tests: what follows
/// `#[cfg(test)]` in a file, and files that are tests as a whole.
fn outside_their_rooms() -> Result<Vec<String>> {
    let mut broken = Vec::new();
    let rooms = shell::root().join("crates");
    for top in [rooms.clone(), shell::root().join("src-tauri")] {
        for file in files(&top, &["rs"])? {
            let inside = file
                .strip_prefix(&rooms)
                .or(file.strip_prefix(shell::root()))?;
            let room = inside
                .iter()
                .next()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            if room == "testkit" || inside.iter().any(|part| part == "tests") {
                continue;
            }
            let text = fs::read_to_string(&file)?;
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            if code.contains("#[test]") {
                continue;
            }
            for wall in WALLS
                .iter()
                .filter(|wall| wall.room != room)
                .filter(|wall| !wall.also.iter().any(|also| inside.starts_with(also)))
            {
                let comment = |line: &&str| line.trim_start().starts_with("//");
                if let Some(line) = code
                    .lines()
                    .filter(|line| !comment(line))
                    .find(|line| (wall.has)(line))
                {
                    broken.push(format!(
                        "{} has {}, which belongs to crates/{}: {}",
                        file.display(),
                        wall.what,
                        wall.room,
                        line.trim()
                    ));
                }
            }
        }
    }
    Ok(broken)
}

/// Whether a line of `cargo tree` names Tauri or a part of it.
fn is_tauri(line: &str) -> bool {
    let name = line.split(' ').next().unwrap_or_default();
    name == "tauri" || name.starts_with("tauri-") || name == "wry"
}

/// Whether a script imports Tauri, at its start or on the way.
fn imports_tauri(script: &str) -> bool {
    [
        "from \"@tauri-apps/",
        "import \"@tauri-apps/",
        "import(\"@tauri-apps/",
    ]
    .iter()
    .any(|import| script.contains(import))
}

/// The files of these kinds below a folder.
fn files(folder: &Path, kinds: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path, kinds)?);
        } else if kinds
            .iter()
            .any(|kind| path.extension().is_some_and(|end| end == *kind))
        {
            found.push(path);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tauri_and_its_parts_are_told_from_others() {
        assert!(is_tauri("tauri v2.12.5"));
        assert!(is_tauri("tauri-utils v2.10.2 (*)"));
        assert!(is_tauri("wry v0.57.1"));
        assert!(!is_tauri("alcove-store v0.1.0 (/somewhere/tauri)"));
    }

    #[test]
    fn an_import_is_told_from_a_mention() {
        assert!(imports_tauri(
            "import { invoke } from \"@tauri-apps/api/core\";"
        ));
        assert!(imports_tauri("await import(\"@tauri-apps/api/core\")"));
        assert!(!imports_tauri("// never @tauri-apps/api here"));
    }
}
