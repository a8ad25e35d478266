//! A paper as text, for keeping and hashing (`frozen.rs`).
//! Figures stand as exact fractions. The same paper always gives the same text, and what is not such a text is not read.

use super::column::Format;
use super::paper::{Paper, PaperCell, PaperColumn, PaperRow, Section, TitleBlock};
use super::{About, ReportKind};
use crate::exact::Exact;
use crate::frozen::{self, Records, finding, moment, optional, write_finding};
use crate::id::{AccountId, DriveId, GroupId, IndicatorId, PeriodReportId, PhaseId, UnitId};
use crate::text::Reason;
use crate::time::{Day, DayRange};

/// The first record. Another form of the text gets another number.
const FIRST: [&str; 2] = ["caodiem period report", "1"];

/// The text of a paper.
#[must_use]
pub fn encode(paper: &Paper) -> String {
    let mut out = String::new();
    frozen::write(&FIRST, &mut out);
    for (name, value) in head(&paper.about).into_iter().chain(title(&paper.title)) {
        frozen::write(&[name, &value], &mut out);
    }
    for column in &paper.columns {
        let PaperColumn { key, heading_vi, heading_en, formula, format } = column;
        frozen::write(&["column", key, heading_vi, heading_en, formula, format.as_str()], &mut out);
    }
    for section in &paper.sections {
        let phase = section.phase.map(PhaseId::get);
        let (from, to) = (section.days.from().to_string(), section.days.to().to_string());
        frozen::write(&["section", &optional(phase), &section.name, &from, &to], &mut out);
        for row in &section.rows {
            figures(&["row", &row.unit.get().to_string(), &row.code, &row.name], &row.cells, &mut out);
        }
        figures(&["totals"], &section.totals, &mut out);
    }
    for finding in &paper.findings {
        write_finding("finding", finding, &mut out);
    }
    out
}

/// The paper of a text; `None` for text that [`encode`] did not make.
#[must_use]
pub fn decode(text: &str) -> Option<Paper> {
    let records = frozen::read(text)?;
    let mut records = Records::of(&records);
    let first = records.next()?;
    if first != FIRST {
        return None;
    }
    let about = about(&mut records)?;
    let title = title_block(&mut records)?;
    let mut columns = Vec::new();
    while let Some([key, heading_vi, heading_en, formula, format]) = records.next_of("column") {
        columns.push(PaperColumn {
            key: key.clone(),
            heading_vi: heading_vi.clone(),
            heading_en: heading_en.clone(),
            formula: formula.clone(),
            format: Format::from_word(format)?,
        });
    }
    let mut sections = Vec::new();
    while let Some(head) = records.next_of("section") {
        sections.push(section(head, &mut records)?);
    }
    let mut findings = Vec::new();
    while let Some(fields) = records.any_of("finding") {
        findings.push(finding(fields)?);
    }
    records.is_at_end().then_some(Paper { about, title, columns, sections, findings })
}

fn head(about: &About) -> [(&'static str, String); 14] {
    [
        ("kind", about.kind.as_str().to_owned()),
        ("drive", about.drive.get().to_string()),
        ("unit", about.unit.get().to_string()),
        ("phase", optional(about.phase.map(PhaseId::get))),
        ("indicator", about.indicator.get().to_string()),
        ("group", about.group.get().to_string()),
        ("from", about.days.from().to_string()),
        ("to", about.days.to().to_string()),
        ("known_at", moment(about.known_at)),
        ("is_whole", about.is_whole.to_string()),
        ("corrects", optional(about.corrects.map(PeriodReportId::get))),
        ("reason", optional(about.reason.as_ref())),
        ("issuer", about.issuer.get().to_string()),
        ("issued_at", moment(about.issued_at)),
    ]
}

fn about(records: &mut Records<'_>) -> Option<About> {
    let days = |from: Day, to: Day| DayRange::new(from, to).ok();
    Some(About {
        kind: ReportKind::from_name(records.value("kind")?)?,
        drive: DriveId::new(records.parsed("drive")?),
        unit: UnitId::new(records.parsed("unit")?),
        phase: records.maybe("phase")?.map(PhaseId::new),
        indicator: IndicatorId::new(records.parsed("indicator")?),
        group: GroupId::new(records.parsed("group")?),
        days: days(records.parsed("from")?, records.parsed("to")?)?,
        known_at: records.parsed("known_at")?,
        is_whole: records.parsed("is_whole")?,
        corrects: records.maybe("corrects")?.map(PeriodReportId::new),
        reason: match records.value("reason")? {
            "" => None,
            text => Some(Reason::new(text).ok()?),
        },
        issuer: AccountId::new(records.parsed("issuer")?),
        issued_at: records.parsed("issued_at")?,
    })
}

fn title(title: &TitleBlock) -> [(&'static str, String); 7] {
    [
        ("issued by", title.issuer.clone()),
        ("plan", title.plan_number.clone()),
        ("title", title.drive.clone()),
        ("of unit", title.unit.clone()),
        ("of phase", optional(title.phase.as_ref())),
        ("of indicator", title.indicator.clone()),
        ("of group", title.group.clone()),
    ]
}

fn title_block(records: &mut Records<'_>) -> Option<TitleBlock> {
    Some(TitleBlock {
        issuer: records.value("issued by")?.to_owned(),
        plan_number: records.value("plan")?.to_owned(),
        drive: records.value("title")?.to_owned(),
        unit: records.value("of unit")?.to_owned(),
        phase: Some(records.value("of phase")?).filter(|name| !name.is_empty()).map(str::to_owned),
        indicator: records.value("of indicator")?.to_owned(),
        group: records.value("of group")?.to_owned(),
    })
}

fn section([phase, name, from, to]: [&String; 4], records: &mut Records<'_>) -> Option<Section> {
    let days = DayRange::new(from.parse().ok()?, to.parse().ok()?).ok()?;
    let phase = if phase.is_empty() { None } else { Some(PhaseId::new(phase.parse().ok()?)) };
    let mut rows = Vec::new();
    while let Some(fields) = records.any_of("row") {
        let [unit, code, name, cells @ ..] = fields else { return None };
        let unit = UnitId::new(unit.parse().ok()?);
        rows.push(PaperRow { unit, code: code.clone(), name: name.clone(), cells: self::cells(cells)? });
    }
    let totals = cells(records.any_of("totals")?)?;
    Some(Section { phase, name: name.clone(), days, rows, totals })
}

fn figures(fields: &[&str], cells: &[PaperCell], out: &mut String) {
    let cells: Vec<String> = cells.iter().map(|cell| optional(cell.as_ref())).collect();
    let all: Vec<&str> = fields.iter().copied().chain(cells.iter().map(String::as_str)).collect();
    frozen::write(&all, out);
}

fn cells(fields: &[String]) -> Option<Vec<PaperCell>> {
    fields.iter().map(|field| if field.is_empty() { Some(None) } else { Exact::parse(field).ok().map(Some) }).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests may panic")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::period_report::PeriodReport;
    use crate::problem::{Code, Problem};

    fn paper(name: &str, figures: &[(i64, i64)]) -> Paper {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let days = DayRange::new(day("2023-06-20"), day("2023-06-29")).unwrap();
        let cells: Vec<PaperCell> = figures.iter().map(|(over, under)| Exact::ratio(*over, *under)).collect();
        let column = |at: usize| PaperColumn {
            key: format!("column-{at}"),
            heading_vi: name.to_owned(),
            heading_en: String::new(),
            formula: format!("({at}) = \"x\", y"),
            format: Format::Percent,
        };
        let row =
            PaperRow { unit: UnitId::new(7), code: "001".to_owned(), name: name.to_owned(), cells: cells.clone() };
        let finding = Problem::new(Code::CellsDifferFromTotal).with("column", name).with("cells", 3).with("total", 2);
        Paper {
            about: About {
                kind: ReportKind::Final,
                drive: DriveId::new(1),
                unit: UnitId::new(2),
                phase: None,
                indicator: IndicatorId::new(3),
                group: GroupId::new(4),
                days,
                known_at: "2023-06-30T01:02:03.456789Z".parse().unwrap(),
                is_whole: true,
                corrects: Some(PeriodReportId::new(9)),
                reason: Reason::new("đếm lại, theo \"công văn\"").ok(),
                issuer: AccountId::new(5),
                issued_at: "2023-06-30T01:02:03Z".parse().unwrap(),
            },
            title: TitleBlock { issuer: name.to_owned(), phase: None, ..TitleBlock::default() },
            columns: (0..figures.len()).map(column).collect(),
            sections: vec![
                Section {
                    phase: Some(PhaseId::new(1)),
                    name: name.to_owned(),
                    days,
                    rows: vec![row.clone(), row],
                    totals: cells.clone(),
                },
                Section { phase: None, name: String::new(), days, rows: vec![], totals: cells },
            ],
            findings: vec![finding.at("sections.0.quota")],
        }
    }

    proptest! {
        #[test]
        fn a_paper_is_read_as_it_was_written(name in ".{1,20}|[=+\\-@\t\r\n,\"]{1,5}", figures in proptest::collection::vec((-99_i64..99_999, 0_i64..9), 0..6)) {
            let paper = paper(&name, &figures);
            let text = encode(&paper);
            let read = decode(&text);
            prop_assert_eq!(read.as_ref(), Some(&paper));
            prop_assert_eq!(encode(&read.unwrap()), text);
        }
    }

    #[test]
    fn a_text_that_was_changed_is_not_the_report_any_more() {
        let report = PeriodReport::freeze(PeriodReportId::new(12), &paper("Bình Gia", &[(17_410, 1)]));
        assert_eq!(report.paper(), Ok(paper("Bình Gia", &[(17_410, 1)])));
        let altered = |report: &PeriodReport| report.paper().map_err(|problem| problem.code());
        let figure = PeriodReport { content: report.content.replace("17410", "17411"), ..report.clone() };
        assert_eq!(altered(&figure), Err(Code::ReportAltered));
        let about = About { unit: UnitId::new(3), ..report.about.clone() };
        assert_eq!(altered(&PeriodReport { about, ..report.clone() }), Err(Code::ReportAltered));
    }

    #[test]
    fn nothing_may_be_added_to_a_text() {
        let text = encode(&paper("Bình Gia", &[(1, 2)]));
        assert_eq!(decode(&format!("{text}note,x\r\n")), None);
        assert_eq!(decode(&text.replace("report,1\r\n", "report,2\r\n")), None);
        assert_eq!(decode(""), None);
    }
}
