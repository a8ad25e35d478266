//! Decisions by two people, on the use cases: quotas after the opening, roots, mergers and splits.

use std::sync::{Arc, Barrier};
use std::thread;

use caodiem_domain::access::{Actor, Role, Scope};
use caodiem_domain::audit::Record;
use caodiem_domain::error::Error;
use caodiem_domain::id::{ProposalId, UnitId};
use caodiem_domain::page::{Direction, Filter, PageRequest, PageSize};
use caodiem_domain::ports::Store;
use caodiem_domain::ports::audit::Seen;
use caodiem_domain::proposal::{Proposal, Standing};
use caodiem_domain::quota::{Basis, Holder, QuotaKey};
use caodiem_domain::text::{LegalBasis, PlanNumber, Reason, UnitCode, UnitName};
use caodiem_domain::time::Instant;
use caodiem_domain::unit::UnitKind;
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::decide_proposal::{Decide, approve_proposal, reject_proposal, withdraw_proposal};
use caodiem_domain::usecase::import_units::{EqualCodes, ImportUnits, import_units};
use caodiem_domain::usecase::propose_change::{Change, ProposeChange, propose_change};
use caodiem_domain::usecase::read_proposals::{count_proposals, list_proposals, proposals_by_id};
use caodiem_domain::usecase::reform_units::{
    CloseUnit, MergeUnits, SplitUnit, Successor, close_unit, merge_units, split_unit,
};
use caodiem_domain::usecase::revise_unit::{FoundUnit, ReviseUnit, found_unit, revise_unit};
use caodiem_domain::usecase::set_quotas::{SetQuotas, set_quotas};
use caodiem_storage::{Config, open};
use caodiem_tests::database::Backend;
use caodiem_tests::on_both;
use caodiem_tests::people::{alone, assign, hire};

use crate::world::{World, day, exact, first, now, refusals};

/// The province with its drive open, two planners of the province and a quota of 100 that is to become 120.
struct Desk {
    world: World,
    one: Actor,
    other: Actor,
    key: QuotaKey,
}

fn later(days: i64) -> Instant {
    Instant::from_timestamp_micros(now().timestamp_micros() + days * 86_400_000_000).expect("a moment")
}

fn page() -> PageRequest {
    PageRequest { size: PageSize::DEFAULT, direction: Direction::Forward, cursor: None }
}

fn decide(proposal: ProposalId) -> Decide {
    Decide { proposal, expected_version: 1, note: Reason::new("đồng ý").ok() }
}

impl Desk {
    fn new(backend: Backend) -> Option<Self> {
        let world = World::new(backend)?;
        let key = world.key(Holder::Unit(world.districts[0]), None);
        world.owe(key.holder, None, 100);
        world.open();
        let [one, other] =
            ["planner-1", "planner-2"].map(|login| hire(&*world.stage.store, login, Role::Planner, world.province));
        Some(Self { world, one, other, key })
    }

    fn store(&self) -> &dyn Store {
        &*self.world.stage.store
    }

    fn command(&self, amount: &str, expected_version: i32) -> SetQuotas {
        let mut setting = first(self.key, Basis::Absolute { amount: exact(amount) });
        setting.expected_version = expected_version;
        SetQuotas {
            quotas: vec![setting],
            reason: Reason::new("điều chỉnh").ok(),
            decision: PlanNumber::new("9/QĐ-UBND").ok(),
        }
    }

    fn change(&self) -> Change {
        Change::SetQuotas(self.command("120", 1))
    }

    fn try_propose(&self, by: &Actor, change: Change, expires_at: Option<Instant>) -> Result<ProposalId, Error> {
        let reason = Reason::new("dân số tăng").expect("a reason");
        let input = "{\"amount\":\"120\"}".to_owned();
        let command = ProposeChange { change, input, reason, expires_at };
        propose_change(self.store(), &alone(by, now(), "proposeChange"), &command)
    }

    fn propose(&self) -> ProposalId {
        self.try_propose(&self.one, self.change(), None).expect("it is proposed")
    }

    fn approve(&self, by: &Actor, proposal: ProposalId, at: Instant) -> Result<ProposalId, Error> {
        self.approve_as(&alone(by, at, "approveProposal"), proposal, &self.change())
    }

    fn approve_as(&self, act: &Act, proposal: ProposalId, change: &Change) -> Result<ProposalId, Error> {
        self.store().write(|tx| approve_proposal(act, tx, &decide(proposal), &|_, _| Ok(change.clone())))
    }

    fn proposal(&self, id: ProposalId) -> Proposal {
        self.store()
            .read(|tx| Ok(tx.proposals_by_id(&Scope::Country, &[id])?))
            .expect("it reads")
            .remove(&id)
            .expect("a proposal")
    }

    fn standing(&self, id: ProposalId) -> Standing {
        self.proposal(id).standing(now())
    }

    fn amount(&self) -> String {
        self.world.quota(self.key).expect("a quota").amount.to_string()
    }

    fn records(&self) -> Vec<Record> {
        let found = self.store().read(|tx| Ok(tx.list_records(&Seen::All, &Filter::everything(), &page())?));
        found.expect("records").rows.into_iter().map(|(_, record)| record).collect()
    }

    fn tamper(&self, sql: &str) {
        self.world.stage.database().execute(sql);
    }
}

fn is_refused<T: std::fmt::Debug>(outcome: Result<T, Error>, code: &'static str, field: &str) {
    assert_eq!(refusals(outcome), [(code, field.to_owned())]);
}

on_both! {
    one_person_alone_changes_no_quota_of_an_open_drive(backend) {
        let Some(desk) = Desk::new(backend) else { return };
        let act = alone(&desk.one, now(), "setQuotas");
        let outcome = desk.store().write(|tx| set_quotas(&act, tx, &desk.command("120", 1)));
        is_refused(outcome, "NEEDS_TWO_PEOPLE", "");
        assert_eq!(desk.amount(), "100", "nothing is left of it");
        let bare = SetQuotas { reason: None, decision: None, ..desk.command("120", 1) };
        let outcome = desk.store().write(|tx| set_quotas(&alone(&desk.one, now(), "setQuotas"), tx, &bare));
        let codes: Vec<&str> = refusals(outcome).into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, ["REASON_REQUIRED", "REASON_REQUIRED", "NEEDS_TWO_PEOPLE"], "everything is said at once");
        // The host's authority is no account's to claim.
        let claimed = alone(&desk.one, now(), "setQuotas").on_the_host();
        let outcome = desk.store().write(|tx| set_quotas(&claimed, tx, &desk.command("120", 1)));
        is_refused(outcome, "NEEDS_TWO_PEOPLE", "");
    }

    one_person_alone_changes_no_root_and_reforms_nothing(backend) {
        let Some(world) = World::new(backend) else { return };
        let store = &*world.stage.store;
        let root = world.stage.store.read(|tx| Ok(tx.units_by_id(&Scope::Country, &[world.province])?)).expect("units")[&world.province].version.parent.expect("a root");
        let admin = hire(store, "admin-1", Role::SystemAdmin, root);
        let act = || alone(&admin, now(), "test");
        let name = || UnitName::new("Mới").expect("a name");
        let code = |text: &str| UnitCode::new(text).expect("a code");
        let on = day("2023-08-01");
        let found = |parent, text: &str, kind| FoundUnit {
            parent, code: code(text), name: name(), kind, valid_from: on, legal_basis: None, synthetic: true,
        };
        is_refused(store.write(|tx| found_unit(&act(), tx, &found(None, "XX", UnitKind::Country))), "NEEDS_TWO_PEOPLE", "");
        let revise = |unit| ReviseUnit {
            unit, expected_version: 1, on, code: None, name: Some(name()), kind: None, parent: None, legal_basis: None,
        };
        is_refused(store.write(|tx| revise_unit(&act(), tx, &revise(root))), "NEEDS_TWO_PEOPLE", "");
        let merge = MergeUnits {
            from: vec![world.communes[1]], into: Successor::Existing(world.communes[0]), on, legal_basis: LegalBasis::new("1/NQ").ok(),
        };
        is_refused(store.write(|tx| merge_units(&act(), tx, &merge)), "NEEDS_TWO_PEOPLE", "");
        let into = [0, 2].map(|at: usize| (Successor::Existing(world.communes[at]), None)).to_vec();
        let split = SplitUnit { from: world.communes[1], into, on, legal_basis: None };
        is_refused(store.write(|tx| split_unit(&act(), tx, &split)), "NEEDS_TWO_PEOPLE", "");
        let close = CloseUnit { unit: root, expected_version: 1, on };
        let outcome = store.write(|tx| close_unit(&act(), tx, &close));
        assert!(refusals(outcome).iter().any(|(code, _)| *code == "NEEDS_TWO_PEOPLE"), "a root is not closed alone");
        let import = ImportUnits {
            on, legal_basis: None, units: Vec::new(), succession: Vec::new(), equal_codes: EqualCodes::CarryOn,
        };
        is_refused(store.write(|tx| import_units(&act(), tx, &import)), "NEEDS_TWO_PEOPLE", "");
        // Below the roots one admin is enough.
        assert!(store.write(|tx| revise_unit(&act(), tx, &revise(world.communes[0]))).is_ok());
        assert!(store.write(|tx| found_unit(&act(), tx, &found(Some(world.districts[2]), "C9", UnitKind::RuralCommune))).is_ok());
    }

    without_the_rule_of_two_one_does_it_alone(backend) {
        let Some(desk) = Desk::new(backend) else { return };
        // The host needs no other: what is refused above is refused for that alone.
        let host = |actor: &Actor| Actor::host(actor.subject.clone(), actor.role, actor.unit, actor.scope.clone());
        let act = alone(&host(&desk.one), now(), "setQuotas");
        is_refused(desk.store().write(|tx| set_quotas(&act, tx, &desk.command("120", 1))), "NEEDS_TWO_PEOPLE", "");
        let act = act.on_the_host();
        assert!(desk.store().write(|tx| set_quotas(&act, tx, &desk.command("120", 1))).is_ok());
        assert_eq!(desk.amount(), "120");
        // The proposer under another's account approves his own proposal: the account is what is compared.
        let proposal = desk.try_propose(&desk.one, Change::SetQuotas(desk.command("130", 2)), None).expect("proposed");
        is_refused(desk.approve(&desk.one, proposal, now()), "OWN_PROPOSAL", "proposal");
        let other = Actor { account: desk.other.account, ..desk.one.clone() };
        let change = Change::SetQuotas(desk.command("130", 2));
        assert!(desk.approve_as(&alone(&other, now(), "approveProposal"), proposal, &change).is_ok());
        assert_eq!(desk.amount(), "130");
    }

    what_is_approved_is_done_as_the_proposers_act(backend) {
        let Some(desk) = Desk::new(backend) else { return };
        let id = desk.propose();
        assert_eq!((desk.amount().as_str(), desk.standing(id)), ("100", Standing::Open), "a rehearsal leaves nothing");
        let proposal = desk.proposal(id);
        assert_eq!((proposal.unit, proposal.expires_at, proposal.proposer), (desk.world.province, later(7), desk.one.account));
        let act = alone(&desk.other, later(1), "approveProposal");
        assert_eq!(desk.approve_as(&act, id, &desk.change()), Ok(id));
        assert_eq!((desk.amount().as_str(), desk.standing(id)), ("120", Standing::Approved));
        let quota = desk.world.quota(desk.key).expect("a quota");
        let history = desk.store().read(|tx| Ok(tx.amendments(&[quota.id])?)).expect("history");
        assert_eq!(history[&quota.id].last().map(|entry| entry.author.as_str()), Some("planner-1"));
        let decided = desk.proposal(id);
        assert_eq!((decided.decided_by, decided.version), (Some(desk.other.account), 2));
        assert_eq!(decided.note.map(|note| note.to_string()).as_deref(), Some("đồng ý"));

        let records = desk.records();
        let [approval, effect, proposing, ..] = &records[..] else { panic!("{records:?}") };
        assert_eq!((approval.operation.as_str(), approval.subject.as_str()), ("approveProposal", "planner-2"));
        assert_eq!((effect.operation.as_str(), effect.subject.as_str()), ("setQuotas", "planner-1"));
        assert!(effect.changes.contains("proposed by planner-1") && effect.changes.contains("approved by planner-2"), "{}", effect.changes);
        assert_eq!(effect.request, format!("proposal-{}", id.get()));
        assert_eq!(proposing.operation, "proposeChange");
        assert!(proposing.changes.contains(&proposal.digest()), "{}", proposing.changes);

        assert_eq!(desk.approve_as(&act, id, &desk.change()), Ok(id), "a retry gives the same answer");
        assert_eq!(desk.records().len(), records.len(), "and has no second effect");
        is_refused(desk.approve(&desk.other, id, later(1)), "PROPOSAL_STATE", "proposal");
    }

    nobody_decides_on_their_own_proposal(backend) {
        let Some(desk) = Desk::new(backend) else { return };
        let id = desk.propose();
        let country = desk.world.stage.store.read(|tx| Ok(tx.units_by_id(&Scope::Country, &[desk.world.province])?)).expect("units")[&desk.world.province].version.parent.expect("a root");
        let second = assign(desk.store(), desk.one.account, &desk.one.subject, Role::Planner, country);
        for hat in [&desk.one, &second] {
            is_refused(desk.approve(hat, id, now()), "OWN_PROPOSAL", "proposal");
            let act = alone(hat, now(), "rejectProposal");
            is_refused(desk.store().write(|tx| reject_proposal(&act, tx, &decide(id))), "OWN_PROPOSAL", "proposal");
        }
        // Somebody without an account is nobody else, either.
        let host = Actor::host(desk.other.subject.clone(), Role::Planner, desk.world.province, Scope::Country);
        is_refused(desk.approve(&host, id, now()), "OWN_PROPOSAL", "proposal");
        assert_eq!((desk.amount().as_str(), desk.standing(id)), ("100", Standing::Open));
    }

    what_is_over_is_not_approved(backend) {
        let Some(desk) = Desk::new(backend) else { return };
        let id = desk.propose();
        is_refused(desk.approve(&desk.other, id, later(7)), "PROPOSAL_STATE", "proposal");
        let act = alone(&desk.other, now(), "withdrawProposal");
        is_refused(desk.store().write(|tx| withdraw_proposal(&act, tx, &decide(id))), "NOT_PROPOSER", "proposal");
        let act = alone(&desk.one, now(), "withdrawProposal");
        assert_eq!(desk.store().write(|tx| withdraw_proposal(&act, tx, &decide(id))), Ok(id));
        is_refused(desk.approve(&desk.other, id, now()), "PROPOSAL_STATE", "proposal");
        let id = desk.propose();
        let stale = Decide { expected_version: 2, ..decide(id) };
        let act = alone(&desk.other, now(), "rejectProposal");
        is_refused(desk.store().write(|tx| reject_proposal(&act, tx, &stale)), "STALE_VERSION", "expectedVersion");
        assert_eq!(desk.store().write(|tx| reject_proposal(&act, tx, &decide(id))), Ok(id));
        is_refused(desk.approve(&desk.other, id, now()), "PROPOSAL_STATE", "proposal");
        assert_eq!(desk.amount(), "100");
        for expires_at in [now(), later(31)] {
            is_refused(desk.try_propose(&desk.one, desk.change(), Some(expires_at)), "OUT_OF_RANGE", "expiresAt");
        }
        assert!(desk.try_propose(&desk.one, desk.change(), Some(later(30))).is_ok());
    }

    whoever_could_not_have_done_it_sees_and_approves_nothing(backend) {
        let Some(desk) = Desk::new(backend) else { return };
        let id = desk.propose();
        let store = desk.store();
        let below = hire(store, "planner-below", Role::Planner, desk.world.districts[0]);
        is_refused(desk.approve(&below, id, now()), "NOT_FOUND", "proposal");
        let reporter = hire(store, "reporter", Role::Reporter, desk.world.province);
        is_refused(desk.approve(&reporter, id, now()), "FORBIDDEN", "");
        let root = hire(store, "admin", Role::SystemAdmin, desk.world.province);
        is_refused(desk.approve(&root, id, now()), "NOT_FOUND", "proposal");
        let bound = Actor { drive: Some(desk.world.drive), ..desk.other.clone() };
        is_refused(desk.approve(&bound, id, now()), "NOT_FOUND", "proposal");
        let seen = |actor: &Actor| {
            let everything = Filter::everything();
            let (listed, count, one) = store.read(|tx| Ok((
                list_proposals(actor, tx, &everything, &page())?.rows.len(),
                count_proposals(actor, tx, &everything)?,
                proposals_by_id(actor, tx, &[id])?.len(),
            ))).expect("they read");
            assert_eq!((u64::try_from(listed), one), (Ok(count), listed), "the list, the count and the node agree");
            listed
        };
        let own_bound = Actor { drive: Some(desk.world.drive), ..desk.one.clone() };
        assert_eq!([&desk.one, &desk.other, &own_bound].map(seen), [1, 1, 1]);
        assert_eq!([&below, &root, &bound].map(seen), [0, 0, 0]);
        let outcome = store.read(|tx| list_proposals(&reporter, tx, &Filter::everything(), &page()));
        is_refused(outcome, "FORBIDDEN", "");
        assert_eq!(desk.amount(), "100");
    }

    a_proposer_who_left_proposes_nothing_any_more(backend) {
        let Some(desk) = Desk::new(backend) else { return };
        let id = desk.propose();
        let (account, assignment) = (desk.one.account.get(), desk.one.assignment.get());
        let ended = now().timestamp_micros();
        desk.tamper(&format!("UPDATE assignment SET ended_at = {ended}, ended_by = 'admin' WHERE id = {assignment}"));
        is_refused(desk.approve(&desk.other, id, now()), "PROPOSER_LEFT", "proposal");
        desk.tamper(&format!("UPDATE assignment SET ended_at = NULL, ended_by = NULL, suspended_at = {ended} WHERE id = {assignment}"));
        is_refused(desk.approve(&desk.other, id, now()), "PROPOSER_LEFT", "proposal");
        desk.tamper(&format!("UPDATE assignment SET suspended_at = NULL WHERE id = {assignment}"));
        desk.tamper(&format!("UPDATE account SET state = 'DISABLED', disabled_for = 'x' WHERE id = {account}"));
        is_refused(desk.approve(&desk.other, id, now()), "PROPOSER_LEFT", "proposal");
        desk.tamper(&format!("UPDATE account SET state = 'ACTIVE', disabled_for = NULL WHERE id = {account}"));
        desk.tamper(&format!("UPDATE assignment SET role = 'analyst' WHERE id = {assignment}"));
        let outcome = desk.approve(&desk.other, id, now());
        assert!(outcome.is_err(), "the role does not permit it any more: {outcome:?}");
        assert_eq!((desk.amount().as_str(), desk.standing(id)), ("100", Standing::Open));
        desk.tamper(&format!("UPDATE assignment SET role = 'planner' WHERE id = {assignment}"));
        assert_eq!(desk.approve(&desk.other, id, now()), Ok(id), "nothing else stood in the way");
    }

    a_change_that_cannot_be_done_is_refused_with_its_own_problems(backend) {
        let Some(desk) = Desk::new(backend) else { return };
        let before = desk.records().len();
        let stale = Change::SetQuotas(desk.command("120", 7));
        is_refused(desk.try_propose(&desk.one, stale, None), "STALE_VERSION", "change.setQuotas.quotas.0.expectedVersion");
        assert_eq!(desk.records().len(), before, "nothing is stored");
        let id = desk.propose();
        let rival = desk.try_propose(&desk.other, Change::SetQuotas(desk.command("130", 1)), None).expect("a rival");
        let act = alone(&desk.one, now(), "approveProposal");
        assert_eq!(desk.approve_as(&act, rival, &Change::SetQuotas(desk.command("130", 1))), Ok(rival));
        is_refused(desk.approve(&desk.other, id, now()), "STALE_VERSION", "change.setQuotas.quotas.0.expectedVersion");
        assert_eq!((desk.amount().as_str(), desk.standing(id)), ("130", Standing::Open), "it stays open");
        let analyst = hire(desk.store(), "analyst", Role::Analyst, desk.world.province);
        is_refused(desk.try_propose(&analyst, desk.change(), None), "FORBIDDEN", "");
    }

    a_proposal_changed_in_the_database_is_not_approved(backend) {
        let Some(desk) = Desk::new(backend) else { return };
        let id = desk.propose();
        let kept = desk.proposal(id);
        let altered = [
            ("input", "'{\"amount\":\"999\"}'".to_owned(), "'{\"amount\":\"120\"}'".to_owned()),
            ("operation", "'APPLY_CASCADE'".to_owned(), "'SET_QUOTAS'".to_owned()),
            ("expires_at", later(300).timestamp_micros().to_string(), kept.expires_at.timestamp_micros().to_string()),
            ("proposer_id", desk.other.account.get().to_string(), desk.one.account.get().to_string()),
        ];
        let third = hire(desk.store(), "planner-3", Role::Planner, desk.world.province);
        for (column, wrong, right) in altered {
            desk.tamper(&format!("UPDATE proposal SET {column} = {wrong} WHERE id = {}", id.get()));
            is_refused(desk.approve(&third, id, now()), "PROPOSAL_ALTERED", "proposal");
            desk.tamper(&format!("UPDATE proposal SET {column} = {right} WHERE id = {}", id.get()));
        }
        assert_eq!(desk.approve(&third, id, now()), Ok(id), "as it was, it is approved");
    }

    two_approvals_at_once_have_one_effect(backend) {
        let Some(desk) = Desk::new(backend) else { return };
        let third = hire(desk.store(), "planner-3", Role::Planner, desk.world.province);
        // An embedded database has one process; a server is asked by two.
        let own = || Arc::clone(&desk.world.stage.store);
        let another = || open(&Config::new(&desk.world.stage.database().url()).expect("a URL")).expect("it opens");
        let stores: [Arc<dyn Store>; 2] = [own(), if backend == Backend::Sqlite { own() } else { another() }];
        for round in 1..=4 {
            let change = Change::SetQuotas(desk.command(&format!("{}", 200 + round), round));
            let id = desk.try_propose(&desk.one, change.clone(), None).expect("it is proposed");
            let start = Barrier::new(2);
            let outcomes: Vec<_> = thread::scope(|scope| {
                let approvals: Vec<_> = stores.iter().zip([&desk.other, &third]).map(|(store, by)| {
                    let (start, change) = (&start, &change);
                    scope.spawn(move || {
                        let act = alone(by, now(), "approveProposal");
                        start.wait();
                        store.write(|tx| approve_proposal(&act, tx, &decide(id), &|_, _| Ok(change.clone())))
                    })
                }).collect();
                approvals.into_iter().map(|approval| approval.join().expect("no panic")).collect()
            });
            let (done, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
            assert_eq!((done.len(), refused.len()), (1, 1), "{refused:?}");
            for outcome in refused {
                is_refused(outcome, "PROPOSAL_STATE", "proposal");
            }
            assert_eq!(desk.world.quota(desk.key).expect("a quota").version, round + 1);
        }
    }

    a_merger_is_decided_by_two_system_admins(backend) {
        let Some(world) = World::new(backend) else { return };
        let store = &*world.stage.store;
        let [one, other] = ["admin-1", "admin-2"].map(|login| hire(store, login, Role::SystemAdmin, world.province));
        let change = Change::MergeUnits(MergeUnits {
            from: vec![world.communes[1]], into: Successor::Existing(world.communes[0]), on: day("2023-08-01"), legal_basis: None,
        });
        let command = ProposeChange {
            change: change.clone(), input: "{}".to_owned(), reason: Reason::new("nghị quyết").expect("a reason"), expires_at: None,
        };
        let act = alone(&one, now(), "proposeChange");
        let id = propose_change(store, &act, &command).expect("it is proposed");
        assert_eq!(propose_change(store, &act, &command), Ok(id), "a retry proposes nothing new");
        let closed = |unit: UnitId| store.read(|tx| Ok(tx.units_by_id(&Scope::Country, &[unit])?)).expect("units")[&unit].closed_on;
        assert_eq!(closed(world.communes[1]), None);
        let act = alone(&other, now(), "approveProposal");
        let done = store.write(|tx| approve_proposal(&act, tx, &decide(id), &|_, _| Ok(change.clone())));
        assert_eq!((done, closed(world.communes[1])), (Ok(id), Some(day("2023-08-01"))));
        let again = propose_change(store, &alone(&one, now(), "proposeChange"), &command);
        is_refused(again, "UNIT_NOT_VALID", "change.mergeUnits.from.0");
    }
}
