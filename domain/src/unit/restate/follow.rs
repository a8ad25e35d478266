//! Following one unit through the lineage, step by step: one reform day at a time.

use crate::exact::Exact;
use crate::id::UnitId;
use crate::time::Day;
use crate::unit::tree::Tree;
use crate::unit::{Lineage, LineageMode};

use super::{Destination, LineageIndex};

/// A part on its way: where it is, since when (or until when, backwards), and how large.
struct Step {
    unit: UnitId,
    day: Day,
    part: Exact,
}

impl Destination {
    /// The one unit that everything goes to, exactly.
    pub(super) fn sole(&self) -> Option<UnitId> {
        let mut parts = self.parts.iter();
        let (unit, part) = parts.next()?;
        (!self.estimated && parts.next().is_none() && *part == Exact::from(1)).then_some(*unit)
    }

    fn arrive(&mut self, step: Step, onto: &Tree) {
        if onto.get(step.unit).is_some() {
            let part = self.parts.entry(step.unit).or_insert_with(Exact::zero);
            *part = &*part + &step.part;
        }
    }
}

impl LineageIndex<'_> {
    /// Forwards: every edge after `day`, up to the day of `onto`.
    pub(super) fn forwards(&self, unit: UnitId, day: Day, onto: &Tree) -> Destination {
        let mut destination = Destination::default();
        let mut steps = vec![Step { unit, day, part: Exact::from(1) }];
        while let Some(step) = steps.pop() {
            let ahead =
                || edges(self.forwards.get(&step.unit)).filter(|edge| step.day < edge.on && edge.on <= onto.day());
            let Some(reform) = ahead().map(|edge| edge.on).min() else {
                destination.arrive(step, onto);
                continue;
            };
            let edges: Vec<&Lineage> = ahead().filter(|edge| edge.on == reform).collect();
            let (next, estimated) = shares(step.unit, &edges);
            destination.estimated |= estimated;
            steps.extend(next.into_iter().map(|(unit, share)| Step { unit, day: reform, part: &step.part * &share }));
        }
        destination
    }

    /// Backwards: every edge up to `day`, after the day of `onto`.
    pub(super) fn backwards(&self, unit: UnitId, day: Day, onto: &Tree) -> Destination {
        let mut destination = Destination::default();
        let mut steps = vec![Step { unit, day, part: Exact::from(1) }];
        while let Some(step) = steps.pop() {
            let behind =
                || edges(self.backwards.get(&step.unit)).filter(|edge| onto.day() < edge.on && edge.on <= step.day);
            let Some((reform, before)) =
                behind().map(|edge| edge.on).max().and_then(|on| on.pred_opt().map(|it| (on, it)))
            else {
                destination.arrive(step, onto);
                continue;
            };
            let mut origins: Vec<UnitId> = behind().filter(|edge| edge.on == reform).map(|edge| edge.from).collect();
            if onto.get(step.unit).is_some() || behind().any(|edge| edge.on < reform) {
                origins.push(step.unit);
            }
            destination.estimated |= origins.len() > 1;
            let share = &step.part * &even_share(origins.len());
            steps.extend(origins.into_iter().map(|unit| Step { unit, day: before, part: share.clone() }));
        }
        destination
    }
}

fn edges<'index>(found: Option<&'index Vec<&'index Lineage>>) -> impl Iterator<Item = &'index Lineage> {
    found.into_iter().flatten().copied()
}

fn even_share(count: usize) -> Exact {
    i64::try_from(count).ok().and_then(|count| Exact::ratio(1, count)).unwrap_or_else(Exact::zero)
}

/// How a unit is divided by its edges of one day: the parts, and whether they are an estimate.
fn shares(unit: UnitId, edges: &[&Lineage]) -> (Vec<(UnitId, Exact)>, bool) {
    let given = |edge: &&&Lineage| edge.mode == LineageMode::Transfer;
    let (given, ended): (Vec<&Lineage>, Vec<&Lineage>) = edges.iter().partition(given);
    let mut estimated = given.iter().any(|edge| edge.share.is_none());
    let known = |edges: &[&Lineage]| edges.iter().filter_map(|edge| edge.share.as_ref()).sum::<Exact>();
    let kept = (&Exact::from(1) - &known(&given)).at_least_zero();
    let mut parts: Vec<(UnitId, Exact)> =
        given.iter().map(|edge| (edge.to, edge.share.clone().unwrap_or_else(Exact::zero))).collect();
    if ended.is_empty() {
        parts.push((unit, kept));
        return (parts, estimated);
    }
    if let [edge] = ended.as_slice()
        && edge.mode == LineageMode::Merge
    {
        parts.push((edge.to, kept));
        return (parts, estimated);
    }
    let unknown = ended.iter().filter(|edge| edge.share.is_none()).count();
    estimated |= unknown > 1;
    let rest = (&Exact::from(1) - &known(&ended)).at_least_zero();
    let each = &rest * &even_share(unknown.max(1));
    parts.extend(ended.iter().map(|edge| (edge.to, &kept * edge.share.as_ref().unwrap_or(&each))));
    (parts, estimated)
}
