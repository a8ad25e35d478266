//! Compilations: what a level confirms of those below it, and what a level above returns.

use crate::count::Count;
use crate::id::{CompilationId, DriveId, IndicatorId, UnitId};
use crate::reporting::Debtor;
use crate::reporting::rule::ReportKind;
use crate::text::{Reason, Subject};
use crate::time::{Day, Instant};

/// What a unit's compilation says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CompilationState {
    /// The unit confirmed what those below reported.
    Confirmed,
    /// A level above sent it back.
    Returned,
}

/// Which compilation: of a unit, of a report of one kind, named by its last day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CompilationKey {
    /// The drive.
    pub drive: DriveId,
    /// The unit that confirms.
    pub unit: UnitId,
    /// The kind of report.
    pub kind: ReportKind,
    /// Its last day.
    pub day: Day,
}

/// One revision, never changed. The one with the highest number stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Compilation {
    /// Its key.
    pub id: CompilationId,
    /// Of what.
    pub key: CompilationKey,
    /// 1, 2, 3 …
    pub revision: i32,
    /// What it says.
    pub state: CompilationState,
    /// How many of those below owed a report at that moment.
    pub expected: u32,
    /// How many of these had given it.
    pub received: u32,
    /// How many of these on time.
    pub on_time: u32,
    /// Who was silent and named by whoever confirmed, in the order of place.
    pub gaps: Vec<Debtor>,
    /// Totals that the unit stated itself.
    pub stated: Vec<StatedTotal>,
    /// Who.
    pub author: Subject,
    /// When the server received it.
    pub at: Instant,
    /// Why; a return has to say.
    pub reason: Option<Reason>,
}

/// A total that a level stated itself, beside the sum of the parts at that moment. It is shown, never added.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StatedTotal {
    /// Of what; always a simple indicator.
    pub indicator: IndicatorId,
    /// What the level says.
    pub stated: Count,
    /// What those below reported, with the unit's own, when it was stated.
    pub parts: i64,
}

impl StatedTotal {
    /// What is stated beyond the parts; negative where the parts say more.
    #[must_use]
    pub const fn gap(self) -> i64 {
        self.stated.get() - self.parts
    }
}

/// Where a unit's compilation stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Stand {
    /// Somebody below is silent, or has to correct what was returned.
    Waiting,
    /// Everybody below has reported or is excused.
    Ready,
    /// The unit confirmed.
    Here,
    /// A level above confirmed it with its own.
    Elsewhere,
}

impl Stand {
    /// The word in messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "WAITING",
            Self::Ready => "READY",
            Self::Here => "HERE",
            Self::Elsewhere => "ELSEWHERE",
        }
    }
}

/// Where it stands: `latest` is the unit's own, `above` whether a unit above stands confirmed, `silent` how many below
/// have not reported.
#[must_use]
pub fn stand(latest: Option<CompilationState>, above: bool, silent: usize) -> Stand {
    match latest {
        _ if above => Stand::Elsewhere,
        Some(CompilationState::Confirmed) => Stand::Here,
        _ if silent == 0 => Stand::Ready,
        _ => Stand::Waiting,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_above_comes_first() {
        assert_eq!(stand(None, false, 2), Stand::Waiting);
        assert_eq!(stand(None, false, 0), Stand::Ready);
        assert_eq!(stand(Some(CompilationState::Confirmed), false, 2), Stand::Here);
        assert_eq!(stand(Some(CompilationState::Returned), false, 0), Stand::Ready);
        assert_eq!(stand(Some(CompilationState::Confirmed), true, 0), Stand::Elsewhere);
    }
}
