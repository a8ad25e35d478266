//! The cascade: one holder's quota shared among those below, over one or several levels, previewed before applied.

mod explain;
pub mod spread;

use crate::exact::Exact;
use crate::id::{GroupId, IndicatorId};
use crate::quota::allocate::{Rounding, Shaped};
use crate::quota::{Holder, QuotaKey};

/// In proportion to what a quota is shared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Policy {
    /// To a baseline, mostly the eligible residents.
    Proportional {
        /// Of whom.
        group: GroupId,
        /// Of what.
        indicator: IndicatorId,
    },
    /// To what remains: one baseline less another, never below zero.
    ProportionalToRest {
        /// Of whom.
        group: GroupId,
        /// Of what: the eligible.
        of: IndicatorId,
        /// Less this: the activated.
        less: IndicatorId,
    },
    /// The same for each; members of a team by their weight.
    Equal,
    /// As given; the amounts must add up.
    Manual(Vec<(Holder, Exact)>),
}

/// Who shares.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Among {
    /// The units below, level by level so many levels down (1 to 5), on the drive's tree date.
    Units {
        /// 1 for the children only.
        levels: u8,
    },
    /// The teams of the unit itself.
    Teams,
    /// The members of the team.
    Members,
}

/// A limit for every child, or for one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limit {
    /// The child; `None` for all that have no limit of their own.
    pub holder: Option<Holder>,
    /// At least.
    pub floor: Option<i64>,
    /// At most; the rest spills over.
    pub ceiling: Option<i64>,
}

/// A cascade that is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CascadePlan {
    /// The quota that is shared.
    pub from: QuotaKey,
    /// Who shares.
    pub among: Among,
    /// In proportion to what.
    pub policy: Policy,
    /// Floors and ceilings, for the children of the first level.
    pub limits: Vec<Limit>,
    /// Children of the first level that keep the quota they have.
    pub locked: Vec<Holder>,
    /// Whole or exact shares.
    pub rounding: Rounding,
}

/// One figure of a preview.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CascadeLine {
    /// Who would owe it.
    pub holder: Holder,
    /// Whose quota it is a share of.
    pub above: Holder,
    /// What the holder owes now.
    pub before: Option<Exact>,
    /// The version of the holder's present quota, 0 when there is none.
    pub before_version: i32,
    /// The share before rounding.
    pub exact: Exact,
    /// What the holder would owe.
    pub amount: Exact,
    /// What shaped it.
    pub shaped: Shaped,
    /// How it was worked out: `17410 × 7124 / 45934`.
    pub explanation: String,
}
