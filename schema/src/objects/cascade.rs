//! A cascade before it is applied: every figure with its explanation.

use async_graphql::{Context, Enum, Object};
use caodiem_domain::quota::allocate;
use caodiem_domain::quota::cascade;
use caodiem_domain::usecase::apply_cascade;

use crate::error::Result;
use crate::objects::holder::Holder;
use crate::objects::problem::Finding;
use crate::scalars::{BigInt, Rational};

/// How shares become figures.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "allocate::Rounding")]
pub(crate) enum Rounding {
    /// Whole shares that always add up: the largest fractions are rounded up. For quotas that people work by.
    LargestRemainder,
    /// Shares stay exact and each printed cell is rounded half-up on its own, as in the plans' tables; printed cells
    /// may then not add up to the printed total, which is reported.
    HalfUpEach,
}

/// What shaped a share.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "allocate::Shaped")]
pub(crate) enum Shaped {
    /// Its weight alone.
    Weight,
    /// It was raised to its floor.
    Floor,
    /// It was cut at its ceiling; the rest went to the others.
    Ceiling,
    /// It was locked beforehand.
    Locked,
}

/// A preview.
pub(crate) struct CascadePreview(pub(crate) apply_cascade::CascadePreview);

/// What a cascade would change. Nothing is changed by asking.
#[Object]
impl CascadePreview {
    /// The quota that is shared, rounded half-up.
    async fn total(&self) -> BigInt {
        BigInt(self.0.total.round_half_up())
    }

    /// The exact quota that is shared.
    async fn total_exact(&self) -> Rational {
        Rational::from(self.0.total.clone())
    }

    /// The version of the shared quota: sent back as `expectedVersion` when the cascade is applied.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Every figure: holders above before those below, siblings by code.
    #[graphql(complexity = "100 * child_complexity + 2")]
    async fn lines(&self) -> Vec<CascadeLine<'_>> {
        self.0.lines.iter().map(CascadeLine).collect()
    }

    /// The sum of the printed figures of the first level, to be held against `total`.
    async fn printed_sum(&self) -> BigInt {
        BigInt(self.0.printed_sum)
    }

    /// Where printed figures do not add up, where somebody has no baseline.
    async fn findings(&self) -> Vec<Finding> {
        self.0.findings.iter().cloned().map(Finding).collect()
    }
}

/// A line of a preview.
pub(crate) struct CascadeLine<'preview>(&'preview cascade::CascadeLine);

/// One figure of a cascade.
#[Object]
impl CascadeLine<'_> {
    /// Who would owe it.
    async fn holder(&self, ctx: &Context<'_>) -> Result<Option<Holder>> {
        Holder::find(ctx, self.0.holder).await
    }

    /// Whose quota it is a share of.
    async fn above(&self, ctx: &Context<'_>) -> Result<Option<Holder>> {
        Holder::find(ctx, self.0.above).await
    }

    /// What the holder owes now, rounded half-up; null when nothing.
    async fn before(&self) -> Option<BigInt> {
        self.0.before.as_ref().map(|before| BigInt(before.round_half_up()))
    }

    /// The version of the holder's present quota; 0 when there is none.
    async fn before_version(&self) -> i32 {
        self.0.before_version
    }

    /// What the holder would owe, rounded half-up.
    async fn amount(&self) -> BigInt {
        BigInt(self.0.amount.round_half_up())
    }

    /// What the holder would owe, exactly.
    async fn amount_exact(&self) -> Rational {
        Rational::from(self.0.amount.clone())
    }

    /// The share before rounding.
    async fn exact(&self) -> Rational {
        Rational::from(self.0.exact.clone())
    }

    /// What shaped the share.
    async fn shaped(&self) -> Shaped {
        self.0.shaped.into()
    }

    /// How it was worked out, as in `17410 × 7124 / 45934`.
    async fn explanation(&self) -> &str {
        &self.0.explanation
    }
}
