//! The reckoning that previewing and applying share.

use std::collections::BTreeMap;

use super::{CascadePreview, bounds, sharers, weights};
use crate::access::Actor;
use crate::drive::Drive;
use crate::error::Error;
use crate::id::{IndicatorId, UnitId};
use crate::ports::ReadTx;
use crate::problem::{Code, Problem};
use crate::quota::basis::require_storable;
use crate::quota::cascade::spread::spread;
use crate::quota::cascade::{Among, CascadeLine, CascadePlan};
use crate::quota::{Holder, Quota, QuotaKey};
use crate::text::Key;
use crate::usecase::set_quotas::holders::{self, Placed};

/// A cascade worked out, with what applying it needs.
pub(super) struct Reckoned {
    pub(super) preview: CascadePreview,
    /// The quota that is shared.
    pub(super) shared: Quota,
    /// The quotas that the sharers have now.
    pub(super) standing: BTreeMap<Holder, Quota>,
    /// The unit of every sharer.
    pub(super) units: BTreeMap<Holder, UnitId>,
}

/// Works a cascade out. A few statements, however many share.
///
/// # Errors
/// As [`super::preview_cascade`].
pub(super) fn reckon(actor: &Actor, tx: &mut dyn ReadTx, drive: &Drive, plan: &CascadePlan) -> Result<Reckoned, Error> {
    let above = shared_holder(actor, tx, drive, plan)?;
    let shared = tx.quotas_by_key(&[plan.from])?.remove(&plan.from);
    let shared = shared.ok_or_else(|| Problem::new(Code::QuotaMissing).with("holder", &above.label).at("from"))?;
    let mut sharers = sharers::find(tx, &actor.scope, drive, plan, &above)?;
    let (division, missing) = weights::give(tx, drive, plan, &mut sharers)?;
    let standing = standing(tx, plan, &sharers)?;
    bounds::put(plan, &standing, &mut sharers)?;
    let codes: BTreeMap<IndicatorId, Key> =
        tx.indicators()?.into_iter().map(|indicator| (indicator.id, indicator.code)).collect();
    let lines = spread(&shared.amount, plan.from.holder, &sharers.tree, division, plan.rounding);
    let lines = lines.map_err(|impossible| {
        let named =
            if impossible.holder == plan.from.holder { Some(&above) } else { sharers.placed.get(&impossible.holder) };
        impossible.problem.with("holder", named.map_or("", |named| named.label.as_str()))
    })?;
    for line in &lines {
        require_storable(&line.amount).map_err(|problem| problem.at("rounding"))?;
    }
    let printed_sum = printed_sums(&lines).get(&plan.from.holder).copied().unwrap_or(0);
    let mut findings = differences(plan, &shared, &lines, codes.get(&plan.from.indicator));
    findings.extend(without_baseline(&lines, &missing, &sharers.placed, &codes));
    Ok(Reckoned {
        preview: CascadePreview { total: shared.amount.clone(), version: shared.version, lines, printed_sum, findings },
        shared,
        standing,
        units: sharers.placed.into_iter().map(|(holder, placed)| (holder, placed.unit)).collect(),
    })
}

fn shared_holder(actor: &Actor, tx: &mut dyn ReadTx, drive: &Drive, plan: &CascadePlan) -> Result<Placed, Error> {
    drive.days_of(plan.from.phase).map_err(|problem| problem.at("from.phase"))?;
    let placed = holders::place(tx, &actor.scope, [plan.from.holder])?;
    let tree = tx.tree(drive.tree_date)?;
    let found = holders::require_in_drive(plan.from.holder, &placed, drive, &tree);
    Ok(found.map_err(|problem| problem.at("from"))?.clone())
}

fn standing(
    tx: &mut dyn ReadTx,
    plan: &CascadePlan,
    sharers: &sharers::Sharers,
) -> Result<BTreeMap<Holder, Quota>, Error> {
    let QuotaKey { drive, phase, indicator, group, .. } = plan.from;
    if matches!(plan.among, Among::Units { .. }) {
        let found = tx.unit_quotas(drive, phase, indicator, group, &sharers.units())?;
        return Ok(found.into_iter().map(|(unit, quota)| (Holder::Unit(unit), quota)).collect());
    }
    let keys: Vec<QuotaKey> = sharers.placed.keys().map(|holder| QuotaKey { holder: *holder, ..plan.from }).collect();
    Ok(tx.quotas_by_key(&keys)?.into_iter().map(|(key, quota)| (key.holder, quota)).collect())
}

/// What the printed shares of each holder add up to.
fn printed_sums(lines: &[CascadeLine]) -> BTreeMap<Holder, i64> {
    let mut sums = BTreeMap::new();
    for line in lines {
        let sum: &mut i64 = sums.entry(line.above).or_default();
        *sum = sum.saturating_add(line.amount.round_half_up());
    }
    sums
}

/// Where printed shares do not add up to the printed figure above them: at `lines`, or at the line that is shared.
fn differences(plan: &CascadePlan, shared: &Quota, lines: &[CascadeLine], code: Option<&Key>) -> Vec<Problem> {
    let sums = printed_sums(lines);
    let shared = std::iter::once((plan.from.holder, &shared.amount, "lines".to_owned()));
    let below = lines.iter().enumerate().map(|(at, line)| (line.holder, &line.amount, format!("lines.{at}")));
    shared
        .chain(below)
        .filter_map(|(holder, amount, place)| {
            let (cells, total) = (*sums.get(&holder)?, amount.round_half_up());
            let column = code.map_or("", Key::as_str);
            let finding = Problem::new(Code::CellsDifferFromTotal).with("column", column).with("cells", cells);
            (cells != total).then(|| finding.with("total", total).at(place))
        })
        .collect()
}

fn without_baseline(
    lines: &[CascadeLine],
    missing: &BTreeMap<Holder, IndicatorId>,
    placed: &BTreeMap<Holder, Placed>,
    codes: &BTreeMap<IndicatorId, Key>,
) -> Vec<Problem> {
    let finding = |(at, line): (usize, &CascadeLine)| {
        let indicator = codes.get(missing.get(&line.holder)?).map_or("", Key::as_str);
        let unit = placed.get(&line.holder).map_or("", |placed| placed.label.as_str());
        let finding = Problem::new(Code::ChildWithoutBaseline).with("unit", unit).with("indicator", indicator);
        Some(finding.at(format_args!("lines.{at}")))
    };
    lines.iter().enumerate().filter_map(finding).collect()
}
