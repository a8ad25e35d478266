//! Accounts and assignments over the small country, and acts under them.

use caodiem_domain::access::grant::Grant;
use caodiem_domain::access::{Actor, Role, Scope};
use caodiem_domain::account::{Account, AccountKind, AccountState};
use caodiem_domain::assignment::Assignment;
use caodiem_domain::error::Error;
use caodiem_domain::id::{AccountId, AssignmentId, Sequence, UnitId};
use caodiem_domain::ports::WriteTx;
use caodiem_domain::problem::{Code, Problem};
use caodiem_domain::text::{Post, Reason, Subject};
use caodiem_domain::time::Instant;
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::end_assignment::{EndAssignment, end_assignment};
use caodiem_domain::usecase::grant_assignment::{GrantAssignment, grant_assignment};
use caodiem_domain::usecase::resolve_actor::scope_of;
use caodiem_tests::database::Backend;
use caodiem_tests::stage::{act, request};

use crate::world::{World, day, moment};

/// The moment at which everything happens, unless a test says otherwise.
pub(crate) const NOW: &str = "2023-06-05T03:00:00Z";

/// The country with those who administer it.
pub(crate) struct Cast {
    pub(crate) world: World,
}

/// What a use case answers, by its codes.
pub(crate) type Answer<T> = Result<T, Vec<Code>>;

impl Cast {
    pub(crate) fn new(backend: Backend) -> Option<Self> {
        Some(Self { world: World::new(backend)? })
    }

    /// An active account, looked after by a unit.
    pub(crate) fn account(&self, login: &str, unit: UnitId) -> AccountId {
        self.account_of(login, unit, AccountKind::Person)
    }

    /// [`Self::account`] of a kind.
    pub(crate) fn account_of(&self, login: &str, unit: UnitId, kind: AccountKind) -> AccountId {
        self.world.write(|tx| {
            let id = AccountId::new(tx.allocate(Sequence::Account, 1)?[0]);
            tx.insert_account(&Account {
                id,
                login: subject(login),
                kind,
                post: Post::new("Cán bộ phụ trách").expect("a post"),
                unit,
                state: AccountState::Active,
                disabled_for: None,
                demo: false,
                created_at: moment(NOW),
                created_by: subject("host"),
                last_sign_in: None,
                version: 1,
            })?;
            Ok(id)
        })
    }

    /// An assignment made on the host.
    pub(crate) fn assign(&self, account: AccountId, role: Role, unit: UnitId) -> AssignmentId {
        self.assign_as(account, role, unit, |_| {})
    }

    /// [`Self::assign`], changed before it is stored.
    pub(crate) fn assign_as(
        &self,
        account: AccountId,
        role: Role,
        unit: UnitId,
        change: impl Fn(&mut Assignment),
    ) -> AssignmentId {
        self.world.write(|tx| {
            let id = AssignmentId::new(tx.allocate(Sequence::Assignment, 1)?[0]);
            let mut assignment = Assignment {
                id,
                account,
                role,
                unit,
                team: None,
                drive: None,
                only: Vec::new(),
                valid_from: day("2023-01-01"),
                valid_to: None,
                granted_under: None,
                chain: 0,
                granted_by: subject("host"),
                reason: reason(),
                granted_at: moment("2023-01-01T00:00:00Z"),
                ended_at: None,
                ended_by: None,
                suspended_at: None,
                last_used_at: None,
                version: 1,
            };
            change(&mut assignment);
            tx.insert_assignments(std::slice::from_ref(&assignment))?;
            Ok(id)
        })
    }

    /// An account with one assignment made on the host.
    pub(crate) fn admin(&self, login: &str, role: Role, unit: UnitId) -> AssignmentId {
        self.assign(self.account(login, unit), role, unit)
    }

    pub(crate) fn assignment(&self, id: AssignmentId) -> Assignment {
        self.world.read(|tx| tx.assignments_by_id(&Scope::Country, &[id])).remove(&id).expect("an assignment")
    }

    pub(crate) fn account_now(&self, id: AccountId) -> Account {
        self.world.read(|tx| tx.accounts_by_id(&Scope::Country, &[id])).remove(&id).expect("an account")
    }

    /// Whoever acts under an assignment, as a token that was checked a moment ago says.
    pub(crate) fn actor(&self, id: AssignmentId) -> Actor {
        let one = self.assignment(id);
        let scope = self.world.store.read(|tx| scope_of(tx, one.role, one.unit)).expect("a scope");
        Actor {
            account: one.account,
            assignment: one.id,
            team: one.team,
            drive: one.drive,
            only: one.only,
            ..Actor::host(self.account_now(one.account).login, one.role, one.unit, scope)
        }
    }

    /// Runs a use case under an assignment.
    pub(crate) fn act<T>(
        &self,
        by: AssignmentId,
        job: impl FnMut(&Act, &mut dyn WriteTx) -> Result<T, Error>,
    ) -> Answer<T> {
        self.act_as(self.actor(by), moment(NOW), job)
    }

    /// [`Self::act`] at a moment, by an actor as given.
    pub(crate) fn act_as<T>(
        &self,
        actor: Actor,
        now: Instant,
        mut job: impl FnMut(&Act, &mut dyn WriteTx) -> Result<T, Error>,
    ) -> Answer<T> {
        let act = Act { request: request(&actor, 1), actor, ..act(Role::SystemAdmin, now) };
        codes(self.world.store.write(|tx| job(&act, tx)))
    }

    /// Grants under an assignment.
    pub(crate) fn grant(&self, by: AssignmentId, grant: &Grant) -> Answer<AssignmentId> {
        let command = GrantAssignment { grant: grant.clone(), reason: reason() };
        self.act(by, |act, tx| grant_assignment(act, tx, &command))
    }

    /// Ends one assignment under another.
    pub(crate) fn end(&self, by: AssignmentId, ended: AssignmentId) -> Answer<AssignmentId> {
        let version = self.assignment(ended).version;
        let command = EndAssignment { assignment: ended, expected_version: version, reason: reason() };
        self.act(by, |act, tx| end_assignment(act, tx, &command))
    }
}

/// What was refused, by its codes.
pub(crate) fn codes<T>(done: Result<T, Error>) -> Answer<T> {
    done.map_err(|error| match error {
        Error::Refused(problems) => problems.iter().map(Problem::code).collect(),
        Error::Store(failure) => panic!("{failure}"),
    })
}

/// A role over a unit without end.
pub(crate) fn plain(account: AccountId, role: Role, unit: UnitId) -> Grant {
    Grant {
        account,
        role,
        unit,
        team: None,
        drive: None,
        only: Vec::new(),
        valid_from: day("2023-06-05"),
        valid_to: None,
    }
}

pub(crate) fn subject(login: &str) -> Subject {
    Subject::new(login).expect("a login")
}

pub(crate) fn reason() -> Reason {
    Reason::new("theo quyết định phân công").expect("a reason")
}
