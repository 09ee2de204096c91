//! A pause of all schedules, kept across restarts. What came due meanwhile is caught up once, as after a sleep; what a
//! person starts runs all the same.

use jiff::civil::time;
use jiff::{SignedDuration, Timestamp, ToSpan as _, Zoned};
use serde::{Deserialize, Serialize};

use crate::changes::Change;
use crate::engine::Engine;
use crate::error::Failure;

/// The name of the record in the store.
const KEY: &str = "paused_until";
/// No pause is longer: one that seems so was begun by a clock that was ahead.
const LONGEST: SignedDuration = SignedDuration::from_hours(26);

/// For how long nothing starts by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseLength {
    /// An hour from now.
    Hour,
    /// Until six in the morning, when a day begins for those who work late.
    UntilTomorrow,
}

impl PauseLength {
    fn end(self, now: &Zoned) -> Result<Timestamp, jiff::Error> {
        match self {
            Self::Hour => now.timestamp().checked_add(1.hour()),
            Self::UntilTomorrow => {
                let morning = time(6, 0, 0, 0);
                let day = if now.time() < morning {
                    now.date()
                } else {
                    now.date().tomorrow()?
                };
                let zone = now.time_zone().clone();
                Ok(day.to_datetime(morning).to_zoned(zone)?.timestamp())
            }
        }
    }
}

/// Whether a pause that ends then was begun by a clock that was right.
fn counts(until: Timestamp, now: Timestamp) -> bool {
    until.duration_since(now) <= LONGEST
}

impl Engine {
    /// Has no plan start by itself for a while, and returns until when.
    pub fn pause_schedules(&self, length: PauseLength) -> Result<Timestamp, Failure> {
        let world = self.world();
        let now = world.clock.now().to_zoned(world.zone.clone());
        let until = length.end(&now).map_err(|error| {
            Failure::bad_argument(
                "length",
                format!("The end of the pause is unknown: {error}."),
            )
        })?;
        self.store().set_setting(KEY, Some(&until.to_string()))?;
        self.inner().tell(&Change::Plans);
        self.inner().look_at_schedules();
        Ok(until)
    }

    /// Ends the pause; what came due meanwhile starts now.
    pub fn resume_schedules(&self) -> Result<(), Failure> {
        let now = self.world().clock.now();
        if self.paused_until()?.is_some() {
            self.store().set_setting(KEY, Some(&now.to_string()))?;
        }
        self.inner().tell(&Change::Plans);
        self.inner().look_at_schedules();
        Ok(())
    }

    /// Until when no plan starts by itself; `None`: they do.
    pub fn paused_until(&self) -> Result<Option<Timestamp>, Failure> {
        let now = self.world().clock.now();
        Ok(self.last_pause()?.filter(|until| now < *until))
    }

    /// When the last pause ended, or the one that holds ends.
    pub(crate) fn last_pause(&self) -> Result<Option<Timestamp>, Failure> {
        let now = self.world().clock.now();
        let until = self.store().setting(KEY)?;
        let until = until.and_then(|text| text.parse().ok());
        Ok(until.filter(|until| counts(*until, now)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_ends_after_an_hour_or_at_the_next_six_in_the_morning() {
        for (now, length, end) in [
            (
                "2026-07-10T18:30[Europe/Berlin]",
                PauseLength::Hour,
                "2026-07-10T17:30:00Z",
            ),
            (
                "2026-07-10T18:30[Europe/Berlin]",
                PauseLength::UntilTomorrow,
                "2026-07-11T04:00:00Z",
            ),
            (
                "2026-07-11T00:30[Europe/Berlin]",
                PauseLength::UntilTomorrow,
                "2026-07-11T04:00:00Z",
            ),
            // The night in which the clock is put back is an hour longer.
            (
                "2026-10-24T06:00[Europe/Berlin]",
                PauseLength::UntilTomorrow,
                "2026-10-25T05:00:00Z",
            ),
        ] {
            let now: Zoned = now.parse().unwrap();
            let until = length.end(&now).unwrap();
            assert_eq!(until.to_string(), end, "{now}");
            assert!(counts(until, now.timestamp()), "{now}");
        }
    }

    #[test]
    fn a_pause_of_a_clock_that_was_ahead_counts_for_nothing() {
        let now: Timestamp = "2026-07-10T16:00:00Z".parse().unwrap();
        for (until, does) in [
            ("2027-07-10T16:00:00Z", false),
            ("2026-07-11T04:00:00Z", true),
            ("2026-07-10T16:00:00Z", true),
            ("2025-01-01T00:00:00Z", true),
        ] {
            assert_eq!(counts(until.parse().unwrap(), now), does, "{until}");
        }
    }
}
