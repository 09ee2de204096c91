//! What a `create` takes of this computer.
//!
//! Apart from [`Create`](super::Create) because two read it: the command line Borg gets, and whoever counts beforehand
//! what Borg will read. Both have it from here, so that neither knows an option the other does not.
//!
//! Source: `borg create --help` of Borg 1.2.4 and 1.4.5.

use std::path::{Path, PathBuf};

use super::words::Words;
use crate::pattern::lines::{self, Line};
use crate::pattern::{PatternError, Patterns, Rule, Style, normal};

/// One option that brings patterns. Their order is that in which they are tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatternOption {
    /// A pattern of what is left out with all below; without a style, `fm:`.
    Exclude(String),
    /// The same, one a line of a file.
    ExcludeFrom(PathBuf),
    /// A line that begins with `+`, `-`, `!` or `R`; a pattern without a style is `sh:`.
    Pattern(String),
    /// Such lines in a file, and `P`.
    PatternsFrom(PathBuf),
}

/// What is backed up and what is left out. Nothing is left out by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// The folders and files, as full paths in UTF-8.
    pub sources: Vec<PathBuf>,
    /// What is left out by its path (`borg help patterns`).
    pub patterns: Vec<PatternOption>,
    /// Leaves out folders with a valid `CACHEDIR.TAG`.
    pub exclude_caches: bool,
    /// Leaves out folders that hold something of one of these names.
    pub exclude_if_present: Vec<String>,
    /// Keeps of a folder left out by what it holds the folder itself, and that.
    pub keep_exclude_tags: bool,
    /// Leaves out what is marked as not to be dumped (`chattr +d`).
    pub exclude_nodump: bool,
    /// Stays on the file systems of the sources.
    pub one_file_system: bool,
}

/// Why nobody can tell what a selection takes.
#[derive(Debug, thiserror::Error)]
pub enum Uncountable {
    /// A pattern.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// A file of patterns.
    #[error("{} cannot be read: {source}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why; without the path.
        source: std::io::Error,
    },
    /// A folder in a file of patterns that is looked for wherever Borg is started.
    #[error("{0:?} is not a full path")]
    RelativeRoot(String),
}

impl Selection {
    pub(super) fn words(&self, words: Words) -> Words {
        let words = words
            .flag_if(self.exclude_caches, "--exclude-caches")
            .flag_if(self.keep_exclude_tags, "--keep-exclude-tags")
            .flag_if(self.exclude_nodump, "--exclude-nodump")
            .flag_if(self.one_file_system, "--one-file-system");
        let tags = self.exclude_if_present.iter();
        let words = tags.fold(words, |words, tag| words.value("--exclude-if-present", tag));
        let patterns = self.patterns.iter();
        patterns.fold(words, |words, option| match option {
            PatternOption::Exclude(pattern) => words.value("--exclude", pattern),
            PatternOption::ExcludeFrom(file) => words.path("--exclude-from", file),
            PatternOption::Pattern(line) => words.value("--pattern", line),
            PatternOption::PatternsFrom(file) => words.path("--patterns-from", file),
        })
    }

    /// The sources as Borg gets them.
    ///
    /// Each `/./` is dropped: for Borg 1.4 it means "cut the path here".
    pub(super) fn operands(&self) -> impl Iterator<Item = PathBuf> {
        let sources = self.sources.iter();
        sources.map(|source| source.components().collect())
    }

    /// Gives where Borg begins, in its order, and what it tries each path with. Reads the files of patterns.
    ///
    /// # Errors
    /// Where that cannot be known.
    pub fn resolve(&self) -> Result<(Vec<PathBuf>, Patterns), Uncountable> {
        let mut rules = Vec::new();
        let mut roots = Vec::new();
        for option in &self.patterns {
            match option {
                PatternOption::Exclude(pattern) => rules.push(Rule::exclude(pattern)?),
                PatternOption::ExcludeFrom(path) => {
                    for line in lines::of_file(&read(path)?) {
                        rules.push(Rule::exclude(line)?);
                    }
                }
                PatternOption::Pattern(line) => {
                    take([line.as_str()], &mut roots, &mut rules)?;
                }
                PatternOption::PatternsFrom(path) => {
                    take(lines::of_file(&read(path)?), &mut roots, &mut rules)?;
                }
            }
        }
        if let Some(relative) = roots.iter().find(|root| !root.starts_with('/')) {
            return Err(Uncountable::RelativeRoot(relative.clone()));
        }
        let sources = self.operands();
        roots.extend(sources.map(|source| source.to_string_lossy().into_owned()));
        let roots = roots.iter().map(|root| normal(root).into()).collect();
        Ok((roots, Patterns::new(&rules)?))
    }
}

fn read(path: &Path) -> Result<String, Uncountable> {
    std::fs::read_to_string(path).map_err(|source| Uncountable::File {
        path: path.to_owned(),
        source,
    })
}

fn take<'a>(
    lines: impl IntoIterator<Item = &'a str>,
    roots: &mut Vec<String>,
    rules: &mut Vec<Rule>,
) -> Result<(), PatternError> {
    let mut style = Style::Shell;
    for line in lines {
        match Line::read(line, style)? {
            Line::Root(root) => roots.push(root),
            Line::Style(named) => style = named,
            Line::Rule(rule) => rules.push(rule),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Fate;

    #[test]
    fn roots_of_patterns_come_before_the_sources_and_a_style_holds_for_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("patterns");
        std::fs::write(
            &file,
            "# mine\r\nR /srv/./x/\n  P fm\n- *.iso\n\n! sh:/tmp\n",
        )
        .unwrap();
        let excludes = folder.path().join("excludes");
        std::fs::write(&excludes, " # none\n *.o \n").unwrap();
        let selection = Selection {
            sources: vec!["/home/../root".into()],
            patterns: vec![
                PatternOption::PatternsFrom(file),
                PatternOption::Pattern("- *.iso2".into()),
                PatternOption::ExcludeFrom(excludes),
            ],
            ..Selection::default()
        };
        let (roots, patterns) = selection.resolve().unwrap();
        assert_eq!(roots, [Path::new("/srv/x"), Path::new("/root")]);
        let fates = ["/a/b.iso", "/a/b.iso2", "/tmp", "/a/b.o"]
            .map(|path| patterns.fate(path.as_bytes()).unwrap());
        assert_eq!(
            fates,
            [
                Fate::LeftOut,
                Fate::Taken,
                Fate::LeftOutWhole,
                Fate::LeftOutWhole
            ]
        );
    }

    #[test]
    fn what_nobody_can_count_is_said() {
        let of = |option| {
            Selection {
                patterns: vec![option],
                ..Selection::default()
            }
            .resolve()
            .unwrap_err()
        };
        for (option, sentence) in [
            (
                PatternOption::Pattern("R home".into()),
                "\"home\" is not a full path",
            ),
            (
                PatternOption::Pattern("what".into()),
                "\"what\" is no pattern of Borg",
            ),
            (
                PatternOption::ExcludeFrom("/nowhere".into()),
                "/nowhere cannot be read: No such file or directory (os error 2)",
            ),
        ] {
            assert_eq!(of(option).to_string(), sentence);
        }
    }
}
