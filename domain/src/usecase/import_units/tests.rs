//! Plans of small imports, without storage.
#![expect(clippy::unwrap_used, reason = "tests may panic")]

use super::plan::draw;
use super::*;
use crate::unit::LineageMode;

const ON: &str = "2025-07-01";

fn id(raw: i64) -> UnitId {
    UnitId::new(raw)
}

fn code(text: &str) -> UnitCode {
    UnitCode::new(text).unwrap()
}

fn kind(code: &str) -> UnitKind {
    match code.len() {
        2 => UnitKind::Province,
        3 => UnitKind::RuralDistrict,
        5 => UnitKind::RuralCommune,
        _ => UnitKind::Village,
    }
}

/// A country 1 with these units below it: id, code, name, index of the parent in the list.
fn before(units: &[(i64, &str, &str, Option<usize>)]) -> Before {
    let root = UnitPath::under(None, id(1));
    let mut built: Vec<Unit> = Vec::new();
    for (raw, unit_code, name, parent) in units {
        let above = parent.and_then(|parent| built.get(parent));
        let version = UnitVersion {
            unit: id(*raw),
            number: 3,
            code: code(unit_code),
            name: UnitName::new(name).unwrap(),
            kind: kind(unit_code),
            parent: Some(above.map_or(id(1), |above| above.id)),
            valid_from: "2023-05-07".parse().unwrap(),
            valid_to: None,
            legal_basis: None,
        };
        let path = UnitPath::under(Some(above.map_or(&root, |above| &above.path)), id(*raw));
        built.push(Unit { id: id(*raw), path, synthetic: false, closed_on: None, latest: 3, version });
    }
    Before::new(built)
}

fn snapshot_unit(row: &(&str, &str, Option<&str>)) -> SnapshotUnit {
    SnapshotUnit {
        code: code(row.0),
        name: UnitName::new(row.1).unwrap(),
        kind: kind(row.0),
        parent: row.2.map(code),
        synthetic: false,
    }
}

fn command(
    equal_codes: EqualCodes,
    units: &[(&str, &str, Option<&str>)],
    succession: &[(&str, Option<&str>, SuccessionMode)],
) -> ImportUnits {
    let succession = succession.iter().map(|row| SuccessionRow { old: code(row.0), new: row.1.map(code), mode: row.2 });
    ImportUnits {
        on: ON.parse().unwrap(),
        units: units.iter().map(snapshot_unit).collect(),
        succession: succession.collect(),
        equal_codes,
        legal_basis: None,
    }
}

fn planned(before: &Before, command: &ImportUnits) -> Result<Plan, Vec<Problem>> {
    let snapshot = Snapshot::read(&command.units)?;
    let fates = fate::decide(before, command)?;
    let country = country_of(id(1), command).unwrap();
    draw(before, command, &snapshot, &fates, (country, false), (100..).map(UnitId::new))
}

fn problems(result: Result<Plan, Vec<Problem>>) -> Vec<(String, Code)> {
    result.unwrap_err().iter().map(|problem| (problem.field().to_owned(), problem.code())).collect()
}

fn edges(plan: &Plan) -> Vec<(i64, i64, LineageMode)> {
    plan.edges.iter().map(|edge| (edge.from.get(), edge.to.get(), edge.mode)).collect()
}

#[test]
fn a_first_import_founds_everything_below_the_country_parents_first() {
    let units = [("00001", "A", Some("001")), ("001", "B", Some("01")), ("01", "C", None)];
    let plan = planned(&before(&[]), &command(EqualCodes::CarryOn, &units, &[])).unwrap();
    let founded: Vec<(i64, Option<i64>)> =
        plan.founded.iter().map(|unit| (unit.id.get(), unit.version.parent.map(UnitId::get))).collect();
    assert_eq!(founded, [(100, Some(1)), (101, Some(100)), (102, Some(101))]);
    assert_eq!(plan.founded.iter().map(|unit| unit.path.depth()).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(plan.report, ImportReport { founded: 3, ..ImportReport::default() });
}

#[test]
fn what_differs_becomes_a_version_and_the_rest_is_unchanged() {
    let old =
        before(&[(2, "01", "C", None), (3, "001", "B", Some(0)), (4, "002", "D", Some(0)), (5, "00001", "A", Some(1))]);
    let units =
        [("01", "C", None), ("001", "B mới", Some("01")), ("002", "D", Some("01")), ("00001", "A", Some("002"))];
    let plan = planned(&old, &command(EqualCodes::CarryOn, &units, &[])).unwrap();
    let versions: Vec<(i64, i32)> = plan.versions.iter().map(|version| (version.unit.get(), version.number)).collect();
    assert_eq!(versions, [(3, 4), (5, 4)]);
    assert_eq!(plan.moves.moved.iter().collect::<Vec<_>>(), [(&id(5), &Some(id(4)))]);
    assert_eq!(plan.paths.len(), 1);
    assert_eq!(plan.report, ImportReport { revised: 2, unchanged: 2, ..ImportReport::default() });
}

#[test]
fn a_unit_that_lives_on_under_its_code_gives_a_part_away() {
    let old = before(&[
        (2, "01", "C", None),
        (3, "001", "B", Some(0)),
        (4, "00001", "A", Some(1)),
        (5, "00002", "E", Some(1)),
    ]);
    let units = [("01", "C", None), ("001", "B", Some("01")), ("002", "F", Some("01")), ("00001", "A", Some("001"))];
    let rows = [
        ("001", Some("001"), SuccessionMode::Part),
        ("001", Some("002"), SuccessionMode::Part),
        ("00002", None, SuccessionMode::Whole),
    ];
    let plan = planned(&old, &command(EqualCodes::CarryOn, &units, &rows)).unwrap();
    assert_eq!(edges(&plan), [(3, 100, LineageMode::Transfer)]);
    assert_eq!(plan.closings, [(id(5), Some(2))]);
    let counts =
        ImportReport { founded: 1, closed: 1, unchanged: 3, edges: 1, without_successor: 1, ..ImportReport::default() };
    assert_eq!(plan.report, counts);
}

#[test]
fn a_reused_code_is_another_unit() {
    let old = before(&[
        (2, "01", "C", None),
        (3, "001", "B", Some(0)),
        (4, "00001", "A", Some(1)),
        (5, "00002", "E", Some(1)),
    ]);
    let units = [("01", "C", None), ("00001", "G", Some("01")), ("00002", "E", Some("01"))];
    let rows = [
        ("01", Some("01"), SuccessionMode::Same),
        ("00001", Some("00001"), SuccessionMode::Part),
        ("00001", Some("00002"), SuccessionMode::Part),
        ("00002", Some("00002"), SuccessionMode::Whole),
    ];
    let plan = planned(&old, &command(EqualCodes::AreReused, &units, &rows)).unwrap();
    let expected = [(4, 100, LineageMode::Split), (4, 101, LineageMode::Split), (5, 101, LineageMode::Merge)];
    assert_eq!(edges(&plan), expected);
    assert_eq!(plan.closings.iter().map(|(unit, _)| unit.get()).collect::<Vec<_>>(), [3, 4, 5]);
    let counts =
        ImportReport { founded: 2, closed: 3, unchanged: 1, edges: 3, without_successor: 1, ..ImportReport::default() };
    assert_eq!(plan.report, counts);
}

#[test]
fn the_same_unit_may_change_code_tier_and_place() {
    let old = before(&[(2, "01", "C", None), (3, "318", "Đảo", Some(0))]);
    let units = [("01", "C", None), ("11948", "Đảo", Some("01"))];
    let plan = planned(&old, &command(EqualCodes::AreReused, &units, &[("318", Some("11948"), SuccessionMode::Same)]))
        .unwrap();
    assert_eq!(plan.versions.iter().map(|version| version.code.as_str()).collect::<Vec<_>>(), ["11948"]);
    assert!(plan.paths.is_empty() && plan.edges.is_empty() && plan.closings.is_empty());
}

#[test]
fn villages_stay_with_their_commune_or_follow_it() {
    let old = before(&[
        (2, "01", "C", None),
        (3, "001", "B", Some(0)),
        (4, "00001", "A", Some(1)),
        (5, "00002", "E", Some(1)),
        (6, "00001-S1", "Thôn 1", Some(2)),
        (7, "00002-S1", "Thôn 1", Some(3)),
        (8, "001-S1", "Thôn lạc", Some(1)),
    ]);
    let units = [("01", "C", None), ("00001", "A", Some("01"))];
    let rows = [("00001", Some("00001"), SuccessionMode::Same), ("00002", Some("00001"), SuccessionMode::Whole)];
    let plan = planned(&old, &command(EqualCodes::AreReused, &units, &rows)).unwrap();
    let versions: Vec<(i64, Option<i64>)> =
        plan.versions.iter().map(|version| (version.unit.get(), version.parent.map(UnitId::get))).collect();
    assert_eq!(versions, [(4, Some(2)), (7, Some(4))]);
    assert_eq!(plan.closings.iter().map(|(unit, _)| unit.get()).collect::<Vec<_>>(), [8, 3, 5]);
    let paths: Vec<(usize, usize)> = plan.paths.iter().map(|(from, to)| (from.depth(), to.depth())).collect();
    assert_eq!(paths, [(3, 2), (4, 3)], "village 6 goes along with its commune");
}

#[test]
fn rows_are_refused_where_they_stand() {
    let rows = [("01", "C", None), ("01", "C", None), ("00001", "A", Some("09")), ("001", "B", Some("00001"))];
    let found = problems(planned(&before(&[]), &command(EqualCodes::CarryOn, &rows, &[])));
    let expected = [
        ("units.1.code".to_owned(), Code::Repeated),
        ("units.2.parent".to_owned(), Code::NotFound),
        ("units.3.kind".to_owned(), Code::UnitKindMisplaced),
    ];
    assert_eq!(found, expected);

    let old = before(&[(2, "01", "C", None), (3, "02", "D", None)]);
    let units = [("01", "C", None)];
    let unknown = [("05", Some("01"), SuccessionMode::Whole), ("02", Some("07"), SuccessionMode::Whole)];
    let found = problems(planned(&old, &command(EqualCodes::CarryOn, &units, &unknown)));
    let expected = [("succession.0.old".to_owned(), Code::NotFound), ("succession.1.new".to_owned(), Code::NotFound)];
    assert_eq!(found, expected);

    let twice = [("01", Some("01"), SuccessionMode::Same), ("02", Some("01"), SuccessionMode::Same)];
    let found = problems(planned(&old, &command(EqualCodes::CarryOn, &units, &twice)));
    assert_eq!(found, [("succession.1.new".to_owned(), Code::Repeated)]);
}

#[test]
fn a_report_can_be_kept_and_given_again() {
    let report = ImportReport { founded: 1, revised: 2, closed: 3, unchanged: 4, edges: 5, without_successor: 6 };
    assert_eq!(ImportReport::decode(&report.encode()), Some(report));
    assert_eq!(ImportReport::decode("1,2"), None);
}

#[test]
fn the_tier_of_an_official_code_is_its_length() {
    let level = |text: &str| level_of_code(&code(text));
    assert_eq!(level("20"), Some(Level::Province));
    assert_eq!(level("181"), Some(Level::District));
    assert_eq!(level("06112"), Some(Level::Commune));
    assert_eq!((level("VN"), level("06112-S01"), level("1234")), (None, None, None));
}
