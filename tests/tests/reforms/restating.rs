//! A figure of 2023, as it was and as it would stand on the tree of 2025.

use std::collections::BTreeSet;

use caodiem_domain::access::Scope;
use caodiem_domain::exact::Exact;
use caodiem_domain::id::UnitId;
use caodiem_domain::progress::Restated;
use caodiem_domain::unit::Level;
use caodiem_domain::unit::restate::{LineageIndex, Restatement};

use crate::country::{COUNTRY, unit};
use crate::files::{BEGIN, JUNE, REFORM, code, day, rows};

fn exact(value: i64) -> Restated {
    Restated { value: Exact::from(value), estimated: false }
}

/// Eligible citizens of the communes of Bình Gia as its plan prints them.
fn binh_gia() -> Vec<(UnitId, i64)> {
    let printed = rows("plan-units.csv");
    let communes = printed.iter().filter(|row| row.get(5).is_some_and(|parent| parent == "181"));
    communes.filter_map(|row| Some((unit(&COUNTRY, row.get(2)?, BEGIN).id, row.get(7)?.parse().ok()?))).collect()
}

#[test]
fn the_communes_of_binh_gia_are_summed_into_their_successors() {
    let figures = binh_gia();
    assert_eq!((figures.len(), figures.iter().map(|(_, figure)| figure).sum::<i64>()), (19, 45_934));
    let (lineage, onto) = COUNTRY.store.read(|tx| Ok((tx.lineage()?, tx.tree(day(REFORM))?))).expect("it reads");
    let mut restatement = Restatement::new(&lineage, &onto);
    restatement.add(day("2023-06-20"), &figures);
    let of = |unit_code: &str| restatement.of(unit(&COUNTRY, unit_code, REFORM).id);
    assert_eq!(of("06115"), exact(3_797 + 2_268 + 1_189), "Tân Văn, Hồng Thái and Bình La");
    assert_eq!(of("20"), exact(45_934), "Lạng Sơn");
    assert_eq!(of("01"), exact(0));
    assert!(restatement.unplaced().is_empty());
}

#[test]
fn only_what_was_split_is_an_estimate_and_provinces_are_exact() {
    let (lineage, before, onto) =
        COUNTRY.store.read(|tx| Ok((tx.lineage()?, tx.tree(day(JUNE))?, tx.tree(day(REFORM))?))).expect("it reads");
    let parts: Vec<_> = rows("succession-2025.csv")
        .iter()
        .filter(|row| row.get(2).is_some_and(|mode| mode == "part"))
        .filter_map(|row| row.first().map(|old| code(old)))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let split = COUNTRY.store.read(|tx| Ok(tx.units_by_code(&Scope::Country, &parts, day(JUNE))?)).expect("it reads");
    let split: BTreeSet<UnitId> = split.into_iter().map(|unit| unit.id).collect();
    assert_eq!(split.len(), 440);

    let index = LineageIndex::new(&lineage);
    let communes: Vec<UnitId> =
        before.units().filter(|unit| unit.level == Level::Commune).map(|unit| unit.id).collect();
    for commune in &communes {
        let destination = index.destination(*commune, day(JUNE), &onto);
        assert_eq!(destination.estimated, split.contains(commune));
        assert_eq!(destination.parts.values().sum::<Exact>(), Exact::from(1));
    }

    let mut restatement = Restatement::new(&lineage, &onto);
    restatement.add(day(JUNE), &communes.iter().map(|commune| (*commune, 100)).collect::<Vec<_>>());
    let provinces: Vec<Restated> =
        onto.units().filter(|unit| unit.level == Level::Province).map(|unit| restatement.of(unit.id)).collect();
    assert!(provinces.iter().all(|province| !province.estimated && province.value.is_integer()));
    assert_eq!(provinces.iter().map(|province| &province.value).sum::<Exact>(), Exact::from(1_003_500));
    let estimated = |unit_code: &str| restatement.of(unit(&COUNTRY, unit_code, REFORM).id).estimated;
    assert!(estimated("00008") && !estimated("06115"));
}

#[test]
fn what_ended_in_2023_without_a_known_successor_is_named_not_lost() {
    let (lineage, before, onto) =
        COUNTRY.store.read(|tx| Ok((tx.lineage()?, tx.tree(day(BEGIN))?, tx.tree(day(REFORM))?))).expect("it reads");
    let figures: Vec<(UnitId, i64)> =
        before.units().filter(|unit| unit.level == Level::Commune).map(|unit| (unit.id, 1)).collect();
    let mut restatement = Restatement::new(&lineage, &onto);
    restatement.add(day(BEGIN), &figures);
    let country = onto.units().find(|unit| unit.level == Level::Country).expect("a country").id;
    assert_eq!(restatement.unplaced().len(), 456);
    assert_eq!(restatement.of(country).value, Exact::from(10_598 - 456));
}
