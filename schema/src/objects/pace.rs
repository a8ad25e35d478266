//! What is owed per day, week, month, team-day and member.

use async_graphql::Object;
use caodiem_domain::exact::Exact;
use caodiem_domain::quota::pace;

use crate::scalars::Decimal;

/// A pace.
#[derive(Clone)]
pub(crate) struct Pace(pub(crate) pace::Pace);

/// What is owed per stretch of time or per hand. Each rate is worked out from the exact quota and rounded half-up to
/// six digits; null where its divisor is nought or unknown.
#[Object]
impl Pace {
    /// Per plan day: the number of days that the plan declares, or else the working days of the calendar.
    async fn per_day(&self) -> Option<Decimal> {
        rate(self.0.per_day.as_ref())
    }

    /// Per week: seven plan days.
    async fn per_week(&self) -> Option<Decimal> {
        rate(self.0.per_week.as_ref())
    }

    /// Per month: thirty plan days.
    async fn per_month(&self) -> Option<Decimal> {
        rate(self.0.per_month.as_ref())
    }

    /// Per team and plan day.
    async fn per_team_day(&self) -> Option<Decimal> {
        rate(self.0.per_team_day.as_ref())
    }

    /// Per member, over all days.
    async fn per_member(&self) -> Option<Decimal> {
        rate(self.0.per_member.as_ref())
    }
}

/// A rate for the wire.
pub(crate) fn rate(exact: Option<&Exact>) -> Option<Decimal> {
    exact.cloned().map(Decimal)
}
