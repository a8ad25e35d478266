//! Proposals.

use std::collections::BTreeMap;

use caodiem_domain::access::Scope;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::ProposalId;
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::ports::{ReadProposals, WriteProposals};
use caodiem_domain::proposal::{Proposal, ProposalPredicate, ProposalState, Standing};
use caodiem_domain::time::Instant;
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;

use super::page::{Condition, any, cursor, meets, newest_first, page_of, part, place};
use super::scope::{by_id_in_scope, count_in_scope, in_scope, under_unit};
use super::{Conn, OrFailed, Tx, stale};
use crate::rows::code::Stored;
use crate::rows::moment::micros;
use crate::rows::proposal::ProposalRow;
use crate::tables::{proposal, unit};

/// Proposals with the unit they concern.
type Source = InnerJoinQuerySource<proposal::table, unit::table>;

const NEWEST: &str = "proposal.newest";

impl ReadProposals for Tx<'_> {
    fn proposals_by_id(
        &mut self,
        scope: &Scope,
        ids: &[ProposalId],
    ) -> Result<BTreeMap<ProposalId, Proposal>, StoreError> {
        by_id_in_scope!(self.conn, scope, ids, proposal: ProposalRow => Proposal)
    }

    fn list_proposals(
        &mut self,
        scope: &Scope,
        filter: &Filter<ProposalPredicate>,
        page: &PageRequest,
    ) -> Result<Page<Proposal>, StoreError> {
        let from = place(NEWEST, page)?.map(|[id]| part::<i64>(&id)).transpose()?;
        let query = proposal::table
            .inner_join(unit::table)
            .filter(in_scope::<Source>(scope))
            .filter(conditions(self.conn, filter)?)
            .select(proposal::all_columns)
            .into_boxed();
        let rows: Vec<ProposalRow> = newest_first!(query, page, from, proposal::id).load(self.conn).or_failed()?;
        page_of(rows, page, |row| {
            let proposal = Proposal::try_from(row)?;
            Ok((cursor(NEWEST, &[&proposal.id.get()]), proposal))
        })
    }

    fn count_proposals(&mut self, scope: &Scope, filter: &Filter<ProposalPredicate>) -> Result<u64, StoreError> {
        count_in_scope!(self.conn, scope, conditions(self.conn, filter)?, proposal)
    }
}

impl WriteProposals for Tx<'_> {
    fn insert_proposal(&mut self, proposal: &Proposal) -> Result<(), StoreError> {
        diesel::insert_into(proposal::table).values(ProposalRow::from(proposal)).execute(self.conn).or_failed()?;
        Ok(())
    }

    fn update_proposal(&mut self, proposal: &Proposal) -> Result<(), StoreError> {
        let standing = proposal::table.find(proposal.id.get()).filter(proposal::version.eq(proposal.version - 1));
        let updated = diesel::update(standing).set(ProposalRow::from(proposal)).execute(self.conn).or_failed()?;
        if updated == 1 { Ok(()) } else { Err(stale()) }
    }
}

/// True of proposals that stand so at a moment.
fn stands<'query>(standing: Standing, now: Instant) -> Condition<'query, Source> {
    let state = |state: ProposalState| proposal::state.eq(state.word());
    let now = micros(now);
    match standing {
        Standing::Open => Box::new(state(ProposalState::Open).and(proposal::expires_at.gt(now))),
        Standing::Expired => Box::new(state(ProposalState::Open).and(proposal::expires_at.le(now))),
        Standing::Approved => Box::new(state(ProposalState::Approved)),
        Standing::Rejected => Box::new(state(ProposalState::Rejected)),
        Standing::Withdrawn => Box::new(state(ProposalState::Withdrawn)),
    }
}

fn conditions(conn: &mut Conn, filter: &Filter<ProposalPredicate>) -> Result<Condition<'static, Source>, StoreError> {
    meets(filter, &mut |predicate| {
        Ok(match predicate {
            ProposalPredicate::Standing(standings, now) => any(standings.iter().map(|one| stands(*one, *now))),
            ProposalPredicate::Operation(operations) => {
                Box::new(proposal::operation.eq_any(operations.iter().map(|one| one.word()).collect::<Vec<_>>()))
            }
            ProposalPredicate::Proposer(accounts) => {
                Box::new(proposal::proposer_id.eq_any(accounts.iter().map(|id| id.get()).collect::<Vec<_>>()))
            }
            ProposalPredicate::Under(unit) => under_unit(conn, *unit)?,
        })
    })
}
