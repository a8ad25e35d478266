//! The units, and what became of some of them.

use caodiem_domain::error::Error;
use caodiem_domain::exact::Exact;
use caodiem_domain::id::{Sequence, UnitId};
use caodiem_domain::ports::WriteTx;
use caodiem_domain::text::{LegalBasis, UnitCode, UnitName};
use caodiem_domain::unit::{Lineage, LineageMode, Unit, UnitKind, UnitPath, UnitVersion};

use super::{Ground, MARK, day};
use crate::place::Relation;

/// First day of the reforms; the move out was yesterday.
const REFORM: &str = "2023-07-01";
const YESTERDAY: &str = "2023-07-04";

/// Founds the units; gives the country, the spare one, and the places, the district first.
pub(super) fn found(tx: &mut dyn WriteTx) -> Result<(Unit, Unit, Vec<Ground>), Error> {
    const PLACES: [(Relation, UnitKind, usize); 9] = [
        // Each with the place in this list that it is founded under; 9 stands for the country, 10 for nothing.
        (Relation::Own, UnitKind::RuralDistrict, 1),
        (Relation::Parent, UnitKind::Province, 9),
        (Relation::Sibling, UnitKind::RuralDistrict, 1),
        (Relation::Child, UnitKind::RuralCommune, 0),
        (Relation::Closed, UnitKind::RuralCommune, 0),
        (Relation::Moved, UnitKind::RuralCommune, 0),
        (Relation::Merged, UnitKind::RuralCommune, 2),
        (Relation::Grandchild, UnitKind::Village, 3),
        (Relation::OtherRoot, UnitKind::Organisation, 10),
    ];
    let ids = tx.allocate(Sequence::Unit, PLACES.len() + 2)?;
    let at = |place: usize| UnitId::new(ids[place]);
    let mut paths: Vec<Option<UnitPath>> = vec![None; ids.len()];
    paths[9] = Some(UnitPath::under(None, at(9)));
    // Parents before children, whatever the order of the list.
    for place in [1, 0, 2, 3, 4, 5, 6, 7, 8] {
        let above = paths.get(PLACES[place].2).and_then(Clone::clone).filter(|_| PLACES[place].2 != 10);
        paths[place] = Some(UnitPath::under(above.as_ref(), at(place)));
    }
    paths[10] = Some(UnitPath::under(paths[0].as_ref(), at(10)));
    let path = |place: usize| paths[place].clone().expect("a path");
    let country = unit(at(9), path(9), None, &format!("{MARK}VN"), UnitKind::Country);
    let spare = unit(at(10), path(10), Some(at(0)), "OkaySpare", UnitKind::RuralCommune);
    let mut grounds: Vec<Ground> = Vec::new();
    for (number, (place, (relation, kind, above))) in (1..).zip(PLACES.into_iter().enumerate()) {
        let above = (above != 10).then(|| at(above));
        let mut ground = Ground { relation, unit: country.clone(), number };
        ground.unit = unit(at(place), path(place), above, &ground.text("Unit"), kind);
        grounds.push(ground);
    }
    let units: Vec<Unit> =
        [&country].into_iter().chain(grounds.iter().map(|ground| &ground.unit)).chain([&spare]).cloned().collect();
    let mut parents_first = units;
    parents_first.sort_by_key(|unit| unit.path.depth());
    tx.insert_units(&parents_first)?;
    Ok((country, spare, grounds))
}

/// A unit that stands since 2023, called like its code.
fn unit(id: UnitId, path: UnitPath, parent: Option<UnitId>, code: &str, kind: UnitKind) -> Unit {
    let version = UnitVersion {
        unit: id,
        number: 1,
        code: UnitCode::new(code).expect("a code"),
        name: UnitName::new(&format!("{code}Name")).expect("a name"),
        kind,
        parent,
        valid_from: day("2023-01-01"),
        valid_to: None,
        legal_basis: Some(LegalBasis::new(&format!("{code}Basis")).expect("a basis")),
    };
    Unit { id, path, synthetic: true, closed_on: None, latest: 1, version }
}

/// Closes one, merges one, moves one out; gives each place's latest version.
pub(super) fn reform(tx: &mut dyn WriteTx, grounds: &[Ground]) -> Result<Vec<(Relation, i32)>, Error> {
    let at = |relation: Relation| {
        let found = grounds.iter().find(|ground| ground.relation == relation);
        &found.expect("a place").unit
    };
    tx.close_units(&[(at(Relation::Closed).id, day(REFORM)), (at(Relation::Merged).id, day(REFORM))])?;
    let edge = Lineage {
        from: at(Relation::Merged).id,
        to: at(Relation::Child).id,
        on: day(REFORM),
        mode: LineageMode::Merge,
        share: Some(Exact::from(1)),
    };
    tx.insert_lineage(&[edge])?;
    let (moved, sibling) = (at(Relation::Moved), at(Relation::Sibling));
    let version =
        UnitVersion { number: 2, parent: Some(sibling.id), valid_from: day(YESTERDAY), ..moved.version.clone() };
    tx.insert_versions(&[version])?;
    tx.move_paths(&[(moved.path.clone(), UnitPath::under(Some(&sibling.path), moved.id))])?;
    let latest = |relation| if relation == Relation::Moved { 2 } else { 1 };
    Ok(grounds.iter().map(|ground| (ground.relation, latest(ground.relation))).chain([(Relation::Mine, 1)]).collect())
}
