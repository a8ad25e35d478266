//! A report as a workbook (XLSX) in the layout that officials print: title block, STT, headings, formulas, rows, totals.
//! Figures are real numbers under number formats; the separators are those of whoever opens it.

use caodiem_domain::exact::Exact;
use caodiem_domain::period_report::column::Format as Printed;
use caodiem_domain::period_report::sheet::{Line, LineKind, Sheet, SheetCell};
use rust_xlsxwriter::{
    ColNum, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, RowNum, Workbook, Worksheet, XlsxError,
};

/// The typeface that regulations on official papers ask for (Nghị định 30/2020/NĐ-CP).
const FONT: &str = "Times New Roman";

/// DIN A4.
const A4: u8 = 9;

/// So many digits after the point reach the cell; its format shows fewer.
const PLACES: u32 = 9;

/// The widths of the columns of numbers, of units, and of figures, in characters.
const WIDTHS: (f64, f64, f64) = (6.0, 30.0, 13.0);

/// What a heading and a formula need: letters that surely fit into a line of a column of figures, and points for a line.
/// Who opens it elsewhere has other typefaces, so a line is taken for shorter than it is.
const HEADING_LINE: (usize, f64) = (10, 17.0);
const FORMULA_LINE: (usize, f64) = (12, 16.0);

/// Points above and below the lines of a row.
const MARGIN: f64 = 6.0;

/// The height of a title and of any other line, in points: the marks over and under Vietnamese letters need room.
const LINES: (f64, f64) = (22.0, 18.0);

/// Writes a workbook. The same report gives the same bytes: the file is dated by the report.
pub(super) fn write(sheet: &Sheet) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_timestamp(sheet.issued_at.timestamp())?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let page = book.add_worksheet();
    page.set_name(format!("Báo cáo {number}", number = sheet.number))?;
    lay_out(page, sheet)?;
    for (at, line) in sheet.lines.iter().enumerate() {
        let row = RowNum::try_from(at).map_err(|_over| XlsxError::RowColumnLimitError)?;
        page.set_row_height(row, height(line))?;
        if line.kind == LineKind::Headings {
            page.set_freeze_panes(row + 2, 2)?;
            page.set_repeat_rows(row, row + 1)?;
        }
        if is_wide(line.kind) {
            wide(page, row, line.kind, line.cells.first(), last_column(sheet)?)?;
            continue;
        }
        for column in 0..=last_column(sheet)? {
            let cell = line.cells.get(usize::from(column)).unwrap_or(&SheetCell::Empty);
            put(page, (row, column), line.kind, cell)?;
        }
    }
    book.save_to_buffer()
}

fn lay_out(page: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    page.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0).set_print_center_horizontally(true);
    for column in 0..=last_column(sheet)? {
        let width = match column {
            0 => WIDTHS.0,
            1 => WIDTHS.1,
            _ => WIDTHS.2,
        };
        page.set_column_width(column, width)?;
    }
    Ok(())
}

/// How high a line is; of headings and formulas as high as the longest text needs: no spreadsheet makes room by itself for
/// what is written by a program.
fn height(line: &Line) -> f64 {
    let (fits, points) = match line.kind {
        LineKind::Headings => HEADING_LINE,
        LineKind::Formulas => FORMULA_LINE,
        LineKind::Title => return LINES.0,
        _ => return LINES.1,
    };
    let lines = line.cells.iter().map(|cell| match cell {
        SheetCell::Text(text) => wrapped(text, fits),
        SheetCell::Empty | SheetCell::Number(..) => 1,
    });
    f64::from(lines.max().unwrap_or(1)) * points + MARGIN
}

/// How many lines a text takes where so many letters fit into one: it is broken between words.
fn wrapped(text: &str, fits: usize) -> u16 {
    let (mut lines, mut used) = (1, 0);
    for word in text.split(' ') {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > fits {
            lines += 1;
            used = length;
        } else {
            used += length + usize::from(used > 0);
        }
    }
    lines
}

fn last_column(sheet: &Sheet) -> Result<ColNum, XlsxError> {
    ColNum::try_from(sheet.width.saturating_sub(1)).map_err(|_over| XlsxError::RowColumnLimitError)
}

/// Lines of words that stand over all columns.
const fn is_wide(kind: LineKind) -> bool {
    matches!(kind, LineKind::Issuer | LineKind::Title | LineKind::Note | LineKind::Section)
}

fn wide(
    page: &mut Worksheet,
    row: RowNum,
    kind: LineKind,
    cell: Option<&SheetCell>,
    last: ColNum,
) -> Result<(), XlsxError> {
    let Some(SheetCell::Text(text)) = cell else { return Ok(()) };
    let format = style(kind, false);
    if last == 0 || kind == LineKind::Note {
        page.write_string_with_format(row, 0, text, &format)?;
    } else {
        page.merge_range(row, 0, row, last, text, &format)?;
    }
    Ok(())
}

fn put(
    page: &mut Worksheet,
    (row, column): (RowNum, ColNum),
    kind: LineKind,
    cell: &SheetCell,
) -> Result<(), XlsxError> {
    match cell {
        SheetCell::Empty => page.write_blank(row, column, &style(kind, true))?,
        SheetCell::Text(text) => page.write_string_with_format(row, column, text, &style(kind, false))?,
        SheetCell::Number(exact, printed) => {
            let format = style(kind, true).set_num_format(number_format(*printed));
            page.write_number_with_format(row, column, number(exact), &format)?
        }
    };
    Ok(())
}

const fn number_format(printed: Printed) -> &'static str {
    match printed {
        Printed::Whole => "#,##0",
        Printed::Percent => "#,##0.0",
    }
}

/// As near as a workbook's numbers come to the exact one.
fn number(exact: &Exact) -> f64 {
    exact.to_decimal(PLACES).parse().unwrap_or(f64::NAN)
}

fn style(kind: LineKind, is_figure: bool) -> Format {
    let format = Format::new().set_font_name(FONT).set_font_size(12.0).set_align(FormatAlign::VerticalCenter);
    let boxed = |format: Format| format.set_border(FormatBorder::Thin);
    let side = if is_figure { FormatAlign::Right } else { FormatAlign::Left };
    match kind {
        LineKind::Issuer => format.set_bold().set_align(FormatAlign::Left),
        LineKind::Title => format.set_bold().set_font_size(14.0).set_align(FormatAlign::Center).set_text_wrap(),
        LineKind::Note => format.set_italic(),
        LineKind::Section => boxed(format).set_bold().set_italic().set_align(FormatAlign::Left),
        LineKind::Headings => boxed(format).set_bold().set_align(FormatAlign::Center).set_text_wrap(),
        LineKind::Formulas => {
            boxed(format).set_italic().set_font_size(11.0).set_align(FormatAlign::Center).set_text_wrap()
        }
        LineKind::Row => boxed(format).set_align(side),
        LineKind::Subtotal | LineKind::Total => boxed(format).set_bold().set_align(side),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_as_high_as_their_longest_text() {
        let line = |kind, texts: &[&str]| Line {
            kind,
            cells: texts.iter().map(|text| SheetCell::Text((*text).to_owned())).collect(),
        };
        assert_eq!([wrapped("", 12), wrapped("(1)", 12), wrapped("(5) = 100 × ((2) + (4)) / (1)", 12)], [1, 1, 3]);
        let short = height(&line(LineKind::Formulas, &["A", "(1)"]));
        let long = height(&line(LineKind::Formulas, &["A", "(5) = 100 × ((2) + (4)) / (1)"]));
        assert!(long > short, "{long} points for what needs more than {short}");
        let heading = height(&line(LineKind::Headings, &["Chênh lệch so với số liệu chính thức"]));
        assert!(heading >= 54.0, "three lines do not fit into {heading} points");
    }
}
