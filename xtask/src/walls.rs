//! The rules of the house that a compiler does not check.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::shell;

/// Fails when a room depends on Tauri, or a page of the UI imports it outside its platform folder.
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
    for file in files(&source)? {
        let inside = file.strip_prefix(&source)?;
        if !inside.starts_with("platform") && imports_tauri(&fs::read_to_string(&file)?) {
            broken.push(format!(
                "ui/src/{} imports Tauri; only ui/src/platform may",
                inside.display()
            ));
        }
    }
    if broken.is_empty() {
        Ok(())
    } else {
        bail!("{}", broken.join("\n"))
    }
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

/// The scripts below a folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path
            .extension()
            .is_some_and(|kind| kind == "ts" || kind == "tsx")
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
