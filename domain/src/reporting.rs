//! Report discipline (rule 8): who has to report by when, who did, and what each level confirmed of those below.
//!
//! *Rules* ([`rule`]) are data of a drive, one for a level. From a rule, the calendar and the tree of a day follow the
//! slots that are *expected*; how a slot stands ([`status`]) is worked out from its receipt, an *excuse* ([`excuse`]) and
//! the moment of the question, and never stored. Rates ([`rates`]) count slots; the chase list ([`chase`]) names who is
//! silent. A *compilation* ([`compilation`]) is what a level confirms of those below it.
//!
//! The server's receipt alone decides, in `Asia/Ho_Chi_Minh`; what a device says of the time is evidence.

pub mod chase;
pub mod compilation;
pub mod excuse;
pub mod rates;
pub mod rule;
pub mod status;

use crate::id::{TeamId, UnitId};
use crate::tally::Reporter;

/// Who owes a report: a unit as a whole, or one team of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Debtor {
    /// The unit.
    pub unit: UnitId,
    /// The team, where each team reports by itself.
    pub team: Option<TeamId>,
}

impl Debtor {
    /// The same as whoever reports: the team, or the unit's own staff.
    #[must_use]
    pub fn reporter(self) -> Reporter {
        self.team.map_or(Reporter::Unit(self.unit), Reporter::Team)
    }
}
