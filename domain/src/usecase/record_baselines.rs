//! Recording baselines, and figures as a source prints them.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::Permission;
use crate::audit::{Change, told};
use crate::baseline::{Baseline, BaselineKey, PrintedFigure};
use crate::count::Count;
use crate::drive::DriveState;
use crate::error::{Error, StoreError, refuse_if_any};
use crate::id::{BaselineId, DriveId, Sequence, UnitId};
use crate::ports::{Lock, ReadTx, WriteTx};
use crate::problem::{Code, Problem};
use crate::text::Source;
use crate::usecase::{Act, note, visible_drives};

/// The most rows of one request: a commune-level source of the whole country fits.
pub const MAX_ROWS: usize = 12_000;

/// Baselines of one source, at most 12,000.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordBaselines {
    /// The document.
    pub source: Source,
    /// The figures; each key at most once.
    pub rows: Vec<(BaselineKey, Count)>,
    /// Made up.
    pub synthetic: bool,
}

/// Records baselines; an equal figure from the same source is not recorded again. Answers the standing revisions.
///
/// # Errors
/// `Forbidden`; at `rows.<index>`: `NotFound`, `UnitNotValid`, `DayInFuture`, `Repeated`; `TooMany`, `Empty` at `rows`.
pub fn record_baselines(act: &Act, tx: &mut dyn WriteTx, command: &RecordBaselines) -> Result<Vec<BaselineId>, Error> {
    act.actor.require(Permission::RecordBaselines)?;
    check_size(command.rows.len())?;
    act.once(tx, |tx| {
        tx.lock(&[Lock::TreeShared])?;
        refuse_if_any(row_problems(act, tx, &command.rows)?)?;
        let keys: Vec<BaselineKey> = command.rows.iter().map(|(key, _)| *key).collect();
        let standing = tx.baselines_by_key(&keys)?;
        let is_same = |key: &BaselineKey, value: Count| {
            standing.get(key).filter(|known| known.value == value && known.source == command.source)
        };
        let fresh = command.rows.iter().filter(|(key, value)| is_same(key, *value).is_none()).count();
        let mut ids = tx.allocate(Sequence::Baseline, fresh)?.into_iter().map(BaselineId::new);
        let mut answers = Vec::with_capacity(command.rows.len());
        let mut recorded = Vec::with_capacity(fresh);
        for (key, value) in &command.rows {
            if let Some(known) = is_same(key, *value) {
                answers.push(known.id);
            } else if let Some(id) = ids.next() {
                answers.push(id);
                recorded.push(Baseline {
                    id,
                    key: *key,
                    revision: standing.get(key).map_or(1, |known| known.revision.saturating_add(1)),
                    value: *value,
                    source: command.source.clone(),
                    synthetic: command.synthetic,
                    author: act.actor.subject.clone(),
                    recorded_at: act.now,
                });
            }
        }
        tx.insert_baselines(&recorded)?;
        let change = |baseline: &Baseline| Change {
            kind: "Baseline",
            id: baseline.id.get(),
            before: standing.get(&baseline.key).map(told::baseline),
            after: Some(told::baseline(baseline)),
        };
        note(tx, recorded.iter().map(change).collect());
        Ok(answers)
    })
}

/// Records what a drive's source prints (totals mostly), apart from what the figures give; all of one drive.
///
/// # Errors
/// `Forbidden`, `NotFound`, `DriveState` (closed); at `figures.<index>`: `BadColumn`, `NotFound`.
pub fn record_printed_figures(act: &Act, tx: &mut dyn WriteTx, figures: &[PrintedFigure]) -> Result<(), Error> {
    act.actor.require(Permission::RecordBaselines)?;
    check_size(figures.len())?;
    act.once(tx, |tx| {
        let drives: BTreeSet<_> = figures.iter().map(|figure| figure.drive).collect();
        let drives: Vec<_> = drives.into_iter().collect();
        let known = visible_drives(&act.actor, tx.as_read(), &drives)?;
        for id in drives {
            let missing = || Problem::not_found("Drive", id.get()).at("drive");
            let drive = known.get(&id).ok_or_else(missing)?;
            if !tx.units_by_id(&act.actor.scope, &[drive.unit])?.contains_key(&drive.unit) {
                return Err(missing().into());
            }
            drive.require_state(&[DriveState::Draft, DriveState::Open])?;
        }
        let rows: Vec<UnitId> = figures.iter().filter_map(|figure| figure.unit).collect();
        let units = tx.units_by_id(&act.actor.scope, &rows)?;
        let mut problems = Vec::new();
        for (index, figure) in figures.iter().enumerate() {
            let columns = known.get(&figure.drive).map(|drive| drive.columns.as_slice()).unwrap_or_default();
            if !columns.iter().any(|column| column.key == figure.column) {
                let problem = Problem::new(Code::BadColumn).with("column", &figure.column);
                problems.push(problem.with("refers", &figure.column).at(format_args!("figures.{index}.column")));
            }
            if let Some(unit) = figure.unit.filter(|unit| !units.contains_key(unit)) {
                problems.push(Problem::not_found("Unit", unit.get()).at(format_args!("figures.{index}.unit")));
            }
        }
        refuse_if_any(problems)?;
        let changes = printed_changes(tx.as_read(), figures)?;
        note(tx, changes);
        Ok(tx.put_printed_figures(figures)?)
    })
}

/// What printed figures stand where others stood.
fn printed_changes(tx: &mut dyn ReadTx, figures: &[PrintedFigure]) -> Result<Vec<Change>, StoreError> {
    let drives: BTreeSet<DriveId> = figures.iter().map(|figure| figure.drive).collect();
    let mut standing = BTreeMap::new();
    for drive in drives {
        let place = |figure: PrintedFigure| ((figure.drive, figure.unit, figure.column.clone()), figure);
        standing.extend(tx.printed_figures(drive)?.into_iter().map(place));
    }
    let change = |figure: &PrintedFigure| Change {
        kind: "PrintedFigure",
        id: figure.drive.get(),
        before: standing.get(&(figure.drive, figure.unit, figure.column.clone())).map(told::printed),
        after: Some(told::printed(figure)),
    };
    Ok(figures.iter().map(change).collect())
}

fn check_size(rows: usize) -> Result<(), Problem> {
    match rows {
        0 => Err(Problem::new(Code::Empty).at("rows")),
        1..=MAX_ROWS => Ok(()),
        _ => Err(Problem::new(Code::TooMany).with("actual", rows).with("max", MAX_ROWS).at("rows")),
    }
}

fn row_problems(act: &Act, tx: &mut dyn WriteTx, rows: &[(BaselineKey, Count)]) -> Result<Vec<Problem>, Error> {
    let ids: BTreeSet<UnitId> = rows.iter().map(|(key, _)| key.unit).collect();
    let ids: Vec<UnitId> = ids.into_iter().collect();
    let units = tx.units_by_id(&act.actor.scope, &ids)?;
    let indicators: BTreeSet<_> = tx.indicators()?.into_iter().map(|indicator| indicator.id).collect();
    let groups: BTreeSet<_> = tx.groups()?.into_iter().map(|group| group.id).collect();
    let mut seen = BTreeMap::new();
    let mut problems = Vec::new();
    for (index, (key, _)) in rows.iter().enumerate() {
        let mut note = |problem: Problem| problems.push(problem.at(format_args!("rows.{index}")));
        match units.get(&key.unit) {
            None => note(Problem::not_found("Unit", key.unit.get()).at("unit")),
            Some(unit) if unit.closed_on.is_some_and(|end| key.as_of >= end) => {
                let problem = Problem::new(Code::UnitNotValid).with("unit", &unit.version.code);
                note(problem.with("day", key.as_of).at("asOf"));
            }
            Some(_) => {}
        }
        if key.as_of > act.today() {
            let problem = Problem::new(Code::DayInFuture).with("day", key.as_of);
            note(problem.with("today", act.today()).at("asOf"));
        }
        if !indicators.contains(&key.indicator) {
            note(Problem::not_found("Indicator", key.indicator.get()).at("indicator"));
        }
        if !groups.contains(&key.group) {
            note(Problem::not_found("Group", key.group.get()).at("group"));
        }
        if let Some(first) = seen.insert(*key, index) {
            note(Problem::new(Code::Repeated).with("first", format_args!("rows.{first}")));
        }
    }
    Ok(problems)
}
