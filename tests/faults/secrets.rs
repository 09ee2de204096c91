//! Where the passphrase must not be: in what Alcove writes, in what it says, in any process.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use alcove_tests::PASSPHRASE;

/// Whether it is in these bytes.
pub(crate) fn is_in(bytes: &[u8]) -> bool {
    let mut windows = bytes.windows(PASSPHRASE.len());
    windows.any(|window| window == PASSPHRASE.as_bytes())
}

/// The files below a folder that hold it: the database, its copies, the logs.
pub(crate) fn in_files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::read(&path).is_ok_and(|bytes| is_in(&bytes)) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

/// The processes of one round, looked at again and again while it runs: those that name its folder in their
/// arguments or their environment.
#[derive(Debug)]
pub(crate) struct Processes {
    folder: PathBuf,
    /// Every command that was seen, by process.
    pub(crate) seen: BTreeMap<String, String>,
    /// Those that held it.
    pub(crate) told: BTreeSet<String>,
}

impl Processes {
    /// Those of the round that lives in a folder.
    pub(crate) fn of(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            seen: BTreeMap::new(),
            told: BTreeSet::new(),
        }
    }

    /// Looks at them once.
    pub(crate) fn look(&mut self) {
        let here = self.folder.display().to_string();
        for process in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
            let name = process.file_name().to_string_lossy().into_owned();
            if !name.bytes().all(|byte| byte.is_ascii_digit()) {
                continue;
            }
            let read = |part| std::fs::read(process.path().join(part)).unwrap_or_default();
            let (words, environment) = (read("cmdline"), read("environ"));
            let names = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(&here);
            if !names(&words) && !names(&environment) {
                continue;
            }
            let command = String::from_utf8_lossy(&words).replace('\0', " ");
            if is_in(&words) || is_in(&environment) {
                self.told.insert(format!("process {name}, {command}"));
            }
            self.seen.insert(name, command);
        }
    }
}
