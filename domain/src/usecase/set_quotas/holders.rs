//! Who owes, found in scope: units, teams and members with the unit that each belongs to.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::Scope;
use crate::drive::Drive;
use crate::error::Error;
use crate::id::{MemberId, TeamId, UnitId};
use crate::ports::ReadTx;
use crate::problem::{Code, Problem};
use crate::quota::Holder;
use crate::unit::Unit;
use crate::unit::tree::Tree;

/// A holder that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::usecase) struct Placed {
    /// Its unit, by which scope is decided.
    pub unit: UnitId,
    /// How problems and findings name it: code and name of the unit, name of the team, position of the member.
    pub label: String,
}

/// Finds holders; those that are missing or out of scope are left out. At most four statements.
///
/// # Errors
/// A failure of storage.
pub(in crate::usecase) fn place(
    tx: &mut dyn ReadTx,
    scope: &Scope,
    holders: impl IntoIterator<Item = Holder>,
) -> Result<BTreeMap<Holder, Placed>, Error> {
    let (mut units, mut teams, mut members) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for holder in holders {
        match holder {
            Holder::Unit(id) => {
                units.insert(id);
            }
            Holder::Team(id) => {
                teams.insert(id);
            }
            Holder::Member(id) => {
                members.insert(id);
            }
        }
    }
    let wanted: Vec<MemberId> = members.into_iter().collect();
    let members = if wanted.is_empty() { BTreeMap::new() } else { tx.members_by_id(scope, &wanted)? };
    teams.extend(members.values().map(|member| member.team));
    let wanted: Vec<TeamId> = teams.into_iter().collect();
    let teams = if wanted.is_empty() { BTreeMap::new() } else { tx.teams_by_id(scope, &wanted)? };
    units.extend(teams.values().map(|team| team.unit));
    let wanted: Vec<UnitId> = units.into_iter().collect();
    let units = if wanted.is_empty() { BTreeMap::new() } else { tx.units_by_id(scope, &wanted)? };
    let mut placed: BTreeMap<Holder, Placed> =
        units.values().map(|unit| (Holder::Unit(unit.id), Placed { unit: unit.id, label: label(unit) })).collect();
    for team in teams.values() {
        if let Some(unit) = units.get(&team.unit) {
            let label = format!("{name}, {unit}", name = team.name, unit = label(unit));
            placed.insert(Holder::Team(team.id), Placed { unit: unit.id, label });
        }
    }
    for member in members.values() {
        if let Some(team) = placed.get(&Holder::Team(member.team)) {
            let label = format!("{position}, {team}", position = member.position, team = team.label);
            let unit = team.unit;
            placed.insert(Holder::Member(member.id), Placed { unit, label });
        }
    }
    Ok(placed)
}

/// Code and full name: `06643 Xã Thiện Thuật`.
pub(in crate::usecase) fn label(unit: &Unit) -> String {
    format!("{code} {name}", code = unit.version.code, name = unit.version.full_name())
}

/// [`Code::NotFound`] for a holder.
pub(in crate::usecase) fn missing(holder: Holder) -> Problem {
    match holder {
        Holder::Unit(id) => Problem::not_found("Unit", id.get()),
        Holder::Team(id) => Problem::not_found("Team", id.get()),
        Holder::Member(id) => Problem::not_found("Member", id.get()),
    }
}

/// Demands that a holder lies in scope, and inside of the drive's unit on its tree date.
///
/// # Errors
/// `NotFound`, `UnitOutsideDrive`; at `holder`.
pub(in crate::usecase) fn require_in_drive<'a>(
    holder: Holder,
    placed: &'a BTreeMap<Holder, Placed>,
    drive: &Drive,
    tree: &Tree,
) -> Result<&'a Placed, Problem> {
    let found = placed.get(&holder).ok_or_else(|| missing(holder).at("holder"))?;
    if tree.covers(drive.unit, found.unit) {
        return Ok(found);
    }
    let outside = Problem::new(Code::UnitOutsideDrive).with("unit", &found.label).with("day", drive.tree_date);
    Err(outside.at("holder"))
}
