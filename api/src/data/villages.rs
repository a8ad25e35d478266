//! Villages, made up: no list of the about 90,000 is published, so they are generated from the commune's code, marked
//! synthetic, and never given out as real.

use std::collections::{BTreeMap, BTreeSet};

use aws_lc_rs::digest::{SHA256, digest};
use caodiem_domain::problem::Problem;
use caodiem_domain::text::{UnitCode, UnitName};
use caodiem_domain::unit::{Level, UnitKind};
use caodiem_domain::usecase::import_units::{EqualCodes, SnapshotUnit, SuccessionRow};

/// Where villages are wanted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Where {
    /// In every commune.
    Everywhere,
    /// In the communes that bear, or stand under, one of these codes.
    Under(BTreeSet<String>),
}

impl Where {
    /// Reads `all` or codes with commas between.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if text == "all" {
            return Self::Everywhere;
        }
        Self::Under(text.split(',').map(str::trim).filter(|code| !code.is_empty()).map(str::to_owned).collect())
    }

    fn holds(&self, unit: &SnapshotUnit, parents: &BTreeMap<&str, Option<&str>>) -> bool {
        let Self::Under(codes) = self else { return true };
        let mut next = Some(unit.code.as_str());
        while let Some(code) = next {
            if codes.contains(code) {
                return true;
            }
            next = parents.get(code).copied().flatten();
        }
        false
    }
}

/// The first eight bytes of SHA-256, big-endian.
pub(crate) fn digest_number(text: &str) -> u64 {
    let hash = digest(&SHA256, text.as_bytes());
    hash.as_ref().iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// How many villages the generator gives a commune.
fn village_count(code: &UnitCode, kind: UnitKind) -> u64 {
    let draw = digest_number(&format!("vneid-1:{code}"));
    match kind {
        UnitKind::Township => 5 + draw % 9,
        UnitKind::Ward => 6 + draw % 11,
        _ => 4 + draw % 9,
    }
}

/// The villages of the communes of a tree, each under its commune's code: `Thôn 3 (giả lập)` with its kind.
///
/// # Errors
/// Never with codes that are short enough to be real.
pub fn generate(units: &[SnapshotUnit], wanted: &Where) -> Result<Vec<SnapshotUnit>, Problem> {
    let parents: BTreeMap<&str, Option<&str>> =
        units.iter().map(|unit| (unit.code.as_str(), unit.parent.as_ref().map(UnitCode::as_str))).collect();
    let communes = units.iter().filter(|unit| unit.kind.level() == Level::Commune && wanted.holds(unit, &parents));
    let mut villages = Vec::new();
    for commune in communes {
        let rural = commune.kind == UnitKind::RuralCommune;
        for number in 1..=village_count(&commune.code, commune.kind) {
            villages.push(SnapshotUnit {
                code: UnitCode::new(&format!("{code}-S{number:02}", code = commune.code))?,
                name: UnitName::new(&format!("{number} (giả lập)"))?,
                kind: if rural { UnitKind::Village } else { UnitKind::Quarter },
                parent: Some(commune.code.clone()),
                synthetic: true,
            });
        }
    }
    Ok(villages)
}

/// Takes villages along to the next tree: each goes whole to one successor of its commune, and ends where none is known.
#[must_use]
pub fn advance(
    villages: Vec<SnapshotUnit>,
    succession: &[SuccessionRow],
    equal_codes: EqualCodes,
    next: &[SnapshotUnit],
) -> Vec<SnapshotUnit> {
    let standing: BTreeSet<&UnitCode> = next.iter().map(|unit| &unit.code).collect();
    let mut successors: BTreeMap<&UnitCode, Vec<&UnitCode>> = BTreeMap::new();
    for row in succession {
        successors.entry(&row.old).or_default().extend(&row.new);
    }
    let follow = |village: SnapshotUnit| {
        let old = village.parent.as_ref()?;
        let carries_on =
            standing.contains(old) && (equal_codes == EqualCodes::CarryOn || !successors.contains_key(old));
        let parent = if carries_on {
            old.clone()
        } else {
            let choices = successors.get(old).filter(|choices| !choices.is_empty())?;
            let count = u64::try_from(choices.len()).ok()?;
            let place = usize::try_from(digest_number(village.code.as_str()) % count).ok()?;
            (*choices.get(place)?).clone()
        };
        Some(SnapshotUnit { parent: Some(parent), ..village })
    };
    villages.into_iter().filter_map(follow).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::units::{Builtin, read_succession, read_units};

    fn units(tree: Builtin) -> Vec<SnapshotUnit> {
        tree.units().and_then(|table| read_units(&table)).unwrap_or_default()
    }

    #[test]
    fn the_generator_gives_what_the_data_notes_say() {
        let all = generate(&units(Builtin::Y2023), &Where::Everywhere).unwrap_or_default();
        assert_eq!(all.len(), 90_580);
        let thien_thuat = generate(&units(Builtin::Y2023), &Where::parse("06091")).unwrap_or_default();
        assert_eq!(thien_thuat.len(), 12);
        assert!(thien_thuat.iter().all(|village| village.synthetic));
    }

    #[test]
    fn a_district_names_all_its_communes() {
        let units = units(Builtin::Y2023);
        let villages = generate(&units, &Where::parse("181")).unwrap_or_default();
        let communes: BTreeSet<_> = villages.iter().filter_map(|village| village.parent.clone()).collect();
        assert_eq!(communes.len(), 19);
    }

    #[test]
    fn every_village_of_2023_that_has_a_successor_stands_in_the_new_tree() {
        let june = units(Builtin::Y2025June);
        let july = units(Builtin::Y2025);
        let rows = Builtin::Y2025.succession().ok().flatten().and_then(|table| read_succession(&table).ok());
        let villages = generate(&june, &Where::Everywhere).unwrap_or_default();
        let count = villages.len();
        let after = advance(villages, &rows.unwrap_or_default(), EqualCodes::AreReused, &july);
        assert_eq!(after.len(), count);
        let standing: BTreeSet<_> = july.iter().map(|unit| &unit.code).collect();
        assert!(after.iter().all(|village| village.parent.as_ref().is_some_and(|code| standing.contains(code))));
    }
}
