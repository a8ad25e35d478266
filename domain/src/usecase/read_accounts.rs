//! Who may do what at a unit, and why: through which assignment, by which role, over which part of the tree.
//!
//! Only assignments over units in the reader's scope are told: who sees a commune from the province above it is nothing
//! that the commune's admin learns.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::delegation::{gives, permissions};
use crate::access::{Actor, Permission, Role, Scope, permits};
use crate::account::{Account, AccountState};
use crate::assignment::{Assignment, AssignmentPredicate, AssignmentState};
use crate::error::{Error, StoreError};
use crate::id::{AccountId, UnitId};
use crate::page::{Direction, Filter, PageRequest, PageSize};
use crate::ports::ReadTx;
use crate::problem::Problem;
use crate::time::Day;
use crate::unit::{LineageMode, Unit, UnitPath};
use crate::usecase::resolve_actor::scope_of;

/// The most assignments that [`who_can`] gives.
pub const MAX_HOLDERS: usize = 1_000;

/// Why something is permitted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Right {
    /// What.
    pub permission: Permission,
    /// By which assignment.
    pub assignment: Assignment,
    /// The root of the part of its scope in which the unit lies; `None` for the whole country.
    pub root: Option<UnitPath>,
}

/// Who may do something at a unit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Holders {
    /// The assignments by which they may, by unit and id; at most [`MAX_HOLDERS`].
    pub assignments: Vec<Assignment>,
    /// Whether there are more.
    pub truncated: bool,
}

/// The assignments of accounts over units in scope, past ones included.
///
/// # Errors
/// `Forbidden`.
pub fn assignments_in_scope(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, Vec<Assignment>>, Error> {
    actor.require(Permission::ReadAccounts)?;
    let mut held = tx.assignments_of(accounts)?;
    let units: BTreeSet<UnitId> = held.values().flatten().map(|one| one.unit).collect();
    let seen = tx.units_by_id(&actor.scope, &units.into_iter().collect::<Vec<_>>())?;
    for list in held.values_mut() {
        list.retain(|one| seen.contains_key(&one.unit));
    }
    Ok(held)
}

/// What an account may do at a unit today and why, by assignment and permission. Nothing while it is not active.
///
/// # Errors
/// `Forbidden`, `NotFound` (the account or the unit).
pub fn effective_permissions(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    (account, unit): (AccountId, UnitId),
    today: Day,
) -> Result<Vec<Right>, Error> {
    let mut held = assignments_in_scope(actor, tx, &[account])?;
    let account = seen_account(actor, tx, account)?;
    let unit = seen_unit(actor, tx, unit)?;
    if account.state != AccountState::Active {
        return Ok(Vec::new());
    }
    let mut rights = Vec::new();
    for one in held.remove(&account.id).unwrap_or_default() {
        if one.state_on(today) != AssignmentState::InForce {
            continue;
        }
        if let Some(root) = covering(&scope_of(tx, one.role, one.unit)?, &unit.path) {
            rights.extend(permissions(one.role, &one.only).into_iter().map(|permission| Right {
                permission,
                assignment: one.clone(),
                root: root.clone(),
            }));
        }
    }
    Ok(rights)
}

fn seen_account(actor: &Actor, tx: &mut dyn ReadTx, id: AccountId) -> Result<Account, Error> {
    let missing = || Problem::not_found("Account", id.get()).at("account");
    Ok(tx.accounts_by_id(&actor.scope, &[id])?.remove(&id).ok_or_else(missing)?)
}

fn seen_unit(actor: &Actor, tx: &mut dyn ReadTx, id: UnitId) -> Result<Unit, Error> {
    let missing = || Problem::not_found("Unit", id.get()).at("unit");
    Ok(tx.units_by_id(&actor.scope, &[id])?.remove(&id).ok_or_else(missing)?)
}

/// The part of a scope in which a place lies: `Some(None)` for the country, `None` when it lies in none.
#[expect(clippy::option_option, reason = "the whole country and no part of it are different answers")]
fn covering(scope: &Scope, place: &UnitPath) -> Option<Option<UnitPath>> {
    match scope {
        Scope::Country => Some(None),
        Scope::Subtrees(roots) => roots.iter().find(|root| root.covers(place)).cloned().map(Some),
    }
}

/// Who may do something at a unit today: the assignments in force that permit it there, of active accounts.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn who_can(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    (unit, permission): (UnitId, Permission),
    today: Day,
) -> Result<Holders, Error> {
    actor.require(Permission::ReadAccounts)?;
    let unit = seen_unit(actor, tx, unit)?;
    let roles: Vec<Role> = Role::ALL.iter().copied().filter(|role| permits(*role, permission)).collect();
    let places = places_whose_scope_may_cover(tx, &unit)?;
    let mut over: Vec<Filter<AssignmentPredicate>> =
        places.iter().map(|place| Filter::Is(AssignmentPredicate::Unit(*place))).collect();
    over.push(Filter::Is(AssignmentPredicate::Role(vec![Role::SystemAdmin])));
    let filter = Filter::All(vec![
        Filter::Is(AssignmentPredicate::Role(roles)),
        Filter::Is(AssignmentPredicate::InForceOn(today)),
        Filter::Any(over),
    ]);
    let (mut found, truncated) = all_assignments(actor, tx, &filter)?;
    found.retain(|one| gives(one.role, &one.only, permission));
    let covering = covering_ones(tx, found, &unit)?;
    Ok(Holders { assignments: of_active_accounts(tx, covering)?, truncated })
}

/// The units an assignment over which may cover the unit: itself and all above it, and where any of these went wholly into
/// another, that one and all above it.
fn places_whose_scope_may_cover(tx: &mut dyn ReadTx, unit: &Unit) -> Result<BTreeSet<UnitId>, StoreError> {
    let lineage = tx.lineage()?;
    let mut places = BTreeSet::new();
    let mut open: Vec<UnitPath> = vec![unit.path.clone()];
    while let Some(path) = open.pop() {
        let fresh: BTreeSet<UnitId> = path.ids().filter(|id| places.insert(*id)).collect();
        let merged = lineage.iter().filter(|edge| edge.mode == LineageMode::Merge && fresh.contains(&edge.from));
        let successors: Vec<UnitId> = merged.map(|edge| edge.to).collect();
        if !successors.is_empty() {
            open.extend(tx.units_by_id(&Scope::Country, &successors)?.into_values().map(|found| found.path));
        }
    }
    Ok(places)
}

/// All assignments in scope that fit, up to [`MAX_HOLDERS`], and whether there are more.
fn all_assignments(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    filter: &Filter<AssignmentPredicate>,
) -> Result<(Vec<Assignment>, bool), Error> {
    let size = PageSize::new(PageSize::MAX.into())?;
    let mut request = PageRequest { size, direction: Direction::Forward, cursor: None };
    let mut found = Vec::new();
    loop {
        let page = tx.list_assignments(&actor.scope, filter, &request)?;
        request.cursor = page.rows.last().map(|(cursor, _)| cursor.clone());
        found.extend(page.rows.into_iter().map(|(_, one)| one));
        if !page.has_next || found.len() >= MAX_HOLDERS {
            return Ok((found, page.has_next));
        }
    }
}

/// Those whose scope covers the unit, by the same reckoning as when they are used.
fn covering_ones(tx: &mut dyn ReadTx, found: Vec<Assignment>, unit: &Unit) -> Result<Vec<Assignment>, Error> {
    let mut scopes: BTreeMap<(Role, UnitId), bool> = BTreeMap::new();
    let mut kept = Vec::new();
    for one in found {
        let key = (one.role, one.unit);
        let covers = match scopes.get(&key) {
            Some(covers) => *covers,
            None => scope_of(tx, one.role, one.unit)?.covers(&unit.path),
        };
        scopes.insert(key, covers);
        if covers {
            kept.push(one);
        }
    }
    Ok(kept)
}

fn of_active_accounts(tx: &mut dyn ReadTx, found: Vec<Assignment>) -> Result<Vec<Assignment>, StoreError> {
    let accounts: BTreeSet<AccountId> = found.iter().map(|one| one.account).collect();
    let accounts = tx.accounts_by_id(&Scope::Country, &accounts.into_iter().collect::<Vec<_>>())?;
    let active = |one: &Assignment| accounts.get(&one.account).is_some_and(|held| held.state == AccountState::Active);
    Ok(found.into_iter().filter(active).collect())
}
