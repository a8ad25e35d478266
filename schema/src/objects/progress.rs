//! Progress: quota against what was done, and rank among peers.

use async_graphql::{Context, Enum, Object};
use caodiem_domain::exact::Exact;
use caodiem_domain::id::UnitId;
use caodiem_domain::progress;
use caodiem_domain::quota::pace::Required;
use caodiem_domain::usecase::read_progress::DayDone;

use crate::codes::coded;
use crate::error::Result;
use crate::inputs::progress::ProgressInput;
use crate::loaders::progress::{DaysOf, Measure, ProgressOf, RankOf, Ranking};
use crate::objects::catalogue::{Group, Indicator};
use crate::objects::drive::Phase;
use crate::objects::pace::{Pace, rate};
use crate::objects::unit::Unit;
use crate::request::{caller, load_apart};
use crate::scalars::{BigInt, Date, Decimal, Rational};

/// What units are ranked by.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "progress::RankMeasure")]
pub(crate) enum RankMeasure {
    /// By the share of the quota that is reached, highest first.
    Share,
    /// By what is there (opening plus done), highest first.
    Done,
    /// By what remains, lowest first.
    Remaining,
}

/// Which of the three figures stands for what was done.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "progress::FigureBasis")]
pub(crate) enum FigureBasis {
    /// What was reported.
    Reported,
    /// What inspection confirmed.
    Verified,
    /// What was done by the official figures as of the last day.
    Official,
}

/// Among whom a unit is ranked.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "progress::Peers")]
pub(crate) enum Peers {
    /// The units under the same parent.
    Siblings,
    /// All units of the same level within the drive.
    Level,
}

/// Figures, with the question they answer.
pub(crate) struct Progress {
    pub(crate) measure: Measure,
    pub(crate) figures: progress::Progress,
}

impl Progress {
    /// Progress of a unit that the caller sees.
    pub(crate) async fn find(ctx: &Context<'_>, unit: UnitId, input: &ProgressInput) -> Result<Option<Self>> {
        let now = caller(ctx)?.now;
        let measure = coded(ctx, |codes| input.measure(codes, now)).await??;
        Ok(load_apart(ctx, ProgressOf { measure, unit }).await?.map(|figures| Self { measure, figures }))
    }

    const fn key(&self) -> ProgressOf {
        ProgressOf { measure: self.measure, unit: self.figures.unit }
    }
}

/// Progress of one unit, its whole subtree included, in one indicator, by reported tallies alone: neither verdicts nor
/// official figures change it. Ratios are worked out from their parts, never summed or averaged.
#[Object]
impl Progress {
    /// The unit.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.figures.unit).await
    }

    /// The indicator, simple or composite.
    async fn indicator(&self, ctx: &Context<'_>) -> Result<Option<Indicator>> {
        Indicator::find(ctx, self.figures.indicator).await
    }

    /// The population group of the quota.
    async fn group(&self, ctx: &Context<'_>) -> Result<Option<Group>> {
        Group::find(ctx, self.figures.group).await
    }

    /// The phase of the quota; null for the whole drive.
    async fn phase(&self, ctx: &Context<'_>) -> Result<Option<Phase>> {
        match self.figures.phase {
            Some(phase) => Phase::find(ctx, self.measure.drive, phase).await,
            None => Ok(None),
        }
    }

    /// First day that `done` is of.
    async fn from(&self) -> Date {
        Date(self.figures.days.from())
    }

    /// Last day that `done` is of.
    async fn to(&self) -> Date {
        Date(self.figures.days.to())
    }

    /// The quota, rounded half-up; null when none was given.
    async fn quota(&self) -> Option<BigInt> {
        self.figures.quota.as_ref().map(printed)
    }

    /// The exact quota.
    async fn quota_exact(&self) -> Option<Rational> {
        self.figures.quota.clone().map(Rational::from)
    }

    /// What was there before the drive, where the quota counts it; otherwise 0.
    async fn opening(&self) -> BigInt {
        BigInt(self.figures.opening)
    }

    /// What was done from `from` to `to`, rounded half-up.
    async fn done(&self) -> BigInt {
        printed(&self.figures.done.value)
    }

    /// What was done, exactly: restating onto another tree can divide a figure.
    async fn done_exact(&self) -> Rational {
        Rational::from(self.figures.done.value.clone())
    }

    /// Whether the restated figure rests on a split whose shares no source gives.
    async fn estimated(&self) -> bool {
        self.figures.done.estimated
    }

    /// What of the quota remains, rounded half-up, never below 0; null without a quota.
    async fn remaining(&self) -> Option<BigInt> {
        self.figures.remaining.as_ref().map(printed)
    }

    /// Opening plus done over the quota, exactly; null without a quota or with one of 0.
    async fn share(&self) -> Option<Rational> {
        self.figures.share.clone().map(Rational::from)
    }

    /// `share` as a percentage; may exceed 100.
    async fn percent(&self) -> Option<Decimal> {
        self.figures.share.as_ref().map(|share| Decimal(share * &Exact::from(100)))
    }

    /// What is owed per day and hand by the plan's days; null without a quota.
    async fn planned(&self) -> Option<Pace> {
        self.figures.planned.clone().map(Pace)
    }

    /// What has to be done from here on; null without a quota.
    async fn required(&self) -> Option<RequiredPace<'_>> {
        self.figures.required.as_ref().map(RequiredPace)
    }

    /// What each day brought, every day of the range; a day without tallies shows 0.
    #[graphql(complexity = "30 * child_complexity + 2")]
    async fn daily(&self, ctx: &Context<'_>) -> Result<Vec<ProgressDay>> {
        Ok(load_apart(ctx, DaysOf(self.key())).await?.unwrap_or_default().into_iter().map(ProgressDay).collect())
    }

    /// The unit's place among its peers that are in scope.
    async fn rank(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Among whom.", default_with = "Peers::Siblings")] peers: Peers,
        #[graphql(desc = "By what.", default_with = "RankMeasure::Share")] measure: RankMeasure,
        #[graphql(desc = "Units with a smaller quota get no place; 0 when not named.")] min_quota: Option<Decimal>,
    ) -> Result<Option<Rank>> {
        let min_quota = min_quota.map_or_else(Exact::zero, |least| least.0);
        let (peers, by, basis) = (peers.into(), measure.into(), FigureBasis::Reported.into());
        let ranking = Ranking { measure: self.measure, peers, by, basis, min_quota };
        Ok(load_apart(ctx, RankOf { ranking, unit: self.figures.unit }).await?.map(Rank))
    }
}

fn printed(exact: &Exact) -> BigInt {
    BigInt(exact.round_half_up())
}

/// A standing.
pub(crate) struct RequiredPace<'progress>(&'progress Required);

/// Where the work stands against time.
#[Object]
impl RequiredPace<'_> {
    /// Working days after today up to the due day.
    async fn days_left(&self) -> u32 {
        self.0.days_left
    }

    /// What has to be done on each of them; null when none is left and something is owed.
    async fn per_day(&self) -> Option<Decimal> {
        rate(self.0.per_day.as_ref())
    }

    /// The day by which the quota is met at the speed so far; null when nothing was done yet.
    async fn projected_finish(&self) -> Option<Date> {
        self.0.projected_finish.map(Date)
    }
}

/// A day.
pub(crate) struct ProgressDay(pub(crate) DayDone);

/// What one day brought.
#[Object]
impl ProgressDay {
    /// The day.
    async fn day(&self) -> Date {
        Date(self.0.day)
    }

    /// What was done that day.
    async fn done(&self) -> BigInt {
        BigInt(self.0.done)
    }

    /// What was done from the first day of the range up to it.
    async fn cumulative(&self) -> BigInt {
        BigInt(self.0.cumulative)
    }
}

/// A place.
pub(crate) struct Rank(pub(crate) progress::Rank);

/// A place in a ranking. Units that tie share the better place and the next place is skipped: 1, 2, 2, 4.
#[Object]
impl Rank {
    /// The unit.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.unit).await
    }

    /// 1 is best; null when the unit has no quota, one below the minimum, or no figure in the basis.
    async fn place(&self) -> Option<u32> {
        self.0.place
    }

    /// How many units have a place.
    async fn of(&self) -> u32 {
        self.0.of
    }

    /// Whether another unit shares the place.
    async fn tied(&self) -> bool {
        self.0.tied
    }

    /// The measure that the place rests on, exactly.
    async fn value(&self) -> Option<Rational> {
        self.0.value.clone().map(Rational::from)
    }
}
