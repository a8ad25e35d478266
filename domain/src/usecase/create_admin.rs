//! The first system admin, made on the host with a one-time code: there is no default password. And the sealed emergency
//! entry (T23), for when no system admin can get in.

use crate::access::{Role, Scope};
use crate::account::{Account, AccountKind, AccountState, CodePurpose, OneTimeCode};
use crate::assignment::{AssignmentPredicate, AssignmentState};
use crate::error::Error;
use crate::id::{AccountId, UnitId};
use crate::page::{Direction, Filter, PageRequest, PageSize};
use crate::ports::{Lock, WriteTx};
use crate::problem::{Code, Problem};
use crate::text::{Post, Reason, Subject};
use crate::time::Instant;
use crate::usecase::Act;
use crate::usecase::grant_from_host::{GrantFromHost, insert_assignment, open_account, require_host};

/// The first system admin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CreateAdmin {
    /// Its login.
    pub login: Subject,
    /// Its position.
    pub post: Post,
    /// The unit whose admins look after it; the root of the tree where none is named.
    pub unit: Option<UnitId>,
    /// SHA-256 of the activation code.
    pub code: [u8; 32],
    /// From when on the code counts no more.
    pub expires_at: Instant,
}

/// The sealed emergency entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SealBreakGlass {
    /// The login of the account that it opens; one that was not used before.
    pub login: Subject,
    /// Its position, for those who read the record.
    pub post: Post,
    /// SHA-256 of the code.
    pub code: [u8; 32],
    /// From when on the code counts no more.
    pub expires_at: Instant,
}

/// Makes a system admin with an activation code; works only while there is no active one. Done again for the same login
/// before it was activated, it gives another code.
///
/// # Errors
/// [`Code::Forbidden`] to anybody but the host, [`Code::AdminExists`], [`Code::CodeTaken`] for the login,
/// [`Code::NotFound`] where there are no units yet.
pub fn create_admin(act: &Act, tx: &mut dyn WriteTx, command: &CreateAdmin) -> Result<AccountId, Error> {
    require_host(act)?;
    tx.lock(&[Lock::TreeShared, Lock::Grants])?;
    act.once(tx, |tx| {
        refuse_second_admin(act, tx)?;
        let unit = match command.unit {
            Some(unit) => unit,
            None => root(act, tx)?,
        };
        let grant =
            grant(act, command.login.clone(), command.post.clone(), Role::SystemAdmin, unit, "First system admin")?;
        let account = match tx.account_by_login(&command.login)? {
            Some(invited) if is_invited_admin(act, tx, &invited)? => invited.id,
            Some(_) => return Err(Problem::new(Code::CodeTaken).with("code", &command.login).at("login").into()),
            None => admit(act, tx, &grant, AccountState::Invited)?,
        };
        put_code(act, tx, account, CodePurpose::Activation, command.code, command.expires_at)?;
        Ok(account)
    })
}

/// Seals an emergency entry: an account with the role of break-glass and a one-time code for it.
///
/// # Errors
/// [`Code::Forbidden`] to anybody but the host, [`Code::CodeTaken`] for the login, [`Code::NotFound`] where there are no
/// units yet.
pub fn seal_break_glass(act: &Act, tx: &mut dyn WriteTx, command: &SealBreakGlass) -> Result<AccountId, Error> {
    require_host(act)?;
    tx.lock(&[Lock::TreeShared, Lock::Grants])?;
    act.once(tx, |tx| {
        let unit = root(act, tx)?;
        let mut grant =
            grant(act, command.login.clone(), command.post.clone(), Role::BreakGlass, unit, "Emergency entry")?;
        // The code and its session may go past midnight.
        grant.valid_to = act.today().succ_opt().and_then(|next| next.succ_opt());
        let account = admit(act, tx, &grant, AccountState::Active)?;
        put_code(act, tx, account, CodePurpose::BreakGlass, command.code, command.expires_at)?;
        Ok(account)
    })
}

fn grant(
    act: &Act,
    login: Subject,
    post: Post,
    role: Role,
    unit: UnitId,
    reason: &str,
) -> Result<GrantFromHost, Error> {
    Ok(GrantFromHost {
        login,
        kind: AccountKind::Person,
        post,
        demo: false,
        role,
        unit,
        team: None,
        valid_from: act.today(),
        valid_to: None,
        reason: Reason::new(reason)?,
    })
}

/// The account with its assignment.
fn admit(act: &Act, tx: &mut dyn WriteTx, grant: &GrantFromHost, state: AccountState) -> Result<AccountId, Error> {
    let account = open_account(act, tx, grant, state)?;
    insert_assignment(act, tx, account.id, grant)?;
    Ok(account.id)
}

fn put_code(
    act: &Act,
    tx: &mut dyn WriteTx,
    account: AccountId,
    purpose: CodePurpose,
    hash: [u8; 32],
    expires_at: Instant,
) -> Result<(), Error> {
    let created_by = act.actor.subject.clone();
    Ok(tx.put_code(&OneTimeCode { hash, account, purpose, expires_at, used_at: None, created_by })?)
}

/// The topmost unit of today's tree.
fn root(act: &Act, tx: &mut dyn WriteTx) -> Result<UnitId, Error> {
    let tree = tx.tree(act.today())?;
    let root = tree.units().find(|unit| unit.parent.is_none()).map(|unit| unit.id);
    Ok(root.ok_or_else(|| Problem::new(Code::NoTree).at("unit"))?)
}

fn refuse_second_admin(act: &Act, tx: &mut dyn WriteTx) -> Result<(), Error> {
    let filter = Filter::All(vec![
        Filter::Is(AssignmentPredicate::Role(vec![Role::SystemAdmin])),
        Filter::Is(AssignmentPredicate::InForceOn(act.today())),
    ]);
    let mut page = PageRequest { size: PageSize::DEFAULT, direction: Direction::Forward, cursor: None };
    loop {
        let held = tx.list_assignments(&Scope::Country, &filter, &page)?;
        let holders: Vec<AccountId> = held.rows.iter().map(|(_, assignment)| assignment.account).collect();
        let accounts = tx.accounts_by_id(&Scope::Country, &holders)?;
        if let Some(admin) = accounts.into_values().find(|account| account.state == AccountState::Active) {
            return Err(Problem::new(Code::AdminExists).with("login", admin.login).into());
        }
        if !held.has_next {
            return Ok(());
        }
        page.cursor = held.rows.last().map(|(cursor, _)| cursor.clone());
    }
}

fn is_invited_admin(act: &Act, tx: &mut dyn WriteTx, account: &Account) -> Result<bool, Error> {
    let held = tx.assignments_of(&[account.id])?.remove(&account.id).unwrap_or_default();
    let today = act.today();
    let is_admin =
        held.iter().any(|held| held.role == Role::SystemAdmin && held.state_on(today) == AssignmentState::InForce);
    Ok(is_admin && account.state == AccountState::Invited)
}
