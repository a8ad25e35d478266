//! Proposals as storage keeps them.

use caodiem_domain::access::{Actor, Role, Scope};
use caodiem_domain::error::{Constraint, StoreError};
use caodiem_domain::id::{ProposalId, Sequence, UnitId};
use caodiem_domain::page::{Direction, Filter};
use caodiem_domain::proposal::{Operation, Proposal, ProposalPredicate, ProposalState, Standing};
use caodiem_domain::text::Reason;
use caodiem_tests::on_both;
use caodiem_tests::people::hire;

use crate::world::{World, all_pages, conflict, moment};

fn proposed(world: &World, by: &Actor, unit: UnitId, expires: &str) -> Proposal {
    world.write(|tx| {
        let proposal = Proposal {
            id: ProposalId::new(tx.allocate(Sequence::Proposal, 1)?[0]),
            operation: Operation::MergeUnits,
            input: "{\"from\":[\"ấ\"],\"on\":\"2023-07-01\"}".to_owned(),
            unit,
            reason: Reason::new("theo nghị quyết").expect("a reason"),
            proposer: by.account,
            assignment: by.assignment,
            proposed_at: moment("2023-06-01T00:00:00Z"),
            expires_at: moment(expires),
            state: ProposalState::Open,
            decided_by: None,
            decided_at: None,
            note: None,
            version: 1,
        };
        tx.insert_proposal(&proposal)?;
        Ok(proposal)
    })
}

fn decided(proposal: &Proposal, state: ProposalState, by: &Actor) -> Proposal {
    Proposal {
        state,
        decided_by: Some(by.account),
        decided_at: Some(moment("2023-06-02T00:00:00Z")),
        note: Reason::new("đồng ý").ok(),
        version: proposal.version + 1,
        ..proposal.clone()
    }
}

fn found(world: &World, scope: &Scope, filter: &Filter<ProposalPredicate>) -> Vec<ProposalId> {
    let walk = |way| all_pages(way, 2, |page| world.read(|tx| tx.list_proposals(scope, filter, page)));
    let rows = walk(Direction::Forward);
    assert_eq!(walk(Direction::Backward), rows);
    let count = world.read(|tx| tx.count_proposals(scope, filter));
    assert_eq!(count, u64::try_from(rows.len()).expect("a count"));
    rows.iter().map(|proposal| proposal.id).collect()
}

on_both! {
    a_proposal_comes_back_as_it_was_put_in(backend) {
        let Some(world) = World::new(backend) else { return };
        let (one, other) = (hire(&*world.store, "an", Role::SystemAdmin, world.country), hire(&*world.store, "binh", Role::SystemAdmin, world.country));
        let open = proposed(&world, &one, world.district_a1, "2023-06-08T00:00:00Z");
        let read = |id: ProposalId| world.read(|tx| tx.proposals_by_id(&Scope::Country, &[id])).remove(&id);
        assert_eq!(read(open.id), Some(open.clone()));
        let done = decided(&open, ProposalState::Approved, &other);
        world.write(|tx| tx.update_proposal(&done));
        assert_eq!(read(open.id), Some(done.clone()));
        assert_eq!(world.try_write(|tx| tx.update_proposal(&done)), Err(StoreError::Stale));
    }

    the_database_itself_demands_two_people(backend) {
        let Some(world) = World::new(backend) else { return };
        let one = hire(&*world.store, "an", Role::SystemAdmin, world.country);
        let open = proposed(&world, &one, world.district_a1, "2023-06-08T00:00:00Z");
        for state in [ProposalState::Approved, ProposalState::Rejected] {
            let alone = decided(&open, state, &one);
            assert_eq!(world.try_write(|tx| tx.update_proposal(&alone)), conflict(Constraint::Check), "{state:?}");
            let nobody = Proposal { decided_by: None, ..decided(&open, state, &one) };
            assert_eq!(world.try_write(|tx| tx.update_proposal(&nobody)), conflict(Constraint::Check), "{state:?}");
        }
        let withdrawn = decided(&open, ProposalState::Withdrawn, &one);
        assert_eq!(world.try_write(|tx| tx.update_proposal(&withdrawn)), Ok(()));
    }

    lists_go_by_scope_standing_operation_and_proposer(backend) {
        let Some(world) = World::new(backend) else { return };
        let (one, other) = (hire(&*world.store, "an", Role::SystemAdmin, world.country), hire(&*world.store, "binh", Role::SystemAdmin, world.country));
        let early = proposed(&world, &one, world.district_a1, "2023-06-08T00:00:00Z");
        let late = proposed(&world, &one, world.district_b1, "2023-06-20T00:00:00Z");
        let gone = proposed(&world, &other, world.commune_a1a, "2023-06-20T00:00:00Z");
        world.write(|tx| tx.update_proposal(&decided(&gone, ProposalState::Rejected, &one)));
        let everything = Filter::everything();
        assert_eq!(found(&world, &Scope::Country, &everything), [gone.id, late.id, early.id]);
        assert_eq!(found(&world, &world.scope(&[world.province_a]), &everything), [gone.id, early.id]);
        assert_eq!(found(&world, &world.scope(&[world.commune_a1b]), &everything), []);
        let hidden = world.scope(&[world.province_b]);
        assert_eq!(world.read(|tx| tx.proposals_by_id(&hidden, &[early.id])).len(), 0);
        let is = |predicate| found(&world, &Scope::Country, &Filter::Is(predicate));
        let then = moment("2023-06-08T00:00:00Z");
        let before = moment("2023-06-07T23:59:59Z");
        assert_eq!(is(ProposalPredicate::Standing(vec![Standing::Open], before)), [late.id, early.id]);
        assert_eq!(is(ProposalPredicate::Standing(vec![Standing::Open], then)), [late.id]);
        assert_eq!(is(ProposalPredicate::Standing(vec![Standing::Expired, Standing::Rejected], then)), [gone.id, early.id]);
        assert_eq!(is(ProposalPredicate::Standing(vec![Standing::Approved, Standing::Withdrawn], then)), []);
        assert_eq!(is(ProposalPredicate::Operation(vec![Operation::SetQuotas])), []);
        assert_eq!(is(ProposalPredicate::Operation(vec![Operation::MergeUnits])), [gone.id, late.id, early.id]);
        assert_eq!(is(ProposalPredicate::Proposer(vec![other.account])), [gone.id]);
        assert_eq!(is(ProposalPredicate::Under(world.district_a1)), [gone.id, early.id]);
    }
}
