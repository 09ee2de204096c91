//! `borg create`: one backup.
//!
//! Leaves out what to exclude and how to name: a plan says that.

use std::time::Duration;

use super::invalid::{self, InvalidCommand};
use super::quote;
use super::selection::Selection;
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
    /// What is backed up.
    pub selection: Selection,
    /// Such as `lz4` or `zstd,3` (`borg help compression`).
    pub compression: String,
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
            );
        self.content(words)
    }

    /// The words of a run that reads no file and opens no repository, and names every path it meets.
    pub(super) fn dry_run_words(&self, words: Words) -> Words {
        self.choice(words.flag("--dry-run").flag("--list"))
    }

    /// Whether a line that was shown for an earlier run, into the archive named here, took what this takes.
    pub fn continues(&self, line: &str) -> bool {
        let words = self.content(Words::default()).finish();
        let words: Vec<String> = words.iter().map(|word| quote::shell(word)).collect();
        line.ends_with(&format!(" {}", words.join(" ")))
    }

    /// What the archive holds, and how.
    fn content(&self, words: Words) -> Words {
        let words = words.value("--compression", &self.compression);
        self.choice(match &self.chunker_params {
            Some(params) => words.value("--chunker-params", params),
            None => words,
        })
    }

    /// What is backed up, and into which archive.
    fn choice(&self, words: Words) -> Words {
        let operands = self.selection.operands();
        self.selection
            .words(words)
            .archive(&self.repository, &self.archive)
            .operands(operands.map(Into::into))
    }

    pub(super) fn check(&self) -> Result<(), InvalidCommand> {
        invalid::archive_name(&self.archive)?;
        invalid::compression(&self.compression)?;
        if self.selection.sources.is_empty() {
            return Err(InvalidCommand::NoSources);
        }
        for source in &self.selection.sources {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::selection::PatternOption;
    use crate::{Borg, Command, Environment, Version};
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::path::PathBuf;

    fn create() -> Create {
        Create {
            repository: "/repo".into(),
            archive: "home-{1}".into(),
            selection: Selection {
                sources: vec!["/home/ada".into(), "/etc/./ssh/".into()],
                patterns: vec![
                    PatternOption::Exclude("*/node_modules".into()),
                    PatternOption::Pattern("- x".into()),
                    PatternOption::Exclude("-x".into()),
                    PatternOption::ExcludeFrom("/etc/no".into()),
                    PatternOption::PatternsFrom("/etc/some".into()),
                ],
                exclude_caches: true,
                exclude_if_present: vec![".nobackup".into()],
                keep_exclude_tags: true,
                exclude_nodump: true,
                one_file_system: true,
            },
            compression: "zstd,3".into(),
            chunker_params: Some("19,23,21,4095".into()),
            file_list: FileList::Changed,
            checkpoint_interval: Duration::from_mins(10),
            lock_wait: Duration::from_mins(1),
        }
    }

    fn from(sources: Vec<PathBuf>) -> Selection {
        Selection {
            sources,
            ..Selection::default()
        }
    }

    #[test]
    fn an_earlier_line_took_the_same_or_not() {
        let borg = Borg {
            path: "/usr/bin/borg".into(),
            version: Version::new(1, 4, 5),
        };
        let environment = Environment::from_session([]);
        let line = Command::Create(create()).shell_line(&borg, &environment);
        let now = Create {
            lock_wait: Duration::from_secs(1),
            file_list: FileList::Problems,
            ..create()
        };
        assert!(now.continues(&line));
        let mut fewer = now.clone();
        fewer.selection.patterns.remove(0);
        let mut more = now.clone();
        more.selection.sources.push("/srv".into());
        let mut elsewhere = now;
        elsewhere.selection.one_file_system = false;
        for changed in [fewer, more, elsewhere] {
            assert!(!changed.continues(&line), "{changed:?}");
        }
    }

    #[test]
    fn a_backup_has_all_its_flags_and_then_its_paths() {
        let words: Vec<_> = Command::Create(create()).arguments();
        let expected = "create --log-json --lock-wait=60 --info --progress --json --list --filter=AMCE \
                        --checkpoint-interval=600 --compression=zstd,3 --chunker-params=19,23,21,4095 \
                        --exclude-caches --keep-exclude-tags --exclude-nodump --one-file-system \
                        --exclude-if-present=.nobackup --exclude=*/node_modules --pattern=- x --exclude=-x \
                        --exclude-from=/etc/no --patterns-from=/etc/some -- /repo::home-{{1}} /home/ada /etc/ssh";
        assert_eq!(words.join(OsStr::new(" ")), expected);
    }

    #[test]
    fn what_is_not_wanted_is_not_said() {
        let plain = Create {
            selection: from(vec!["/home/ada".into()]),
            chunker_params: None,
            file_list: FileList::Problems,
            ..create()
        };
        let words = Command::Create(plain).arguments().join(OsStr::new(" "));
        let words = words.to_str().unwrap();
        assert!(words.contains("--filter=CE"));
        assert!(words.ends_with("--compression=zstd,3 -- /repo::home-{{1}} /home/ada"));
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
                    selection: from(vec![]),
                    ..create()
                },
                InvalidCommand::NoSources,
            ),
            (
                Create {
                    selection: from(vec!["home".into()]),
                    ..create()
                },
                InvalidCommand::RelativeSource("home".into()),
            ),
            (
                Create {
                    selection: from(vec![not_utf8.clone()]),
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
