//! What the tests of this crate share: a data folder in a temporary place, and records to put into it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use tempfile::TempDir;

use crate::{
    Conditions, Folder, JobKind, Keep, KeepPassphrase, NewJob, Plan, Repository, Store, Trigger,
};

/// A data folder that goes away with the test.
pub(crate) struct Place {
    root: TempDir,
    path: PathBuf,
}

impl Place {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("alcove");
        Self { root, path }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A place beside the data folder.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub(crate) fn folder(&self) -> Folder {
        Folder::at(&self.path)
    }

    pub(crate) fn open(&self) -> Store {
        Store::open(self.folder()).unwrap()
    }

    /// Copies every file as it is now: what would be found had the process been killed.
    pub(crate) fn crashed_copy(&self) -> Self {
        let copy = Self::new();
        for (name, content) in folder_contents(&self.path) {
            let to = copy.path.join(name);
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::write(to, content).unwrap();
        }
        copy
    }
}

/// A disk of half a mebibyte, gone with the test.
#[cfg(target_os = "linux")]
pub(crate) struct SmallDisk {
    pub(crate) at: PathBuf,
    filler: PathBuf,
}

#[cfg(target_os = "linux")]
impl SmallDisk {
    /// Mounts one at a folder, which needs root: `None` without it.
    pub(crate) fn mount(at: &Path) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let flags = rustix::mount::MountFlags::empty();
        if let Err(error) = rustix::mount::mount("tmpfs", at, "tmpfs", flags, c"size=512k") {
            println!("not allowed to mount a disk ({error}): nothing tested");
            return None;
        }
        Some(Self {
            at: at.to_path_buf(),
            filler: at.join("filler"),
        })
    }

    pub(crate) fn fill(&self) {
        let error = std::fs::write(&self.filler, vec![0; 1024 * 1024]).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
    }

    pub(crate) fn free(&self) {
        std::fs::remove_file(&self.filler).unwrap();
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: files on it may still be open when a test fails.
        let _ = rustix::mount::unmount(&self.at, rustix::mount::UnmountFlags::DETACH);
    }
}

/// Every file below a folder with its content.
pub(crate) fn folder_contents(path: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut contents = BTreeMap::new();
    let mut folders = vec![path.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let found = entry.unwrap().path();
            if found.is_dir() {
                folders.push(found);
            } else {
                let name = found.strip_prefix(path).unwrap().to_path_buf();
                contents.insert(name, std::fs::read(found).unwrap());
            }
        }
    }
    contents
}

/// A moment, `second` seconds after a fixed one, with more digits than a millisecond has.
pub(crate) fn time(second: i64) -> Timestamp {
    Timestamp::new(1_795_341_600 + second, 123_456_789).unwrap()
}

pub(crate) fn new_job(repository: &str) -> NewJob {
    NewJob {
        kind: JobKind::Backup,
        repository: repository.to_owned(),
        plan: None,
        plan_name: None,
        trigger: Trigger::Manual,
        retry_of: None,
        created_at: time(0),
    }
}

pub(crate) fn repository(location: &str) -> Repository {
    Repository {
        id: 0,
        name: "Drive".to_owned(),
        location: location.to_owned(),
        borg_id: Some("ab".repeat(32)),
        encryption: "repokey-blake2".to_owned(),
        passcommand: Some("pass show 'the drive'".to_owned()),
        ssh_key: None,
        remote_path: None,
        keep_passphrase: KeepPassphrase::Keyring,
        append_only: false,
        drive: None,
        check: None,
        key_exported_at: None,
        created_at: time(1),
    }
}

pub(crate) fn plan(repository: i64, tag: &str) -> Plan {
    Plan {
        id: 0,
        repository,
        name: "Home".to_owned(),
        tag: tag.to_owned(),
        series: "Home".to_owned(),
        sources: vec![
            "/home/ada".to_owned(),
            "/with \"quotes\" and \u{1f98a}".to_owned(),
        ],
        excludes: vec!["sh:**/.cache".to_owned()],
        compression: "zstd,3".to_owned(),
        chunker_params: None,
        one_file_system: false,
        log_files: true,
        keep: Keep {
            within: 48,
            last: 3,
            hourly: 1,
            daily: 7,
            weekly: 4,
            monthly: 6,
            yearly: 2,
        },
        compact: true,
        check: true,
        is_default: false,
        enabled: true,
        schedule: None,
        hooks: Vec::new(),
        conditions: Conditions::default(),
        ping_url: None,
        hold: None,
        created_at: time(2),
    }
}
