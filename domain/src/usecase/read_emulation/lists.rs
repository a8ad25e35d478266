//! Lists that were drawn up, and the council's decisions on them.

use std::collections::BTreeMap;

use crate::access::{Actor, Permission};
use crate::emulation::decision::Decision;
use crate::emulation::list::{EmulationList, EmulationListPredicate};
use crate::error::Error;
use crate::id::EmulationListId;
use crate::page::{Filter, Page, PageRequest};
use crate::ports::ReadTx;
use crate::problem::Problem;

/// Lists of units in scope, by id; missing ones are left out.
///
/// # Errors
/// `Forbidden`.
pub fn emulation_lists_by_id(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    ids: &[EmulationListId],
) -> Result<BTreeMap<EmulationListId, EmulationList>, Error> {
    actor.require(Permission::ReadEmulation)?;
    let mut found = tx.emulation_lists_by_id(&actor.scope, ids)?;
    found.retain(|_, list| actor.is_for(list.drive));
    Ok(found)
}

/// A page of lists of units in scope, newest first.
///
/// # Errors
/// `Forbidden`, `BadCursor`.
pub fn list_emulation_lists(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    filter: Filter<EmulationListPredicate>,
    page: &PageRequest,
) -> Result<Page<EmulationList>, Error> {
    actor.require(Permission::ReadEmulation)?;
    Ok(tx.list_emulation_lists(&actor.scope, &seen(actor, filter), page)?)
}

/// How many lists of units in scope fit.
///
/// # Errors
/// `Forbidden`.
pub fn count_emulation_lists(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    filter: Filter<EmulationListPredicate>,
) -> Result<u64, Error> {
    actor.require(Permission::ReadEmulation)?;
    Ok(tx.count_emulation_lists(&actor.scope, &seen(actor, filter))?)
}

/// All decisions on lists that the actor sees, by list, unit and version.
///
/// # Errors
/// `Forbidden`.
pub fn emulation_decisions(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    lists: &[EmulationListId],
) -> Result<BTreeMap<EmulationListId, Vec<Decision>>, Error> {
    let seen: Vec<EmulationListId> = emulation_lists_by_id(actor, tx, lists)?.into_keys().collect();
    Ok(tx.emulation_decisions(&seen)?)
}

/// A list that the actor sees; any other equals one that does not exist.
///
/// # Errors
/// `Forbidden`; `NotFound` at `list`.
pub(in crate::usecase) fn visible_list(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    id: EmulationListId,
) -> Result<EmulationList, Error> {
    let found = emulation_lists_by_id(actor, tx, &[id])?.remove(&id);
    Ok(found.ok_or_else(|| Problem::not_found("EmulationList", id.get()).at("list"))?)
}

fn seen(actor: &Actor, filter: Filter<EmulationListPredicate>) -> Filter<EmulationListPredicate> {
    filter.narrowed(actor.drive.map(EmulationListPredicate::Drive))
}
