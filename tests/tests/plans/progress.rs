//! Progress, rankings, days and teams.

use caodiem_domain::access::{Actor, Role};
use caodiem_domain::id::UnitId;
use caodiem_domain::progress::{FigureBasis, Peers, RankMeasure, TreeView};
use caodiem_domain::quota::{Basis, Holder};
use caodiem_domain::tally::Reporter;
use caodiem_domain::time::DaySpan;
use caodiem_domain::usecase::read_progress::{
    ProgressQuestion, RankQuestion, daily_progress, progress, ranking, team_done,
};
use caodiem_domain::usecase::set_quotas::{QuotaSetting, SetQuotas, set_quotas};
use caodiem_storage::{Config, check};
use caodiem_tests::on_both;
use caodiem_tests::stage::{act, actor};

use crate::world::{World, day, exact, first, now, refusals};

fn question(world: &World, units: &[UnitId]) -> ProgressQuestion {
    ProgressQuestion {
        drive: world.drive,
        units: units.to_vec(),
        indicator: world.activated,
        group: world.group,
        phase: None,
        days: DaySpan::default(),
        view: TreeView::AsItWas,
        today: day("2023-06-24"),
        known_at: None,
    }
}

/// Quotas of the districts and some tallies of communes and a team.
fn running(world: &World) -> caodiem_domain::id::TeamId {
    for (unit, amount) in world.districts.iter().zip([300, 100, 50]) {
        world.owe(Holder::Unit(*unit), None, amount);
    }
    let team = world.team(world.communes[2], &[1, 1]);
    world.open();
    let unit = |at: usize| Reporter::Unit(world.communes[at]);
    world.tallies(&[
        (unit(0), "2023-06-20", world.parts[0], 10),
        (unit(0), "2023-06-20", world.parts[1], 5),
        (unit(1), "2023-06-22", world.parts[0], 15),
        (Reporter::Team(team), "2023-06-23", world.parts[1], 10),
        (Reporter::Team(team), "2023-06-24", world.parts[0], 0),
    ]);
    team
}

on_both! {
    a_unit_of_any_size_is_read_from_the_roll_up(backend) {
        let Some(world) = World::new(backend) else { return };
        running(&world);
        let units = [world.province, world.districts[0], world.districts[1], world.communes[3]];
        let found = world.stage.store.read(|tx| progress(&actor(Role::Analyst), tx, &question(&world, &units)));
        let found = found.expect("progress");
        let done: Vec<String> = found.iter().map(|unit| unit.done.value.to_string()).collect();
        assert_eq!(done, ["40", "30", "10", "0"]);
        let district = &found[1];
        assert_eq!(district.remaining, Some(exact("270")));
        assert_eq!(district.share, Some(exact("0.1")));
        assert_eq!(district.planned.as_ref().and_then(|pace| pace.per_day.clone()), Some(exact("10")));
        let required = district.required.as_ref().expect("something is owed");
        assert_eq!((required.days_left, required.per_day.clone()), (25, Some(exact("270/25"))));
        // Six a day over five days: 45 more days.
        assert_eq!(required.projected_finish, Some(day("2023-08-08")));
        assert_eq!(found[0].quota, None);
        assert_eq!(found[0].share, None);
        let restated = ProgressQuestion { view: TreeView::Restated { onto: day("2023-06-24") }, ..question(&world, &units) };
        let restated = world.stage.store.read(|tx| progress(&actor(Role::Analyst), tx, &restated)).expect("progress");
        assert_eq!(restated, found, "on a tree that did not change, restating changes nothing");
    }

    what_was_there_before_counts_where_the_quota_says_so(backend) {
        let Some(world) = World::new(backend) else { return };
        let (unit, whole) = (world.communes[0], world.communes[1]);
        world.baselines(world.parts[0], "2023-06-18", &[(unit, 30), (whole, 30)]);
        // A figure of the composite itself goes before those of its parts.
        world.baselines(world.activated, "2023-06-10", &[(whole, 7)]);
        world.baselines(world.parts[1], "2023-06-20", &[(unit, 10)]);
        world.baselines(world.parts[1], "2023-06-21", &[(unit, 999)]);
        let counting = |unit: UnitId| QuotaSetting {
            counts_opening: true,
            ..first(world.key(Holder::Unit(unit), None), Basis::Absolute { amount: exact("100") })
        };
        let command = SetQuotas { quotas: vec![counting(unit), counting(whole)], reason: None, decision: None };
        world.stage.store.write(|tx| set_quotas(&act(Role::Planner, now()), tx, &command)).expect("it is set");
        world.open();
        world.tallies(&[(Reporter::Unit(unit), "2023-06-20", world.parts[0], 20)]);
        let found = world
            .stage
            .store
            .read(|tx| progress(&actor(Role::Analyst), tx, &question(&world, &[unit, whole])))
            .expect("progress");
        assert_eq!(found[1].opening, 7);
        assert_eq!((found[0].opening, found[0].remaining.clone()), (40, Some(exact("40"))));
        assert_eq!(found[0].share, Some(exact("0.6")));
        assert_eq!(found[0].planned.as_ref().and_then(|pace| pace.per_day.clone()), Some(exact("2")));
    }

    a_level_is_the_latest_of_each_unit(backend) {
        let Some(world) = World::new(backend) else { return };
        world.open();
        let unit = |at: usize| Reporter::Unit(world.communes[at]);
        world.tallies(&[
            (unit(0), "2023-06-20", world.waiting, 50),
            (unit(1), "2023-06-20", world.waiting, 7),
            (unit(0), "2023-06-22", world.waiting, 20),
        ]);
        let mut question = question(&world, &[world.districts[0], world.province, world.districts[1]]);
        question.indicator = world.waiting;
        let analyst = actor(Role::Analyst);
        let found = world.stage.store.read(|tx| progress(&analyst, tx, &question)).expect("progress");
        let done: Vec<String> = found.iter().map(|unit| unit.done.value.to_string()).collect();
        assert_eq!(done, ["27", "27", "0"], "who did not report on the last day still counts");
        question.units.truncate(1);
        let days = world.stage.store.read(|tx| daily_progress(&analyst, tx, &question)).expect("days").concat();
        let days: Vec<(i64, i64)> = days.iter().map(|day| (day.done, day.cumulative)).collect();
        assert_eq!(days, [(57, 57), (0, 57), (-30, 27), (0, 27), (0, 27)]);
    }

    a_level_of_zero_takes_the_place_of_the_one_before(backend) {
        let Some(world) = World::new(backend) else { return };
        world.open();
        let waiting = Reporter::Unit(world.communes[0]);
        world.tallies(&[(waiting, "2023-06-20", world.waiting, 50), (waiting, "2023-06-22", world.waiting, 0)]);
        let mut question = question(&world, &[world.districts[0]]);
        question.indicator = world.waiting;
        let done = || {
            let found = world.stage.store.read(|tx| progress(&actor(Role::Analyst), tx, &question)).expect("progress");
            found[0].done.value.to_string()
        };
        assert_eq!(done(), "0", "nobody waits any more");
        let config = Config::new(&world.stage.database().url()).expect("a URL");
        let found = || check(&config, 10, &mut |_| {}).expect("it checks").found;
        assert_eq!(found(), 0);
        world.stage.database().execute("UPDATE rollup SET own_0 = NULL WHERE own_0 = 0");
        assert_eq!((found(), done()), (1, "50".to_owned()), "without its row the older one would stand, and is found");
    }

    days_without_tallies_show_nothing_done(backend) {
        let Some(world) = World::new(backend) else { return };
        let team = running(&world);
        let analyst = actor(Role::Analyst);
        let of = question(&world, &[world.province]);
        let restated = ProgressQuestion { view: TreeView::Restated { onto: day("2023-06-24") }, ..of.clone() };
        for asked in [of, restated] {
            let days = world.stage.store.read(|tx| daily_progress(&analyst, tx, &asked)).expect("days").concat();
            let days: Vec<(i64, i64)> = days.iter().map(|day| (day.done, day.cumulative)).collect();
            assert_eq!(days, [(15, 15), (0, 15), (15, 30), (10, 40), (0, 40)]);
        }
        let done = world.stage.store.read(|tx| {
            team_done(&analyst, tx, world.drive, world.activated, &[team], DaySpan::default())
        });
        assert_eq!(refusals_or(done), Ok(vec![(team, 10)]));
    }

    peers_are_ranked_whoever_looks(backend) {
        let Some(world) = World::new(backend) else { return };
        running(&world);
        let asked = |unit, peers, min_quota: i64| RankQuestion {
            unit,
            peers,
            measure: RankMeasure::Share,
            basis: FigureBasis::Reported,
            min_quota: min_quota.into(),
            of: question(&world, &[unit]),
        };
        let rank = |actor: &Actor, question: &RankQuestion| {
            let ranks = world.stage.store.read(|tx| ranking(actor, tx, question)).expect("a ranking");
            ranks.iter().map(|rank| (rank.unit, rank.place, rank.of, rank.tied)).collect::<Vec<_>>()
        };
        let [one, two, three] = world.districts[..] else { panic!("three districts") };
        let country = actor(Role::Analyst);
        let all = [(one, Some(1), 3, true), (two, Some(1), 3, true), (three, Some(3), 3, false)];
        assert_eq!(rank(&country, &asked(one, Peers::Siblings, 0)), all);
        assert_eq!(rank(&country, &asked(one, Peers::Level, 0)), all);
        // One who sees one district still learns its place among all.
        let own = world.planner(three).actor;
        assert_eq!(rank(&own, &asked(three, Peers::Level, 0)), [(three, Some(3), 3, false)]);
        assert_eq!(rank(&own, &asked(three, Peers::Level, 60)), [(three, None, 2, false)]);
        assert_eq!(rank(&country, &asked(world.province, Peers::Siblings, 0)), [(world.province, None, 0, false)]);
        let hidden = world.stage.store.read(|tx| ranking(&own, tx, &asked(one, Peers::Level, 0)));
        assert_eq!(refusals(hidden), [("NOT_FOUND", "unit".to_owned())]);
    }

    units_out_of_scope_are_not_found(backend) {
        let Some(world) = World::new(backend) else { return };
        let own = world.planner(world.districts[0]).actor;
        let units = [world.communes[0], world.communes[2]];
        let outcome = world.stage.store.read(|tx| progress(&own, tx, &question(&world, &units)));
        assert_eq!(refusals(outcome), [("NOT_FOUND", "units.1".to_owned())]);
        let many = vec![world.communes[0]; 101];
        let outcome = world.stage.store.read(|tx| progress(&own, tx, &question(&world, &many)));
        assert_eq!(refusals(outcome), [("TOO_MANY", "units".to_owned())]);
        let auditor = world.stage.store.read(|tx| progress(&actor(Role::Auditor), tx, &question(&world, &units)));
        assert_eq!(refusals(auditor), [("FORBIDDEN", String::new())]);
    }
}

fn refusals_or<T>(outcome: Result<T, caodiem_domain::error::Error>) -> Result<T, String> {
    outcome.map_err(|error| error.to_string())
}
