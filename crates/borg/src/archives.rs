//! The archives of a repository.
//!
//! What `list --json --consider-checkpoints` prints. Leaves out what is in an archive.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::command::is_checkpoint;

/// Is the answer to [`crate::Command::List`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveList {
    /// The id of the repository, 64 hexadecimal digits. Borg does not notice when another repository took the
    /// place of this one; the id tells.
    pub repository_id: String,
    /// Borg's name for it: [`crate::Encryption::parse`].
    pub encryption_mode: String,
    /// The oldest first.
    pub archives: Vec<Archive>,
}

/// Is one archive of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    /// Its name; unique in a repository of Borg 1.
    pub name: String,
    /// Its id, 64 hexadecimal digits; what it holds never changes.
    pub id: String,
    /// When its backup began.
    pub start: Timestamp,
    /// Whether it is what an interrupted backup left: `NAME.checkpoint`.
    pub checkpoint: bool,
}

#[derive(Deserialize)]
struct Wire {
    archives: Vec<WireArchive>,
    encryption: WireEncryption,
    repository: WireRepository,
}

#[derive(Deserialize)]
struct WireArchive {
    name: String,
    id: String,
    start: DateTime,
}

#[derive(Deserialize)]
struct WireEncryption {
    mode: String,
}

#[derive(Deserialize)]
struct WireRepository {
    id: String,
}

impl ArchiveList {
    /// Reads stdout of a list that ran with [`crate::launch`]; nothing when it is not whole.
    pub fn parse(stdout: &[u8]) -> Option<Self> {
        let Wire {
            archives,
            encryption,
            repository,
        } = serde_json::from_slice(stdout).ok()?;
        let archives = archives.into_iter().map(|archive| {
            Some(Archive {
                checkpoint: is_checkpoint(&archive.name),
                // Borg prints local time without an offset; here it always runs in UTC.
                start: archive.start.to_zoned(TimeZone::UTC).ok()?.timestamp(),
                name: archive.name,
                id: archive.id,
            })
        });
        Some(Self {
            repository_id: repository.id,
            encryption_mode: encryption.mode,
            archives: archives.collect::<Option<_>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn the_archives_of_a_recorded_list_are_read() {
        let list = ArchiveList::parse(&samples::bytes("1.2.4/list-repo-json.stdout")).unwrap();
        assert_eq!(list.encryption_mode, "repokey-blake2");
        assert!(list.repository_id.starts_with("b9c26151"));
        let names: Vec<&str> = list
            .archives
            .iter()
            .map(|archive| archive.name.as_str())
            .collect();
        assert_eq!(names, ["a1", "a2", "a3", "a4", "a5b", "a6"]);
        assert_eq!(list.archives[0].start.to_string(), "2026-11-22T11:03:36Z");
        assert!(ArchiveList::parse(&samples::bytes("1.4.5/list-repo-json.stdout")).is_some());
    }

    #[test]
    fn checkpoints_are_marked() {
        let json = r#"{"archives": [{"name": "a.checkpoint", "id": "1", "start": "2026-11-22T11:03:36.000000"},
            {"name": "a", "id": "2", "start": "2026-11-22T11:03:36.000000"}],
            "encryption": {"mode": "none"}, "repository": {"id": "3"}}"#;
        let list = ArchiveList::parse(json.as_bytes()).unwrap();
        assert_eq!(
            list.archives
                .iter()
                .map(|archive| archive.checkpoint)
                .collect::<Vec<_>>(),
            [true, false]
        );
    }

    #[test]
    fn half_a_list_is_none() {
        let whole = samples::bytes("1.2.4/list-repo-json.stdout");
        assert_eq!(ArchiveList::parse(&whole[..whole.len() / 2]), None);
    }
}
