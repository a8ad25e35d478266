//! Storing what was accepted and folding it into the roll-up, in the same job.

use std::collections::{BTreeMap, BTreeSet};

use super::decide::Decisions;
use super::facts::Facts;
use crate::error::Error;
use crate::id::DriveId;
use crate::indicator::TimeRule;
use crate::ports::WriteTx;
use crate::tally::{RollupDelta, RollupKey, Slot, SlotChange};

/// Stores the decisions. The roll-up is moved by what the writes found, not by what was read before.
pub(super) fn store(tx: &mut dyn WriteTx, decisions: Decisions, facts: &Facts) -> Result<(), Error> {
    let mut folded = Folded::default();
    for wave in &decisions.waves {
        let drives: BTreeMap<Slot, DriveId> = wave.iter().map(|tally| (tally.slot, tally.drive)).collect();
        for change in tx.put_tallies(wave)? {
            if let Some(drive) = drives.get(&change.slot) {
                folded.add(change, *drive, facts);
            }
        }
    }
    if !decisions.reports.is_empty() {
        tx.put_reports(&decisions.reports)?;
    }
    let deltas = folded.into_deltas();
    if !deltas.is_empty() {
        tx.add_to_rollup(&deltas)?;
    }
    Ok(())
}

/// What changes come to in the roll-up.
#[derive(Default)]
struct Folded {
    deltas: BTreeMap<RollupKey, RollupDelta>,
    /// Levels of those that reported them: a level of zero takes the place of the one before, so its row is kept.
    levels: BTreeSet<RollupKey>,
}

impl Folded {
    /// One change counts for the drive and each above it, for the credited unit and each above it on that day.
    fn add(&mut self, change: SlotChange, drive: DriveId, facts: &Facts) {
        let Slot { credited, indicator, day, .. } = change.slot;
        let Some((facts_of_drive, tree)) = facts.drives.get(&drive).zip(facts.trees.get(&day)) else { return };
        let is_level = facts.indicators.get(&indicator).is_some_and(|entry| entry.time_rule == TimeRule::Last);
        let by = change.after - change.before;
        for drive in &facts_of_drive.chain {
            for unit in tree.lineage_up(credited) {
                let key = RollupKey { drive: *drive, unit, indicator, day };
                let delta = self.deltas.entry(key).or_default();
                delta.total += by;
                if unit == credited {
                    delta.own += by;
                    self.levels.extend(is_level.then_some(key));
                }
            }
        }
    }

    /// What is to be added. Flows that come to nothing need no row.
    fn into_deltas(self) -> Vec<(RollupKey, RollupDelta)> {
        let Self { deltas, levels } = self;
        let says = |(key, delta): &(RollupKey, RollupDelta)| *delta != RollupDelta::default() || levels.contains(key);
        deltas.into_iter().filter(says).collect()
    }
}
