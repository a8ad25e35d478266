//! What was done, on the tree as it was or restated onto the tree of one day.

use std::collections::BTreeMap;

use super::frame::{Frame, stretches};
use super::sources::{own_figures, sources};
use super::{ledger, levels};
use crate::error::Error;
use crate::exact::Exact;
use crate::id::UnitId;
use crate::ports::ReadTx;
use crate::progress::{Restated, TreeView};
use crate::time::Day;
use crate::unit::restate::Restatement;

/// What was done by each of the units within the frame's days; units without a figure are left out.
///
/// As it was: one statement for flows whatever the size of the units. Restated, and of what was known at a moment: one for
/// each stretch of days in which the tree did not change.
///
/// # Errors
/// A failure of storage.
pub(super) fn done(
    tx: &mut dyn ReadTx,
    frame: &Frame,
    view: TreeView,
    units: &[UnitId],
) -> Result<BTreeMap<UnitId, Restated>, Error> {
    match view {
        TreeView::AsItWas => as_it_was(tx, frame, units),
        TreeView::Restated { onto } => restated(tx, frame, onto, units),
    }
}

fn as_it_was(tx: &mut dyn ReadTx, frame: &Frame, units: &[UnitId]) -> Result<BTreeMap<UnitId, Restated>, Error> {
    let mut sums: BTreeMap<UnitId, i64> = BTreeMap::new();
    if !frame.flows.is_empty() {
        for total in ledger::totals(tx, frame, &frame.flows, units, frame.days)? {
            *sums.entry(total.unit).or_default() += total.total;
        }
    }
    if !frame.levels.is_empty() {
        for (unit, level) in levels::of_units(tx, frame, units)? {
            *sums.entry(unit).or_default() += level;
        }
    }
    let exact = |(unit, sum): (UnitId, i64)| (unit, Restated { value: Exact::from(sum), estimated: false });
    Ok(sums.into_iter().map(exact).collect())
}

fn restated(
    tx: &mut dyn ReadTx,
    frame: &Frame,
    onto: Day,
    units: &[UnitId],
) -> Result<BTreeMap<UnitId, Restated>, Error> {
    let (tree, lineage) = (tx.tree(onto)?, tx.lineage()?);
    let mut restatement = Restatement::new(&lineage, &tree);
    let sources = sources(units, &tree, &lineage);
    let mut any = false;
    for stretch in stretches(tx, frame.days)?.into_iter().filter(|_| !frame.flows.is_empty()) {
        let own = own_figures(tx, frame, stretch, sources.as_deref())?;
        let figures: Vec<(UnitId, i64)> = own.iter().map(|total| (total.unit, total.own)).collect();
        any |= !figures.is_empty();
        restatement.add(stretch.from(), &figures);
    }
    if !frame.levels.is_empty() {
        for figure in levels::standing(tx, frame)? {
            any = true;
            restatement.add(figure.day, &[(figure.unit, figure.value)]);
        }
    }
    Ok(if any { units.iter().map(|unit| (*unit, restatement.of(*unit))).collect() } else { BTreeMap::new() })
}
