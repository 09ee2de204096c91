//! What holds of every history and all rules, whatever Borg says of one.

use std::collections::{BTreeMap, BTreeSet};

use alcove_borg::Archive;
use alcove_store::Keep;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{Kept, Rule, judge};

fn now() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

/// Archives of three years, dense at its end.
fn any_archives() -> impl Strategy<Value = Vec<Archive>> {
    let age = prop_oneof![-3_600_i64..864_000, 0_i64..94_608_000];
    let archive = (age, prop::bool::weighted(0.1));
    vec(archive, 0..60).prop_map(|made| {
        let archive = |(number, (age, checkpoint)): (usize, (i64, bool))| Archive {
            name: format!("{number}"),
            id: format!("{number}"),
            start: now() - SignedDuration::from_secs(age),
            checkpoint,
        };
        made.into_iter().enumerate().map(archive).collect()
    })
}

fn any_keep() -> impl Strategy<Value = Keep> {
    let few = || prop_oneof![2 => Just(0), 3 => 1..8_u32];
    let within = prop_oneof![2 => Just(0), 1 => 1..400_u32];
    (within, few(), few(), few(), few(), few(), few()).prop_map(
        |(within, last, hourly, daily, weekly, monthly, yearly)| Keep {
            within,
            last,
            hourly,
            daily,
            weekly,
            monthly,
            yearly,
        },
    )
}

fn zone() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

fn kept(archives: &[Archive], keep: Keep, now: Timestamp) -> BTreeSet<&str> {
    let judged = judge(archives, keep, &zone(), now).into_iter();
    judged
        .filter_map(|(archive, kept)| kept.map(|_| archive.name.as_str()))
        .collect()
}

fn most(keep: Keep, rule: Rule) -> usize {
    let most = match rule {
        Rule::Checkpoint => 1,
        Rule::Within => return usize::MAX,
        Rule::Last => keep.last,
        Rule::Hourly => keep.hourly,
        Rule::Daily => keep.daily,
        Rule::Weekly => keep.weekly,
        Rule::Monthly => keep.monthly,
        Rule::Yearly => keep.yearly,
    };
    most as usize
}

proptest! {
    #[test]
    fn every_archive_is_judged_once_and_a_rule_numbers_what_it_keeps(archives in any_archives(), keep in any_keep()) {
        let judged = judge(&archives, keep, &zone(), now());
        let names: BTreeSet<_> = judged.iter().map(|(archive, _)| &archive.name).collect();
        prop_assert_eq!((judged.len(), names.len()), (archives.len(), archives.len()));
        prop_assert!(judged.is_sorted_by(|(a, _), (b, _)| a.start >= b.start));
        let mut rules: BTreeMap<_, Vec<Kept>> = BTreeMap::new();
        for kept in judged.iter().filter_map(|(_, kept)| *kept) {
            rules.entry(format!("{:?}", kept.rule)).or_default().push(kept);
        }
        for kept in rules.values() {
            let numbers: Vec<_> = kept.iter().map(|kept| kept.number as usize).collect();
            prop_assert_eq!(&numbers, &(1..=kept.len()).collect::<Vec<_>>());
            prop_assert!(kept.len() <= most(keep, kept[0].rule), "{:?}", kept);
            let before = &kept[..kept.len() - 1];
            prop_assert!(before.iter().all(|kept| !kept.oldest));
        }
    }

    #[test]
    fn the_newest_whole_archive_stays_by_every_rule_but_that_of_age(archives in any_archives(), keep in any_keep()) {
        let newest = archives.iter().filter(|archive| !archive.checkpoint).map(|archive| archive.start).max();
        let judged = judge(&archives, keep, &zone(), now());
        let stays = judged.iter().any(|(archive, kept)| Some(archive.start) == newest && kept.is_some());
        prop_assert!(stays || newest.is_none() || !keep.keeps_the_newest());
        if !keep.prunes() {
            prop_assert!(judged.iter().all(|(archive, kept)| kept.is_none() || archive.checkpoint));
        }
    }

    #[test]
    fn a_checkpoint_stays_while_nothing_is_newer_and_takes_no_place(archives in any_archives(), keep in any_keep()) {
        let whole: Vec<_> = archives.iter().filter(|archive| !archive.checkpoint).cloned().collect();
        let without = kept(&whole, keep, now());
        let judged = judge(&archives, keep, &zone(), now());
        for (place, (archive, kept)) in judged.iter().enumerate() {
            if archive.checkpoint {
                prop_assert_eq!(kept.is_some(), place == 0);
            } else {
                prop_assert_eq!(kept.is_some(), without.contains(archive.name.as_str()));
            }
        }
    }

    #[test]
    fn more_of_a_rule_never_lets_another_archive_go(archives in any_archives(), keep in any_keep(), rule in 0..7_usize) {
        let mut more = keep;
        let counts = [
            &mut more.within, &mut more.last, &mut more.hourly, &mut more.daily,
            &mut more.weekly, &mut more.monthly, &mut more.yearly,
        ];
        *counts.into_iter().nth(rule).unwrap() += 1;
        prop_assert!(kept(&archives, keep, now()).is_subset(&kept(&archives, more, now())));
    }

    #[test]
    fn time_alone_brings_no_archive_back(archives in any_archives(), keep in any_keep(), hours in 0..1000_i64) {
        let later = now() + SignedDuration::from_hours(hours);
        prop_assert!(kept(&archives, keep, later).is_subset(&kept(&archives, keep, now())));
    }

    #[test]
    fn the_order_of_a_list_decides_nothing(archives in any_archives(), keep in any_keep()) {
        let mut other = archives.clone();
        other.reverse();
        prop_assert_eq!(judge(&archives, keep, &zone(), now()), judge(&other, keep, &zone(), now()));
    }
}
