//! The roll-up: what is added is what is read.

use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, IndicatorId, TeamId, UnitId};
use caodiem_domain::ports::WriteTx;
use caodiem_domain::tally::{KnownQuestion, Reporter, RollupDelta, RollupKey, Tally, Total, TotalsQuestion};
use caodiem_domain::time::{Day, DayRange};
use caodiem_tests::on_both;
use chrono::Datelike;

use crate::world::{World, day, days, moment, tally};

fn add(world: &World, rows: &[(DriveId, UnitId, IndicatorId, &str, i64, i64)]) {
    let mut deltas: Vec<(RollupKey, RollupDelta)> = rows
        .iter()
        .map(|(drive, unit, indicator, on, total, own)| {
            let key = RollupKey { drive: *drive, unit: *unit, indicator: *indicator, day: day(on) };
            (key, RollupDelta { total: *total, own: *own })
        })
        .collect();
    deltas.sort_unstable_by_key(|(key, _)| *key);
    world.write(|tx| tx.add_to_rollup(&deltas));
}

/// A way to read the own figure of the first row.
type Seen = fn(&mut dyn WriteTx, &World, &TotalsQuestion) -> Result<Option<i64>, StoreError>;

/// A province, a commune of it, two indicators, two drives.
fn filled(world: &World) {
    let (province, commune) = (world.province_a, world.commune_a1a);
    let ([one, two, _], drive) = (world.indicators, world.drive);
    add(
        world,
        &[
            (drive, province, one, "2023-06-01", 10, 0),
            (drive, province, one, "2023-06-02", 20, 0),
            (drive, province, two, "2023-06-02", 5, 0),
            (drive, commune, one, "2023-06-01", 10, 10),
            (drive, commune, one, "2023-06-02", 20, 12),
            (world.local_drive, commune, one, "2023-06-01", 1, 1),
        ],
    );
    add(world, &[(drive, commune, one, "2023-06-01", -4, -4), (drive, province, one, "2023-06-01", -4, 0)]);
    world.write(|tx| tx.add_to_rollup(&[]));
}

fn ask(world: &World, indicators: &[IndicatorId], units: &[UnitId], days: DayRange) -> TotalsQuestion {
    TotalsQuestion { drive: world.drive, indicators: indicators.to_vec(), units: units.to_vec(), days }
}

const fn total(unit: UnitId, indicator: IndicatorId, total: i64, own: i64) -> Total {
    Total { unit, indicator, day: None, total, own }
}

on_both! {
    totals_sum_the_days_of_each_unit_and_indicator(backend) {
        let Some(world) = World::new(backend) else { return };
        filled(&world);
        let (province, commune, [one, two, three]) = (world.province_a, world.commune_a1a, world.indicators);
        let june = days("2023-06-01", "2023-06-30");
        let read = |question: &TotalsQuestion| world.read(|tx| tx.totals(question));
        let all = [world.country, province, commune];
        let expected = [total(province, one, 26, 0), total(province, two, 5, 0), total(commune, one, 26, 18)];
        assert_eq!(read(&ask(&world, &[one, two, three], &all, june)), expected);
        assert_eq!(read(&ask(&world, &[two], &all, DayRange::day(day("2023-06-01")))), []);
        let second = DayRange::day(day("2023-06-02"));
        assert_eq!(read(&ask(&world, &[one], &[commune], second)), [total(commune, one, 20, 12)]);
        assert_eq!(read(&ask(&world, &[], &all, june)), []);
        assert_eq!(read(&ask(&world, &[one], &[], june)), []);
    }

    totals_of_any_stretch_are_the_sums_of_its_days(backend) {
        let Some(world) = World::new(backend) else { return };
        let ([one, ..], unit, drive) = (world.indicators, world.commune_a1a, world.drive);
        // Four weeks are touched; each day's figure is told from every other sum of them.
        let figure = |on: Day| 1_i64 << on.day();
        let all: Vec<Day> = days("2023-06-03", "2023-06-25").days().filter(|on| on.day() != 12).collect();
        let on: Vec<String> = all.iter().map(ToString::to_string).collect();
        let rows: Vec<_> = all.iter().zip(&on).map(|(day, on)| (drive, unit, one, on.as_str(), 3 * figure(*day), figure(*day))).collect();
        add(&world, &rows);
        let june: Vec<Day> = days("2023-06-01", "2023-06-28").days().collect();
        for (at, from) in june.iter().enumerate() {
            for to in &june[at..] {
                let stretch = DayRange::new(*from, *to).expect("days");
                let own: i64 = all.iter().filter(|day| stretch.contains(**day)).map(|day| figure(*day)).sum();
                let expected = if own == 0 { vec![] } else { vec![total(unit, one, 3 * own, own)] };
                let question = ask(&world, &[one], &[unit], stretch);
                assert_eq!(world.read(|tx| tx.totals(&question)), expected, "{stretch:?}");
                let owns: Vec<Total> = expected.iter().map(|found| Total { total: 0, ..*found }).collect();
                assert_eq!(world.read(|tx| tx.own_totals(drive, &[one], stretch)), owns, "{stretch:?}");
                let daily = world.read(|tx| tx.daily_totals(&question));
                let of_days: Vec<Option<Day>> = all.iter().filter(|day| stretch.contains(**day)).map(|day| Some(*day)).collect();
                assert_eq!(daily.iter().map(|found| found.day).collect::<Vec<_>>(), of_days);
                assert_eq!(daily.iter().map(|found| found.own).sum::<i64>(), own);
            }
        }
    }

    totals_of_very_many_units_are_found_in_one_call(backend) {
        let Some(world) = World::new(backend) else { return };
        let rows: Vec<_> = (1..=40_000)
            .map(|unit| (world.drive, UnitId::new(unit), world.indicators[0], "2023-06-01", unit, 1))
            .collect();
        add(&world, &rows);
        let units: Vec<UnitId> = (1..=40_000).map(UnitId::new).collect();
        let found = world.read(|tx| {
            tx.totals(&ask(&world, &world.indicators, &units, days("2023-06-01", "2023-06-30")))
        });
        let expected: Vec<Total> =
            units.iter().map(|unit| total(*unit, world.indicators[0], unit.get(), 1)).collect();
        assert!(found == expected, "{} of {} totals", found.len(), expected.len());
    }

    daily_totals_come_day_by_day(backend) {
        let Some(world) = World::new(backend) else { return };
        filled(&world);
        let (province, commune, [one, ..]) = (world.province_a, world.commune_a1a, world.indicators);
        let question = ask(&world, &[one], &[commune, province], days("2023-06-01", "2023-06-02"));
        let on = |total: Total, on: &str| Total { day: Some(day(on)), ..total };
        let expected = [
            on(total(province, one, 6, 0), "2023-06-01"),
            on(total(commune, one, 6, 6), "2023-06-01"),
            on(total(province, one, 20, 0), "2023-06-02"),
            on(total(commune, one, 20, 12), "2023-06-02"),
        ];
        assert_eq!(world.read(|tx| tx.daily_totals(&question)), expected);
    }

    own_figures_are_given_for_every_unit_that_has_one(backend) {
        let Some(world) = World::new(backend) else { return };
        filled(&world);
        let [one, two, _] = world.indicators;
        let own = |days| world.read(|tx| tx.own_totals(world.drive, &[one, two], days));
        assert_eq!(own(days("2023-06-01", "2023-06-30")), [total(world.commune_a1a, one, 0, 18)]);
        assert_eq!(own(days("2023-06-03", "2023-06-30")), []);
    }

    what_stood_at_a_moment_is_the_latest_revision_received_up_to_then(backend) {
        let Some(world) = World::new(backend) else { return };
        // One slot revised twice, the second time to 0, reported to the drive below; another reporter and another day beside it.
        let revised = world.slot(world.commune_a1a, "2023-06-01", Reporter::Unit(world.commune_a1a));
        let by_team = world.slot(world.commune_a1a, "2023-06-01", Reporter::Team(world.teams[0]));
        let at = |figure: Tally, received_at: &str| Tally { received_at: moment(received_at), ..figure };
        let waves = [
            vec![
                at(tally(revised, world.local_drive, 1, 10), "2023-06-01T08:00:00Z"),
                at(tally(by_team, world.drive, 1, 100), "2023-06-03T08:00:00Z"),
                at(world.figure(world.commune_b1a, "2023-06-02", 7), "2023-06-03T08:00:00Z"),
            ],
            vec![at(tally(revised, world.local_drive, 2, 12), "2023-06-02T08:00:00Z")],
            vec![at(tally(revised, world.local_drive, 3, 0), "2023-06-04T08:00:00.000001Z")],
        ];
        for wave in &waves {
            world.write(|tx| tx.put_tallies(wave));
        }
        let (a1a, b1a, one) = (world.commune_a1a, world.commune_b1a, world.indicators[0]);
        let ask = |drive, units: Option<&[UnitId]>, known_at: &str, daily| {
            let question = KnownQuestion {
                drive,
                indicators: vec![one, world.indicators[1]],
                units: units.map(<[UnitId]>::to_vec),
                days: days("2023-06-01", "2023-06-30"),
                known_at: moment(known_at),
                daily,
            };
            world.read(|tx| tx.figures_known_at(&question))
        };
        let whole = |known_at| ask(world.drive, None, known_at, false);
        assert_eq!(whole("2023-06-01T07:59:59.999999Z"), [], "nothing was received yet");
        assert_eq!(whole("2023-06-01T08:00:00Z"), [total(a1a, one, 0, 10)], "what arrives that very moment is known");
        assert_eq!(whole("2023-06-02T08:00:00Z"), [total(a1a, one, 0, 12)]);
        assert_eq!(whole("2023-06-04T08:00:00Z"), [total(a1a, one, 0, 112), total(b1a, one, 0, 7)]);
        assert_eq!(whole("2023-06-05T00:00:00Z"), [total(a1a, one, 0, 100), total(b1a, one, 0, 7)]);
        let local = |known_at| ask(world.local_drive, None, known_at, false);
        assert_eq!(local("2023-06-04T08:00:00Z"), [total(a1a, one, 0, 12)], "what is reported above does not count below");
        assert_eq!(local("2023-06-05T00:00:00Z"), [total(a1a, one, 0, 0)], "a figure of 0 is one");
        let on = |total: Total, on: &str| Total { day: Some(day(on)), ..total };
        let daily = [on(total(a1a, one, 0, 112), "2023-06-01"), on(total(b1a, one, 0, 7), "2023-06-02")];
        assert_eq!(ask(world.drive, None, "2023-06-04T08:00:00Z", true), daily);
        assert_eq!(ask(world.drive, Some(&[b1a, world.country]), "2023-06-04T08:00:00Z", true), daily[1..]);
        assert_eq!(ask(world.drive, Some(&[]), "2023-06-04T08:00:00Z", false), []);
        let many: Vec<UnitId> = (1..=40_000).map(UnitId::new).collect();
        assert_eq!(ask(world.drive, Some(&many), "2023-06-02T08:00:00Z", false), [total(a1a, one, 0, 12)]);
    }

    rows_of_a_unit_are_given_over_all_drives(backend) {
        let Some(world) = World::new(backend) else { return };
        filled(&world);
        let rows = |from: &str| {
            let found = world.read(|tx| tx.rollup_rows(&[world.commune_a1a], day(from)));
            found.into_iter().map(|(key, delta)| (key.drive, key.day, delta.total, delta.own)).collect::<Vec<_>>()
        };
        let (drive, local) = (world.drive, world.local_drive);
        let (first, second) = (day("2023-06-01"), day("2023-06-02"));
        assert_eq!(rows("2023-05-31"), [(drive, first, 6, 6), (drive, second, 20, 12), (local, first, 1, 1)]);
        assert_eq!(rows("2023-06-02"), [(drive, second, 20, 12)]);
    }

    what_a_team_reported_counts_for_its_drive_and_those_above(backend) {
        let Some(world) = World::new(backend) else { return };
        let [one, two] = world.teams;
        let slot = |credited, on: &str, team: TeamId| world.slot(credited, on, Reporter::Team(team));
        let tallies = [
            tally(slot(world.commune_a1a, "2023-06-01", one), world.local_drive, 1, 1),
            tally(slot(world.commune_a1b, "2023-06-01", one), world.drive, 1, 2),
            tally(slot(world.commune_a1a, "2023-06-02", one), world.drive, 1, 4),
            tally(slot(world.commune_b1a, "2023-06-01", two), world.drive, 1, 8),
            world.figure(world.commune_a1a, "2023-06-01", 16),
        ];
        world.write(|tx| tx.put_tallies(&tallies));
        let indicator = world.indicators[0];
        let sums = |drive, from: &str, to: &str| {
            let teams = [one, two, TeamId::new(999)];
            let found = world.read(|tx| tx.team_totals(drive, &world.indicators, &teams, days(from, to)));
            found.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(sums(world.drive, "2023-06-01", "2023-06-30"), [((one, indicator), 7), ((two, indicator), 8)]);
        assert_eq!(sums(world.drive, "2023-06-02", "2023-06-02"), [((one, indicator), 4)]);
        assert_eq!(sums(world.local_drive, "2023-06-01", "2023-06-30"), [((one, indicator), 1)]);
        assert_eq!(sums(DriveId::new(999), "2023-06-01", "2023-06-30"), []);
    }

    a_job_reads_what_it_added_itself(backend) {
        let Some(world) = World::new(backend) else { return };
        let (unit, indicator, on) = (world.country, world.indicators[0], day("2023-06-01"));
        let key = RollupKey { drive: world.drive, unit, indicator, day: on };
        let question = ask(&world, &[indicator], &[unit], days("2023-06-01", "2023-06-30"));
        let five = RollupDelta { total: 5, own: 5 };
        let ways: [Seen; 4] = [
            |tx, _, question| Ok(tx.totals(question)?.first().map(|total| total.own)),
            |tx, _, question| Ok(tx.daily_totals(question)?.first().map(|total| total.own)),
            |tx, world, question| {
                let totals = tx.own_totals(world.drive, &question.indicators, question.days)?;
                Ok(totals.first().map(|total| total.own))
            },
            |tx, world, question| {
                let rows = tx.rollup_rows(&[world.country], question.days.from())?;
                Ok(rows.first().map(|(_, delta)| delta.own))
            },
        ];
        for (at, seen) in ways.into_iter().enumerate() {
            let before = i64::try_from(at).expect("small") * 10;
            let found = world.write(|tx| {
                tx.add_to_rollup(&[(key, five)])?;
                let first = seen(tx, &world, &question)?;
                // The same row twice in a job.
                tx.add_to_rollup(&[(key, five)])?;
                Ok((first, seen(tx, &world, &question)?))
            });
            assert_eq!(found, (Some(before + 5), Some(before + 10)));
        }
        world.write(|tx| {
            tx.add_to_rollup(&[(key, five)])?;
            tx.add_to_rollup(&[(key, five)])
        });
        assert_eq!(world.read(|tx| tx.totals(&question))[0].total, 50);
    }

    an_addition_that_fails_leaves_nothing(backend) {
        let Some(world) = World::new(backend) else { return };
        let key = RollupKey {
            drive: world.drive, unit: world.country, indicator: world.indicators[0], day: day("2023-06-01"),
        };
        let outcome = world.try_write(|tx| {
            tx.add_to_rollup(&[(key, RollupDelta { total: 5, own: 5 })])?;
            Err::<(), _>(StoreError::Stale)
        });
        assert_eq!(outcome, Err(StoreError::Stale));
        assert_eq!(world.database.number("SELECT COUNT(*) AS number FROM rollup"), 0);
    }
}
