//! Inputs about days.

use async_graphql::InputObject;
use caodiem_domain::problem::Problem;
use caodiem_domain::time;

use crate::error::Result;
use crate::inputs::Check;
use crate::objects::calendar::Weekday;
use crate::scalars::Date;

/// The most days that a list of them may name.
const YEAR: usize = 366;

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
    #[graphql(default)]
    holidays: Vec<Date>,
    /// Days worked although their weekday is not, at most 366.
    #[graphql(default)]
    extra_days: Vec<Date>,
}

impl TryFrom<CalendarInput> for time::Calendar {
    type Error = Vec<Problem>;

    fn try_from(input: CalendarInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        check.at_most("holidays", &input.holidays, YEAR);
        check.at_most("extraDays", &input.extra_days, YEAR);
        check.done(|| {
            Some(Self {
                weekdays: input.weekdays.into_iter().map(Weekday::number).collect(),
                holidays: input.holidays.into_iter().map(|day| day.0).collect(),
                extra_days: input.extra_days.into_iter().map(|day| day.0).collect(),
            })
        })
    }
}
