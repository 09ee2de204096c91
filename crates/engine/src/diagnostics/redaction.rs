//! Takes out of a text what is nobody else's business.
//!
//! What Alcove knows by name is replaced by what it is, the same word for the same thing, so that a reader can still
//! follow it. Paths, addresses and host names that nobody named are found by their shape, rather too much than too
//! little. A passphrase is never in such a text to begin with.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// What stands for each name.
pub(super) struct Redaction {
    names: Option<Regex>,
    words: Vec<(String, String)>,
}

/// A single letter is a word too often.
const SHORTEST: usize = 2;

#[expect(
    clippy::unwrap_used,
    reason = "the patterns are literals, and a test reads them"
)]
static SHAPES: LazyLock<[(Regex, &str); 5]> = LazyLock::new(|| {
    [
        (r"\b[a-z][a-z0-9+]*://\S+", "{address}"),
        (r"[\w.+-]+@[\w.-]+(?::\S*)?", "{address}"),
        (
            r"\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:[0-9a-fA-F]{1,4}:){3,}[0-9a-fA-F:]*",
            "{address}",
        ),
        (r"\b[0-9a-fA-F]{32,}\b", "{id}"),
        (r"\b[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b", "{name}"),
    ]
    .map(|(pattern, word)| (Regex::new(pattern).unwrap(), word))
});

impl Redaction {
    /// Knows these names, each with the word that stands for it.
    pub(super) fn new(known: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut words: Vec<_> = known
            .into_iter()
            .filter(|(name, _)| name.chars().count() >= SHORTEST)
            .collect();
        // A name inside a longer one comes after it.
        words.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        let names = words
            .iter()
            .map(|(name, _)| as_a_word(name))
            .collect::<Vec<_>>();
        Self {
            names: Regex::new(&names.join("|"))
                .ok()
                .filter(|_| !names.is_empty()),
            words,
        }
    }

    /// Gives the text without names, paths and addresses, line by line.
    pub(super) fn text(&self, text: &str) -> String {
        text.lines()
            .fold(String::new(), |done, line| done + &self.line(line) + "\n")
    }

    fn line(&self, line: &str) -> String {
        let mut line = match &self.names {
            Some(names) => names
                .replace_all(line, |found: &Captures<'_>| {
                    let word = self.words.iter().find(|(name, _)| *name == found[0]);
                    format!("{{{}}}", word.map_or("name", |(_, word)| word))
                })
                .into_owned(),
            None => line.to_owned(),
        };
        let [address, rest @ ..] = &*SHAPES;
        line = address.0.replace_all(&line, address.1).into_owned();
        line = without_paths(&line);
        for (shape, word) in rest {
            line = shape.replace_all(&line, *word).into_owned();
        }
        line
    }
}

/// A pattern that finds a name, and not inside a longer word.
fn as_a_word(name: &str) -> String {
    let edge = |c: Option<char>| {
        if c.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            r"\b"
        } else {
            ""
        }
    };
    let (first, last) = (name.chars().next(), name.chars().next_back());
    format!("{}{}{}", edge(first), regex::escape(name), edge(last))
}

/// Replaces what has a slash in it: in a command each word, else all up to the end of what is said of the path.
fn without_paths(line: &str) -> String {
    let command = line.contains(" --log-json");
    let mut rest = line;
    let mut done = String::new();
    while let Some(slash) = rest.find('/') {
        let begin = rest[..slash]
            .rfind(|c: char| c.is_whitespace() || "'\"=(<{[".contains(c))
            .map_or(0, |at| {
                at + rest[at..].chars().next().map_or(1, char::len_utf8)
            });
        let after = &rest[slash..];
        let word = after.find([' ', ',']).map_or(rest.len(), |at| slash + at);
        if is_a_ratio(&rest[begin..word]) {
            done.push_str(&rest[..word]);
            rest = &rest[word..];
            continue;
        }
        let end = if command {
            after.find(|c: char| c.is_whitespace() || c == '\'')
        } else {
            [after.find(": "), after.find(['\'', '"', '<', '>'])]
                .into_iter()
                .flatten()
                .min()
        };
        let end = end.map_or(rest.len(), |end| slash + end);
        done.push_str(&rest[..begin]);
        done.push_str("{path}");
        rest = &rest[end..];
    }
    done + rest
}

/// `1/3)` and `12.3 MB/s` are no paths.
fn is_a_ratio(text: &str) -> bool {
    let text = text.trim_end_matches([')', '.', ',']);
    text.ends_with("B/s")
        || text.split_once('/').is_some_and(|(a, b)| {
            [a, b]
                .iter()
                .all(|n| !n.is_empty() && n.bytes().all(|c| c.is_ascii_digit()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redaction() -> Redaction {
        Redaction::new([
            ("Backup SSD".to_owned(), "repository 1".to_owned()),
            (
                "/run/media/ada/Blue".to_owned(),
                "place of repository 1".to_owned(),
            ),
            ("thinkpad".to_owned(), "host".to_owned()),
            ("ada".to_owned(), "user".to_owned()),
            ("pc".to_owned(), "server".to_owned()),
            ("a".to_owned(), "plan 1".to_owned()),
        ])
    }

    #[track_caller]
    fn becomes(text: &str, expected: &str) {
        assert_eq!(redaction().text(text), format!("{expected}\n"));
    }

    #[test]
    fn what_alcove_knows_becomes_what_it_is() {
        becomes(
            "Job 3: Home to Backup SSD on thinkpad",
            "Job 3: Home to {repository 1} on {host}",
        );
        becomes(
            "pc said: upcoming, adapted",
            "{server} said: upcoming, adapted",
        );
        becomes(
            "The disk of /run/media/ada/Blue is full.",
            "The disk of {place of repository 1} is full.",
        );
    }

    #[test]
    fn paths_go_as_a_whole_and_what_is_said_of_them_stays() {
        becomes(
            "home/grace/My Letters/to Bob.txt: open: [Errno 13] Permission denied: 'home/grace/My Letters/to Bob.txt'",
            "{path}: open: [Errno 13] Permission denied: '{path}'",
        );
        becomes("Read /etc/ssl/private now", "Read {path}");
        becomes("M home/grace/x", "M {path}");
    }

    #[test]
    fn a_command_keeps_its_flags() {
        becomes(
            "BORG_RSH='ssh -i /home/grace/key' /usr/bin/borg create --log-json --lock-wait=5 --exclude='sh:**/.cache' -- ssh://g@nas.example:22/./b::x /home/grace",
            "BORG_RSH='ssh -i {path}' {path} create --log-json --lock-wait=5 --exclude='{path}' -- {address} {path}",
        );
    }

    #[test]
    fn addresses_hosts_and_ids_go_and_numbers_stay() {
        becomes("ssh: grace@nas refused", "ssh: {address} refused");
        becomes("from 192.168.1.20 port 22", "from {address} port 22");
        becomes("from fe80:0:0:1::2 port 22", "from {address} port 22");
        becomes("nas.example.org closed", "{name} closed");
        becomes(
            &format!("repository {}", "ab".repeat(32)),
            "repository {id}",
        );
        becomes(
            "2026-11-22T10:00:00.123Z INFO Borg 1.2.4, 12.3 MB/s, archive (1/3), 1.31 GB",
            "2026-11-22T10:00:00.123Z INFO Borg 1.2.4, 12.3 MB/s, archive (1/3), 1.31 GB",
        );
    }
}
