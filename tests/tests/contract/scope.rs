//! Scope: what a list shows is what the domain's own rule covers, on trees and scopes of every shape.

use std::collections::BTreeSet;

use caodiem_domain::access::Scope;
use caodiem_domain::drive::DriveOrder;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, Sequence, TeamId, UnitId};
use caodiem_domain::page::{Filter, PageRequest};
use caodiem_domain::ports::WriteTx;
use caodiem_domain::unit::{Unit, UnitKind};
use caodiem_tests::on_both;
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};

use crate::world::{World, all_pages, plan, team, unit};
use caodiem_domain::page::Direction;

/// A tree of organisations: each stands under a unit before it.
fn grow(tx: &mut dyn WriteTx, rng: &mut TestRng, root: &Unit, size: usize) -> Result<Vec<Unit>, StoreError> {
    let ids = tx.allocate(Sequence::Unit, size)?;
    let mut units = vec![root.clone()];
    for id in ids {
        let parent = units[below(rng, units.len())].clone();
        units.push(unit(UnitId::new(id), Some(&parent), &format!("N{id}"), UnitKind::Organisation));
    }
    tx.insert_units(&units[1..])?;
    Ok(units)
}

fn below(rng: &mut TestRng, bound: usize) -> usize {
    let draw = usize::try_from(rng.next_u32()).unwrap_or(0);
    draw % bound
}

fn all<T: Clone>(read: impl FnMut(&PageRequest) -> caodiem_domain::page::Page<T>) -> Vec<T> {
    all_pages(Direction::Forward, 40, read)
}

on_both! {
    lists_show_what_the_scope_covers_and_nothing_else(backend) {
        let Some(world) = World::new(backend) else { return };
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        let root = world.read(|tx| tx.units_by_id(&Scope::Country, &[world.country])).remove(&world.country);
        let root = root.expect("the country");
        let units = world.write(|tx| {
            let units = grow(tx, &mut rng, &root, 60)?;
            let ids = tx.allocate(Sequence::Team, units.len())?;
            let teams: Vec<_> = units.iter().zip(ids).map(|(unit, id)| team(TeamId::new(id), unit.id, "Tổ")).collect();
            tx.insert_teams(&teams)?;
            for unit in &units {
                let id = DriveId::new(tx.allocate(Sequence::Drive, 1)?[0]);
                tx.insert_drive(&plan(id, unit.id, "9/KH"))?;
            }
            Ok(units)
        });
        for _ in 0..25 {
            let roots = (0..below(&mut rng, 4)).map(|_| units[below(&mut rng, units.len())].path.clone());
            let scope = Scope::Subtrees(roots.collect());
            let covered: BTreeSet<UnitId> =
                units.iter().filter(|unit| scope.covers(&unit.path)).map(|unit| unit.id).collect();
            let touched: BTreeSet<UnitId> =
                units.iter().filter(|unit| scope.touches(&unit.path)).map(|unit| unit.id).collect();
            let ids: Vec<UnitId> = units.iter().map(|unit| unit.id).collect();
            let found = world.read(|tx| tx.units_by_id(&scope, &ids));
            assert_eq!(found.into_keys().collect::<BTreeSet<_>>(), covered, "{scope:?}");
            let grown = |unit: &UnitId| ids.contains(unit);
            let teams = all(|page| world.read(|tx| tx.list_teams(&scope, &Filter::everything(), page)));
            let of_teams: BTreeSet<UnitId> = teams.iter().map(|team| team.unit).filter(grown).collect();
            assert_eq!(of_teams, covered, "{scope:?}");
            let drives = all(|page| {
                world.read(|tx| tx.list_drives(&scope, &Filter::everything(), DriveOrder::StartsOn, page))
            });
            let of_drives: BTreeSet<UnitId> =
                drives.iter().filter(|drive| drive.plan_number.as_str() == "9/KH").map(|drive| drive.unit).collect();
            assert_eq!(of_drives, touched, "{scope:?}");
            let counted = world.read(|tx| tx.count_drives(&scope, &Filter::everything()));
            assert_eq!(counted, u64::try_from(drives.len()).expect("a length"));
        }
    }
}
