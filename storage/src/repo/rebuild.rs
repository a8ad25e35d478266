//! The roll-up made anew, in one transaction.

use caodiem_domain::audit::Entry;
use caodiem_domain::error::Error;
use caodiem_domain::ports::{Lock, WriteAudit, WriteTx};
use diesel::prelude::*;

use super::fold::{Cells, families, folded, stretches};
use super::{Conn, OrFailed, Tx, bulk, dialect};
use crate::check::{Progress, Step};
use crate::memory::Memory;
use crate::rebuild::RebuildReport;
use crate::rows::rollup::RollupRow;
use crate::tables::rollup;

/// Rows added by one statement.
const BATCH: usize = 10_000;

/// Makes the roll-up anew on a connection of its own. Nobody submits meanwhile: a submission holds the tree, too.
pub(crate) fn run(
    conn: &mut Conn,
    act: &dyn Fn(&RebuildReport) -> Entry,
    tell: &mut dyn FnMut(Progress),
) -> Result<RebuildReport, Error> {
    super::super::store::transact(conn, dialect::begin_write, |conn| {
        let mut report = RebuildReport::default();
        let memory = Memory::default();
        let mut tx = Tx::new(conn, &memory);
        tx.lock(&[Lock::Tree])?;
        let families = families(tx.conn)?;
        let work = stretches(tx.conn, &families)?;
        let of = work.iter().map(|(_, stretch)| stretch.rows).sum();
        let mut done = 0;
        tell(Progress { step: Step::Rollup, done, of });
        diesel::delete(rollup::table).execute(tx.conn).or_failed()?;
        for (family, stretch) in work {
            let (cells, sums, _) = folded(&mut tx, family, stretch)?;
            report.tallies += sums;
            report.rollup_sums += add(tx.conn, cells)?;
            done += stretch.rows;
            tell(Progress { step: Step::Rollup, done, of });
        }
        tx.record(vec![act(&report)]);
        tx.seal()?;
        Ok(report)
    })
}

/// Adds the cells, whole weeks of them, ascending; says how many.
fn add(conn: &mut Conn, cells: Cells) -> Result<u64, Error> {
    let count = u64::try_from(cells.len()).unwrap_or(u64::MAX);
    for batch in RollupRow::holding(cells).chunks(BATCH) {
        bulk::add_to_rollup(conn, batch).or_failed()?;
    }
    Ok(count)
}
