//! Snapshots of the unit tree and the successions between them, embedded or from disk.

use std::path::Path;

use caodiem_domain::text::{LegalBasis, UnitCode, UnitName};
use caodiem_domain::time::Day;
use caodiem_domain::unit::{Level, UnitKind};
use caodiem_domain::usecase::import_units::{EqualCodes, SnapshotUnit, SuccessionMode, SuccessionRow};

use crate::data::table::{Row, Table};
use crate::failure::Failure;

const UNIT_COLUMNS: &[&str] = &["code", "name", "kind", "parent_code"];
const SUCCESSION_COLUMNS: &[&str] = &["old_code", "new_code", "mode"];

/// The trees that are built in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Builtin {
    /// Three tiers, as of 2023-05-07; stands from 2023-01-01.
    #[value(name = "2023")]
    Y2023,
    /// Three tiers on the eve of the reform; stands from 2025-01-01.
    #[value(name = "2025-06")]
    Y2025June,
    /// Two tiers, in force from 2025-07-01.
    #[value(name = "2025")]
    Y2025,
}

impl Builtin {
    /// The day from which the tree stands. The packages give no exact dates before the reform, so the first two are
    /// dated to the beginning of their year.
    #[must_use]
    pub fn stands_from(self) -> Day {
        let date = |year, month| Day::from_ymd_opt(year, month, 1).unwrap_or_default();
        match self {
            Self::Y2023 => date(2023, 1),
            Self::Y2025June => date(2025, 1),
            Self::Y2025 => date(2025, 7),
        }
    }

    /// What equal codes mean on the way to it.
    #[must_use]
    pub const fn equal_codes(self) -> EqualCodes {
        match self {
            Self::Y2023 | Self::Y2025June => EqualCodes::CarryOn,
            Self::Y2025 => EqualCodes::AreReused,
        }
    }

    /// The act it rests on, where one act made it.
    #[must_use]
    pub fn legal_basis(self) -> Option<LegalBasis> {
        match self {
            Self::Y2023 | Self::Y2025June => None,
            Self::Y2025 => LegalBasis::new("202/2025/QH15, 1654–1687/NQ-UBTVQH15").ok(),
        }
    }

    /// Its units.
    ///
    /// # Errors
    /// [`Failure::Input`], never with the files as they are embedded.
    pub fn units(self) -> Result<Table, Failure> {
        let (name, text) = match self {
            Self::Y2023 => ("units-2023.csv", include_str!("../../data/units/units-2023.csv")),
            Self::Y2025June => ("units-2025-06.csv", include_str!("../../data/units/units-2025-06.csv")),
            Self::Y2025 => ("units-2025.csv", include_str!("../../data/units/units-2025.csv")),
        };
        Table::read(name, text.as_bytes(), UNIT_COLUMNS)
    }

    /// The succession from the tree before it.
    ///
    /// # Errors
    /// As [`Self::units`].
    pub fn succession(self) -> Result<Option<Table>, Failure> {
        let (name, text) = match self {
            Self::Y2023 => return Ok(None),
            Self::Y2025June => ("succession-2023.csv", include_str!("../../data/units/succession-2023.csv")),
            Self::Y2025 => ("succession-2025.csv", include_str!("../../data/units/succession-2025.csv")),
        };
        Table::read(name, text.as_bytes(), SUCCESSION_COLUMNS).map(Some)
    }
}

/// Opens a file of units.
///
/// # Errors
/// [`Failure::Input`].
pub fn open_units(path: &Path) -> Result<Table, Failure> {
    Table::open(path, UNIT_COLUMNS)
}

/// Opens a file of succession.
///
/// # Errors
/// [`Failure::Input`].
pub fn open_succession(path: &Path) -> Result<Table, Failure> {
    Table::open(path, SUCCESSION_COLUMNS)
}

/// The kind that a label names. "Thành phố" is a province where nothing stands above it, otherwise a district.
fn kind_of(row: &Row<'_>) -> Result<UnitKind, String> {
    let label = row.text("kind").to_lowercase();
    let levels: &[Level] = if row.text("parent_code").is_empty() {
        &[Level::Province]
    } else {
        &[Level::District, Level::Commune, Level::Village, Level::Organisation]
    };
    levels.iter().find_map(|level| UnitKind::from_label(&label, *level)).ok_or_else(|| {
        let known: Vec<&str> =
            UnitKind::ALL.iter().filter(|kind| levels.contains(&kind.level())).map(|kind| kind.label()).collect();
        row.complain("kind", &format!("here it has to be one of: {known}", known = known.join(", ")))
    })
}

/// Reads units; the optional column `synthetic` holds `1` for those that are made up.
///
/// # Errors
/// [`Failure::Input`] with every bad cell.
pub fn read_units(table: &Table) -> Result<Vec<SnapshotUnit>, Failure> {
    table.read_rows(|row| {
        Ok(SnapshotUnit {
            code: row.parse("code", UnitCode::new)?,
            name: row.parse("name", UnitName::new)?,
            kind: kind_of(row)?,
            parent: row.optional("parent_code", UnitCode::new)?,
            synthetic: matches!(row.text("synthetic"), "1" | "true"),
        })
    })
}

/// Reads a succession. A row without a new code says that the unit ended and nobody knows into what.
///
/// # Errors
/// [`Failure::Input`] with every bad cell.
pub fn read_succession(table: &Table) -> Result<Vec<SuccessionRow>, Failure> {
    let modes = [("same", SuccessionMode::Same), ("whole", SuccessionMode::Whole), ("part", SuccessionMode::Part)];
    table.read_rows(|row| {
        let new = row.optional("new_code", UnitCode::new)?;
        let mode = if new.is_none() { SuccessionMode::Whole } else { row.word("mode", &modes)? };
        Ok(SuccessionRow { old: row.parse("old_code", UnitCode::new)?, new, mode })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_trees_read_whole() {
        let count = |tree: Builtin| tree.units().and_then(|table| read_units(&table)).map(|units| units.len()).ok();
        assert_eq!(count(Builtin::Y2023), Some(11_366));
        assert_eq!(count(Builtin::Y2025June), Some(10_794));
        assert_eq!(count(Builtin::Y2025), Some(3_355));
        let rows = |tree: Builtin| tree.succession().ok().flatten().and_then(|table| read_succession(&table).ok());
        assert_eq!(rows(Builtin::Y2025June).map(|rows| rows.len()), Some(590));
        assert_eq!(rows(Builtin::Y2025).map(|rows| rows.len()), Some(10_634));
    }

    #[test]
    fn a_city_is_a_province_at_the_top_and_a_district_below() {
        let text = "code,name,kind,parent_code\n01,Hà Nội,Thành phố,\n689,Đồng Xoài,thành phố,70\n9,X,phố,70\n";
        let table = Table::read("u.csv", text.as_bytes(), UNIT_COLUMNS).ok();
        let kinds: Vec<_> = table.iter().flat_map(Table::rows).map(|row| kind_of(&row)).collect();
        assert_eq!(kinds.first(), Some(&Ok(UnitKind::CentralCity)));
        assert_eq!(kinds.get(1), Some(&Ok(UnitKind::ProvincialCity)));
        assert!(kinds.get(2).is_some_and(|kind| kind.as_ref().is_err_and(|text| text.contains("thị trấn"))));
    }
}
