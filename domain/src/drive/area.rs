//! The area of a drive: its unit's subtree, followed through reforms that fall into the drive.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use crate::drive::Drive;
use crate::id::UnitId;
use crate::unit::Lineage;
use crate::unit::tree::Tree;

/// Who went into whom. Sorted by successor at the first question: nearly every unit that reports stands under its drive's
/// unit on that day, so most batches never ask.
#[derive(Debug)]
pub struct Predecessors {
    lineage: Arc<[Lineage]>,
    by_successor: OnceLock<BTreeMap<UnitId, Vec<UnitId>>>,
}

impl Predecessors {
    /// Of these edges.
    #[must_use]
    pub const fn new(lineage: Arc<[Lineage]>) -> Self {
        Self { lineage, by_successor: OnceLock::new() }
    }

    /// The units that went into `unit`, wholly or in part.
    fn of(&self, unit: UnitId) -> &[UnitId] {
        let by_successor = self.by_successor.get_or_init(|| {
            let mut map: BTreeMap<UnitId, Vec<UnitId>> = BTreeMap::new();
            for edge in &*self.lineage {
                map.entry(edge.to).or_default().push(edge.from);
            }
            map
        });
        by_successor.get(&unit).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Which units belong to a drive on any day.
///
/// A unit belongs to it when it stands under the drive's unit on that day, or when it, or a unit that went into it,
/// stood there on the drive's tree date: a reform in mid-drive neither drops a village nor stops its reports.
#[derive(Clone, Debug)]
pub struct Area {
    unit: UnitId,
    home: Arc<Tree>,
    predecessors: Arc<Predecessors>,
}

impl Area {
    /// The area of `drive`, whose tree date's tree is `home`.
    #[must_use]
    pub const fn new(drive: &Drive, home: Arc<Tree>, predecessors: Arc<Predecessors>) -> Self {
        Self { unit: drive.unit, home, predecessors }
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
                open.extend(self.predecessors.of(unit));
            }
        }
        false
    }
}
