//! The appendices of two real plans worked out from their inputs, and plans of other shapes.

use super::*;
use crate::count::Count;
use crate::id::{GroupId, IndicatorId};
use crate::problem::{Code, Language};
use crate::quota::allocate::Rounding;
use crate::quota::basis::{BasisFigures, evaluate};
use crate::quota::cascade::spread::{Division, Sharer, spread};
use crate::quota::{Basis, Holder, RatePer};
use crate::text::Title;

const BINH_GIA: &str = include_str!("../../../../api/data/plans/binh-gia-2023-quota.csv");
const BINH_PHUOC: &str = include_str!("../../../../api/data/plans/binh-phuoc-2023-phase1.csv");

/// A printed table: names and figures per row, the last row being the total.
struct Printed {
    names: Vec<String>,
    rows: Vec<Vec<i64>>,
    totals: Vec<i64>,
}

fn read(csv: &str) -> Printed {
    let mut names = Vec::new();
    let mut rows = Vec::new();
    for line in csv.lines().skip(1) {
        let mut cells = line.split(',');
        names.push(cells.next().unwrap_or_default().to_owned());
        rows.push(cells.map(|cell| cell.parse().unwrap_or(-1)).collect::<Vec<i64>>());
    }
    names.pop();
    let totals = rows.pop().unwrap_or_default();
    Printed { names, rows, totals }
}

impl Printed {
    fn column(&self, at: usize) -> Vec<i64> {
        self.rows.iter().map(|row| row.get(at).copied().unwrap_or(-1)).collect()
    }

    fn total(&self, at: usize) -> i64 {
        self.totals.get(at).copied().unwrap_or(-1)
    }
}

fn key(text: &str) -> Key {
    Key::new(text).unwrap_or_else(|problem| panic!("{problem:?}"))
}

fn column(name: &str, shows: Column) -> PlanColumn {
    let title = || Title::new(name).unwrap_or_else(|problem| panic!("{problem:?}"));
    PlanColumn { key: key(name), heading_vi: title(), heading_en: title(), shows }
}

fn baseline(name: &str) -> PlanColumn {
    column(name, Column::Baseline { group: GroupId::new(1), indicator: IndicatorId::new(1) })
}

fn quota() -> PlanColumn {
    column("quota", Column::Quota { phase: None, indicator: IndicatorId::new(2), group: GroupId::new(1) })
}

fn less(name: &str, of: &str, less: &str) -> PlanColumn {
    column(name, Column::Less { of: key(of), less: key(less) })
}

/// Shares a total in proportion, as a cascade does.
fn shared(total: i64, weights: &[i64], rounding: Rounding) -> Vec<Exact> {
    let unit = |index: usize| Holder::Unit(UnitId::new(i64::try_from(index).unwrap_or(0)));
    let sharers: Vec<Sharer> =
        weights.iter().enumerate().map(|(index, weight)| Sharer::new(unit(index), Some((*weight).into()))).collect();
    spread(&total.into(), unit(weights.len()), &sharers, Division::ByWeight, rounding)
        .unwrap_or_else(|impossible| panic!("{impossible:?}"))
        .into_iter()
        .map(|line| line.amount)
        .collect()
}

/// Figures of a table: per column either what was loaded, row by row, or nothing.
fn figures(names: &[String], loaded: &[Option<Vec<Exact>>], days: PlanDays) -> TableFigures {
    let rows = names.iter().enumerate().map(|(index, name)| RowFigures {
        unit: UnitId::new(i64::try_from(index).unwrap_or(0)),
        label: name.clone(),
        figures: loaded.iter().map(|column| column.as_ref()?.get(index).cloned()).collect(),
    });
    TableFigures { rows: rows.collect(), whole: true, days: BTreeMap::from([(None, days)]), printed: BTreeMap::new() }
}

fn counts(counts: &[i64]) -> Vec<Exact> {
    counts.iter().copied().map(Exact::from).collect()
}

fn declared(declared: u32, calendar: u32) -> PlanDays {
    PlanDays { name: "Đợt cao điểm".to_owned(), declared: Some(declared), calendar }
}

fn printed(table: &PlanTable, at: usize) -> Vec<i64> {
    table.rows.iter().map(|row| row.cells.get(at).and_then(|cell| cell.printed).unwrap_or(-1)).collect()
}

fn found(table: &PlanTable) -> Vec<(Code, String)> {
    table.findings.iter().map(|finding| (finding.code(), finding.text(Language::En))).collect()
}

fn cells_differ(column: &str, cells: i64, total: i64) -> (Code, String) {
    let text = format!("Column {column}: the cells add up to {cells}, the total is {total}.");
    (Code::CellsDifferFromTotal, text)
}

fn binh_gia(source: &Printed) -> PlanTable {
    let columns = [baseline("residents"), quota(), column("per_day", Column::PerDay { of: key("quota"), phase: None })];
    let residents = source.column(0);
    let quotas = shared(17_410, &residents, Rounding::HalfUpEach);
    let mut figures = figures(&source.names, &[Some(counts(&residents)), Some(quotas), None], declared(70, 71));
    let totals = ["residents", "quota", "per_day"].into_iter().zip(&source.totals);
    figures.printed = totals.map(|(name, total)| ((None, key(name)), (*total).into())).collect();
    lay_out(&columns, &figures)
}

#[test]
fn binh_gia_is_printed_to_the_digit() {
    let source = read(BINH_GIA);
    let table = binh_gia(&source);
    assert_eq!(table.rows.len(), 19);
    for at in 0..3 {
        assert_eq!(printed(&table, at), source.column(at));
    }
    let totals: Vec<i64> = table.columns.iter().filter_map(|column| column.total.printed).collect();
    assert_eq!(totals, [45_934, 17_410, 249]);
    let formulas: Vec<&str> = table.columns.iter().map(|column| column.formula.as_str()).collect();
    assert_eq!(formulas, ["residents", "quota", "quota / 70"]);
    assert_eq!(
        found(&table),
        [
            cells_differ("quota", 17_411, 17_410),
            cells_differ("per_day", 250, 249),
            (Code::DeclaredDaysDiffer, "Đợt cao điểm: the plan declares 70 days, the calendar has 71.".to_owned()),
        ]
    );
}

fn binh_phuoc_columns() -> Vec<PlanColumn> {
    vec![
        baseline("eligible"),
        quota(),
        baseline("enrolled"),
        baseline("activated"),
        less("to_enrol", "quota", "enrolled"),
        column("to_enrol_level2", Column::UpTo { of: key("to_enrol"), ceiling: 12_500 }),
        less("to_enrol_level1", "to_enrol", "to_enrol_level2"),
        less("to_activate", "quota", "activated"),
        baseline("teams"),
        column("per_team_day", Column::PerEachDay { of: key("to_activate"), each: key("teams"), phase: None }),
    ]
}

fn binh_phuoc(source: &Printed) -> PlanTable {
    let columns = binh_phuoc_columns();
    let inputs = |at: usize| Some(counts(&source.column(at)));
    let quotas = shared(500_000, &source.column(0), Rounding::HalfUpEach);
    let loaded = [inputs(0), Some(quotas), inputs(2), inputs(3), None, None, None, None, inputs(8), None];
    let mut figures = figures(&source.names, &loaded, declared(25, 26));
    let totals = columns.iter().zip(&source.totals);
    figures.printed = totals.map(|(column, total)| ((None, column.key.clone()), (*total).into())).collect();
    lay_out(&columns, &figures)
}

#[test]
fn binh_phuoc_is_printed_to_the_digit() {
    let source = read(BINH_PHUOC);
    let table = binh_phuoc(&source);
    assert_eq!(table.rows.len(), 11);
    for at in 0..10 {
        assert_eq!(printed(&table, at), source.column(at), "column {at}");
        if at < 9 {
            let total = table.columns.get(at).and_then(|column| column.total.printed);
            assert_eq!(total, Some(source.total(at)), "total of column {at}");
        }
    }
    let rate = table.columns.last();
    assert_eq!(rate.and_then(|rate| rate.total.exact.as_ref()).map(|exact| exact.to_decimal(1)), Some("18.5".into()));
    assert_eq!(rate.map(|rate| rate.formula.as_str()), Some("(quota − activated) / teams / 25"));
    assert_eq!(
        table.columns.get(6).map(|column| column.formula.as_str()),
        Some("quota − enrolled − min(quota − enrolled, 12500)")
    );
}

#[test]
fn binh_phuoc_says_where_it_does_not_add_up() {
    let table = binh_phuoc(&read(BINH_PHUOC));
    assert_eq!(
        found(&table),
        [
            cells_differ("quota", 500_001, 500_000),
            cells_differ("to_enrol", 234_584, 234_583),
            cells_differ("to_enrol_level2", 132_809, 132_808),
            cells_differ("to_activate", 391_923, 391_922),
            (
                Code::RatioTotalIsSum,
                "Column per_team_day: the printed total 209 is a sum of averages; the true figure is 18.5.".to_owned()
            ),
            (Code::DeclaredDaysDiffer, "Đợt cao điểm: the plan declares 25 days, the calendar has 26.".to_owned()),
        ]
    );
}

#[test]
fn largest_remainder_gives_exactly_what_there_is() {
    for (csv, total) in [(BINH_GIA, 17_410), (BINH_PHUOC, 500_000)] {
        let quotas = shared(total, &read(csv).column(0), Rounding::LargestRemainder);
        assert!(quotas.iter().all(Exact::is_integer));
        assert_eq!(quotas.iter().sum::<Exact>(), total.into());
    }
}

#[test]
fn a_phase_may_owe_eighty_percent_of_the_rest_with_a_fifth_at_level_2() {
    let source = read(BINH_PHUOC);
    let columns = [
        baseline("eligible"),
        quota(),
        less("rest", "eligible", "quota"),
        column("owed", Column::Percent { of: key("rest"), percent: 80.into() }),
        column("level2", Column::Percent { of: key("owed"), percent: 20.into() }),
        column("level2_share", Column::Ratio { of: key("level2"), base: key("rest") }),
    ];
    let quotas = shared(500_000, &source.column(0), Rounding::HalfUpEach);
    let loaded = [Some(counts(&source.column(0))), Some(quotas), None, None, None, None];
    let table = lay_out(&columns, &figures(&source.names, &loaded, declared(65, 65)));
    let totals: Vec<Option<i64>> = table.columns.iter().map(|column| column.total.printed).collect();
    assert_eq!(totals, [862_985, 500_000, 362_985, 290_388, 58_078, 16].map(Some));
    assert_eq!(table.columns.get(4).map(|column| column.formula.as_str()), Some("20 % × (80 % × (eligible − quota))"));
}

#[test]
fn rates_per_village_shift_and_official_are_columns_like_others() {
    // Five a day per village over 65 days; six shifts of 160 records; ten residents for each of eight officials.
    let names = ["A", "B", "C"].map(str::to_owned);
    let columns = [
        baseline("villages"),
        quota(),
        column("per_village_day", Column::PerEachDay { of: key("quota"), each: key("villages"), phase: None }),
    ];
    let (group, indicator) = (GroupId::new(1), IndicatorId::new(1));
    let owed = [
        Basis::PerDay { rate: 5.into(), per: RatePer::Village },
        Basis::PerShift { rate: 160.into(), shifts: 6 },
        Basis::PerHead { rate: 10.into(), group, indicator },
    ]
    .map(|basis| {
        let baseline = Count::new(8).ok();
        let figures = BasisFigures { holder: "A", baseline, quota: None, plan_days: 65, places: Some(3) };
        evaluate(&basis, &figures).map_or_else(|problem| panic!("{problem:?}"), |found| found.amount)
    });
    let loaded = [Some(counts(&[3, 0, 7])), Some(owed.to_vec()), None];
    let table = lay_out(&columns, &figures(&names, &loaded, declared(65, 65)));
    assert_eq!(printed(&table, 1), [975, 960, 80]);
    // A commune without villages has no rate: unknown, not zero.
    assert_eq!(printed(&table, 2), [5, -1, 0]);
    let total = table.columns.get(2).and_then(|column| column.total.exact.clone());
    assert_eq!(total, Exact::ratio(2_015, 10 * 65));
    assert_eq!(table.findings, []);
}

#[test]
fn a_child_without_a_baseline_is_named_and_leaves_its_cells_empty() {
    let names = ["01 Xã A", "02 Xã B"].map(str::to_owned);
    let columns = [baseline("eligible"), quota(), less("rest", "eligible", "quota")];
    let mut figures = figures(&names, &[Some(counts(&[100])), Some(counts(&[60, 5])), None], declared(10, 10));
    let table = lay_out(&columns, &figures);
    assert_eq!(printed(&table, 2), [40, -1]);
    assert_eq!(found(&table), [(Code::ChildWithoutBaseline, "02 Xã B has no baseline of eligible.".to_owned())]);
    figures.whole = false;
    let part = lay_out(&columns, &figures);
    assert!(part.columns.iter().all(|column| column.total.exact.is_none()));
}

#[test]
fn a_printed_figure_that_differs_is_reported_where_it_stands() {
    let names = ["01 Xã A", "02 Xã B"].map(str::to_owned);
    let mut figures = figures(&names, &[Some(counts(&[100, 50]))], declared(10, 10));
    figures.printed =
        BTreeMap::from([((None, key("eligible")), 151.into()), ((Some(UnitId::new(1)), key("eligible")), 51.into())]);
    let table = lay_out(&[baseline("eligible")], &figures);
    let places: Vec<&str> = table.findings.iter().map(crate::problem::Problem::field).collect();
    assert_eq!(places, ["columns.eligible", "rows.1.eligible"]);
    assert_eq!(
        found(&table).first().map(|(_, text)| text.as_str()),
        Some("Column eligible: the source prints 151, the figures give 150.")
    );
}
