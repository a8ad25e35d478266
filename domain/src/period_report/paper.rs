//! What a report says, as data: a title block, columns, rows in sections, totals, findings.

use super::About;
use super::column::{COLUMNS, ColumnSpec, Facts, Format};
use crate::exact::Exact;
use crate::id::{PhaseId, UnitId};
use crate::problem::{Code, Problem};
use crate::time::DayRange;

/// The words above the table, as they were on the day.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TitleBlock {
    /// Who issued the plan.
    pub issuer: String,
    /// Number of the plan.
    pub plan_number: String,
    /// Title of the plan.
    pub drive: String,
    /// The unit with its kind.
    pub unit: String,
    /// Name of the phase.
    pub phase: Option<String>,
    /// The indicator, Vietnamese.
    pub indicator: String,
    /// The population group, Vietnamese.
    pub group: String,
}

/// A column as it was frozen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PaperColumn {
    /// Its key.
    pub key: String,
    /// Vietnamese heading.
    pub heading_vi: String,
    /// English heading.
    pub heading_en: String,
    /// The line under the heading: `(1)`, `(5) = 100 × (4) / (1)`.
    pub formula: String,
    /// How its figures are printed.
    pub format: Format,
}

/// A cell: the exact figure; `None` where there is none, which is not zero.
pub type PaperCell = Option<Exact>;

/// A row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PaperRow {
    /// The unit.
    pub unit: UnitId,
    /// Its official code on the drive's tree date.
    pub code: String,
    /// Its name with its kind.
    pub name: String,
    /// One per column.
    pub cells: Vec<PaperCell>,
}

/// Rows that belong together. The last section of a paper is the whole, and its totals are those of the paper.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Section {
    /// The phase; `None` for the whole.
    pub phase: Option<PhaseId>,
    /// Its name; empty where a paper has one section only.
    pub name: String,
    /// The days its figures are of.
    pub days: DayRange,
    /// The rows in the order of the units' codes.
    pub rows: Vec<PaperRow>,
    /// The totals: worked out from exact figures, a ratio from the sums of what it is made of. Empty cells where not all
    /// units of the unit are among the rows.
    pub totals: Vec<PaperCell>,
}

/// A paper.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Paper {
    /// What it is of.
    pub about: About,
    /// The words above the table.
    pub title: TitleBlock,
    /// The columns.
    pub columns: Vec<PaperColumn>,
    /// The sections; at least one.
    pub sections: Vec<Section>,
    /// What does not add up in it, and who did not report.
    pub findings: Vec<Problem>,
}

/// Who a row is of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RowOf {
    /// The unit.
    pub unit: UnitId,
    /// Its official code.
    pub code: String,
    /// Its name with its kind.
    pub name: String,
}

/// A section before its columns are worked out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SectionFacts {
    /// The phase; `None` for the whole.
    pub phase: Option<PhaseId>,
    /// Its name.
    pub name: String,
    /// The days.
    pub days: DayRange,
    /// What is known of each row.
    pub rows: Vec<(RowOf, Facts)>,
    /// Whether the rows are all there are: only then there are totals.
    pub has_all: bool,
}

impl Paper {
    /// Works the columns out from what is known of each row. The totals row is worked out by the very same columns from the
    /// sums of what is known. Columns that are kept only where they are known are left out where no row has a figure of them.
    #[must_use]
    pub fn lay_out(about: About, title: TitleBlock, sections: &[SectionFacts]) -> Self {
        let is_known = |spec: &ColumnSpec| {
            sections.iter().flat_map(|section| &section.rows).any(|(_, facts)| (spec.value)(facts).is_some())
        };
        let specs: Vec<&ColumnSpec> = COLUMNS
            .iter()
            .filter(|spec| spec.kinds.contains(&about.kind) && (!spec.where_known || is_known(spec)))
            .collect();
        let cells = |facts: &Facts| specs.iter().map(|spec| (spec.value)(facts)).collect::<Vec<PaperCell>>();
        let columns: Vec<PaperColumn> = specs
            .iter()
            .enumerate()
            .map(|(at, spec)| PaperColumn {
                key: spec.key.to_owned(),
                heading_vi: spec.heading_vi.to_owned(),
                heading_en: spec.heading_en.to_owned(),
                formula: numbered(&specs, at, spec.formula),
                format: spec.format,
            })
            .collect();
        let section = |section: &SectionFacts| Section {
            phase: section.phase,
            name: section.name.clone(),
            days: section.days,
            rows: section
                .rows
                .iter()
                .map(|(of, facts)| PaperRow {
                    unit: of.unit,
                    code: of.code.clone(),
                    name: of.name.clone(),
                    cells: cells(facts),
                })
                .collect(),
            totals: if section.has_all {
                cells(&section.rows.iter().map(|(_, facts)| facts).sum())
            } else {
                vec![None; specs.len()]
            },
        };
        let sections: Vec<Section> = sections.iter().map(section).collect();
        let findings = sections.iter().enumerate().flat_map(|(at, section)| differing(&columns, section, at)).collect();
        Self { about, title, columns, sections, findings }
    }

    /// The totals of the whole.
    #[must_use]
    pub fn totals(&self) -> &[PaperCell] {
        self.sections.last().map(|section| section.totals.as_slice()).unwrap_or_default()
    }
}

/// The formula with the numbers of its columns: `(5) = 100 × (4) / (1)`.
fn numbered(specs: &[&ColumnSpec], at: usize, formula: &str) -> String {
    let number = |at: usize| format!("({})", at + 1);
    let named = specs
        .iter()
        .enumerate()
        .fold(formula.to_owned(), |text, (other, spec)| text.replace(&format!("{{{}}}", spec.key), &number(other)));
    if named.is_empty() { number(at) } else { format!("{} = {named}", number(at)) }
}

/// Where the printed cells of a column do not add up to its printed total (rule 6).
fn differing(columns: &[PaperColumn], section: &Section, at: usize) -> Vec<Problem> {
    let whole = columns.iter().enumerate().filter(|(_, column)| column.format == Format::Whole);
    whole
        .filter_map(|(index, column)| {
            let total = section.totals.get(index)?.as_ref()?.round_half_up();
            let printed = |row: &PaperRow| row.cells.get(index)?.as_ref().map(Exact::round_half_up);
            let cells: i64 = section.rows.iter().filter_map(printed).sum();
            let finding = Problem::new(Code::CellsDifferFromTotal).with("column", &column.heading_vi);
            let finding = finding.with("cells", cells).with("total", total);
            (cells != total).then(|| finding.at(format_args!("sections.{at}.{key}", key = column.key)))
        })
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests may panic")]
mod tests {
    use super::*;
    use crate::id::{AccountId, DriveId, GroupId, IndicatorId};
    use crate::period_report::ReportKind;
    use crate::time::Day;

    fn section(days: DayRange, rows: Vec<Facts>) -> SectionFacts {
        let row = |facts| (RowOf { unit: UnitId::new(7), code: "001".to_owned(), name: "Xã".to_owned() }, facts);
        let rows = rows.into_iter().map(row).collect();
        SectionFacts { phase: None, name: String::new(), days, rows, has_all: true }
    }

    #[test]
    fn columns_that_nobody_has_a_figure_of_are_left_out_and_formulas_count_what_is_left() {
        let days = DayRange::day("2023-06-20".parse::<Day>().unwrap());
        let about = || About {
            kind: ReportKind::Daily,
            drive: DriveId::new(1),
            unit: UnitId::new(2),
            phase: None,
            indicator: IndicatorId::new(3),
            group: GroupId::new(4),
            days,
            known_at: "2023-06-21T00:00:00Z".parse().unwrap(),
            is_whole: true,
            corrects: None,
            reason: None,
            issuer: AccountId::new(5),
            issued_at: "2023-06-21T00:00:00Z".parse().unwrap(),
        };
        let of = |sections: &[SectionFacts]| {
            let paper = Paper::lay_out(about(), TitleBlock::default(), sections);
            let columns = paper.columns.iter().map(|column| (column.key.clone(), column.formula.clone()));
            (
                columns.collect::<Vec<_>>(),
                paper.sections.iter().all(|section| section.totals.len() == paper.columns.len()),
            )
        };
        let plain = || Facts { done: Some(5.into()), ..Facts::default() };
        let (columns, fit) = of(&[section(days, vec![plain()])]);
        let kept = ["quota", "opening", "period", "done", "percent", "remaining", "silent_days"];
        assert_eq!(
            columns.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(),
            kept,
            "also those without a figure"
        );
        let official = Facts {
            official: Some(4.into()),
            official_beside: Some(4.into()),
            reported_beside: Some(5.into()),
            ..plain()
        };
        let (more, fits) = of(&[section(days, vec![plain()]), section(days, vec![plain(), official])]);
        let numbered = [("official", "(8)"), ("gap", "(9) = (4) − (8)"), ("gap_percent", "(10) = 100 × (9) / (8)")];
        let numbered = numbered.map(|(key, formula)| (key.to_owned(), formula.to_owned()));
        assert_eq!(more, [columns, numbered.to_vec()].concat());
        assert!(fit && fits, "a cell for each column");
    }
}
