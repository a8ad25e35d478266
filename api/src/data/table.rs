//! Reading a CSV file with a header, so that every complaint names file, line and column.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use caodiem_domain::problem::{Language, Problem};

use crate::failure::Failure;

/// Longer cells are not data of this kind.
const MAX_CELL: usize = 2_000;

/// A CSV file in memory.
#[derive(Debug)]
pub struct Table {
    name: String,
    columns: BTreeMap<String, usize>,
    rows: Vec<(u64, csv::StringRecord)>,
}

impl Table {
    /// Reads a file from disk.
    ///
    /// # Errors
    /// [`Failure::Input`] when it cannot be read, is not UTF-8 CSV, or lacks one of `columns`.
    pub fn open(path: &Path, columns: &[&str]) -> Result<Self, Failure> {
        let file = std::fs::File::open(path)
            .map_err(|error| Failure::input(format!("{path}: {error}", path = path.display())))?;
        Self::read(&path.display().to_string(), file, columns)
    }

    /// Reads a table; `name` is what complaints call it.
    ///
    /// # Errors
    /// [`Failure::Input`] when it is not UTF-8 CSV, or lacks one of `columns`.
    pub fn read(name: &str, source: impl Read, columns: &[&str]) -> Result<Self, Failure> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(source);
        let headers = reader.headers().map_err(|error| Failure::input(format!("{name}: {error}")))?.clone();
        let known: BTreeMap<String, usize> = headers
            .iter()
            .enumerate()
            .map(|(at, header)| (header.trim_start_matches('\u{feff}').to_owned(), at))
            .collect();
        let missing: Vec<&str> = columns.iter().copied().filter(|column| !known.contains_key(*column)).collect();
        if !missing.is_empty() {
            return Err(Failure::input(format!(
                "{name}: the header lacks {missing}; it has to name {wanted}; it is {found}",
                missing = missing.join(", "),
                wanted = columns.join(", "),
                found = headers.iter().collect::<Vec<_>>().join(","),
            )));
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| Failure::input(format!("{name}: {error}")))?;
            let line = record.position().map_or(0, csv::Position::line);
            rows.push((line, record));
        }
        Ok(Self { name: name.to_owned(), columns: known, rows })
    }

    /// The rows in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, record)| Row { table: self, line: *line, record })
    }

    /// Reads every row; all complaints at once.
    ///
    /// # Errors
    /// [`Failure::Input`] with a line per complaint.
    pub fn read_rows<T>(&self, read: impl Fn(&Row<'_>) -> Result<T, String>) -> Result<Vec<T>, Failure> {
        let mut complaints = Vec::new();
        let mut found = Vec::with_capacity(self.rows.len());
        for row in self.rows() {
            match read(&row) {
                Ok(value) => found.push(value),
                Err(complaint) => complaints.push(complaint),
            }
        }
        if complaints.is_empty() { Ok(found) } else { Err(Failure::input_all(complaints)) }
    }

    /// What a problem at `<prefix>.<index>` is about, in the words of this file.
    #[must_use]
    pub fn explain(&self, prefix: &str, problem: &Problem) -> Option<String> {
        let mut place = problem.field().strip_prefix(prefix)?.strip_prefix('.')?.splitn(2, '.');
        let (line, record) = self.rows.get(place.next()?.parse::<usize>().ok()?)?;
        let column = place.next().map(|field| format!(", {field}")).unwrap_or_default();
        Some(format!(
            "{name}, line {line}{column}: {text} ({code}); the row is {row}",
            name = self.name,
            text = problem.text(Language::En),
            code = problem.code().as_str(),
            row = record.iter().collect::<Vec<_>>().join(","),
        ))
    }
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'table> {
    table: &'table Table,
    line: u64,
    record: &'table csv::StringRecord,
}

impl<'table> Row<'table> {
    /// A cell, empty where the column is missing or blank.
    #[must_use]
    pub fn text(&self, column: &str) -> &'table str {
        self.table.columns.get(column).and_then(|at| self.record.get(*at)).unwrap_or_default()
    }

    /// A complaint about a cell: where, what stands there, what would be right.
    #[must_use]
    pub fn complain(&self, column: &str, wanted: &str) -> String {
        let cell: String = self.text(column).chars().take(60).collect();
        format!("{name}, line {line}, {column} “{cell}”: {wanted}", name = self.table.name, line = self.line)
    }

    /// A cell through a constructor of the domain.
    ///
    /// # Errors
    /// A complaint that names file, line and column.
    pub fn parse<T>(&self, column: &str, make: impl FnOnce(&str) -> Result<T, Problem>) -> Result<T, String> {
        let cell = self.text(column);
        if cell.len() > MAX_CELL {
            return Err(self.complain(column, "the cell is far too long"));
        }
        make(cell).map_err(|problem| self.complain(column, &problem.text(Language::En)))
    }

    /// A cell that may be blank.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn optional<T>(
        &self,
        column: &str,
        make: impl FnOnce(&str) -> Result<T, Problem>,
    ) -> Result<Option<T>, String> {
        if self.text(column).is_empty() { Ok(None) } else { self.parse(column, make).map(Some) }
    }

    /// A whole number.
    ///
    /// # Errors
    /// A complaint that names file, line and column.
    pub fn number(&self, column: &str) -> Result<i64, String> {
        self.text(column).parse().map_err(|_not_digits| self.complain(column, "a whole number is needed"))
    }

    /// One word of a list.
    ///
    /// # Errors
    /// A complaint that lists the words.
    pub fn word<T: Copy>(&self, column: &str, words: &[(&str, T)]) -> Result<T, String> {
        let cell = self.text(column);
        words.iter().find(|(word, _)| *word == cell).map(|(_, value)| *value).ok_or_else(|| {
            let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.complain(column, &format!("it has to be one of: {all}", all = all.join(", ")))
        })
    }
}

#[cfg(test)]
mod tests;
