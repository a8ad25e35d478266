//! Consistency findings.

use async_graphql::{Context, Object};
use caodiem_domain::audit::hex;
use caodiem_domain::consistency;
use caodiem_domain::tally;

use crate::error::Result;
use crate::guard;
use crate::objects::catalogue::Indicator;
use crate::objects::problem::Finding;
use crate::objects::team::Team;
use crate::objects::unit::Unit;
use crate::scalars::{Date, DateTime};

/// A finding.
pub(crate) struct ConsistencyFinding(pub(crate) consistency::Found, pub(crate) Option<consistency::Acknowledgement>);

/// Figures that cannot be true together, or hardly are. It is derived each time it is asked for: it is gone once the figures
/// are corrected, and other figures make another finding.
#[Object(visible = "guard::reads_tallies")]
impl ConsistencyFinding {
    /// What it is known by, in hexadecimal: changes with its figures.
    async fn digest(&self) -> String {
        hex(&self.0.digest())
    }

    /// The unit whose figures it is about.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.unit).await
    }

    /// The team that reported them; null where a unit did, or where it is about the unit's sums.
    async fn team(&self, ctx: &Context<'_>) -> Result<Option<Team>> {
        match self.0.reporter {
            Some(tally::Reporter::Team(team)) => Team::find(ctx, team).await,
            _ => Ok(None),
        }
    }

    /// Of what; of a team's capacity the first of the indicators it is of.
    async fn indicator(&self, ctx: &Context<'_>) -> Result<Option<Indicator>> {
        Indicator::find(ctx, self.0.indicator).await
    }

    /// The day it shows on.
    async fn day(&self) -> Date {
        Date(self.0.day)
    }

    /// What was found, with its figures.
    async fn finding(&self) -> Finding {
        Finding(self.0.problem.clone())
    }

    /// Who says why it may stand; null while nobody did.
    async fn acknowledgement(&self) -> Option<Acknowledgement> {
        self.1.clone().map(Acknowledgement)
    }
}

/// An acknowledgement.
pub(crate) struct Acknowledgement(consistency::Acknowledgement);

/// That somebody looked at a finding, and why it may stand.
#[Object(visible = "guard::reads_tallies")]
impl Acknowledgement {
    /// Why.
    async fn reason(&self) -> &str {
        self.0.reason.as_str()
    }

    /// Who says so.
    async fn author(&self) -> &str {
        self.0.author.as_str()
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}
