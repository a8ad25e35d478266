//! Emulation lists and the council's decisions: only ever added.

use std::collections::BTreeMap;

use caodiem_domain::access::Scope;
use caodiem_domain::emulation::decision::Decision;
use caodiem_domain::emulation::list::{EmulationList, EmulationListPredicate};
use caodiem_domain::emulation::sheet::Sheet;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::EmulationListId;
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::ports::{ReadEmulation, WriteEmulation};
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;

use super::dialect::among;
use super::page::{Condition, cursor, meets, newest_first, page_of, part, place};
use super::scope::{by_id_in_scope, count_in_scope, in_scope, under_unit};
use super::{CHUNK, Conn, OrFailed, Tx};
use crate::rows::emulation::{CandidateRow, DecisionRow, EmulationListRow};
use crate::tables::{emulation_candidate, emulation_decision, emulation_list, unit};

/// Lists with their unit.
type Source = InnerJoinQuerySource<emulation_list::table, unit::table>;

const NEWEST: &str = "emulation_list.newest";

impl ReadEmulation for Tx<'_> {
    fn emulation_lists_by_id(
        &mut self,
        scope: &Scope,
        ids: &[EmulationListId],
    ) -> Result<BTreeMap<EmulationListId, EmulationList>, StoreError> {
        by_id_in_scope!(self.conn, scope, ids, emulation_list: EmulationListRow => EmulationList)
    }

    fn list_emulation_lists(
        &mut self,
        scope: &Scope,
        filter: &Filter<EmulationListPredicate>,
        page: &PageRequest,
    ) -> Result<Page<EmulationList>, StoreError> {
        let from = place(NEWEST, page)?.map(|[id]| part::<i64>(&id)).transpose()?;
        let query = emulation_list::table
            .inner_join(unit::table)
            .filter(in_scope::<Source>(scope))
            .filter(conditions(self.conn, filter)?)
            .select(emulation_list::all_columns)
            .into_boxed();
        let rows: Vec<EmulationListRow> =
            newest_first!(query, page, from, emulation_list::id).load(self.conn).or_failed()?;
        page_of(rows, page, |row| {
            let list = EmulationList::try_from(row)?;
            Ok((cursor(NEWEST, &[&list.id.get()]), list))
        })
    }

    fn count_emulation_lists(
        &mut self,
        scope: &Scope,
        filter: &Filter<EmulationListPredicate>,
    ) -> Result<u64, StoreError> {
        count_in_scope!(self.conn, scope, conditions(self.conn, filter)?, emulation_list)
    }

    fn emulation_decisions(
        &mut self,
        lists: &[EmulationListId],
    ) -> Result<BTreeMap<EmulationListId, Vec<Decision>>, StoreError> {
        let rows: Vec<DecisionRow> = emulation_decision::table
            .filter(among(emulation_decision::list_id, lists.iter().map(|list| list.get())))
            .order((emulation_decision::list_id, emulation_decision::unit_id, emulation_decision::version))
            .load(self.conn)
            .or_failed()?;
        let mut found: BTreeMap<EmulationListId, Vec<Decision>> = BTreeMap::new();
        for row in rows {
            let decision = Decision::try_from(row)?;
            found.entry(decision.list).or_default().push(decision);
        }
        Ok(found)
    }
}

impl WriteEmulation for Tx<'_> {
    fn insert_emulation_list(&mut self, list: &EmulationList, sheet: &Sheet) -> Result<(), StoreError> {
        let row = EmulationListRow::from(list);
        diesel::insert_into(emulation_list::table).values(row).execute(self.conn).or_failed()?;
        let rows: Vec<CandidateRow> = sheet.candidates.iter().map(|one| CandidateRow::new(list.id, one)).collect();
        for chunk in rows.chunks(CHUNK) {
            diesel::insert_into(emulation_candidate::table).values(chunk).execute(self.conn).or_failed()?;
        }
        Ok(())
    }

    fn insert_emulation_decision(&mut self, decision: &Decision) -> Result<(), StoreError> {
        let row = DecisionRow::from(decision);
        diesel::insert_into(emulation_decision::table).values(row).execute(self.conn).or_failed()?;
        Ok(())
    }
}

fn conditions(
    conn: &mut Conn,
    filter: &Filter<EmulationListPredicate>,
) -> Result<Condition<'static, Source>, StoreError> {
    meets(filter, &mut |predicate| {
        Ok(match predicate {
            EmulationListPredicate::Drive(drive) => Box::new(emulation_list::drive_id.eq(drive.get())),
            EmulationListPredicate::Unit(units) => {
                Box::new(among(emulation_list::unit_id, units.iter().map(|unit| unit.get())))
            }
            EmulationListPredicate::Under(unit) => under_unit(conn, *unit)?,
        })
    })
}
