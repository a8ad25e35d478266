//! Days and moments. Cold tables keep them as dates and timestamps in UTC; hot tables as whole numbers, which take half
//! the room and go into bulk upserts as they are.

use std::ops::RangeInclusive;

use caodiem_domain::error::StoreError;
use caodiem_domain::time::{Day, DayRange, Instant};
use chrono::{DateTime, TimeDelta};

const EPOCH: Day = DateTime::UNIX_EPOCH.naive_utc().date();

/// Days since 1970-01-01.
pub(crate) fn day_number(day: Day) -> i32 {
    i32::try_from((day - EPOCH).num_days()).unwrap_or(if day < EPOCH { i32::MIN } else { i32::MAX })
}

/// Each of the days as a number: a condition that names them one by one goes straight to the places of a unit, where the
/// days lead the key.
pub(crate) fn day_numbers(days: DayRange) -> RangeInclusive<i32> {
    day_number(days.from())..=day_number(days.to())
}

/// Days of a week, which the roll-up keeps in one row.
pub(crate) const WEEK: i32 = 7;

/// The week that a day lies in, of seven days from 1970-01-01, and its place in it from 0.
pub(crate) const fn week_of(day: i32) -> (i32, i32) {
    (day.div_euclid(WEEK), day.rem_euclid(WEEK))
}

/// The day of a number.
pub(crate) fn day_of(number: i32) -> Result<Day, StoreError> {
    EPOCH
        .checked_add_signed(TimeDelta::days(number.into()))
        .ok_or_else(|| StoreError::Corrupt(format!("day {number} is out of the calendar")))
}

/// Microseconds since 1970-01-01T00:00Z.
pub(crate) fn micros(moment: Instant) -> i64 {
    moment.timestamp_micros()
}

/// The moment of a number of microseconds.
pub(crate) fn instant_of(micros: i64) -> Result<Instant, StoreError> {
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| StoreError::Corrupt(format!("moment {micros} is out of the calendar")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments_round_trip() {
        for text in ["1969-12-31", "1970-01-01", "2023-06-14", "2024-02-29"] {
            let day = text.parse::<Day>().unwrap_or_default();
            assert_eq!(day_of(day_number(day)), Ok(day));
        }
        assert_eq!(instant_of(micros(DateTime::UNIX_EPOCH)), Ok(DateTime::UNIX_EPOCH));
    }
}
