//! The tree of one day in memory: who stands under whom, in pre-order.

use std::collections::{HashMap, HashSet};

use crate::id::UnitId;
use crate::time::Day;
use crate::unit::Level;

/// A unit as the tree needs it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TreeUnit {
    /// The unit.
    pub id: UnitId,
    /// The unit above on that day.
    pub parent: Option<UnitId>,
    /// Its tier.
    pub level: Level,
}

/// One place of the pre-order.
#[derive(Clone, Copy, Debug)]
struct Node {
    unit: TreeUnit,
    parent: Option<usize>,
    /// The place after the last of its subtree.
    end: usize,
}

/// All units valid on a day, in pre-order; siblings stand in the order they were given.
#[derive(Clone, Debug)]
pub struct Tree {
    day: Day,
    nodes: Vec<Node>,
    places: HashMap<UnitId, usize>,
}

impl Tree {
    /// Orders `units` (any order, siblings by code) into a tree. A unit whose parent is missing becomes a root.
    #[must_use]
    pub fn new(day: Day, units: Vec<TreeUnit>) -> Self {
        let known: HashSet<UnitId> = units.iter().map(|unit| unit.id).collect();
        let mut below: HashMap<Option<UnitId>, Vec<TreeUnit>> = HashMap::new();
        for unit in units {
            below.entry(unit.parent.filter(|parent| known.contains(parent))).or_default().push(unit);
        }
        let mut tree =
            Self { day, nodes: Vec::with_capacity(known.len()), places: HashMap::with_capacity(known.len()) };
        let mut open: Vec<(Option<usize>, std::vec::IntoIter<TreeUnit>)> =
            vec![(None, below.remove(&None).unwrap_or_default().into_iter())];
        while let Some((parent, siblings)) = open.last_mut() {
            let parent = *parent;
            let Some(unit) = siblings.next() else {
                if let Some(place) = parent {
                    let end = tree.nodes.len();
                    if let Some(node) = tree.nodes.get_mut(place) {
                        node.end = end;
                    }
                }
                open.pop();
                continue;
            };
            let place = tree.nodes.len();
            tree.nodes.push(Node { unit, parent, end: place + 1 });
            tree.places.insert(unit.id, place);
            open.push((Some(place), below.remove(&Some(unit.id)).unwrap_or_default().into_iter()));
        }
        tree
    }

    /// The day it shows.
    #[must_use]
    pub const fn day(&self) -> Day {
        self.day
    }

    /// How many units it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The unit as it stands here, `None` when it was not valid on the day.
    #[must_use]
    pub fn get(&self, id: UnitId) -> Option<TreeUnit> {
        self.node(id).map(|node| node.unit)
    }

    fn node(&self, id: UnitId) -> Option<&Node> {
        self.places.get(&id).and_then(|place| self.nodes.get(*place))
    }

    /// The unit and everything above it, nearest first; empty when it is not in the tree.
    pub fn lineage_up(&self, id: UnitId) -> impl Iterator<Item = UnitId> + '_ {
        let mut place = self.places.get(&id).copied();
        std::iter::from_fn(move || {
            let node = self.nodes.get(place?)?;
            place = node.parent;
            Some(node.unit.id)
        })
    }

    /// The unit and everything under it in pre-order; empty when it is not in the tree.
    pub fn subtree(&self, id: UnitId) -> impl Iterator<Item = TreeUnit> + '_ {
        let range = self.places.get(&id).and_then(|place| self.nodes.get(*place).map(|node| *place..node.end));
        self.nodes.get(range.unwrap_or(0..0)).unwrap_or_default().iter().map(|node| node.unit)
    }

    /// The units directly under it, in order.
    pub fn children(&self, id: UnitId) -> impl Iterator<Item = TreeUnit> + '_ {
        let parent = self.places.get(&id).copied();
        let mut place = parent.map_or(usize::MAX, |at| at + 1);
        let end = parent.and_then(|at| self.nodes.get(at)).map_or(0, |node| node.end);
        std::iter::from_fn(move || {
            let node = self.nodes.get(place).filter(|_| place < end)?;
            place = node.end;
            Some(node.unit)
        })
    }

    /// The parts of a unit, in order: all of a level under it, or those directly under it.
    #[must_use]
    pub fn parts(&self, id: UnitId, level: Option<Level>) -> Vec<UnitId> {
        match level {
            None => self.children(id).map(|child| child.id).collect(),
            Some(level) => {
                self.subtree(id).filter(|one| one.level == level && one.id != id).map(|one| one.id).collect()
            }
        }
    }

    /// All units in pre-order.
    pub fn units(&self) -> impl Iterator<Item = TreeUnit> + '_ {
        self.nodes.iter().map(|node| node.unit)
    }

    /// Whether `unit` is `above` or stands under it.
    #[must_use]
    pub fn covers(&self, above: UnitId, unit: UnitId) -> bool {
        let places = self.places.get(&above).zip(self.places.get(&unit));
        places.is_some_and(|(top, place)| self.nodes.get(*top).is_some_and(|node| (*top..node.end).contains(place)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree {
        let unit =
            |id, parent: Option<i64>, level| TreeUnit { id: UnitId::new(id), parent: parent.map(UnitId::new), level };
        Tree::new(
            Day::default(),
            vec![
                unit(4, Some(2), Level::District),
                unit(1, None, Level::Country),
                unit(2, Some(1), Level::Province),
                unit(3, Some(1), Level::Province),
                unit(5, Some(2), Level::District),
                unit(9, Some(77), Level::Commune),
            ],
        )
    }

    fn ids(units: impl Iterator<Item = TreeUnit>) -> Vec<i64> {
        units.map(|unit| unit.id.get()).collect()
    }

    #[test]
    fn pre_order_keeps_siblings_in_the_given_order() {
        assert_eq!(ids(tree().units()), [1, 2, 4, 5, 3, 9]);
        assert_eq!(ids(tree().children(UnitId::new(1))), [2, 3]);
        assert_eq!(ids(tree().subtree(UnitId::new(2))), [2, 4, 5]);
        assert_eq!(ids(tree().subtree(UnitId::new(77))), Vec::<i64>::new());
    }

    #[test]
    fn the_way_up_begins_with_the_unit_itself() {
        let up: Vec<i64> = tree().lineage_up(UnitId::new(5)).map(UnitId::get).collect();
        assert_eq!(up, [5, 2, 1]);
        assert!(tree().covers(UnitId::new(1), UnitId::new(5)));
        assert!(!tree().covers(UnitId::new(3), UnitId::new(5)));
        assert!(!tree().covers(UnitId::new(5), UnitId::new(1)));
    }
}
