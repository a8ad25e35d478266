//! Rows of compilations and of their parts.

use caodiem_domain::count::Count;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{CompilationId, DriveId, IndicatorId, UnitId};
use caodiem_domain::reporting::Debtor;
use caodiem_domain::reporting::compilation::{Compilation, CompilationKey, CompilationState, StatedTotal};
use caodiem_domain::reporting::rule::ReportKind;
use caodiem_domain::tally::Reporter;
use caodiem_domain::text::{Reason, Subject};
use diesel::prelude::*;

use super::code::Stored;
use super::corrupt;
use super::moment::{day_number, day_of, instant_of, micros};
use super::tally::{reporter_key, reporter_of};
use crate::tables::{compilation, compilation_figure, compilation_gap};

/// A compilation, in the order of its table.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = compilation, treat_none_as_default_value = false)]
pub(crate) struct CompilationRow {
    pub(crate) id: i64,
    drive_id: i64,
    pub(crate) unit_id: i64,
    kind: String,
    day: i32,
    revision: i32,
    state: String,
    expected: i32,
    received: i32,
    on_time: i32,
    author: String,
    pub(crate) at: i64,
    reason: Option<String>,
}

/// Somebody silent, in the order of its table.
#[derive(Queryable, Insertable, Clone, Copy, Debug)]
#[diesel(table_name = compilation_gap)]
pub(crate) struct GapRow {
    pub(crate) compilation_id: i64,
    unit_id: i64,
    reporter_kind: i16,
    reporter_id: i64,
}

/// A stated total, in the order of its table.
#[derive(Queryable, Insertable, Clone, Copy, Debug)]
#[diesel(table_name = compilation_figure)]
pub(crate) struct FigureRow {
    pub(crate) compilation_id: i64,
    indicator_id: i64,
    stated: i64,
    parts: i64,
}

fn small(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn natural(number: i32) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(corrupt("compilation"))
}

impl From<&Compilation> for CompilationRow {
    fn from(compilation: &Compilation) -> Self {
        let CompilationKey { drive, unit, kind, day } = compilation.key;
        Self {
            id: compilation.id.get(),
            drive_id: drive.get(),
            unit_id: unit.get(),
            kind: kind.word().to_owned(),
            day: day_number(day),
            revision: compilation.revision,
            state: compilation.state.word().to_owned(),
            expected: small(compilation.expected),
            received: small(compilation.received),
            on_time: small(compilation.on_time),
            author: compilation.author.to_string(),
            at: micros(compilation.at),
            reason: compilation.reason.as_ref().map(ToString::to_string),
        }
    }
}

/// The rows of a compilation's parts.
pub(crate) fn parts_of(compilation: &Compilation) -> (Vec<GapRow>, Vec<FigureRow>) {
    let compilation_id = compilation.id.get();
    let gap = |debtor: &Debtor| {
        let (reporter_kind, reporter_id) = reporter_key(debtor.reporter());
        GapRow { compilation_id, unit_id: debtor.unit.get(), reporter_kind, reporter_id }
    };
    let figure = |total: &StatedTotal| FigureRow {
        compilation_id,
        indicator_id: total.indicator.get(),
        stated: total.stated.get(),
        parts: total.parts,
    };
    (compilation.gaps.iter().map(gap).collect(), compilation.stated.iter().map(figure).collect())
}

/// The compilation of a row and the rows of its parts.
pub(crate) fn compilation_of(
    row: &CompilationRow,
    gaps: &[GapRow],
    figures: &[FigureRow],
) -> Result<Compilation, StoreError> {
    let gap = |row: &GapRow| {
        let team = match reporter_of(row.reporter_kind, row.reporter_id)? {
            Reporter::Unit(_) => None,
            Reporter::Team(team) => Some(team),
        };
        Ok(Debtor { unit: UnitId::new(row.unit_id), team })
    };
    let figure = |row: &FigureRow| {
        let stated = Count::new(row.stated).map_err(corrupt("compilation_figure.stated"))?;
        Ok(StatedTotal { indicator: IndicatorId::new(row.indicator_id), stated, parts: row.parts })
    };
    let reason = row.reason.as_deref().map(Reason::new).transpose();
    Ok(Compilation {
        id: CompilationId::new(row.id),
        key: CompilationKey {
            drive: DriveId::new(row.drive_id),
            unit: UnitId::new(row.unit_id),
            kind: ReportKind::from_word(&row.kind)?,
            day: day_of(row.day)?,
        },
        revision: row.revision,
        state: CompilationState::from_word(&row.state)?,
        expected: natural(row.expected)?,
        received: natural(row.received)?,
        on_time: natural(row.on_time)?,
        gaps: gaps.iter().filter(|gap| gap.compilation_id == row.id).map(gap).collect::<Result<_, StoreError>>()?,
        stated: figures
            .iter()
            .filter(|figure| figure.compilation_id == row.id)
            .map(figure)
            .collect::<Result<_, StoreError>>()?,
        author: Subject::new(&row.author).map_err(corrupt("compilation.author"))?,
        at: instant_of(row.at)?,
        reason: reason.map_err(corrupt("compilation.reason"))?,
    })
}
