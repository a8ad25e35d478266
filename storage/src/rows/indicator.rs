//! Rows of the catalogue.

use caodiem_domain::error::StoreError;
use caodiem_domain::id::{GroupId, IndicatorId};
use caodiem_domain::indicator::{AccountLevel, Attribution, Group, Indicator, Stage, TimeRule};
use caodiem_domain::text::{Key, Title};
use diesel::prelude::*;

use super::code::Stored;
use super::corrupt;
use crate::tables::{indicator, indicator_part, population_group};

#[derive(Queryable, Insertable)]
#[diesel(table_name = indicator, treat_none_as_default_value = false)]
pub(crate) struct IndicatorRow {
    pub(crate) id: i64,
    code: String,
    name_vi: String,
    name_en: String,
    stage: String,
    level: Option<String>,
    attribution: String,
    time_rule: String,
}

#[derive(Insertable)]
#[diesel(table_name = indicator_part)]
pub(crate) struct PartRow {
    indicator_id: i64,
    part_id: i64,
    ordinal: i32,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = population_group)]
pub(crate) struct GroupRow {
    id: i64,
    code: String,
    name_vi: String,
    name_en: String,
}

impl From<&Indicator> for IndicatorRow {
    fn from(indicator: &Indicator) -> Self {
        Self {
            id: indicator.id.get(),
            code: indicator.code.to_string(),
            name_vi: indicator.name_vi.to_string(),
            name_en: indicator.name_en.to_string(),
            stage: indicator.stage.word().to_owned(),
            level: indicator.level.map(|level| level.word().to_owned()),
            attribution: indicator.attribution.word().to_owned(),
            time_rule: indicator.time_rule.word().to_owned(),
        }
    }
}

/// The rows of an indicator's parts.
pub(crate) fn part_rows(indicator: &Indicator) -> Vec<PartRow> {
    let row = |(ordinal, part): (i32, &IndicatorId)| PartRow {
        indicator_id: indicator.id.get(),
        part_id: part.get(),
        ordinal,
    };
    (1..).zip(&indicator.parts).map(row).collect()
}

/// The indicator of a row and its parts.
pub(crate) fn indicator_of(row: IndicatorRow, parts: Vec<IndicatorId>) -> Result<Indicator, StoreError> {
    Ok(Indicator {
        id: IndicatorId::new(row.id),
        code: Key::new(&row.code).map_err(corrupt("indicator.code"))?,
        name_vi: Title::new(&row.name_vi).map_err(corrupt("indicator.name_vi"))?,
        name_en: Title::new(&row.name_en).map_err(corrupt("indicator.name_en"))?,
        stage: Stage::from_word(&row.stage)?,
        level: row.level.as_deref().map(AccountLevel::from_word).transpose()?,
        attribution: Attribution::from_word(&row.attribution)?,
        time_rule: TimeRule::from_word(&row.time_rule)?,
        parts,
    })
}

impl From<&Group> for GroupRow {
    fn from(group: &Group) -> Self {
        Self {
            id: group.id.get(),
            code: group.code.to_string(),
            name_vi: group.name_vi.to_string(),
            name_en: group.name_en.to_string(),
        }
    }
}

impl TryFrom<GroupRow> for Group {
    type Error = StoreError;

    fn try_from(row: GroupRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: GroupId::new(row.id),
            code: Key::new(&row.code).map_err(corrupt("population_group.code"))?,
            name_vi: Title::new(&row.name_vi).map_err(corrupt("population_group.name_vi"))?,
            name_en: Title::new(&row.name_en).map_err(corrupt("population_group.name_en"))?,
        })
    }
}
