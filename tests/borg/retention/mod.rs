//! Which archives rules keep, before Borg as the judge: `borg prune --dry-run --list` says of every archive of a
//! history what [`retention::judge`] does, in the same order and with the same numbers.
//!
//! Archives are slow to make, so a few hundred are a pool, and a history is those whose names fit a pattern. The
//! times of the pool lie where rules are hard: around clocks that are put, ends of years, one second, now.

mod history;
mod pool;

use std::collections::HashSet;

use alcove_borg::Archive;
use alcove_engine::retention::{self, Kept, Rule};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use history::{History, Rules, any_history, any_rules};
use pool::{Fate, Pool};

/// How much is tried.
struct Extent {
    histories: u32,
    /// Sets of rules for each history.
    rules: u32,
    /// Archives in each of the two pools.
    archives: usize,
}

/// What is tried in every run of the tests, and in the long one.
const FEW: Extent = Extent {
    histories: 60,
    rules: 1,
    archives: 24,
};
const ALL: Extent = Extent {
    histories: 520,
    rules: 2,
    archives: 120,
};

/// Random choices that are the same at every run.
fn seeded(number: u32) -> TestRunner {
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&number.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    TestRunner::new_with_rng(Config::default(), random)
}

/// What Borg says of an archive that is kept for this reason.
fn words(kept: Kept) -> Fate {
    let rule = match kept.rule {
        Rule::Checkpoint => return Fate::KeptCheckpoint,
        Rule::Within => "within",
        Rule::Last => "secondly",
        Rule::Hourly => "hourly",
        Rule::Daily => "daily",
        Rule::Weekly => "weekly",
        Rule::Monthly => "monthly",
        Rule::Yearly => "yearly",
    };
    let oldest = if kept.oldest { "[oldest]" } else { "" };
    Fate::Kept(format!("{rule}{oldest} #{}", kept.number))
}

fn judged(archives: &[&Archive], rules: &Rules, zone: &str, now: Timestamp) -> Vec<(String, Fate)> {
    let zone = TimeZone::get(zone).unwrap();
    let judged = retention::judge(archives.iter().copied(), rules.keep(), &zone, now);
    judged
        .into_iter()
        .map(|(archive, kept)| (archive.name.clone(), kept.map_or(Fate::Goes, words)))
        .collect()
}

/// Compares one history by one set of rules. Archives may pass out of the last hours while Borg looks: then it looks
/// again.
fn agrees(pool: &Pool, history: &History, rules: &Rules) {
    let archives = pool.archives_of(history);
    loop {
        let before = judged(&archives, rules, history.zone, Timestamp::now());
        let said = pool.dry_run(history, rules);
        let after = judged(&archives, rules, history.zone, Timestamp::now());
        if before == after {
            assert_eq!(before, said, "{history:?} {rules:?}");
            return;
        }
    }
}

/// Compares so many histories, by two Borgs at a time.
fn agrees_on(extent: &Extent) {
    let sets: Vec<HashSet<Vec<String>>> = std::thread::scope(|threads| {
        let halves = [0, 1].map(|half| {
            threads.spawn(move || {
                let pool = Pool::new(&mut seeded(u32::MAX - half), extent.archives);
                let mut sets = HashSet::new();
                let mut number = half;
                while sets.len() < (extent.histories / 2) as usize {
                    let mut random = seeded(number);
                    number += 2;
                    let history = any_history().new_tree(&mut random).unwrap().current();
                    let names: Vec<_> = pool.archives_of(&history).into_iter().collect();
                    let names = names.iter().map(|archive| archive.name.clone()).collect();
                    if !sets.insert(names) {
                        continue;
                    }
                    for _ in 0..extent.rules {
                        let rules = any_rules().new_tree(&mut random).unwrap().current();
                        agrees(&pool, &history, &rules);
                    }
                }
                sets
            })
        });
        halves.map(|half| half.join().unwrap()).into()
    });
    let count: usize = sets.iter().map(HashSet::len).sum();
    assert_eq!(count, extent.histories as usize);
}

#[test]
fn what_rules_keep_of_a_history_is_what_borg_keeps() {
    agrees_on(&FEW);
}

#[test]
#[ignore = "has Borg judge 520 histories"]
fn five_hundred_histories_are_kept_as_borg_keeps_them() {
    agrees_on(&ALL);
}
