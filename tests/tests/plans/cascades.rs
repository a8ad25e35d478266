//! Cascades previewed and applied.

use caodiem_domain::access::Role;
use caodiem_domain::quota::allocate::Rounding;
use caodiem_domain::quota::cascade::{Among, CascadeLine, CascadePlan, Limit, Policy};
use caodiem_domain::quota::{Basis, Holder};
use caodiem_domain::usecase::apply_cascade::{ApplyCascade, apply_cascade, preview_cascade};
use caodiem_tests::on_both;
use caodiem_tests::stage::{act, actor};

use crate::world::{World, now, refusals};

fn plan(world: &World, levels: u8) -> CascadePlan {
    CascadePlan {
        from: world.key(Holder::Unit(world.province), None),
        among: Among::Units { levels },
        policy: Policy::Proportional { group: world.group, indicator: world.eligible },
        limits: Vec::new(),
        locked: Vec::new(),
        rounding: Rounding::LargestRemainder,
    }
}

fn command(plan: CascadePlan) -> ApplyCascade {
    ApplyCascade { plan, expected_version: 1, reason: None, decision: None }
}

fn amounts(lines: &[CascadeLine]) -> Vec<String> {
    lines.iter().map(|line| line.amount.to_string()).collect()
}

on_both! {
    what_is_previewed_is_what_is_applied(backend) {
        let Some(world) = World::new(backend) else { return };
        world.eligible();
        world.owe(Holder::Unit(world.province), None, 101);
        let plan = plan(&world, 2);
        let preview = world.stage.store.read(|tx| preview_cascade(&actor(Role::Planner), tx, &plan)).expect("a preview");
        // D1 with C1 and C2, D2 with C3 and C4, D3.
        assert_eq!(amounts(&preview.lines), ["61", "10", "51", "40", "40", "0", "0"]);
        assert_eq!((preview.version, preview.printed_sum), (1, 101));
        assert_eq!(preview.lines[0].explanation, "101 × 600 / 1000 → 61");
        let findings: Vec<&str> = preview.findings.iter().map(|finding| finding.code().as_str()).collect();
        assert_eq!(findings, ["CHILD_WITHOUT_BASELINE", "CHILD_WITHOUT_BASELINE"]);
        assert_eq!(preview.findings[0].field(), "lines.5");
        let ids = world
            .stage
            .store
            .write(|tx| apply_cascade(&act(Role::Planner, now()), tx, &command(plan.clone())))
            .expect("it is applied");
        for (line, id) in preview.lines.iter().zip(&ids) {
            let quota = world.quota(world.key(line.holder, None)).expect("a quota");
            assert_eq!((quota.id, &quota.amount, quota.version), (*id, &line.amount, 1));
            assert_eq!(quota.basis, Basis::Share { of: line.above });
        }
    }

    only_figures_that_change_are_amended(backend) {
        let Some(world) = World::new(backend) else { return };
        world.eligible();
        world.owe(Holder::Unit(world.province), None, 100);
        let plan = plan(&world, 1);
        let apply = |plan: &CascadePlan| {
            let command = command(plan.clone());
            world.stage.store.write(|tx| apply_cascade(&act(Role::Planner, now()), tx, &command))
        };
        let first = apply(&plan).expect("it is applied");
        assert_eq!(apply(&plan), Ok(first));
        let version = |unit| world.quota(world.key(Holder::Unit(unit), None)).map(|quota| quota.version);
        assert_eq!(world.districts.iter().map(|unit| version(*unit)).collect::<Vec<_>>(), [Some(1), Some(1), Some(1)]);
        // The first district stays locked at 60; the third takes 5 of the others' 40.
        let mut bound = plan;
        bound.locked = vec![Holder::Unit(world.districts[0])];
        bound.limits =
            vec![Limit { holder: Some(Holder::Unit(world.districts[2])), floor: Some(5), ceiling: None }];
        apply(&bound).expect("it is applied");
        let amount = |unit| world.quota(world.key(Holder::Unit(unit), None)).map(|quota| quota.amount.to_string());
        assert_eq!(
            world.districts.iter().map(|unit| amount(*unit).expect("a quota")).collect::<Vec<_>>(),
            ["60", "35", "5"]
        );
        assert_eq!(world.districts.iter().map(|unit| version(*unit)).collect::<Vec<_>>(), [Some(1), Some(2), Some(2)]);
    }

    teams_and_members_share_too(backend) {
        let Some(world) = World::new(backend) else { return };
        let village = world.villages[0];
        let teams = [world.team(village, &[1, 2]), world.team(village, &[1])];
        world.owe(Holder::Unit(village), None, 31);
        let mut to_teams = plan(&world, 1);
        to_teams.from = world.key(Holder::Unit(village), None);
        to_teams.among = Among::Teams;
        to_teams.policy = Policy::Equal;
        let apply = |plan: &CascadePlan| {
            let command = command(plan.clone());
            world.stage.store.write(|tx| apply_cascade(&act(Role::Planner, now()), tx, &command))
        };
        apply(&to_teams).expect("teams share");
        let amount = |holder| world.quota(world.key(holder, None)).map(|quota| quota.amount.to_string());
        assert_eq!(amount(Holder::Team(teams[0])).as_deref(), Some("16"));
        let to_members = CascadePlan {
            from: world.key(Holder::Team(teams[0]), None),
            among: Among::Members,
            ..to_teams.clone()
        };
        let preview =
            world.stage.store.read(|tx| preview_cascade(&actor(Role::Planner), tx, &to_members)).expect("a preview");
        let mut shares = amounts(&preview.lines);
        shares.sort();
        assert_eq!(shares, ["11", "5"]);
        apply(&to_members).expect("members share");
        let nobody = CascadePlan { among: Among::Members, ..to_teams };
        assert_eq!(refusals(apply(&nobody)), [("NO_CHILDREN", "among".to_owned())]);
    }

    what_cannot_be_shared_is_refused_with_its_place(backend) {
        let Some(world) = World::new(backend) else { return };
        let plan = plan(&world, 1);
        let preview = |plan: &CascadePlan, planner: &caodiem_domain::usecase::Act| {
            world.stage.store.read(|tx| preview_cascade(&planner.actor, tx, plan)).map(|preview| amounts(&preview.lines))
        };
        let planner = world.planner(world.province);
        assert_eq!(refusals(preview(&plan, &planner)), [("QUOTA_MISSING", "from".to_owned())]);
        world.owe(Holder::Unit(world.province), None, 100);
        assert_eq!(refusals(preview(&plan, &planner)), [("NO_WEIGHT", String::new())]);
        let district = world.planner(world.districts[0]);
        assert_eq!(refusals(preview(&plan, &district)), [("NOT_FOUND", "from.holder".to_owned())]);
        world.eligible();
        let units = [world.districts[0], world.communes[0]].map(Holder::Unit);
        let manual = CascadePlan { policy: Policy::Manual(vec![(units[0], 100.into())]), ..plan.clone() };
        assert_eq!(preview(&manual, &planner), Ok(vec!["100".to_owned(), "0".to_owned(), "0".to_owned()]));
        let wrong = CascadePlan { policy: Policy::Manual(vec![(units[1], 100.into())]), ..plan.clone() };
        assert_eq!(refusals(preview(&wrong, &planner)), [("NOT_FOUND", "policy.manual.0".to_owned())]);
        let short = CascadePlan { policy: Policy::Manual(vec![(units[0], 99.into())]), ..plan.clone() };
        assert_eq!(refusals(preview(&short, &planner)), [("SUM_MISMATCH", String::new())]);
        let capped = CascadePlan { limits: vec![Limit { holder: None, floor: None, ceiling: Some(40) }], ..plan.clone() };
        assert_eq!(refusals(preview(&capped, &planner)), [("CEILINGS_TOO_LOW", String::new())]);
        let locked = CascadePlan { locked: vec![units[0]], ..plan.clone() };
        assert_eq!(refusals(preview(&locked, &planner)), [("QUOTA_MISSING", "locked.0".to_owned())]);
        let stale = ApplyCascade { expected_version: 2, ..command(plan) };
        let outcome = world.stage.store.write(|tx| apply_cascade(&act(Role::Planner, now()), tx, &stale));
        assert_eq!(refusals(outcome), [("STALE_VERSION", "expectedVersion".to_owned())]);
    }
}
