//! `borg create`: one backup.
//!
//! Leaves out what to exclude and how to name: a plan says that.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::invalid::{self, InvalidCommand};
use super::words::Words;

/// Chooses which files Borg names one by one.
///
/// Naming costs a tenth to a half of the processor time of an unchanged run, so the default is few (measured
/// with Borg 1.2.4 and 1.4.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum FileList {
    /// Files that changed while read, and files that could not be read.
    #[default]
    Problems,
    /// Added and modified files too: one line each.
    Changed,
}

impl FileList {
    fn letters(self) -> &'static str {
        match self {
            Self::Problems => "CE",
            Self::Changed => "AMCE",
        }
    }
}

/// Describes one backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Create {
    /// Where to.
    pub repository: String,
    /// The name of the new archive, as it is to be: placeholders are not expanded.
    pub archive: String,
    /// The folders and files, as full paths in UTF-8.
    pub sources: Vec<PathBuf>,
    /// Patterns in Borg's own language (`borg help patterns`); without a style, `fm:`.
    pub excludes: Vec<String>,
    /// Such as `lz4` or `zstd,3` (`borg help compression`).
    pub compression: String,
    /// Leaves out folders with a valid `CACHEDIR.TAG`.
    pub exclude_caches: bool,
    /// Stays on the file systems of the sources.
    pub one_file_system: bool,
    /// How files are cut into chunks, as `--chunker-params` takes it; Borg's own way without.
    pub chunker_params: Option<String>,
    /// Which files to name.
    pub file_list: FileList,
    /// How often to save what was done so far; whole seconds, Borg's own is 30 minutes.
    pub checkpoint_interval: Duration,
    /// How long to wait for another program that holds the repository.
    pub lock_wait: Duration,
}

impl Create {
    pub(super) fn words(&self, words: Words) -> Words {
        let words = words
            .flag("--info")
            .flag("--progress")
            .flag("--json")
            .flag("--list")
            .value("--filter", self.file_list.letters())
            .value(
                "--checkpoint-interval",
                &self.checkpoint_interval.as_secs().to_string(),
            )
            .value("--compression", &self.compression);
        let words = match &self.chunker_params {
            Some(params) => words.value("--chunker-params", params),
            None => words,
        };
        self.choice(words)
    }

    /// The words of a run that reads no file and opens no repository, and names every path it meets.
    pub(super) fn dry_run_words(&self, words: Words) -> Words {
        self.choice(words.flag("--dry-run").flag("--list"))
    }

    /// What is backed up, and into which archive.
    fn choice(&self, words: Words) -> Words {
        let words = words
            .flag_if(self.exclude_caches, "--exclude-caches")
            .flag_if(self.one_file_system, "--one-file-system");
        let excludes = self.excludes.iter();
        excludes
            .fold(words, |words, pattern| words.value("--exclude", pattern))
            .archive(&self.repository, &self.archive)
            .operands(
                self.sources
                    .iter()
                    .map(|source| plain(source).into_os_string()),
            )
    }

    pub(super) fn check(&self) -> Result<(), InvalidCommand> {
        invalid::archive_name(&self.archive)?;
        invalid::compression(&self.compression)?;
        if self.sources.is_empty() {
            return Err(InvalidCommand::NoSources);
        }
        for source in &self.sources {
            if !source.is_absolute() {
                return Err(InvalidCommand::RelativeSource(source.clone()));
            }
            if source.to_str().is_none() {
                return Err(InvalidCommand::SourceNotUtf8(source.clone()));
            }
        }
        Ok(())
    }
}

/// Drops each `/./`: for Borg 1.4 it means "cut the path here".
fn plain(source: &Path) -> PathBuf {
    source.components().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    fn create() -> Create {
        Create {
            repository: "/repo".into(),
            archive: "home-{1}".into(),
            sources: vec!["/home/ada".into(), "/etc/./ssh/".into()],
            excludes: vec!["*/node_modules".into(), "-x".into()],
            compression: "zstd,3".into(),
            exclude_caches: true,
            one_file_system: true,
            chunker_params: Some("19,23,21,4095".into()),
            file_list: FileList::Changed,
            checkpoint_interval: Duration::from_mins(10),
            lock_wait: Duration::from_mins(1),
        }
    }

    #[test]
    fn a_backup_has_all_its_flags_and_then_its_paths() {
        let words: Vec<_> = Command::Create(create()).arguments();
        let expected = "create --log-json --lock-wait=60 --info --progress --json --list --filter=AMCE \
                        --checkpoint-interval=600 --compression=zstd,3 --chunker-params=19,23,21,4095 \
                        --exclude-caches --one-file-system \
                        --exclude=*/node_modules --exclude=-x -- /repo::home-{{1}} /home/ada /etc/ssh";
        assert_eq!(words.join(OsStr::new(" ")), expected);
    }

    #[test]
    fn what_is_not_wanted_is_not_said() {
        let plain = Create {
            exclude_caches: false,
            one_file_system: false,
            chunker_params: None,
            file_list: FileList::Problems,
            ..create()
        };
        let words = Command::Create(plain).arguments().join(OsStr::new(" "));
        let words = words.to_str().unwrap();
        assert!(words.contains("--filter=CE"));
        assert!(!words.contains("--exclude-caches") && !words.contains("--one-file-system"));
    }

    #[test]
    fn what_borg_would_misread_is_refused_before_it_starts() {
        let not_utf8 = PathBuf::from(OsStr::from_bytes(b"/home/\xff"));
        for (create, reason) in [
            (
                Create {
                    archive: "a/b".into(),
                    ..create()
                },
                InvalidCommand::ArchiveName("a/b".into()),
            ),
            (
                Create {
                    archive: String::new(),
                    ..create()
                },
                InvalidCommand::ArchiveName(String::new()),
            ),
            (
                Create {
                    archive: "a.checkpoint".into(),
                    ..create()
                },
                InvalidCommand::ArchiveName("a.checkpoint".into()),
            ),
            (
                Create {
                    sources: vec![],
                    ..create()
                },
                InvalidCommand::NoSources,
            ),
            (
                Create {
                    sources: vec!["home".into()],
                    ..create()
                },
                InvalidCommand::RelativeSource("home".into()),
            ),
            (
                Create {
                    sources: vec![not_utf8.clone()],
                    ..create()
                },
                InvalidCommand::SourceNotUtf8(not_utf8),
            ),
        ] {
            assert_eq!(Command::Create(create).check(), Err(reason));
        }
        assert_eq!(Command::Create(create()).check(), Ok(()));
    }
}
