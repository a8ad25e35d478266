//! Progress of a drive that straddles a reform: the second commune goes wholly into the first on 23 June.

use caodiem_domain::access::Role;
use caodiem_domain::id::{IndicatorId, UnitId};
use caodiem_domain::progress::{Progress, TreeView};
use caodiem_domain::tally::Reporter;
use caodiem_domain::time::DaySpan;
use caodiem_domain::usecase::read_progress::{ProgressQuestion, daily_progress, progress};
use caodiem_domain::usecase::reform_units::{MergeUnits, Successor, merge_units};
use caodiem_tests::on_both;
use caodiem_tests::stage::{act, actor};

use crate::world::{World, day, now};

fn straddling(world: &World) {
    world.open();
    let [one, two] = [world.communes[0], world.communes[1]].map(Reporter::Unit);
    world.tallies(&[
        (one, "2023-06-20", world.parts[0], 10),
        (two, "2023-06-21", world.parts[0], 6),
        (one, "2023-06-20", world.waiting, 50),
        (two, "2023-06-21", world.waiting, 7),
    ]);
    let command = MergeUnits {
        from: vec![world.communes[1]],
        into: Successor::Existing(world.communes[0]),
        on: day("2023-06-23"),
        legal_basis: None,
    };
    world.stage.store.write(|tx| merge_units(&act(Role::SystemAdmin, now()), tx, &command)).expect("they merge");
    world.tallies(&[(one, "2023-06-23", world.parts[1], 20)]);
}

fn question(world: &World, indicator: IndicatorId, units: &[UnitId], view: TreeView) -> ProgressQuestion {
    ProgressQuestion {
        drive: world.drive,
        units: units.to_vec(),
        indicator,
        group: world.group,
        phase: None,
        days: DaySpan::default(),
        view,
        today: day("2023-06-24"),
        known_at: None,
    }
}

fn done(world: &World, question: &ProgressQuestion) -> Vec<(String, bool)> {
    let found = world.stage.store.read(|tx| progress(&actor(Role::Analyst), tx, question)).expect("progress");
    let figure = |unit: &Progress| (unit.done.value.to_string(), unit.done.estimated);
    found.iter().map(figure).collect()
}

fn exactly(figures: &[&str]) -> Vec<(String, bool)> {
    figures.iter().map(|figure| ((*figure).to_owned(), false)).collect()
}

on_both! {
    figures_follow_the_merger_or_stay_as_they_were(backend) {
        let Some(world) = World::new(backend) else { return };
        straddling(&world);
        let units = [world.communes[0], world.communes[1], world.districts[0]];
        let asked = |view| question(&world, world.activated, &units, view);
        assert_eq!(done(&world, &asked(TreeView::AsItWas)), exactly(&["30", "6", "36"]));
        let after = TreeView::Restated { onto: day("2023-06-24") };
        assert_eq!(done(&world, &asked(after)), exactly(&["36", "0", "36"]));
        let before = TreeView::Restated { onto: day("2023-06-20") };
        let backwards = done(&world, &asked(before));
        assert!(backwards[0].1 && backwards[1].1 && !backwards[2].1, "nobody knows who of the two did it: {backwards:?}");
        assert_eq!(backwards[2].0, "36");
    }

    days_restated_add_up_to_the_whole(backend) {
        let Some(world) = World::new(backend) else { return };
        straddling(&world);
        let days = |unit, view| {
            let asked = question(&world, world.activated, &[unit], view);
            let days = world.stage.store.read(|tx| daily_progress(&actor(Role::Analyst), tx, &asked)).expect("days").concat();
            days.iter().map(|day| day.cumulative).collect::<Vec<_>>()
        };
        let after = TreeView::Restated { onto: day("2023-06-24") };
        assert_eq!(days(world.communes[0], TreeView::AsItWas), [10, 10, 10, 30, 30]);
        assert_eq!(days(world.communes[0], after), [10, 16, 16, 36, 36]);
        assert_eq!(days(world.districts[0], after), [10, 16, 16, 36, 36]);
    }

    the_level_of_a_unit_that_ended_stands_until_its_successor_reports(backend) {
        let Some(world) = World::new(backend) else { return };
        straddling(&world);
        let asked = question(&world, world.waiting, &[world.districts[0]], TreeView::AsItWas);
        assert_eq!(done(&world, &asked), exactly(&["57"]));
        world.tallies(&[(Reporter::Unit(world.communes[0]), "2023-06-24", world.waiting, 40)]);
        assert_eq!(done(&world, &asked), exactly(&["40"]));
        let after = TreeView::Restated { onto: day("2023-06-24") };
        let restated = question(&world, world.waiting, &[world.communes[0]], after);
        assert_eq!(done(&world, &restated), exactly(&["40"]));
    }
}
