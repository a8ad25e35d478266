//! The check finds what was damaged, and says what; the rebuild mends the roll-up.

use caodiem_domain::access::Role;
use caodiem_domain::audit::{ActOutcome, Entry};
use caodiem_domain::id::{DriveId, QuotaId, UnitId};
use caodiem_domain::quota::{Amendment, Basis, Holder, Quota, QuotaKey};
use caodiem_domain::tally::{Reporter, RollupDelta, RollupKey, Slot, SlotChange, Tally};
use caodiem_storage::{CheckReport, Config, Difference, OpenError, RebuildReport, Step, check, rebuild};
use caodiem_tests::database::{Backend, Database};
use caodiem_tests::on_both;
use caodiem_tests::stage::act;

use crate::world::{World, author, day, exact, moment, tally};

fn config(database: &Database) -> Config {
    Config::new(&database.url()).expect("a URL")
}

fn checked(database: &Database) -> CheckReport {
    check(&config(database), 100, &mut |_| {}).expect("it checks")
}

/// Puts tallies and folds them, for one drive and the given units above each.
fn put(world: &World, tallies: &[Tally], above: &[UnitId]) {
    world.write(|tx| {
        let mut deltas = std::collections::BTreeMap::<RollupKey, RollupDelta>::new();
        let changes = tx.put_tallies(tallies)?;
        for (tally, SlotChange { slot, before, after }) in tallies.iter().zip(changes) {
            let drives = if tally.drive == world.drive { vec![tally.drive] } else { vec![tally.drive, world.drive] };
            for drive in drives {
                for unit in above {
                    let key = RollupKey { drive, unit: *unit, indicator: slot.indicator, day: slot.day };
                    let delta = deltas.entry(key).or_default();
                    delta.total += after - before;
                    delta.own += if *unit == slot.credited { after - before } else { 0 };
                }
            }
        }
        tx.add_to_rollup(&deltas.into_iter().collect::<Vec<_>>())
    });
}

/// A world in which a commune and its team reported, once corrected, to both drives; and one quota was amended.
pub(crate) fn at_work(backend: Backend) -> Option<World> {
    let world = World::new(backend)?;
    let above = [world.commune_a1a, world.district_a1, world.province_a, world.country];
    let unit = world.figure(world.commune_a1a, "2023-06-01", 5);
    put(&world, std::slice::from_ref(&unit), &above);
    put(&world, &[tally(unit.slot, unit.drive, 2, 7)], &above);
    let of_team = world.slot(world.commune_a1a, "2023-06-02", Reporter::Team(world.teams[0]));
    put(&world, &[tally(of_team, world.local_drive, 1, 30)], &above);
    put(&world, &[world.figure(world.commune_a1a, "2023-06-03", 0)], &above);
    set_quota(&world);
    Some(world)
}

fn set_quota(world: &World) {
    let key = QuotaKey {
        drive: world.drive,
        phase: None,
        holder: Holder::Unit(world.country),
        indicator: world.indicators[0],
        group: world.groups[0],
    };
    for version in [1, 2] {
        let quota = Quota {
            id: QuotaId::new(1),
            key,
            basis: Basis::Absolute { amount: exact("10") },
            amount: exact("10"),
            due: None,
            counts_opening: false,
            version,
        };
        let amendment = Amendment {
            quota: quota.id,
            version,
            amount: exact("10"),
            basis: quota.basis.clone(),
            explanation: String::new(),
            reason: None,
            decision: None,
            author: author(),
            at: moment("2023-06-01T00:00:00Z"),
        };
        world.write(|tx| tx.put_quotas(&[(quota.clone(), amendment.clone(), world.country)]));
    }
}

/// Takes away what the database itself holds against tampering with figures.
fn unguard(database: &Database, backend: Backend) {
    database.execute(match backend {
        Backend::Sqlite => {
            "DROP TRIGGER tally_next; DROP TRIGGER tally_no_delete; DROP TRIGGER tally_keep;
             DROP TRIGGER tally_revision_no_update"
        }
        Backend::Postgres => "ALTER TABLE tally DISABLE TRIGGER USER; ALTER TABLE tally_revision DISABLE TRIGGER USER",
    });
}

fn key(world: &World, unit: UnitId, on: &str) -> RollupKey {
    RollupKey { drive: world.drive, unit, indicator: world.indicators[0], day: day(on) }
}

const fn delta(total: i64, own: i64) -> RollupDelta {
    RollupDelta { total, own }
}

pub(crate) fn slot(world: &World) -> Slot {
    world.slot(world.commune_a1a, "2023-06-01", Reporter::Unit(world.commune_a1a))
}

on_both! {
    what_was_done_through_the_product_agrees(backend) {
        let Some(world) = at_work(backend) else { return };
        let mut steps = Vec::new();
        let report = check(&config(&world.database), 100, &mut |progress| {
            assert!(progress.done <= progress.of, "{progress:?}");
            steps.push(progress.step);
        });
        let report = report.expect("it checks beside an open store");
        assert_eq!(report.differences, []);
        assert!(report.agrees());
        assert_eq!((report.tallies, report.rollup_sums), (3, 16));
        steps.dedup();
        assert_eq!(steps, [Step::Rollup, Step::Tallies, Step::Quotas, Step::Units]);
    }

    a_planted_drift_is_named_and_mended(backend) {
        let Some(world) = at_work(backend) else { return };
        let database = &world.database;
        let (district, province) = (world.district_a1.get(), world.province_a.get());
        // Both days begin a week.
        database.execute(&format!("UPDATE rollup SET below_0 = below_0 + 1 WHERE unit_id = {district} AND below_0 = 7"));
        database.execute(&format!("UPDATE rollup SET below_0 = NULL WHERE unit_id = {province} AND below_0 = 7"));
        database.execute(&format!(
            "INSERT INTO rollup (drive_id, week, unit_id, indicator_id, own_0) VALUES ({}, 2800, {}, {}, 9)",
            world.drive.get(), world.province_b.get(), world.indicators[0].get(),
        ));
        database.execute(
            "INSERT INTO rollup (drive_id, week, unit_id, indicator_id, below_0) VALUES (999, 2800, 1, 1, 4)",
        );
        let report = checked(database);
        let stray = RollupKey { day: day("2023-08-31"), ..key(&world, world.province_b, "2023-06-01") };
        let nobodys = RollupKey {
            drive: DriveId::new(999), unit: UnitId::new(1), indicator: caodiem_domain::id::IndicatorId::new(1), ..stray
        };
        let wrong = |key, stored, expected| Difference::Rollup { key, stored, expected };
        assert_eq!(report.differences, [
            wrong(key(&world, world.province_a, "2023-06-01"), delta(0, 0), delta(7, 0)),
            wrong(stray, delta(9, 9), delta(0, 0)),
            wrong(key(&world, world.district_a1, "2023-06-01"), delta(8, 0), delta(7, 0)),
            wrong(nobodys, delta(4, 0), delta(0, 0)),
        ]);
        assert_eq!(report.found, 4);
        assert!(report.differences[2].to_string().contains("total 8, own 0; the tallies give 7 and 0"));
        let few = check(&config(database), 1, &mut |_| {}).expect("it checks");
        assert_eq!((few.differences.len(), few.found), (1, 4));
        mend(backend, world);
    }

    tallies_that_do_not_agree_with_history_are_named(backend) {
        let Some(world) = at_work(backend) else { return };
        let database = &world.database;
        unguard(database, backend);
        database.execute("UPDATE tally SET value = 8 WHERE revision = 2");
        let differences = checked(database).differences;
        // The unit itself and the three above it, whose totals are now one less than the tallies.
        let expected = |found: &Difference| matches!(found, Difference::Rollup { expected, .. } if expected.total == 8);
        assert!(differences.len() == 4 && differences.iter().all(expected), "{differences:?}");
        let wrong = |how: &str| Difference::Tally { slot: slot(&world), how: how.to_owned() };
        database.execute("UPDATE tally SET value = 7, prev = 4 WHERE revision = 2");
        assert_eq!(checked(database).differences, [wrong("revision 2 stands over 4; its history says 5")]);
        database.execute("UPDATE tally SET prev = 5, revision = 3 WHERE revision = 2");
        assert_eq!(checked(database).differences, [wrong("revision 3 stands over 5; its history says nothing")]);
        database.execute("UPDATE tally SET prev = 0, revision = 1 WHERE revision = 3");
        assert_eq!(checked(database).differences, [wrong("revision 1 says 5; revision 1 stands")]);
        database.execute("UPDATE tally_revision SET revision = 2, reason = 'x'");
        database.execute("UPDATE tally SET prev = 5, revision = 3, reason = 'x' WHERE value = 7");
        assert_eq!(checked(database).differences, [wrong("revision 2 says 5; revision 3 stands")]);
        database.execute("UPDATE tally_revision SET revision = 1");
        database.execute("DELETE FROM tally WHERE revision = 3");
        let lost = checked(database).differences.into_iter().filter(|found| matches!(found, Difference::Tally { .. }));
        assert_eq!(lost.collect::<Vec<_>>(), [wrong("revision 1 says 5; nothing stands")]);
    }

    tallies_that_count_for_nothing_are_named(backend) {
        let Some(world) = at_work(backend) else { return };
        unguard(&world.database, backend);
        world.database.execute("UPDATE tally SET unit_id = 999 WHERE revision = 2");
        let differences = checked(&world.database).differences;
        let uncounted = Difference::Uncounted { drive: world.drive, unit: UnitId::new(999), day: day("2023-06-01") };
        assert!(differences.contains(&uncounted), "{differences:?}");
        world.database.execute("UPDATE tally SET book_id = 999 WHERE revision = 2");
        let differences = checked(&world.database).differences;
        assert!(differences.contains(&uncounted), "{differences:?}");
    }

    quotas_and_places_that_do_not_agree_are_named(backend) {
        let Some(world) = at_work(backend) else { return };
        let database = &world.database;
        database.execute("UPDATE quota SET amount = '11'");
        let how = "version 2 is 11; of 2 amendments that one says 10".to_owned();
        assert_eq!(checked(database).differences, [Difference::Quota { quota: QuotaId::new(1), how }]);
        database.execute("UPDATE quota SET amount = '10', version = 3");
        let how = "version 3 is 10; of 2 amendments that one says nothing".to_owned();
        assert_eq!(checked(database).differences, [Difference::Quota { quota: QuotaId::new(1), how }]);
        database.execute("UPDATE quota SET version = 2");
        let (unit, stored) = (world.commune_a2a, "00000063/".to_owned());
        database.execute(&format!("UPDATE unit SET path = '{stored}' WHERE id = {}", unit.get()));
        let ids = [world.country, world.province_a, world.district_a2, unit];
        let expected = ids.iter().map(|id| format!("{:08x}/", id.get())).collect::<Vec<_>>().concat();
        assert_eq!(checked(database).differences, [Difference::Unit { unit, stored, expected }]);
    }

    a_database_that_is_not_there_is_neither_checked_nor_made(backend) {
        let Some(empty) = Database::empty(backend) else { return };
        let outcome = check(&config(&empty), 1, &mut |_| {});
        let refused = matches!(
            outcome,
            Err(caodiem_storage::CheckError::Open(OpenError::Connect(_) | OpenError::NotMigrated(_)))
        );
        assert!(refused, "{outcome:?}");
        if backend == Backend::Sqlite {
            let file = empty.url().replacen("sqlite:", "", 1);
            assert!(!std::path::Path::new(&file).exists(), "{file} was made");
        }
    }
}

/// The rebuilding on record.
fn mended(_: &RebuildReport) -> Entry {
    act(Role::SystemAdmin, moment("2023-06-05T08:30:00Z")).entry(ActOutcome::Done)
}

/// Rebuilds, and checks that everything agrees. SQLite's file has to be free for it.
fn mend(backend: Backend, world: World) {
    let World { store, database, .. } = world;
    if backend == Backend::Sqlite {
        let held = rebuild(&config(&database), &mended, &mut |_| {});
        assert!(matches!(held, Err(caodiem_storage::CheckError::Open(OpenError::InUse(_)))), "{held:?}");
    }
    drop(store);
    let mut told = Vec::new();
    let report = rebuild(&config(&database), &mended, &mut |progress| told.push((progress.done, progress.of)))
        .expect("it rebuilds");
    assert_eq!((report.tallies, report.rollup_sums), (3, 12));
    assert!(told.last().is_some_and(|(done, of)| done == of), "{told:?}");
    assert_eq!(database.number("SELECT COUNT(*) AS number FROM audit"), 1, "rebuilding is on record");
    let report = checked(&database);
    assert_eq!((report.differences, report.rollup_sums), (Vec::new(), 12));
}
