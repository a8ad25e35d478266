//! Where a quota's amount comes from, in every form the plans use.

use async_graphql::{Context, Enum, Object};
use caodiem_domain::exact::Exact;
use caodiem_domain::id::{DriveId, GroupId, IndicatorId, PhaseId};
use caodiem_domain::quota;

use crate::error::Result;
use crate::objects::catalogue::{Group, Indicator};
use crate::objects::drive::Phase;
use crate::objects::holder::Holder;
use crate::scalars::Rational;

/// Whose number a rate per day is multiplied with.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "quota::RatePer")]
pub(crate) enum RatePer {
    /// The holder as a whole.
    Holder,
    /// Each village under the holder on the drive's tree date.
    Village,
    /// Each team at work under the holder on the first day.
    Team,
}

/// The form of a quota's basis.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BasisForm {
    /// A number: `amount`.
    Absolute,
    /// `percent` of the baseline of `group` and `indicator`. 100 with a due day is the plans' "100 % of group G by day
    /// D".
    PercentOfBaseline,
    /// `percent` of what `phase` leaves: of the baseline of `group` and `indicator` less that phase's quota.
    PercentOfRest,
    /// `rate` per plan day, times the number that `per` names.
    PerDay,
    /// `rate` per station shift, times `shifts`.
    PerShift,
    /// `rate` per person of the baseline of `group` and `indicator`.
    PerHead,
    /// At least `percent` of the quota of the composite indicator `indicator`.
    ShareOfTotal,
    /// The holder's share of the quota of `of`.
    Share,
}

/// A basis, with the drive that its phases belong to.
pub(crate) struct QuotaBasis {
    /// The drive of the quota, for its phases.
    pub drive: DriveId,
    /// The basis itself.
    pub basis: quota::Basis,
}

/// Where a quota's amount comes from. It was evaluated when the quota was set; the amount stands until it is amended.
/// Only the fields that `form` names have a value.
#[Object]
impl QuotaBasis {
    /// The form, which says what the other fields mean.
    async fn form(&self) -> BasisForm {
        match self.basis {
            quota::Basis::Absolute { .. } => BasisForm::Absolute,
            quota::Basis::PercentOfBaseline { .. } => BasisForm::PercentOfBaseline,
            quota::Basis::PercentOfRest { .. } => BasisForm::PercentOfRest,
            quota::Basis::PerDay { .. } => BasisForm::PerDay,
            quota::Basis::PerShift { .. } => BasisForm::PerShift,
            quota::Basis::PerHead { .. } => BasisForm::PerHead,
            quota::Basis::ShareOfTotal { .. } => BasisForm::ShareOfTotal,
            quota::Basis::Share { .. } => BasisForm::Share,
        }
    }

    /// The number of an ABSOLUTE basis.
    async fn amount(&self) -> Option<Rational> {
        match &self.basis {
            quota::Basis::Absolute { amount } => Some(Rational::from(amount.clone())),
            _ => None,
        }
    }

    /// 0 to 100.
    async fn percent(&self) -> Option<Rational> {
        self.parts().percent.cloned().map(Rational::from)
    }

    /// How many per day, shift or head.
    async fn rate(&self) -> Option<Rational> {
        self.parts().rate.cloned().map(Rational::from)
    }

    /// Whose number a `PER_DAY` rate is multiplied with.
    async fn per(&self) -> Option<RatePer> {
        match self.basis {
            quota::Basis::PerDay { per, .. } => Some(per.into()),
            _ => None,
        }
    }

    /// How many shifts the holder's stations work.
    async fn shifts(&self) -> Option<u32> {
        match self.basis {
            quota::Basis::PerShift { shifts, .. } => Some(shifts),
            _ => None,
        }
    }

    /// The earlier phase that leaves something over.
    async fn phase(&self, ctx: &Context<'_>) -> Result<Option<Phase>> {
        match self.parts().phase {
            Some(phase) => Phase::find(ctx, self.drive, phase).await,
            None => Ok(None),
        }
    }

    /// The group of the baseline.
    async fn group(&self, ctx: &Context<'_>) -> Result<Option<Group>> {
        match self.parts().group {
            Some(group) => Group::find(ctx, group).await,
            None => Ok(None),
        }
    }

    /// The indicator of the baseline, or the composite whose quota is the total.
    async fn indicator(&self, ctx: &Context<'_>) -> Result<Option<Indicator>> {
        match self.parts().indicator {
            Some(indicator) => Indicator::find(ctx, indicator).await,
            None => Ok(None),
        }
    }

    /// The holder above, whose quota is shared.
    async fn of(&self, ctx: &Context<'_>) -> Result<Option<Holder>> {
        match self.basis {
            quota::Basis::Share { of } => Holder::find(ctx, of).await,
            _ => Ok(None),
        }
    }
}

/// The parts that several forms have.
#[derive(Default)]
struct Parts<'basis> {
    percent: Option<&'basis Exact>,
    rate: Option<&'basis Exact>,
    phase: Option<PhaseId>,
    group: Option<GroupId>,
    indicator: Option<IndicatorId>,
}

impl QuotaBasis {
    fn parts(&self) -> Parts<'_> {
        match &self.basis {
            quota::Basis::Absolute { .. } | quota::Basis::Share { .. } => Parts::default(),
            quota::Basis::PercentOfBaseline { percent, group, indicator } => {
                Parts { percent: Some(percent), group: Some(*group), indicator: Some(*indicator), ..Parts::default() }
            }
            quota::Basis::PercentOfRest { percent, phase, group, indicator } => Parts {
                percent: Some(percent),
                phase: Some(*phase),
                group: Some(*group),
                indicator: Some(*indicator),
                ..Parts::default()
            },
            quota::Basis::PerDay { rate, .. } | quota::Basis::PerShift { rate, .. } => {
                Parts { rate: Some(rate), ..Parts::default() }
            }
            quota::Basis::PerHead { rate, group, indicator } => {
                Parts { rate: Some(rate), group: Some(*group), indicator: Some(*indicator), ..Parts::default() }
            }
            quota::Basis::ShareOfTotal { percent, total } => {
                Parts { percent: Some(percent), indicator: Some(*total), ..Parts::default() }
            }
        }
    }
}
