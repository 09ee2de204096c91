//! The two styles of shell patterns, as regular expressions over a path with a slash at its end.
//!
//! Borg has each match a path or the beginning of one up to a slash: it adds "and all below" to the pattern.

use super::{PatternError, push_code, push_literal, text};

/// Translates `fm:`, Python's `fnmatch` (3.11).
pub(super) fn fnmatch(pattern: &str) -> Result<String, PatternError> {
    translate(pattern, &with_below(pattern, "/*"), Dialect::Fnmatch)
}

/// Translates `sh:`.
pub(super) fn shell(pattern: &str) -> Result<String, PatternError> {
    translate(pattern, &with_below(pattern, "/**/*"), Dialect::Shell)
}

/// A slash at the end means what is below alone, and is one more at the end of the path.
fn with_below(pattern: &str, below: &str) -> String {
    let path = text::normal(pattern);
    let whole = if pattern.ends_with('/') {
        format!("{}{below}/", path.trim_end_matches('/'))
    } else {
        path + below
    };
    whole.trim_start_matches('/').to_owned()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Dialect {
    Fnmatch,
    Shell,
}

fn translate(original: &str, pattern: &str, dialect: Dialect) -> Result<String, PatternError> {
    let mut expression = r"\A(?s:".to_owned();
    let pattern: Vec<char> = pattern.chars().collect();
    let mut rest = pattern.as_slice();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match (first, dialect) {
            ('*', Dialect::Fnmatch) => expression.push_str(".*"),
            ('?', Dialect::Fnmatch) => expression.push('.'),
            ('*', Dialect::Shell) => {
                if let ['*', '/', below @ ..] = rest {
                    expression.push_str("(?:[^/]*/)*");
                    rest = below;
                } else {
                    expression.push_str("[^/]*");
                }
            }
            ('?', Dialect::Shell) => expression.push_str("[^/]"),
            ('[', _) => match set_end(rest) {
                Some(end) => {
                    push_set(&mut expression, original, &rest[..end], dialect)?;
                    rest = &rest[end + 1..];
                }
                None => push_literal(&mut expression, '['),
            },
            (literal, _) => push_literal(&mut expression, *literal),
        }
    }
    expression.push_str(r")\z");
    Ok(expression)
}

/// Where a set ends whose `[` was read: a `]` that stands first is one of its members.
fn set_end(rest: &[char]) -> Option<usize> {
    let mut from = usize::from(rest.first() == Some(&'!'));
    from += usize::from(rest.get(from) == Some(&']'));
    let end = rest.get(from..)?.iter().position(|c| *c == ']')?;
    Some(from + end)
}

fn push_set(
    expression: &mut String,
    pattern: &str,
    members: &[char],
    dialect: Dialect,
) -> Result<(), PatternError> {
    let (negated, mut members) = match members {
        ['!', members @ ..] => (true, members),
        members => (false, members),
    };
    let mut ranges = String::new();
    loop {
        let (low, high) = match members {
            [] => break,
            [low, '-', high, more @ ..] => {
                members = more;
                (*low, *high)
            }
            [one, more @ ..] => {
                members = more;
                (*one, *one)
            }
        };
        if low <= high {
            push_code(&mut ranges, low);
            ranges.push('-');
            push_code(&mut ranges, high);
        } else if dialect == Dialect::Shell {
            // Borg ends with an error of Python's.
            return Err(PatternError::NotCountable {
                pattern: pattern.to_owned(),
                why: format!("the range {low}-{high} is empty"),
            });
        }
    }
    match (negated, ranges.is_empty()) {
        (false, false) => expression.extend(["[", &ranges, "]"]),
        (true, false) => expression.extend(["[^", &ranges, "]"]),
        (true, true) => expression.push('.'),
        (false, true) => expression.push_str("(?!)"),
    }
    Ok(())
}
