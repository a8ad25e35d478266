//! The one place that reads the system's clock.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use caodiem_domain::time::{Clock, Instant};
use chrono::DateTime;

/// The system's clock to the microsecond. It never goes backwards while the process runs, whatever the system does.
#[derive(Debug, Default)]
pub struct SystemClock {
    latest: AtomicI64,
}

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        #[expect(clippy::disallowed_methods, reason = "the one implementation of the clock")]
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let read = i64::try_from(since.as_micros()).unwrap_or(i64::MAX);
        let latest = self.latest.fetch_max(read, Ordering::Relaxed).max(read);
        DateTime::from_timestamp_micros(latest).unwrap_or_default()
    }
}

/// A clock set to another moment that goes on from there: for demonstrations and tests only. Tokens are never judged by
/// it.
#[derive(Debug)]
pub struct SetClock {
    system: SystemClock,
    started: Instant,
    shows: Instant,
}

impl SetClock {
    /// A clock that shows `shows` now.
    #[must_use]
    pub fn at(shows: Instant) -> Self {
        let system = SystemClock::default();
        let started = system.now();
        Self { system, started, shows }
    }
}

impl Clock for SetClock {
    fn now(&self) -> Instant {
        self.shows + (self.system.now() - self.started)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_never_goes_backwards() {
        let clock = SystemClock::default();
        let ahead = clock.now() + chrono::TimeDelta::hours(1);
        clock.latest.store(ahead.timestamp_micros(), Ordering::Relaxed);
        assert_eq!(clock.now(), ahead);
    }

    #[test]
    fn a_set_clock_goes_on_from_where_it_was_set() {
        let start = "2023-05-10T01:00:00Z".parse::<Instant>().unwrap_or_default();
        let clock = SetClock::at(start);
        let passed = clock.now() - start;
        assert!(passed >= chrono::TimeDelta::zero() && passed < chrono::TimeDelta::minutes(1), "{passed}");
    }
}
