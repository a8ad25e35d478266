//! Pace: what is owed per day, week, month, team-day and member (chỉ tiêu theo ngày).

use crate::exact::Exact;
use crate::time::{Calendar, Day, DayRange};

/// The pace of a quota. `None` where the divisor is nought: a rate without a base is unknown, not zero.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pace {
    /// Per plan day.
    pub per_day: Option<Exact>,
    /// Per week of the plan: seven plan days.
    pub per_week: Option<Exact>,
    /// Per month of the plan: thirty plan days.
    pub per_month: Option<Exact>,
    /// Per team and plan day.
    pub per_team_day: Option<Exact>,
    /// Per member, over all days.
    pub per_member: Option<Exact>,
}

/// Where the work stands against time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Required {
    /// Working days after the day in question up to the due day.
    pub days_left: u32,
    /// What has to be done on each of them; `None` when none is left and something is owed.
    pub per_day: Option<Exact>,
    /// The day by which the quota is met at the speed so far; `None` when nothing was done yet.
    pub projected_finish: Option<Day>,
}

/// What a pace is worked out from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PaceBase {
    /// The days the plan declares, otherwise its working days (rule 5).
    pub plan_days: u32,
    /// Teams at work.
    pub teams: u32,
    /// Their members.
    pub members: u32,
}

/// The pace of an amount that is owed from the first plan day to the last.
#[must_use]
pub fn pace(owed: &Exact, base: PaceBase) -> Pace {
    let over = |amount: &Exact, divisor: u32| amount.checked_div(&i64::from(divisor).into());
    let per_day = over(owed, base.plan_days);
    let times = |days: i64| per_day.as_ref().map(|pace| pace * &days.into());
    Pace {
        per_week: times(7),
        per_month: times(30),
        per_team_day: per_day.as_ref().and_then(|pace| over(pace, base.teams)),
        per_member: over(owed, base.members),
        per_day,
    }
}

/// Where the work stands on a day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing<'a> {
    /// What is still owed, at least 0.
    pub remaining: &'a Exact,
    /// What was done within `days`.
    pub done: &'a Exact,
    /// The days worked so far, the day in question included.
    pub days: DayRange,
    /// The day in question.
    pub today: Day,
    /// The first day on which it can be worked at: days before it do not count as left.
    pub first: Day,
    /// The day by which it is owed.
    pub due: Day,
    /// The drive's working days.
    pub calendar: &'a Calendar,
}

/// A projection that ends later than so many days from now says nothing.
const HORIZON: usize = 3_660;

/// What has to be done per working day from the day after, and when the work ends at the average speed of the working
/// days so far.
#[must_use]
pub fn required(standing: &Standing<'_>) -> Required {
    let next = standing.today.succ_opt().map(|next| next.max(standing.first));
    let ahead = next.and_then(|from| DayRange::new(from, standing.due).ok());
    let days_left = ahead.map_or(0, |days| standing.calendar.working_days(days));
    let per_day = if standing.remaining.is_zero() {
        Some(Exact::zero())
    } else {
        standing.remaining.checked_div(&i64::from(days_left).into())
    };
    Required { days_left, per_day, projected_finish: projected_finish(standing) }
}

fn projected_finish(standing: &Standing<'_>) -> Option<Day> {
    if standing.remaining.is_zero() {
        return Some(standing.today);
    }
    let days_so_far = standing.calendar.working_days(standing.days);
    let speed = standing.done.checked_div(&i64::from(days_so_far).into())?;
    let needed = standing.remaining.checked_div(&speed).filter(|days| !days.is_negative())?;
    let whole_days = usize::try_from(needed.floor()).ok()?.saturating_add(usize::from(!needed.is_integer()));
    let mut working = standing.today.iter_days().skip(1).take(HORIZON).filter(|day| standing.calendar.is_working(*day));
    working.nth(whole_days.checked_sub(1)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::weekday_number;
    use chrono::Weekday;

    fn day(text: &str) -> Day {
        text.parse().unwrap_or_default()
    }

    fn exact(text: &str) -> Exact {
        Exact::parse(text).unwrap_or_else(|_| Exact::zero())
    }

    #[test]
    fn pace_rests_on_the_plans_days() {
        let pace = pace(&exact("17410"), PaceBase { plan_days: 70, teams: 19, members: 0 });
        assert_eq!(pace.per_day.map(|figure| figure.round_half_up()), Some(249));
        assert_eq!(pace.per_week, Some(exact("1741")));
        assert_eq!(pace.per_month, Some(exact("52230/7")));
        assert_eq!(pace.per_team_day, Some(exact("1741/133")));
        assert_eq!(pace.per_member, None);
    }

    #[test]
    fn required_pace_counts_working_days_after_today() {
        let mut calendar = Calendar::every_day();
        calendar.weekdays.remove(&weekday_number(Weekday::Sun));
        let (remaining, done) = (exact("60"), exact("30"));
        let standing = Standing {
            remaining: &remaining,
            done: &done,
            days: DayRange::new(day("2023-05-01"), day("2023-05-06")).unwrap_or(DayRange::day(day("2023-05-01"))),
            today: day("2023-05-06"),
            first: day("2023-05-01"),
            due: day("2023-05-14"),
            calendar: &calendar,
        };
        let required = required(&standing);
        assert_eq!(required.days_left, 6);
        assert_eq!(required.per_day, Some(exact("10")));
        // Five a day: twelve working days from Monday 8 May, two Sundays left out.
        assert_eq!(required.projected_finish, Some(day("2023-05-20")));
    }

    #[test]
    fn days_before_the_first_are_not_left_to_work() {
        let calendar = Calendar::every_day();
        let (remaining, done) = (exact("50"), Exact::zero());
        let standing = Standing {
            remaining: &remaining,
            done: &done,
            days: DayRange::day(day("2023-05-11")),
            today: day("2023-05-01"),
            first: day("2023-05-11"),
            due: day("2023-05-15"),
            calendar: &calendar,
        };
        let required = required(&standing);
        assert_eq!((required.days_left, required.per_day), (5, Some(exact("10"))));
    }

    #[test]
    fn nothing_done_projects_nothing_and_nothing_left_is_reached_today() {
        let calendar = Calendar::every_day();
        let (none, some) = (Exact::zero(), exact("1"));
        let today = day("2023-05-06");
        let standing = |remaining, done| Standing {
            remaining,
            done,
            days: DayRange::day(today),
            today,
            first: today,
            due: today,
            calendar: &calendar,
        };
        let late = required(&standing(&some, &none));
        assert_eq!((late.days_left, late.per_day, late.projected_finish), (0, None, None));
        let reached = required(&standing(&none, &some));
        assert_eq!((reached.per_day, reached.projected_finish), (Some(Exact::zero()), Some(today)));
    }
}
