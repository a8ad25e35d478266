//! How many reports were owed, came, and came on time. Counts add up; ratios are worked out last.

use std::ops::{Add, AddAssign};

use crate::exact::Exact;
use crate::reporting::status::ReportStatus;

/// Counts of reports, by DHIS2's names: `EXPECTED_REPORTS`, `ACTUAL_REPORTS`, `ACTUAL_REPORTS_ON_TIME`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Rates {
    expected: u64,
    actual: u64,
    on_time: u64,
    excused: u64,
}

impl Rates {
    /// Counts, where those on time are some of those that came, and those some of those owed: what says otherwise is cut, so
    /// that no rate is ever above 1.
    #[must_use]
    pub fn new(expected: u64, actual: u64, on_time: u64, excused: u64) -> Self {
        let actual = actual.min(expected);
        Self { expected, actual, on_time: on_time.min(actual), excused }
    }

    /// Of one report.
    #[must_use]
    pub fn of(status: ReportStatus) -> Self {
        Self::new(
            u64::from(status.is_owed()),
            u64::from(status.has_come()),
            u64::from(status == ReportStatus::OnTime),
            u64::from(status == ReportStatus::Excused),
        )
    }

    /// What came of what was counted as owed before; to be added to that.
    pub(crate) const fn came(actual: u64, on_time: u64) -> Self {
        let on_time = if on_time < actual { on_time } else { actual };
        Self { expected: 0, actual, on_time, excused: 0 }
    }

    /// Takes so many that are silent and excused out of what was counted as owed before.
    pub(crate) const fn excuse(&mut self, silent: u64) {
        self.expected = self.expected.saturating_sub(silent);
        self.excused += silent;
    }

    /// How many were owed up to now, those of excused silence left out.
    #[must_use]
    pub const fn expected(self) -> u64 {
        self.expected
    }

    /// How many of these came, on time or late.
    #[must_use]
    pub const fn actual(self) -> u64 {
        self.actual
    }

    /// How many of these came on time.
    #[must_use]
    pub const fn on_time(self) -> u64 {
        self.on_time
    }

    /// How many are excused and did not come.
    #[must_use]
    pub const fn excused(self) -> u64 {
        self.excused
    }

    /// `REPORTING_RATE`: what came of what was owed, 0 to 1; `None` where nothing was.
    #[must_use]
    pub fn rate(self) -> Option<Exact> {
        ratio(self.actual, self.expected)
    }

    /// `REPORTING_RATE_ON_TIME`: what came on time of what was owed, 0 to 1; `None` where nothing was.
    #[must_use]
    pub fn rate_on_time(self) -> Option<Exact> {
        ratio(self.on_time, self.expected)
    }
}

fn ratio(part: u64, whole: u64) -> Option<Exact> {
    Exact::ratio(i64::try_from(part).ok()?, i64::try_from(whole).ok()?)
}

impl Add for Rates {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            expected: self.expected + other.expected,
            actual: self.actual + other.actual,
            on_time: self.on_time + other.on_time,
            excused: self.excused + other.excused,
        }
    }
}

impl AddAssign for Rates {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Rates {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_of_what_was_owed_and_never_above_one() {
        let all = [
            ReportStatus::OnTime,
            ReportStatus::Late,
            ReportStatus::Missing,
            ReportStatus::Expected,
            ReportStatus::Excused,
            ReportStatus::NotExpected,
        ];
        let rates: Rates = all.into_iter().map(Rates::of).sum();
        assert_eq!(rates, Rates::new(4, 2, 1, 1));
        assert_eq!(rates.rate().map(|rate| rate.to_string()), Some("1/2".to_owned()));
        assert_eq!(rates.rate_on_time().map(|rate| rate.to_string()), Some("1/4".to_owned()));
        assert_eq!(Rates::new(2, 5, 9, 0), Rates::new(2, 2, 2, 0));
        assert_eq!(Rates::default().rate(), None);
    }
}
