//! Days: ranges of them, and which are worked.

use async_graphql::{Enum, Object, SimpleObject};
use caodiem_domain::time;

use crate::scalars::Date;

/// A day of the week.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weekday {
    /// Thứ hai.
    Monday,
    /// Thứ ba.
    Tuesday,
    /// Thứ tư.
    Wednesday,
    /// Thứ năm.
    Thursday,
    /// Thứ sáu.
    Friday,
    /// Thứ bảy.
    Saturday,
    /// Chủ nhật.
    Sunday,
}

impl Weekday {
    /// All of them, in the domain's order: Monday is 0.
    const ALL: [Self; 7] =
        [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday, Self::Saturday, Self::Sunday];

    /// All days of the week.
    pub(crate) fn all() -> Vec<Self> {
        Self::ALL.to_vec()
    }

    /// The day of a number of the domain.
    pub(crate) fn of_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// Its number in the domain.
    pub(crate) fn number(self) -> u8 {
        (0..).zip(Self::ALL).find(|(_, day)| *day == self).map_or(0, |(number, _)| number)
    }
}

/// Days from the first to the last, both included.
#[derive(SimpleObject, Clone, Copy)]
pub(crate) struct DayRange {
    /// First day.
    from: Date,
    /// Last day.
    to: Date,
}

impl From<time::DayRange> for DayRange {
    fn from(days: time::DayRange) -> Self {
        Self { from: Date(days.from()), to: Date(days.to()) }
    }
}

/// A working calendar.
pub(crate) struct Calendar<'drive>(pub(crate) &'drive time::Calendar);

/// Which days of a drive are worked. The plans work all seven days of the week.
#[Object]
impl Calendar<'_> {
    /// Days of the week that are worked.
    async fn weekdays(&self) -> Vec<Weekday> {
        Weekday::all().into_iter().filter(|day| self.0.weekdays.contains(&day.number())).collect()
    }

    /// Days not worked although their weekday is.
    async fn holidays(&self) -> Vec<Date> {
        self.0.holidays.iter().copied().map(Date).collect()
    }

    /// Days worked although their weekday is not.
    async fn extra_days(&self) -> Vec<Date> {
        self.0.extra_days.iter().copied().map(Date).collect()
    }
}
