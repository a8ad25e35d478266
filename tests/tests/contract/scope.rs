//! Scope: what a list shows is what the domain's own rule covers, on trees and scopes of every shape.

use std::collections::BTreeSet;

use caodiem_domain::access::{Role, Scope};
use caodiem_domain::drive::DriveOrder;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, Sequence, TeamId, UnitId};
use caodiem_domain::page::{Direction, Filter, PageRequest};
use caodiem_domain::ports::WriteTx;
use caodiem_domain::unit::{Unit, UnitKind, UnitPath};
use caodiem_tests::on_both;
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};

use crate::cast::Cast;
use crate::world::{all_pages, plan, team, unit};

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

/// How many trees, and how many scopes over each.
const TREES: u8 = 4;
const SCOPES: usize = 45;

/// A grown tree with a team, a drive, an account and an assignment of each unit.
fn plant(cast: &Cast, rng: &mut TestRng) -> Vec<Unit> {
    let world = &cast.world;
    let root = world.read(|tx| tx.units_by_id(&Scope::Country, &[world.country])).remove(&world.country);
    let root = root.expect("the country");
    let units = world.write(|tx| {
        let units = grow(tx, rng, &root, 60)?;
        let ids = tx.allocate(Sequence::Team, units.len())?;
        let teams: Vec<_> = units.iter().zip(ids).map(|(unit, id)| team(TeamId::new(id), unit.id, "Tổ")).collect();
        tx.insert_teams(&teams)?;
        for unit in &units {
            let id = DriveId::new(tx.allocate(Sequence::Drive, 1)?[0]);
            tx.insert_drive(&plan(id, unit.id, "9/KH"))?;
        }
        Ok(units)
    });
    for unit in &units {
        let account = cast.account(&format!("can-bo-{}", unit.id.get()), unit.id);
        cast.assign(account, Role::Analyst, unit.id);
    }
    units
}

/// Which of these units a decision takes.
fn decided(units: &[Unit], takes: impl Fn(&UnitPath) -> bool) -> BTreeSet<UnitId> {
    units.iter().filter(|unit| takes(&unit.path)).map(|unit| unit.id).collect()
}

/// Reads every list under a scope and holds it against what the domain decides of another; which ones differ. They are
/// the same scope, but for the test that shows that each list would be noticed.
fn differing(cast: &Cast, units: &[Unit], read: &Scope, scope: &Scope) -> Vec<&'static str> {
    let world = &cast.world;
    let (covered, touched) = (decided(units, |path| scope.covers(path)), decided(units, |path| scope.touches(path)));
    let ids: Vec<UnitId> = units.iter().map(|unit| unit.id).collect();
    let grown = |unit: &UnitId| ids.contains(unit);
    let found = world.read(|tx| tx.units_by_id(read, &ids));
    let teams = all(|page| world.read(|tx| tx.list_teams(read, &Filter::everything(), page)));
    let accounts = all(|page| world.read(|tx| tx.list_accounts(read, &Filter::everything(), page)));
    let assignments = all(|page| world.read(|tx| tx.list_assignments(read, &Filter::everything(), page)));
    let drives = all(|page| world.read(|tx| tx.list_drives(read, &Filter::everything(), DriveOrder::StartsOn, page)));
    let of_drives = drives.iter().filter(|drive| drive.plan_number.as_str() == "9/KH").map(|drive| drive.unit);
    let others = drives.iter().filter(|drive| drive.plan_number.as_str() != "9/KH").count();
    let length = |list: usize| u64::try_from(list).expect("a length");
    let set = |units: &mut dyn Iterator<Item = UnitId>| units.filter(grown).collect::<BTreeSet<_>>();
    let checks = [
        ("units", set(&mut found.into_keys()) == covered),
        ("teams", set(&mut teams.iter().map(|one| one.unit)) == covered),
        ("accounts", set(&mut accounts.iter().map(|one| one.unit)) == covered),
        ("assignments", set(&mut assignments.iter().map(|one| one.unit)) == covered),
        ("drives", of_drives.collect::<BTreeSet<_>>() == touched),
        ("count of accounts", world.read(|tx| tx.count_accounts(read, &Filter::everything())) == length(covered.len())),
        (
            "count of assignments",
            world.read(|tx| tx.count_assignments(read, &Filter::everything())) == length(covered.len()),
        ),
        (
            "count of drives",
            world.read(|tx| tx.count_drives(read, &Filter::everything())) == length(touched.len() + others),
        ),
    ];
    checks.into_iter().filter(|(_, agrees)| !agrees).map(|(list, _)| list).collect()
}

on_both! {
    lists_show_what_the_scope_covers_and_nothing_else(backend) {
        let mut cases = 0;
        for seed in 0..TREES {
            let Some(cast) = Cast::new(backend) else { return };
            let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7 + seed; 32]);
            let units = plant(&cast, &mut rng);
            for _ in 0..SCOPES {
                let roots = (0..below(&mut rng, 4)).map(|_| units[below(&mut rng, units.len())].path.clone());
                let scope = Scope::Subtrees(roots.collect());
                assert_eq!(differing(&cast, &units, &scope, &scope), Vec::<&str>::new(), "{scope:?}");
                cases += units.len();
            }
        }
        assert!(cases > 10_000, "{cases} units were held against scopes");
    }

    without_the_filter_every_list_is_noticed(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let units = plant(&cast, &mut TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]));
        let nothing = Scope::Subtrees(Vec::new());
        let found = differing(&cast, &units, &Scope::Country, &nothing);
        let all = ["units", "teams", "accounts", "assignments", "drives", "count of accounts", "count of assignments"];
        assert_eq!(found, [&all[..], &["count of drives"]].concat());
    }
}
