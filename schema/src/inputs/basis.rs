//! Bases of quotas as clients name them.

use async_graphql::{ID, InputObject, OneofObject};
use caodiem_domain::id::{GroupId, IndicatorId};
use caodiem_domain::problem::Problem;
use caodiem_domain::quota::{self, Basis};

use crate::codes::Codes;
use crate::error::Result;
use crate::ids::key_of;
use crate::inputs::Check;
use crate::objects::basis::RatePer;
use crate::scalars::Decimal;

/// Who owes: exactly one of them.
#[derive(OneofObject, Clone)]
pub(crate) enum HolderInput {
    /// A unit, for its whole subtree.
    Unit(ID),
    /// A team.
    Team(ID),
    /// One member of a team.
    Member(ID),
}

impl HolderInput {
    /// Who is meant.
    pub(crate) fn holder(&self) -> Result<quota::Holder, Problem> {
        match self {
            Self::Unit(id) => key_of(id).map(quota::Holder::Unit).map_err(|problem| problem.at("unit")),
            Self::Team(id) => key_of(id).map(quota::Holder::Team).map_err(|problem| problem.at("team")),
            Self::Member(id) => key_of(id).map(quota::Holder::Member).map_err(|problem| problem.at("member")),
        }
    }
}

/// A number.
#[derive(InputObject)]
pub(crate) struct AbsoluteBasisInput {
    /// The amount, at least 0.
    amount: Decimal,
}

/// A percentage of a baseline. 100 with a due day is the plans' "100 % of group G by day D".
#[derive(InputObject)]
pub(crate) struct PercentOfBaselineInput {
    /// 0 to 100.
    percent: Decimal,
    /// Code of the group whose baseline is meant.
    group: String,
    /// Code of the indicator whose baseline is meant, mostly the eligible.
    indicator: String,
}

/// A percentage of what an earlier phase leaves: of the baseline less that phase's quota.
#[derive(InputObject)]
pub(crate) struct PercentOfRestInput {
    /// 0 to 100.
    percent: Decimal,
    /// The earlier phase; its quota is of the same holder, indicator and group.
    phase: ID,
    /// Code of the group whose baseline is meant.
    group: String,
    /// Code of the indicator whose baseline is meant.
    indicator: String,
}

/// A rate per plan day: 5 a day per village.
#[derive(InputObject)]
pub(crate) struct PerDayInput {
    /// How many a day.
    rate: Decimal,
    /// Whose number it is multiplied with.
    #[graphql(default_with = "RatePer::Holder")]
    per: RatePer,
}

/// A rate per station shift: 160 records a shift.
#[derive(InputObject)]
pub(crate) struct PerShiftInput {
    /// How many a shift.
    rate: Decimal,
    /// How many shifts the holder's stations work.
    shifts: u32,
}

/// A rate per person: every official guides at least 10 residents.
#[derive(InputObject)]
pub(crate) struct PerHeadInput {
    /// How many each.
    rate: Decimal,
    /// Code of the group whose baseline counts the heads.
    group: String,
    /// Code of the indicator of that baseline.
    indicator: String,
}

/// A floor for one indicator inside a total of several: at least 20 % of the total at level 2.
#[derive(InputObject)]
pub(crate) struct ShareOfTotalInput {
    /// 0 to 100.
    percent: Decimal,
    /// Code of the composite indicator whose quota, of the same holder, phase and group, is the total.
    total: String,
}

/// Where a quota's amount comes from: exactly one form. It is worked out when the quota is set.
#[derive(OneofObject)]
pub(crate) enum BasisInput {
    /// A number.
    Absolute(AbsoluteBasisInput),
    /// A percentage of a baseline.
    PercentOfBaseline(PercentOfBaselineInput),
    /// A percentage of what an earlier phase leaves.
    PercentOfRest(PercentOfRestInput),
    /// A rate per plan day.
    PerDay(PerDayInput),
    /// A rate per station shift.
    PerShift(PerShiftInput),
    /// A rate per person.
    PerHead(PerHeadInput),
    /// A floor inside a total.
    ShareOfTotal(ShareOfTotalInput),
}

impl BasisInput {
    /// The basis that is meant.
    pub(crate) fn basis(&self, codes: &Codes) -> Result<Basis, Vec<Problem>> {
        match self {
            Self::Absolute(of) => Ok(Basis::Absolute { amount: of.amount.0.clone() }),
            Self::PerDay(of) => Ok(Basis::PerDay { rate: of.rate.0.clone(), per: of.per.into() }),
            Self::PerShift(of) => Ok(Basis::PerShift { rate: of.rate.0.clone(), shifts: of.shifts }),
            Self::PercentOfBaseline(of) => {
                let base = base(codes, &of.group, &of.indicator).map_err(|wrong| inside("percentOfBaseline", wrong));
                let percent = of.percent.0.clone();
                base.map(|(group, indicator)| Basis::PercentOfBaseline { percent, group, indicator })
            }
            Self::PerHead(of) => {
                let base = base(codes, &of.group, &of.indicator).map_err(|wrong| inside("perHead", wrong));
                base.map(|(group, indicator)| Basis::PerHead { rate: of.rate.0.clone(), group, indicator })
            }
            Self::PercentOfRest(of) => of.basis(codes).map_err(|wrong| inside("percentOfRest", wrong)),
            Self::ShareOfTotal(of) => {
                let total = codes.indicator(&of.total).map_err(|wrong| vec![wrong.at("total").at("shareOfTotal")]);
                total.map(|total| Basis::ShareOfTotal { percent: of.percent.0.clone(), total })
            }
        }
    }
}

impl PercentOfRestInput {
    fn basis(&self, codes: &Codes) -> Result<Basis, Vec<Problem>> {
        let mut check = Check::default();
        let phase = check.field("phase", key_of(&self.phase));
        let base = check.all(base(codes, &self.group, &self.indicator));
        check.done(|| {
            let (group, indicator) = base?;
            Some(Basis::PercentOfRest { percent: self.percent.0.clone(), phase: phase?, group, indicator })
        })
    }
}

/// The baseline that two codes name.
pub(crate) fn base(codes: &Codes, group: &str, indicator: &str) -> Result<(GroupId, IndicatorId), Vec<Problem>> {
    let mut check = Check::default();
    let group = check.field("group", codes.group(group));
    let indicator = check.field("indicator", codes.indicator(indicator));
    check.done(|| Some((group?, indicator?)))
}

/// Problems inside of a field.
pub(crate) fn inside(name: &str, problems: Vec<Problem>) -> Vec<Problem> {
    problems.into_iter().map(|problem| problem.at(name)).collect()
}
