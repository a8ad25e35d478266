//! Tallies: revisions are added, the upsert itself says what stood before; reports beside them.

use caodiem_domain::access::Scope;
use caodiem_domain::count::Count;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, UnitId};
use caodiem_domain::page::{Direction, Filter};
use caodiem_domain::tally::{Report, Reporter, Slot, SlotChange, Tally, TallyOrder, TallyPredicate};
use caodiem_tests::on_both;

use crate::world::{NO_FIGURES, World, all_pages, day, days, first, moment, tally};

/// The changes that a put answers, in the order of slots.
fn put(world: &World, tallies: &[Tally]) -> Vec<(Slot, i64, i64)> {
    let mut changes = world.write(|tx| tx.put_tallies(tallies));
    changes.sort_unstable_by_key(|change| change.slot);
    changes.into_iter().map(|SlotChange { slot, before, after }| (slot, before, after)).collect()
}

fn values(tallies: impl IntoIterator<Item = Tally>) -> Vec<i64> {
    tallies.into_iter().map(|tally| tally.value.get()).collect()
}

/// Figures whose value says where they stand in the order by day.
fn several(world: &World) {
    let (one, two) = (world.commune_a1a, world.commune_b1a);
    let team = Reporter::Team(world.teams[0]);
    let mut of_team = tally(world.slot(one, "2023-06-03", team), world.drive, 1, 3);
    of_team.slot.indicator = world.indicators[1];
    let tallies = [
        world.figure(two, "2023-06-03", 4),
        world.figure(one, "2023-06-01", 0),
        world.figure(one, "2023-06-03", 1),
        tally(world.slot(one, "2023-06-03", team), world.drive, 1, 2),
        of_team,
        tally(world.slot(world.commune_a1b, "2023-06-02", Reporter::Unit(world.commune_a1b)), world.local_drive, 1, 9),
    ];
    world.write(|tx| tx.put_tallies(&tallies));
    let corrected = tally(world.slot(one, "2023-06-03", Reporter::Unit(one)), world.drive, 2, 1);
    world.write(|tx| tx.put_tallies(std::slice::from_ref(&corrected)));
}

on_both! {
    a_put_answers_what_stood_before(backend) {
        let Some(world) = World::new(backend) else { return };
        let one = world.figure(world.commune_a1a, "2023-06-01", 5);
        let two = world.figure(world.commune_a1b, "2023-06-01", 0);
        assert_eq!(put(&world, &[two.clone(), one.clone()]), [(one.slot, 0, 5), (two.slot, 0, 0)]);
        let three = world.figure(world.commune_b1a, "2023-06-01", Count::MAX);
        let next = [three.clone(), tally(one.slot, one.drive, 2, 3), tally(two.slot, two.drive, 2, 7)];
        let expected = [(one.slot, 5, 3), (two.slot, 0, 7), (three.slot, 0, Count::MAX)];
        assert_eq!(put(&world, &next), expected);
        assert_eq!(put(&world, &[tally(one.slot, one.drive, 3, 3)]), [(one.slot, 3, 3)]);
        assert_eq!(put(&world, &[]), []);
    }

    a_revision_is_taken_only_as_the_next_of_its_slot(backend) {
        let Some(world) = World::new(backend) else { return };
        let one = world.figure(world.commune_a1a, "2023-06-01", 5);
        let other = world.figure(world.commune_a1b, "2023-06-01", 6);
        put(&world, std::slice::from_ref(&one));
        let refused = |tallies: &[Tally]| world.try_write(|tx| tx.put_tallies(tallies)).map(|changes| changes.len());
        for revision in [1, 3] {
            let wrong = tally(one.slot, one.drive, revision, 9);
            assert_eq!(refused(&[other.clone(), wrong]), Err(StoreError::Stale), "revision {revision} over 1");
        }
        assert_eq!(refused(&[tally(other.slot, other.drive, 2, 9)]), Err(StoreError::Stale), "revision 2 over nothing");
        // A slot counts for one drive of its family; another would have to take the figure off the first.
        assert_eq!(refused(&[tally(one.slot, world.local_drive, 2, 9)]), Err(StoreError::Stale), "another drive");
        let slots = [one.slot, other.slot];
        assert_eq!(world.read(|tx| tx.tallies(&slots)).into_values().collect::<Vec<_>>(), std::slice::from_ref(&one));
        assert_eq!(world.read(|tx| tx.revisions(&slots)).into_values().collect::<Vec<_>>(), [vec![one]]);
    }

    revisions_are_read_as_they_were_sent(backend) {
        let Some(world) = World::new(backend) else { return };
        let first = Tally {
            device_at: Some(moment("2023-06-01T08:29:59.999999Z")),
            ..tally(world.slot(world.commune_a1a, "2023-06-01", Reporter::Team(world.teams[0])), world.drive, 1, 5)
        };
        let second = Tally {
            reason: Some(caodiem_domain::text::Reason::new("sai \"số\" [1], ' và \\").expect("a reason")),
            ..tally(first.slot, first.drive, 2, 0)
        };
        put(&world, std::slice::from_ref(&first));
        put(&world, std::slice::from_ref(&second));
        let silent = world.slot(world.commune_a1b, "2023-06-01", Reporter::Unit(world.commune_a1b));
        let slots = [first.slot, silent, first.slot];
        assert_eq!(world.read(|tx| tx.tallies(&slots)).into_iter().collect::<Vec<_>>(), [(first.slot, second.clone())]);
        let revisions = world.read(|tx| tx.revisions(&slots));
        assert_eq!(revisions.into_iter().collect::<Vec<_>>(), [(first.slot, vec![first, second])]);
        assert_eq!(world.read(|tx| tx.tallies(&[])).len(), 0);
        assert_eq!(world.read(|tx| tx.revisions(&[])).len(), 0);
    }

    what_was_reported_stays_on_record(backend) {
        let Some(world) = World::new(backend) else { return };
        let first = world.figure(world.commune_a1a, "2023-06-01", 5);
        put(&world, std::slice::from_ref(&first));
        put(&world, &[tally(first.slot, first.drive, 2, 7)]);
        assert!(world.refuses("UPDATE tally_revision SET value = 6"));
        assert!(world.refuses("DELETE FROM tally_revision"));
        assert!(world.refuses("DELETE FROM tally"));
        // Whoever writes past the service: a figure is replaced by its next revision alone, which says what it replaced
        // and why, for the same drive.
        let next = "revision = revision + 1, prev = value, reason = 'đếm lại'";
        assert!(world.refuses("UPDATE tally SET value = 6"));
        assert!(world.refuses("UPDATE tally SET value = 6, revision = revision + 1, reason = 'đếm lại'"));
        assert!(world.refuses("UPDATE tally SET value = 6, revision = revision + 1, prev = value, reason = NULL"));
        assert!(world.refuses(&format!("UPDATE tally SET value = -1, {next}")));
        for moved in ["book_id", "day", "unit_id", "indicator_id", "reporter_id", "drive_id"] {
            assert!(world.refuses(&format!("UPDATE tally SET {moved} = {moved} + 1, {next}")), "{moved}");
        }
        // And what it replaces is kept all the same.
        world.database.execute(&format!("UPDATE tally SET value = 6, {next}"));
        let revisions = world.read(|tx| tx.revisions(&[first.slot]));
        let told: Vec<(i32, i64)> =
            revisions[&first.slot].iter().map(|tally| (tally.revision, tally.value.get())).collect();
        assert_eq!(told, [(1, 5), (2, 7), (3, 6)]);
    }

    tallies_are_listed_by_day_in_either_order(backend) {
        let Some(world) = World::new(backend) else { return };
        several(&world);
        for (order, expected) in [(TallyOrder::Day, [0, 1, 2, 3, 4]), (TallyOrder::NewestDay, [4, 3, 2, 1, 0])] {
            for direction in [Direction::Forward, Direction::Backward] {
                for size in [1, 2, 3, 50] {
                    let listed = all_pages(direction, size, |page| {
                        let filter = Filter::everything();
                        world.read(|tx| tx.list_tallies(&Scope::Country, world.drive, &filter, order, page))
                    });
                    assert_eq!(values(listed), expected, "{order:?} {direction:?} by {size}");
                }
            }
        }
    }

    a_list_goes_on_over_all_days_of_a_drive(backend) {
        let Some(world) = World::new(backend) else { return };
        let unit = world.commune_a1a;
        // June with gaps, one of them longer than the stretch that is read first.
        let dates = [1, 2, 3, 7, 8, 9, 20, 21, 22, 30];
        let figures: Vec<Tally> =
            dates.iter().map(|date| world.figure(unit, &format!("2023-06-{date:02}"), *date)).collect();
        put(&world, &figures);
        let backwards: Vec<i64> = dates.iter().rev().copied().collect();
        let filters = [Filter::everything(), Filter::Is(TallyPredicate::Under(unit))];
        for (order, expected) in [(TallyOrder::Day, dates.to_vec()), (TallyOrder::NewestDay, backwards)] {
            for direction in [Direction::Forward, Direction::Backward] {
                for (size, filter) in [1, 3, 4, 50].into_iter().flat_map(|size| filters.iter().map(move |one| (size, one))) {
                    let listed = all_pages(direction, size, |page| {
                        world.read(|tx| tx.list_tallies(&Scope::Country, world.drive, filter, order, page))
                    });
                    assert_eq!(values(listed), expected, "{order:?} {direction:?} by {size}");
                }
            }
        }
    }

    tallies_are_narrowed_by_predicates_and_scope(backend) {
        let Some(world) = World::new(backend) else { return };
        several(&world);
        let narrowed = |scope: &Scope, drive: DriveId, filter: Filter<TallyPredicate>| {
            let page = world.read(|tx| tx.list_tallies(scope, drive, &filter, TallyOrder::Day, &first(50)));
            let counted = world.read(|tx| tx.count_tallies(scope, drive, &filter));
            assert_eq!(counted, u64::try_from(page.rows.len()).expect("a length"));
            values(page.rows.into_iter().map(|(_, tally)| tally))
        };
        let is = |predicate| narrowed(&Scope::Country, world.drive, Filter::Is(predicate));
        assert_eq!(is(TallyPredicate::Credited(vec![world.commune_b1a])), [4]);
        assert_eq!(is(TallyPredicate::Credited(Vec::new())), NO_FIGURES);
        assert_eq!(is(TallyPredicate::Under(world.province_a)), [0, 1, 2, 3]);
        assert_eq!(is(TallyPredicate::Under(UnitId::new(999))), NO_FIGURES);
        assert_eq!(is(TallyPredicate::Team(world.teams.to_vec())), [2, 3]);
        assert_eq!(is(TallyPredicate::Indicator(vec![world.indicators[1]])), [3]);
        assert_eq!(is(TallyPredicate::Days(days("2023-06-02", "2023-06-03"))), [1, 2, 3, 4]);
        assert_eq!(is(TallyPredicate::Corrected(true)), [1]);
        assert_eq!(is(TallyPredicate::Corrected(false)), [0, 2, 3, 4]);
        assert_eq!(narrowed(&Scope::Country, world.local_drive, Filter::everything()), [9]);
        assert_eq!(narrowed(&world.scope(&[world.province_b]), world.drive, Filter::everything()), [4]);
        assert_eq!(narrowed(&Scope::Subtrees(Vec::new()), world.drive, Filter::everything()), NO_FIGURES);
    }

    the_last_day_with_a_tally_is_known(backend) {
        let Some(world) = World::new(backend) else { return };
        several(&world);
        let last = |units: &[UnitId], from: &str| world.read(|tx| tx.last_tally_day(units, day(from)));
        assert_eq!(last(&[], "2023-01-01"), None);
        assert_eq!(last(&[world.country, world.commune_a2a], "2023-01-01"), None);
        assert_eq!(last(&[world.commune_a1b], "2023-01-01"), Some(day("2023-06-02")));
        assert_eq!(last(&[world.commune_a1b, world.commune_a1a], "2023-06-03"), Some(day("2023-06-03")));
        assert_eq!(last(&[world.commune_a1b], "2023-06-03"), None);
        assert_eq!(last(&[world.commune_a1b, world.commune_a1a], "2023-06-04"), None);
    }

    a_report_keeps_its_first_receipt_and_renews_its_last(backend) {
        let Some(world) = World::new(backend) else { return };
        let report = |nil, at: &str| Report {
            drive: world.drive,
            reporter: Reporter::Team(world.teams[0]),
            unit: world.commune_a1a,
            day: day("2023-06-01"),
            nil,
            first_received_at: moment(at),
            last_received_at: moment(at),
            late_reason: None,
        };
        let read = || world.read(|tx| tx.reports_of(world.drive, &[world.commune_a1a], days("2023-06-01", "2023-06-30")));
        let merged = |nil, first: &str, last: &str| {
            vec![Report { last_received_at: moment(last), ..report(nil, first) }]
        };
        world.write(|tx| tx.put_reports(&[report(true, "2023-06-01T08:00:00Z")]));
        world.write(|tx| tx.put_reports(&[report(true, "2023-06-01T08:20:00Z")]));
        assert_eq!(read(), merged(true, "2023-06-01T08:00:00Z", "2023-06-01T08:20:00Z"));
        // Twice in one call, and out of order: what comes late changes neither end, and a figure ends nil for good.
        let (figure, nil) = (report(false, "2023-06-01T08:10:00Z"), report(true, "2023-06-01T08:15:00Z"));
        world.write(|tx| tx.put_reports(&[figure.clone(), nil.clone()]));
        assert_eq!(read(), merged(false, "2023-06-01T08:00:00Z", "2023-06-01T08:20:00Z"));
        world.write(|tx| tx.put_reports(&[report(true, "2023-06-01T07:00:00Z")]));
        world.write(|tx| tx.put_reports(&[]));
        assert_eq!(read(), merged(false, "2023-06-01T07:00:00Z", "2023-06-01T08:20:00Z"));
    }

    reports_are_found_by_unit_and_day(backend) {
        let Some(world) = World::new(backend) else { return };
        let at = moment("2023-06-01T08:00:00.000001Z");
        let report = |reporter, unit, on: &str| Report {
            drive: world.drive,
            reporter,
            unit,
            day: day(on),
            nil: false,
            first_received_at: at,
            last_received_at: at,
            late_reason: None,
        };
        let (one, other) = (world.commune_a1a, world.commune_b1a);
        let reports = [
            report(Reporter::Unit(one), one, "2023-06-02"),
            report(Reporter::Team(world.teams[0]), one, "2023-06-02"),
            report(Reporter::Unit(other), other, "2023-06-01"),
            report(Reporter::Unit(one), one, "2023-06-03"),
        ];
        world.write(|tx| tx.put_reports(&reports));
        let found = |units: &[UnitId], from: &str, to: &str| {
            world.read(|tx| tx.reports_of(world.drive, units, days(from, to)))
        };
        let expected = [reports[2].clone(), reports[0].clone(), reports[1].clone()];
        assert_eq!(found(&[one, other], "2023-06-01", "2023-06-02"), expected);
        assert_eq!(found(&[one], "2023-06-03", "2023-06-09"), [reports[3].clone()]);
        assert_eq!(found(&[world.country], "2023-06-01", "2023-06-09"), []);
        let other_drive = world.read(|tx| tx.reports_of(world.local_drive, &[one], days("2023-06-01", "2023-06-09")));
        assert_eq!(other_drive, []);
    }
}
