//! Days, instants and the working calendar. Nothing here reads a clock.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveTime, SubsecRound, Utc, Weekday};

use crate::problem::{Code, Problem};

/// A calendar day in Viet Nam.
pub type Day = NaiveDate;

/// A moment in UTC, microseconds (what both databases keep).
pub type Instant = DateTime<Utc>;

/// Gives the time. The one implementation that reads the system's clock stands in the gateway.
pub trait Clock: Send + Sync {
    /// The present moment, to the microsecond.
    fn now(&self) -> Instant;
}

/// Cuts a moment to the microsecond.
#[must_use]
pub fn to_micros(moment: Instant) -> Instant {
    moment.trunc_subsecs(6)
}

/// `Asia/Ho_Chi_Minh`: UTC+7 without summer time since 1975.
const VIET_NAM: Option<FixedOffset> = FixedOffset::east_opt(7 * 3600);

/// The day and the time of day in `Asia/Ho_Chi_Minh` at that moment.
#[must_use]
pub fn in_viet_nam(moment: Instant) -> (Day, NaiveTime) {
    let local = VIET_NAM.map_or_else(|| moment.naive_utc(), |zone| moment.with_timezone(&zone).naive_local());
    (local.date(), local.time())
}

/// The moment of a day and a time of day in `Asia/Ho_Chi_Minh`.
#[must_use]
pub fn from_viet_nam(day: Day, time: NaiveTime) -> Instant {
    let local = day.and_time(time);
    VIET_NAM.and_then(|zone| local.and_local_timezone(zone).single()).map_or_else(|| local.and_utc(), |at| at.to_utc())
}

/// A moment for people: day and time of day in `Asia/Ho_Chi_Minh`.
#[must_use]
pub fn told(moment: Instant) -> String {
    let (day, time) = in_viet_nam(moment);
    format!("{day} {time}", time = time.format("%H:%M"))
}

/// The moment at which a day begins in Viet Nam.
#[must_use]
pub fn start_of_day(day: Day) -> Instant {
    from_viet_nam(day, NaiveTime::MIN)
}

/// Days from `from` to `to`, both included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct DayRange {
    from: Day,
    to: Day,
}

impl DayRange {
    /// A range of at least one day.
    ///
    /// # Errors
    /// [`Code::DatesReversed`].
    pub fn new(from: Day, to: Day) -> Result<Self, Problem> {
        if to < from {
            return Err(Problem::new(Code::DatesReversed).with("from", from).with("to", to));
        }
        Ok(Self { from, to })
    }

    /// One day.
    #[must_use]
    pub const fn day(day: Day) -> Self {
        Self { from: day, to: day }
    }

    /// The first day.
    #[must_use]
    pub const fn from(self) -> Day {
        self.from
    }

    /// The last day.
    #[must_use]
    pub const fn to(self) -> Day {
        self.to
    }

    /// Whether the day is one of it.
    #[must_use]
    pub fn contains(self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }

    /// Whether every day of `other` is one of it.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }

    /// The days of both, `None` where they share none.
    #[must_use]
    pub fn intersect(self, other: Self) -> Option<Self> {
        Self::new(self.from.max(other.from), self.to.min(other.to)).ok()
    }

    /// Each day in turn.
    pub fn days(self) -> impl Iterator<Item = Day> {
        self.from.iter_days().take_while(move |day| *day <= self.to)
    }

    /// How many calendar days.
    #[must_use]
    pub fn length(self) -> u32 {
        u32::try_from((self.to - self.from).num_days() + 1).unwrap_or(0)
    }
}

/// The days that a question names; either end may be left open.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct DaySpan {
    /// The first day; that of the whole when not named.
    pub from: Option<Day>,
    /// The last day; that of the whole when not named.
    pub to: Option<Day>,
}

impl From<DayRange> for DaySpan {
    fn from(days: DayRange) -> Self {
        Self { from: Some(days.from()), to: Some(days.to()) }
    }
}

impl DaySpan {
    /// The days it means where an open end is that of `whole`. Named days are kept even where they lie outside.
    ///
    /// # Errors
    /// [`Code::DatesReversed`].
    pub fn of(self, whole: DayRange) -> Result<DayRange, Problem> {
        DayRange::new(self.from.unwrap_or(whole.from), self.to.unwrap_or(whole.to))
    }
}

/// Which days of a drive are working days.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Calendar {
    /// Days of the week that are worked. The plans work all seven.
    pub weekdays: BTreeSet<u8>,
    /// Days not worked although their weekday is.
    pub holidays: BTreeSet<Day>,
    /// Days worked although their weekday is not.
    pub extra_days: BTreeSet<Day>,
}

impl Calendar {
    /// All seven days, no holidays: what a plan means when it says nothing.
    #[must_use]
    pub fn every_day() -> Self {
        Self { weekdays: (0..7).collect(), holidays: BTreeSet::new(), extra_days: BTreeSet::new() }
    }

    /// Whether people work on that day.
    #[must_use]
    pub fn is_working(&self, day: Day) -> bool {
        self.extra_days.contains(&day)
            || (self.weekdays.contains(&weekday_number(day.weekday())) && !self.holidays.contains(&day))
    }

    /// How many working days the range holds.
    #[must_use]
    pub fn working_days(&self, range: DayRange) -> u32 {
        u32::try_from(range.days().filter(|day| self.is_working(*day)).count()).unwrap_or(u32::MAX)
    }
}

/// Monday is 0, Sunday 6.
#[must_use]
pub fn weekday_number(weekday: Weekday) -> u8 {
    u8::try_from(weekday.num_days_from_monday()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_turns_at_seventeen_hours_utc() {
        let at = |text: &str| text.parse::<Instant>().map(|moment| in_viet_nam(moment).0.to_string());
        assert_eq!(at("2023-12-31T16:59:59.999999Z").as_deref(), Ok("2023-12-31"));
        assert_eq!(at("2023-12-31T17:00:00Z").as_deref(), Ok("2024-01-01"));
        assert_eq!(at("2024-02-28T17:00:00Z").as_deref(), Ok("2024-02-29"));
    }

    #[test]
    fn holidays_and_extra_days_change_the_count() {
        let day = |text: &str| text.parse::<Day>().unwrap_or_default();
        let range = DayRange { from: day("2023-04-24"), to: day("2023-05-07") };
        let mut calendar = Calendar { weekdays: (0..5).collect(), ..Calendar::every_day() };
        assert_eq!(calendar.working_days(range), 10);
        calendar.holidays.extend([day("2023-05-01"), day("2023-05-02")]);
        calendar.extra_days.insert(day("2023-05-06"));
        assert_eq!(calendar.working_days(range), 9);
    }
}
