//! Reported, verified and official figures side by side.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_graphql::{Context, Enum, Object};
use caodiem_domain::comparison;
use caodiem_domain::id::SourceId;
use caodiem_domain::text::Source;

use crate::error::Result;
use crate::guard;
use crate::objects::catalogue::Indicator;
use crate::objects::problem::Finding;
use crate::objects::settlement::Settlement;
use crate::objects::unit::Unit;
use crate::scalars::{BigInt, Date, DateTime, Decimal};

/// Whether reported and official figures agree.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "comparison::Agreement")]
pub(crate) enum Agreement {
    /// Within the drive's tolerance.
    Within,
    /// Beyond it.
    Beyond,
    /// One of them is missing, or not of the whole unit.
    Incomparable,
}

/// The titles of sources.
pub(crate) type Sources = Arc<BTreeMap<SourceId, Source>>;

/// Figures side by side.
pub(crate) struct Comparison {
    pub(crate) figures: comparison::Comparison,
    pub(crate) sources: Sources,
}

/// What was done in a unit from a drive's first day up to the end of a day, by three sources that are never merged.
#[Object(visible = "guard::reads_official")]
impl Comparison {
    /// The unit.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.figures.unit).await
    }

    /// The indicator, simple or composite.
    async fn indicator(&self, ctx: &Context<'_>) -> Result<Option<Indicator>> {
        Indicator::find(ctx, self.figures.indicator).await
    }

    /// The day.
    async fn day(&self) -> Date {
        Date(self.figures.day)
    }

    /// What was reported; null when nobody reported a figure: silence is not zero.
    async fn reported(&self) -> Option<BigInt> {
        self.figures.reported.map(BigInt)
    }

    /// What inspection confirmed of it; null when nothing was inspected.
    async fn verified(&self) -> Option<BigInt> {
        self.figures.verified.map(BigInt)
    }

    /// What the official figures of that very day say; null when no extract is of that day.
    async fn official(&self) -> Option<Official> {
        let official = self.figures.official.clone()?;
        Some(Official { figures: official, sources: Arc::clone(&self.sources) })
    }

    /// Reported less official; null where they cannot be compared.
    async fn gap(&self) -> Option<Gap> {
        self.figures.gap().map(Gap)
    }

    /// Reported less verified; null where nothing was verified.
    async fn unverified(&self) -> Option<Gap> {
        self.figures.unverified().map(Gap)
    }

    /// Whether reported and official agree within the drive's tolerance.
    async fn agreement(&self) -> Agreement {
        self.figures.agreement().into()
    }

    /// What the drive tolerates; null where nothing was set, and then no gap is tolerated.
    async fn tolerance(&self) -> Option<Tolerance> {
        self.figures.tolerance.clone().map(Tolerance)
    }

    /// What is held to be true; null while nobody settled it.
    async fn settlement(&self) -> Option<Settlement> {
        self.figures.settlement.clone().map(Settlement)
    }

    /// What is to be known about these figures.
    async fn findings(&self) -> Vec<Finding> {
        self.figures.findings.iter().cloned().map(Finding).collect()
    }
}

/// A difference.
pub(crate) struct Gap(pub(crate) comparison::Gap);

/// The difference of two figures.
#[Object]
impl Gap {
    /// How many more the first says than the second; may be negative.
    async fn number(&self) -> BigInt {
        BigInt(self.0.number)
    }

    /// The same in percent of the second; null where the second is 0.
    async fn percent(&self) -> Option<Decimal> {
        self.0.percent.clone().map(Decimal)
    }
}

/// Official figures of a unit.
pub(crate) struct Official {
    figures: comparison::Official,
    sources: Sources,
}

/// What the official figures say of a unit on a day.
#[Object(visible = "guard::reads_official")]
impl Official {
    /// How many there were from the beginning.
    async fn value(&self) -> BigInt {
        BigInt(self.figures.value)
    }

    /// How many there were before the drive; null where that is not known of all of it.
    async fn opening(&self) -> Option<BigInt> {
        self.figures.opening.map(BigInt)
    }

    /// What was done in the drive's days: `value` less `opening`; may be negative. For a snapshot the value itself.
    async fn done(&self) -> Option<BigInt> {
        self.figures.done.map(BigInt)
    }

    /// Where the figures come from.
    async fn sources(&self) -> Vec<&str> {
        self.figures.sources.iter().filter_map(|id| self.sources.get(id)).map(Source::as_str).collect()
    }

    /// The oldest moment that one of its figures is as of.
    async fn as_of_oldest(&self) -> DateTime {
        DateTime(self.figures.as_of.0)
    }

    /// The newest.
    async fn as_of_newest(&self) -> DateTime {
        DateTime(self.figures.as_of.1)
    }

    /// Whether it is a sum over units below because no extract names the unit itself.
    async fn summed(&self) -> bool {
        self.figures.summed
    }

    /// How many units it is made of: 1 for the unit itself.
    async fn covered(&self) -> u32 {
        self.figures.covered
    }

    /// How many parts of the unit no extract names; then it is not the whole, and is compared with nothing.
    async fn missing(&self) -> u32 {
        self.figures.missing
    }
}

/// A tolerance.
pub(crate) struct Tolerance(pub(crate) comparison::Tolerance);

/// How far apart the figures of a drive may lie: by the percentage or by the number, whichever allows more.
#[Object]
impl Tolerance {
    /// Of the official figure.
    async fn percent(&self) -> Decimal {
        Decimal(self.0.percent.clone())
    }

    /// In number.
    async fn absolute(&self) -> BigInt {
        BigInt(self.0.absolute.get())
    }

    /// 1 for the first that was set; one more with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Who set it.
    async fn author(&self) -> &str {
        self.0.author.as_str()
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}
