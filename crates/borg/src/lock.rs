//! Who holds a local repository.
//!
//! Borg names the holder in the lock itself, so that no Borg need be asked, which would wait for it. Leaves out
//! repositories on a server, and whether a lock is to be broken.
//!
//! Source: Borg 1.4.5, `locking.py` and `platform/base.py` (`hostid`): `lock.exclusive` is a folder with one file
//! `HOST@NODE.PID-THREAD`, and `lock.roster` lists those that read.

use std::path::Path;

use fs_err as fs;
use serde::Deserialize;

/// Is a lock that somebody holds, or left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoryLock {
    /// The name of the computer, in full where it has a domain.
    pub host: String,
    /// The process number there.
    pub process: u32,
    /// Whether it keeps everyone else out; else it keeps out those who write.
    pub exclusive: bool,
}

#[derive(Deserialize, Default)]
struct Roster {
    #[serde(default)]
    shared: Vec<(String, u32, u64)>,
    #[serde(default)]
    exclusive: Vec<(String, u32, u64)>,
}

/// Reads the lock of the repository in a folder; nothing where there is none.
pub fn repository_lock_at(path: &Path) -> Option<RepositoryLock> {
    let exclusive = || {
        let entries = fs::read_dir(path.join("lock.exclusive")).ok()?;
        entries.filter_map(Result::ok).find_map(|entry| {
            let name = entry.file_name();
            let (host, holder) = name.to_str()?.rsplit_once('.')?;
            let (process, _) = holder.split_once('-')?;
            lock(host, process.parse().ok()?, true)
        })
    };
    let roster = || {
        let text = fs::read_to_string(path.join("lock.roster")).ok()?;
        let Roster { shared, exclusive } = serde_json::from_str(&text).ok()?;
        let holders = exclusive
            .into_iter()
            .map(|(host, process, _)| (host, process, true))
            .chain(
                shared
                    .into_iter()
                    .map(|(host, process, _)| (host, process, false)),
            );
        let mut locks =
            holders.filter_map(|(host, process, exclusive)| lock(&host, process, exclusive));
        locks.next()
    };
    exclusive().or_else(roster)
}

fn lock(host: &str, process: u32, exclusive: bool) -> Option<RepositoryLock> {
    let (host, _) = host.rsplit_once('@')?;
    Some(RepositoryLock {
        host: host.to_owned(),
        process,
        exclusive,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holder_is_read_from_either_kind_of_lock() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(repository_lock_at(folder.path()), None);
        let roster = r#"{"shared": [["desk.home@3281355014145", 42, 0]]}"#;
        fs::write(folder.path().join("lock.roster"), roster).unwrap();
        let held = |process, exclusive| {
            Some(RepositoryLock {
                host: "desk.home".into(),
                process,
                exclusive,
            })
        };
        assert_eq!(repository_lock_at(folder.path()), held(42, false));
        let exclusive = folder.path().join("lock.exclusive");
        fs::create_dir(&exclusive).unwrap();
        fs::write(exclusive.join("desk.home@3281355014145.1827-0"), "").unwrap();
        assert_eq!(repository_lock_at(folder.path()), held(1827, true));
    }
}
