//! The wall clock, for sandboxes that follow it. Tests drive one of their own.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Says what time it is outside.
pub trait WallClock: Send + Sync {
    /// Date and time, UTC.
    fn now(&self) -> DateTime;
}

/// The machine's clock.
#[derive(Debug)]
pub struct MachineClock;

impl WallClock for MachineClock {
    fn now(&self) -> DateTime {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let stamp = Timestamp::from_second(i64::try_from(seconds).unwrap_or(0)).unwrap_or(Timestamp::UNIX_EPOCH);
        TimeZone::UTC.to_datetime(stamp)
    }
}
