//! Setting quotas of every form in one decision.

use caodiem_domain::access::Role;
use caodiem_domain::quota::{Basis, Holder, RatePer};
use caodiem_domain::text::{PlanNumber, Reason};
use caodiem_domain::usecase::set_quotas::{QuotaSetting, SetQuotas, set_quotas};
use caodiem_tests::on_both;
use caodiem_tests::stage::act;

use crate::world::{World, day, exact, first, now, refusals};

fn decision(quotas: Vec<QuotaSetting>) -> SetQuotas {
    SetQuotas { quotas, reason: None, decision: None }
}

on_both! {
    every_form_is_worked_out_from_what_is_on_record(backend) {
        let Some(world) = World::new(backend) else { return };
        world.eligible();
        let district = Holder::Unit(world.districts[0]);
        let (group, indicator) = (world.group, world.eligible);
        let half = world.key(district, Some(0));
        let second = world.key(district, Some(1));
        let part = caodiem_domain::quota::QuotaKey { indicator: world.parts[1], ..second };
        let team = world.team(world.villages[0], &[1]);
        let rest = Basis::PercentOfRest { percent: exact("80"), phase: world.phases[0], group, indicator };
        let settings = [
            (half, Basis::PercentOfBaseline { percent: exact("50"), group, indicator }, "300", "50 % × 600"),
            // Both refer to what stands earlier in the same decision.
            (second, rest, "240", "80 % × (600 − 300)"),
            (part, Basis::ShareOfTotal { percent: exact("20"), total: world.activated }, "48", "20 % × 240"),
            (world.key(Holder::Unit(world.communes[0]), Some(0)),
                Basis::PerDay { rate: exact("5"), per: RatePer::Village }, "90", "5 × 2 × 9"),
            (world.key(Holder::Unit(world.communes[0]), Some(1)),
                Basis::PerDay { rate: exact("5"), per: RatePer::Team }, "100", "5 × 1 × 20"),
            (world.key(Holder::Team(team), None), Basis::PerShift { rate: exact("160"), shifts: 6 }, "960", "160 × 6"),
            (world.key(Holder::Unit(world.communes[1]), None),
                Basis::PerHead { rate: exact("10"), group, indicator }, "5000", "10 × 500"),
        ];
        let command =
            decision(settings.iter().map(|(key, basis, ..)| first(*key, basis.clone())).collect());
        let act = world.planner(world.province);
        let ids = world.stage.store.write(|tx| set_quotas(&act, tx, &command)).expect("they are set");
        let history = world.stage.store.read(|tx| Ok(tx.amendments(&ids)?)).expect("history");
        for ((key, basis, amount, explanation), id) in settings.iter().zip(&ids) {
            let quota = world.quota(*key).expect("a quota");
            assert_eq!((quota.id, quota.amount.to_string().as_str(), quota.version), (*id, *amount, 1));
            assert_eq!(quota.basis, *basis);
            assert_eq!(history[id][0].explanation, *explanation);
        }
        let again = world.stage.store.write(|tx| set_quotas(&act, tx, &command));
        assert_eq!(again, Ok(ids), "a retry gives the same answer and changes nothing");
        assert_eq!(world.quota(half).map(|quota| quota.version), Some(1));
    }

    every_problem_is_named_with_its_place(backend) {
        let Some(world) = World::new(backend) else { return };
        world.eligible();
        let (group, indicator) = (world.group, world.eligible);
        let unit = |unit| world.key(Holder::Unit(unit), None);
        let of_base = Basis::PercentOfBaseline { percent: exact("50"), group, indicator };
        let absolute = || Basis::Absolute { amount: exact("10") };
        let mut quotas = vec![
            first(unit(world.districts[2]), of_base),
            first(unit(world.districts[1]), absolute()),
            first(unit(world.districts[1]), absolute()),
            first(unit(world.communes[0]), absolute()),
            first(unit(world.communes[1]), Basis::ShareOfTotal { percent: exact("20"), total: world.parts[0] }),
            first(unit(world.communes[2]), absolute()),
            first(unit(world.communes[3]), absolute()),
        ];
        quotas[3].key.indicator = world.eligible;
        quotas[5].expected_version = 4;
        quotas[6].due = Some(day("2023-07-20"));
        let outcome = world.stage.store.write(|tx| set_quotas(&world.planner(world.province), tx, &decision(quotas.clone())));
        let expected = [
            ("BASELINE_MISSING", "quotas.0.basis"),
            ("REPEATED", "quotas.2"),
            ("INDICATOR_NOT_IN_DRIVE", "quotas.3.indicator"),
            ("QUOTA_MISSING", "quotas.4.basis.refers"),
            ("STALE_VERSION", "quotas.5.expectedVersion"),
            ("DAY_OUTSIDE_DRIVE", "quotas.6.due"),
        ];
        assert_eq!(refusals(outcome), expected.map(|(code, field)| (code, field.to_owned())));
        assert_eq!(world.quota(unit(world.districts[1])), None, "all or none");
    }

    an_open_drive_demands_a_decision_and_keeps_the_old_figure(backend) {
        let Some(world) = World::new(backend) else { return };
        let key = world.key(Holder::Unit(world.districts[0]), None);
        world.owe(key.holder, None, 100);
        world.open();
        let mut change = first(key, Basis::Absolute { amount: exact("120") });
        change.expected_version = 1;
        let mut command = decision(vec![change]);
        let act = || act(Role::Planner, now());
        let bare = world.stage.store.write(|tx| set_quotas(&act(), tx, &command));
        assert_eq!(
            refusals(bare),
            [("REASON_REQUIRED", "reason".to_owned()), ("REASON_REQUIRED", "decision".to_owned())]
        );
        command.reason = Reason::new("điều chỉnh").ok();
        command.decision = PlanNumber::new("9/QĐ-UBND").ok();
        let ids = world.stage.store.write(|tx| set_quotas(&act(), tx, &command)).expect("it is amended");
        let history = world.stage.store.read(|tx| Ok(tx.amendments(&ids)?)).expect("history");
        let amounts: Vec<String> = history[&ids[0]].iter().map(|entry| entry.amount.to_string()).collect();
        assert_eq!(amounts, ["100", "120"]);
        let stale = world.stage.store.write(|tx| set_quotas(&act(), tx, &command));
        assert_eq!(refusals(stale), [("STALE_VERSION", "quotas.0.expectedVersion".to_owned())]);
    }

    holders_out_of_scope_are_not_found_and_those_outside_are_refused(backend) {
        let Some(world) = World::new(backend) else { return };
        let set = |planner: &caodiem_domain::usecase::Act, holder| {
            let setting = first(world.key(holder, None), Basis::Absolute { amount: exact("1") });
            world.stage.store.write(|tx| set_quotas(planner, tx, &decision(vec![setting.clone()])))
        };
        let own = world.planner(world.districts[0]);
        assert_eq!(
            refusals(set(&own, Holder::Unit(world.communes[2]))),
            [("NOT_FOUND", "quotas.0.holder".to_owned())]
        );
        let country = world.stage.store.read(|tx| Ok(tx.tree(day("2023-06-20"))?.units().next())).expect("a tree");
        let country = country.expect("a country").id;
        assert_eq!(
            refusals(set(&act(Role::Planner, now()), Holder::Unit(country))),
            [("UNIT_OUTSIDE_DRIVE", "quotas.0.holder".to_owned())]
        );
        assert!(set(&world.planner(world.districts[0]), Holder::Unit(world.communes[0])).is_ok());
        let reporter = set(&act(Role::Reporter, now()), Holder::Unit(world.communes[0]));
        assert_eq!(refusals(reporter), [("FORBIDDEN", String::new())]);
    }
}
