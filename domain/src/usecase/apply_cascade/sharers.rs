//! Who shares: units below on the drive's tree date, teams of the unit, members of the team.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::Scope;
use crate::drive::Drive;
use crate::error::Error;
use crate::exact::Exact;
use crate::id::UnitId;
use crate::ports::ReadTx;
use crate::problem::{Code, Problem};
use crate::quota::Holder;
use crate::quota::cascade::spread::Sharer;
use crate::quota::cascade::{Among, CascadePlan};
use crate::unit::tree::Tree;
use crate::usecase::set_quotas::holders::{Placed, label, missing};

/// The sharers as a tree, each of weight 1 (a member of its own weight), with what is known of them.
pub(super) struct Sharers {
    pub(super) tree: Vec<Sharer>,
    /// Unit and label of every one.
    pub(super) placed: BTreeMap<Holder, Placed>,
}

impl Sharers {
    /// Every unit among them.
    pub(super) fn units(&self) -> Vec<UnitId> {
        let unit = |holder: &Holder| if let Holder::Unit(unit) = holder { Some(*unit) } else { None };
        self.placed.keys().filter_map(unit).collect()
    }
}

/// Finds who shares the quota of `above`. Teams and members are those at work on the last day of the phase or drive: one
/// that was formed late shares, one that ended does not.
///
/// # Errors
/// `NoChildren`, `OutOfRange` at `among.levels`, `NotFound` for a child out of scope.
pub(super) fn find(
    tx: &mut dyn ReadTx,
    scope: &Scope,
    drive: &Drive,
    plan: &CascadePlan,
    above: &Placed,
) -> Result<Sharers, Error> {
    let found = match (plan.among, plan.from.holder) {
        (Among::Units { levels }, Holder::Unit(unit)) => units(tx, scope, drive, unit, levels)?,
        (Among::Teams, Holder::Unit(unit)) => {
            let day = drive.days_of(plan.from.phase)?.to();
            let teams = tx.teams_of(&[unit], day)?.remove(&unit).unwrap_or_default();
            let place = |name: String| Placed { unit, label: format!("{name}, {unit}", unit = above.label) };
            Sharers {
                tree: teams.iter().map(|team| Sharer::new(Holder::Team(team.id), Some(1.into()))).collect(),
                placed: teams.iter().map(|team| (Holder::Team(team.id), place(team.name.to_string()))).collect(),
            }
        }
        (Among::Members, Holder::Team(team)) => {
            let day = drive.days_of(plan.from.phase)?.to();
            let mut members = tx.members_of(&[team])?.remove(&team).unwrap_or_default();
            members.retain(|member| member.is_valid_on(day));
            let place =
                |name: String| Placed { unit: above.unit, label: format!("{name}, {team}", team = above.label) };
            let sharer = |weight: &Exact, holder| Sharer::new(holder, Some(weight.clone()));
            Sharers {
                tree: members.iter().map(|member| sharer(&member.weight, Holder::Member(member.id))).collect(),
                placed: members
                    .iter()
                    .map(|member| (Holder::Member(member.id), place(member.position.to_string())))
                    .collect(),
            }
        }
        _ => Sharers { tree: Vec::new(), placed: BTreeMap::new() },
    };
    if found.tree.is_empty() {
        return Err(Problem::new(Code::NoChildren).with("holder", &above.label).at("among").into());
    }
    Ok(found)
}

fn units(tx: &mut dyn ReadTx, scope: &Scope, drive: &Drive, above: UnitId, levels: u8) -> Result<Sharers, Error> {
    if !(1..=5).contains(&levels) {
        let wrong = Problem::new(Code::OutOfRange).with("actual", levels).with("min", 1).with("max", 5);
        return Err(wrong.at("among.levels").into());
    }
    let tree = tx.tree(drive.tree_date)?;
    let mut ids = BTreeSet::new();
    let sharers = below(&tree, above, levels, &mut ids);
    let ids: Vec<UnitId> = ids.into_iter().collect();
    let found = tx.units_by_id(scope, &ids)?;
    let mut placed = BTreeMap::new();
    for id in ids {
        // Units that left the actor's area since the tree date would make a share of it invisible to its author.
        let unit = found.get(&id).ok_or_else(|| missing(Holder::Unit(id)).at("among"))?;
        placed.insert(Holder::Unit(id), Placed { unit: id, label: label(unit) });
    }
    Ok(Sharers { tree: sharers, placed })
}

fn below(tree: &Tree, above: UnitId, levels: u8, ids: &mut BTreeSet<UnitId>) -> Vec<Sharer> {
    let Some(further) = levels.checked_sub(1) else { return Vec::new() };
    let children = tree.children(above).map(|child| {
        ids.insert(child.id);
        let mut sharer = Sharer::new(Holder::Unit(child.id), Some(1.into()));
        sharer.below = below(tree, child.id, further, ids);
        sharer
    });
    children.collect()
}
