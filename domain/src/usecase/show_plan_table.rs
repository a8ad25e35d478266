//! A drive's quota table as its appendix prints it.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{Actor, Permission};
use crate::baseline::{Baseline, BaselineQuestion};
use crate::drive::Drive;
use crate::error::Error;
use crate::exact::Exact;
use crate::id::{DriveId, PhaseId, UnitId};
use crate::plan::table::{PlanDays, RowFigures, TableFigures, lay_out};
use crate::plan::{Column, PlanTable};
use crate::ports::ReadTx;
use crate::problem::Problem;
use crate::quota::basis::baseline_day;
use crate::time::Day;
use crate::unit::Unit;
use crate::usecase::set_quotas::holders::label;
use crate::usecase::visible_drive;

/// Works out the table of the drive for the children of `unit` (the drive's own unit when `None`) that are in scope, on
/// the drive's tree date, by code. Totals are given only where all children are.
///
/// Baselines are the latest up to the first day of the phase that the table's quotas are of, or of the drive where they
/// are of several, or up to the day of issue where that is later: a plan prints the figures it was issued with. What a
/// source prints is compared in the table of the drive's own unit.
///
/// # Errors
/// `Forbidden`; `NotFound` at `drive`, and at `unit` where it is not in the drive or nothing of it is in scope.
pub fn show_plan_table(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    drive: DriveId,
    unit: Option<UnitId>,
) -> Result<PlanTable, Error> {
    actor.require(Permission::ReadQuotas)?;
    let drive = visible_drive(actor, tx, drive)?;
    let unit = unit.unwrap_or(drive.unit);
    let missing = || Problem::not_found("Unit", unit.get()).at("unit");
    let tree = tx.tree(drive.tree_date)?;
    if !tree.covers(drive.unit, unit) {
        return Err(missing().into());
    }
    let all = tree.children(unit).count();
    let children = tx.children_of(&actor.scope, &[unit], drive.tree_date, u16::MAX)?.remove(&unit).unwrap_or_default();
    if children.is_empty() && tx.units_by_id(&actor.scope, &[unit])?.is_empty() {
        return Err(missing().into());
    }
    let loaded = load(tx, &drive, &children)?;
    let mut rows = Vec::with_capacity(children.len());
    for child in &children {
        let figures = loaded.iter().map(|column| column.get(&child.id).cloned()).collect();
        rows.push(RowFigures { unit: child.id, label: label(child), figures });
    }
    let printed = if unit == drive.unit { tx.printed_figures(drive.id)? } else { Vec::new() };
    let figures = TableFigures {
        rows,
        whole: all == children.len(),
        days: days(&drive)?,
        printed: printed.into_iter().map(|figure| ((figure.unit, figure.column), figure.value)).collect(),
    };
    Ok(lay_out(&drive.columns, &figures))
}

/// The figures of each column that is loaded, one statement each; nothing for those made of others.
fn load(tx: &mut dyn ReadTx, drive: &Drive, children: &[Unit]) -> Result<Vec<BTreeMap<UnitId, Exact>>, Error> {
    let units: Vec<UnitId> = children.iter().map(|child| child.id).collect();
    let (first_day, on_or_before) = days_of_figures(drive)?;
    let exact = |(unit, baseline): (UnitId, Baseline)| (unit, Exact::from(baseline.value.get()));
    let mut columns = Vec::with_capacity(drive.columns.len());
    for column in &drive.columns {
        columns.push(match &column.shows {
            Column::Baseline { group, indicator } => {
                let question = BaselineQuestion { group: *group, indicator: *indicator, on_or_before };
                tx.baselines_for(&units, question)?.into_iter().map(exact).collect()
            }
            Column::Quota { phase, indicator, group } => tx
                .unit_quotas(drive.id, *phase, *indicator, *group, &units)?
                .into_iter()
                .map(|(unit, quota)| (unit, quota.amount))
                .collect(),
            Column::Teams => teams(tx, drive, &units, first_day)?,
            _ => BTreeMap::new(),
        });
    }
    Ok(columns)
}

/// The first day of the table's phase, or of the drive, and the last day whose baselines it may use.
fn days_of_figures(drive: &Drive) -> Result<(Day, Day), Problem> {
    let phases: BTreeSet<Option<PhaseId>> = drive
        .columns
        .iter()
        .filter_map(|column| if let Column::Quota { phase, .. } = &column.shows { Some(*phase) } else { None })
        .collect();
    let phase = if phases.len() == 1 { phases.first().copied().flatten() } else { None };
    Ok((drive.days_of(phase)?.from(), baseline_day(drive, phase)?))
}

/// How many teams are at work under each unit, its own included.
fn teams(tx: &mut dyn ReadTx, drive: &Drive, units: &[UnitId], on: Day) -> Result<BTreeMap<UnitId, Exact>, Error> {
    let tree = tx.tree(drive.tree_date)?;
    let under: Vec<UnitId> = units.iter().flat_map(|unit| tree.subtree(*unit)).map(|under| under.id).collect();
    let teams = tx.teams_of(&under, on)?;
    let count = |unit: UnitId| {
        let teams = tree.subtree(unit).filter_map(|under| teams.get(&under.id)).map(Vec::len).sum::<usize>();
        Exact::from(i64::try_from(teams).unwrap_or(i64::MAX))
    };
    Ok(units.iter().map(|unit| (*unit, count(*unit))).collect())
}

/// The days of the drive and of each phase.
fn days(drive: &Drive) -> Result<BTreeMap<Option<PhaseId>, PlanDays>, Problem> {
    let phases = drive.phases.iter().map(|phase| (Some(phase.id), phase.name.to_string(), phase.declared_days));
    let whole = (None, drive.title.to_string(), drive.declared_days);
    phases
        .chain(std::iter::once(whole))
        .map(|(phase, name, declared)| {
            let calendar = drive.calendar.working_days(drive.days_of(phase)?);
            Ok((phase, PlanDays { name, declared, calendar }))
        })
        .collect()
}
