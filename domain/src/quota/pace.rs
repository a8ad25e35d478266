//! Pace: what is owed per day, week, month, team-day and member (chỉ tiêu theo ngày).

use crate::exact::Exact;
use crate::time::Day;

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
