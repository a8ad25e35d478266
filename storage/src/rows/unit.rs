//! Rows of units, their versions and lineage.

use caodiem_domain::error::StoreError;
use caodiem_domain::exact::Exact;
use caodiem_domain::id::UnitId;
use caodiem_domain::text::{LegalBasis, UnitCode, UnitName};
use caodiem_domain::unit::name::NameKeys;
use caodiem_domain::unit::tree::TreeUnit;
use caodiem_domain::unit::{Lineage, LineageMode, Unit, UnitKind, UnitPath, UnitVersion};
use chrono::NaiveDate;
use diesel::prelude::*;

use super::code::Stored;
use super::corrupt;
use crate::tables::{unit, unit_lineage, unit_version};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = unit, treat_none_as_default_value = false)]
pub(crate) struct UnitRow {
    pub(crate) id: i64,
    pub(crate) path: String,
    pub(crate) synthetic: bool,
    pub(crate) closed_on: Option<NaiveDate>,
    pub(crate) latest: i32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = unit_version)]
pub(crate) struct VersionRow {
    pub(crate) unit_id: i64,
    number: i32,
    pub(crate) code: String,
    name: String,
    pub(crate) plain_key: String,
    kind: String,
    parent_id: Option<i64>,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    legal_basis: Option<String>,
}

#[derive(Insertable)]
#[diesel(table_name = unit_version, treat_none_as_default_value = false)]
pub(crate) struct NewVersionRow {
    unit_id: i64,
    number: i32,
    code: String,
    name: String,
    toned_key: String,
    plain_key: String,
    kind: &'static str,
    level: &'static str,
    parent_id: Option<i64>,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    legal_basis: Option<String>,
}

/// A move of a subtree: the range of its paths, where it goes, and how much of a path stays.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MoveRow {
    pub(crate) from: String,
    pub(crate) end: String,
    pub(crate) to: String,
    /// The first character, from 1, of what stays.
    pub(crate) rest: i32,
}

impl MoveRow {
    pub(crate) fn new(from: &UnitPath, to: &UnitPath) -> Self {
        Self {
            from: from.as_str().to_owned(),
            end: from.upper_bound(),
            to: to.as_str().to_owned(),
            rest: i32::try_from(from.as_str().len() + 1).unwrap_or(i32::MAX),
        }
    }
}

/// What the tree needs of a version: the unit, the one above, the kind.
pub(crate) type TreeRow = (i64, Option<i64>, String);

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = unit_lineage, treat_none_as_default_value = false)]
pub(crate) struct LineageRow {
    from_id: i64,
    to_id: i64,
    on_day: NaiveDate,
    mode: String,
    share: Option<String>,
}

impl From<&Unit> for UnitRow {
    fn from(unit: &Unit) -> Self {
        Self {
            id: unit.id.get(),
            path: unit.path.as_str().to_owned(),
            synthetic: unit.synthetic,
            closed_on: unit.closed_on,
            latest: unit.latest,
        }
    }
}

impl From<&UnitVersion> for NewVersionRow {
    fn from(version: &UnitVersion) -> Self {
        let keys = NameKeys::of(&version.name);
        Self {
            unit_id: version.unit.get(),
            number: version.number,
            code: version.code.to_string(),
            name: version.name.to_string(),
            toned_key: keys.toned,
            plain_key: keys.plain,
            kind: version.kind.word(),
            level: version.kind.level().word(),
            parent_id: version.parent.map(UnitId::get),
            valid_from: version.valid_from,
            valid_to: version.valid_to,
            legal_basis: version.legal_basis.as_ref().map(ToString::to_string),
        }
    }
}

impl TryFrom<VersionRow> for UnitVersion {
    type Error = StoreError;

    fn try_from(row: VersionRow) -> Result<Self, StoreError> {
        let legal_basis = row.legal_basis.as_deref().map(LegalBasis::new).transpose();
        Ok(Self {
            unit: UnitId::new(row.unit_id),
            number: row.number,
            code: UnitCode::new(&row.code).map_err(corrupt("unit_version.code"))?,
            name: UnitName::new(&row.name).map_err(corrupt("unit_version.name"))?,
            kind: UnitKind::from_word(&row.kind)?,
            parent: row.parent_id.map(UnitId::new),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            legal_basis: legal_basis.map_err(corrupt("unit_version.legal_basis"))?,
        })
    }
}

/// The unit of its row and the row of a version.
pub(crate) fn unit_of((row, version): (UnitRow, VersionRow)) -> Result<Unit, StoreError> {
    Ok(Unit {
        id: UnitId::new(row.id),
        path: UnitPath::parse(&row.path).map_err(corrupt("unit.path"))?,
        synthetic: row.synthetic,
        closed_on: row.closed_on,
        latest: row.latest,
        version: version.try_into()?,
    })
}

/// The place in the tree of a row.
pub(crate) fn tree_unit_of((id, parent, kind): TreeRow) -> Result<TreeUnit, StoreError> {
    let level = UnitKind::from_word(&kind)?.level();
    Ok(TreeUnit { id: UnitId::new(id), parent: parent.map(UnitId::new), level })
}

impl From<&Lineage> for LineageRow {
    fn from(edge: &Lineage) -> Self {
        Self {
            from_id: edge.from.get(),
            to_id: edge.to.get(),
            on_day: edge.on,
            mode: edge.mode.word().to_owned(),
            share: edge.share.as_ref().map(ToString::to_string),
        }
    }
}

impl TryFrom<LineageRow> for Lineage {
    type Error = StoreError;

    fn try_from(row: LineageRow) -> Result<Self, StoreError> {
        let share = row.share.as_deref().map(Exact::parse).transpose();
        Ok(Self {
            from: UnitId::new(row.from_id),
            to: UnitId::new(row.to_id),
            on: row.on_day,
            mode: LineageMode::from_word(&row.mode)?,
            share: share.map_err(corrupt("unit_lineage.share"))?,
        })
    }
}
