//! What became of a submission of tallies, row by row.

use async_graphql::{Enum, Object};
use caodiem_domain::problem::Problem;
use caodiem_domain::tally::RowResult;

use crate::objects::problem::UserError;

/// What became of a row.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TallyStatus {
    /// It stands now.
    Accepted,
    /// The same figure stood there already; nothing was written.
    Unchanged,
    /// It was not taken; the others were.
    Refused,
}

/// A row's result.
pub(crate) struct TallyResult {
    pub(crate) index: usize,
    pub(crate) result: RowResult,
}

impl TallyResult {
    /// Whether the row came to that.
    pub(crate) const fn is(&self, status: TallyStatus) -> bool {
        matches!(
            (&self.result, status),
            (RowResult::Accepted { .. }, TallyStatus::Accepted)
                | (RowResult::Unchanged { .. }, TallyStatus::Unchanged)
                | (RowResult::Refused(_), TallyStatus::Refused)
        )
    }

    const fn problem(&self) -> Option<&Problem> {
        match &self.result {
            RowResult::Refused(problem) => Some(problem),
            RowResult::Accepted { .. } | RowResult::Unchanged { .. } => None,
        }
    }
}

/// What became of one row of a submission.
#[Object]
impl TallyResult {
    /// Its place among the rows that were sent, from 0.
    async fn index(&self) -> u32 {
        u32::try_from(self.index).unwrap_or(u32::MAX)
    }

    /// What became of it.
    async fn status(&self) -> TallyStatus {
        match self.result {
            RowResult::Accepted { .. } => TallyStatus::Accepted,
            RowResult::Unchanged { .. } => TallyStatus::Unchanged,
            RowResult::Refused(_) => TallyStatus::Refused,
        }
    }

    /// The number of the revision that stands, 0 for a nil report; null when it was refused.
    async fn revision(&self) -> Option<i32> {
        match self.result {
            RowResult::Accepted { revision } | RowResult::Unchanged { revision } => Some(revision),
            RowResult::Refused(_) => None,
        }
    }

    /// Why it was refused; null when it was not.
    async fn error(&self) -> Option<UserError> {
        self.problem().cloned().map(UserError)
    }
}
