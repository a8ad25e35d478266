//! What the council decided on a candidate. Append-only: a later decision takes the place of an earlier one, and both stay.

use crate::id::{EmulationListId, UnitId};
use crate::text::{PlanNumber, Reason, Title};
use crate::time::Instant;

use super::list::Author;

/// What was decided.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Decided {
    /// It is commended (khen thưởng).
    Commended,
    /// It is criticised (phê bình).
    Criticised,
    /// Neither.
    Neither,
}

impl Decided {
    /// The word in messages and on record.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Commended => "COMMENDED",
            Self::Criticised => "CRITICISED",
            Self::Neither => "NEITHER",
        }
    }
}

/// A decision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// On which list.
    pub list: EmulationListId,
    /// On which of its candidates.
    pub unit: UnitId,
    /// 1, 2, 3 … of this candidate: the highest stands.
    pub version: i32,
    /// What was decided.
    pub decided: Decided,
    /// Number of the decision: `1024/QĐ-UBND`.
    pub number: PlanNumber,
    /// The form of the award: `Giấy khen`.
    pub award: Option<Title>,
    /// Why.
    pub reason: Reason,
    /// Whether the candidate was out of the running, as the list says: then it is not commended.
    pub is_out: bool,
    /// Who put it in.
    pub author: Author,
    /// When.
    pub at: Instant,
}
