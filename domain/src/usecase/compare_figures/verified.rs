//! What inspection confirmed, summed up the tree as it was on each day.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use crate::error::Error;
use crate::id::{DriveId, IndicatorId, UnitId};
use crate::inspection::VerifiedFigure;
use crate::ports::ReadTx;
use crate::time::{Day, DayRange};
use crate::unit::tree::Tree;

/// The verified figures of a drive, with the tree of each day that has any.
#[derive(Default)]
pub(super) struct Verified {
    figures: Vec<VerifiedFigure>,
    trees: BTreeMap<Day, Arc<Tree>>,
}

impl Verified {
    /// Loads those of some days, by one statement.
    ///
    /// # Errors
    /// A failure of storage.
    pub(super) fn load(
        tx: &mut dyn ReadTx,
        drive: DriveId,
        indicators: &[IndicatorId],
        days: DayRange,
    ) -> Result<Self, Error> {
        let figures = tx.verified_figures(drive, indicators, days)?;
        let mut trees = BTreeMap::new();
        for figure in &figures {
            if let Entry::Vacant(place) = trees.entry(figure.day) {
                place.insert(tx.tree(figure.day)?);
            }
        }
        Ok(Self { figures, trees })
    }

    /// What was verified of a unit within days, `None` where nothing was.
    pub(super) fn within(&self, unit: UnitId, days: DayRange) -> Option<i64> {
        let inside = |figure: &&VerifiedFigure| {
            let tree = self.trees.get(&figure.day);
            days.contains(figure.day) && tree.is_some_and(|tree| tree.covers(unit, figure.unit))
        };
        let figures = self.figures.iter().filter(inside);
        figures.map(|figure| figure.value).reduce(i64::saturating_add)
    }
}
