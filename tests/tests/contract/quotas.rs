//! Quotas: one stands per key, each change is an amendment.

use caodiem_domain::access::Scope;
use caodiem_domain::error::{Constraint, StoreError};
use caodiem_domain::exact::Exact;
use caodiem_domain::id::{MemberId, PhaseId, QuotaId, Sequence, UnitId};
use caodiem_domain::page::{Direction, Filter};
use caodiem_domain::quota::{Amendment, Basis, Holder, Quota, QuotaKey, QuotaPredicate, RatePer};
use caodiem_domain::text::{PlanNumber, Reason};
use caodiem_tests::on_both;

use crate::world::{NO_FIGURES, World, all_pages, author, conflict, day, exact, first, moment};

type Put = (Quota, Amendment, UnitId);

/// A quota of the whole drive over the first indicator and group, with the amendment of its version.
fn quota(world: &World, id: i64, holder: Holder, unit: UnitId, amount: &str) -> Put {
    let quota = Quota {
        id: QuotaId::new(id),
        key: QuotaKey {
            drive: world.drive,
            phase: None,
            holder,
            indicator: world.indicators[0],
            group: world.groups[0],
        },
        basis: Basis::Absolute { amount: exact(amount) },
        amount: exact(amount),
        due: None,
        counts_opening: false,
        version: 1,
    };
    let amendment = amendment(&quota);
    (quota, amendment, unit)
}

fn amendment(quota: &Quota) -> Amendment {
    Amendment {
        quota: quota.id,
        version: quota.version,
        amount: quota.amount.clone(),
        basis: quota.basis.clone(),
        explanation: format!("{} ×", quota.amount),
        reason: (quota.version > 1).then(|| Reason::new("điều chỉnh").expect("a reason")),
        decision: (quota.version > 1).then(|| PlanNumber::new("12/QĐ").expect("a number")),
        author: author(),
        at: moment("2023-06-05T08:30:00.123456Z"),
    }
}

/// The next version of a quota.
fn amended((quota, _, unit): &Put, amount: &str) -> Put {
    let quota = Quota {
        amount: exact(amount),
        basis: Basis::Share { of: Holder::Unit(*unit) },
        due: Some(day("2023-06-20")),
        counts_opening: true,
        version: quota.version + 1,
        ..quota.clone()
    };
    let amendment = amendment(&quota);
    (quota, amendment, *unit)
}

/// Quotas of several holders: two communes, a team and a member in one of them, another commune.
fn several(world: &World) -> Vec<Put> {
    let (one, two, three) = (world.commune_a1a, world.commune_a1b, world.commune_b1a);
    let ids = world.write(|tx| tx.allocate(Sequence::Quota, 6));
    let mut puts = vec![
        quota(world, ids[0], Holder::Unit(three), three, "30"),
        quota(world, ids[1], Holder::Unit(one), one, "10"),
        quota(world, ids[2], Holder::Team(world.teams[0]), one, "11"),
        quota(world, ids[3], Holder::Member(MemberId::new(1)), one, "12"),
        quota(world, ids[4], Holder::Unit(two), two, "20"),
        quota(world, ids[5], Holder::Unit(two), two, "21"),
    ];
    puts[5].0.key.phase = Some(world.phase);
    world.write(|tx| tx.put_quotas(&puts));
    puts
}

fn amounts(quotas: impl IntoIterator<Item = Quota>) -> Vec<i64> {
    quotas.into_iter().map(|quota| quota.amount.floor()).collect()
}

on_both! {
    every_basis_is_read_as_it_was_set(backend) {
        let Some(world) = World::new(backend) else { return };
        let (group, indicator) = (world.groups[1], world.indicators[1]);
        let bases = [
            Basis::Absolute { amount: exact("124029/45934") },
            Basis::PercentOfBaseline { percent: exact("80"), group, indicator },
            Basis::PercentOfRest { percent: exact("80"), phase: world.phase, group, indicator },
            Basis::PerDay { rate: exact("5"), per: RatePer::Village },
            Basis::PerShift { rate: exact("160"), shifts: 42 },
            Basis::PerHead { rate: exact("10"), group, indicator },
            Basis::ShareOfTotal { percent: exact("20"), total: world.indicators[2] },
            Basis::Share { of: Holder::Unit(world.country) },
        ];
        let units = [world.country, world.province_a, world.province_b, world.district_a1, world.district_a2,
            world.district_b1, world.commune_a1a, world.commune_a1b];
        let ids = world.write(|tx| tx.allocate(Sequence::Quota, bases.len()));
        let puts: Vec<Put> = bases
            .iter()
            .zip(units)
            .zip(ids)
            .map(|((basis, unit), id)| {
                let (mut quota, mut amendment, unit) = quota(&world, id, Holder::Unit(unit), unit, "2/3");
                quota.basis = basis.clone();
                amendment.basis = basis.clone();
                (quota, amendment, unit)
            })
            .collect();
        world.write(|tx| tx.put_quotas(&puts));
        let ids: Vec<QuotaId> = puts.iter().map(|(quota, ..)| quota.id).collect();
        let standing: Vec<Quota> = world.read(|tx| tx.quotas_by_id(&Scope::Country, &ids)).into_values().collect();
        assert_eq!(standing, puts.iter().map(|(quota, ..)| quota.clone()).collect::<Vec<_>>());
        let history: Vec<Amendment> = world.read(|tx| tx.amendments(&ids)).into_values().flatten().collect();
        assert_eq!(history, puts.iter().map(|(_, amendment, _)| amendment.clone()).collect::<Vec<_>>());
    }

    an_amendment_needs_the_version_it_was_made_on(backend) {
        let Some(world) = World::new(backend) else { return };
        let puts = several(&world);
        let (second, other) = (amended(&puts[1], "100"), amended(&puts[4], "200"));
        world.write(|tx| tx.put_quotas(&[other.clone(), second.clone()]));
        let read = || world.read(|tx| tx.quotas_by_key(&[second.0.key, other.0.key])).into_values().collect::<Vec<_>>();
        assert_eq!(read(), [second.0.clone(), other.0.clone()]);
        // One of two is stale: neither is amended.
        let third = amended(&second, "101");
        assert_eq!(world.try_write(|tx| tx.put_quotas(&[third.clone(), other.clone()])), Err(StoreError::Stale));
        assert_eq!(read(), [second.0.clone(), other.0.clone()]);
        let history = world.read(|tx| tx.amendments(&[second.0.id, QuotaId::new(999)]));
        assert_eq!(history.into_iter().collect::<Vec<_>>(), [(second.0.id, vec![puts[1].1.clone(), second.1.clone()])]);
    }

    one_quota_stands_per_key(backend) {
        let Some(world) = World::new(backend) else { return };
        let puts = several(&world);
        let again = quota(&world, 999, puts[1].0.key.holder, world.commune_a1a, "1");
        assert_eq!(world.try_write(|tx| tx.put_quotas(std::slice::from_ref(&again))), conflict(Constraint::QuotaKey));
        let nowhere = quota(&world, 998, Holder::Unit(UnitId::new(999)), UnitId::new(999), "1");
        assert_eq!(world.try_write(|tx| tx.put_quotas(std::slice::from_ref(&nowhere))), conflict(Constraint::Reference));
        assert_eq!(world.read(|tx| tx.quotas_by_key(&[nowhere.0.key])).len(), 0);
    }

    an_amount_that_cannot_be_read_back_is_not_written(backend) {
        let Some(world) = World::new(backend) else { return };
        let (mut quota, mut amendment, unit) = quota(&world, 1, Holder::Unit(world.country), world.country, "1");
        quota.amount = (0..9).fold(exact("1/3"), |product: Exact, _| &product * &product);
        amendment.amount = quota.amount.clone();
        let put = [(quota.clone(), amendment, unit)];
        assert_eq!(world.try_write(|tx| tx.put_quotas(&put)), conflict(Constraint::Check));
        assert_eq!(world.read(|tx| tx.quotas_by_key(&[quota.key])).len(), 0);
    }

    history_is_only_added_to(backend) {
        let Some(world) = World::new(backend) else { return };
        several(&world);
        assert!(world.refuses("UPDATE quota_amendment SET amount = '1'"));
        assert!(world.refuses("DELETE FROM quota_amendment"));
        assert!(world.refuses("UPDATE quota SET amount = '-1'"));
    }

    quotas_are_found_by_key_and_by_unit(backend) {
        let Some(world) = World::new(backend) else { return };
        let puts = several(&world);
        let keys: Vec<QuotaKey> = puts.iter().map(|(quota, ..)| quota.key).collect();
        assert_eq!(world.read(|tx| tx.quotas_by_key(&keys)).len(), puts.len());
        assert_eq!(world.read(|tx| tx.quotas_by_key(&[])).len(), 0);
        let of = |phase: Option<PhaseId>| {
            let units = [world.commune_a1a, world.commune_a1b, world.commune_b1a, world.country];
            let found = world.read(|tx| {
                tx.unit_quotas(world.drive, phase, world.indicators[0], world.groups[0], &units)
            });
            found.into_iter().map(|(unit, quota)| (unit, quota.amount.floor())).collect::<Vec<_>>()
        };
        assert_eq!(of(None), [(world.commune_a1a, 10), (world.commune_a1b, 20), (world.commune_b1a, 30)]);
        assert_eq!(of(Some(world.phase)), [(world.commune_a1b, 21)]);
        let ids: Vec<QuotaId> = puts.iter().map(|(quota, ..)| quota.id).collect();
        let scope = world.scope(&[world.commune_a1a]);
        assert_eq!(amounts(world.read(|tx| tx.quotas_by_id(&scope, &ids)).into_values()), [10, 11, 12]);
    }

    quotas_are_listed_by_place_in_the_tree(backend) {
        let Some(world) = World::new(backend) else { return };
        several(&world);
        let expected = [10, 11, 12, 20, 21, 30];
        for direction in [Direction::Forward, Direction::Backward] {
            for size in [1, 2, 4, 50] {
                let listed = all_pages(direction, size, |page| {
                    world.read(|tx| tx.list_quotas(&Scope::Country, &Filter::everything(), page))
                });
                assert_eq!(amounts(listed), expected, "{direction:?} by {size}");
            }
        }
    }

    quotas_are_narrowed_by_predicates_and_scope(backend) {
        let Some(world) = World::new(backend) else { return };
        several(&world);
        let narrowed = |scope: &Scope, filter: Filter<QuotaPredicate>| {
            let page = world.read(|tx| tx.list_quotas(scope, &filter, &first(50)));
            let counted = world.read(|tx| tx.count_quotas(scope, &filter));
            assert_eq!(counted, u64::try_from(page.rows.len()).expect("a length"));
            amounts(page.rows.into_iter().map(|(_, quota)| quota))
        };
        let is = |predicate| narrowed(&Scope::Country, Filter::Is(predicate));
        assert_eq!(is(QuotaPredicate::Drive(world.local_drive)), NO_FIGURES);
        assert_eq!(is(QuotaPredicate::Drive(world.drive)), [10, 11, 12, 20, 21, 30]);
        assert_eq!(is(QuotaPredicate::Phase(None)), [10, 11, 12, 20, 30]);
        assert_eq!(is(QuotaPredicate::Phase(Some(world.phase))), [21]);
        assert_eq!(is(QuotaPredicate::Unit(vec![world.commune_a1a, world.commune_b1a])), [10, 30]);
        assert_eq!(is(QuotaPredicate::Under(world.district_a1)), [10, 11, 12, 20, 21]);
        assert_eq!(is(QuotaPredicate::Under(UnitId::new(999))), NO_FIGURES);
        assert_eq!(is(QuotaPredicate::Team(world.teams.to_vec())), [11]);
        assert_eq!(is(QuotaPredicate::Indicator(vec![world.indicators[1]])), NO_FIGURES);
        assert_eq!(is(QuotaPredicate::Group(vec![world.groups[0]])), [10, 11, 12, 20, 21, 30]);
        assert_eq!(narrowed(&world.scope(&[world.province_b]), Filter::everything()), [30]);
        let not = Filter::Not(Box::new(Filter::Is(QuotaPredicate::Under(world.district_a1))));
        assert_eq!(narrowed(&Scope::Country, not), [30]);
    }
}
