//! Who owes, and who reports.

use async_graphql::{Context, Union};
use caodiem_domain::quota;
use caodiem_domain::tally;

use crate::error::Result;
use crate::guard;
use crate::objects::team::{Member, Team};
use crate::objects::unit::Unit;

/// Who owes a quota.
#[derive(Union)]
pub(crate) enum Holder {
    /// A unit, for its whole subtree.
    Unit(Unit),
    /// A team.
    Team(Team),
    /// One member of a team.
    Member(Member),
}

impl Holder {
    /// The holder, `None` when it lies out of scope, or is a team of which the caller may not know.
    pub(crate) async fn find(ctx: &Context<'_>, holder: quota::Holder) -> Result<Option<Self>> {
        Ok(match holder {
            quota::Holder::Team(_) | quota::Holder::Member(_) if !guard::reads_teams(ctx) => None,
            quota::Holder::Unit(unit) => Unit::find(ctx, unit).await?.map(Self::Unit),
            quota::Holder::Team(team) => Team::find(ctx, team).await?.map(Self::Team),
            quota::Holder::Member(member) => Member::find(ctx, member).await?.map(Self::Member),
        })
    }
}

/// Who reported a figure.
#[derive(Union)]
pub(crate) enum Reporter {
    /// A unit's own staff.
    Unit(Unit),
    /// A team.
    Team(Team),
}

impl Reporter {
    /// The reporter, `None` when it lies out of scope.
    pub(crate) async fn find(ctx: &Context<'_>, reporter: tally::Reporter) -> Result<Option<Self>> {
        Ok(match reporter {
            tally::Reporter::Unit(unit) => Unit::find(ctx, unit).await?.map(Self::Unit),
            tally::Reporter::Team(team) => Team::find(ctx, team).await?.map(Self::Team),
        })
    }
}
