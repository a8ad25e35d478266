//! People with accounts, for tests that speak to use cases: the host makes them, as it makes the first admin.

use caodiem_domain::access::{Actor, Role, Scope};
use caodiem_domain::account::{Account, AccountKind, AccountState};
use caodiem_domain::assignment::Assignment;
use caodiem_domain::error::Error;
use caodiem_domain::id::{AccountId, AssignmentId, Sequence, UnitId};
use caodiem_domain::ports::{Store, WriteTx};
use caodiem_domain::text::{Post, Reason, Subject};
use caodiem_domain::time::Instant;
use caodiem_domain::usecase::Act;

use crate::stage::request;

/// Long before anything that the tests speak of.
fn long_ago() -> Instant {
    "2020-01-01T00:00:00Z".parse().expect("a moment")
}

fn fresh(tx: &mut dyn WriteTx, sequence: Sequence) -> Result<i64, Error> {
    Ok(*tx.allocate(sequence, 1)?.first().expect("a key"))
}

/// A new account with one assignment, in force; as whom it acts.
///
/// # Panics
/// When it cannot be made.
pub fn hire(store: &dyn Store, login: &str, role: Role, unit: UnitId) -> Actor {
    let subject = Subject::new(login).expect("a login");
    let account = store.write(|tx| {
        let account = Account {
            id: AccountId::new(fresh(tx, Sequence::Account)?),
            login: subject.clone(),
            kind: AccountKind::Person,
            post: Post::new("Cán bộ").expect("a post"),
            unit,
            state: AccountState::Active,
            disabled_for: None,
            demo: false,
            created_at: long_ago(),
            created_by: Subject::new("host:cli").expect("a subject"),
            last_sign_in: None,
            version: 1,
        };
        tx.insert_account(&account)?;
        Ok(account.id)
    });
    assign(store, account.expect("an account"), &subject, role, unit)
}

/// One more assignment of an account; as whom it acts under it.
///
/// # Panics
/// When it cannot be made.
pub fn assign(store: &dyn Store, account: AccountId, login: &Subject, role: Role, unit: UnitId) -> Actor {
    let made = store.write(|tx| {
        let assignment = Assignment {
            id: AssignmentId::new(fresh(tx, Sequence::Assignment)?),
            account,
            role,
            unit,
            team: None,
            drive: None,
            only: Vec::new(),
            valid_from: long_ago().date_naive(),
            valid_to: None,
            granted_under: None,
            chain: 0,
            granted_by: Subject::new("host:cli").expect("a subject"),
            reason: Reason::new("test").expect("a reason"),
            granted_at: long_ago(),
            ended_at: None,
            ended_by: None,
            suspended_at: None,
            last_used_at: None,
            version: 1,
        };
        tx.insert_assignments(std::slice::from_ref(&assignment))?;
        let path = tx.units_by_id(&Scope::Country, &[unit])?.remove(&unit).expect("a unit").path;
        Ok((assignment.id, path))
    });
    let (assignment, path) = made.expect("an assignment");
    let scope = if role == Role::SystemAdmin { Scope::Country } else { Scope::Subtrees(vec![path]) };
    Actor { account, assignment, ..Actor::host(login.clone(), role, unit, scope) }
}

/// An act of somebody alone, under a fresh request.
pub fn alone(actor: &Actor, now: Instant, operation: &str) -> Act {
    Act::new(actor.clone(), now, request(actor, 0), operation, String::new())
}
