//! The lines of `--pattern` and of the files Borg reads patterns from.

use super::{Effect, PatternError, Rule, Style};

/// One line that says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Line {
    /// `R`: a folder or file to back up.
    Root(String),
    /// `P`: the style of the following lines that name none.
    Style(Style),
    /// `+`, `-` or `!`.
    Rule(Rule),
}

impl Line {
    /// Reads a line; `usual` is the style of a pattern that names none.
    pub(crate) fn read(line: &str, usual: Style) -> Result<Self, PatternError> {
        let wrong = || PatternError::NotAPattern(line.to_owned());
        let kind = line.chars().next().ok_or_else(wrong)?;
        let rest = line[kind.len_utf8()..].trim_start();
        if rest.is_empty() {
            return Err(wrong());
        }
        let effect = match kind {
            'R' | 'r' => return Ok(Self::Root(rest.to_owned())),
            'P' | 'p' => return Style::named(rest).map(Self::Style).ok_or_else(wrong),
            '+' => Effect::Include,
            '-' => Effect::Exclude,
            '!' => Effect::ExcludeNoRecurse,
            _ => return Err(wrong()),
        };
        let (style, pattern) = Style::split(rest, usual)?;
        Ok(Self::Rule(Rule {
            effect,
            style,
            pattern: pattern.to_owned(),
        }))
    }
}

/// Gives the lines of a file that say something: without blanks around them, and without comments.
pub(crate) fn of_file(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '\r'])
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}
