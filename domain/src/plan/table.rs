//! Laying out a plan table: pure arithmetic over figures that were loaded. Cells are exact until printed (rule 6).

mod findings;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::exact::Exact;
use crate::id::{PhaseId, UnitId};
use crate::plan::{Cell, Column, PlanColumn, PlanColumnTotal, PlanRow, PlanTable, formula};
use crate::text::Key;

/// The figures of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RowFigures {
    /// The unit.
    pub unit: UnitId,
    /// Its code and name, for findings.
    pub label: String,
    /// One per column: the baseline, quota or number of teams; ignored where a column is worked out from others.
    pub figures: Vec<Option<Exact>>,
}

/// The days of a phase or the drive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanDays {
    /// Name of the phase, or title of the drive.
    pub name: String,
    /// What the plan declares (rule 5).
    pub declared: Option<u32>,
    /// What the calendar has.
    pub calendar: u32,
}

impl PlanDays {
    /// The days that rates are worked out with: the plan's, where it says.
    #[must_use]
    pub fn used(&self) -> u32 {
        self.declared.unwrap_or(self.calendar)
    }
}

/// What a table is laid out from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableFigures {
    /// The rows in order.
    pub rows: Vec<RowFigures>,
    /// Whether the rows are all there are: only then there are totals.
    pub whole: bool,
    /// The days of each phase, and of the whole drive under `None`.
    pub days: BTreeMap<Option<PhaseId>, PlanDays>,
    /// What the source prints per unit, and under `None` as totals.
    pub printed: BTreeMap<(Option<UnitId>, Key), Exact>,
}

/// Lays a table out.
#[must_use]
pub fn lay_out(columns: &[PlanColumn], figures: &TableFigures) -> PlanTable {
    let days_of = |column: &Column| {
        let phase = match column {
            Column::PerDay { phase, .. } | Column::PerEachDay { phase, .. } => *phase,
            _ => return None,
        };
        figures.days.get(&phase).map(PlanDays::used)
    };
    let cells = |row: &RowFigures| {
        let loaded = row.figures.iter().cloned().chain(std::iter::repeat(None));
        work_out(columns, loaded, |column, known, loaded| {
            let is_loaded = column.shows.refers_to().is_empty();
            if is_loaded { loaded } else { value(&column.shows, known, days_of(&column.shows)) }
        })
    };
    let rows: Vec<(&RowFigures, Vec<Option<Exact>>)> = figures.rows.iter().map(|row| (row, cells(row))).collect();
    let rates = rates(columns);
    let sums = (0..columns.len()).map(|at| total(rows.iter().filter_map(|(_, cells)| cells.get(at)?.as_ref())));
    let totals = if figures.whole {
        work_out(columns, sums, |column, known, sum| {
            let is_rate = rates.contains(&column.key);
            if is_rate { value(&column.shows, known, days_of(&column.shows)) } else { sum }
        })
    } else {
        vec![None; columns.len()]
    };
    let formulas = formula::formulas(columns, days_of);
    let rows: Vec<PlanRow> = rows
        .into_iter()
        .map(|(row, cells)| PlanRow { unit: row.unit, cells: cells.into_iter().map(Cell::new).collect() })
        .collect();
    let columns: Vec<PlanColumnTotal> = columns
        .iter()
        .zip(formulas)
        .zip(totals)
        .enumerate()
        .map(|(at, ((column, formula), total))| PlanColumnTotal {
            formula,
            total: Cell::new(total),
            cells_sum: rows.iter().filter_map(|row| row.cells.get(at)?.printed).sum(),
            source_total: figures.printed.get(&(None, column.key.clone())).filter(|_| figures.whole).cloned(),
            column: column.clone(),
        })
        .collect();
    let findings = findings::find(&columns, &rates, &rows, figures);
    PlanTable { columns, rows, findings }
}

impl Cell {
    /// A cell that prints half-up.
    #[must_use]
    pub fn new(exact: Option<Exact>) -> Self {
        Self { printed: exact.as_ref().map(Exact::round_half_up), exact }
    }
}

/// The columns whose total is worked out from totals: rates, and whatever is made of a rate.
fn rates(columns: &[PlanColumn]) -> BTreeSet<Key> {
    let mut rates = BTreeSet::new();
    for column in columns {
        if !column.shows.adds_up() || column.shows.refers_to().iter().any(|key| rates.contains(*key)) {
            rates.insert(column.key.clone());
        }
    }
    rates
}

/// The sum of what is known; `None` where nothing is.
fn total<'a>(mut cells: impl Iterator<Item = &'a Exact>) -> Option<Exact> {
    let first = cells.next()?;
    Some(cells.fold(first.clone(), |sum, cell| &sum + cell))
}

/// Fills columns from left to right with what `fill` makes of the earlier ones and of what was loaded.
fn work_out(
    columns: &[PlanColumn],
    loaded: impl Iterator<Item = Option<Exact>>,
    fill: impl Fn(&PlanColumn, &dyn Fn(&Key) -> Option<Exact>, Option<Exact>) -> Option<Exact>,
) -> Vec<Option<Exact>> {
    let mut known: BTreeMap<&Key, Option<Exact>> = BTreeMap::new();
    let mut values = Vec::with_capacity(columns.len());
    for (column, loaded) in columns.iter().zip(loaded) {
        let value = fill(column, &|key| known.get(key).cloned().flatten(), loaded);
        known.insert(&column.key, value.clone());
        values.push(value);
    }
    values
}

/// The value of a column that is made of others, `None` for one that is loaded or where a base is missing.
fn value(column: &Column, known: &dyn Fn(&Key) -> Option<Exact>, days: Option<u32>) -> Option<Exact> {
    let over_days = |amount: Exact| amount.checked_div(&i64::from(days?).into());
    match column {
        Column::Baseline { .. } | Column::Quota { .. } | Column::Teams => None,
        Column::Less { of, less } => Some((&known(of)? - &known(less)?).at_least_zero()),
        Column::UpTo { of, ceiling } => Some(known(of)?.min((*ceiling).into())),
        Column::Percent { of, percent } => (percent * &known(of)?).checked_div(&100.into()),
        Column::PerDay { of, .. } => over_days(known(of)?),
        Column::PerEachDay { of, each, .. } => over_days(known(of)?.checked_div(&known(each)?)?),
        Column::Ratio { of, base } => (&known(of)? * &100.into()).checked_div(&known(base)?),
    }
}
