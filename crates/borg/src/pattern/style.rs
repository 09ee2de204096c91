//! The five styles of a pattern, and the word a pattern may begin with to name its own.

use std::fmt;

use super::PatternError;

/// How a pattern is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// `fm:`, of `--exclude` by itself: `*` crosses folders.
    Fnmatch,
    /// `sh:`, of `--pattern` and of files of patterns by itself: `*` stays in one folder, `**/` does not.
    Shell,
    /// `re:`, a regular expression of Python, anywhere in the path.
    Regex,
    /// `pp:`, a path and all below.
    Prefix,
    /// `pf:`, one path.
    Full,
}

impl Style {
    const ALL: [Self; 5] = [
        Self::Fnmatch,
        Self::Shell,
        Self::Regex,
        Self::Prefix,
        Self::Full,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::Fnmatch => "fm",
            Self::Shell => "sh",
            Self::Regex => "re",
            Self::Prefix => "pp",
            Self::Full => "pf",
        }
    }

    pub(crate) fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|style| style.word() == word)
    }

    /// Takes the style off a pattern. Two letters or digits before a colon are always meant as one.
    pub(crate) fn split(pattern: &str, usual: Self) -> Result<(Self, &str), PatternError> {
        match pattern.split_once(':') {
            Some((word, rest))
                if word.chars().count() == 2 && word.chars().all(char::is_alphanumeric) =>
            {
                let style = Self::named(word)
                    .ok_or_else(|| PatternError::NotAPattern(pattern.to_owned()))?;
                Ok((style, rest))
            }
            _ => Ok((usual, pattern)),
        }
    }
}

impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
