//! Borg's language of patterns: which paths a `create` takes, and below which it looks no further.
//!
//! Apart because whoever counts what a backup will read must leave out what Borg leaves out, and only this room knows
//! Borg's words. Pure: a path comes in as bytes, and no file is looked at. Leaves out what a walk finds on the disk
//! (tags, flags, file systems), and the folding of names that macOS wants.
//!
//! Where an order matters: what stands first and matches decides, but an exact path (`pf:`) comes before all others,
//! and of two for the same path the later one counts. A path is matched without its leading slashes.
//!
//! Source: `borg help patterns` of Borg 1.2.4 and 1.4.5, and measured with both.

mod glob;
pub(crate) mod lines;
mod python;
mod style;
mod text;

use std::collections::HashMap;

use fancy_regex::Regex;

pub(crate) use style::Style;
pub(crate) use text::normal;

/// Why a pattern cannot be tried here. Whoever counts then does not know what a backup will read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Borg refuses it too.
    #[error("{0:?} is no pattern of Borg")]
    NotAPattern(String),
    /// Borg may well understand it.
    #[error("{pattern:?} cannot be counted with: {why}")]
    NotCountable {
        /// The pattern.
        pattern: String,
        /// What stands in the way.
        why: String,
    },
}

/// What a rule does with a path it matches, by Borg's own names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// `+`
    Include,
    /// `-`: left out, but what is below is looked at.
    Exclude,
    /// `!` and `--exclude`: left out with all below.
    ExcludeNoRecurse,
}

/// A pattern and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) effect: Effect,
    pub(crate) style: Style,
    /// Without its style.
    pub(crate) pattern: String,
}

impl Rule {
    /// Reads what stands after `--exclude`.
    pub(crate) fn exclude(pattern: &str) -> Result<Self, PatternError> {
        let (style, pattern) = Style::split(pattern, Style::Fnmatch)?;
        Ok(Self {
            effect: Effect::ExcludeNoRecurse,
            style,
            pattern: pattern.to_owned(),
        })
    }
}

/// What becomes of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is taken.
    Taken,
    /// It is left out; a folder is entered all the same, since something below may be taken.
    LeftOut,
    /// It is left out with all below, and not even looked at.
    LeftOutWhole,
}

impl From<Effect> for Fate {
    fn from(effect: Effect) -> Self {
        match effect {
            Effect::Include => Self::Taken,
            Effect::Exclude => Self::LeftOut,
            Effect::ExcludeNoRecurse => Self::LeftOutWhole,
        }
    }
}

/// A pattern made ready.
#[derive(Debug, Clone)]
enum Matcher {
    /// Of the path with a slash at its end.
    Glob(Regex),
    /// The beginning of the path with a slash at its end.
    Prefix(String),
    /// Anywhere in the path.
    Search(Regex),
}

/// The patterns of one `create`, in their order.
#[derive(Debug, Clone, Default)]
pub struct Patterns {
    exact: HashMap<String, Fate>,
    others: Vec<(Matcher, Fate)>,
}

impl Patterns {
    pub(crate) fn new(rules: &[Rule]) -> Result<Self, PatternError> {
        let mut patterns = Self::default();
        for rule in rules {
            let fate = Fate::from(rule.effect);
            let pattern = rule.pattern.as_str();
            let matcher = match rule.style {
                Style::Full => {
                    let path = normal(pattern).trim_start_matches('/').to_owned();
                    patterns.exact.insert(path, fate);
                    continue;
                }
                Style::Prefix => {
                    let path = normal(pattern);
                    let folder = format!("{}/", path.trim_end_matches('/'));
                    Matcher::Prefix(folder.trim_start_matches('/').to_owned())
                }
                Style::Fnmatch => Matcher::Glob(compile(rule, &glob::fnmatch(pattern)?)?),
                Style::Shell => Matcher::Glob(compile(rule, &glob::shell(pattern)?)?),
                Style::Regex => Matcher::Search(compile(rule, &python::translate(pattern)?)?),
            };
            patterns.others.push((matcher, fate));
        }
        Ok(patterns)
    }

    /// Says what becomes of a path, which stands as Borg has it: without `.`, `..` and slashes at its end.
    ///
    /// # Errors
    /// A regular expression that takes too long.
    pub fn fate(&self, path: &[u8]) -> Result<Fate, PatternError> {
        let path = text::of(path);
        let path = path.trim_start_matches('/');
        if let Some(fate) = self.exact.get(path) {
            return Ok(*fate);
        }
        let folder = format!("{path}/");
        for (matcher, fate) in &self.others {
            let matched = match matcher {
                Matcher::Glob(glob) => tried(glob, &folder)?,
                Matcher::Prefix(prefix) => folder.starts_with(prefix),
                Matcher::Search(expression) => tried(expression, path)?,
            };
            if matched {
                return Ok(*fate);
            }
        }
        Ok(Fate::Taken)
    }
}

fn compile(rule: &Rule, expression: &str) -> Result<Regex, PatternError> {
    Regex::new(expression).map_err(|error| PatternError::NotCountable {
        pattern: rule.pattern.clone(),
        why: error.to_string(),
    })
}

fn tried(expression: &Regex, text: &str) -> Result<bool, PatternError> {
    expression
        .is_match(text)
        .map_err(|error| PatternError::NotCountable {
            pattern: expression.as_str().to_owned(),
            why: error.to_string(),
        })
}

/// Appends a character so that no expression takes it for anything else.
fn push_literal(expression: &mut String, literal: char) {
    if literal.is_ascii_alphanumeric() || !literal.is_ascii() {
        expression.push(literal);
    } else {
        push_code(expression, literal);
    }
}

/// Appends a character by its number, as it may stand in a set too.
fn push_code(expression: &mut String, literal: char) {
    let number = format!("{:X}", u32::from(literal));
    expression.extend(["\\x{", &number, "}"]);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fates of paths by rules written as lines of a file of patterns.
    fn fates(rules: &[&str], paths: &[&str]) -> Vec<Fate> {
        let rules: Vec<Rule> = rules
            .iter()
            .map(|rule| match lines::Line::read(rule, Style::Shell) {
                Ok(lines::Line::Rule(rule)) => rule,
                other => panic!("{rule}: {other:?}"),
            })
            .collect();
        let patterns = Patterns::new(&rules).unwrap();
        paths
            .iter()
            .map(|path| patterns.fate(path.as_bytes()).unwrap())
            .collect()
    }

    fn matches(rule: &str, path: impl AsRef<[u8]>) -> bool {
        let patterns = Patterns::new(&[Rule::exclude(rule).unwrap()]).unwrap();
        patterns.fate(path.as_ref()).unwrap() == Fate::LeftOutWhole
    }

    #[test]
    fn the_star_of_fm_crosses_folders_and_that_of_sh_does_not() {
        assert!(matches("*.bak", "/home/ada/a.bak") && !matches("sh:*.bak", "/home/ada/a.bak"));
        assert!(matches("sh:**/*.bak", "/home/ada/a.bak") && matches("sh:**/x", "/x"));
        assert!(matches("sh:home/*/a", "/home/ada/a") && !matches("sh:home/*/a", "/home/ada/b/a"));
    }

    #[test]
    fn a_pattern_takes_what_is_below_and_with_a_slash_at_its_end_only_that() {
        for style in ["fm", "sh"] {
            let with_slash = format!("{style}:/home/x/");
            assert!(matches(&format!("{style}:/home/x"), "/home/x"), "{style}");
            assert!(matches(&format!("{style}:/home/x"), "/home/x/y/z"));
            assert!(!matches(&with_slash, "/home/x") && matches(&with_slash, "/home/x/y"));
        }
        assert!(matches("pp:/home/x/", "/home/x") && matches("pp:home//./x", "/home/x/y"));
        assert!(!matches("pp:/home/x", "/home/xy") && matches("pp:/", "/home"));
    }

    #[test]
    fn an_exact_path_comes_first_wherever_it_stands() {
        let rules = ["- pp:/home", "+ pf:/home/a/../ada"];
        assert_eq!(
            fates(&rules, &["/home/ada", "/home/ada/x"]),
            [Fate::Taken, Fate::LeftOut]
        );
        let twice = ["+ pf:/home/ada", "! pf:home/ada"];
        assert_eq!(fates(&twice, &["/home/ada"]), [Fate::LeftOutWhole]);
    }

    #[test]
    fn the_first_that_matches_decides() {
        let rules = ["+ fm:*/keep.o", "- **/*.o", "! **/tmp"];
        assert_eq!(
            fates(&rules, &["/a/keep.o", "/a/b.o", "/a/tmp", "/a/tmp/x.o"]),
            [
                Fate::Taken,
                Fate::LeftOut,
                Fate::LeftOutWhole,
                Fate::LeftOut
            ]
        );
    }

    #[test]
    fn what_is_no_text_counts_a_character_a_byte() {
        assert!(matches("fm:home/a??b", b"/home/a\xff\xfeb"));
        assert!(!matches("fm:home/a?b", b"/home/a\xff\xfeb"));
        assert!(matches("sh:home/a?", "/home/aß") && matches("re:^home/.$", b"/home/\xe2"));
    }

    #[test]
    fn sets_are_those_of_python() {
        for (pattern, taken, left) in [
            ("fm:[a-c]x", "bx", "dx"),
            ("fm:[!a-c]x", "dx", "bx"),
            ("fm:[]a]x", "]x", "bx"),
            ("fm:[a-]x", "-x", "bx"),
            ("fm:[-a]x", "-x", "bx"),
            ("fm:[z-ab]x", "bx", "yx"),
            ("fm:[[:]x", ":x", "bx"),
            ("fm:[&&~|]x", "&x", "bx"),
            ("fm:[\\]x", "\\x", "bx"),
            ("fm:[^a]x", "^x", "bx"),
            ("sh:[^a]x", "^x", "bx"),
            ("sh:[!a]x", "bx", "ax"),
            ("sh:[[-]]x", "-]x", "[x"),
            ("fm:[ax", "[ax", "ax"),
        ] {
            assert!(matches(pattern, taken), "{pattern} {taken}");
            assert!(!matches(pattern, left), "{pattern} {left}");
        }
        assert!(!matches("fm:[z-a]x", "zx") && matches("fm:[!z-a]x", "zx"));
        assert!(Patterns::new(&[Rule::exclude("sh:[z-a]").unwrap()]).is_err());
    }

    #[test]
    fn expressions_are_those_of_python() {
        for (pattern, taken, left) in [
            (r"re:\.bak$", "a.bak", "a.bak.x"),
            (r"re:\.bak$", "a.bak\n", "a.bak\nx"),
            (r"re:\.bak\Z", "a.bak", "a.bak\n"),
            (r"re:^home/[^/]+/tmp", "home/ada/tmp/x", "home/tmp"),
            (r"re:(a|b){2,}x{", "abx{", "ax{"),
            (r"re:a{,2}b$", "aab", "aac"),
            (r"re:\bword\b", "a word.x", "swords"),
            (r"re:\w\d\s\S", "é٣ x", "é٣x "),
            (r"re:[\w-]+\.[^\d\s]+$", "a-b.c", "a-b.1"),
            (r"re:(?i)\.JPE?G$", "a.jpg", "a.png"),
            (r"re:(?P<c>.)x(?P=c)", "axa", "axb"),
            (r"re:(.)x\1", "axa", "axb"),
            (r"re:(?<!a)b(?#why)", "b", "ab"),
            (r"re:[]x]|[^]y]z", "]", "yz"),
            (r"re:\x41\u00e9\101", "AéA", "Aé"),
            (r"re:[[&&~]", "[", "a"),
            (r"re:[^\W]", "a", "-"),
            ("re:a\\ \\-\\/#", "a -/#", "a-/#"),
        ] {
            assert!(matches(pattern, taken), "{pattern} {taken:?}");
            assert!(!matches(pattern, left), "{pattern} {left:?}");
        }
    }

    #[test]
    fn what_cannot_be_translated_is_said() {
        for pattern in [
            "re:(",
            "re:(?x) a",
            "re:(?a)\\w",
            "re:(?(1)a|b)",
            "re:\\N{DASH}",
            "re:[b-a]",
            "re:\\q",
            "re:[",
        ] {
            let rule = Rule::exclude(pattern).unwrap();
            let error = Patterns::new(&[rule]).unwrap_err();
            assert!(
                matches!(error, PatternError::NotCountable { .. }),
                "{error}"
            );
        }
        assert_eq!(
            Rule::exclude("xx:a"),
            Err(PatternError::NotAPattern("xx:a".into()))
        );
        let slow = Patterns::new(&[Rule::exclude(r"re:(a|b|ab)*(?=c)\1d").unwrap()]).unwrap();
        assert!(slow.fate("ab".repeat(40).as_bytes()).is_err());
    }
}
