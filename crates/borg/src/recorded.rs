//! What an archive tells of the backup that made it.
//!
//! Borg keeps the command line in every archive, so a repository that another program filled says what it backed
//! up and what it left out. Reads the newest archive as `list --json` shows it, and the words of a `create`.
//! Leaves out the files that a command line names; whoever proposes a plan reads them, if they are still there.
//!
//! Source: Borg 1.2.4 and 1.4.5, `borg create --help` and `borg help patterns`.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::pattern::lines::{self, Line};
use crate::pattern::{Effect, Style};

/// Is the newest archive of a repository: the answer to [`crate::Command::Describe`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewestArchive {
    /// Its name.
    pub name: String,
    /// When its backup began.
    pub start: Timestamp,
    /// When its backup ended.
    pub end: Timestamp,
    /// The computer it was made on.
    pub hostname: String,
    /// The account it was made by.
    pub username: String,
    /// The words of the command that made it, the program first.
    pub command_line: Vec<String>,
}

#[derive(Deserialize)]
struct Wire {
    archives: Vec<WireArchive>,
}

#[derive(Deserialize)]
struct WireArchive {
    name: String,
    start: DateTime,
    end: DateTime,
    hostname: String,
    username: String,
    command_line: Vec<String>,
}

impl NewestArchive {
    /// Reads stdout; nothing when it is not whole, and nothing inside when there is no archive.
    pub fn parse(stdout: &[u8]) -> Option<Option<Self>> {
        let Wire { archives } = serde_json::from_slice(stdout).ok()?;
        // Borg prints local time without an offset; here it always runs in UTC.
        let utc = |time: DateTime| Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp());
        let Some(archive) = archives.into_iter().last() else {
            return Some(None);
        };
        Some(Some(Self {
            name: archive.name,
            start: utc(archive.start)?,
            end: utc(archive.end)?,
            hostname: archive.hostname,
            username: archive.username,
            command_line: archive.command_line,
        }))
    }
}

/// Is what a `create` was told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordedCreate {
    /// The archive's name as it was given, placeholders and all.
    pub archive: String,
    /// The folders and files, as given.
    pub sources: Vec<String>,
    /// The patterns of `--exclude`.
    pub excludes: Vec<String>,
    /// The lines of `--pattern`.
    pub patterns: Vec<String>,
    /// The files of `--exclude-from`.
    pub exclude_files: Vec<String>,
    /// The files of `--patterns-from`.
    pub pattern_files: Vec<String>,
    /// The compression; Borg's own is `lz4`.
    pub compression: Option<String>,
    /// How files are cut into chunks.
    pub chunker_params: Option<String>,
    /// Whether it stayed on the file systems of the sources.
    pub one_file_system: bool,
    /// Options that change what an archive holds, and that are none of the above.
    pub others: Vec<String>,
}

/// Options of `create` and of every command that take a value.
const WITH_VALUE: [&str; 31] = [
    "--chunker-params",
    "--checkpoint-interval",
    "--comment",
    "--compression",
    "--debug-profile",
    "--debug-topic",
    "--exclude",
    "--exclude-from",
    "--exclude-if-present",
    "--files-cache",
    "--files-changed",
    "--filter",
    "--lock-wait",
    "--paths-delimiter",
    "--pattern",
    "--patterns-from",
    "--remote-buffer",
    "--remote-path",
    "--remote-ratelimit",
    "--rsh",
    "--stdin-group",
    "--stdin-mode",
    "--stdin-name",
    "--stdin-user",
    "--timestamp",
    "--umask",
    "--upload-buffer",
    "--upload-ratelimit",
    "-C",
    "-c",
    "-e",
];

/// Options that change what an archive holds, and that no plan has.
const OTHERS: [&str; 20] = [
    "--atime",
    "--content-from-command",
    "--exclude-if-present",
    "--exclude-nodump",
    "--files-cache",
    "--files-changed",
    "--keep-exclude-tags",
    "--noacls",
    "--nobirthtime",
    "--nobsdflags",
    "--noctime",
    "--noflags",
    "--noxattrs",
    "--numeric-ids",
    "--numeric-owner",
    "--paths-from-command",
    "--paths-from-stdin",
    "--read-special",
    "--sparse",
    "--exclude-dataless",
];

impl RecordedCreate {
    /// Reads the words of a command line, the program first; nothing when it is no `create` of an archive.
    pub fn read(words: &[String]) -> Option<Self> {
        let mut read = Self::default();
        let mut operands = Vec::new();
        let mut words = words.iter().skip(1).map(String::as_str);
        while let Some(word) = words.next() {
            if word == "--" {
                operands.extend(words.by_ref());
            } else if !word.starts_with('-') || word == "-" {
                operands.push(word);
            } else {
                let (option, joined) = split(word);
                let value = if joined.is_none() && WITH_VALUE.contains(&option) {
                    words.next()
                } else {
                    joined
                };
                read.take(option, value.unwrap_or_default());
            }
        }
        let mut operands = operands.into_iter();
        if operands.next() != Some("create") {
            return None;
        }
        let (_, archive) = operands.next()?.rsplit_once("::")?;
        archive.clone_into(&mut read.archive);
        read.sources = operands.map(str::to_owned).collect();
        Some(read)
    }

    fn take(&mut self, option: &str, value: &str) {
        let value = value.to_owned();
        match option {
            "--exclude" | "-e" => self.excludes.push(value),
            "--pattern" => self.patterns.push(value),
            "--exclude-from" => self.exclude_files.push(value),
            "--patterns-from" => self.pattern_files.push(value),
            "--compression" | "-C" => self.compression = Some(value),
            "--chunker-params" => self.chunker_params = Some(value),
            "--one-file-system" | "-x" => self.one_file_system = true,
            other if OTHERS.contains(&other) && value.is_empty() => {
                self.others.push(other.to_owned());
            }
            other if OTHERS.contains(&other) => self.others.push(format!("{other} {value}")),
            _ => {}
        }
    }
}

/// Takes `--option=value` and `-Cvalue` apart. Letters in one word (`-vp`) have no value.
fn split(word: &str) -> (&str, Option<&str>) {
    if word.starts_with("--") {
        return word
            .split_once('=')
            .map_or((word, None), |(option, value)| (option, Some(value)));
    }
    match word.char_indices().nth(2) {
        Some((end, _)) if WITH_VALUE.contains(&&word[..end]) => (&word[..end], Some(&word[end..])),
        _ => (word, None),
    }
}

/// Reads a file of `--exclude-from`: a pattern a line, `#` begins a comment.
pub fn exclude_lines(text: &str) -> Vec<String> {
    lines::of_file(text).map(str::to_owned).collect()
}

/// Is what lines of patterns say in the words of sources and excludes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PatternLines {
    /// The roots to back up.
    pub roots: Vec<String>,
    /// What is left out, each with its style.
    pub excludes: Vec<String>,
    /// What goes in although a later line leaves it out: excludes alone cannot say that.
    pub includes: Vec<String>,
}

impl PatternLines {
    /// Reads lines of `--pattern` or of a file of `--patterns-from`; what is no such line is passed over.
    pub fn read<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut read = Self::default();
        let mut style = Style::Shell;
        for line in lines.into_iter().map(str::trim) {
            match Line::read(line, style) {
                Ok(Line::Root(root)) => read.roots.push(root),
                Ok(Line::Style(named)) => style = named,
                Ok(Line::Rule(rule)) => {
                    let pattern = format!("{}:{}", rule.style, rule.pattern);
                    match rule.effect {
                        Effect::Include => read.includes.push(pattern),
                        Effect::Exclude | Effect::ExcludeNoRecurse => read.excludes.push(pattern),
                    }
                }
                Err(_) => {}
            }
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<RecordedCreate> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        RecordedCreate::read(&words)
    }

    #[test]
    fn each_way_to_write_an_option_is_understood() {
        let read = read(
            "/usr/bin/borg --lock-wait 5 create -vp --list --filter AM -Czstd,3 -e *.tmp --exclude=*.bak \
             --exclude-from /tmp/x --pattern=-/a --patterns-from /tmp/p --chunker-params 19,23,21,4095 -x \
             --exclude-if-present .nobackup --numeric-ids --comment nightly ssh://nas/./b::home-{now} /home -- --odd",
        );
        assert_eq!(
            read,
            Some(RecordedCreate {
                archive: "home-{now}".into(),
                sources: vec!["/home".into(), "--odd".into()],
                excludes: vec!["*.tmp".into(), "*.bak".into()],
                patterns: vec!["-/a".into()],
                exclude_files: vec!["/tmp/x".into()],
                pattern_files: vec!["/tmp/p".into()],
                compression: Some("zstd,3".into()),
                chunker_params: Some("19,23,21,4095".into()),
                one_file_system: true,
                others: vec![
                    "--exclude-if-present .nobackup".into(),
                    "--numeric-ids".into()
                ],
            })
        );
    }

    #[test]
    fn what_made_no_archive_of_files_is_nothing() {
        for line in [
            "borg import-tar r::a x.tar",
            "borg create",
            "borg",
            "borg create nothing /x",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn lines_of_patterns_become_roots_and_excludes() {
        let text = "# mine\nR /home\n- **/.cache\nP fm\n! *.iso\n- re:x$\n+ /home/keep\n";
        assert_eq!(
            PatternLines::read(text.lines()),
            PatternLines {
                roots: vec!["/home".into()],
                excludes: vec!["sh:**/.cache".into(), "fm:*.iso".into(), "re:x$".into()],
                includes: vec!["fm:/home/keep".into()],
            }
        );
        assert_eq!(exclude_lines(" # no\n\n*.o \n"), ["*.o"]);
    }

    #[test]
    fn the_newest_archive_is_read_and_none_is_none() {
        let json = r#"{"archives": [{"name": "a", "start": "2026-11-22T10:00:00.000000",
            "end": "2026-11-22T10:01:00.000000", "hostname": "desk", "username": "ada",
            "command_line": ["borg", "create", "r::a", "/home"]}]}"#;
        let archive = NewestArchive::parse(json.as_bytes()).unwrap().unwrap();
        assert_eq!(archive.end.to_string(), "2026-11-22T10:01:00Z");
        assert_eq!(archive.command_line.len(), 4);
        assert_eq!(NewestArchive::parse(b"{\"archives\": []}"), Some(None));
        assert_eq!(NewestArchive::parse(b"{"), None);
    }
}
