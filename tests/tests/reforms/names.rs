//! Finding real units by the names people write.

use caodiem_domain::access::{Actor, Role, Scope};
use caodiem_domain::error::Error;
use caodiem_domain::problem::Code;
use caodiem_domain::unit::Unit;
use caodiem_domain::usecase::read_units::{NameMatches, ancestors, find_unit_by_path, find_units_by_name};
use caodiem_domain::usecase::resolve_actor::scope_of;
use caodiem_tests::stage::actor;

use crate::country::{COUNTRY, unit};
use crate::files::{BEGIN, REFORM, day, name};

fn find(who: &Actor, text: &str, on: &str) -> NameMatches {
    COUNTRY.store.read(|tx| find_units_by_name(who, tx, &name(text), day(on))).expect("it reads")
}

fn full_names(units: &[Unit]) -> Vec<String> {
    units.iter().map(|unit| unit.version.full_name()).collect()
}

#[test]
fn a_name_is_found_however_its_tone_mark_stands() {
    let who = actor(Role::Analyst);
    assert_eq!(find(&who, "Thanh Thuỷ", BEGIN).matches, find(&who, "thanh thủy", BEGIN).matches);
    assert_eq!(full_names(&find(&who, "thị trấn Bình Gia", BEGIN).matches), ["Thị trấn Bình Gia"]);
    assert_eq!(full_names(&find(&who, "huyen binh gia", BEGIN).matches), ["Huyện Bình Gia"]);
    assert_eq!(find(&who, "Bình Gia", BEGIN).matches.len(), 2);
}

#[test]
fn wrong_diacritics_are_offered_not_taken() {
    let who = actor(Role::Analyst);
    for (asked, meant) in
        [("Hòn Quản", "Huyện Hớn Quản"), ("xã Thiên Thuật", "Xã Thiện Thuật"), ("Mù Căng Chai", "Huyện Mù Căng Chải")]
    {
        let found = find(&who, asked, BEGIN);
        assert!(!full_names(&found.matches).contains(&meant.to_owned()), "{asked}");
        assert!(
            full_names(&found.near).contains(&meant.to_owned()),
            "{asked}: {near:?}",
            near = full_names(&found.near)
        );
        assert!(found.near.len() <= 10);
    }
}

/// The 175 spellings of other packages, asked of the whole tree, with at most ten near matches each.
#[test]
fn of_175_spellings_so_many_lead_to_their_unit() {
    let who = actor(Role::Analyst);
    let mut counts = (0, 0, 0);
    for row in include_str!("../../../domain/testdata/name-variants.csv").lines().skip(1) {
        let columns: Vec<&str> = row.split(',').collect();
        let [unit_code, _, _, variant] = columns.as_slice() else { panic!("four columns: {row}") };
        let found = find(&who, variant, "2025-06-30");
        let holds = |units: &[Unit]| units.iter().any(|unit| unit.version.code.as_str() == *unit_code);
        match (holds(&found.matches), holds(&found.near)) {
            (true, _) => counts.0 += 1,
            (false, true) => counts.1 += 1,
            (false, false) => counts.2 += 1,
        }
    }
    assert_eq!(counts, (15, 143, 17), "matches, near, not found");
}

#[test]
fn a_path_of_names_leads_to_one_unit() {
    let who = actor(Role::Analyst);
    let by_path = |who: &Actor, names: &[&str], on: &str| {
        let names: Vec<_> = names.iter().map(|text| name(text)).collect();
        COUNTRY.store.read(|tx| find_unit_by_path(who, tx, &names, day(on)))
    };
    let commune = by_path(&who, &["Lạng Sơn", "Bình Gia", "Tân Văn"], BEGIN).expect("it is found");
    assert_eq!(commune.version.code.as_str(), "06121");
    assert_eq!(
        by_path(&who, &["lang son", "xa tan van"], REFORM).map(|unit| unit.version.code.to_string()),
        Ok("06115".into())
    );

    let refusal = |found: Result<Unit, Error>| match found {
        Err(Error::Refused(problems)) => {
            problems.first().map(|problem| (problem.code(), problem.field().to_owned())).expect("a problem")
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(refusal(by_path(&who, &["Lạng Sơn", "Bình Gia"], BEGIN)), (Code::Ambiguous, "path".into()));
    assert_eq!(refusal(by_path(&who, &["Lạng Sơn", "Hòn Quản"], BEGIN)), (Code::NotFound, "path.1".into()));

    let staff = staff_of("06121", BEGIN);
    assert_eq!(by_path(&staff, &["Lạng Sơn", "Bình Gia", "Tân Văn"], BEGIN).map(|unit| unit.id), Ok(commune.id));
    assert_eq!(
        refusal(by_path(&staff, &["Lạng Sơn", "Bình Gia", "Hồng Thái"], BEGIN)),
        (Code::NotFound, "path.2".into())
    );
    assert_eq!(refusal(by_path(&staff, &["Bình Phước"], BEGIN)), (Code::NotFound, "path.0".into()));
}

fn staff_of(unit_code: &str, on: &str) -> Actor {
    let unit = unit(&COUNTRY, unit_code, on).id;
    let scope = COUNTRY.store.read(|tx| scope_of(tx, Role::Reporter, unit)).expect("it resolves");
    Actor::host(actor(Role::Reporter).subject, Role::Reporter, unit, scope)
}

#[test]
fn a_successor_sees_what_went_wholly_into_it() {
    let staff = staff_of("06115", REFORM);
    for (unit_code, on, sees) in [
        ("06115", REFORM, true),
        ("06121", "2025-06-30", true),
        ("06115", "2025-06-30", true),
        ("06118", BEGIN, true),
        ("06112", "2025-06-30", false),
        ("06112", REFORM, false),
        ("181", "2025-06-30", false),
        ("20", REFORM, false),
    ] {
        assert_eq!(staff.scope.covers(&unit(&COUNTRY, unit_code, on).path), sees, "{unit_code} on {on}");
    }
    let Scope::Subtrees(roots) = &staff.scope else { panic!("a reporter has no country") };
    assert_eq!(roots.len(), 4);

    let province = staff_of("08", REFORM);
    assert!(province.scope.covers(&unit(&COUNTRY, "02", BEGIN).path), "Hà Giang went into Tuyên Quang");
    assert!(province.scope.covers(&unit(&COUNTRY, "00712", BEGIN).path), "with all its communes");
    let Scope::Subtrees(roots) = &province.scope else { panic!("a reporter has no country") };
    assert_eq!(roots.len(), 3, "communes lie in their provinces");
    let country = staff_of("VN", REFORM);
    assert_eq!(country.scope, Scope::Subtrees(vec![unit(&COUNTRY, "VN", REFORM).path]));
}

#[test]
fn the_way_up_is_the_way_of_that_day() {
    let who = actor(Role::Analyst);
    let way = |unit_code: &str, on: &str| {
        let unit = unit(&COUNTRY, unit_code, on).id;
        let ways = COUNTRY.store.read(|tx| ancestors(&who, tx, &[unit], day(on))).expect("it reads");
        full_names(&ways.into_values().flatten().collect::<Vec<_>>())
    };
    assert_eq!(way("06112", BEGIN), ["Thị trấn Bình Gia", "Huyện Bình Gia", "Tỉnh Lạng Sơn", "Việt Nam"]);
    assert_eq!(way("06112", REFORM), ["Xã Bình Gia", "Tỉnh Lạng Sơn", "Việt Nam"]);
}
