//! Quotas with their history.

use async_graphql::{Context, ID, Object};
use caodiem_domain::id::{DriveId, QuotaId};
use caodiem_domain::quota;
use caodiem_domain::text::{PlanNumber, Reason};

use crate::codes::coded;
use crate::error::Result;
use crate::guard;
use crate::ids::{id_of, key_of};
use crate::inputs::quota::QuotaOfInput;
use crate::loaders::quotas::{HistoryOf, PaceOf};
use crate::objects::basis::QuotaBasis;
use crate::objects::catalogue::{Group, Indicator};
use crate::objects::drive::{Drive, Phase};
use crate::objects::holder::Holder;
use crate::objects::pace::Pace;
use crate::request::load;
use crate::scalars::{BigInt, Date, DateTime, Rational};

/// A quota.
pub(crate) struct Quota(pub(crate) quota::Quota);

impl Quota {
    /// The quota in scope.
    pub(crate) async fn find(ctx: &Context<'_>, id: QuotaId) -> Result<Option<Self>> {
        Ok(load(ctx, id).await?.map(Self))
    }

    /// The quota that a global id names; an id of anything else names none.
    pub(crate) async fn find_by_id(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        match key_of(id) {
            Ok(key) => Self::find(ctx, key).await,
            Err(_names_no_quota) => Ok(None),
        }
    }

    /// The quota of a holder that the caller sees.
    pub(crate) async fn of(ctx: &Context<'_>, holder: quota::Holder, input: &QuotaOfInput) -> Result<Option<Self>> {
        let key = coded(ctx, |codes| input.key(holder, codes)).await??;
        Ok(load(ctx, key).await?.map(Self))
    }
}

/// How much of an indicator a holder owes (chỉ tiêu giao). Amounts are exact; printed figures are rounded half-up where
/// they are handed out.
#[Object(visible = "guard::reads_quotas")]
impl Quota {
    /// Opaque global id.
    pub(crate) async fn id(&self) -> ID {
        id_of(&self.0.id)
    }

    /// Sent back as `expectedVersion` to amend it; 1 when first set.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The drive it belongs to.
    async fn drive(&self, ctx: &Context<'_>) -> Result<Option<Drive>> {
        Drive::find(ctx, self.0.key.drive).await
    }

    /// Its phase; null when it is for the whole drive.
    async fn phase(&self, ctx: &Context<'_>) -> Result<Option<Phase>> {
        match self.0.key.phase {
            Some(phase) => Phase::find(ctx, self.0.key.drive, phase).await,
            None => Ok(None),
        }
    }

    /// Who owes it.
    async fn holder(&self, ctx: &Context<'_>) -> Result<Option<Holder>> {
        Holder::find(ctx, self.0.key.holder).await
    }

    /// What is owed, simple or composite.
    async fn indicator(&self, ctx: &Context<'_>) -> Result<Option<Indicator>> {
        Indicator::find(ctx, self.0.key.indicator).await
    }

    /// The population group it is of.
    async fn group(&self, ctx: &Context<'_>) -> Result<Option<Group>> {
        Group::find(ctx, self.0.key.group).await
    }

    /// Where the amount comes from.
    async fn basis(&self) -> QuotaBasis {
        QuotaBasis { drive: self.0.key.drive, basis: self.0.basis.clone() }
    }

    /// The amount as printed: the exact one rounded half-up.
    async fn amount(&self) -> BigInt {
        BigInt(self.0.amount.round_half_up())
    }

    /// The exact amount.
    async fn exact(&self) -> Rational {
        Rational::from(self.0.amount.clone())
    }

    /// The day by which it is owed; null for the last day of its phase or drive.
    async fn due(&self) -> Option<Date> {
        self.0.due.map(Date)
    }

    /// Whether what was there before the drive counts towards it: a level to be reached, not a number to be added.
    async fn counts_opening(&self) -> bool {
        self.0.counts_opening
    }

    /// What is owed per day, week, month, team-day and member.
    async fn pace(&self, ctx: &Context<'_>) -> Result<Option<Pace>> {
        Ok(load(ctx, PaceOf(self.0.id)).await?.map(Pace))
    }

    /// Every amount it ever had, oldest first. Nothing is ever removed.
    #[graphql(complexity = "5 * child_complexity + 2")]
    async fn history(&self, ctx: &Context<'_>) -> Result<Vec<Amendment>> {
        let drive = self.0.key.drive;
        let entries = load(ctx, HistoryOf(self.0.id)).await?.unwrap_or_default();
        Ok(entries.into_iter().map(|entry| Amendment { drive, entry }).collect())
    }
}

/// An entry of a history, with the drive that its phases belong to.
pub(crate) struct Amendment {
    drive: DriveId,
    entry: quota::Amendment,
}

/// One entry of a quota's history; the first one set it.
#[Object]
impl Amendment {
    /// The version of the quota that this entry made.
    async fn version(&self) -> i32 {
        self.entry.version
    }

    /// The amount from then on, rounded half-up.
    async fn amount(&self) -> BigInt {
        BigInt(self.entry.amount.round_half_up())
    }

    /// The exact amount from then on.
    async fn exact(&self) -> Rational {
        Rational::from(self.entry.amount.clone())
    }

    /// Where it came from.
    async fn basis(&self) -> QuotaBasis {
        QuotaBasis { drive: self.drive, basis: self.entry.basis.clone() }
    }

    /// How it was worked out, as in `17410 × 7124 / 45934`.
    async fn explanation(&self) -> &str {
        &self.entry.explanation
    }

    /// Why it was changed; always there for a change after the drive was opened.
    async fn reason(&self) -> Option<&str> {
        self.entry.reason.as_ref().map(Reason::as_str)
    }

    /// Number of the decision; always there for a change after the drive was opened.
    async fn decision(&self) -> Option<&str> {
        self.entry.decision.as_ref().map(PlanNumber::as_str)
    }

    /// Who: the subject of the token.
    async fn author(&self) -> &str {
        self.entry.author.as_str()
    }

    /// When, by the server's clock.
    async fn at(&self) -> DateTime {
        DateTime(self.entry.at)
    }
}
