//! Finding units, indicators and groups by code, once.

use std::collections::BTreeMap;

use caodiem_domain::access::Scope;
use caodiem_domain::id::{GroupId, IndicatorId, UnitId};
use caodiem_domain::text::{Key, UnitCode};
use caodiem_domain::unit::Unit;

use super::script::{Script, day, fault};
use crate::failure::Failure;

const CHILDREN_MAX: u16 = 1_000;

/// The units of the two drives.
#[derive(Debug)]
pub struct Places {
    /// The root.
    pub country: Unit,
    /// The district, 19 communes.
    pub binh_gia: Unit,
    /// Its communes by code.
    pub communes: Vec<Unit>,
    /// The villages of each of its communes.
    pub villages: BTreeMap<UnitId, Vec<Unit>>,
    /// The province, 11 districts.
    pub binh_phuoc: Unit,
    /// Its districts by code.
    pub districts: Vec<Unit>,
    /// The communes of each of its districts.
    pub district_communes: BTreeMap<UnitId, Vec<Unit>>,
}

impl Places {
    /// Finds them in the tree of 2023.
    ///
    /// # Errors
    /// A failure of storage, or a unit that is not there.
    pub(super) fn find(script: &Script<'_>) -> Result<Self, Failure> {
        let on = day(4, 11)?;
        let codes = ["VN", "181", "70"].map(UnitCode::new).into_iter().collect::<Result<Vec<_>, _>>().map_err(fault)?;
        let found = script.read(|tx| Ok(tx.units_by_code(&Scope::Country, &codes, on)?))?;
        let one = |code: &str| {
            let unit = found.iter().find(|unit| unit.version.code.as_str() == code);
            unit.cloned().ok_or_else(|| Failure::failed("the demonstration", format!("there is no unit {code}")))
        };
        let below = |units: &[Unit]| {
            let ids: Vec<UnitId> = units.iter().map(|unit| unit.id).collect();
            script.read(|tx| Ok(tx.children_of(&Scope::Country, &ids, on, CHILDREN_MAX)?))
        };
        let (binh_gia, binh_phuoc) = (one("181")?, one("70")?);
        let communes = below(std::slice::from_ref(&binh_gia))?.remove(&binh_gia.id).unwrap_or_default();
        let districts = below(std::slice::from_ref(&binh_phuoc))?.remove(&binh_phuoc.id).unwrap_or_default();
        Ok(Self {
            country: one("VN")?,
            villages: below(&communes)?,
            district_communes: below(&districts)?,
            binh_gia,
            communes,
            binh_phuoc,
            districts,
        })
    }

    /// A commune of the district by code.
    pub(super) fn commune(&self, code: &str) -> Result<&Unit, Failure> {
        let found = self.communes.iter().find(|unit| unit.version.code.as_str() == code);
        found.ok_or_else(|| Failure::failed("the demonstration", format!("there is no commune {code}")))
    }
}

/// The catalogue by code.
#[derive(Debug)]
pub struct Catalogue {
    indicators: BTreeMap<Key, IndicatorId>,
    groups: BTreeMap<Key, GroupId>,
}

impl Catalogue {
    /// Reads it.
    ///
    /// # Errors
    /// A failure of storage.
    pub(super) fn find(script: &Script<'_>) -> Result<Self, Failure> {
        script.read(|tx| {
            let indicators = tx.indicators()?.into_iter().map(|indicator| (indicator.code, indicator.id)).collect();
            let groups = tx.groups()?.into_iter().map(|group| (group.code, group.id)).collect();
            Ok(Self { indicators, groups })
        })
    }

    /// An indicator.
    pub(super) fn indicator(&self, code: &str) -> Result<IndicatorId, Failure> {
        let found = Key::new(code).ok().and_then(|key| self.indicators.get(&key));
        found.copied().ok_or_else(|| Failure::failed("the demonstration", format!("there is no indicator {code}")))
    }

    /// A group.
    pub(super) fn group(&self, code: &str) -> Result<GroupId, Failure> {
        let found = Key::new(code).ok().and_then(|key| self.groups.get(&key));
        found.copied().ok_or_else(|| Failure::failed("the demonstration", format!("there is no group {code}")))
    }
}
