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

/// Holds every list under a scope against the decisions of the domain.
fn compare(cast: &Cast, units: &[Unit], scope: &Scope) {
    let world = &cast.world;
    let (covered, touched) = (decided(units, |path| scope.covers(path)), decided(units, |path| scope.touches(path)));
    let ids: Vec<UnitId> = units.iter().map(|unit| unit.id).collect();
    let grown = |unit: &UnitId| ids.contains(unit);
    let found = world.read(|tx| tx.units_by_id(scope, &ids));
    assert_eq!(found.into_keys().collect::<BTreeSet<_>>(), covered, "{scope:?}");
    let teams = all(|page| world.read(|tx| tx.list_teams(scope, &Filter::everything(), page)));
    assert_eq!(teams.iter().map(|team| team.unit).filter(grown).collect::<BTreeSet<_>>(), covered, "{scope:?}");
    let accounts = all(|page| world.read(|tx| tx.list_accounts(scope, &Filter::everything(), page)));
    assert_eq!(accounts.iter().map(|one| one.unit).collect::<BTreeSet<_>>(), covered, "{scope:?}");
    let assignments = all(|page| world.read(|tx| tx.list_assignments(scope, &Filter::everything(), page)));
    assert_eq!(assignments.iter().map(|one| one.unit).collect::<BTreeSet<_>>(), covered, "{scope:?}");
    let counts = world.read(|tx| {
        let accounts = tx.count_accounts(scope, &Filter::everything())?;
        Ok((
            accounts,
            tx.count_assignments(scope, &Filter::everything())?,
            tx.count_drives(scope, &Filter::everything())?,
        ))
    });
    let drives = all(|page| world.read(|tx| tx.list_drives(scope, &Filter::everything(), DriveOrder::StartsOn, page)));
    let of_drives = drives.iter().filter(|drive| drive.plan_number.as_str() == "9/KH").map(|drive| drive.unit);
    assert_eq!(of_drives.collect::<BTreeSet<_>>(), touched, "{scope:?}");
    let length = |list: usize| u64::try_from(list).expect("a length");
    assert_eq!(counts, (length(covered.len()), length(covered.len()), length(drives.len())), "{scope:?}");
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
                compare(&cast, &units, &Scope::Subtrees(roots.collect()));
                cases += units.len();
            }
        }
        assert!(cases > 10_000, "{cases} units were held against scopes");
    }
}
