//! Finding units: by name, by path of names.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{Actor, Permission, Scope};
use crate::error::{Error, StoreError};
use crate::id::UnitId;
use crate::ports::ReadTx;
use crate::problem::{Code, Problem};
use crate::text::UnitName;
use crate::time::Day;
use crate::unit::Unit;
use crate::unit::name::{NameKeys, NameQuestion};

/// How many near matches are offered.
const NEAR_MAX: usize = 10;
/// How many letters a near match may differ by.
const NEAR_DISTANCE: usize = 2;
/// How many of the nearest are looked at before the kind narrows them.
const NEAR_CANDIDATES: usize = 100;

/// What a search by name found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NameMatches {
    /// The name itself, without regard to case, to tone-mark placement, and, where the question has no diacritics, to
    /// diacritics.
    pub matches: Vec<Unit>,
    /// What may have been meant: other diacritics, other spelling (`Hòn Quản` → `Hớn Quản`). At most 10.
    pub near: Vec<Unit>,
}

/// Finds units in scope by name on a day. A kind before the name (`xã`, `huyện`) narrows the search.
///
/// # Errors
/// `Forbidden`, or a failure of storage.
pub fn find_units_by_name(actor: &Actor, tx: &mut dyn ReadTx, name: &UnitName, on: Day) -> Result<NameMatches, Error> {
    actor.require(Permission::ReadUnits)?;
    let question = NameQuestion::of(name);
    let mut found = same_name(tx, &actor.scope, &question, on)?;
    let seen: BTreeSet<UnitId> = found.matches.iter().chain(&found.near).map(|unit| unit.id).collect();
    if found.near.len() < NEAR_MAX {
        let (label, keys) =
            question.narrowed.as_ref().map_or((None, &question.whole), |(label, keys)| (Some(*label), keys));
        let names = tx.plain_names(&actor.scope, on)?;
        let nearest = nearest(&keys.plain, names.into_iter().filter(|(unit, _)| !seen.contains(unit)));
        let units = units_on(tx, &actor.scope, &nearest, on)?;
        found.near.extend(nearest.iter().filter_map(|id| units.get(id)).filter(|unit| bears(unit, label)).cloned());
    }
    found.near.truncate(NEAR_MAX);
    Ok(found)
}

fn bears(unit: &Unit, label: Option<&str>) -> bool {
    label.is_none_or(|label| unit.version.kind.label() == label)
}

/// The units that share the plain key of one of the readings: those asked for, and the rest as near.
fn same_name(tx: &mut dyn ReadTx, scope: &Scope, question: &NameQuestion, on: Day) -> Result<NameMatches, StoreError> {
    let mut found = NameMatches::default();
    let mut seen = BTreeSet::new();
    for (label, keys) in question.readings() {
        for unit in tx.units_by_name(scope, keys, on)? {
            if !bears(&unit, label) || !seen.insert(unit.id) {
                continue;
            }
            let asked = keys.asks_for(&NameKeys::of(&unit.version.name));
            if asked { &mut found.matches } else { &mut found.near }.push(unit);
        }
    }
    Ok(found)
}

/// The units whose plain name differs by few letters, nearest first. A name of one or two letters is near to nothing
/// that shares none of them.
fn nearest(asked: &str, names: impl Iterator<Item = (UnitId, String)>) -> Vec<UnitId> {
    let length = asked.chars().count();
    let limit = NEAR_DISTANCE.min(length.saturating_sub(1));
    let mut near: Vec<(usize, UnitId)> = names
        .filter(|(_, name)| name.chars().count().abs_diff(length) <= limit && shares_letters(asked, name, limit))
        .map(|(unit, name)| (strsim::damerau_levenshtein(asked, &name), unit))
        .filter(|(distance, _)| (1..=limit).contains(distance))
        .collect();
    near.sort_unstable();
    near.into_iter().take(NEAR_CANDIDATES).map(|(_, unit)| unit).collect()
}

/// Whether all but `limit` letters of each are letters of the other, in any order: cheap, and true of whatever is near.
/// It spares the distance itself to nearly all names of a country.
fn shares_letters(one: &str, other: &str, limit: usize) -> bool {
    let mut surplus = [0_i16; 32];
    let mut count = |text: &str, step: i16| {
        for letter in text.chars() {
            let place = usize::try_from(u32::from(letter) % 32).unwrap_or(0);
            if let Some(letters) = surplus.get_mut(place) {
                *letters = letters.saturating_add(step);
            }
        }
    };
    count(one, 1);
    count(other, -1);
    let excess = |sign: i16| surplus.iter().map(|letters| usize::try_from(letters * sign).unwrap_or(0)).sum::<usize>();
    excess(1) <= limit && excess(-1) <= limit
}

/// Units in scope with the versions that are valid on the day; those that are not valid are left out.
pub(super) fn units_on(
    tx: &mut dyn ReadTx,
    scope: &Scope,
    ids: &[UnitId],
    on: Day,
) -> Result<BTreeMap<UnitId, Unit>, StoreError> {
    let mut units = tx.units_by_id(scope, ids)?;
    let outdated: Vec<UnitId> =
        units.values().filter(|unit| !unit.version.is_valid_on(on)).map(|unit| unit.id).collect();
    if outdated.is_empty() {
        return Ok(units);
    }
    for (id, versions) in tx.unit_versions(&outdated)? {
        if let Some(unit) = units.get_mut(&id)
            && let Some(version) = versions.into_iter().find(|version| version.is_valid_on(on))
        {
            unit.version = version;
        }
    }
    units.retain(|_, unit| unit.version.is_valid_on(on));
    Ok(units)
}

/// Finds the unit in scope that a path of names leads to, outermost first: `["Lạng Sơn", "Bình Gia", "Tân Văn"]`. Each
/// name is found under the one before it, at any depth. Names before the last may stand above the scope.
///
/// # Errors
/// `NotFound` (at the index of the name), `Ambiguous`, `Forbidden`.
pub fn find_unit_by_path(actor: &Actor, tx: &mut dyn ReadTx, path: &[UnitName], on: Day) -> Result<Unit, Error> {
    actor.require(Permission::ReadUnits)?;
    if path.is_empty() {
        return Err(Problem::new(Code::Empty).at("path").into());
    }
    let tree = tx.tree(on)?;
    let last = path.len() - 1;
    let mut above: Option<Vec<UnitId>> = None;
    let mut found = Vec::new();
    for (index, name) in path.iter().enumerate() {
        let scope = if index == last { &actor.scope } else { &Scope::Country };
        found = same_name(tx, scope, &NameQuestion::of(name), on)?.matches;
        found.retain(|unit| actor.scope.touches(&unit.path));
        if let Some(above) = &above {
            found.retain(|unit| above.iter().any(|top| *top != unit.id && tree.covers(*top, unit.id)));
        }
        if found.is_empty() {
            return Err(Problem::not_found("Unit", name).at(index).at("path").into());
        }
        above = Some(found.iter().map(|unit| unit.id).collect());
    }
    let count = found.len();
    found
        .pop()
        .filter(|_| count == 1)
        .ok_or_else(|| Problem::new(Code::Ambiguous).with("count", count).at("path").into())
}

/// Each unit and everything above it that is in scope, nearest first, on a day. Units out of scope, or without a version
/// that day, are left out.
///
/// # Errors
/// `Forbidden`.
pub fn ancestors(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    of: &[UnitId],
    on: Day,
) -> Result<BTreeMap<UnitId, Vec<Unit>>, Error> {
    actor.require(Permission::ReadUnits)?;
    let tree = tx.tree(on)?;
    let named: BTreeSet<UnitId> = of.iter().flat_map(|unit| tree.lineage_up(*unit)).collect();
    let units = units_on(tx, &actor.scope, &named.into_iter().collect::<Vec<_>>(), on)?;
    let seen = of.iter().filter(|unit| units.contains_key(unit));
    Ok(seen.map(|unit| (*unit, tree.lineage_up(*unit).filter_map(|id| units.get(&id).cloned()).collect())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(asked: &str, names: &[&str]) -> Vec<i64> {
        let names = (1..).map(UnitId::new).zip(names.iter().map(|name| (*name).to_owned()));
        nearest(asked, names).into_iter().map(UnitId::get).collect()
    }

    #[test]
    fn near_names_differ_by_two_letters_at_most_nearest_first() {
        let names = ["sungchang", "xaphin", "sungtrang", "sungtrnag", "sungtra", "cugnthang"];
        assert_eq!(near("sungtrang", &names), [4, 1, 5], "the name itself is no near name");
        assert_eq!(near("saphin", &names), [2]);
    }

    #[test]
    fn a_short_name_is_near_to_what_shares_a_letter() {
        assert_eq!(near("an", &["in", "oi", "a", "b", "anx"]), [1, 3, 5]);
        assert_eq!(near("1", &["2", "3"]), Vec::<i64>::new());
    }
}
