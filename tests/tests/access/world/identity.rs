//! Accounts with what hangs on them, of each place, and of those who ask.

use caodiem_domain::access::Role;
use caodiem_domain::account::{
    Account, AccountKind, AccountState, Bound, CodePurpose, External, OneTimeCode, ServiceKey,
};
use caodiem_domain::assignment::Assignment;
use caodiem_domain::audit::{ActOutcome, Change, Entry};
use caodiem_domain::error::Error;
use caodiem_domain::id::{AccountId, AssignmentId, ProposalId, Sequence, ServiceKeyId, SessionId, UnitId};
use caodiem_domain::ports::WriteTx;
use caodiem_domain::proposal::{Operation, Proposal, ProposalState};
use caodiem_domain::session::Session;
use caodiem_domain::text::{ExternalSubject, Issuer, Key, Post, Subject, Title};
use caodiem_domain::unit::Unit;
use caodiem_tests::vault::ISSUER;

use super::{Ground, moment};
use crate::people::{Person, Principal, Standing};
use crate::place::Place;

/// An account with an assignment and a session.
struct Held {
    account: AccountId,
    assignment: AssignmentId,
    session: SessionId,
}

/// What an account is made from.
struct Holder<'a> {
    login: &'a str,
    /// What is told of it in posts, reasons and devices.
    told: &'a dyn Fn(&str) -> String,
    kind: AccountKind,
    role: Role,
    unit: UnitId,
    standing: Standing,
}

/// Everything of one place.
pub(super) fn put(tx: &mut dyn WriteTx, ground: &Ground, place: &mut Place) -> Result<(), Error> {
    let login = ground.text("Login");
    let unit = ground.unit.id;
    let person = Holder {
        login: &login,
        told: &|what| ground.text(what),
        kind: AccountKind::Person,
        role: Role::Planner,
        unit,
        standing: Standing::Good,
    };
    let held = hold(tx, &person)?;
    let (machine, disabled) = (ground.text("Machine"), ground.text("Disabled"));
    let service = hold(tx, &Holder { login: &machine, kind: AccountKind::Service, role: Role::Integrator, ..person })?;
    let disabled = hold(tx, &Holder { login: &disabled, standing: Standing::Disabled, ..person })?;
    let suspended = hold(tx, &Holder { login: &ground.text("Suspended"), standing: Standing::Suspended, ..person })?;
    hold_key(tx, ground, service.account)?;
    bind(tx, &login, &held)?;
    let proposal = propose(tx, ground, &held)?;
    tx.record(vec![entry(ground, &held)]);
    name(place, &login, &held, proposal);
    place.id("disabled", "Account", disabled.account.get());
    place.id("suspended", "Assignment", suspended.assignment.get());
    place.id("service", "Account", service.account.get());
    place.text("kid", &ground.text("Key"));
    Ok(())
}

fn name(place: &mut Place, login: &str, held: &Held, proposal: ProposalId) {
    place.id("account", "Account", held.account.get());
    place.id("assignment", "Assignment", held.assignment.get());
    place.id("session", "Session", held.session.get());
    place.id("proposal", "Proposal", proposal.get());
    place.text("login", login);
}

fn hold(tx: &mut dyn WriteTx, holder: &Holder<'_>) -> Result<Held, Error> {
    let told = holder.told;
    let author = Subject::new(&told("Grantor")).expect("a subject");
    let at = moment("2023-06-01T03:00:00Z");
    let disabled = holder.standing == Standing::Disabled;
    let reason = |what: &str| caodiem_domain::text::Reason::new(&told(what)).expect("a reason");
    let account = AccountId::new(tx.allocate(Sequence::Account, 1)?[0]);
    tx.insert_account(&Account {
        id: account,
        login: Subject::new(holder.login).expect("a subject"),
        kind: holder.kind,
        post: Post::new(&told("Post")).expect("a post"),
        unit: holder.unit,
        state: if disabled { AccountState::Disabled } else { AccountState::Active },
        disabled_for: disabled.then(|| reason("Why")),
        demo: false,
        created_at: at,
        created_by: author.clone(),
        last_sign_in: None,
        version: 1,
    })?;
    let ended = holder.standing == Standing::Revoked;
    let assignment = AssignmentId::new(tx.allocate(Sequence::Assignment, 1)?[0]);
    tx.insert_assignments(&[Assignment {
        id: assignment,
        account,
        role: holder.role,
        unit: holder.unit,
        team: None,
        drive: None,
        only: Vec::new(),
        valid_from: super::day("2023-06-01"),
        valid_to: None,
        granted_under: None,
        chain: 0,
        granted_by: author.clone(),
        reason: reason("Granted"),
        granted_at: at,
        ended_at: ended.then_some(at),
        ended_by: ended.then(|| author.clone()),
        suspended_at: (holder.standing == Standing::Suspended).then_some(moment("2023-07-04T03:00:00Z")),
        last_used_at: None,
        version: 1,
    }])?;
    let session = hold_session(tx, holder, account, assignment)?;
    Ok(Held { account, assignment, session })
}

/// An open session of an account, and a one-time code that was not used.
fn hold_session(
    tx: &mut dyn WriteTx,
    holder: &Holder<'_>,
    account: AccountId,
    assignment: AssignmentId,
) -> Result<SessionId, Error> {
    let told = holder.told;
    let at = moment("2023-06-01T03:00:00Z");
    let session = SessionId::new(tx.allocate(Sequence::Session, 1)?[0]);
    let mut refresh = [0; 32];
    refresh[..8].copy_from_slice(&session.get().to_be_bytes());
    tx.insert_session(&Session {
        id: session,
        account,
        assignment,
        device: Title::new(&told("Device")).expect("a title"),
        refresh,
        previous: None,
        // Used a minute ago: one that lies idle is not shown.
        rotated_at: moment("2023-07-05T02:59:00Z"),
        created_at: at,
        expires_at: moment("2023-08-01T03:00:00Z"),
        ended_at: None,
        ended_for: None,
        version: 1,
    })?;
    tx.put_code(&OneTimeCode {
        hash: refresh,
        account,
        purpose: CodePurpose::Reset,
        expires_at: moment("2023-08-01T03:00:00Z"),
        used_at: None,
        created_by: Subject::new(&told("Grantor")).expect("a subject"),
    })?;
    Ok(session)
}

fn hold_key(tx: &mut dyn WriteTx, ground: &Ground, account: AccountId) -> Result<(), Error> {
    let id = ServiceKeyId::new(tx.allocate(Sequence::ServiceKey, 1)?[0]);
    Ok(tx.insert_service_key(&ServiceKey {
        id,
        account,
        kid: Key::new(&ground.text("Key")).expect("a key"),
        public: [&[4][..], &[7; 64]].concat(),
        expires_at: moment("2024-01-01T03:00:00Z"),
        revoked_at: None,
        last_used_at: None,
    })?)
}

/// Binds a subject of the same name.
fn bind(tx: &mut dyn WriteTx, login: &str, held: &Held) -> Result<(), Error> {
    let issuer = Issuer::new(ISSUER).expect("an issuer");
    let subject = ExternalSubject::new(login).expect("a subject");
    let bound = Bound { who: External { issuer, subject }, up_to: held.assignment };
    Ok(tx.bind_external(&bound, held.account)?)
}

fn propose(tx: &mut dyn WriteTx, ground: &Ground, held: &Held) -> Result<ProposalId, Error> {
    let id = ProposalId::new(tx.allocate(Sequence::Proposal, 1)?[0]);
    tx.insert_proposal(&Proposal {
        id,
        operation: Operation::SetQuotas,
        input: format!("{{\"note\":\"{}\"}}", ground.text("Input")),
        unit: ground.unit.id,
        reason: ground.reason("Proposal"),
        proposer: held.account,
        assignment: held.assignment,
        proposed_at: moment("2023-07-04T03:00:00Z"),
        expires_at: moment("2023-07-18T03:00:00Z"),
        state: ProposalState::Open,
        decided_by: None,
        decided_at: None,
        note: None,
        version: 1,
    })?;
    Ok(id)
}

fn entry(ground: &Ground, held: &Held) -> Entry {
    Entry {
        at: moment("2023-07-01T03:00:00Z"),
        account: held.account,
        subject: ground.subject("Login"),
        assignment: held.assignment,
        role: Some(Role::UnitAdmin),
        operation: "grantAssignment".to_owned(),
        unit: Some(ground.unit.id),
        input: ground.text("Input"),
        changes: vec![Change {
            kind: "Unit",
            id: ground.unit.id.get(),
            before: Some(ground.text("Before")),
            after: Some(ground.text("After")),
        }],
        outcome: ActOutcome::Done,
        request: ground.text("Request"),
    }
}

/// Those who ask: one per role over the district, and two who are let in no more.
pub(super) fn people(tx: &mut dyn WriteTx, country: &Unit, own: &Unit) -> Result<Vec<Person>, Error> {
    let mut people = Vec::new();
    for principal in Principal::all() {
        let (role, standing) = principal.stands();
        // Who runs the machine runs all of it.
        let unit = if matches!(role, Role::SystemAdmin | Role::BreakGlass) { country } else { own };
        let login = principal.name();
        let kind = if role == Role::Integrator { AccountKind::Service } else { AccountKind::Person };
        let held =
            hold(tx, &Holder { login, told: &|what| format!("{login}{what}"), kind, role, unit: unit.id, standing })?;
        let ground = Ground { relation: crate::place::Relation::Mine, unit: own.clone(), number: 0 };
        let proposal = propose(tx, &ground, &held)?;
        tx.record(vec![Entry { subject: Subject::new(login).expect("a subject"), ..entry(&ground, &held) }]);
        let mut place = Place::default();
        name(&mut place, login, &held, proposal);
        people.push(Person {
            principal,
            role,
            unit: unit.id,
            account: held.account,
            assignment: held.assignment,
            session: held.session,
            place,
        });
    }
    Ok(people)
}
