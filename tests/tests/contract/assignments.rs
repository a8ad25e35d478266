//! Assignments: the tricks by which somebody might get more than the rule hands out (T8), ends and what they suspend.

use caodiem_domain::access::grant::Grant;
use caodiem_domain::access::{Permission, Role, Scope};
use caodiem_domain::account::AccountKind;
use caodiem_domain::assignment::{AssignmentPredicate, AssignmentState};
use caodiem_domain::id::AssignmentId;
use caodiem_domain::page::{Direction, Filter};
use caodiem_domain::problem::{Code, Problem};
use caodiem_domain::usecase::end_assignment::{EndAssignment, confirm_assignments, end_assignment};
use caodiem_domain::usecase::grant_assignment::{GrantAssignment, grant_assignment, preview_grant};
use caodiem_domain::usecase::manage_accounts::{DisableAccount, disable_account, enable_account};
use caodiem_domain::usecase::revise_unit::{ReviseUnit, revise_unit};
use caodiem_tests::on_both;

use crate::cast::{Cast, NOW, plain, reason};
use crate::world::{all_pages, day, moment};

on_both! {
    a_grant_stands_under_the_grantors_own_and_is_on_record(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let admin = cast.admin("quan-tri-a", Role::UnitAdmin, cast.world.province_a);
        let account = cast.account("can-bo-a1", cast.world.district_a1);
        let before = cast.world.database.number("SELECT COUNT(*) AS number FROM audit");
        let id = cast.grant(admin, &plain(account, Role::Verifier, cast.world.district_a1)).expect("granted");
        let granted = cast.assignment(id);
        assert_eq!((granted.granted_under, granted.chain, granted.version), (Some(admin), 1, 1));
        assert_eq!(granted.granted_by.as_str(), "quan-tri-a");
        assert_eq!(granted.state_on(day("2023-06-05")), AssignmentState::InForce);
        assert_eq!(cast.world.database.number("SELECT COUNT(*) AS number FROM audit"), before + 1);
        let told = cast.world.database.number("SELECT COUNT(*) AS number FROM audit WHERE changes LIKE '%verifier of account%'");
        assert_eq!(told, 1, "the record says what was granted");
    }

    nobody_gets_more_by_any_trick(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let world = &cast.world;
        let (top, own) = (cast.admin("quan-tri-a", Role::UnitAdmin, world.province_a), world.district_a1);
        let admin = cast.admin("quan-tri-a1", Role::UnitAdmin, own);
        let (me, friend) = (cast.assignment(admin).account, cast.account("ban-be", own));
        let refused = |grant: &Grant| cast.grant(admin, grant).expect_err("it is refused");
        let with = |change: &dyn Fn(&mut Grant)| {
            let mut grant = plain(friend, Role::Reporter, world.commune_a1a);
            change(&mut grant);
            grant
        };
        // To oneself, more than one holds, at or above one's own place, out of one's own place.
        assert_eq!(refused(&plain(me, Role::Planner, own)), [Code::GrantToSelf]);
        for role in [Role::SystemAdmin, Role::Auditor, Role::BreakGlass] {
            assert_eq!(refused(&plain(friend, role, own)), [Code::RoleNotGrantable], "{role:?}");
        }
        assert_eq!(refused(&plain(friend, Role::UnitAdmin, own)), [Code::GrantNotBelow]);
        for unit in [world.province_a, world.district_a2, world.commune_b1a] {
            assert_eq!(refused(&plain(friend, Role::Reporter, unit)), [Code::NotFound]);
        }
        // A friend below gives nothing back.
        let below = cast.grant(admin, &plain(friend, Role::UnitAdmin, world.commune_a1a)).expect("granted");
        assert_eq!(cast.grant(below, &plain(me, Role::UnitAdmin, own)), Err(vec![Code::NotFound, Code::NotFound]));
        assert_eq!(cast.grant(below, &plain(me, Role::Planner, world.commune_a1a)), Err(vec![Code::NotFound]));
        // Ending a superior, a peer, or one's own.
        let peer = cast.admin("dong-cap", Role::UnitAdmin, own);
        assert_eq!(cast.end(admin, top), Err(vec![Code::NotFound]));
        assert_eq!(cast.end(admin, peer), Err(vec![Code::GrantNotBelow]));
        assert_eq!(cast.end(admin, admin), Err(vec![Code::GrantToSelf]));
        assert!(cast.end(top, peer).is_ok(), "whoever could have granted it ends it");
        // Terms.
        assert_eq!(refused(&with(&|grant| grant.valid_to = Some(grant.valid_from))), [Code::DatesReversed]);
        assert_eq!(refused(&with(&|grant| grant.only = vec![Permission::ReadUnits])), [Code::GrantOperations]);
        assert_eq!(refused(&with(&|grant| grant.team = Some(world.teams[1]))), [Code::NotFound]);
        assert_eq!(refused(&with(&|grant| {
            grant.team = Some(world.teams[0]);
            grant.unit = world.commune_a1b;
        })), [Code::GrantTeam]);
        assert_eq!(refused(&plain(friend, Role::Integrator, own))[0], Code::RoleUnsuited);
        assert_eq!(refused(&Grant { drive: Some(world.drive), ..plain(friend, Role::UnitAdmin, world.commune_a1b) }), [Code::GrantDrive]);
        // Who reports does not verify, at, above or below; elsewhere is another matter.
        cast.grant(admin, &with(&|_| {})).expect("granted");
        for unit in [world.commune_a1a, own] {
            assert_eq!(refused(&plain(friend, Role::Verifier, unit)), [Code::GrantApart]);
        }
        assert!(cast.grant(admin, &plain(friend, Role::Verifier, world.commune_a1b)).is_ok());
    }

    an_end_is_never_later_than_the_grantors_own(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let world = &cast.world;
        let account = cast.account("quan-tri-a", world.province_a);
        let admin = cast.assign_as(account, Role::UnitAdmin, world.province_a, |one| one.valid_to = Some(day("2023-07-01")));
        let friend = cast.account("ban-be", world.district_a1);
        let until = |to: Option<&str>| Grant { valid_to: to.map(day), ..plain(friend, Role::UnitAdmin, world.district_a1) };
        assert_eq!(cast.grant(admin, &until(None)), Err(vec![Code::GrantOutlasts]));
        assert_eq!(cast.grant(admin, &until(Some("2023-07-02"))), Err(vec![Code::GrantOutlasts]));
        let friends = cast.grant(admin, &until(Some("2023-07-01"))).expect("granted");
        let longer = Grant { valid_to: None, ..plain(account, Role::Planner, world.commune_a1a) };
        assert_eq!(cast.grant(friends, &longer), Err(vec![Code::NotFound]), "the superior is out of the friend's sight");
    }

    a_grant_for_a_drive_ends_thirty_days_after_it_unless_it_says_otherwise(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let world = &cast.world;
        let drive = world.read(|tx| tx.drives_by_id(&Scope::Country, &[world.local_drive])).remove(&world.local_drive).expect("a drive");
        let after = drive.days.to().iter_days().nth(31).expect("a day");
        let root = cast.admin("quan-tri", Role::UnitAdmin, world.country);
        let bound = |login: &str| Grant {
            drive: Some(world.local_drive),
            ..plain(cast.account(login, world.district_a1), Role::Analyst, world.district_a1)
        };
        let end = |by, grant: &Grant| cast.assignment(cast.grant(by, grant).expect("granted")).valid_to;
        assert_eq!(end(root, &bound("mot")), Some(after));
        let named = Grant { valid_to: Some(day("2023-06-20")), ..bound("hai") };
        assert_eq!(end(root, &named), named.valid_to, "what is named counts");
        assert_eq!(end(root, &Grant { drive: None, ..bound("ba") }), None, "others have none");
        let short = cast.assign_as(cast.account("ngan", world.country), Role::UnitAdmin, world.country, |one| one.valid_to = Some(day("2023-06-10")));
        assert_eq!(end(short, &bound("bon")), Some(day("2023-06-10")), "never longer than the grantor's own");
        let preview = world.store.read(|tx| preview_grant(&cast.actor(root), tx, &bound("nam"), day("2023-06-05"))).expect("a preview");
        assert_eq!((preview.valid_to, preview.problems.len()), (Some(after), 0));
    }

    machines_get_named_operations_for_a_year(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let world = &cast.world;
        let admin = cast.admin("quan-tri-a", Role::UnitAdmin, world.province_a);
        let machine = cast.account_of("may-a1", world.district_a1, AccountKind::Service);
        let grant = Grant { valid_to: Some(day("2024-06-04")), ..plain(machine, Role::Integrator, world.district_a1) };
        let named = |only: &[Permission]| Grant { only: only.to_vec(), ..grant.clone() };
        assert_eq!(cast.grant(admin, &named(&[])), Err(vec![Code::GrantOperations]), "it has to name them");
        let more = named(&[Permission::SubmitTallies, Permission::ManageQuotas]);
        assert_eq!(cast.grant(admin, &more), Err(vec![Code::GrantOperations]), "its role has no such operation");
        let long = Grant { valid_to: Some(day("2024-06-05")), ..named(&[Permission::SubmitTallies]) };
        assert_eq!(cast.grant(admin, &long), Err(vec![Code::GrantOutlasts]));
        let planner = Grant { role: Role::Planner, ..named(&[]) };
        assert_eq!(cast.grant(admin, &planner), Err(vec![Code::RoleUnsuited]));
        let id = cast.grant(admin, &named(&[Permission::SubmitTallies, Permission::ReadUnits])).expect("granted");
        let actor = cast.actor(id);
        assert!(actor.may(Permission::SubmitTallies) && !actor.may(Permission::ReadTallies), "nothing but what was named");
    }

    a_bound_or_long_chained_or_system_grantor_stays_in_its_bounds(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let world = &cast.world;
        let (friend, own) = (cast.account("ban-be", world.commune_a1a), world.district_a1);
        let bound = cast.assign_as(cast.account("bi-buoc", own), Role::UnitAdmin, own, |one| one.drive = Some(world.local_drive));
        let reporter = plain(friend, Role::Reporter, world.commune_a1a);
        assert_eq!(cast.grant(bound, &reporter), Err(vec![Code::GrantWider]));
        assert!(cast.grant(bound, &Grant { drive: Some(world.local_drive), ..reporter.clone() }).is_ok());
        let seventh = cast.assign_as(cast.account("cuoi-chuoi", own), Role::UnitAdmin, own, |one| one.chain = 6);
        assert_eq!(cast.grant(seventh, &reporter), Err(vec![Code::GrantChain]));
        let system = cast.admin("he-thong", Role::SystemAdmin, world.country);
        let deputy = cast.account("pho", world.country);
        assert_eq!(cast.grant(system, &plain(deputy, Role::UnitAdmin, own)), Err(vec![Code::GrantNotTop]));
        assert_eq!(cast.grant(system, &plain(deputy, Role::Planner, world.country)), Err(vec![Code::RoleNotGrantable]));
        assert!(cast.grant(system, &plain(deputy, Role::UnitAdmin, world.province_b)).is_ok());
        assert!(cast.grant(system, &plain(deputy, Role::Auditor, world.country)).is_ok());
    }

    moving_ones_own_unit_takes_rights_over_both_parents(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let world = &cast.world;
        let admin = cast.admin("quan-tri-a1", Role::UnitAdmin, world.district_a1);
        let moves = |unit, parent| ReviseUnit {
            unit,
            expected_version: 1,
            on: day("2023-06-06"),
            code: None,
            name: None,
            kind: None,
            parent: Some(parent),
            legal_basis: None,
        };
        for (unit, parent) in [(world.district_a1, world.province_b), (world.commune_a1a, world.district_b1), (world.district_a1, world.country)] {
            let refused = cast.act(admin, |act, tx| revise_unit(act, tx, &moves(unit, parent))).expect_err("it is refused");
            assert!(matches!(refused[0], Code::NotFound | Code::Forbidden), "{refused:?}");
        }
    }

    an_end_suspends_what_was_granted_under_it_until_it_is_confirmed(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let world = &cast.world;
        let root = cast.admin("goc", Role::UnitAdmin, world.country);
        let top = cast.grant(root, &plain(cast.account("tinh", world.province_a), Role::UnitAdmin, world.province_a)).expect("granted");
        let middle = cast.grant(top, &plain(cast.account("huyen", world.district_a1), Role::UnitAdmin, world.district_a1)).expect("granted");
        let low = cast.grant(middle, &plain(cast.account("xa", world.commune_a1a), Role::Reporter, world.commune_a1a)).expect("granted");
        let state = |id: AssignmentId, on: &str| cast.assignment(id).state_on(day(on));
        let stale = cast.actor(middle);
        cast.end(root, top).expect("ended");
        assert_eq!(state(top, "2023-06-05"), AssignmentState::Ended);
        for id in [middle, low] {
            assert_eq!(state(id, "2023-06-05"), AssignmentState::Suspended);
            assert_eq!(state(id, "2023-06-11"), AssignmentState::Suspended);
            assert_eq!(state(id, "2023-06-12"), AssignmentState::Ended, "nobody confirmed it in 7 days");
        }
        // A token that is still believed grants nothing.
        let grant = GrantAssignment { grant: plain(cast.account("moi", world.commune_a1a), Role::Reporter, world.commune_a1a), reason: reason() };
        assert_eq!(cast.act_as(stale, moment(NOW), |act, tx| grant_assignment(act, tx, &grant)), Err(vec![Code::Forbidden]));
        // A peer below cannot confirm what it could not grant; whoever could, does, and it stands under that one.
        let peer = cast.admin("huyen-khac", Role::UnitAdmin, world.district_a1);
        assert_eq!(cast.act(peer, |act, tx| confirm_assignments(act, tx, &[middle])), Err(vec![Code::GrantNotBelow]));
        let late = cast.act_as(cast.actor(root), moment("2023-06-12T03:00:00Z"), |act, tx| confirm_assignments(act, tx, &[middle]));
        assert_eq!(late, Err(vec![Code::AssignmentState]));
        cast.act(root, |act, tx| confirm_assignments(act, tx, &[middle])).expect("confirmed");
        let confirmed = cast.assignment(middle);
        assert_eq!((confirmed.granted_under, confirmed.chain), (Some(root), 1));
        assert_eq!(state(middle, "2023-06-05"), AssignmentState::InForce);
        assert_eq!(state(low, "2023-06-05"), AssignmentState::Suspended, "each is confirmed by itself");
        assert_eq!(cast.act(root, |act, tx| confirm_assignments(act, tx, &[middle, low])), Err(vec![Code::AssignmentState]), "all or none");
        cast.act(middle, |act, tx| confirm_assignments(act, tx, &[low])).expect("confirmed");
        assert_eq!((cast.assignment(low).granted_under, cast.assignment(low).chain), (Some(middle), 2));
        assert_eq!(cast.end(root, top), Err(vec![Code::AssignmentState]), "what is over is not ended again");
        let old = EndAssignment { assignment: low, expected_version: 1, reason: reason() };
        assert_eq!(cast.act(root, |act, tx| end_assignment(act, tx, &old)), Err(vec![Code::StaleVersion]));
    }

    disabling_an_admin_ends_what_it_holds_and_suspends_what_it_granted(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let world = &cast.world;
        let root = cast.admin("goc", Role::UnitAdmin, world.country);
        let account = cast.account("tinh", world.province_a);
        let top = cast.grant(root, &plain(account, Role::UnitAdmin, world.province_a)).expect("granted");
        let low = cast.grant(top, &plain(cast.account("xa", world.commune_a1a), Role::Reporter, world.commune_a1a)).expect("granted");
        // What has not begun yet and what waits to be confirmed is the leaver's own as well.
        let to_come = cast.assign_as(account, Role::Planner, world.province_a, |one| one.valid_from = day("2023-07-01"));
        let waiting = cast.assign_as(account, Role::Analyst, world.province_a, |one| one.suspended_at = Some(moment(NOW)));
        let command = DisableAccount { account, expected_version: 1, reason: reason() };
        cast.act(root, |act, tx| disable_account(act, tx, &command)).expect("disabled");
        let state = |id| cast.assignment(id).state_on(day("2023-06-05"));
        for own in [top, to_come, waiting] {
            assert_eq!(state(own), AssignmentState::Ended);
        }
        assert_eq!(state(low), AssignmentState::Suspended);
        let to_confirm = Filter::Is(AssignmentPredicate::Suspended(true));
        let listed = all_pages(Direction::Forward, 5, |page| world.read(|tx| tx.list_assignments(&Scope::Country, &to_confirm, page)));
        assert_eq!(listed.iter().map(|one| one.id).collect::<Vec<_>>(), [low], "the leaver's own need no confirmation");
        assert_eq!(cast.act(root, |act, tx| confirm_assignments(act, tx, &[top])), Err(vec![Code::AssignmentState]));
        assert_eq!(cast.grant(root, &plain(account, Role::Planner, world.province_a)), Err(vec![Code::AccountState]));
        cast.act(root, |act, tx| confirm_assignments(act, tx, &[low])).expect("all that is listed can be confirmed");
        cast.act(root, |act, tx| enable_account(act, tx, (account, 2))).expect("enabled");
        assert_eq!(state(top), AssignmentState::Ended, "it comes back with the account alone");
        assert!(cast.grant(root, &plain(account, Role::UnitAdmin, world.province_a)).is_ok());
    }

    a_preview_says_everything_at_once_and_writes_nothing(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let world = &cast.world;
        let admin = cast.admin("quan-tri-a", Role::UnitAdmin, world.province_a);
        let (actor, friend) = (cast.actor(admin), cast.account("ban-be", world.district_a1));
        let count = || cast.world.database.number("SELECT COUNT(*) AS number FROM assignment");
        let before = count();
        let preview = |grant: &Grant| {
            let done = world.store.read(|tx| preview_grant(&actor, tx, grant, day("2023-06-05")));
            done.expect("a preview")
        };
        let fine = preview(&plain(friend, Role::Analyst, world.district_a1));
        assert_eq!((fine.problems.len(), fine.needs_two), (0, false));
        assert!(fine.permissions.contains(&Permission::ReadQuotas) && !fine.permissions.contains(&Permission::ManageQuotas));
        let wrong = Grant { valid_to: Some(day("2023-06-01")), ..plain(friend, Role::Auditor, world.district_a1) };
        let found: Vec<Code> = preview(&wrong).problems.iter().map(Problem::code).collect();
        assert_eq!(found, [Code::RoleNotGrantable, Code::DatesReversed]);
        assert!(preview(&wrong).permissions.is_empty());
        let unseen = preview(&plain(friend, Role::Auditor, world.commune_b1a));
        assert_eq!(unseen.problems.len(), 1, "of what is not seen nothing else is told");
        assert_eq!(count(), before);
    }
}
