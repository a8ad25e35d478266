//! What the council decided on candidates of emulation lists.

use async_graphql::{Context, Object};
use caodiem_domain::emulation::decision::Decision;
use caodiem_domain::text::Title;

use crate::error::Result;
use crate::guard;
use crate::objects::emulation::EmulationOutcome;
use crate::objects::unit::Unit;
use crate::scalars::DateTime;

/// A decision, and whether it stands.
#[derive(Clone)]
pub(crate) struct EmulationDecision {
    decision: Decision,
    pub(crate) stands: bool,
}

/// Decisions of a list, each with whether none of the same candidate is later.
pub(crate) fn told(decisions: &[Decision]) -> Vec<EmulationDecision> {
    let is_replaced =
        |one: &Decision| decisions.iter().any(|other| other.unit == one.unit && other.version > one.version);
    let told = |one: &Decision| EmulationDecision { decision: one.clone(), stands: !is_replaced(one) };
    decisions.iter().map(told).collect()
}

/// A decision of the council on a candidate.
#[Object(visible = "guard::reads_emulation")]
impl EmulationDecision {
    /// The candidate as it is now; null where it is out of scope by now.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.decision.unit).await
    }

    /// 1, 2, 3 … of this candidate.
    async fn version(&self) -> i32 {
        self.decision.version
    }

    /// Whether it stands: no later one took its place.
    async fn stands(&self) -> bool {
        self.stands
    }

    /// What was decided.
    async fn decided(&self) -> EmulationOutcome {
        self.decision.decided.into()
    }

    /// Number of the decision.
    async fn number(&self) -> &str {
        self.decision.number.as_str()
    }

    /// The form of the award.
    async fn award(&self) -> Option<&str> {
        self.decision.award.as_ref().map(Title::as_str)
    }

    /// Why.
    async fn reason(&self) -> &str {
        self.decision.reason.as_str()
    }

    /// The login of whoever put it in.
    async fn author(&self) -> &str {
        self.decision.author.login.as_str()
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.decision.at)
    }
}
