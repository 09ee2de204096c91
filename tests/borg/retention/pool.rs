//! A repository with many small archives, and the Borg that says which of them it would prune.

use alcove_borg::{Archive, ArchiveList};
use alcove_testkit::Scratch;
use alcove_tests::Terminal;
use jiff::{SignedDuration, Timestamp};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;

use super::history::{History, LETTERS, Rules, any_archive};

/// What Borg says of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is kept by this rule: `daily #1`.
    Kept(String),
    KeptCheckpoint,
    Goes,
}

pub(super) struct Pool {
    scratch: Scratch,
    archives: Vec<Archive>,
}

impl Pool {
    pub(super) fn new(random: &mut TestRunner, size: usize) -> Self {
        let mut pool = Self {
            scratch: Scratch::new(),
            archives: Vec::new(),
        };
        let source = pool
            .scratch
            .tree("Documents", 1, 10, 1)
            .display()
            .to_string();
        let repository = pool.repository();
        pool.borg("UTC", &["init", "--encryption=none", &repository]);
        // A second is the smallest a backup is dated with.
        let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
        let mut last = now;
        for number in 0..size {
            let made = any_archive(now).new_tree(random).unwrap().current();
            last = if made.together { last } else { made.at };
            let checkpoint = match (made.checkpoint, number % 2) {
                (false, _) => "",
                (true, 0) => ".checkpoint",
                (true, _) => ".checkpoint.3",
            };
            let archive = format!("{repository}::{}-{number}{checkpoint}", made.name);
            let at = last.strftime("--timestamp=%Y-%m-%dT%H:%M:%S").to_string();
            pool.borg("UTC", &["create", &at, &archive, &source]);
        }
        let words = ["list", "--json", "--consider-checkpoints", &repository];
        let (stdout, _) = pool.borg("UTC", &words);
        pool.archives = ArchiveList::parse(&stdout).unwrap().archives;
        assert_eq!(pool.archives.len(), size);
        let latest = now + SignedDuration::from_hours(24);
        assert!(pool.archives.iter().all(|archive| archive.start < latest));
        pool
    }

    fn repository(&self) -> String {
        self.scratch.path().join("repository").display().to_string()
    }

    /// The archives of a history, as the repository has them.
    pub(super) fn archives_of(&self, history: &History) -> Vec<&Archive> {
        assert!(
            self.archives
                .iter()
                .all(|archive| archive.name.len() > LETTERS)
        );
        let all = self.archives.iter();
        all.filter(|archive| history.has(&archive.name)).collect()
    }

    /// What Borg would do with them.
    pub(super) fn dry_run(&self, history: &History, rules: &Rules) -> Vec<(String, Fate)> {
        let glob = format!("--glob-archives={}", history.glob());
        let rules = rules.words();
        let (repository, mut words) = (self.repository(), vec!["prune", "--dry-run", "--list"]);
        words.push(&glob);
        words.extend(rules.iter().map(String::as_str));
        words.push(&repository);
        let (_, stderr) = self.borg(history.zone, &words);
        let lines = stderr.lines().filter(|line| line.ends_with(']'));
        lines.map(fate).collect()
    }

    fn borg(&self, zone: &str, words: &[&str]) -> (Vec<u8>, String) {
        let output = Terminal(&self.scratch).borg_with(&[("TZ", zone)], words);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{words:?}: {stderr}");
        (output.stdout, stderr)
    }
}

/// Reads `Keeping archive (rule: daily #1): NAME  DATE [ID]` and the like. No name of the pool has a space or a colon.
fn fate(line: &str) -> (String, Fate) {
    let name = |rest: &str| rest.split_whitespace().next().unwrap().to_owned();
    if let Some(kept) = line.strip_prefix("Keeping archive (rule: ") {
        let (rule, rest) = kept.split_once("):").unwrap();
        return (name(rest), Fate::Kept(rule.to_owned()));
    }
    let (words, rest) = line.split_once(':').unwrap();
    if words == "Would prune" {
        return (name(rest), Fate::Goes);
    }
    assert_eq!(words, "Keeping checkpoint archive");
    (name(rest), Fate::KeptCheckpoint)
}
