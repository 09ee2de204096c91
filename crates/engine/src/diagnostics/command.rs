//! A command line in a log, read word by word as a shell would: only what is known to be harmless stays.

use std::sync::LazyLock;

use alcove_borg::vocabulary;
use regex::Regex;

use super::redaction::{Redaction, is_replaced, literal};

/// A word of a shell; a quote that nobody closes takes the rest. The log doubles backslashes.
static SHELL_WORD: LazyLock<Regex> =
    LazyLock::new(|| literal(r"(?:\$'(?:\\+.|[^'\\])*'|'[^']*'|\\+.|[^\s'\\]|['\\].*$)+"));

impl Redaction {
    /// Gives the line with every value of a person's own replaced.
    pub(super) fn command(&self, line: &str) -> String {
        let mut operands = false;
        let words = SHELL_WORD.find_iter(line).map(|word| {
            let word = word.as_str();
            if operands {
                return self.operand(word);
            }
            operands = word == "--";
            match word.split_once('=') {
                Some((flag, _)) if vocabulary::is_harmless(flag) => word.to_owned(),
                Some((flag, _)) if is_a_flag(unquoted(flag)) => {
                    format!("{}={{pattern}}", unquoted(flag))
                }
                Some((name, "yes" | "no")) if vocabulary::is_variable(name) => word.to_owned(),
                Some((name, _)) if vocabulary::is_variable(name) => format!("{name}={{value}}"),
                None if operands || is_a_flag(word) || vocabulary::is_subcommand(word) => {
                    word.to_owned()
                }
                _ => self.operand(word),
            }
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// What stands for a path, a location or an archive in it.
    fn operand(&self, word: &str) -> String {
        let word = word.trim_matches('\'');
        if let Some((location, _)) = word.rsplit_once("::") {
            return self.operand(location) + "::{archive}";
        }
        let known = self.without_names(word);
        if is_replaced(&known) {
            known
        } else if word.contains("://") || word.contains('@') {
            "{address}".to_owned()
        } else {
            "{path}".to_owned()
        }
    }
}

/// A word without the quote it begins with.
fn unquoted(word: &str) -> &str {
    word.trim_start_matches(['$', '\''])
}

fn is_a_flag(word: &str) -> bool {
    word.strip_prefix("--").is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|c| c.is_ascii_lowercase() || c == b'-')
    })
}
