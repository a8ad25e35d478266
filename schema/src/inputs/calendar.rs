//! Inputs about days.

use async_graphql::InputObject;
use caodiem_domain::problem::Problem;
use caodiem_domain::time;

use crate::error::Result;
use crate::objects::calendar::Weekday;
use crate::scalars::Date;

/// Days from the first to the last, both included.
#[derive(InputObject, Clone, Copy)]
pub(crate) struct DayRangeInput {
    /// First day.
    from: Date,
    /// Last day; not before the first.
    to: Date,
}

impl TryFrom<DayRangeInput> for time::DayRange {
    type Error = Problem;

    fn try_from(input: DayRangeInput) -> Result<Self, Problem> {
        Self::new(input.from.0, input.to.0)
    }
}

/// Which days are worked.
#[derive(InputObject, Clone)]
pub(crate) struct CalendarInput {
    /// Days of the week that are worked; all seven when absent.
    #[graphql(default_with = "Weekday::all()")]
    weekdays: Vec<Weekday>,
    /// Days not worked although their weekday is, at most 366.
    #[graphql(default, validator(max_items = 366))]
    holidays: Vec<Date>,
    /// Days worked although their weekday is not, at most 366.
    #[graphql(default, validator(max_items = 366))]
    extra_days: Vec<Date>,
}

impl From<CalendarInput> for time::Calendar {
    fn from(input: CalendarInput) -> Self {
        Self {
            weekdays: input.weekdays.into_iter().map(Weekday::number).collect(),
            holidays: input.holidays.into_iter().map(|day| day.0).collect(),
            extra_days: input.extra_days.into_iter().map(|day| day.0).collect(),
        }
    }
}
