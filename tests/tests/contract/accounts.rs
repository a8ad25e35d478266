//! Accounts: who may look after whose, and what an end takes with it.

use caodiem_domain::access::{Permission, Role, Scope};
use caodiem_domain::account::{AccountKind, AccountState, CodePurpose, OneTimeCode};
use caodiem_domain::error::Error;
use caodiem_domain::id::{AccountId, AssignmentId, Sequence, SessionId, UnitId};
use caodiem_domain::ports::WriteTx;
use caodiem_domain::problem::Code;
use caodiem_domain::session::Session;
use caodiem_domain::text::{Key, Post};
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::manage_accounts::codes::{IssuedCode, issue_code};
use caodiem_domain::usecase::manage_accounts::external::bind_external;
use caodiem_domain::usecase::manage_accounts::keys::{AddServiceKey, add_service_key, revoke_service_key};
use caodiem_domain::usecase::manage_accounts::{
    CreateAccount, DisableAccount, ReviseAccount, create_account, disable_account, enable_account, end_sessions_of,
    force_sign_in, revise_account, unlock_account,
};
use caodiem_domain::usecase::read_accounts::{effective_permissions, who_can};
use caodiem_domain::usecase::reform_units::{MergeUnits, Successor, merge_units};
use caodiem_tests::forge::Forge;
use caodiem_tests::on_both;
use caodiem_tests::stage::{act, request};
use caodiem_tests::vault::Vault;

use crate::cast::{Answer, Cast, NOW, codes, reason, subject};
use crate::externals::binding;
use crate::world::{day, moment, title};

/// A session of an account under an assignment.
fn session(cast: &Cast, account: AccountId, assignment: AssignmentId) -> SessionId {
    cast.world.write(|tx| {
        let id = tx.allocate(Sequence::Session, 1)?[0];
        tx.insert_session(&Session {
            id: SessionId::new(id),
            account,
            assignment,
            device: title("máy bàn"),
            refresh: [u8::try_from(id).expect("few"); 32],
            previous: None,
            rotated_at: moment(NOW),
            created_at: moment(NOW),
            expires_at: moment("2023-06-06T03:00:00Z"),
            ended_at: None,
            ended_for: None,
            version: 1,
        })?;
        Ok(SessionId::new(id))
    })
}

fn is_live(cast: &Cast, session: SessionId) -> bool {
    cast.world.read(|tx| tx.session(session)).expect("a session").ended_at.is_none()
}

fn disable(account: AccountId) -> DisableAccount {
    DisableAccount { account, expected_version: 1, reason: reason() }
}

fn revise(account: AccountId) -> ReviseAccount {
    ReviseAccount { account, expected_version: 1, post: Post::new("Phó trưởng phòng").ok(), unit: None }
}

fn key(account: AccountId, kid: &str, until: &str) -> AddServiceKey {
    AddServiceKey {
        account,
        kid: Key::new(kid).expect("a key"),
        public: Forge::stranger(kid).public().to_vec(),
        expires_at: moment(until),
    }
}

/// Everything by which somebody might get into an account.
fn ways_in(cast: &Cast, by: AssignmentId, account: AccountId) -> Vec<Answer<()>> {
    let run = |job: &dyn Fn(&Act, &mut dyn WriteTx) -> Result<(), Error>| cast.act(by, |act, tx| job(act, tx));
    vec![
        run(&|act, tx| revise_account(act, tx, &revise(account)).map(drop)),
        run(&|act, tx| unlock_account(act, tx, account).map(drop)),
        run(&|act, tx| issue_code(act, tx, &Vault::default(), account).map(drop)),
        run(&|act, tx| enable_account(act, tx, (account, 1)).map(drop)),
        run(&|act, tx| bind_external(act, tx, &Vault::default(), &binding(account, "nguoi-la")).map(drop)),
    ]
}

on_both! {
    nobody_looks_after_whoever_holds_what_one_could_not_have_granted(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let world = &cast.world;
        let admin = cast.admin("quan-tri-a1", Role::UnitAdmin, world.district_a1);
        let superior = cast.account("cap-tren", world.district_a1);
        cast.assign(superior, Role::UnitAdmin, world.province_a);
        let peer = cast.account("dong-cap", world.district_a1);
        cast.assign(peer, Role::UnitAdmin, world.district_a1);
        let auditor = cast.account("kiem-toan", world.district_a1);
        cast.assign(auditor, Role::Auditor, world.commune_a1a);
        let inspector = cast.account("thanh-tra", world.district_a1);
        cast.assign(inspector, Role::Verifier, world.district_b1);
        for (name, account) in [("superior", superior), ("peer", peer), ("auditor", auditor), ("elsewhere", inspector)] {
            for way in ways_in(&cast, admin, account) {
                assert_eq!(way, Err(vec![Code::AccountBeyondReach]), "{name}");
            }
            let curbs = cast.act(admin, |act, tx| disable_account(act, tx, &disable(account)));
            assert_eq!(curbs, Err(vec![Code::AccountBeyondReach]), "{name}");
            let ends = cast.act(admin, |act, tx| end_sessions_of(act, tx, (account, None)));
            assert_eq!(ends, Err(vec![Code::AccountBeyondReach]), "{name}");
        }
        let own = cast.assignment(admin).account;
        assert_eq!(cast.act(admin, |act, tx| disable_account(act, tx, &disable(own))), Err(vec![Code::GrantToSelf]));
        let outside = cast.account("noi-khac", world.district_b1);
        assert_eq!(cast.act(admin, |act, tx| revise_account(act, tx, &revise(outside))), Err(vec![Code::NotFound]));
        let subordinate = cast.account("cap-duoi", world.commune_a1a);
        cast.assign(subordinate, Role::UnitAdmin, world.commune_a1a);
        assert!(cast.act(admin, |act, tx| revise_account(act, tx, &revise(subordinate))).is_ok());
        // What was lost does not protect: an ended assignment is no reason.
        let top = cast.admin("quan-tri-a", Role::UnitAdmin, world.country);
        let held = world.read(|tx| tx.assignments_of(&[superior])).remove(&superior).expect("held")[0].id;
        cast.end(top, held).expect("ended");
        assert!(cast.act(admin, |act, tx| revise_account(act, tx, &revise(superior))).is_ok());
    }

    one_system_admin_curbs_another_but_does_not_get_in(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let world = &cast.world;
        let system = cast.admin("he-thong-1", Role::SystemAdmin, world.country);
        let other = cast.account("he-thong-2", world.country);
        cast.assign(other, Role::SystemAdmin, world.country);
        for way in ways_in(&cast, system, other) {
            assert_eq!(way, Err(vec![Code::AccountBeyondReach]));
        }
        assert!(cast.act(system, |act, tx| disable_account(act, tx, &disable(other))).is_ok());
        let reporter = cast.account("to-vien", world.commune_a1a);
        cast.assign(reporter, Role::Reporter, world.commune_a1a);
        assert!(cast.act(system, |act, tx| revise_account(act, tx, &revise(reporter))).is_ok(), "accounts of everybody else");
    }

    an_account_is_made_in_scope_and_once(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let world = &cast.world;
        let admin = cast.admin("quan-tri-a1", Role::UnitAdmin, world.district_a1);
        let new = |login: &str, unit: UnitId| CreateAccount {
            login: subject(login),
            kind: AccountKind::Person,
            post: Post::new("Trưởng thôn").expect("a post"),
            unit,
        };
        let make = |command: CreateAccount| cast.act(admin, |act, tx| create_account(act, tx, &command));
        let made = cast.account_now(make(new("truong-thon", world.commune_a1a)).expect("made"));
        assert_eq!((made.state, made.created_by.as_str(), made.demo), (AccountState::Invited, "quan-tri-a1", false));
        assert_eq!(make(new("truong-thon", world.commune_a1b)), Err(vec![Code::CodeTaken]));
        assert_eq!(make(new("khac", world.district_b1)), Err(vec![Code::NotFound]));
        let reporter = cast.admin("to-truong", Role::Reporter, world.commune_a1a);
        let tried = cast.act(reporter, |act, tx| create_account(act, tx, &new("ban", world.commune_a1a)));
        assert_eq!(tried, Err(vec![Code::Forbidden]));
        let moved = ReviseAccount { unit: Some(world.district_b1), ..revise(made.id) };
        assert_eq!(cast.act(admin, |act, tx| revise_account(act, tx, &moved)), Err(vec![Code::NotFound]));
        let stale = ReviseAccount { expected_version: 7, ..revise(made.id) };
        assert_eq!(cast.act(admin, |act, tx| revise_account(act, tx, &stale)), Err(vec![Code::StaleVersion]));
    }

    an_end_takes_sessions_codes_and_keys_with_it(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let world = &cast.world;
        let admin = cast.admin("quan-tri-a", Role::UnitAdmin, world.province_a);
        let account = cast.account_of("may-a1", world.district_a1, AccountKind::Service);
        let held = cast.assign(account, Role::Integrator, world.district_a1);
        let open = session(&cast, account, held);
        cast.act(admin, |act, tx| add_service_key(act, tx, &Vault::default(), &key(account, "k1", "2024-06-01T00:00:00Z"))).expect("added");
        let code = OneTimeCode {
            hash: [9; 32],
            account,
            purpose: CodePurpose::Reset,
            expires_at: moment("2023-06-06T00:00:00Z"),
            used_at: None,
            created_by: subject("quan-tri-a"),
        };
        world.write(|tx| tx.put_code(&code));
        cast.act(admin, |act, tx| disable_account(act, tx, &disable(account))).expect("disabled");
        assert!(!is_live(&cast, open));
        assert_eq!(world.read(|tx| tx.code_of(&[9; 32])), None);
        let keys = world.read(|tx| tx.service_keys_of(&[account])).remove(&account).expect("keys");
        assert_eq!(keys[0].revoked_at, Some(moment(NOW)));
        let ended = cast.assignment(held);
        assert_eq!((ended.ended_at, ended.ended_by), (Some(moment(NOW)), Some(subject("quan-tri-a"))));
        let again = DisableAccount { expected_version: 2, ..disable(account) };
        assert_eq!(cast.act(admin, |act, tx| disable_account(act, tx, &again)), Err(vec![Code::AccountState]));
        cast.act(admin, |act, tx| enable_account(act, tx, (account, 2))).expect("enabled");
        let enabled = cast.account_now(account);
        assert_eq!((enabled.state, enabled.disabled_for), (AccountState::Invited, None), "without a key it is not in use");
        assert!(cast.assignment(held).ended_at.is_some(), "its assignments are granted anew");
        assert!(!is_live(&cast, open), "what has ended stays ended");
    }

    a_code_is_handed_out_once_and_kept_as_a_hash(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let world = &cast.world;
        let (vault, actor) = (Vault::default(), cast.actor(cast.admin("quan-tri-a", Role::UnitAdmin, world.province_a)));
        let account = cast.account("can-bo-a1", world.district_a1);
        let issue = |act: &Act| world.store.write(|tx| issue_code(act, tx, &vault, account)).expect("issued");
        let fresh = || Act { request: request(&actor, 1), actor: actor.clone(), ..act(Role::UnitAdmin, moment(NOW)) };
        let once = fresh();
        let (first, again) = (issue(&once), issue(&once));
        assert_eq!((first.purpose, first.expires_at), (CodePurpose::Reset, moment("2023-06-06T03:00:00Z")));
        assert_eq!(again, IssuedCode { code: None, ..first.clone() }, "a repeated request does not show it again");
        let kept = |issued: &IssuedCode| world.read(|tx| tx.code_of(&issued.code.as_ref().expect("a code").hash(&vault)));
        assert_eq!(kept(&first).expect("kept").account, account);
        let second = issue(&fresh());
        assert_eq!(kept(&first), None, "an earlier one counts no more");
        assert!(kept(&second).is_some());
        let told = first.code.as_ref().expect("a code").reveal();
        let written = format!("SELECT COUNT(*) AS number FROM audit WHERE changes LIKE '%{told}%' OR input LIKE '%{told}%'");
        assert_eq!(world.database.number(&written), 0, "no code is on record");
        let machine = cast.account_of("may-a1", world.district_a1, AccountKind::Service);
        let refused = cast.act_as(actor.clone(), moment(NOW), |act, tx| issue_code(act, tx, &vault, machine));
        assert_eq!(refused.map(drop), Err(vec![Code::AccountKind]));
    }

    keys_of_machines_are_bounded(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let world = &cast.world;
        let admin = cast.admin("quan-tri-a", Role::UnitAdmin, world.province_a);
        let machine = cast.account_of("may-a1", world.district_a1, AccountKind::Service);
        let add = |account, kid: &str, until: &str| {
            let command = key(account, kid, until);
            cast.act(admin, |act, tx| add_service_key(act, tx, &Vault::default(), &command))
        };
        assert_eq!(add(machine, "k0", "2024-06-05T00:00:00Z"), Err(vec![Code::OutOfRange]), "a year at most");
        assert_eq!(add(machine, "k0", "2023-06-01T00:00:00Z"), Err(vec![Code::OutOfRange]), "over already");
        let mut odd = key(machine, "k0", "2024-01-01T00:00:00Z");
        odd.public[64] ^= 1;
        let odd = cast.act(admin, |act, tx| add_service_key(act, tx, &Vault::default(), &odd));
        assert_eq!(odd, Err(vec![Code::NoPublicKey]), "beside the curve");
        let person = cast.account("nguoi", world.district_a1);
        assert_eq!(add(person, "k0", "2024-01-01T00:00:00Z"), Err(vec![Code::AccountKind]));
        for number in 1..=5 {
            add(machine, &format!("k{number}"), "2024-01-01T00:00:00Z").expect("added");
        }
        assert_eq!(add(machine, "k6", "2024-01-01T00:00:00Z"), Err(vec![Code::TooMany]));
        let kid = Key::new("k1").expect("a key");
        cast.act(admin, |act, tx| revoke_service_key(act, tx, (machine, &kid))).expect("withdrawn");
        assert_eq!(cast.act(admin, |act, tx| revoke_service_key(act, tx, (machine, &kid))), Err(vec![Code::NotFound]));
        assert_eq!(add(machine, "k1", "2024-01-01T00:00:00Z"), Err(vec![Code::CodeTaken]), "a name is not used again");
        assert!(add(machine, "k6", "2024-01-01T00:00:00Z").is_ok());
    }

    a_unit_signs_in_anew_and_others_do_not(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let world = &cast.world;
        let admin = cast.admin("quan-tri-a", Role::UnitAdmin, world.province_a);
        let open = |login: &str, unit: UnitId| {
            let account = cast.account(login, unit);
            session(&cast, account, cast.assign(account, Role::Reporter, unit))
        };
        let (inside, deeper, outside) = (open("a1", world.district_a1), open("a1a", world.commune_a1a), open("a2", world.district_a2));
        assert_eq!(cast.act(admin, |act, tx| force_sign_in(act, tx, world.district_a1)), Ok(2));
        assert_eq!([inside, deeper, outside].map(|id| is_live(&cast, id)), [false, false, true]);
        assert_eq!(cast.act(admin, |act, tx| force_sign_in(act, tx, world.district_b1)), Err(vec![Code::NotFound]));
    }

    what_an_account_may_do_and_who_may_do_it_agree_with_the_scopes_in_use(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let world = &cast.world;
        let system = cast.admin("he-thong", Role::SystemAdmin, world.country);
        let units = [world.country, world.province_a, world.district_a1, world.district_a2, world.commune_a1a, world.commune_a1b,
            world.commune_a2a, world.province_b, world.commune_b1a];
        let roles = [Role::UnitAdmin, Role::Planner, Role::Verifier, Role::Analyst];
        let holders: Vec<_> = units.iter().enumerate().map(|(at, unit)| {
            let account = cast.account(&format!("can-bo-{at}"), *unit);
            (account, cast.assign(account, roles[at % roles.len()], *unit))
        }).collect();
        let merge = MergeUnits { from: vec![world.commune_a1b], into: Successor::Existing(world.commune_a2a), on: day("2023-06-04"), legal_basis: None };
        codes(world.store.write(|tx| merge_units(&act(Role::SystemAdmin, moment(NOW)), tx, &merge))).expect("merged");
        let reader = cast.actor(system);
        for unit in units {
            let path = world.read(|tx| tx.units_by_id(&Scope::Country, &[unit])).remove(&unit).expect("a unit").path;
            for permission in [Permission::ReadUnits, Permission::ManageUnits, Permission::ReadTallies, Permission::SubmitTallies] {
                let done = world.store.read(|tx| who_can(&reader, tx, (unit, permission), day("2023-06-05")));
                let mut found: Vec<_> = done.expect("holders").assignments.iter().map(|one| one.id).collect();
                let expected: Vec<_> = holders.iter().map(|(_, id)| *id).chain([system]).filter(|id| {
                    let actor = cast.actor(*id);
                    actor.may(permission) && actor.scope.covers(&path)
                }).collect();
                found.sort_unstable();
                let mut expected = expected;
                expected.sort_unstable();
                assert_eq!(found, expected, "{unit:?} {permission:?}");
                for (account, id) in &holders {
                    let rights = world.store.read(|tx| effective_permissions(&reader, tx, (*account, unit), day("2023-06-05")));
                    let has = rights.expect("rights").iter().any(|right| right.permission == permission && right.assignment.id == *id);
                    assert_eq!(has, found.contains(id), "{unit:?} {permission:?} {account:?}");
                }
            }
        }
        let district = cast.actor(cast.admin("quan-tri-a1", Role::UnitAdmin, world.district_a1));
        let done = world.store.read(|tx| who_can(&district, tx, (world.commune_a1a, Permission::ReadUnits), day("2023-06-05")));
        let below = done.expect("holders").assignments;
        assert!(below.iter().all(|one| one.unit == world.district_a1 || one.unit == world.commune_a1a), "those above are not told");
    }
}
