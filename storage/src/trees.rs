//! Trees and the indicators kept in memory: they are read whole by nearly every use case, and change a few times a year.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use caodiem_domain::id::UnitId;
use caodiem_domain::indicator::Indicator;
use caodiem_domain::time::Day;
use caodiem_domain::unit::tree::Tree;
use caodiem_domain::unit::{Lineage, UnitPath};

/// What is kept of one epoch: the count of all writes of units and indicators so far.
#[derive(Clone, Default)]
pub(crate) struct Kept {
    /// The days on which the tree changed.
    pub days: Option<Arc<[Day]>>,
    /// Every lineage edge.
    pub lineage: Option<Arc<[Lineage]>>,
    /// Where each unit lies.
    pub paths: Option<Arc<HashMap<UnitId, UnitPath>>>,
    /// Every indicator.
    pub indicators: Option<Arc<[Indicator]>>,
    /// A tree per stretch of days in which it stayed the same, by the first of them.
    pub trees: BTreeMap<Day, Arc<Tree>>,
}

/// How many trees are kept at most; the oldest goes first. Drives run on the latest.
const TREES_MAX: usize = 16;

impl Kept {
    /// Keeps a tree.
    pub(crate) fn insert(&mut self, tree: &Arc<Tree>) {
        self.trees.entry(tree.day()).or_insert_with(|| Arc::clone(tree));
        if self.trees.len() > TREES_MAX {
            self.trees.pop_first();
        }
    }
}

/// What all transactions share, of the newest epoch that was seen.
#[derive(Default)]
pub(crate) struct Trees {
    newest: Mutex<(i64, Kept)>,
}

impl Trees {
    /// What is kept of an epoch; nothing of one that is not the newest.
    pub(crate) fn of(&self, epoch: i64) -> Kept {
        let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if newest.0 == epoch { newest.1.clone() } else { Kept::default() }
    }

    /// Adds what was read in an epoch. What belongs to an older one is not kept.
    pub(crate) fn keep(&self, epoch: i64, read: &Kept) {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if newest.0 < epoch {
            *newest = (epoch, Kept::default());
        }
        if newest.0 == epoch {
            let kept = &mut newest.1;
            kept.days = kept.days.take().or_else(|| read.days.clone());
            kept.lineage = kept.lineage.take().or_else(|| read.lineage.clone());
            kept.paths = kept.paths.take().or_else(|| read.paths.clone());
            kept.indicators = kept.indicators.take().or_else(|| read.indicators.clone());
            read.trees.values().for_each(|tree| kept.insert(tree));
        }
    }
}

/// The trees of one transaction: what was kept before it, until it writes units itself.
#[derive(Default)]
pub(crate) struct OwnTrees {
    /// The epoch at the first look; `None` before it, and after own writes.
    pub epoch: Option<i64>,
    /// What it has, shared or read by itself.
    pub kept: Kept,
    /// Whether it wrote units or indicators: what it reads from then on is its own affair until it commits.
    pub wrote: bool,
}

impl OwnTrees {
    /// Forgets everything: units or indicators were written.
    pub(crate) fn wrote(&mut self) {
        *self = Self { epoch: None, kept: Kept::default(), wrote: true };
    }
}
