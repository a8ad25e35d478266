//! Official figures (số liệu trích xuất CSDLQG về DC): what the national database says, as extracts bring it.
//!
//! An extract is one file of one source, cut at one moment. Its figures are cumulative and of a unit and an indicator; they
//! belong to no drive, and a drive uses those of its days. Nothing is overwritten: of two extracts of the same source and
//! moment the later loaded one stands.

pub mod sheet;

use crate::count::Count;
use crate::id::{ExtractId, IndicatorId, SourceId, UnitId};
use crate::problem::Problem;
use crate::text::{Source, Subject};
use crate::time::Instant;

/// What an import may do to figures of the same source and moment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Strategy {
    /// Only figures where none stands.
    Create,
    /// Only figures where another stands.
    Update,
    /// Either.
    CreateOrUpdate,
}

/// A file of figures that was loaded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Extract {
    /// Identity.
    pub id: ExtractId,
    /// The unit of whoever loaded it: who sees the unit sees the extract.
    pub unit: UnitId,
    /// Where the file comes from.
    pub source: Source,
    /// The same, by number.
    pub source_id: SourceId,
    /// The moment up to which its figures count.
    pub as_of: Instant,
    /// SHA-256 of the file: the same content is loaded once.
    pub sha256: [u8; 32],
    /// What it was allowed to do.
    pub strategy: Strategy,
    /// How many rows it has, the header aside.
    pub rows: u32,
    /// How many figures it brought that stood nowhere before.
    pub figures: u32,
    /// How many of its rows were left out because something was wrong with them.
    pub refused: u32,
    /// Who loaded it.
    pub author: Subject,
    /// When, by the server's clock.
    pub received_at: Instant,
}

/// One figure of an extract.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OfficialFigure {
    /// Where.
    pub unit: UnitId,
    /// Of what, simple or composite.
    pub indicator: IndicatorId,
    /// By whom.
    pub source: SourceId,
    /// The moment up to which it counts.
    pub as_of: Instant,
    /// The extract that brought it.
    pub extract: ExtractId,
    /// How many there were from the beginning up to that moment.
    pub value: Count,
}

/// Something noted about a file: a refusal of a row, or a finding that refuses nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Noted {
    /// The line of the file, from 1; 0 for the file as a whole.
    pub line: usize,
    /// The column, from 1; `None` for the whole line.
    pub column: Option<usize>,
    /// What.
    pub problem: Problem,
}

impl Noted {
    /// Of the file as a whole.
    #[must_use]
    pub const fn of_file(problem: Problem) -> Self {
        Self { line: 0, column: None, problem }
    }

    /// Of a line.
    #[must_use]
    pub const fn of_line(line: usize, problem: Problem) -> Self {
        Self { line, column: None, problem }
    }

    /// Of a cell.
    #[must_use]
    pub const fn of_cell(line: usize, column: usize, problem: Problem) -> Self {
        Self { line, column: Some(column), problem }
    }

    /// The problem with its place: `lines.3.columns.2`.
    #[must_use]
    pub fn placed(&self) -> Problem {
        let problem = self.problem.clone();
        let problem = self.column.map_or(problem.clone(), |column| problem.at(column).at("columns"));
        if self.line == 0 { problem.at("content") } else { problem.at(self.line).at("lines") }
    }
}

/// What lists of extracts can be narrowed by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ExtractPredicate {
    /// Loaded for this unit or any under it.
    Under(UnitId),
    /// Exactly this source.
    Source(Source),
    /// As of this moment or later.
    Since(Instant),
    /// As of a moment before this.
    Before(Instant),
}
