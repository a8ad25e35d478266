//! Drives, whole with their parts.

use std::collections::BTreeSet;

use caodiem_domain::access::Scope;
use caodiem_domain::drive::{Drive, DriveOrder, DrivePredicate, DriveState, Phase, Settles};
use caodiem_domain::error::{Constraint, StoreError};
use caodiem_domain::id::{DriveId, PhaseId, QuotaId, Sequence, UnitId};
use caodiem_domain::page::{Direction, Filter};
use caodiem_domain::plan::{Column, PlanColumn};
use caodiem_domain::quota::{Amendment, Basis, Holder, Quota, QuotaKey};
use caodiem_domain::reporting::rule::{Reporters, ReportingRule};
use caodiem_domain::team::{Organisation, TeamKind, TeamRule};
use caodiem_domain::text::{Key, Post};
use caodiem_domain::time::Calendar;
use caodiem_domain::unit::Level;
use caodiem_storage::{Config, open_for_reading};
use caodiem_tests::on_both;

use crate::world::{World, all_pages, author, conflict, day, days, exact, first, moment, plan, title};

fn key(text: &str) -> Key {
    Key::new(text).expect("a key")
}

fn phase(id: PhaseId, ordinal: i32, from: &str, to: &str) -> Phase {
    Phase { id, ordinal, name: title(&format!("Giai đoạn {ordinal}")), days: days(from, to), declared_days: None }
}

/// A drive that uses everything a plan may say.
fn full(world: &World) -> Drive {
    let (id, phases) =
        world.write(|tx| Ok((DriveId::new(tx.allocate(Sequence::Drive, 1)?[0]), tx.allocate(Sequence::Phase, 2)?)));
    let shows = [
        Column::Baseline { group: world.groups[0], indicator: world.indicators[0] },
        Column::Quota { phase: Some(PhaseId::new(phases[0])), indicator: world.indicators[2], group: world.groups[0] },
        Column::Teams,
        Column::Less { of: key("C1"), less: key("C0") },
        Column::UpTo { of: key("C3"), ceiling: 12_500 },
        Column::Percent { of: key("C3"), percent: exact("80/3") },
        Column::PerDay { of: key("C3"), phase: None },
        Column::PerEachDay { of: key("C3"), each: key("C2"), phase: Some(PhaseId::new(phases[1])) },
        Column::Ratio { of: key("C3"), base: key("C0") },
    ];
    let columns = shows.into_iter().enumerate().map(|(at, shows)| PlanColumn {
        key: key(&format!("C{at}")),
        heading_vi: title("Cột"),
        heading_en: title("Column"),
        shows,
    });
    Drive {
        declared_days: Some(25),
        settles: Settles::Official,
        state: DriveState::Draft,
        calendar: Calendar {
            weekdays: (0..5).collect(),
            holidays: BTreeSet::from([day("2023-06-05"), day("2023-06-06")]),
            extra_days: BTreeSet::from([day("2023-06-10")]),
        },
        reporting_rules: vec![
            ReportingRule {
                reporters: Reporters::EachTeam,
                grace_minutes: 15,
                closes_after_minutes: Some(2_880),
                weekly: Some(0),
                phase_due_days: Some(2),
                final_due_days: Some(5),
                ..ReportingRule::daily(Level::Commune, "17:00:30".parse().expect("a time"))
            },
            ReportingRule::daily(Level::Village, "15:30:00".parse().expect("a time")),
        ],
        phases: vec![
            Phase { declared_days: Some(14), ..phase(PhaseId::new(phases[0]), 1, "2023-06-01", "2023-06-15") },
            phase(PhaseId::new(phases[1]), 2, "2023-06-16", "2023-06-30"),
        ],
        indicators: world.indicators.into_iter().collect(),
        team_rules: vec![TeamRule {
            kind: TeamKind::Project06,
            size: (3, 5),
            leader_position: Some(Post::new("Trưởng thôn").expect("a post")),
            it_members_min: 2,
            it_organisations: vec![Organisation::YouthUnion, Organisation::WomensUnion],
        }],
        columns: columns.collect(),
        ..plan(id, world.province_a, "3/KH")
    }
}

fn read(world: &World, id: DriveId) -> Drive {
    world.read(|tx| tx.drives_by_id(&Scope::Country, &[id])).remove(&id).expect("the drive")
}

on_both! {
    a_book_is_known_by_each_drive_of_its_family(backend) {
        let Some(world) = World::new(backend) else { return };
        let id = world.write(|tx| Ok(DriveId::new(tx.allocate(Sequence::Drive, 1)?[0])));
        let below = Drive { parent: Some(world.drive), book: world.drive, ..plan(id, world.province_a, "9/KH") };
        world.write(|tx| tx.insert_drive(&below));
        let books = |ids: &[DriveId]| world.read(|tx| tx.books_of(ids));
        assert_eq!(books(&[id]), BTreeSet::from([world.drive]));
        assert_eq!(books(&[id, world.drive, DriveId::new(4_711)]), BTreeSet::from([world.drive]));
        assert_eq!(books(&[]), BTreeSet::new());
    }

    a_drive_is_read_as_it_was_planned(backend) {
        let Some(world) = World::new(backend) else { return };
        let drive = full(&world);
        world.write(|tx| tx.insert_drive(&drive));
        assert_eq!(read(&world, drive.id), drive);
        let all = world.read(|tx| tx.drives_by_id(&Scope::Country, &[world.drive, drive.id, DriveId::new(999)]));
        assert_eq!(all.into_keys().collect::<Vec<_>>(), [world.drive, drive.id]);
    }

    a_drive_is_replaced_with_its_parts_where_the_version_is_right(backend) {
        let Some(world) = World::new(backend) else { return };
        let drive = full(&world);
        world.write(|tx| tx.insert_drive(&drive));
        let third = PhaseId::new(world.write(|tx| tx.allocate(Sequence::Phase, 1))[0]);
        let (one, two) = (drive.phases[0].id, drive.phases[1].id);
        let changed = Drive {
            state: DriveState::Open,
            calendar: Calendar::every_day(),
            reporting_rules: Vec::new(),
            // The phases change places, and a third comes between.
            phases: vec![
                phase(two, 1, "2023-06-01", "2023-06-05"),
                phase(third, 2, "2023-06-06", "2023-06-10"),
                phase(one, 3, "2023-06-11", "2023-06-30"),
            ],
            indicators: BTreeSet::from([world.indicators[1]]),
            team_rules: Vec::new(),
            columns: Vec::new(),
            version: 2,
            ..drive.clone()
        };
        world.write(|tx| tx.update_drive(&changed));
        assert_eq!(read(&world, drive.id), changed);
        assert_eq!(world.try_write(|tx| tx.update_drive(&changed)), Err(StoreError::Stale));
        let fewer = Drive { phases: changed.phases[..1].to_vec(), version: 3, ..changed };
        world.write(|tx| tx.update_drive(&fewer));
        assert_eq!(read(&world, drive.id), fewer);
    }

    a_drive_in_memory_is_never_older_than_the_database(backend) {
        let Some(world) = World::new(backend) else { return };
        let drive = full(&world);
        world.write(|tx| tx.insert_drive(&drive));
        // Another process, which has the drive in memory by its own reading.
        let other = open_for_reading(&Config::new(&world.database.url()).expect("a URL")).expect("it opens");
        let elsewhere = || {
            let found = other.read(|tx| Ok(tx.drives_by_id(&Scope::Country, &[drive.id])?)).expect("the job succeeds");
            found.into_values().next().expect("the drive")
        };
        assert_eq!((read(&world, drive.id), elsewhere()), (drive.clone(), drive.clone()));
        let changed = Drive { columns: Vec::new(), reporting_rules: Vec::new(), version: 2, ..drive.clone() };
        world.write(|tx| tx.update_drive(&changed));
        assert_eq!((read(&world, drive.id), elsewhere()), (changed.clone(), changed));
        let outside = world.scope(&[world.province_b]);
        assert!(world.read(|tx| tx.drives_by_id(&outside, &[drive.id])).is_empty(), "memory was asked before the scope");
    }

    what_a_job_writes_of_a_drive_is_its_own_until_it_commits(backend) {
        let Some(world) = World::new(backend) else { return };
        let drive = full(&world);
        world.write(|tx| tx.insert_drive(&drive));
        assert_eq!(read(&world, drive.id), drive);
        let planned = Drive { columns: drive.columns[..1].to_vec(), version: 2, ..drive.clone() };
        let outcome = world.try_write(|tx| {
            tx.update_drive(&planned)?;
            assert_eq!(read(&world, drive.id), drive, "seen before the commit");
            let found = tx.drives_by_id(&Scope::Country, &[drive.id])?;
            assert_eq!(found.into_values().next().as_ref(), Some(&planned));
            Err::<(), _>(StoreError::Stale)
        });
        assert_eq!(outcome, Err(StoreError::Stale));
        // The same version comes again with other parts: what the failed job read must not answer for it.
        let other = Drive { team_rules: Vec::new(), version: 2, ..drive };
        world.write(|tx| tx.update_drive(&other));
        assert_eq!(read(&world, other.id), other);
    }

    a_phase_that_quotas_rest_on_stays(backend) {
        let Some(world) = World::new(backend) else { return };
        let basis = Basis::Absolute { amount: exact("1") };
        let quota = Quota {
            id: QuotaId::new(1),
            key: QuotaKey {
                drive: world.drive,
                phase: Some(world.phase),
                holder: Holder::Unit(world.country),
                indicator: world.indicators[0],
                group: world.groups[0],
            },
            basis: basis.clone(),
            amount: exact("1"),
            due: None,
            counts_opening: false,
            version: 1,
        };
        let amendment = Amendment {
            quota: quota.id, version: 1, amount: exact("1"), basis, explanation: String::new(), reason: None,
            decision: None, author: author(), at: moment("2023-06-01T00:00:00Z"),
        };
        world.write(|tx| tx.put_quotas(&[(quota.clone(), amendment.clone(), world.country)]));
        let drive = read(&world, world.drive);
        let without = Drive { phases: Vec::new(), version: 2, ..drive.clone() };
        assert_eq!(world.try_write(|tx| tx.update_drive(&without)), conflict(Constraint::Reference));
        assert_eq!(read(&world, world.drive), drive);
    }

    a_plan_number_is_taken_once_per_unit(backend) {
        let Some(world) = World::new(backend) else { return };
        let again = plan(DriveId::new(900), world.country, "1/KH");
        assert_eq!(world.try_write(|tx| tx.insert_drive(&again)), conflict(Constraint::PlanNumber));
        let elsewhere = plan(DriveId::new(900), world.province_a, "1/KH");
        world.write(|tx| tx.insert_drive(&elsewhere));
        let nowhere = plan(DriveId::new(901), UnitId::new(999), "1/KH");
        assert_eq!(world.try_write(|tx| tx.insert_drive(&nowhere)), conflict(Constraint::Reference));
    }

    drives_are_listed_in_either_order_and_narrowed(backend) {
        let Some(world) = World::new(backend) else { return };
        let early = Drive {
            days: days("2023-05-01", "2023-05-31"), synthetic: false, ..full(&world)
        };
        world.write(|tx| tx.insert_drive(&early));
        let numbers = |drives: Vec<Drive>| drives.iter().map(|drive| drive.plan_number.to_string()).collect::<Vec<_>>();
        for (order, expected) in [
            (DriveOrder::StartsOn, ["3/KH", "1/KH", "2/KH"]), (DriveOrder::PlanNumber, ["1/KH", "2/KH", "3/KH"]),
        ] {
            for direction in [Direction::Forward, Direction::Backward] {
                for size in [1, 2, 50] {
                    let listed = all_pages(direction, size, |page| {
                        world.read(|tx| tx.list_drives(&Scope::Country, &Filter::everything(), order, page))
                    });
                    assert_eq!(numbers(listed), expected, "{order:?} {direction:?} by {size}");
                }
            }
        }
        let narrowed = |scope: &Scope, filter: Filter<DrivePredicate>| {
            let page = world.read(|tx| tx.list_drives(scope, &filter, DriveOrder::PlanNumber, &first(50)));
            let counted = world.read(|tx| tx.count_drives(scope, &filter));
            assert_eq!(counted, u64::try_from(page.rows.len()).expect("a length"));
            numbers(page.rows.into_iter().map(|(_, drive)| drive).collect())
        };
        let is = |predicate| narrowed(&Scope::Country, Filter::Is(predicate));
        assert_eq!(is(DrivePredicate::State(vec![DriveState::Draft, DriveState::Closed])), ["3/KH"]);
        assert_eq!(is(DrivePredicate::PlanNumber(early.plan_number.clone())), ["3/KH"]);
        assert_eq!(is(DrivePredicate::Parent(world.drive)), ["2/KH"]);
        assert_eq!(is(DrivePredicate::Unit(vec![world.country, world.district_a1])), ["1/KH", "2/KH"]);
        assert_eq!(is(DrivePredicate::RunsOn(day("2023-05-31"))), ["3/KH"]);
        assert_eq!(is(DrivePredicate::RunsOn(day("2023-06-01"))), ["1/KH", "2/KH"]);
        assert_eq!(is(DrivePredicate::Synthetic(false)), ["3/KH"]);
        let not_under = Filter::Not(Box::new(Filter::Is(DrivePredicate::Parent(world.drive))));
        assert_eq!(narrowed(&Scope::Country, not_under), ["1/KH", "3/KH"]);
        // Visible where the scope touches: in it, or above a part of it.
        assert_eq!(narrowed(&world.scope(&[world.commune_a1a]), Filter::everything()), ["1/KH", "2/KH", "3/KH"]);
        assert_eq!(narrowed(&world.scope(&[world.district_a2]), Filter::everything()), ["1/KH", "3/KH"]);
        assert_eq!(narrowed(&world.scope(&[world.province_b]), Filter::everything()), ["1/KH"]);
        assert_eq!(narrowed(&Scope::Subtrees(Vec::new()), Filter::everything()), Vec::<String>::new());
    }
}
