//! How often this door answers.
//!
//! Each token has its own measure, and so have requests without a good one: nobody can use up what
//! is another's.

use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};

/// Requests a second with one token, five times what 20 clients need that ask for a status and a log
/// twice a second; for a moment twice as many.
const GOOD: (u32, u32) = (400, 800);
/// Requests a second that have no good token, or need none.
const OTHER: (u32, u32) = (50, 200);

/// There were too many requests.
pub(crate) struct TooOften {
    /// Seconds until another is answered.
    pub(crate) seconds: u64,
}

/// The measures.
pub(crate) struct Rate {
    tokens: DefaultKeyedRateLimiter<i64>,
    others: DefaultDirectRateLimiter,
}

impl Default for Rate {
    fn default() -> Self {
        Self {
            tokens: RateLimiter::keyed(quota(GOOD)),
            others: RateLimiter::direct(quota(OTHER)),
        }
    }
}

fn quota((a_second, at_once): (u32, u32)) -> Quota {
    let some = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
    Quota::per_second(some(a_second)).allow_burst(some(at_once))
}

impl Rate {
    /// Counts a request with this token.
    pub(crate) fn of_token(&self, token: i64) -> Result<(), TooOften> {
        self.tokens.check_key(&token).map_err(too_often)
    }

    /// Counts a request without a good token.
    pub(crate) fn of_others(&self) -> Result<(), TooOften> {
        self.others.check().map_err(too_often)
    }
}

type TooEarly = governor::NotUntil<<DefaultClock as governor::clock::Clock>::Instant>;

#[expect(clippy::needless_pass_by_value, reason = "what map_err hands over")]
fn too_often(early: TooEarly) -> TooOften {
    let wait = early.wait_time_from(DefaultClock::default().now());
    TooOften {
        seconds: wait.as_secs() + 1,
    }
}
