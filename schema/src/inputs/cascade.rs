//! Inputs about cascades.

use async_graphql::{Enum, ID, InputObject, OneofObject};
use caodiem_domain::problem::{Code, Problem};
use caodiem_domain::quota::cascade::{Among, CascadePlan, Limit, Policy};
use caodiem_domain::text::{PlanNumber, Reason};
use caodiem_domain::usecase::apply_cascade::ApplyCascade;

use crate::codes::Codes;
use crate::error::Result;
use crate::ids::key_of;
use crate::inputs::Check;
use crate::inputs::basis::{HolderInput, base, inside};
use crate::inputs::quota::QuotaOf;
use crate::objects::cascade::Rounding;
use crate::scalars::{BigInt, Decimal};

/// Who shares a quota.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShareAmong {
    /// The units below, level by level, on the drive's tree date.
    Units,
    /// The teams of the unit itself.
    Teams,
    /// The members of the team, by their weight.
    Members,
}

/// A cascade: one holder's quota shared among those below.
#[derive(InputObject)]
pub(crate) struct CascadeInput {
    /// The drive.
    drive: ID,
    /// The phase; the whole drive when absent.
    phase: Option<ID>,
    /// Whose quota is shared.
    holder: HolderInput,
    /// Code of the indicator of the quota, simple or composite.
    indicator: String,
    /// Code of the population group of the quota.
    group: String,
    /// Who shares.
    #[graphql(default_with = "ShareAmong::Units")]
    among: ShareAmong,
    /// How many levels down, 1 to 5; for UNITS only.
    #[graphql(default = 1)]
    levels: u8,
    /// In proportion to what.
    policy: PolicyInput,
    /// Floors and ceilings for the first level, at most 1,000.
    #[graphql(default, validator(max_items = 1000))]
    limits: Vec<LimitInput>,
    /// Those of the first level who keep the quota they have, at most 1,000.
    #[graphql(default, validator(max_items = 1000))]
    locked: Vec<HolderInput>,
    /// Whole shares that add up, or exact ones as the plans print them.
    #[graphql(default_with = "Rounding::LargestRemainder")]
    rounding: Rounding,
}

/// In proportion to what a quota is shared: exactly one.
#[derive(OneofObject)]
pub(crate) enum PolicyInput {
    /// To a baseline, mostly the eligible residents.
    Proportional(ProportionalInput),
    /// To what remains: one baseline less another, never below zero.
    ProportionalToRest(ProportionalToRestInput),
    /// The same for each; members of a team by their weight. Only `true` is taken.
    Equal(bool),
    /// As given, at most 1,000; the amounts must add up to the quota.
    #[graphql(validator(max_items = 1000))]
    Manual(Vec<ManualShareInput>),
}

/// A baseline.
#[derive(InputObject)]
pub(crate) struct ProportionalInput {
    /// Code of the population group.
    group: String,
    /// Code of the indicator.
    indicator: String,
}

/// One baseline less another.
#[derive(InputObject)]
pub(crate) struct ProportionalToRestInput {
    /// Code of the population group of both.
    group: String,
    /// Code of the indicator, mostly the eligible …
    of: String,
    /// … less this one, mostly the activated.
    less: String,
}

/// A share as given.
#[derive(InputObject)]
pub(crate) struct ManualShareInput {
    /// Who gets it.
    holder: HolderInput,
    /// How much, at least 0.
    amount: Decimal,
}

/// A limit for one, or for all that have no limit of their own.
#[derive(InputObject)]
pub(crate) struct LimitInput {
    /// Whose limit; all others' when absent.
    holder: Option<HolderInput>,
    /// At least so much.
    floor: Option<BigInt>,
    /// At most so much; the rest spills over to the others.
    ceiling: Option<BigInt>,
}

/// A cascade to be applied, as it was previewed.
#[derive(InputObject)]
pub(crate) struct ApplyCascadeInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    pub(crate) request_id: String,
    /// The cascade.
    plan: CascadeInput,
    /// The version of the shared quota that was previewed.
    expected_version: i32,
    /// Why, at most 500 characters; demanded once the drive is open.
    reason: Option<String>,
    /// Number of the decision, at most 80 characters; demanded once the drive is open.
    decision: Option<String>,
}

impl ApplyCascadeInput {
    /// The command, or everything that is wrong.
    pub(crate) fn command(&self, codes: &Codes) -> Result<ApplyCascade, Vec<Problem>> {
        let mut check = Check::default();
        let plan = check.within("plan", self.plan.plan(codes));
        let reason = check.optional("reason", self.reason.as_ref(), |text| Reason::new(text));
        let decision = check.optional("decision", self.decision.as_ref(), |text| PlanNumber::new(text));
        check.done(|| {
            let expected_version = self.expected_version;
            Some(ApplyCascade { plan: plan?, expected_version, reason: reason?, decision: decision? })
        })
    }
}

impl CascadeInput {
    /// The plan, or everything that is wrong.
    pub(crate) fn plan(&self, codes: &Codes) -> Result<CascadePlan, Vec<Problem>> {
        let mut check = Check::default();
        let of = QuotaOf { phase: &self.phase, indicator: &self.indicator, group: &self.group };
        let (drive, holder) = (check.field("drive", key_of(&self.drive)), check.field("holder", self.holder.holder()));
        let from = drive.zip(holder).and_then(|(drive, holder)| check.all(of.key(drive, holder, codes)));
        let policy = check.within("policy", self.policy.policy(codes));
        let limits = check.each("limits", &self.limits, LimitInput::limit);
        let locked = check.each("locked", &self.locked, HolderInput::holder);
        let among = match self.among {
            ShareAmong::Units => Among::Units { levels: self.levels },
            ShareAmong::Teams => Among::Teams,
            ShareAmong::Members => Among::Members,
        };
        check.done(|| {
            let rounding = self.rounding.into();
            Some(CascadePlan { from: from?, among, policy: policy?, limits: limits?, locked: locked?, rounding })
        })
    }
}

impl PolicyInput {
    fn policy(&self, codes: &Codes) -> Result<Policy, Vec<Problem>> {
        match self {
            Self::Proportional(to) => {
                let base = base(codes, &to.group, &to.indicator).map_err(|wrong| inside("proportional", wrong));
                base.map(|(group, indicator)| Policy::Proportional { group, indicator })
            }
            Self::ProportionalToRest(to) => to.policy(codes).map_err(|wrong| inside("proportionalToRest", wrong)),
            Self::Equal(true) => Ok(Policy::Equal),
            Self::Equal(false) => Err(vec![Problem::new(Code::Empty).at("equal")]),
            Self::Manual(shares) => {
                let mut check = Check::default();
                let share = |share: &ManualShareInput| {
                    let holder = share.holder.holder().map_err(|problem| problem.at("holder"))?;
                    Ok((holder, share.amount.0.clone()))
                };
                let shares = check.each("manual", shares, share);
                check.done(|| shares.map(Policy::Manual))
            }
        }
    }
}

impl ProportionalToRestInput {
    fn policy(&self, codes: &Codes) -> Result<Policy, Vec<Problem>> {
        let mut check = Check::default();
        let group = check.field("group", codes.group(&self.group));
        let of = check.field("of", codes.indicator(&self.of));
        let less = check.field("less", codes.indicator(&self.less));
        check.done(|| Some(Policy::ProportionalToRest { group: group?, of: of?, less: less? }))
    }
}

impl LimitInput {
    fn limit(&self) -> Result<Limit, Problem> {
        let holder = self.holder.as_ref().map(HolderInput::holder).transpose().map_err(|wrong| wrong.at("holder"))?;
        Ok(Limit { holder, floor: self.floor.map(|most| most.0), ceiling: self.ceiling.map(|most| most.0) })
    }
}
