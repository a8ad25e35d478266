//! The area of a drive: its unit's subtree, followed through reforms that fall into the drive.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::drive::Drive;
use crate::id::UnitId;
use crate::unit::Lineage;
use crate::unit::tree::Tree;

/// Which units belong to a drive on any day.
///
/// A unit belongs to it when it stands under the drive's unit on that day, or when it, or a unit that went into it,
/// stood there on the drive's tree date: a reform in mid-drive neither drops a village nor stops its reports.
#[derive(Clone, Debug)]
pub struct Area {
    unit: UnitId,
    home: Arc<Tree>,
    /// Successor → predecessors.
    predecessors: Arc<BTreeMap<UnitId, Vec<UnitId>>>,
}

impl Area {
    /// The area of `drive`, whose tree date's tree is `home`.
    #[must_use]
    pub fn new(drive: &Drive, home: Arc<Tree>, predecessors: Arc<BTreeMap<UnitId, Vec<UnitId>>>) -> Self {
        Self { unit: drive.unit, home, predecessors }
    }

    /// Predecessors by successor, for [`Self::new`].
    #[must_use]
    pub fn predecessors(lineage: &[Lineage]) -> BTreeMap<UnitId, Vec<UnitId>> {
        let mut map: BTreeMap<UnitId, Vec<UnitId>> = BTreeMap::new();
        for edge in lineage {
            map.entry(edge.to).or_default().push(edge.from);
        }
        map
    }

    /// Whether `unit` belongs to the drive on the day of `tree`.
    #[must_use]
    pub fn covers(&self, unit: UnitId, tree: &Tree) -> bool {
        tree.get(unit).is_some() && (tree.covers(self.unit, unit) || self.descends_from_home(unit))
    }

    fn descends_from_home(&self, unit: UnitId) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![unit];
        while let Some(unit) = open.pop() {
            if self.home.covers(self.unit, unit) {
                return true;
            }
            if seen.insert(unit) {
                open.extend(self.predecessors.get(&unit).into_iter().flatten());
            }
        }
        false
    }
}
