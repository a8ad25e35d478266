//! Candidates of emulation lists: what is known of each, what is proposed and why.

use async_graphql::{Context, Object};
use caodiem_domain::comparison;
use caodiem_domain::emulation::{Facts, effect, sheet};
use caodiem_domain::exact::Exact;
use caodiem_domain::id::EmulationListId;
use caodiem_domain::problem::Problem;

use crate::error::Result;
use crate::guard;
use crate::loaders::emulation::DecisionsOn;
use crate::objects::comparison::{Agreement, Gap};
use crate::objects::emulation::{EmulationEffect, EmulationProposal};
use crate::objects::emulation_decision::{EmulationDecision, told};
use crate::objects::problem::Finding;
use crate::objects::unit::Unit;
use crate::request::load;
use crate::scalars::{BigInt, Decimal, Rational};

/// A candidate, and the list that it was frozen in.
pub(crate) struct EmulationCandidate<'sheet> {
    pub(crate) candidate: &'sheet sheet::Candidate,
    pub(crate) list: Option<EmulationListId>,
}

impl EmulationCandidate<'_> {
    const fn facts(&self) -> &Facts {
        &self.candidate.facts
    }

    async fn told(&self, ctx: &Context<'_>) -> Result<Vec<EmulationDecision>> {
        let Some(list) = self.list else { return Ok(Vec::new()) };
        let mut decisions = load(ctx, DecisionsOn(list)).await?.unwrap_or_default();
        decisions.retain(|decision| decision.unit == self.candidate.unit);
        Ok(told(&decisions))
    }
}

/// A candidate: a unit with all under it.
#[Object(visible = "guard::reads_emulation")]
impl EmulationCandidate<'_> {
    /// The unit as it is now; null where it is out of scope by now.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.candidate.unit).await
    }

    /// Its official code.
    async fn code(&self) -> &str {
        &self.candidate.code
    }

    /// Its name with its kind.
    async fn name(&self) -> &str {
        &self.candidate.name
    }

    /// What is proposed to the council.
    async fn proposal(&self) -> EmulationProposal {
        self.candidate.judgement.proposed.into()
    }

    /// Whether it is out of the running for commendation: silent, or what it reported is not so.
    async fn out_of_running(&self) -> bool {
        self.candidate.judgement.is_out()
    }

    /// Why, the result first.
    #[graphql(complexity = "4 * child_complexity + 2")]
    async fn reasons(&self) -> Vec<EmulationReason<'_>> {
        self.candidate.judgement.reasons.iter().map(EmulationReason).collect()
    }

    /// The quota, rounded half-up; null when none was given.
    async fn quota(&self) -> Option<BigInt> {
        self.facts().quota.as_ref().map(|quota| BigInt(quota.round_half_up()))
    }

    /// The exact quota, which the result is held against.
    async fn quota_exact(&self) -> Option<Rational> {
        self.facts().quota.clone().map(Rational::from)
    }

    /// What was there before the drive, where the quota counts it; otherwise 0.
    async fn opening(&self) -> BigInt {
        BigInt(self.facts().opening)
    }

    /// What was done, in the basis of the list; null where that basis has no figure.
    async fn done(&self) -> Option<BigInt> {
        self.facts().done.map(BigInt)
    }

    /// Opening plus done.
    async fn result(&self) -> Option<BigInt> {
        self.facts().result().map(BigInt)
    }

    /// The result as a percentage of the quota; may exceed 100.
    async fn percent(&self) -> Option<Decimal> {
        self.facts().share().map(|share| Decimal(&share * &Exact::from(100)))
    }

    /// The measure that the place rests on, exactly.
    async fn value(&self) -> Option<Rational> {
        self.facts().value.clone().map(Rational::from)
    }

    /// 1 is best; null without a quota, with one below the minimum base, and without a figure in the basis.
    async fn place(&self) -> Option<u32> {
        self.facts().place
    }

    /// How many units have a place.
    async fn of(&self) -> u32 {
        self.facts().of
    }

    /// Whether another unit shares the place.
    async fn tied(&self) -> bool {
        self.facts().tied
    }

    /// How many daily reports were owed; excused silence is left out.
    async fn expected_reports(&self) -> u64 {
        self.facts().rates.expected()
    }

    /// How many of these came, on time or late.
    async fn actual_reports(&self) -> u64 {
        self.facts().rates.actual()
    }

    /// How many of these came on time.
    async fn actual_reports_on_time(&self) -> u64 {
        self.facts().rates.on_time()
    }

    /// How many are excused and did not come.
    async fn excused_reports(&self) -> u64 {
        self.facts().rates.excused()
    }

    /// What was reported; null when nobody reported.
    async fn reported(&self) -> Option<BigInt> {
        self.facts().reported.map(BigInt)
    }

    /// What inspection confirmed; null when nothing was.
    async fn verified(&self) -> Option<BigInt> {
        self.facts().verified.map(BigInt)
    }

    /// What was done by the official figures as of the last day, where they are of the whole unit.
    async fn official(&self) -> Option<BigInt> {
        self.facts().official.map(BigInt)
    }

    /// Reported against official.
    async fn gap(&self) -> Option<Gap> {
        Some(Gap(comparison::Gap::between(self.facts().reported?, self.facts().official?)))
    }

    /// Whether the two agree by the tolerance of the drive.
    async fn agreement(&self) -> Agreement {
        self.facts().agreement.into()
    }

    /// How many figures that it reported were inspected and are not so.
    async fn inspected_untrue(&self) -> u32 {
        self.facts().inspected_untrue
    }

    /// How many of its figures were settled because what was reported is not so.
    async fn settled_untrue(&self) -> u32 {
        self.facts().settled_untrue
    }

    /// What is held to be true of its figure, by the latest settlement within the days; null where there is none.
    async fn settled(&self) -> Option<BigInt> {
        self.facts().settled.map(BigInt)
    }

    /// The decision of the council that stands; null while there is none, and in a list that was not drawn up.
    async fn decision(&self, ctx: &Context<'_>) -> Result<Option<EmulationDecision>> {
        Ok(self.told(ctx).await?.into_iter().find(|decision| decision.stands))
    }

    /// All decisions on it, the first one first.
    #[graphql(complexity = "2 * child_complexity + 2")]
    async fn decisions(&self, ctx: &Context<'_>) -> Result<Vec<EmulationDecision>> {
        self.told(ctx).await
    }
}

/// A reason.
pub(crate) struct EmulationReason<'sheet>(&'sheet Problem);

/// A reason for a proposal, and what it does to it.
#[Object(visible = "guard::reads_emulation")]
impl EmulationReason<'_> {
    /// What it does.
    async fn effect(&self) -> EmulationEffect {
        effect(self.0.code()).into()
    }

    /// What it says, with its code and figures.
    async fn finding(&self) -> Finding {
        Finding(self.0.clone())
    }
}
