//! Quotas (chỉ tiêu giao): how much of an indicator a holder owes, in every form the plans use (rule 3).

pub mod allocate;
pub mod basis;
pub mod cascade;
pub mod pace;

use crate::exact::Exact;
use crate::id::{DriveId, GroupId, IndicatorId, MemberId, PhaseId, QuotaId, TeamId, UnitId};
use crate::text::{PlanNumber, Reason, Subject};
use crate::time::{Day, Instant};

/// Who owes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Holder {
    /// A unit, for its whole subtree.
    Unit(UnitId),
    /// A team.
    Team(TeamId),
    /// One member of a team.
    Member(MemberId),
}

/// What a quota is of. One quota stands per key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct QuotaKey {
    /// The drive.
    pub drive: DriveId,
    /// One phase, or the whole drive.
    pub phase: Option<PhaseId>,
    /// Who owes.
    pub holder: Holder,
    /// Of what, simple or composite.
    pub indicator: IndicatorId,
    /// Of whom.
    pub group: GroupId,
}

/// Whose number a rate per day is multiplied with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RatePer {
    /// The holder as a whole.
    Holder,
    /// Each village under the holder on the drive's tree date.
    Village,
    /// Each team at work under the holder on the first day.
    Team,
}

/// Where a quota's amount comes from. Evaluated when it is set; the amount then stands until it is amended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Basis {
    /// A number.
    Absolute {
        /// The number, at least 0.
        amount: Exact,
    },
    /// A percentage of a baseline. 100 with a due day is the plans' "100 % of group G by day D".
    PercentOfBaseline {
        /// 0 to 100.
        percent: Exact,
        /// Of whom; the quota's own group when the plan names no other.
        group: GroupId,
        /// Of what, mostly the eligible.
        indicator: IndicatorId,
    },
    /// A percentage of what an earlier phase leaves: `percent × (E − Q)` (rule 7).
    PercentOfRest {
        /// 0 to 100.
        percent: Exact,
        /// The earlier phase; its quota is of the same holder, indicator and group.
        phase: PhaseId,
        /// Baseline that E is of.
        group: GroupId,
        /// Baseline that E is of.
        indicator: IndicatorId,
    },
    /// A rate per plan day: 5 a day per village.
    PerDay {
        /// How many a day.
        rate: Exact,
        /// Whose number it is multiplied with.
        per: RatePer,
    },
    /// A rate per station shift: 160 records a shift.
    PerShift {
        /// How many a shift.
        rate: Exact,
        /// How many shifts the holder's stations work.
        shifts: u32,
    },
    /// A rate per person: every official guides at least 10 residents.
    PerHead {
        /// How many each.
        rate: Exact,
        /// The group whose baseline counts the heads.
        group: GroupId,
        /// The indicator of that baseline.
        indicator: IndicatorId,
    },
    /// A floor for one indicator inside a total of several: at least 20 % of the total at level 2.
    ShareOfTotal {
        /// 0 to 100.
        percent: Exact,
        /// The composite whose quota, of the same holder, phase and group, is the total.
        total: IndicatorId,
    },
    /// The holder's share of the quota of the holder above.
    Share {
        /// The holder above.
        of: Holder,
    },
}

/// A quota as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quota {
    /// Identity.
    pub id: QuotaId,
    /// What it is of.
    pub key: QuotaKey,
    /// Where the amount comes from.
    pub basis: Basis,
    /// The exact amount, at least 0. Rounded only where a figure is handed out.
    pub amount: Exact,
    /// The day by which it is owed; the end of the phase or drive when not named.
    pub due: Option<Day>,
    /// Whether what was there before the drive counts towards it: a level to be reached (a stock), not a number to be
    /// added (a flow). The opening figure is the baseline of the indicator.
    pub counts_opening: bool,
    /// For optimistic locking; 1 when first set, one more with every amendment.
    pub version: i32,
}

/// One entry of a quota's history. Append-only; the first one sets it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Amendment {
    /// Which quota.
    pub quota: QuotaId,
    /// The version that this entry made.
    pub version: i32,
    /// The amount from then on.
    pub amount: Exact,
    /// Where it came from.
    pub basis: Basis,
    /// How it was worked out: `17410 × 7124 / 45934`.
    pub explanation: String,
    /// Why; demanded once the drive is open.
    pub reason: Option<Reason>,
    /// Number of the decision; demanded once the drive is open.
    pub decision: Option<PlanNumber>,
    /// Who.
    pub author: Subject,
    /// When, by the server's clock.
    pub at: Instant,
}

/// What lists of quotas can be narrowed by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum QuotaPredicate {
    /// Of this drive.
    Drive(DriveId),
    /// Of this phase; `None` for those of the whole drive.
    Phase(Option<PhaseId>),
    /// Held by one of these units.
    Unit(Vec<UnitId>),
    /// Held by this unit or any under it, teams and members included.
    Under(UnitId),
    /// Held by one of these teams.
    Team(Vec<TeamId>),
    /// Of one of these indicators.
    Indicator(Vec<IndicatorId>),
    /// Of one of these groups.
    Group(Vec<GroupId>),
}
