//! Restating figures from the tree as it was onto the tree of another day, by the lineage.
//!
//! Forwards, a figure follows its unit into what it became. Backwards, it is spread evenly over what its unit was made
//! of, since nobody knows who contributed what. Nothing is lost: what has no place on the other tree is kept apart.

mod follow;

use std::collections::{BTreeMap, HashMap};

use crate::exact::Exact;
use crate::id::UnitId;
use crate::progress::Restated;
use crate::time::Day;
use crate::unit::Lineage;
use crate::unit::tree::Tree;

/// Where a unit's own figures of a day belong on another tree.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Destination {
    /// The successors with their parts; the parts add up to 1 unless the unit ended without a known successor. A part of
    /// 0 is a successor that took an unknown part of a unit that lives on.
    pub parts: BTreeMap<UnitId, Exact>,
    /// Whether a part rests on a split without known shares, spread evenly.
    pub estimated: bool,
}

/// The lineage by unit: made once, asked often.
#[derive(Clone, Debug)]
pub struct LineageIndex<'edges> {
    forwards: HashMap<UnitId, Vec<&'edges Lineage>>,
    backwards: HashMap<UnitId, Vec<&'edges Lineage>>,
}

impl<'edges> LineageIndex<'edges> {
    /// Indexes the edges, in any order.
    #[must_use]
    pub fn new(lineage: &'edges [Lineage]) -> Self {
        let mut index =
            Self { forwards: HashMap::with_capacity(lineage.len()), backwards: HashMap::with_capacity(lineage.len()) };
        for edge in lineage {
            index.forwards.entry(edge.from).or_default().push(edge);
            index.backwards.entry(edge.to).or_default().push(edge);
        }
        index
    }

    /// Follows a unit's own figures of `day` to the tree `onto`: forwards over reforms after `day` up to `onto.day()`, or
    /// backwards when `onto` lies before (a merge is undone evenly, flagged as estimated).
    #[must_use]
    pub fn destination(&self, unit: UnitId, day: Day, onto: &Tree) -> Destination {
        if day <= onto.day() { self.forwards(unit, day, onto) } else { self.backwards(unit, day, onto) }
    }
}

/// Figures of any days restated onto one tree, to be read for any of its units.
#[derive(Clone, Debug)]
pub struct Restatement<'data> {
    onto: &'data Tree,
    lineage: LineageIndex<'data>,
    /// What goes wholly to one unit, exactly: nearly everything.
    whole: HashMap<UnitId, Exact>,
    /// What is spread over several units or rests on an estimate.
    spread: Vec<(Exact, Destination)>,
    unplaced: BTreeMap<UnitId, Exact>,
}

impl<'data> Restatement<'data> {
    /// A restatement onto `onto`, without figures so far.
    #[must_use]
    pub fn new(lineage: &'data [Lineage], onto: &'data Tree) -> Self {
        Self {
            onto,
            lineage: LineageIndex::new(lineage),
            whole: HashMap::new(),
            spread: Vec::new(),
            unplaced: BTreeMap::new(),
        }
    }

    /// Adds own figures of a day, or of a stretch of days in which the tree did not change.
    pub fn add(&mut self, day: Day, figures: &[(UnitId, i64)]) {
        let mut sums: HashMap<UnitId, i64> = HashMap::new();
        for (unit, figure) in figures {
            let destination = self.lineage.destination(*unit, day, self.onto);
            if let Some(only) = destination.sole() {
                let sum = sums.entry(only).or_default();
                if let Some(added) = sum.checked_add(*figure) {
                    *sum = added;
                } else {
                    add_to(&mut self.whole, only, &Exact::from(std::mem::replace(sum, *figure)));
                }
                continue;
            }
            let figure = Exact::from(*figure);
            let lost = &Exact::from(1) - &destination.parts.values().sum();
            if !lost.is_zero() {
                let held = self.unplaced.entry(*unit).or_insert_with(Exact::zero);
                *held = &*held + &(&figure * &lost);
            }
            if !destination.parts.is_empty() {
                self.spread.push((figure, destination));
            }
        }
        for (unit, sum) in sums {
            add_to(&mut self.whole, unit, &Exact::from(sum));
        }
    }

    /// The sum for the subtree of `unit`. It is an estimate only where an estimated part may as well belong outside: a
    /// commune split within its province leaves the province's figure exact.
    #[must_use]
    pub fn of(&self, unit: UnitId) -> Restated {
        let mut value: Exact = self.onto.subtree(unit).filter_map(|below| self.whole.get(&below.id)).sum();
        let mut estimated = false;
        for (figure, destination) in &self.spread {
            let inside: Vec<&Exact> =
                destination.parts.iter().filter(|(id, _)| self.onto.covers(unit, **id)).map(|(_, part)| part).collect();
            if !inside.is_empty() {
                estimated |= destination.estimated && inside.len() < destination.parts.len();
                value = &value + &(figure * &inside.into_iter().sum());
            }
        }
        Restated { value, estimated }
    }

    /// What has no place on the other tree, by the unit it was credited to.
    #[must_use]
    pub const fn unplaced(&self) -> &BTreeMap<UnitId, Exact> {
        &self.unplaced
    }
}

fn add_to(sums: &mut HashMap<UnitId, Exact>, unit: UnitId, figure: &Exact) {
    let sum = sums.entry(unit).or_insert_with(Exact::zero);
    *sum = &*sum + figure;
}

#[cfg(test)]
mod tests;
