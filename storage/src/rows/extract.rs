//! Rows of extracts and official figures.

use caodiem_domain::count::Count;
use caodiem_domain::error::StoreError;
use caodiem_domain::extract::{Extract, OfficialFigure};
use caodiem_domain::id::{ExtractId, IndicatorId, SourceId, UnitId};
use caodiem_domain::text::{Source, Subject};
use diesel::prelude::*;

use super::code::Stored;
use super::corrupt;
use super::moment::{instant_of, micros};
use crate::tables::official_extract;

/// An extract, in the order of its table.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = official_extract)]
pub(crate) struct ExtractRow {
    id: i64,
    unit_id: i64,
    source_id: i64,
    as_of: i64,
    sha256: Vec<u8>,
    strategy: String,
    line_count: i32,
    figures: i32,
    refused: i32,
    author: String,
    received_at: i64,
}

impl ExtractRow {
    /// The number of its source.
    pub(crate) const fn source(&self) -> i64 {
        self.source_id
    }
}

fn small(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

impl From<&Extract> for ExtractRow {
    fn from(extract: &Extract) -> Self {
        Self {
            id: extract.id.get(),
            unit_id: extract.unit.get(),
            source_id: extract.source_id.get(),
            as_of: micros(extract.as_of),
            sha256: extract.sha256.to_vec(),
            strategy: extract.strategy.word().to_owned(),
            line_count: small(extract.rows),
            figures: small(extract.figures),
            refused: small(extract.refused),
            author: extract.author.to_string(),
            received_at: micros(extract.received_at),
        }
    }
}

/// An extract with the title of its source.
pub(crate) type SourcedRow = (ExtractRow, String);

impl TryFrom<Sourced> for Extract {
    type Error = StoreError;

    fn try_from(Sourced((row, source)): Sourced) -> Result<Self, StoreError> {
        Ok(Self {
            id: ExtractId::new(row.id),
            unit: UnitId::new(row.unit_id),
            source: Source::new(&source).map_err(corrupt("official_source.title"))?,
            source_id: SourceId::new(row.source_id),
            as_of: instant_of(row.as_of)?,
            sha256: row.sha256.try_into().map_err(corrupt("official_extract.sha256"))?,
            strategy: Stored::from_word(&row.strategy)?,
            rows: row.line_count.unsigned_abs(),
            figures: row.figures.unsigned_abs(),
            refused: row.refused.unsigned_abs(),
            author: Subject::new(&row.author).map_err(corrupt("official_extract.author"))?,
            received_at: instant_of(row.received_at)?,
        })
    }
}

/// What a list of extracts loads.
pub(crate) struct Sourced(pub(crate) SourcedRow);

/// A figure, in the order of its table.
#[derive(Queryable, Clone, Copy, Debug)]
pub(crate) struct OfficialRow {
    pub(crate) unit_id: i64,
    pub(crate) indicator_id: i64,
    pub(crate) source_id: i64,
    pub(crate) as_of: i64,
    pub(crate) extract_id: i64,
    pub(crate) value: i64,
}

impl From<&OfficialFigure> for OfficialRow {
    fn from(figure: &OfficialFigure) -> Self {
        Self {
            unit_id: figure.unit.get(),
            indicator_id: figure.indicator.get(),
            source_id: figure.source.get(),
            as_of: micros(figure.as_of),
            extract_id: figure.extract.get(),
            value: figure.value.get(),
        }
    }
}

impl TryFrom<OfficialRow> for OfficialFigure {
    type Error = StoreError;

    fn try_from(row: OfficialRow) -> Result<Self, StoreError> {
        Ok(Self {
            unit: UnitId::new(row.unit_id),
            indicator: IndicatorId::new(row.indicator_id),
            source: SourceId::new(row.source_id),
            as_of: instant_of(row.as_of)?,
            extract: ExtractId::new(row.extract_id),
            value: Count::new(row.value).map_err(corrupt("official_figure.value"))?,
        })
    }
}

/// What official figures are asked for: units, indicators, perhaps one source, after a moment up to another.
pub(crate) struct OfficialQuestion<'ids> {
    pub(crate) units: &'ids [i64],
    pub(crate) indicators: &'ids [i64],
    pub(crate) source: Option<i64>,
    pub(crate) after: i64,
    pub(crate) until: i64,
}
