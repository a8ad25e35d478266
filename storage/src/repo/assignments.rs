//! Assignments.

use std::collections::BTreeMap;

use caodiem_domain::access::Scope;
use caodiem_domain::assignment::{Assignment, AssignmentPredicate};
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{AccountId, AssignmentId};
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::ports::{ReadAssignments, WriteAssignments};
use caodiem_domain::time::Instant;
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;

use super::page::{Condition, cursor, keyset, meets, page_of, part, place};
use super::scope::{by_id_in_scope, count_in_scope, in_scope, under_unit};
use super::{CHUNK, Conn, OrFailed, Tx, keyed, stale};
use crate::rows::assignment::AssignmentRow;
use crate::rows::moment::micros;
use crate::tables::{assignment, unit};

/// Assignments with their unit.
type Source = InnerJoinQuerySource<assignment::table, unit::table>;

const BY_UNIT: &str = "assignment.unit";

impl ReadAssignments for Tx<'_> {
    fn assignments_by_id(
        &mut self,
        scope: &Scope,
        ids: &[AssignmentId],
    ) -> Result<BTreeMap<AssignmentId, Assignment>, StoreError> {
        by_id_in_scope!(self.conn, scope, ids, assignment: AssignmentRow => Assignment)
    }

    fn assignments_of(&mut self, accounts: &[AccountId]) -> Result<BTreeMap<AccountId, Vec<Assignment>>, StoreError> {
        let mut found: BTreeMap<AccountId, Vec<Assignment>> = BTreeMap::new();
        for accounts in accounts.chunks(CHUNK) {
            let rows: Vec<AssignmentRow> = assignment::table
                .filter(assignment::account_id.eq_any(accounts.iter().map(|account| account.get())))
                .order(assignment::id)
                .load(self.conn)
                .or_failed()?;
            for (account, assignment) in keyed(rows, |assignment: &Assignment| assignment.account)? {
                found.entry(account).or_default().push(assignment);
            }
        }
        Ok(found)
    }

    fn granted_under(&mut self, assignments: &[AssignmentId]) -> Result<Vec<Assignment>, StoreError> {
        let mut found = Vec::new();
        for ids in assignments.chunks(CHUNK) {
            let ids: Vec<Option<i64>> = ids.iter().map(|id| Some(id.get())).collect();
            let rows: Vec<AssignmentRow> = assignment::table
                .filter(assignment::granted_under.eq_any(ids))
                .filter(assignment::ended_at.is_null())
                .order(assignment::id)
                .load(self.conn)
                .or_failed()?;
            found.extend(rows.into_iter().map(Assignment::try_from).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(found)
    }

    fn list_assignments(
        &mut self,
        scope: &Scope,
        filter: &Filter<AssignmentPredicate>,
        page: &PageRequest,
    ) -> Result<Page<Assignment>, StoreError> {
        let from = match place(BY_UNIT, page)? {
            Some([unit, id]) => Some((part::<i64>(&unit)?, part::<i64>(&id)?)),
            None => None,
        };
        let query = assignment::table
            .inner_join(unit::table)
            .filter(in_scope::<Source>(scope))
            .filter(conditions(self.conn, filter)?)
            .select(assignment::all_columns)
            .into_boxed();
        let rows: Vec<AssignmentRow> =
            keyset!(query, page, from, assignment::unit_id, assignment::id).load(self.conn).or_failed()?;
        page_of(rows, page, |row| {
            let assignment = Assignment::try_from(row)?;
            Ok((cursor(BY_UNIT, &[&assignment.unit.get(), &assignment.id.get()]), assignment))
        })
    }

    fn count_assignments(&mut self, scope: &Scope, filter: &Filter<AssignmentPredicate>) -> Result<u64, StoreError> {
        count_in_scope!(self.conn, scope, conditions(self.conn, filter)?, assignment)
    }
}

impl WriteAssignments for Tx<'_> {
    fn insert_assignments(&mut self, assignments: &[Assignment]) -> Result<(), StoreError> {
        for chunk in assignments.chunks(CHUNK) {
            let rows: Vec<AssignmentRow> = chunk.iter().map(AssignmentRow::from).collect();
            diesel::insert_into(assignment::table).values(&rows).execute(self.conn).or_failed()?;
        }
        Ok(())
    }

    fn update_assignments(&mut self, assignments: &[Assignment]) -> Result<(), StoreError> {
        for one in assignments {
            let standing = assignment::table.find(one.id.get()).filter(assignment::version.eq(one.version - 1));
            let updated = diesel::update(standing).set(AssignmentRow::from(one)).execute(self.conn).or_failed()?;
            if updated != 1 {
                return Err(stale());
            }
        }
        Ok(())
    }

    fn touch_assignment(&mut self, id: AssignmentId, at: Instant) -> Result<(), StoreError> {
        diesel::update(assignment::table.find(id.get()))
            .set(assignment::last_used_at.eq(micros(at)))
            .execute(self.conn)
            .or_failed()?;
        Ok(())
    }
}

fn conditions(conn: &mut Conn, filter: &Filter<AssignmentPredicate>) -> Result<Condition<'static, Source>, StoreError> {
    let (from, to) = (assignment::valid_from, assignment::valid_to);
    let (ended, suspended, used) = (assignment::ended_at, assignment::suspended_at, assignment::last_used_at);
    meets(filter, &mut |predicate| {
        Ok(match predicate {
            AssignmentPredicate::Account(accounts) => {
                Box::new(assignment::account_id.eq_any(accounts.iter().map(|id| id.get()).collect::<Vec<_>>()))
            }
            AssignmentPredicate::Role(roles) => {
                Box::new(assignment::role.eq_any(roles.iter().map(|role| role.as_str()).collect::<Vec<_>>()))
            }
            AssignmentPredicate::Unit(unit) => Box::new(assignment::unit_id.eq(unit.get())),
            AssignmentPredicate::Under(unit) => under_unit(conn, *unit)?,
            AssignmentPredicate::Drive(drive) => {
                let bound = assignment::drive_id;
                Box::new(bound.is_not_null().and(bound.assume_not_null().eq(drive.get())))
            }
            AssignmentPredicate::InForceOn(day) => {
                let begun = from.le(*day).and(to.is_null().or(to.assume_not_null().gt(*day)));
                Box::new(begun.and(ended.is_null()).and(suspended.is_null()))
            }
            AssignmentPredicate::EndingBy(day) => {
                Box::new(to.is_not_null().and(to.assume_not_null().le(*day)).and(ended.is_null()))
            }
            AssignmentPredicate::UnusedSince(moment) => {
                Box::new(used.is_null().or(used.assume_not_null().lt(micros(*moment))))
            }
            AssignmentPredicate::Suspended(true) => Box::new(suspended.is_not_null().and(ended.is_null())),
            AssignmentPredicate::Suspended(false) => Box::new(suspended.is_null()),
        })
    })
}
