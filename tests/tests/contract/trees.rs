//! Whole trees, kept in memory between changes, and never older than the transaction that reads them.

use std::sync::Arc;

use caodiem_domain::access::Scope;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::UnitId;
use caodiem_domain::ports::{ReadTx, WriteTx};
use caodiem_domain::unit::{Level, Lineage, LineageMode, UnitVersion};
use caodiem_tests::on_both;

use crate::world::{World, day, exact};

/// Puts the commune A1a under district A2 from a day on.
fn move_commune(world: &World, tx: &mut dyn WriteTx, on: &str) -> Result<(), StoreError> {
    let found = tx.units_by_id(&Scope::Country, &[world.commune_a1a])?;
    let standing = found.get(&world.commune_a1a).expect("the commune").version.clone();
    let version =
        UnitVersion { number: standing.number + 1, parent: Some(world.district_a2), valid_from: day(on), ..standing };
    tx.insert_versions(&[version])
}

fn above(tx: &mut dyn ReadTx, unit: UnitId, on: &str) -> Result<Vec<UnitId>, StoreError> {
    Ok(tx.tree(day(on))?.lineage_up(unit).collect())
}

on_both! {
    a_tree_shows_its_day(backend) {
        let Some(world) = World::new(backend) else { return };
        world.write(|tx| move_commune(&world, tx, "2023-06-10"));
        world.write(|tx| tx.close_units(&[(world.commune_b1a, day("2023-06-20"))]));
        let up = |on: &str| world.read(|tx| above(tx, world.commune_a1a, on));
        let under = |district| vec![world.commune_a1a, district, world.province_a, world.country];
        assert_eq!(up("2022-12-31"), []);
        assert_eq!(up("2023-06-09"), under(world.district_a1));
        assert_eq!(up("2023-06-10"), under(world.district_a2));
        let tree = world.read(|tx| tx.tree(day("2023-06-20")));
        assert_eq!((tree.len(), tree.get(world.commune_b1a)), (9, None));
        assert_eq!(tree.get(world.district_b1).map(|unit| unit.level), Some(Level::District));
        let children: Vec<UnitId> = tree.children(world.district_a2).map(|unit| unit.id).collect();
        assert_eq!(children, [world.commune_a1a, world.commune_a2a], "siblings stand by code");
        let days = world.read(|tx| tx.change_days());
        assert_eq!(days.to_vec(), [day("2023-01-01"), day("2023-06-10"), day("2023-06-20")]);
    }

    a_tree_is_kept_until_units_change(backend) {
        let Some(world) = World::new(backend) else { return };
        let read = || world.read(|tx| tx.tree(day("2023-06-15")));
        let first = read();
        assert!(Arc::ptr_eq(&first, &read()), "it was read again");
        world.write(|tx| tx.insert_group(&crate::world::group(caodiem_domain::id::GroupId::new(900), "NEW")));
        assert!(Arc::ptr_eq(&first, &read()), "it was read again");
        world.write(|tx| move_commune(&world, tx, "2023-06-10"));
        assert!(!Arc::ptr_eq(&first, &read()), "it is old");
    }

    a_job_sees_its_own_changes_and_nobody_else_does_before_the_commit(backend) {
        let Some(world) = World::new(backend) else { return };
        let district = |up: Vec<UnitId>| up[1];
        let outcome = world.try_write(|tx| {
            assert_eq!(district(above(tx.as_read(), world.commune_a1a, "2023-06-15")?), world.district_a1);
            move_commune(&world, tx, "2023-06-10")?;
            assert_eq!(district(above(tx.as_read(), world.commune_a1a, "2023-06-15")?), world.district_a2);
            let others = world.read(|tx| above(tx, world.commune_a1a, "2023-06-15"));
            assert_eq!(district(others), world.district_a1);
            Err::<(), _>(StoreError::Stale)
        });
        assert_eq!(outcome, Err(StoreError::Stale));
        assert_eq!(district(world.read(|tx| above(tx, world.commune_a1a, "2023-06-15"))), world.district_a1);
    }

    the_lineage_is_given_whole_and_by_date(backend) {
        let Some(world) = World::new(backend) else { return };
        let edge = |from, to, on: &str| Lineage {
            from, to, on: day(on), mode: LineageMode::Merge, share: Some(exact("1")),
        };
        let later = edge(world.commune_a1a, world.commune_a1b, "2025-07-01");
        let earlier = edge(world.commune_a2a, world.commune_b1a, "2024-01-01");
        assert_eq!(world.read(|tx| tx.lineage()).to_vec(), []);
        world.write(|tx| tx.insert_lineage(&[later.clone(), earlier.clone()]));
        assert_eq!(world.read(|tx| tx.lineage()).to_vec(), [earlier, later]);
    }
}
