//! In proportion to what each shares, as the policy says.

use std::collections::BTreeMap;

use super::sharers::Sharers;
use crate::baseline::{Baseline, BaselineQuestion};
use crate::drive::Drive;
use crate::error::Error;
use crate::exact::Exact;
use crate::id::{GroupId, IndicatorId, UnitId};
use crate::ports::ReadTx;
use crate::problem::{Code, Problem};
use crate::quota::Holder;
use crate::quota::basis::baseline_day;
use crate::quota::cascade::spread::{Division, Sharer};
use crate::quota::cascade::{CascadePlan, Policy};

/// Gives every sharer its weight or its amount. Answers how the amount is divided, and the indicators whose baselines
/// are missing, by holder.
///
/// # Errors
/// `NotFound` and `Repeated` for given amounts of holders that do not share, `OutOfRange` for negative ones; at
/// `policy.manual.<index>`.
pub(super) fn give(
    tx: &mut dyn ReadTx,
    drive: &Drive,
    plan: &CascadePlan,
    sharers: &mut Sharers,
) -> Result<(Division, BTreeMap<Holder, IndicatorId>), Error> {
    let mut missing = BTreeMap::new();
    let on_or_before = baseline_day(drive, plan.from.phase)?;
    let units = sharers.units();
    let mut load = |group: GroupId, indicator: IndicatorId| {
        tx.baselines_for(&units, BaselineQuestion { group, indicator, on_or_before })
    };
    match &plan.policy {
        Policy::Equal => return Ok((Division::ByWeight, missing)),
        Policy::Manual(amounts) => {
            let amounts = given(amounts, sharers)?;
            each(&mut sharers.tree, &mut |sharer| sharer.given = amounts.get(&sharer.holder).cloned());
            return Ok((Division::AsGiven, missing));
        }
        Policy::Proportional { group, indicator } => {
            let base = load(*group, *indicator)?;
            each(&mut sharers.tree, &mut |sharer| {
                sharer.weight = figure(&base, sharer.holder);
                if sharer.weight.is_none() {
                    missing.insert(sharer.holder, *indicator);
                }
            });
        }
        Policy::ProportionalToRest { group, of, less } => {
            let (base, gone) = (load(*group, *of)?, load(*group, *less)?);
            each(&mut sharers.tree, &mut |sharer| {
                let (whole, part) = (figure(&base, sharer.holder), figure(&gone, sharer.holder));
                if whole.is_none() || part.is_none() {
                    missing.insert(sharer.holder, if whole.is_none() { *of } else { *less });
                }
                sharer.weight = whole.zip(part).map(|(whole, part)| (&whole - &part).at_least_zero());
            });
        }
    }
    Ok((Division::ByWeight, missing))
}

fn figure(baselines: &BTreeMap<UnitId, Baseline>, holder: Holder) -> Option<Exact> {
    let Holder::Unit(unit) = holder else { return None };
    baselines.get(&unit).map(|baseline| baseline.value.get().into())
}

fn each(sharers: &mut [Sharer], change: &mut dyn FnMut(&mut Sharer)) {
    for sharer in sharers {
        change(sharer);
        each(&mut sharer.below, change);
    }
}

fn given(amounts: &[(Holder, Exact)], sharers: &Sharers) -> Result<BTreeMap<Holder, Exact>, Error> {
    let mut known = BTreeMap::new();
    let mut problems = Vec::new();
    for (index, (holder, amount)) in amounts.iter().enumerate() {
        let place = format!("policy.manual.{index}");
        if !sharers.placed.contains_key(holder) {
            problems.push(crate::usecase::set_quotas::holders::missing(*holder).at(place));
        } else if amount.is_negative() {
            let wrong = Problem::new(Code::OutOfRange).with("actual", amount).with("min", 0).with("max", "∞");
            problems.push(wrong.at(place));
        } else if known.insert(*holder, amount.clone()).is_some() {
            let first = amounts.iter().position(|(earlier, _)| earlier == holder).unwrap_or(0);
            problems.push(Problem::new(Code::Repeated).with("first", first).at(place));
        }
    }
    crate::error::refuse_if_any(problems)?;
    Ok(known)
}
