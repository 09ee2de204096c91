//! Which archives of one series the rules of a plan keep, and which rule keeps each: what `borg prune` would say.
//!
//! A pure function of the archives, the rules, a time zone and the time, so that rules can be tried on a list that was
//! read once. `tests/borg/retention.rs` has Borg judge it. Leaves out which archives are of the series, and deleting.
//!
//! Source: the documentation of `borg prune` of Borg 1.2.4 and 1.4.5, and what both were seen to do.

use alcove_borg::Archive;
use alcove_store::Keep;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::error::{ErrorCode, Failure};

/// Nobody keeps everything for longer: hours in a hundred years.
const LONGEST: u32 = 100 * 365 * 24;

/// A reason to keep an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// It is what an interrupted backup left, and nothing is newer.
    Checkpoint,
    /// It is of the last hours.
    Within,
    /// It is one of the newest; of those of one second, the newest.
    Last,
    /// It is the newest of its hour.
    Hourly,
    /// It is the newest of its day.
    Daily,
    /// It is the newest of its week, Monday to Sunday.
    Weekly,
    /// It is the newest of its month.
    Monthly,
    /// It is the newest of its year.
    Yearly,
}

/// Why an archive is kept. An archive is kept for one reason, the first that holds in the order of [`Rule`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Kept {
    /// By which rule.
    pub rule: Rule,
    /// The how manieth this rule keeps, the newest is 1.
    pub number: u32,
    /// Whether it is kept as the oldest there is, since the rule did not find as many as it may keep.
    pub oldest: bool,
}

/// The beginning of the hour, the day… of a time.
type Span = fn(DateTime) -> DateTime;

/// Decides for every archive of a series why it is kept; `None`: it goes. The newest first; of archives of one second
/// in the order of their names.
///
/// An hour that comes twice, when a clock is put back, is one hour. Archives of the future are within every number of
/// hours.
pub fn judge<'a>(
    archives: impl IntoIterator<Item = &'a Archive>,
    keep: Keep,
    zone: &TimeZone,
    now: Timestamp,
) -> Vec<(&'a Archive, Option<Kept>)> {
    let mut archives: Vec<_> = archives
        .into_iter()
        .map(|archive| (archive, None))
        .collect();
    archives.sort_by(|(a, _), (b, _)| (b.start, &b.name).cmp(&(a.start, &a.name)));
    if let Some((newest, kept)) = archives.first_mut()
        && newest.checkpoint
    {
        *kept = Some(Kept {
            rule: Rule::Checkpoint,
            number: 1,
            oldest: false,
        });
    }
    // One that is not whole takes no place from one that is.
    let mut whole: Vec<_> = archives
        .iter_mut()
        .filter(|(archive, _)| !archive.checkpoint)
        .map(|(archive, kept)| (archive.start, kept))
        .collect();
    keep_within(&mut whole, keep.within, now);
    let mut local: Vec<_> = whole
        .into_iter()
        .map(|(start, kept)| (zone.to_datetime(start), kept))
        .collect();
    let rules: [(Rule, u32, Span); 6] = [
        (Rule::Last, keep.last, second),
        (Rule::Hourly, keep.hourly, hour),
        (Rule::Daily, keep.daily, day),
        (Rule::Weekly, keep.weekly, week),
        (Rule::Monthly, keep.monthly, month),
        (Rule::Yearly, keep.yearly, year),
    ];
    for (rule, most, span) in rules {
        keep_newest(&mut local, rule, most, span);
    }
    archives
}

/// Keeps everything of the last hours.
fn keep_within(archives: &mut [(Timestamp, &mut Option<Kept>)], hours: u32, now: Timestamp) {
    if hours == 0 {
        return;
    }
    let age = SignedDuration::from_hours(hours.into());
    let since = now.checked_sub(age).unwrap_or(Timestamp::MIN);
    let recent = archives.iter_mut().filter(|(start, _)| *start > since);
    for (number, (_, kept)) in (1..).zip(recent) {
        **kept = Some(Kept {
            rule: Rule::Within,
            number,
            oldest: false,
        });
    }
}

/// Keeps the newest archive of each of the newest spans. One that is kept already stands for its span and takes no
/// place. Where there are fewer spans than places, the oldest archive has one.
fn keep_newest(archives: &mut [(DateTime, &mut Option<Kept>)], rule: Rule, most: u32, span: Span) {
    let mut number = 0;
    let mut last = None;
    for (start, kept) in archives.iter_mut() {
        if number == most {
            return;
        }
        let current = Some(span(*start));
        if current != last && kept.is_none() {
            number += 1;
            **kept = Some(Kept {
                rule,
                number,
                oldest: false,
            });
        }
        last = current;
    }
    if number < most
        && let Some((_, kept @ None)) = archives.last_mut()
    {
        **kept = Some(Kept {
            rule,
            number: number + 1,
            oldest: true,
        });
    }
}

fn second(at: DateTime) -> DateTime {
    let (hour, minute, second) = (at.hour(), at.minute(), at.second());
    at.date().at(hour, minute, second, 0)
}

fn hour(at: DateTime) -> DateTime {
    at.date().at(at.hour(), 0, 0, 0)
}

fn day(at: DateTime) -> DateTime {
    at.date().to_datetime(jiff::civil::Time::midnight())
}

fn week(at: DateTime) -> DateTime {
    let since_monday = at.weekday().to_monday_zero_offset();
    day(at).saturating_sub(since_monday.days())
}

fn month(at: DateTime) -> DateTime {
    day(at.first_of_month())
}

fn year(at: DateTime) -> DateTime {
    day(at.first_of_year())
}

/// Refuses rules that a day would come with on which they keep no archive, and what Borg cannot count.
pub(crate) fn check(keep: Keep) -> Result<(), Failure> {
    if keep.within > LONGEST {
        return Err(Failure::bad_argument(
            "keep",
            format!("Archives are kept for {LONGEST} hours by their age at most, a hundred years."),
        ));
    }
    if keep.prunes() && !keep.keeps_the_newest() {
        return Err(Failure {
            field: Some("keep".to_owned()),
            ..Failure::new(
                ErrorCode::NothingKept,
                "By their age alone every archive would be deleted once no backup was made for that long. Keep the newest too.",
            )
        });
    }
    Ok(())
}

#[cfg(test)]
mod laws;

#[cfg(test)]
mod tests {
    use super::*;

    fn made(times: &[&str]) -> Vec<Archive> {
        let archive = |(number, time): (usize, &&str)| Archive {
            name: format!("{time}#{number}"),
            id: number.to_string(),
            start: time.parse().unwrap(),
            checkpoint: false,
        };
        times.iter().enumerate().map(archive).collect()
    }

    /// What is said of archives made at these times, the newest first, in Berlin.
    fn said(times: &[&str], keep: Keep) -> Vec<String> {
        let archives = made(times);
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        let judged = judge(&archives, keep, &zone, now).into_iter();
        judged
            .map(|(archive, kept)| {
                let time = archive.name.split('#').next().unwrap();
                match kept {
                    Some(kept) => {
                        let oldest = if kept.oldest { " oldest" } else { "" };
                        format!("{time} {:?}{oldest} {}", kept.rule, kept.number)
                    }
                    None => format!("{time} goes"),
                }
            })
            .collect()
    }

    const NONE: Keep = Keep {
        within: 0,
        last: 0,
        hourly: 0,
        daily: 0,
        weekly: 0,
        monthly: 0,
        yearly: 0,
    };

    #[test]
    fn what_a_rule_keeps_takes_no_place_of_the_next_and_the_oldest_fills_what_is_left() {
        let times = [
            "2026-11-20T10:00:00Z",
            "2026-11-21T10:00:00Z",
            "2026-11-22T08:00:00Z",
            "2026-11-22T09:00:00Z",
        ];
        let keep = Keep {
            daily: 1,
            weekly: 2,
            ..NONE
        };
        assert_eq!(
            said(&times, keep),
            [
                "2026-11-22T09:00:00Z Daily 1",
                "2026-11-22T08:00:00Z goes",
                "2026-11-21T10:00:00Z goes",
                "2026-11-20T10:00:00Z Weekly oldest 1",
            ]
        );
    }

    #[test]
    fn an_hour_that_comes_twice_is_one_and_a_day_is_that_of_the_zone() {
        // At three on 2026-10-25 it is two again in Berlin: 00:30Z and 01:30Z are both half past two.
        let times = ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"];
        let hourly = Keep { hourly: 1, ..NONE };
        assert_eq!(
            said(&times, hourly),
            ["2026-10-25T01:30:00Z Hourly 1", "2026-10-25T00:30:00Z goes"]
        );
        // 22:30Z is half past midnight of the next day in summer.
        let times = ["2026-07-09T22:30:00Z", "2026-07-10T10:00:00Z"];
        let daily = Keep { daily: 1, ..NONE };
        assert_eq!(
            said(&times, daily),
            ["2026-07-10T10:00:00Z Daily 1", "2026-07-09T22:30:00Z goes"]
        );
    }

    #[test]
    fn a_week_goes_over_the_end_of_a_year() {
        // Monday 2024-12-30 to Sunday 2025-01-05.
        let times = ["2024-12-30T12:00:00Z", "2025-01-05T12:00:00Z"];
        let weekly = Keep { weekly: 1, ..NONE };
        assert_eq!(
            said(&times, weekly),
            ["2025-01-05T12:00:00Z Weekly 1", "2024-12-30T12:00:00Z goes"]
        );
    }

    #[test]
    fn what_is_as_old_as_may_be_is_not_within() {
        let times = ["2026-11-21T10:00:00Z", "2026-11-21T10:00:01Z"];
        let within = Keep { within: 24, ..NONE };
        assert_eq!(
            said(&times, within),
            ["2026-11-21T10:00:01Z Within 1", "2026-11-21T10:00:00Z goes"]
        );
    }

    #[test]
    fn of_one_second_the_last_by_name_stands_first_and_alone() {
        let times = ["2026-11-22T09:00:00Z", "2026-11-22T09:00:00Z"];
        let archives = made(&times);
        let last = Keep { last: 1, ..NONE };
        let judged = judge(&archives, last, &TimeZone::UTC, Timestamp::UNIX_EPOCH);
        let names: Vec<_> = judged
            .iter()
            .map(|(archive, kept)| (archive.id.as_str(), kept.is_some()))
            .collect();
        assert_eq!(names, [("1", true), ("0", false)]);
    }

    #[test]
    fn rules_that_keep_nothing_one_day_are_refused() {
        assert!(check(NONE).is_ok(), "prune never runs");
        assert!(
            check(Keep {
                last: 1,
                within: 1,
                ..NONE
            })
            .is_ok()
        );
        let refused = check(Keep { within: 1, ..NONE }).unwrap_err();
        assert_eq!(refused.code, ErrorCode::NothingKept);
        let refused = check(Keep {
            within: u32::MAX,
            last: 1,
            ..NONE
        })
        .unwrap_err();
        assert_eq!(refused.code, ErrorCode::BadArgument);
    }
}
