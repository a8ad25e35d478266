//! Limits and locks of the first level, put on the sharers they name.

use std::collections::BTreeMap;

use super::sharers::Sharers;
use crate::error::{Error, refuse_if_any};
use crate::problem::{Code, Problem};
use crate::quota::cascade::{CascadePlan, Limit};
use crate::quota::{Holder, Quota};
use crate::usecase::set_quotas::holders::missing;

/// Puts what the plan says onto the first level, and what stands onto every level.
///
/// # Errors
/// At `limits.<index>`: `NotFound` for somebody who does not share, `Repeated`, `OutOfRange` for a negative limit,
/// `BoundsCrossed`; at `locked.<index>`: `NotFound`, `QuotaMissing`.
pub(super) fn put(plan: &CascadePlan, standing: &BTreeMap<Holder, Quota>, sharers: &mut Sharers) -> Result<(), Error> {
    let mut problems = Vec::new();
    let limits = limits(plan, sharers, &mut problems);
    for (index, holder) in plan.locked.iter().enumerate() {
        let place = format!("locked.{index}");
        if !shares(sharers, *holder) {
            problems.push(missing(*holder).at(place));
        } else if !standing.contains_key(holder) {
            let label = sharers.placed.get(holder).map(|placed| placed.label.clone()).unwrap_or_default();
            problems.push(Problem::new(Code::QuotaMissing).with("holder", label).at(place));
        }
    }
    refuse_if_any(problems)?;
    for sharer in &mut sharers.tree {
        let limit = limits.get(&Some(sharer.holder)).or_else(|| limits.get(&None));
        sharer.floor = limit.and_then(|limit| limit.floor);
        sharer.ceiling = limit.and_then(|limit| limit.ceiling);
        if plan.locked.contains(&sharer.holder) {
            sharer.locked = standing.get(&sharer.holder).map(|quota| quota.amount.clone());
        }
    }
    let mut open: Vec<_> = sharers.tree.iter_mut().collect();
    while let Some(sharer) = open.pop() {
        sharer.before = standing.get(&sharer.holder).map(|quota| (quota.amount.clone(), quota.version));
        open.extend(sharer.below.iter_mut());
    }
    Ok(())
}

fn shares(sharers: &Sharers, holder: Holder) -> bool {
    sharers.tree.iter().any(|sharer| sharer.holder == holder)
}

fn limits<'a>(
    plan: &'a CascadePlan,
    sharers: &Sharers,
    problems: &mut Vec<Problem>,
) -> BTreeMap<Option<Holder>, &'a Limit> {
    let mut known: BTreeMap<Option<Holder>, (usize, &Limit)> = BTreeMap::new();
    for (index, limit) in plan.limits.iter().enumerate() {
        let mut report = |problem: Problem, field: &str| {
            problems.push(problem.at(field).at(format_args!("limits.{index}")));
        };
        if let Some(holder) = limit.holder.filter(|holder| !shares(sharers, *holder)) {
            report(missing(holder), "holder");
        }
        if let Some((first, _)) = known.get(&limit.holder) {
            report(Problem::new(Code::Repeated).with("first", first), "holder");
        }
        for (field, bound) in [("floor", limit.floor), ("ceiling", limit.ceiling)] {
            if let Some(bound) = bound.filter(|bound| *bound < 0) {
                let wrong = Problem::new(Code::OutOfRange).with("actual", bound).with("min", 0);
                report(wrong.with("max", i64::MAX), field);
            }
        }
        if let (Some(floor), Some(ceiling)) = (limit.floor, limit.ceiling)
            && floor > ceiling
        {
            report(Problem::new(Code::BoundsCrossed).with("floor", floor).with("ceiling", ceiling), "floor");
        }
        known.entry(limit.holder).or_insert((index, limit));
    }
    known.into_iter().map(|(holder, (_, limit))| (holder, limit)).collect()
}
