//! The counts of the data's own README, and what a second run does.

use caodiem_domain::time::Day;
use caodiem_domain::unit::{Level, LineageMode};
use caodiem_domain::usecase::import_units::ImportReport;
use caodiem_tests::on_both;
use caodiem_tests::stage::Stage;

use crate::country::{COUNTRY, run, unit};
use crate::files::{BEGIN, JUNE, REFORM, day, imports};

/// Provinces, districts, communes.
fn tiers(stage: &Stage, on: Day) -> [usize; 3] {
    let tree = stage.store.read(|tx| Ok(tx.tree(on)?)).expect("it reads");
    [Level::Province, Level::District, Level::Commune]
        .map(|level| tree.units().filter(|unit| unit.level == level).count())
}

on_both! {
    three_imports_give_the_trees_of_three_days_and_a_second_run_does_nothing(backend) {
        let Some(stage) = Stage::empty(backend) else { return };
        let reports: Vec<ImportReport> = imports().iter().map(|command| run(&stage, command)).collect();
        let expected = [
            ImportReport { founded: 11_366, ..ImportReport::default() },
            ImportReport { founded: 5, revised: 538, closed: 577, unchanged: 10_251, edges: 128, without_successor: 456 },
            ImportReport {
                founded: 3_207,
                revised: 137,
                closed: 10_646,
                unchanged: 11,
                edges: 10_486,
                without_successor: 691,
            },
        ];
        assert_eq!(reports, expected);
        assert_eq!(tiers(&stage, day(BEGIN)), [63, 705, 10_598]);
        assert_eq!(tiers(&stage, day("2024-12-31")), [63, 705, 10_598]);
        assert_eq!(tiers(&stage, day(JUNE)), [63, 696, 10_035]);
        assert_eq!(tiers(&stage, day("2025-06-30")), [63, 696, 10_035]);
        assert_eq!(tiers(&stage, day(REFORM)), [34, 0, 3_321]);

        for command in imports() {
            let again = run(&stage, &command);
            assert_eq!(again, ImportReport { unchanged: command.units.len(), ..ImportReport::default() });
        }
    }
}

#[test]
fn a_reused_code_names_another_unit_and_an_equal_one_the_same() {
    let (old, new) = (unit(&COUNTRY, "06115", "2025-06-30"), unit(&COUNTRY, "06115", REFORM));
    assert_eq!((old.version.full_name().as_str(), new.version.full_name().as_str()), ("Xã Hồng Thái", "Xã Tân Văn"));
    assert_ne!(old.id, new.id);
    assert_eq!(old.closed_on, Some(day(REFORM)));
    assert_eq!(unit(&COUNTRY, "01", BEGIN).id, unit(&COUNTRY, "01", REFORM).id, "Hà Nội carries on");
    assert_eq!(unit(&COUNTRY, "318", BEGIN).id, unit(&COUNTRY, "11948", REFORM).id, "an island became a special zone");
    let district = unit(&COUNTRY, "181", "2025-06-30");
    assert_eq!(district.version.full_name(), "Huyện Bình Gia");
}

#[test]
fn paths_follow_the_tree_as_it_stands() {
    let tree = COUNTRY.store.read(|tx| Ok(tx.tree(day(REFORM))?)).expect("it reads");
    for unit_code in ["06115", "11948", "20", "01", "00004"] {
        let found = unit(&COUNTRY, unit_code, REFORM);
        let way: Vec<String> = found.path.as_str().split_terminator('/').map(str::to_owned).collect();
        let mut up: Vec<String> = tree.lineage_up(found.id).map(|id| format!("{:08x}", id.get())).collect();
        up.reverse();
        assert_eq!(way, up, "{unit_code}");
    }
}

#[test]
fn a_district_that_gave_communes_away_lives_on() {
    let (giver, taker) = (unit(&COUNTRY, "474", BEGIN), unit(&COUNTRY, "475", JUNE));
    let lineage = COUNTRY.store.read(|tx| Ok(tx.lineage_of(&[taker.id])?)).expect("it reads");
    let edges: Vec<_> = lineage.iter().map(|edge| (edge.from, edge.mode, edge.share.clone())).collect();
    assert_eq!(edges, [(giver.id, LineageMode::Transfer, None)]);
    assert_eq!(giver.id, unit(&COUNTRY, "474", JUNE).id);
}
