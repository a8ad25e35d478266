//! Who asks: the nine roles, and five who are not let in.

use std::sync::Arc;

use caodiem_domain::access::{Actor, Role, Scope};
use caodiem_domain::account::{AccountKind, AccountState};
use caodiem_domain::error::Error;
use caodiem_domain::id::{AccountId, AssignmentId, SessionId, UnitId};
use caodiem_domain::ports::{Store, WriteTx};
use caodiem_domain::session::Claims;
use caodiem_domain::text::Subject;
use caodiem_domain::usecase::resolve_actor::resolve_actor;
use caodiem_tests::database::Backend;

use crate::place::Place;
use crate::world::{NOW, World, moment};

/// Somebody who asks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Principal {
    /// With an assignment of that role over the district.
    Holder(Role),
    /// Without a token.
    Anonymous,
    /// With a token whose time has passed.
    Expired,
    /// With a good token of an assignment that was ended.
    Revoked,
    /// With a good token of an account that was disabled.
    Disabled,
    /// With a good token for another service.
    WrongAudience,
}

/// What became of an account and its assignment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Standing {
    Good,
    Revoked,
    Disabled,
    Suspended,
}

/// An account of somebody who asks.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) principal: Principal,
    pub(crate) role: Role,
    pub(crate) unit: UnitId,
    pub(crate) account: AccountId,
    pub(crate) assignment: AssignmentId,
    pub(crate) session: SessionId,
    /// What is the person's own.
    pub(crate) place: Place,
}

impl Principal {
    /// All fourteen, in the order of the printed table.
    pub(crate) fn all() -> Vec<Self> {
        let shut_out = [Self::Anonymous, Self::Expired, Self::Revoked, Self::Disabled, Self::WrongAudience];
        Role::ALL.iter().map(|role| Self::Holder(*role)).chain(shut_out).collect()
    }

    /// The role of the account, and what became of it.
    pub(crate) const fn stands(self) -> (Role, Standing) {
        match self {
            Self::Holder(role) => (role, Standing::Good),
            // Those who are not let in would be allowed most if they were.
            Self::Anonymous | Self::Expired | Self::WrongAudience => (Role::UnitAdmin, Standing::Good),
            Self::Revoked => (Role::UnitAdmin, Standing::Revoked),
            Self::Disabled => (Role::UnitAdmin, Standing::Disabled),
        }
    }

    /// The login.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Holder(role) => role.as_str(),
            Self::Anonymous => "anonymous",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Disabled => "disabled",
            Self::WrongAudience => "audience",
        }
    }

    /// The heading in the printed table.
    pub(crate) const fn heading(self) -> &'static str {
        match self {
            Self::Holder(Role::SystemAdmin) => "SYS",
            Self::Holder(Role::UnitAdmin) => "UA",
            Self::Holder(Role::Planner) => "PL",
            Self::Holder(Role::Reporter) => "RP",
            Self::Holder(Role::Verifier) => "VF",
            Self::Holder(Role::Analyst) => "AN",
            Self::Holder(Role::Integrator) => "IN",
            Self::Holder(Role::Auditor) => "AU",
            Self::Holder(Role::BreakGlass) => "BG",
            _ => self.name(),
        }
    }
}

impl Person {
    /// Who the person is when a token of theirs was verified; `None` when they are not let in. Those whose token itself is
    /// refused never come so far: see the tokens' own tests.
    pub(crate) fn actor(&self, store: &Arc<dyn Store>) -> Option<Actor> {
        if matches!(self.principal, Principal::Anonymous | Principal::Expired | Principal::WrongAudience) {
            return None;
        }
        store.read(|tx| resolve_actor(tx, &self.claims(), moment(NOW))).ok()
    }

    /// What a good token of the person says.
    pub(crate) fn claims(&self) -> Claims {
        let kind = if self.role == Role::Integrator { AccountKind::Service } else { AccountKind::Person };
        Claims {
            subject: Subject::new(self.principal.name()).expect("a subject"),
            account: self.account,
            kind,
            assignment: self.assignment,
            role: self.role,
            unit: self.unit,
            // A machine has no session.
            session: (kind == AccountKind::Person).then_some(self.session),
        }
    }
}

/// Gives back what was taken from somebody who is let in no more.
fn restore(tx: &mut dyn WriteTx, person: &Person) -> Result<(), Error> {
    let mut account =
        tx.accounts_by_id(&Scope::Country, &[person.account])?.remove(&person.account).expect("an account");
    let found = tx.assignments_by_id(&Scope::Country, &[person.assignment])?.remove(&person.assignment);
    let mut assignment = found.expect("an assignment");
    match person.principal {
        Principal::Revoked => (assignment.ended_at, assignment.ended_by) = (None, None),
        Principal::Disabled => (account.state, account.disabled_for) = (AccountState::Active, None),
        _ => {}
    }
    (account.version, assignment.version) = (account.version + 1, assignment.version + 1);
    tx.update_account(&account)?;
    tx.update_assignments(&[assignment])?;
    Ok(())
}

/// The end of the assignment and the disabling are what keeps them out, and nothing else about them.
#[test]
fn who_is_revoked_or_disabled_is_refused_for_that_alone() {
    let world = World::new(Backend::Sqlite).expect("SQLite is always there");
    let store = world.store();
    for person in &world.people {
        let resolved = || store.read(|tx| resolve_actor(tx, &person.claims(), moment(NOW)));
        let kept_out = matches!(person.principal, Principal::Revoked | Principal::Disabled);
        match resolved() {
            Ok(actor) => assert!(!kept_out, "{} is let in as {actor:?}", person.principal.name()),
            Err(Error::Refused(_)) if kept_out => {}
            Err(error) => panic!("{}: {error:?}", person.principal.name()),
        }
        store.write(|tx| restore(tx, person)).expect("restored");
        assert!(resolved().is_ok(), "{} is kept out by something else", person.principal.name());
    }
}
