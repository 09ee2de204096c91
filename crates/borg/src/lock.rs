//! Who holds a local repository, or Borg's cache of one.
//!
//! Borg names the holder in the lock itself, so that no Borg need be asked, which would wait for it. Leaves out
//! repositories on a server, and whether a lock is to be broken.
//!
//! Source: Borg 1.4.5, `locking.py` and `platform/base.py` (`hostid`): `lock.exclusive` is a folder with one file
//! `HOST@NODE.PID-THREAD`, and `lock.roster` lists those that read. `BORG_HOST_ID` stands for `HOST@NODE`.

use std::path::Path;
use std::time::SystemTime;

use fs_err as fs;
use serde::Deserialize;

/// Is a lock that somebody holds, or left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoryLock {
    /// What Borg calls the computer: by default its full name, `@` and a number of its network card.
    pub id: String,
    /// The process number there.
    pub process: u32,
    /// Whether it keeps everyone else out; else it keeps out those who write.
    pub exclusive: bool,
    /// When it was taken; for one of those that read, when the last of them came or went.
    pub since: Option<SystemTime>,
}

impl RepositoryLock {
    /// The name of the computer, in full where it has a domain.
    pub fn host(&self) -> &str {
        self.id
            .rsplit_once('@')
            .map_or(self.id.as_str(), |(host, _)| host)
    }
}

#[derive(Deserialize, Default)]
struct Roster {
    #[serde(default)]
    shared: Vec<(String, u32, u64)>,
    #[serde(default)]
    exclusive: Vec<(String, u32, u64)>,
}

/// Reads who holds the repository, or the cache, in a folder: nobody, one that keeps everyone else out, or many that
/// read.
pub fn repository_locks_at(path: &Path) -> Vec<RepositoryLock> {
    exclusive(path).map_or_else(|| of_roster(path), |lock| vec![lock])
}

fn exclusive(path: &Path) -> Option<RepositoryLock> {
    let mut entries = fs::read_dir(path.join("lock.exclusive")).ok()?;
    entries.find_map(|entry| {
        let entry = entry.ok()?;
        let name = entry.file_name();
        let (id, holder) = name.to_str()?.rsplit_once('.')?;
        let (process, _) = holder.split_once('-')?;
        Some(RepositoryLock {
            id: id.to_owned(),
            process: process.parse().ok()?,
            exclusive: true,
            since: entry.metadata().and_then(|about| about.modified()).ok(),
        })
    })
}

fn of_roster(path: &Path) -> Vec<RepositoryLock> {
    let file = path.join("lock.roster");
    let text = fs::read_to_string(&file).unwrap_or_default();
    let Roster { shared, exclusive } = serde_json::from_str(&text).unwrap_or_default();
    let since = fs::metadata(file).and_then(|about| about.modified()).ok();
    let of = |holders: Vec<(String, u32, u64)>, exclusive| {
        holders
            .into_iter()
            .map(move |(id, process, _)| RepositoryLock {
                id,
                process,
                exclusive,
                since,
            })
    };
    of(exclusive, true).chain(of(shared, false)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holders_are_read_from_either_kind_of_lock() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(repository_locks_at(folder.path()), []);
        let roster = r#"{"shared": [["desk.home@3281355014145", 42, 0], ["attic@7", 43, 0]], "exclusive": []}"#;
        fs::write(folder.path().join("lock.roster"), roster).unwrap();
        let held = || {
            let locks = repository_locks_at(folder.path());
            assert!(locks.iter().all(|lock| lock.since.is_some()));
            let told =
                |lock: &RepositoryLock| (lock.host().to_owned(), lock.process, lock.exclusive);
            locks.iter().map(told).collect::<Vec<_>>()
        };
        let reads = |host: &str, process| (host.to_owned(), process, false);
        assert_eq!(held(), [reads("desk.home", 42), reads("attic", 43)]);
        let exclusive = folder.path().join("lock.exclusive");
        fs::create_dir(&exclusive).unwrap();
        let name = exclusive.join("desk.home@3281355014145.1827-0");
        fs::write(&name, "").unwrap();
        assert_eq!(held(), [("desk.home".to_owned(), 1827, true)]);
        // A person gave their Borg an id of its own, without an `@`.
        fs::rename(name, exclusive.join("my-nas.12-0")).unwrap();
        assert_eq!(held(), [("my-nas".to_owned(), 12, true)]);
    }
}
