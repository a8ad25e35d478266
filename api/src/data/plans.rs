//! The appendices of two real plans, as printed.

use std::collections::BTreeMap;

use caodiem_domain::text::UnitCode;

use crate::data::table::{Row, Table};
use crate::failure::Failure;

const TOTAL: &str = "TOTAL (as printed)";

/// A plan's table: what it prints per unit, and as its totals.
#[derive(Debug)]
pub struct PrintedPlan {
    /// Column headings without the unit, in order.
    pub columns: &'static [&'static str],
    /// The figures of each unit by code, in the order of the columns.
    pub rows: Vec<(UnitCode, Vec<i64>)>,
    /// The printed totals, in the order of the columns.
    pub totals: Vec<i64>,
}

impl PrintedPlan {
    /// A column's figures by unit.
    #[must_use]
    pub fn column(&self, name: &str) -> Vec<(UnitCode, i64)> {
        let place = self.columns.iter().position(|column| *column == name);
        let figure = |figures: &[i64]| place.and_then(|at| figures.get(at)).copied();
        self.rows.iter().filter_map(|(code, figures)| Some((code.clone(), figure(figures)?))).collect()
    }
}

/// Codes of the units that a source plan names, by the name in its table.
fn codes(plan: &str) -> Result<BTreeMap<String, UnitCode>, Failure> {
    let text = include_str!("../../data/units/plan-units.csv");
    let table = Table::read("plan-units.csv", text.as_bytes(), &["plan", "code", "name", "eligible"])?;
    let named = table.read_rows(|row| {
        let counts = row.text("plan") == plan && !row.text("eligible").is_empty();
        Ok(counts.then_some((row.text("name").to_owned(), row.parse("code", UnitCode::new)?)))
    })?;
    Ok(named.into_iter().flatten().collect())
}

fn figures(row: &Row<'_>, columns: &[&str]) -> Result<Vec<i64>, String> {
    columns.iter().map(|column| row.number(column)).collect()
}

fn read(name: &str, text: &str, plan: &str, columns: &'static [&'static str]) -> Result<PrintedPlan, Failure> {
    let codes = codes(plan)?;
    let table = Table::read(name, text.as_bytes(), columns)?;
    let all = table.read_rows(|row| Ok((row.text("unit").to_owned(), figures(row, columns)?)))?;
    let mut printed = PrintedPlan { columns, rows: Vec::new(), totals: Vec::new() };
    for (unit, figures) in all {
        if unit == TOTAL {
            printed.totals = figures;
            continue;
        }
        let code = codes.get(&unit).ok_or_else(|| Failure::input(format!("{name}: plan-units.csv lacks “{unit}”")))?;
        printed.rows.push((code.clone(), figures));
    }
    Ok(printed)
}

/// A district with 19 communes: 17,410 activations in 70 days.
///
/// # Errors
/// [`Failure::Input`], never with the file as it is embedded.
pub fn binh_gia() -> Result<PrintedPlan, Failure> {
    let text = include_str!("../../data/plans/binh-gia-2023-quota.csv");
    read("binh-gia-2023-quota.csv", text, "000", &["residents_14_plus", "activation_quota", "activation_per_day"])
}

/// A province with 11 districts, first phase: 500,000 activated in 25 days.
///
/// # Errors
/// As [`binh_gia`].
pub fn binh_phuoc() -> Result<PrintedPlan, Failure> {
    let text = include_str!("../../data/plans/binh-phuoc-2023-phase1.csv");
    let columns = &[
        "eligible",
        "activation_quota",
        "enrolled_so_far",
        "activated_so_far",
        "to_enrol",
        "to_enrol_level2",
        "to_enrol_level1",
        "to_activate",
        "teams",
        "activations_per_team_per_day",
    ];
    read("binh-phuoc-2023-phase1.csv", text, "001", columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_tables_read_whole() {
        let sum = |plan: &PrintedPlan, name: &str| plan.column(name).iter().map(|(_, figure)| figure).sum::<i64>();
        let gia = binh_gia().ok();
        assert_eq!(gia.as_ref().map(|plan| plan.rows.len()), Some(19));
        assert_eq!(gia.as_ref().map(|plan| sum(plan, "activation_quota")), Some(17_411));
        assert_eq!(gia.map(|plan| plan.totals), Some(vec![45_934, 17_410, 249]));
        let phuoc = binh_phuoc().ok();
        assert_eq!(phuoc.as_ref().map(|plan| plan.rows.len()), Some(11));
        assert_eq!(phuoc.map(|plan| sum(&plan, "teams")), Some(846));
    }
}
