//! Reading the file of an extract: CSV in UTF-8, `unit_code` first, then perhaps `unit_name`, then a column per indicator.
//!
//! Strict where CSV readers are lenient, because a figure that was read differently from how it stands is worse than one
//! that was refused: quotes have to enclose a whole cell, a cell holds no line break (so a quote that is never closed spoils
//! its own line and no other), rows have as many cells as the header, a figure is digits and nothing else. An empty cell
//! is no figure: silence is not zero.

mod cells;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::count::Count;
use crate::extract::Noted;
use crate::problem::{Code, Problem};
use crate::text::UnitCode;

/// The most bytes of a file.
pub const BYTES_MAX: usize = 4 * 1024 * 1024;
/// The most rows of a file, the header aside: every commune of the country before 2025, nearly twice.
pub const ROWS_MAX: usize = 20_000;
/// The most columns.
pub const COLUMNS_MAX: usize = 64;
/// The longest cell, in characters.
pub const CELL_MAX: usize = 200;
/// The most things noted one by one; the others are counted.
pub const NOTED_MAX: usize = 1_000;

/// The first column of every file.
const UNIT_CODE: &str = "unit_code";
/// The optional column that names are compared with.
const UNIT_NAME: &str = "unit_name";

/// The digest that a file is known by.
#[must_use]
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// A row that could be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Its line in the file, from 1.
    pub line: usize,
    /// The unit.
    pub code: UnitCode,
    /// The name beside the code, where the file has one.
    pub name: Option<String>,
    /// The figures: index into [`Sheet::indicators`], and how many. Empty cells are left out.
    pub figures: Vec<(usize, Count)>,
}

/// A file as it was read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sheet {
    /// The columns of figures: code of the indicator, and the column's number from 1.
    pub indicators: Vec<(String, usize)>,
    /// The column of names.
    pub name_column: Option<usize>,
    /// The rows that could be read, in order.
    pub rows: Vec<Row>,
    /// How many rows the file has, those that could not be read among them.
    pub total: usize,
    /// What is wrong with the others, and with the file.
    pub noted: Vec<Noted>,
    /// Whether the file as a whole cannot be used: then no row was read.
    pub unusable: bool,
}

impl Sheet {
    /// Reads a file.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        Self::try_read(bytes).unwrap_or_else(|problem| Self { noted: vec![problem], unusable: true, ..Self::default() })
    }

    fn try_read(bytes: &[u8]) -> Result<Self, Noted> {
        let whole = Noted::of_file;
        if bytes.len() > BYTES_MAX {
            let problem = Problem::new(Code::TooMany).with("actual", bytes.len()).with("max", BYTES_MAX);
            return Err(whole(problem.at("bytes")));
        }
        let text = decode(bytes).map_err(whole)?;
        let mut lines = lines_of(text).filter(|(_, line)| !line.trim().is_empty());
        let (line, header) = lines.next().ok_or_else(|| whole(Problem::new(Code::Empty)))?;
        let mut sheet = Self::of_header(line, header)?;
        let width = sheet.width();
        let mut seen: BTreeMap<UnitCode, usize> = BTreeMap::new();
        for (line, text) in lines {
            sheet.total += 1;
            if sheet.total > ROWS_MAX {
                let problem = Problem::new(Code::TooMany).with("actual", sheet.total).with("max", ROWS_MAX);
                return Err(whole(problem.at("rows")));
            }
            match sheet.row(line, text, width, &mut seen) {
                Ok(row) => sheet.rows.push(row),
                Err(noted) => sheet.noted.extend(noted),
            }
        }
        if sheet.total == 0 {
            return Err(whole(Problem::new(Code::Empty).at("rows")));
        }
        Ok(sheet)
    }

    fn width(&self) -> usize {
        1 + usize::from(self.name_column.is_some()) + self.indicators.len()
    }

    fn of_header(line: usize, text: &str) -> Result<Self, Noted> {
        let cells = cells::split(text).map_err(|(column, problem)| Noted::of_cell(line, column, problem))?;
        let cells: Vec<&str> = cells.iter().map(|cell| cell.trim()).collect();
        if cells.len() > COLUMNS_MAX {
            let problem = Problem::new(Code::TooMany).with("actual", cells.len()).with("max", COLUMNS_MAX);
            return Err(Noted::of_line(line, problem.at("columns")));
        }
        let first = cells.first().copied().unwrap_or_default();
        if let (1, Some(found)) = (cells.len(), [';', '\t', '|'].into_iter().find(|other| first.contains(*other))) {
            let found = if found == '\t' { "TAB".to_owned() } else { found.to_string() };
            return Err(Noted::of_line(line, Problem::new(Code::ExtractDelimiter).with("found", found)));
        }
        cells::check(first).map_err(|problem| Noted::of_cell(line, 1, problem))?;
        if !first.eq_ignore_ascii_case(UNIT_CODE) {
            let problem =
                Problem::new(Code::ExtractHeader).with("wanted", UNIT_CODE).with("found", cells::shown(first));
            return Err(Noted::of_cell(line, 1, problem));
        }
        let mut sheet = Self::default();
        let mut known: BTreeMap<&str, usize> = BTreeMap::from([(UNIT_CODE, 1)]);
        for (column, cell) in (2..).zip(cells.iter().copied().skip(1)) {
            cells::check(cell).map_err(|problem| Noted::of_cell(line, column, problem))?;
            if let Some(first) = known.insert(cell, column) {
                let problem = Problem::new(Code::Repeated).with("first", format_args!("column {first}"));
                return Err(Noted::of_cell(line, column, problem));
            }
            if cell == UNIT_NAME {
                sheet.name_column = Some(column);
            } else if cell.is_empty() {
                return Err(Noted::of_cell(line, column, Problem::new(Code::Empty)));
            } else {
                sheet.indicators.push((cell.to_owned(), column));
            }
        }
        if sheet.indicators.is_empty() {
            return Err(Noted::of_line(line, Problem::new(Code::Empty).at("indicators")));
        }
        Ok(sheet)
    }

    /// A row, or everything that is wrong with it.
    fn row(
        &self,
        line: usize,
        text: &str,
        width: usize,
        seen: &mut BTreeMap<UnitCode, usize>,
    ) -> Result<Row, Vec<Noted>> {
        let cells = cells::split(text).map_err(|(column, problem)| vec![Noted::of_cell(line, column, problem)])?;
        if cells.len() != width {
            let problem = Problem::new(Code::RowLength).with("actual", cells.len()).with("expected", width);
            return Err(vec![Noted::of_line(line, problem)]);
        }
        let cell = |column: usize| cells.get(column - 1).map(|cell| cell.trim()).unwrap_or_default();
        let mut noted = Vec::new();
        let code = cells::check(cell(1)).and_then(|()| UnitCode::new(cell(1)));
        let code = code.map_err(|problem| noted.push(Noted::of_cell(line, 1, problem))).ok();
        if let Some(column) = self.name_column
            && let Err(problem) = cells::check(cell(column))
        {
            noted.push(Noted::of_cell(line, column, problem));
        }
        if let Some(first) = code.as_ref().and_then(|code| seen.get(code)) {
            let problem = Problem::new(Code::Repeated).with("first", format_args!("line {first}"));
            noted.push(Noted::of_cell(line, 1, problem));
        } else if let Some(code) = &code {
            seen.insert(code.clone(), line);
        }
        let mut figures = Vec::with_capacity(self.indicators.len());
        for (index, (_, column)) in self.indicators.iter().enumerate() {
            match cells::figure(cell(*column)) {
                Ok(figure) => figures.extend(figure.map(|figure| (index, figure))),
                Err(problem) => noted.push(Noted::of_cell(line, *column, problem)),
            }
        }
        let name = self.name_column.map(|column| cell(column).to_owned()).filter(|name| !name.is_empty());
        match code {
            Some(code) if noted.is_empty() => Ok(Row { line, code, name, figures }),
            _ => Err(noted),
        }
    }
}

/// The text of a file, without the mark at its beginning.
fn decode(bytes: &[u8]) -> Result<&str, Problem> {
    let wrong = |found: String| Problem::new(Code::ExtractEncoding).with("found", found);
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(wrong("UTF-16".to_owned()));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| wrong(format!("byte {at}", at = error.valid_up_to() + 1)))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // Every other byte of UTF-16 without a mark is nought; a stray one is a matter of its cell.
    let head: String = text.chars().take(64).collect();
    let noughts = head.matches('\0').count();
    if noughts * 4 > head.len() { Err(wrong("UTF-16".to_owned())) } else { Ok(text) }
}

/// The lines with their numbers, whatever ends them: LF, CR LF or CR.
fn lines_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = Some(text);
    let lines = std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\r', '\n']) else {
            rest = None;
            return Some(text);
        };
        let (line, ending) = text.split_at(end);
        let length = if ending.starts_with("\r\n") { 2 } else { 1 };
        rest = ending.get(length..);
        Some(line)
    });
    (1..).zip(lines)
}

#[cfg(test)]
mod tests;
