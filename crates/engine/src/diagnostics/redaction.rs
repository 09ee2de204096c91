//! Takes out of a text what is nobody else's business.
//!
//! What Alcove knows by name is replaced by what it is, the same word for the same thing, so that a reader can still
//! follow it. Paths, addresses and host names that nobody named are found by their shape, and by where Borg and ssh put
//! them in their sentences, rather too much than too little. A command line is read word by word, and only what is
//! known to be harmless stays. A passphrase is never in such a text to begin with.

use std::net::Ipv6Addr;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, BuildError, Match};
use alcove_borg::vocabulary;
use regex::{Captures, Regex};

/// What stands for each name.
pub(super) struct Redaction {
    names: AhoCorasick,
    /// In the order of the names.
    words: Vec<String>,
}

/// A single letter is a word too often.
const SHORTEST: usize = 2;

/// Words with a slash that are no paths.
const NO_PATHS: [&str; 3] = ["create/acquire", "Input/output", "and/or"];

#[expect(
    clippy::unwrap_used,
    reason = "the patterns are literals, and a test reads them"
)]
pub(super) fn literal(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

/// The beginning of a line of a job's log: when, and how serious.
static LOG: LazyLock<Regex> =
    LazyLock::new(|| literal(r"^\d{4}-\d\d-\d\dT[\d:.]+Z (?:DEBUG|INFO|WARNING|ERROR) "));

/// Borg's `--list`: a letter and a file (Borg 1.4.5, `borg help create`, "Item flags").
static LISTED: LazyLock<Regex> = LazyLock::new(|| literal(r"^([AMUCEdbchsfix?+.-]) (\S.*)$"));

/// The first line of a job's log.
static JOB: LazyLock<Regex> = LazyLock::new(|| literal(r"^Job \d+: (.*)$"));
static JOB_OF_KNOWN: LazyLock<Regex> =
    LazyLock::new(|| literal(r"^(?:\{[^{}]+\}|backup|prune|compact|check) (?:to|of) \{[^{}]+\}$"));

/// What Borg and the system say of a file, after its name.
static SAID_OF_A_FILE: LazyLock<Regex> = LazyLock::new(|| {
    literal(
        r"^(.+?)(: (?:(?:open|f?stat|lstat|extended_stat|read|readlink|scandir|listdir|lseek|flistxattr|listxattr|getxattr): )?\[Errno .*|: file changed while .*)$",
    )
});

/// Where a path ends that nobody quoted.
static END_OF_PATH: LazyLock<Regex> = LazyLock::new(|| {
    literal(concat!(
        r": (?:\[Errno|open: |f?stat: |lstat: |extended_stat: |read: |readlink: |scandir: |listdir: |write: |mkdir: |",
        r"file changed|line \d|not |no |it is |cannot |is |unknown |invalid |command |failed|\{|",
        r"Permission denied|No such|No space|Input/output|Operation not|Read-only|Stale file|Structure needs|",
        r"File exists|File name too|Is a directory|Not a directory|Too many|Device or|Transport endpoint|",
        r"Connection |Invalid argument|Invalid cross|Host is|Disk quota|Directory not|Text file busy|Bad |Cannot )",
        r"| \(timeout\)\.?$| does not exist\.?$| already exists\.?$| is not a valid repository\. .*$",
    ))
});

static QUOTED: LazyLock<Regex> = LazyLock::new(|| literal(r#"\B'(.+?)'\B|\B"(.+?)"\B"#));
static WITH_COLONS: LazyLock<Regex> = LazyLock::new(|| literal(r"[\w.:]*::[\w.:]*(?:%\w+)?"));

/// Shapes, each with what stands for it; what it keeps of the text around is a group.
static SHAPES: LazyLock<[(Regex, &str); 9]> = LazyLock::new(|| {
    [
        (
            r"\b[a-z][a-z0-9+]*://.*?(: |, |['\x22]| does not exist| already exists| is not | was previously|\.?$)",
            "{address}${1}",
        ),
        (r"[\w.+-]+@[\w.-]+(?::\S*)?", "{address}"),
        (
            r"((?:Keeping|Keep|Pruning|Would keep|Would prune):? ?(?:checkpoint )?archive(?: \([^)]*\))?:\s+)[^\s{].*?(\s{2,}|\s\w{3}, \d|$)",
            "${1}{archive}${2}",
        ),
        (
            r#"[^\s'"(){}]+-(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)"#,
            "{archive}-${1}",
        ),
        (
            r"((?i:connect to host|could not resolve hostname|failures for|authenticating user|invalid user|key is known for|host key for|identification for|authenticated to|health check at) )(?:\[[^\]\s]+\]|[^\s:{]+)",
            "${1}{name}",
        ),
        (
            r"(Connection (?:to|closed by|reset by) )[^\s:{]+( port| closed| timed out)",
            "${1}{name}${2}",
        ),
        (
            r"\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:[0-9a-fA-F]{1,4}:){3,}[0-9a-fA-F:]*",
            "{address}",
        ),
        (r"\b[0-9a-fA-F]{32,}\b", "{id}"),
        (r"\b[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b", "{name}"),
    ]
    .map(|(pattern, word)| (literal(pattern), word))
});

/// `C:\Users\x` and `\\server\share`, once as they are and once as a log writes them.
static WINDOWS_PATH: LazyLock<Regex> = LazyLock::new(|| literal(r"(?:\b[A-Za-z]:\\|\\\\\w)[^:]*"));

impl Redaction {
    /// Knows these names, each with the word that stands for it; of equal names the first counts. Fails when they are
    /// too many to look for: then nothing may be shown.
    pub(super) fn new(
        known: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, BuildError> {
        let (names, words): (Vec<_>, Vec<_>) = known
            .into_iter()
            .filter(|(name, _)| name.chars().count() >= SHORTEST)
            // A log doubles backslashes.
            .flat_map(|(name, word)| [(name.replace('\\', r"\\"), word.clone()), (name, word)])
            .unzip();
        Ok(Self {
            names: AhoCorasick::new(names)?,
            words,
        })
    }

    /// Gives the text without names, paths and addresses, line by line.
    pub(super) fn text(&self, text: &str) -> String {
        text.lines()
            .fold(String::new(), |done, line| done + &self.line(line) + "\n")
    }

    fn line(&self, line: &str) -> String {
        let (when, said) = line.split_at(LOG.find(line).map_or(0, |found| found.end()));
        let said = if vocabulary::is_command_line(said) {
            self.command(said)
        } else if let Some(listed) = LISTED.captures(said).filter(is_listed) {
            format!("{} {{path}}", &listed[1])
        } else {
            without_shapes(&self.without_names(said))
        };
        format!("{when}{said}")
    }

    /// Replaces what is known by name and not inside a longer word: the first, and of those the longest.
    pub(super) fn without_names(&self, text: &str) -> String {
        let mut found: Vec<Match> = self
            .names
            .find_overlapping_iter(text)
            .filter(|found| is_a_word(text, found))
            .collect();
        found.sort_by_key(|found| {
            (
                found.start(),
                std::cmp::Reverse(found.end()),
                found.pattern(),
            )
        });
        let (mut done, mut at) = (String::new(), 0);
        for name in found {
            if name.start() >= at {
                let word = &self.words[name.pattern().as_usize()];
                done.extend([&text[at..name.start()], "{", word, "}"]);
                at = name.end();
            }
        }
        done + &text[at..]
    }
}

/// Whether the text around a name does not go on with it. An underscore ends a word: host names are parts of others.
fn is_a_word(text: &str, found: &Match) -> bool {
    let name = &text[found.range()];
    let goes_on = |a: Option<char>, b: Option<char>| {
        a.is_some_and(char::is_alphanumeric) && b.is_some_and(char::is_alphanumeric)
    };
    !goes_on(
        text[..found.start()].chars().next_back(),
        name.chars().next(),
    ) && !goes_on(name.chars().next_back(), text[found.end()..].chars().next())
}

/// Whether nothing is left but one word that stands for something.
pub(super) fn is_replaced(text: &str) -> bool {
    text.strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'))
        .is_some_and(|word| !word.contains(['{', '}']))
}

/// A sentence may begin with "A".
fn is_listed(listed: &Captures<'_>) -> bool {
    &listed[1] != "A" || listed[2].contains('/') || !listed[2].ends_with('.')
}

fn without_shapes(line: &str) -> String {
    let job = JOB
        .captures(line)
        .and_then(|job| job.get(1))
        .filter(|names| !JOB_OF_KNOWN.is_match(names.as_str()));
    if let Some(names) = job {
        return format!("{}{{names}}", &line[..names.start()]);
    }
    let mut line = SAID_OF_A_FILE
        .replace(line, |said: &Captures<'_>| {
            if is_replaced(&said[1]) || said[1].ends_with("Error") {
                said[0].to_owned()
            } else {
                format!("{{path}}{}", &said[2])
            }
        })
        .into_owned();
    line = QUOTED
        .replace_all(&line, |quoted: &Captures<'_>| {
            let quote = &quoted[0][..1];
            let inner = quoted[0].trim_matches(['\'', '"']);
            let word = match inner {
                inner if is_replaced(inner) => inner,
                inner if inner.contains("://") || inner.contains('@') => "{address}",
                inner if inner.contains(['/', '\\']) => "{path}",
                _ => "{name}",
            };
            format!("{quote}{word}{quote}")
        })
        .into_owned();
    line = WITH_COLONS
        .replace_all(&line, |found: &Captures<'_>| without_ipv6(&found[0]))
        .into_owned();
    let [url, user, rest @ ..] = &*SHAPES;
    for (shape, word) in [url, user] {
        line = shape.replace_all(&line, *word).into_owned();
    }
    line = WINDOWS_PATH.replace_all(&line, "{path}").into_owned();
    line = without_paths(&line);
    for (shape, word) in rest {
        line = shape.replace_all(&line, *word).into_owned();
    }
    line
}

/// Replaces an address that leaves zeros out, such as `fd12::5`; `std::fs` stays.
fn without_ipv6(text: &str) -> String {
    let address = text.trim_end_matches('.');
    let address = match address.strip_suffix(':') {
        Some(before) if !before.ends_with(':') => before,
        _ => address,
    };
    let plain = address.split('%').next().unwrap_or_default();
    if plain != "::" && plain.parse::<Ipv6Addr>().is_ok() {
        format!("{{address}}{}", &text[address.len()..])
    } else {
        text.to_owned()
    }
}

/// Replaces what has a slash in it, all up to the end of what is said of the path.
fn without_paths(line: &str) -> String {
    let mut rest = line;
    let mut done = String::new();
    while let Some(slash) = rest.find('/') {
        let begin = rest[..slash]
            .rfind(|c: char| c.is_whitespace() || "'\"=(<{[}".contains(c))
            .map_or(0, |at| {
                at + rest[at..].chars().next().map_or(1, char::len_utf8)
            });
        let after = &rest[slash..];
        let word = after.find([' ', ',']).map_or(rest.len(), |at| slash + at);
        if is_no_path(&rest[begin..word]) {
            done.push_str(&rest[..word]);
            rest = &rest[word..];
            continue;
        }
        let end = END_OF_PATH
            .find(after)
            .map_or(rest.len(), |end| slash + end.start());
        done.push_str(&rest[..begin]);
        done.push_str("{path}");
        rest = &rest[end..];
    }
    done + rest
}

/// `1/3)`, `12.3 MB/s` and `Input/output` are no paths.
fn is_no_path(text: &str) -> bool {
    let text = text.trim_end_matches([')', '.', ',', ':']);
    text.ends_with("B/s")
        || NO_PATHS.contains(&text)
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
            (r"Tax\Bob".to_owned(), "plan 2".to_owned()),
        ])
        .unwrap()
    }

    #[track_caller]
    fn becomes(text: &str, expected: &str) {
        assert_eq!(redaction().text(text), format!("{expected}\n"));
    }

    #[test]
    fn what_alcove_knows_becomes_what_it_is() {
        becomes(
            "Home to Backup SSD on thinkpad",
            "Home to {repository 1} on {host}",
        );
        becomes(
            "pc said: upcoming, adapted",
            "{server} said: upcoming, adapted",
        );
        becomes(
            "The disk of /run/media/ada/Blue is full.",
            "The disk of {place of repository 1} is full.",
        );
        becomes("thinkpad_old, thinkpads", "{host}_old, thinkpads");
        becomes(r"Tax\Bob Tax\\Bob", "{plan 2} {plan 2}");
    }

    #[test]
    fn of_names_inside_each_other_the_longest_counts_and_of_equal_ones_the_first() {
        let known = ["Home", "Home direct", "Home direct"]
            .into_iter()
            .zip(["a", "b", "c"]);
        let redaction =
            Redaction::new(known.map(|(name, word)| (name.to_owned(), word.to_owned()))).unwrap();
        assert_eq!(
            redaction.text("Home directory, Home direct"),
            "{a} directory, {b}\n"
        );
    }

    #[test]
    fn no_number_of_names_is_too_large() {
        let name = |n: usize| format!("{n} {}", "Bücher ".repeat(20));
        let known = (0..5_000).map(|n| (name(n), format!("plan {n}")));
        let redaction = Redaction::new(known).unwrap();
        assert_eq!(redaction.text(&name(4_999)), "{plan 4999}\n");
    }

    #[test]
    fn paths_go_as_a_whole_and_what_is_said_of_them_stays() {
        becomes(
            "home/grace/My Letters/to Bob.txt: open: [Errno 13] Permission denied: 'home/grace/My Letters/to Bob.txt'",
            "{path}: open: [Errno 13] Permission denied: '{path}'",
        );
        becomes("Read /etc/ssl/private now", "Read {path}");
        becomes(
            "/home/grace/Bob's will: Permission denied",
            "{path}: Permission denied",
        );
        becomes("/home/grace/Re: Bob is ill", "{path}");
        becomes(
            "Not there: '/home/grace/Letters to Bob', \"My Letters/to Bob\"",
            "Not there: '{path}', \"{path}\"",
        );
        becomes(
            "/run/media/ada/Blue/to Bob: open: x",
            "{place of repository 1}{path}: open: x",
        );
        becomes(
            "Failed to create/acquire the lock /mnt/My Disk/lock.exclusive (timeout).",
            "Failed to create/acquire the lock {path} (timeout).",
        );
        becomes(
            "home/x: read: [Errno 5] Input/output error: 'home/x'",
            "{path}: read: [Errno 5] Input/output error: '{path}'",
        );
        becomes(r"Is C:\Users\Grace H\x there", "Is {path}");
        becomes(r"On \\nas\Grace H", "On {path}");
    }

    #[test]
    fn a_file_without_a_folder_goes_where_borg_names_it() {
        becomes(
            "Letter to Bob: open: [Errno 13] Permission denied: 'Letter to Bob'",
            "{path}: open: [Errno 13] Permission denied: '{name}'",
        );
        becomes(
            "2026-11-22T10:00:00.123Z WARNING Letter to Bob: file changed while we backed it up",
            "2026-11-22T10:00:00.123Z WARNING {path}: file changed while we backed it up",
        );
        becomes(
            "OSError: [Errno 28] No space left on device",
            "OSError: [Errno 28] No space left on device",
        );
        becomes("M home/grace/x", "M {path}");
        becomes(
            "2026-11-22T10:00:00.123Z INFO A home/grace/y z",
            "2026-11-22T10:00:00.123Z INFO A {path}",
        );
        becomes("d letters to bob", "d {path}");
        becomes("A stop was asked for.", "A stop was asked for.");
    }

    #[test]
    fn a_command_keeps_its_flags_and_what_is_harmless() {
        becomes(
            "2026-11-22T10:00:00.123Z INFO BORG_RSH='ssh -i /home/grace/key' BORG_X_OK=yes /usr/bin/borg create --log-json --lock-wait=5 --compression=zstd,3 --exclude='sh:/x/Tax Papers' '--exclude=sh:/x/Tax Papers' $'--exclude=Tax\\x0a x' --exclude=TaxFraud2024 -- ssh://g@nas.example:22/./b::x /home/grace",
            "2026-11-22T10:00:00.123Z INFO BORG_RSH={value} BORG_X_OK=yes {path} create --log-json --lock-wait=5 --compression=zstd,3 --exclude={pattern} --exclude={pattern} --exclude={pattern} --exclude={pattern} -- {address}::{archive} {path}",
        );
        becomes(
            r"borg create --log-json --exclude='it'\\''s my secret' --exclude=$'a\\x0a b' -- '/run/media/ada/Blue::x y' list 'a b",
            "{path} create --log-json --exclude={pattern} --exclude={pattern} -- {place of repository 1}::{archive} {path} {path}",
        );
        becomes(
            "borg prune --log-json --keep-daily=7 --glob-archives='thinkpad-Affair-*' -- /mnt/b",
            "{path} prune --log-json --keep-daily=7 --glob-archives={pattern} -- {path}",
        );
    }

    #[test]
    fn names_of_another_time_go_where_alcove_and_borg_put_them() {
        becomes("Job 7: Divorce case to Old disk", "Job 7: {names}");
        becomes("Job 7: check of Old disk", "Job 7: {names}");
        becomes(
            "Job 7: check of Backup SSD",
            "Job 7: check of {repository 1}",
        );
        becomes(
            "Archive thinkpad-Affair-k3m9x2ab-2026-11-22T10:00:00.123 is complete.",
            "Archive {host}{archive}-2026-11-22T10:00:00.123 is complete.",
        );
        becomes(
            "Keeping archive (rule: daily #1):   My letters      Sun, 2026-11-22 10:00:00 [x]",
            "Keeping archive (rule: daily #1):   {archive}      Sun, 2026-11-22 10:00:00 [x]",
        );
    }

    #[test]
    fn addresses_hosts_and_ids_go_and_numbers_stay() {
        becomes("ssh: grace@nas refused", "ssh: {address} refused");
        becomes(
            "grace@nas: Permission denied (publickey,password).",
            "{address} Permission denied (publickey,password).",
        );
        becomes(
            "ssh: connect to host attic port 22: Connection refused",
            "ssh: connect to host {name} port 22: Connection refused",
        );
        becomes(
            "ssh: Could not resolve hostname attic: Name or service not known",
            "ssh: Could not resolve hostname {name}: Name or service not known",
        );
        becomes(
            "Connection closed by attic port 22, Connection closed by remote host",
            "Connection closed by {name} port 22, Connection closed by remote host",
        );
        becomes(
            "Too many authentication failures for grace",
            "Too many authentication failures for {name}",
        );
        becomes("locked by vm@3281355014145.24417-0", "locked by {address}");
        becomes("from 192.168.1.20 port 22", "from {address} port 22");
        becomes("from fe80:0:0:1::2 port 22", "from {address} port 22");
        becomes("from fd12:3456::5 port 22", "from {address} port 22");
        becomes(
            "[::1]:22, fe80::1%eth0: no",
            "[{address}]:22, {address}: no",
        );
        becomes("std::fs said ::", "std::fs said ::");
        becomes("nas.example.org closed", "{name} closed");
        becomes(
            "Repository ssh://g@nas/./My Letters does not exist.",
            "Repository {address} does not exist.",
        );
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
