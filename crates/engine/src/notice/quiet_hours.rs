//! The hours in which nobody is told of anything: a pure span of the clock on the wall, often across midnight.

use jiff::civil::Time;
use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Serialize};

/// From one time of the day until another; over midnight where it begins later than it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// When they begin.
    pub from: Time,
    /// When they end; another time than they begin.
    pub until: Time,
}

impl QuietHours {
    /// When those end that are now; `None` at other times.
    pub(super) fn end(self, now: &Zoned) -> Option<Timestamp> {
        let Self { from, until } = self;
        let time = now.time();
        let (of_today, quiet) = if from < until {
            (true, from <= time && time < until)
        } else {
            (time < until, from <= time || time < until)
        };
        if !quiet {
            return None;
        }
        let day = if of_today {
            now.date()
        } else {
            now.date().tomorrow().ok()?
        };
        let end = day.to_datetime(until).to_zoned(now.time_zone().clone());
        Some(end.ok()?.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_are_of_the_clock_on_the_wall() {
        let night = ("22:00", "07:00");
        let noon = ("12:00", "14:30");
        for ((from, until), now, end) in [
            (night, "2026-07-10T21:59:59", None),
            (night, "2026-07-10T22:00", Some("2026-07-11T05:00:00Z")),
            (night, "2026-07-11T00:00", Some("2026-07-11T05:00:00Z")),
            (night, "2026-07-11T06:59:59", Some("2026-07-11T05:00:00Z")),
            (night, "2026-07-11T07:00", None),
            (noon, "2026-07-10T11:59", None),
            (noon, "2026-07-10T12:00", Some("2026-07-10T12:30:00Z")),
            (noon, "2026-07-10T14:30", None),
            // At two it is three.
            (
                ("22:00", "02:30"),
                "2027-03-28T01:59",
                Some("2027-03-28T01:30:00Z"),
            ),
        ] {
            let hours = QuietHours {
                from: from.parse().unwrap(),
                until: until.parse().unwrap(),
            };
            let now: Zoned = format!("{now}[Europe/Berlin]").parse().unwrap();
            let end = end.map(|end| end.parse().unwrap());
            assert_eq!(hours.end(&now), end, "{now}");
        }
    }
}
