//! A report as a sheet: the lines of the paper that officials expect, one after another. CSV and workbooks are written from it.

use super::column::Format;
use super::paper::{Paper, PaperCell, Section};
use super::{About, PeriodReport, ReportKind, ReportStatus, print};
use crate::audit::hex;
use crate::exact::Exact;
use crate::frozen;
use crate::problem::{Language, Problem};
use crate::time::{DayRange, Instant};

/// What a line is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LineKind {
    /// Who issues it.
    Issuer,
    /// What it is.
    Title,
    /// A line of the title block, or of the notes.
    Note,
    /// Headings.
    Headings,
    /// The numbers and formulas of the columns.
    Formulas,
    /// The name of a section.
    Section,
    /// A unit.
    Row,
    /// The totals of a section that is not the whole.
    Subtotal,
    /// The totals.
    Total,
}

/// A cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SheetCell {
    /// Nothing.
    Empty,
    /// Words.
    Text(String),
    /// A number, exactly.
    Number(Exact, Format),
}

/// A line of cells; those that are left out at its end are empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// What it is.
    pub kind: LineKind,
    /// Its cells.
    pub cells: Vec<SheetCell>,
}

/// A report as lines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sheet {
    /// The number of the report.
    pub number: i64,
    /// When it was issued.
    pub issued_at: Instant,
    /// How many columns it has.
    pub width: usize,
    /// The lines.
    pub lines: Vec<Line>,
}

/// The columns before the figures: number and unit.
const BEFORE: usize = 2;

impl Sheet {
    /// The sheet of a report, from what was frozen alone.
    ///
    /// # Errors
    /// [`crate::problem::Code::ReportAltered`].
    pub fn of(report: &PeriodReport) -> Result<Self, Problem> {
        let paper = report.paper()?;
        let mut lines = title_block(report, &paper);
        lines.push(Line::note(""));
        lines.extend(heads(&paper));
        for (at, section) in paper.sections.iter().enumerate() {
            lines.extend(rows(&paper, section, at + 1 == paper.sections.len()));
        }
        lines.push(Line::note(""));
        if !paper.findings.is_empty() {
            lines.push(Line::note("Ghi chú:"));
            lines.extend(paper.findings.iter().map(|finding| Line::note(&format!("- {}", finding.text(Language::Vi)))));
        }
        let digest =
            format!("Báo cáo số {id}; mã kiểm tra SHA-256: {hash}", id = report.id.get(), hash = hex(&report.hash));
        lines.push(Line::note(&digest));
        let (number, issued_at) = (report.id.get(), report.about.issued_at);
        Ok(Self { number, issued_at, width: paper.columns.len() + BEFORE, lines })
    }

    /// As CSV (RFC 4180): every record has the same number of fields. Numbers have a point before decimals and nothing
    /// between thousands. Words that a spreadsheet would take for a formula get an apostrophe before them.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut out = String::new();
        for line in &self.lines {
            let mut fields: Vec<String> = line.cells.iter().map(SheetCell::csv).collect();
            fields.resize(self.width, String::new());
            frozen::write(&fields.iter().map(String::as_str).collect::<Vec<_>>(), &mut out);
        }
        out
    }
}

impl SheetCell {
    fn text(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }

    fn number(cell: &PaperCell, format: Format) -> Self {
        cell.as_ref().map_or(Self::Empty, |exact| Self::Number(exact.clone(), format))
    }

    fn csv(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => harmless(text),
            Self::Number(exact, Format::Whole) => exact.round_half_up().to_string(),
            Self::Number(exact, format) => exact.to_decimal(format.places()),
        }
    }
}

/// Words as no spreadsheet takes them for a formula (ASVS 1.2.10): also not by the wide forms of the signs, and not after
/// spaces.
fn harmless(text: &str) -> String {
    const SIGNS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    let first = text.trim_start_matches(' ').chars().next();
    if first.is_some_and(|letter| SIGNS.contains(&letter)) { format!("'{text}") } else { text.to_owned() }
}

impl Line {
    fn new(kind: LineKind, text: &str) -> Self {
        Self { kind, cells: vec![SheetCell::text(text)] }
    }

    fn note(text: &str) -> Self {
        Self::new(LineKind::Note, text)
    }
}

fn title_block(report: &PeriodReport, paper: &Paper) -> Vec<Line> {
    let (about, title) = (&paper.about, &paper.title);
    let mut lines = vec![
        Line::new(LineKind::Issuer, &title.issuer.to_uppercase()),
        Line::new(LineKind::Title, &heading(about)),
        Line::new(LineKind::Title, &title.drive),
        Line::note(&format!("(Thực hiện Kế hoạch số {plan})", plan = title.plan_number)),
        Line::note(&format!("Đơn vị: {unit}", unit = title.unit)),
        Line::note(&format!(
            "Chỉ tiêu: {indicator}; đối tượng: {group}",
            indicator = title.indicator,
            group = title.group
        )),
    ];
    lines.extend(title.phase.as_ref().map(|phase| Line::note(&format!("Giai đoạn: {phase}"))));
    lines.push(Line::note(&format!(
        "Số liệu tính đến ngày {to}, theo báo cáo nhận được đến {known}",
        to = print::day(about.days.to()),
        known = print::moment(about.known_at)
    )));
    lines.push(Line::note(&format!("Tình trạng: {status}", status = status(report))));
    lines
}

fn heading(about: &About) -> String {
    let (from, to) = (print::day(about.days.from()), print::day(about.days.to()));
    match about.kind {
        ReportKind::Daily => format!("BÁO CÁO NGÀY {to}"),
        ReportKind::Weekly => format!("BÁO CÁO TUẦN (từ ngày {from} đến ngày {to})"),
        ReportKind::Phase => format!("BÁO CÁO GIAI ĐOẠN (từ ngày {from} đến ngày {to})"),
        ReportKind::Final => format!("BÁO CÁO TỔNG KẾT (từ ngày {from} đến ngày {to})"),
    }
}

fn status(report: &PeriodReport) -> String {
    let stands = match report.status() {
        ReportStatus::Partial => "chưa đầy đủ".to_owned(),
        ReportStatus::Complete => "đầy đủ".to_owned(),
        ReportStatus::Correction => "đính chính, chưa xác nhận".to_owned(),
        ReportStatus::Certified => {
            let at = report.certification.as_ref().map(|certified| print::moment(certified.at)).unwrap_or_default();
            format!("đã xác nhận lúc {at}")
        }
    };
    let whole = if report.about.is_whole { "" } else { "; số liệu chưa đầy đủ khi lập" };
    let corrects = report.about.corrects.map(|id| format!("; đính chính báo cáo số {id}", id = id.get()));
    let reason = report.about.reason.as_ref().map(|reason| format!(" (lý do: {reason})"));
    let by = report.corrected_by.map(|id| format!("; đã được đính chính bằng báo cáo số {id}", id = id.get()));
    let whole = if report.status() == ReportStatus::Partial { "" } else { whole };
    [stands, whole.to_owned()].into_iter().chain(corrects).chain(reason).chain(by).collect()
}

fn heads(paper: &Paper) -> [Line; 2] {
    let line = |kind, before: [&str; BEFORE], of: fn(&super::paper::PaperColumn) -> &str| {
        let figures = paper.columns.iter().map(of);
        Line { kind, cells: before.into_iter().chain(figures).map(SheetCell::text).collect() }
    };
    [
        line(LineKind::Headings, ["STT", "Đơn vị"], |column| &column.heading_vi),
        line(LineKind::Formulas, ["A", "B"], |column| &column.formula),
    ]
}

fn rows(paper: &Paper, section: &Section, is_whole: bool) -> Vec<Line> {
    let figures = |cells: &[PaperCell]| {
        let numbers = paper.columns.iter().zip(cells).map(|(column, cell)| SheetCell::number(cell, column.format));
        numbers.collect::<Vec<_>>()
    };
    let mut lines = Vec::with_capacity(section.rows.len() + 2);
    if !section.name.is_empty() {
        lines.push(Line::new(LineKind::Section, &format!("{} ({})", section.name, days(section.days))));
    }
    for (at, row) in section.rows.iter().enumerate() {
        let number = SheetCell::Number(Exact::from(i64::try_from(at + 1).unwrap_or(i64::MAX)), Format::Whole);
        let cells = [number, SheetCell::text(&row.name)].into_iter().chain(figures(&row.cells)).collect();
        lines.push(Line { kind: LineKind::Row, cells });
    }
    let (kind, words) = if is_whole {
        (LineKind::Total, "TỔNG CỘNG".to_owned())
    } else {
        (LineKind::Subtotal, format!("Cộng {}", section.name))
    };
    let cells = [SheetCell::Empty, SheetCell::Text(words)].into_iter().chain(figures(&section.totals)).collect();
    lines.push(Line { kind, cells });
    lines
}

fn days(days: DayRange) -> String {
    format!("{from} – {to}", from = print::day(days.from()), to = print::day(days.to()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_could_be_formulas_are_made_harmless_and_numbers_stay_numbers() {
        let text = |text: &str| SheetCell::Text(text.to_owned()).csv();
        for sign in ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "  ="] {
            let cell = format!("{sign}1+cmd|' /C calc'!A0");
            assert_eq!(text(&cell), format!("'{cell}"));
        }
        assert_eq!(text("Bình Gia - 1"), "Bình Gia - 1");
        assert_eq!(SheetCell::Number(Exact::from(-17_410), Format::Whole).csv(), "-17410");
        assert_eq!(
            Exact::ratio(-161, 2).map(|half| SheetCell::Number(half, Format::Percent).csv()).as_deref(),
            Some("-80.5")
        );
    }
}
