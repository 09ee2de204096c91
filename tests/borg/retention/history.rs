//! Made-up histories: when archives were made, which of them are looked at, in which zone and by which rules.

use alcove_store::Keep;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

/// Zones with clocks that are put, by half an hour too, and one without.
const ZONES: [&str; 5] = [
    "America/New_York",
    "Europe/Berlin",
    "Pacific/Auckland",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
];

/// When clocks are put in one of the zones.
const CHANGES: [&str; 8] = [
    "2025-03-09T07:00:00Z",
    "2025-11-02T06:00:00Z",
    "2025-03-30T01:00:00Z",
    "2025-10-26T01:00:00Z",
    "2025-04-05T14:00:00Z",
    "2025-09-27T14:00:00Z",
    "2025-04-05T15:00:00Z",
    "2025-10-04T15:30:00Z",
];

/// The letters of a name, each at random.
pub(super) const LETTERS: usize = 6;
const ALPHABET: &[u8] = b"abcdefghijkl";

/// How the archives of a pool lie in time, by the first letter of their names.
const KINDS: &[u8] = b"chdwyn";

/// An archive to make.
#[derive(Debug, Clone)]
pub(super) struct Made {
    pub(super) at: Timestamp,
    /// Its kind, then letters.
    pub(super) name: String,
    /// Whether an interrupted backup left it.
    pub(super) checkpoint: bool,
    /// Whether it is of the second of the one before.
    pub(super) together: bool,
}

/// The archives of a pool that are looked at, and the zone.
#[derive(Debug, Clone)]
pub(super) struct History {
    pub(super) zone: &'static str,
    /// Kinds; all when there is none.
    kinds: Vec<u8>,
    /// Which letters stand at which place of a name.
    place: usize,
    letters: Vec<u8>,
}

impl History {
    /// The pattern of its names, for Borg.
    pub(super) fn glob(&self) -> String {
        let class = |letters: &[u8]| match letters {
            [] => "?".to_owned(),
            letters => format!("[{}]", String::from_utf8_lossy(letters)),
        };
        let before = "?".repeat(self.place);
        format!("{}{before}{}*", class(&self.kinds), class(&self.letters))
    }

    /// Whether an archive of this name is of it.
    pub(super) fn has(&self, name: &str) -> bool {
        let fits = |at: usize, letters: &[u8]| {
            letters.is_empty() || letters.contains(&name.as_bytes()[at])
        };
        fits(0, &self.kinds) && fits(1 + self.place, &self.letters)
    }
}

/// Rules, with what everything is kept within as Borg is told it.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    counts: [u32; 6],
    within: Option<(u32, char)>,
}

impl Rules {
    pub(super) fn keep(&self) -> Keep {
        let [last, hourly, daily, weekly, monthly, yearly] = self.counts;
        let hours = |unit| match unit {
            'H' => 1,
            'd' => 24,
            'w' => 7 * 24,
            'm' => 31 * 24,
            _ => 365 * 24,
        };
        Keep {
            within: self.within.map_or(0, |(count, unit)| count * hours(unit)),
            last,
            hourly,
            daily,
            weekly,
            monthly,
            yearly,
        }
    }

    /// The same, for Borg.
    pub(super) fn words(&self) -> Vec<String> {
        let names = ["last", "hourly", "daily", "weekly", "monthly", "yearly"];
        let counts = names.iter().zip(self.counts);
        let counts = counts.filter(|(_, count)| *count > 0);
        let counts = counts.map(|(name, count)| format!("--keep-{name}={count}"));
        let within = self.within.iter();
        let within = within.map(|(count, unit)| format!("--keep-within={count}{unit}"));
        counts.chain(within).collect()
    }
}

/// When an archive is made, with the letter of its kind.
fn any_time(now: Timestamp) -> impl Strategy<Value = (char, Timestamp)> {
    let from = |base: &str, seconds: i64| {
        let base: Timestamp = base.parse().unwrap();
        base + SignedDuration::from_secs(seconds)
    };
    prop_oneof![
        3 => (prop::sample::select(&CHANGES[..]), -14_400_i64..14_400)
            .prop_map(move |(change, seconds)| ('c', from(change, seconds))),
        2 => (0_i64..480).prop_map(move |step| ('h', from("2025-06-02T00:00:00Z", step * 600))),
        2 => (0_i64..360).prop_map(move |step| ('d', from("2025-08-20T00:00:00Z", step * 21_600))),
        1 => (0_i64..300).prop_map(move |week| ('w', from("2020-01-01T12:00:00Z", week * 604_800))),
        2 => (2018..2026, -144_i64..144).prop_map(move |(year, hours)| {
            ('y', from(&format!("{year}-01-01T00:00:00Z"), hours * 3_600))
        }),
        2 => (-120_i64..6_000).prop_map(move |minutes| {
            ('n', now - SignedDuration::from_mins(minutes))
        }),
    ]
}

/// An archive of a pool that is made now.
pub(super) fn any_archive(now: Timestamp) -> impl Strategy<Value = Made> {
    let letters = prop::collection::vec(prop::sample::select(ALPHABET), LETTERS);
    let rarely = || prop::bool::weighted(0.1);
    (any_time(now), letters, rarely(), rarely()).prop_map(
        |((kind, at), letters, checkpoint, together)| Made {
            at,
            name: format!("{kind}{}", String::from_utf8_lossy(&letters)),
            checkpoint,
            together,
        },
    )
}

pub(super) fn any_history() -> impl Strategy<Value = History> {
    (
        prop::sample::select(&ZONES[..]),
        prop::sample::subsequence(KINDS, 0..=3),
        0..LETTERS,
        prop::sample::subsequence(ALPHABET, 1..=ALPHABET.len()),
    )
        .prop_map(|(zone, kinds, place, letters)| History {
            zone,
            kinds,
            place,
            letters,
        })
}

pub(super) fn any_rules() -> impl Strategy<Value = Rules> {
    let count = || prop_oneof![4 => Just(0_u32), 4 => 1..6_u32, 1 => 6..40_u32];
    let counts = [count(), count(), count(), count(), count(), count()];
    let unit = prop_oneof![
        (1..100_u32, Just('H')),
        (1..200_u32, Just('d')),
        (1..60_u32, Just('w')),
        (1..30_u32, Just('m')),
        (1..8_u32, Just('y')),
    ];
    (counts, prop::option::weighted(0.3, unit))
        .prop_map(|(counts, within)| Rules { counts, within })
        .prop_filter("Borg wants a rule", |rules| !rules.words().is_empty())
}
