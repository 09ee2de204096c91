//! A home folder for one test.
//!
//! Hermetic: what a program under test looks up in its home, its configuration or its cache is in a folder that
//! goes with the test, and the session's own variables do not come through.

use std::ffi::OsString;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

/// Is a home folder that goes when it is dropped.
#[derive(Debug)]
pub struct Scratch {
    folder: TempDir,
}

impl Default for Scratch {
    fn default() -> Self {
        Self::new()
    }
}

impl Scratch {
    /// Makes an empty home with `.config` and `.cache` in it.
    pub fn new() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("alcove-")
            .tempdir()
            .expect("a folder for a test can be made");
        let scratch = Self { folder };
        for name in ["home/.config", "home/.cache", "run", "tmp"] {
            scratch.folder(name);
        }
        scratch
    }

    /// Gives the folder all is in; the home is below it.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Gives the home.
    pub fn home(&self) -> PathBuf {
        self.path().join("home")
    }

    /// Gives a folder beside the home; makes it if need be.
    pub fn folder(&self, name: &str) -> PathBuf {
        let folder = self.path().join(name);
        std::fs::create_dir_all(&folder).expect("a folder in a scratch can be made");
        folder
    }

    /// Gives the variables of a session that lives here; `PATH` is the usual one of a system, after the folder
    /// named by `ALCOVE_TEST_BORG`, which holds the Borg to test with. The system's bus is none.
    pub fn session(&self) -> Vec<(OsString, OsString)> {
        let here = |folder: &str| self.path().join(folder).into_os_string();
        let usual = ["/usr/local/bin", "/usr/bin", "/bin"].map(PathBuf::from);
        let chosen = std::env::var_os("ALCOVE_TEST_BORG").map(PathBuf::from);
        let path = std::env::join_paths(chosen.into_iter().chain(usual))
            .expect("a folder of programs has no colon in its name");
        let mut no_bus = OsString::from("unix:path=");
        no_bus.push(here("run/no-bus"));
        vec![
            ("PATH".into(), path),
            ("HOME".into(), here("home")),
            ("USER".into(), "ada".into()),
            ("LOGNAME".into(), "ada".into()),
            ("LANG".into(), "C.UTF-8".into()),
            ("TMPDIR".into(), here("tmp")),
            ("XDG_CONFIG_HOME".into(), here("home/.config")),
            ("XDG_CACHE_HOME".into(), here("home/.cache")),
            ("XDG_RUNTIME_DIR".into(), here("run")),
            ("DBUS_SYSTEM_BUS_ADDRESS".into(), no_bus),
        ]
    }

    /// Gives the variables with a folder first in `PATH`: that of a fake borg.
    pub fn session_with(&self, first: &Path) -> Vec<(OsString, OsString)> {
        let mut session = self.session();
        for (name, value) in &mut session {
            if name == "PATH" {
                let path = std::iter::once(first.to_owned()).chain(std::env::split_paths(value));
                *value =
                    std::env::join_paths(path).expect("a scratch folder has no colon in its name");
            }
        }
        session
    }

    /// Writes a tree of `files` files with `bytes` bytes each, ten to a folder, below a folder `name` of the
    /// home. The bytes do not compress, and are the same for the same seed.
    pub fn tree(&self, name: &str, files: u32, bytes: usize, seed: u64) -> PathBuf {
        let root = self.folder(&format!("home/{name}"));
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        for number in 0..files {
            let folder = root.join(format!("folder{:04}", number / 10));
            std::fs::create_dir_all(&folder).expect("a folder of a tree can be made");
            // Without iterators, which tests are built too slow for.
            let mut content = Vec::with_capacity(bytes + 8);
            while content.len() < bytes {
                content.extend_from_slice(&xorshift(&mut state).to_le_bytes());
            }
            content.truncate(bytes);
            std::fs::write(folder.join(format!("file{number:06}.bin")), content)
                .expect("a file of a tree can be written");
        }
        root
    }

    /// Writes `newest.txt` into a tree, newer than all that was written before by the clock of files, which ticks some
    /// hundred times a second. What is as new as the newest file of a backup Borg reads again in the next (1.2.4,
    /// `cache.py`).
    pub fn newest(&self, tree: &Path) {
        let file = tree.join("newest.txt");
        let write = || {
            std::fs::write(&file, "newest").expect("a file of a tree can be written");
            let written = file.metadata().expect("it is there");
            (written.ctime(), written.ctime_nsec())
        };
        let before = write();
        while write() <= before {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

/// Steps a xorshift64* generator (Vigna 2014): enough to defeat compression and deduplication.
fn xorshift(state: &mut u64) -> u64 {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    state.wrapping_mul(0x2545_f491_4f6c_dd1d)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_the_same_for_the_same_seed_and_another_for_another() {
        let read = |seed| {
            let scratch = Scratch::new();
            let root = scratch.tree("src", 12, 1000, seed);
            std::fs::read(root.join("folder0001/file000011.bin")).unwrap()
        };
        assert_eq!(read(7).len(), 1000);
        assert_eq!(read(7), read(7));
        assert_ne!(read(7), read(8));
    }
}
