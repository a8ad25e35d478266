//! Whether what is stored is what went on record: a row that was changed in the database does not pass for what it was.

use crate::audit::RecordPredicate;
use crate::error::Error;
use crate::id::AccountId;
use crate::page::{Direction, Filter, PageRequest, PageSize};
use crate::ports::ReadTx;
use crate::ports::audit::Seen;
use crate::time::Instant;

/// Whether an act of that account at that very moment has `digest` among what it changed.
///
/// # Errors
/// A failure of storage.
pub(super) fn is_on_record(tx: &mut dyn ReadTx, account: AccountId, at: Instant, digest: &str) -> Result<bool, Error> {
    let next = at.checked_add_signed(chrono::TimeDelta::microseconds(1)).unwrap_or(at);
    let then = Filter::All(vec![
        Filter::Is(RecordPredicate::Account(vec![account])),
        Filter::Is(RecordPredicate::Since(at)),
        Filter::Is(RecordPredicate::Before(next)),
    ]);
    let page =
        PageRequest { size: PageSize::new(i64::from(PageSize::MAX))?, direction: Direction::Forward, cursor: None };
    let found = tx.list_records(&Seen::All, &then, &page)?;
    Ok(found.rows.iter().any(|(_, record)| record.changes.contains(digest)))
}
