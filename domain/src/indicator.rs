//! The catalogue: what is counted, and of whom. Entries are data, extensible at run time.

use crate::id::{GroupId, IndicatorId};
use crate::text::{Key, Title};

/// The step of the work that an indicator counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Stage {
    /// People who could have an account.
    Eligible,
    /// Records enrolled (thu nhận).
    Enrol,
    /// Records approved centrally, not yet activated.
    Approve,
    /// Accounts activated: the only stage that counts as success for an activation quota (rule 1).
    Activate,
    /// Cards issued.
    Issue,
    /// Means of the work: teams, stations, officials.
    Means,
    /// Anything else.
    Other,
}

/// Level of the account.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum AccountLevel {
    /// Mức 1: self-registered on the phone.
    One,
    /// Mức 2: enrolled in person with biometrics.
    Two,
}

/// The unit that a figure counts for (rule 2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Attribution {
    /// The unit of the citizen's permanent residence, which the reporter names where it is not its own.
    Residence,
    /// The unit that received the record: always the reporter's own.
    Receiving,
}

/// How figures of several days make one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TimeRule {
    /// A flow: the days add up.
    Sum,
    /// A snapshot: the latest day stands.
    Last,
}

/// An indicator of the catalogue. Over units, figures always add up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Indicator {
    /// Identity.
    pub id: IndicatorId,
    /// Machine name: `ACTIVATED_L2`.
    pub code: Key,
    /// Vietnamese name.
    pub name_vi: Title,
    /// English name.
    pub name_en: Title,
    /// Step of the work.
    pub stage: Stage,
    /// Level of the account, where it has one.
    pub level: Option<AccountLevel>,
    /// Who is credited.
    pub attribution: Attribution,
    /// Flow or snapshot.
    pub time_rule: TimeRule,
    /// The simple indicators whose sum it is; empty for a simple one.
    pub parts: Vec<IndicatorId>,
}

impl Indicator {
    /// The simple indicators that tallies are given for: its parts, or itself.
    #[must_use]
    pub fn leaves(&self) -> Vec<IndicatorId> {
        if self.parts.is_empty() { vec![self.id] } else { self.parts.clone() }
    }
}

/// A population group of the catalogue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// Identity.
    pub id: GroupId,
    /// Machine name: `RESIDENTS_14_PLUS`.
    pub code: Key,
    /// Vietnamese name.
    pub name_vi: Title,
    /// English name.
    pub name_en: Title,
}
