//! Rows of baselines and of printed figures.

use caodiem_domain::baseline::{Baseline, BaselineKey, PrintedFigure};
use caodiem_domain::count::Count;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{BaselineId, DriveId, GroupId, IndicatorId, UnitId};
use caodiem_domain::text::{Key, Source, Subject};
use caodiem_domain::time::Day;
use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{corrupt, exact};
use crate::tables::{baseline, printed_figure};

/// A baseline, in the order of its table.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = baseline, treat_none_as_default_value = false)]
pub(crate) struct BaselineRow {
    id: i64,
    unit_id: i64,
    group_id: i64,
    indicator_id: i64,
    as_of: Day,
    revision: i32,
    value: i64,
    source: String,
    synthetic: bool,
    author: String,
    recorded_at: NaiveDateTime,
}

impl From<&Baseline> for BaselineRow {
    fn from(baseline: &Baseline) -> Self {
        Self {
            id: baseline.id.get(),
            unit_id: baseline.key.unit.get(),
            group_id: baseline.key.group.get(),
            indicator_id: baseline.key.indicator.get(),
            as_of: baseline.key.as_of,
            revision: baseline.revision,
            value: baseline.value.get(),
            source: baseline.source.to_string(),
            synthetic: baseline.synthetic,
            author: baseline.author.to_string(),
            recorded_at: baseline.recorded_at.naive_utc(),
        }
    }
}

impl TryFrom<BaselineRow> for Baseline {
    type Error = StoreError;

    fn try_from(row: BaselineRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: BaselineId::new(row.id),
            key: BaselineKey {
                unit: UnitId::new(row.unit_id),
                group: GroupId::new(row.group_id),
                indicator: IndicatorId::new(row.indicator_id),
                as_of: row.as_of,
            },
            revision: row.revision,
            value: Count::new(row.value).map_err(corrupt("baseline.value"))?,
            source: Source::new(&row.source).map_err(corrupt("baseline.source"))?,
            synthetic: row.synthetic,
            author: Subject::new(&row.author).map_err(corrupt("baseline.author"))?,
            recorded_at: row.recorded_at.and_utc(),
        })
    }
}

/// A printed figure, in the order of its table. Unit 0 is the total row.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = printed_figure, treat_none_as_default_value = false)]
pub(crate) struct PrintedRow {
    drive_id: i64,
    unit_id: i64,
    column_key: String,
    value: String,
    source: String,
}

impl TryFrom<&PrintedFigure> for PrintedRow {
    type Error = StoreError;

    fn try_from(figure: &PrintedFigure) -> Result<Self, StoreError> {
        Ok(Self {
            drive_id: figure.drive.get(),
            unit_id: figure.unit.map_or(0, UnitId::get),
            column_key: figure.column.to_string(),
            value: exact::encode(&figure.value)?,
            source: figure.source.to_string(),
        })
    }
}

impl TryFrom<PrintedRow> for PrintedFigure {
    type Error = StoreError;

    fn try_from(row: PrintedRow) -> Result<Self, StoreError> {
        Ok(Self {
            drive: DriveId::new(row.drive_id),
            unit: (row.unit_id != 0).then(|| UnitId::new(row.unit_id)),
            column: Key::new(&row.column_key).map_err(corrupt("printed_figure.column_key"))?,
            value: exact::decode(&row.value)?,
            source: Source::new(&row.source).map_err(corrupt("printed_figure.source"))?,
        })
    }
}

impl PrintedRow {
    /// What it is of.
    pub(crate) fn key(&self) -> (i64, i64, String) {
        (self.drive_id, self.unit_id, self.column_key.clone())
    }
}
