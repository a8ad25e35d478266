//! Units: dated versions, lineage, look-ups; all of it only ever added to.

use caodiem_domain::access::Scope;
use caodiem_domain::error::{Constraint, StoreError};
use caodiem_domain::id::{Sequence, UnitId};
use caodiem_domain::page::{Direction, Filter};
use caodiem_domain::text::{LegalBasis, UnitCode, UnitName};
use caodiem_domain::time::Day;
use caodiem_domain::unit::name::NameKeys;
use caodiem_domain::unit::{
    Level, Lineage, LineageMode, Unit, UnitKind, UnitOrder, UnitPath, UnitPredicate, UnitVersion,
};
use caodiem_tests::on_both;

use crate::world::{World, all_pages, conflict, day, exact, first, unit};

fn code(text: &str) -> UnitCode {
    UnitCode::new(text).expect("a code")
}

fn name(text: &str) -> UnitName {
    UnitName::new(text).expect("a name")
}

fn get(world: &World, id: UnitId) -> Unit {
    world.read(|tx| tx.units_by_id(&Scope::Country, &[id])).remove(&id).expect("the unit")
}

/// The next version of a unit.
fn next(world: &World, id: UnitId, from: &str, change: impl FnOnce(&mut UnitVersion)) -> UnitVersion {
    let standing = get(world, id).version;
    let mut version = UnitVersion { number: standing.number + 1, valid_from: day(from), ..standing };
    change(&mut version);
    version
}

fn codes(units: impl IntoIterator<Item = Unit>) -> Vec<String> {
    units.into_iter().map(|unit| unit.version.code.to_string()).collect()
}

/// The units valid on a day that fit, by code.
fn listed(world: &World, scope: &Scope, filter: &Filter<UnitPredicate>, on: Day) -> Vec<String> {
    let page = world.read(|tx| tx.list_units(scope, filter, UnitOrder::Code, &first(100), on));
    let counted = world.read(|tx| tx.count_units(scope, filter, on));
    assert_eq!(counted, u64::try_from(page.rows.len()).expect("a length"));
    codes(page.rows.into_iter().map(|(_, unit)| unit))
}

on_both! {
    a_unit_is_read_as_it_was_founded(backend) {
        let Some(world) = World::new(backend) else { return };
        let parent = get(&world, world.district_a1);
        let id = UnitId::new(world.write(|tx| tx.allocate(Sequence::Unit, 1))[0]);
        let mut founded = unit(id, Some(&parent), "A1c", UnitKind::SpecialZone);
        founded.synthetic = false;
        founded.version.legal_basis = Some(LegalBasis::new("202/2025/QH15").expect("a basis"));
        world.write(|tx| tx.insert_units(std::slice::from_ref(&founded)));
        assert_eq!(get(&world, id), founded);
        assert_eq!(world.read(|tx| tx.unit_versions(&[id])).into_values().collect::<Vec<_>>(), [vec![founded.version]]);
        let read = |scope: &Scope| world.read(|tx| tx.units_by_id(scope, &[id, UnitId::new(999)])).len();
        assert_eq!((read(&world.scope(&[world.province_a])), read(&world.scope(&[world.province_b]))), (1, 0));
    }

    a_version_ends_the_one_before(backend) {
        let Some(world) = World::new(backend) else { return };
        let before = get(&world, world.commune_a1a).version;
        let renamed = next(&world, world.commune_a1a, "2023-06-10", |version| version.name = name("Thiện Thuật"));
        world.write(|tx| tx.insert_versions(std::slice::from_ref(&renamed)));
        let ended = UnitVersion { valid_to: Some(day("2023-06-10")), ..before };
        let versions = world.read(|tx| tx.unit_versions(&[world.commune_a1a]));
        assert_eq!(versions.into_values().collect::<Vec<_>>(), [vec![ended.clone(), renamed.clone()]]);
        let standing = get(&world, world.commune_a1a);
        assert_eq!((standing.latest, standing.version), (2, renamed.clone()));
        let on = |on: &str| world.read(|tx| tx.units_by_code(&Scope::Country, &[code("A1a")], day(on)));
        let version = |units: Vec<Unit>| units.into_iter().map(|unit| unit.version).collect::<Vec<_>>();
        assert_eq!(version(on("2023-06-09")), [ended]);
        assert_eq!(version(on("2023-06-10")), std::slice::from_ref(&renamed));
        assert_eq!(version(on("2022-12-31")), []);
        assert!(world.try_write(|tx| tx.insert_versions(std::slice::from_ref(&renamed))).is_err());
    }

    one_unit_holds_a_code_on_a_day(backend) {
        let Some(world) = World::new(backend) else { return };
        let taken = next(&world, world.commune_a1b, "2023-06-10", |version| version.code = code("A1a"));
        assert_eq!(world.try_write(|tx| tx.insert_versions(std::slice::from_ref(&taken))), conflict(Constraint::UnitCode));
        // Two units may exchange their codes on one day.
        let swap = [
            next(&world, world.commune_a1a, "2023-06-10", |version| version.code = code("A1b")),
            taken.clone(),
        ];
        world.write(|tx| tx.insert_versions(&swap));
        let by = |on: &str| {
            let found = world.read(|tx| tx.units_by_code(&Scope::Country, &[code("A1a"), code("A1b")], day(on)));
            found.into_iter().map(|unit| unit.id).collect::<Vec<_>>()
        };
        assert_eq!(by("2023-06-09"), [world.commune_a1a, world.commune_a1b]);
        assert_eq!(by("2023-06-10"), [world.commune_a1b, world.commune_a1a]);
    }

    a_closed_unit_keeps_its_past(backend) {
        let Some(world) = World::new(backend) else { return };
        world.write(|tx| tx.close_units(&[(world.commune_a1a, day("2023-06-10"))]));
        let closed = get(&world, world.commune_a1a);
        assert_eq!((closed.closed_on, closed.version.valid_to), (Some(day("2023-06-10")), Some(day("2023-06-10"))));
        let valid = |on: &str| listed(&world, &world.scope(&[world.commune_a1a]), &Filter::everything(), day(on));
        assert_eq!((valid("2023-06-09").len(), valid("2023-06-10").len()), (1, 0));
        let again = world.try_write(|tx| tx.close_units(&[(world.commune_a1a, day("2023-06-11"))]));
        assert_eq!(again, Err(StoreError::Stale));
    }

    a_moved_subtree_takes_all_under_it_along(backend) {
        let Some(world) = World::new(backend) else { return };
        let (from, to) = (get(&world, world.district_a1).path, get(&world, world.province_b).path);
        let moved = UnitPath::under(Some(&to), world.district_a1);
        world.write(|tx| tx.move_paths(&[(from.clone(), moved.clone())]));
        let of = |unit: UnitId| codes(world.read(|tx| {
            let root = tx.units_by_id(&Scope::Country, &[unit])?.remove(&unit).expect("it is there").path;
            let ids: Vec<UnitId> = (1..=10).map(UnitId::new).collect();
            Ok(tx.units_by_id(&Scope::Subtrees(vec![root]), &ids)?.into_values())
        }));
        assert_eq!(of(world.province_a), ["A", "A2", "A2a"]);
        assert_eq!(of(world.province_b), ["B", "A1", "B1", "A1a", "A1b", "B1a"]);
        assert_eq!(get(&world, world.commune_a1b).path, UnitPath::under(Some(&moved), world.commune_a1b));
    }

    moves_happen_all_at_once(backend) {
        let Some(world) = World::new(backend) else { return };
        let path = |unit: UnitId| get(&world, unit).path;
        let (a, b) = (path(world.province_a), path(world.province_b));
        // A1a and A1 change places, and A1 leaves A1b behind in B.
        let upper = UnitPath::under(Some(&a), world.commune_a1a);
        let lower = UnitPath::under(Some(&upper), world.district_a1);
        let moves = [
            (path(world.district_a1), lower.clone()),
            (path(world.commune_a1a), upper.clone()),
            (path(world.commune_a1b), UnitPath::under(Some(&b), world.commune_a1b)),
        ];
        world.write(|tx| tx.move_paths(&moves));
        assert_eq!(path(world.commune_a1a), upper);
        assert_eq!(path(world.district_a1), lower);
        assert_eq!(path(world.commune_a1b), UnitPath::under(Some(&b), world.commune_a1b));
    }

    lineage_is_found_from_either_end(backend) {
        let Some(world) = World::new(backend) else { return };
        let edge = |from, to, on: &str, mode, share: Option<&str>| Lineage {
            from, to, on: day(on), mode, share: share.map(exact),
        };
        let (one, two, three) = (world.commune_a1a, world.commune_a1b, world.commune_a2a);
        let edges = [
            edge(one, two, "2023-07-01", LineageMode::Transfer, None),
            edge(one, three, "2025-07-01", LineageMode::Split, Some("1/3")),
            edge(two, three, "2025-07-01", LineageMode::Merge, Some("1")),
        ];
        world.write(|tx| tx.insert_lineage(&edges));
        let of = |ids: &[UnitId]| world.read(|tx| tx.lineage_of(ids));
        assert_eq!(of(&[two]), [edges[0].clone(), edges[2].clone()]);
        assert_eq!(of(&[one, two, three]), edges);
        assert_eq!(of(&[world.country]), []);
        assert!(world.refuses("UPDATE unit_lineage SET share = '1'"));
        assert!(world.refuses("DELETE FROM unit_lineage"));
        assert!(world.refuses("UPDATE unit_version SET name = 'x'"));
        assert!(world.refuses("DELETE FROM unit_version"));
    }

    names_are_found_without_regard_to_marks(backend) {
        let Some(world) = World::new(backend) else { return };
        let parent = get(&world, world.province_a);
        let ids = world.write(|tx| tx.allocate(Sequence::Unit, 3));
        let units: Vec<Unit> = ["Hòn Quản", "Hớn Quản", "Hoà Bình"]
            .into_iter()
            .zip(ids)
            .map(|(text, id)| {
                let mut unit = unit(UnitId::new(id), Some(&parent), &format!("N{id}"), UnitKind::RuralDistrict);
                unit.version.name = name(text);
                unit
            })
            .collect();
        world.write(|tx| tx.insert_units(&units));
        let by_name = |scope: &Scope, text: &str| {
            let found = world.read(|tx| tx.units_by_name(scope, &NameKeys::of(&name(text)), day("2023-06-01")));
            found.into_iter().map(|unit| unit.version.name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(by_name(&Scope::Country, "hớn quản"), ["Hòn Quản", "Hớn Quản"]);
        assert_eq!(by_name(&Scope::Country, "HÒA BÌNH"), ["Hoà Bình"]);
        assert_eq!(by_name(&world.scope(&[world.province_b]), "Hoà Bình"), Vec::<String>::new());
        let named = |text: &str| {
            let filter = Filter::Is(UnitPredicate::Name(name(text)));
            listed(&world, &Scope::Country, &filter, day("2023-06-01")).len()
        };
        assert_eq!((named("Hớn Quản"), named("hon quan"), named("Hồn Quán")), (1, 2, 0));
        let names = world.read(|tx| tx.plain_names(&Scope::Country, day("2023-06-01")));
        assert!(names.contains(&(units[1].id, "honquan".to_owned())), "{names:?}");
        let scoped = world.read(|tx| {
            let path = tx.units_by_id(&Scope::Country, &[units[0].id])?.remove(&units[0].id).expect("a unit").path;
            tx.plain_names(&Scope::Subtrees(vec![path]), day("2023-06-01"))
        });
        assert_eq!(scoped, [(units[0].id, "honquan".to_owned())]);
    }

    units_are_listed_in_every_order_both_ways(backend) {
        let Some(world) = World::new(backend) else { return };
        for (order, expected) in [
            (UnitOrder::Code, ["A", "A1", "A1a", "A1b", "A2", "A2a", "B", "B1", "B1a", "VN"]),
            (UnitOrder::Name, ["A", "A1", "A1a", "A1b", "A2", "A2a", "B", "B1", "B1a", "VN"]),
            (UnitOrder::Path, ["VN", "A", "A1", "A1a", "A1b", "A2", "A2a", "B", "B1", "B1a"]),
        ] {
            for direction in [Direction::Forward, Direction::Backward] {
                for size in [1, 3, 10, 50] {
                    let listed = all_pages(direction, size, |page| {
                        let filter = Filter::everything();
                        world.read(|tx| tx.list_units(&Scope::Country, &filter, order, page, day("2023-06-01")))
                    });
                    assert_eq!(codes(listed), expected, "{order:?} {direction:?} by {size}");
                }
            }
        }
    }

    units_are_narrowed_by_predicates_and_scope(backend) {
        let Some(world) = World::new(backend) else { return };
        let on = day("2023-06-01");
        let is = |predicate| listed(&world, &Scope::Country, &Filter::Is(predicate), on);
        assert_eq!(is(UnitPredicate::Code(vec![code("A"), code("B1")])), ["A", "B1"]);
        assert_eq!(is(UnitPredicate::Kind(vec![UnitKind::Province])), ["A", "B"]);
        assert_eq!(is(UnitPredicate::Level(vec![Level::Country, Level::District])), ["A1", "A2", "B1", "VN"]);
        assert_eq!(is(UnitPredicate::Parent(world.province_a)), ["A1", "A2"]);
        assert_eq!(is(UnitPredicate::Under(world.province_a)), ["A", "A1", "A1a", "A1b", "A2", "A2a"]);
        assert_eq!(is(UnitPredicate::Synthetic(false)), Vec::<String>::new());
        let not_under = Filter::Not(Box::new(Filter::Is(UnitPredicate::Parent(world.country))));
        assert_eq!(listed(&world, &world.scope(&[world.province_b]), &not_under, on), ["B1", "B1a"]);
        assert!(listed(&world, &Scope::Country, &not_under, on).contains(&"VN".to_owned()), "a root has no parent");
        assert_eq!(listed(&world, &Scope::Country, &Filter::everything(), day("2022-12-31")), Vec::<String>::new());
    }

    children_come_by_code_and_no_more_than_asked(backend) {
        let Some(world) = World::new(backend) else { return };
        let children = |scope: &Scope, limit| {
            let parents = [world.district_a1, world.province_a, world.commune_a1a];
            let found = world.read(|tx| tx.children_of(scope, &parents, day("2023-06-01"), limit));
            found.into_iter().map(|(parent, units)| (parent, codes(units))).collect::<Vec<_>>()
        };
        let of = |parent, codes: &[&str]| (parent, codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>());
        let all = [of(world.province_a, &["A1", "A2"]), of(world.district_a1, &["A1a", "A1b"])];
        assert_eq!(children(&Scope::Country, 10), all);
        assert_eq!(children(&Scope::Country, 1), [of(world.province_a, &["A1"]), of(world.district_a1, &["A1a"])]);
        assert_eq!(children(&world.scope(&[world.district_a2]), 10), [of(world.province_a, &["A2"])]);
    }
}
