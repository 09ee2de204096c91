//! `borg prune`: which archives of one series to keep.
//!
//! Leaves out other series in the same repository: the pattern is always anchored at the whole prefix.

use std::time::Duration;

use super::invalid::InvalidCommand;
use super::words::Words;

/// Says which archives to keep; 0 leaves a rule out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Keep {
    /// All of the last so many hours.
    pub within: u32,
    /// The newest so many; of those of one second, one.
    pub last: u32,
    /// The newest of each of so many hours.
    pub hourly: u32,
    /// The newest of each of so many days.
    pub daily: u32,
    /// The newest of each of so many weeks (Monday to Sunday).
    pub weekly: u32,
    /// The newest of each of so many months.
    pub monthly: u32,
    /// The newest of each of so many years.
    pub yearly: u32,
}

impl Keep {
    fn rules(self) -> [(&'static str, u32, &'static str); 7] {
        [
            ("--keep-within", self.within, "H"),
            ("--keep-last", self.last, ""),
            ("--keep-hourly", self.hourly, ""),
            ("--keep-daily", self.daily, ""),
            ("--keep-weekly", self.weekly, ""),
            ("--keep-monthly", self.monthly, ""),
            ("--keep-yearly", self.yearly, ""),
        ]
    }
}

/// Describes one pruning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prune {
    /// In which repository.
    pub repository: String,
    /// How the names of the series begin, literally. It must set the series apart: `home-` also begins
    /// `home-photos-1`.
    pub archive_prefix: String,
    /// What to keep.
    pub keep: Keep,
    /// The IANA name of the time zone whose hours, days and weeks are counted; `None`: the one of the session.
    pub time_zone: Option<String>,
    /// How long to wait for another program that holds the repository.
    pub lock_wait: Duration,
    /// Only says what would happen.
    pub dry_run: bool,
}

impl Prune {
    pub(super) fn words(&self, words: Words) -> Words {
        let words = words
            .flag("--info")
            .flag("--list")
            .flag("--progress")
            .flag_if(self.dry_run, "--dry-run")
            .value(
                "--glob-archives",
                &format!("{}*", glob_literal(&self.archive_prefix)),
            );
        let rules = self
            .keep
            .rules()
            .into_iter()
            .filter(|(_, count, _)| *count > 0);
        rules
            .fold(words, |words, (flag, count, unit)| {
                words.value(flag, &format!("{count}{unit}"))
            })
            .repository(&self.repository)
    }

    pub(super) fn check(&self) -> Result<(), InvalidCommand> {
        if self.archive_prefix.is_empty() {
            return Err(InvalidCommand::EmptyArchivePrefix);
        }
        if self.keep == Keep::default() {
            return Err(InvalidCommand::NothingKept);
        }
        Ok(())
    }
}

/// Escapes the characters of a pattern and of a placeholder (Borg 1.2.4, `shellpattern.py`).
///
/// `[` needs company: alone in brackets it makes Python warn in the log, and no archive has a `/` in its name.
fn glob_literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '*' => pattern.push_str("[*]"),
            '?' => pattern.push_str("[?]"),
            '[' => pattern.push_str("[/[]"),
            '{' => pattern.push_str("[{{]"),
            '}' => pattern.push_str("[}}]"),
            c => pattern.push(c),
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use std::ffi::OsStr;

    fn prune() -> Prune {
        Prune {
            repository: "/repo".into(),
            archive_prefix: "home-k3x9-".into(),
            keep: Keep {
                daily: 7,
                weekly: 4,
                ..Keep::default()
            },
            time_zone: None,
            lock_wait: crate::LOCK_WAIT_INTERACTIVE,
            dry_run: true,
        }
    }

    #[test]
    fn only_the_rules_that_keep_something_are_said() {
        assert_eq!(
            Command::Prune(prune()).arguments().join(OsStr::new(" ")),
            "prune --log-json --lock-wait=5 --info --list --progress --dry-run --glob-archives=home-k3x9-* \
             --keep-daily=7 --keep-weekly=4 -- /repo"
        );
        let real = Prune {
            lock_wait: crate::LOCK_WAIT_JOB,
            dry_run: false,
            ..prune()
        };
        let words = Command::Prune(real).arguments();
        assert!(words.contains(&"--lock-wait=60".into()) && !words.contains(&"--dry-run".into()));
        let by_age = Prune {
            keep: Keep {
                within: 48,
                last: 1,
                ..Keep::default()
            },
            ..prune()
        };
        let words = Command::Prune(by_age).arguments();
        assert_eq!(
            words[words.len() - 4..words.len() - 2],
            ["--keep-within=48H", "--keep-last=1"]
        );
    }

    #[test]
    fn a_prefix_is_taken_literally() {
        assert_eq!(glob_literal("a*[b]?{now}"), "a[*][/[]b][?][{{]now[}}]");
    }

    #[test]
    fn pruning_without_a_series_or_without_a_rule_is_refused() {
        let everything = Prune {
            archive_prefix: String::new(),
            ..prune()
        };
        assert_eq!(
            Command::Prune(everything).check(),
            Err(InvalidCommand::EmptyArchivePrefix)
        );
        let nothing = Prune {
            keep: Keep::default(),
            ..prune()
        };
        assert_eq!(
            Command::Prune(nothing).check(),
            Err(InvalidCommand::NothingKept)
        );
        assert_eq!(Command::Prune(prune()).check(), Ok(()));
    }
}
