//! What a table says of itself: where printed cells and totals differ, what is missing, which days do not agree.

use std::collections::BTreeSet;

use super::TableFigures;
use crate::exact::Exact;
use crate::plan::{Column, PlanColumnTotal, PlanRow};
use crate::problem::{Code, Problem};
use crate::text::Key;

/// All findings: column by column, then row by row, then the days.
pub(super) fn find(
    columns: &[PlanColumnTotal],
    rates: &BTreeSet<Key>,
    rows: &[PlanRow],
    figures: &TableFigures,
) -> Vec<Problem> {
    let totals = columns.iter().flat_map(|column| of_column(column, rates.contains(&column.column.key)));
    let cells = rows.iter().zip(&figures.rows).enumerate().flat_map(|(index, (row, loaded))| {
        columns.iter().zip(&row.cells).filter_map(move |(column, cell)| {
            let key = &column.column.key;
            let printed = figures.printed.get(&(Some(row.unit), key.clone()));
            let finding = match (&cell.exact, &column.column.shows, printed) {
                (None, Column::Baseline { .. }, _) => {
                    Problem::new(Code::ChildWithoutBaseline).with("unit", &loaded.label).with("indicator", key)
                }
                (Some(exact), _, Some(printed)) if !prints_as(exact, printed) => {
                    differs(key, printed, exact.to_decimal(0))
                }
                _ => return None,
            };
            Some(finding.at(format_args!("rows.{index}.{key}")))
        })
    });
    let days = figures.days.values().filter_map(|days| {
        let declared = days.declared.filter(|declared| *declared != days.calendar)?;
        let finding = Problem::new(Code::DeclaredDaysDiffer).with("phase", &days.name).with("declared", declared);
        Some(finding.with("calendar", days.calendar))
    });
    totals.chain(cells).chain(days).collect()
}

fn of_column(column: &PlanColumnTotal, is_rate: bool) -> Vec<Problem> {
    let key = &column.column.key;
    let (Some(total), Some(printed_total)) = (&column.total.exact, column.total.printed) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    if !is_rate && column.cells_sum != printed_total {
        findings.push(
            Problem::new(Code::CellsDifferFromTotal)
                .with("column", key)
                .with("cells", column.cells_sum)
                .with("total", printed_total),
        );
    }
    if let Some(printed) = column.source_total.as_ref().filter(|printed| !prints_as(total, printed)) {
        findings.push(if is_rate && *printed == column.cells_sum.into() {
            Problem::new(Code::RatioTotalIsSum).with("column", key).with("printed", printed).with("total", rate(total))
        } else {
            differs(key, printed, if is_rate { rate(total) } else { total.to_decimal(0) })
        });
    }
    findings.into_iter().map(|finding| finding.at(format_args!("columns.{key}"))).collect()
}

fn differs(key: &Key, printed: &Exact, total: String) -> Problem {
    Problem::new(Code::PrintedTotalDiffers).with("column", key).with("printed", printed).with("total", total)
}

/// Whether a source may print the figure so: whole, or with one or two decimals.
fn prints_as(exact: &Exact, printed: &Exact) -> bool {
    (0..=2).any(|places| Exact::parse(&exact.to_decimal(places)).as_ref() == Ok(printed))
}

/// A rate as findings say it: with one decimal where it is not whole.
fn rate(exact: &Exact) -> String {
    exact.to_decimal(u32::from(!exact.is_integer()))
}
