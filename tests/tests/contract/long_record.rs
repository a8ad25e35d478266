//! How long a long record of acts takes to be read by those who see a part of it. Ignored unless asked for:
//!
//! ```sh
//! cargo nextest run --workspace --run-ignored only --no-capture -E 'test(a_long_record)'
//! ```

use std::time::{Duration, Instant};

use caodiem_domain::access::Scope;
use caodiem_domain::audit::RecordPredicate;
use caodiem_domain::id::{Sequence, UnitId};
use caodiem_domain::page::Filter;
use caodiem_domain::ports::audit::Seen;
use caodiem_domain::unit::{Unit, UnitKind};
use caodiem_tests::database::Backend;

use crate::world::{World, first, unit};

/// How many acts.
const ACTS: i64 = 500_000;

/// Districts and communes of a province, as many as a large one has.
const DISTRICTS: usize = 20;
const COMMUNES: usize = 20;

/// The units of a country of two provinces, communes last.
fn found(world: &World) -> Vec<Unit> {
    world.write(|tx| {
        let above = tx.units_by_id(&Scope::Country, &[world.province_a, world.province_b])?;
        let mut units = Vec::new();
        for province in above.values() {
            for _ in 0..DISTRICTS {
                let ids = tx.allocate(Sequence::Unit, COMMUNES + 1)?;
                let named = |id: i64, parent: &Unit, kind| unit(UnitId::new(id), Some(parent), &format!("L{id}"), kind);
                let district = named(ids[0], province, UnitKind::RuralDistrict);
                units.extend(ids[1..].iter().map(|id| named(*id, &district, UnitKind::RuralCommune)));
                tx.insert_units(std::slice::from_ref(&district))?;
            }
        }
        tx.insert_units(&units)?;
        Ok(units)
    })
}

/// Acts of everybody in turn, past the product and its hashes; one in a hundred is an admin's.
fn fill(world: &World, backend: Backend, units: &[Unit]) {
    let ids = units.iter().map(|unit| unit.id.get());
    let (from, to) = (ids.clone().min().expect("units"), ids.max().expect("units"));
    let (begin, series, hash) = match backend {
        Backend::Sqlite => (
            format!("WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {ACTS})"),
            "s".to_owned(),
            format!("X'{}'", "07".repeat(32)),
        ),
        Backend::Postgres => {
            (String::new(), format!("generate_series(1::BIGINT, {ACTS}) n"), format!("'\\x{}'::BYTEA", "07".repeat(32)))
        }
    };
    world.database.execute(&format!(
        "{begin} INSERT INTO audit (seq, at, account_id, subject, assignment_id, role, operation, unit_id, input, changes, \
         outcome, request, previous, hash) \
         SELECT n, 1685923200000000 + n * 1000000, 1 + n % 3000, 'somebody', 1, 'reporter', \
         CASE n % 100 WHEN 0 THEN 'grantAssignment' ELSE 'submitTallies' END, {from} + (n * 7919) % {span}, '19 rows', \
         'Drive 1: - => 19 rows accepted, 0 unchanged, 0 refused', 'DONE', 'request-' || n, {hash}, {hash} FROM {series}",
        span = to - from + 1,
    ));
    // As a database that has lived knows itself.
    world.database.execute("ANALYZE");
}

/// The shortest of five.
#[expect(clippy::disallowed_methods, reason = "it measures")]
fn timed<T>(job: impl Fn() -> T) -> Duration {
    let once = || {
        let begin = Instant::now();
        std::hint::black_box(job());
        begin.elapsed()
    };
    (0..5).map(|_| once()).min().expect("five")
}

fn measure(backend: Backend) {
    let Some(world) = World::new(backend) else { return };
    let units = found(&world);
    fill(&world, backend, &units);
    let (commune, district) = (units[3].id, units[3].version.parent.expect("a district"));
    let all = Filter::everything();
    let admins = Filter::Is(RecordPredicate::Operation(vec!["grantAssignment".to_owned()]));
    let none = Filter::Is(RecordPredicate::Operation(vec!["mergeUnits".to_owned()]));
    let places =
        [("province", world.province_a), ("district", district), ("commune", commune), ("idle", world.commune_b1a)];
    for (place, unit) in places {
        let seen = Seen::Within(world.scope(&[unit]));
        for (what, filter) in [("everything", &all), ("acts of admins", &admins), ("what nobody did", &none)] {
            let page = timed(|| world.read(|tx| tx.list_records(&seen, filter, &first(50))));
            let count = timed(|| world.read(|tx| tx.count_records(&seen, filter)));
            let found = world.read(|tx| tx.count_records(&seen, filter));
            println!("| {backend:?} | {place} | {what} | {found} | {page:.1?} | {count:.1?} |");
        }
    }
    assert_eq!(world.read(|tx| tx.count_records(&Seen::All, &all)), ACTS.unsigned_abs());
}

#[test]
#[ignore = "it measures"]
fn a_long_record_is_read_from_sqlite() {
    measure(Backend::Sqlite);
}

#[test]
#[ignore = "it measures"]
fn a_long_record_is_read_from_postgres() {
    measure(Backend::Postgres);
}
