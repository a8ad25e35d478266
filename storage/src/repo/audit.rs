//! The record of acts. Rows are added at the end of a transaction, one after another: whoever adds holds the head.

use std::collections::{BTreeMap, BTreeSet};

use caodiem_domain::access::Scope;
use caodiem_domain::audit::{Change, Checkpoint, DONE, Entry, Record, RecordPredicate};
use caodiem_domain::error::StoreError;
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::ports::audit::Seen;
use caodiem_domain::ports::{ReadAudit, WriteAudit};
use caodiem_domain::unit::UnitPath;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::page::{Condition, always, any, cursor, meets, never, newest_first, page_of, part, place};
use super::scope::path_of;
use super::{CHUNK, Conn, OrFailed, Tx, bulk, dialect};
use crate::rows::account::hash;
use crate::rows::audit::{CheckpointRow, RecordRow};
use crate::rows::moment::micros;
use crate::rows::request::RequestRow;
use crate::rows::rollup::RollupRow;
use crate::tables::{audit, audit_checkpoint, audit_head};

const NEWEST: &str = "audit.newest";

/// What a job notes until its end.
#[derive(Default)]
pub(crate) struct Noted {
    pub(super) requests: Vec<RequestRow>,
    /// What is to be added to the roll-up, each row once.
    pub(super) sums: Vec<RollupRow>,
    changes: Vec<Change>,
    entries: Vec<Entry>,
}

impl Tx<'_> {
    /// Keeps the requests that were noted, adds to the roll-up and adds the acts to the chain: the last thing a job does before
    /// its commit, because others wait for the rows it writes here.
    ///
    /// # Errors
    /// A failure of storage, on which the job may not commit; [`Constraint::RequestId`] where a request is known by now.
    ///
    /// [`Constraint::RequestId`]: caodiem_domain::error::Constraint::RequestId
    pub(crate) fn seal(&mut self) -> Result<(), StoreError> {
        let Noted { requests, sums, entries, .. } = std::mem::take(&mut self.noted);
        let mut records = Vec::with_capacity(entries.len());
        if !entries.is_empty() {
            let (seq, head) = dialect::take_audit_head(self.conn).or_failed()?;
            let mut last = (seq, hash(&head, "audit_head.hash")?);
            for entry in &entries {
                let record = Record::follow(entry, last);
                last = (record.seq, record.hash);
                records.push(RecordRow::from(record));
            }
        }
        if records.is_empty() && requests.is_empty() && sums.is_empty() {
            return Ok(());
        }
        bulk::seal(self.conn, &records, &requests, &sums).or_failed()
    }

    /// Adds to the roll-up what was noted, before it is read or added to again.
    pub(super) fn settle_sums(&mut self) -> Result<(), StoreError> {
        let sums = std::mem::take(&mut self.noted.sums);
        if sums.is_empty() { Ok(()) } else { bulk::add_to_rollup(self.conn, &sums).or_failed() }
    }
}

impl ReadAudit for Tx<'_> {
    fn list_records(
        &mut self,
        seen: &Seen,
        filter: &Filter<RecordPredicate>,
        page: &PageRequest,
    ) -> Result<Page<Record>, StoreError> {
        let from = place(NEWEST, page)?.map(|[seq]| part::<i64>(&seq)).transpose()?;
        let query = audit::table.filter(visible(seen)).filter(conditions(self.conn, filter)?).into_boxed();
        let rows: Vec<RecordRow> = newest_first!(query, page, from, audit::seq).load(self.conn).or_failed()?;
        page_of(rows, page, |row| {
            let record = Record::try_from(row)?;
            Ok((cursor(NEWEST, &[&record.seq]), record))
        })
    }

    fn count_records(&mut self, seen: &Seen, filter: &Filter<RecordPredicate>) -> Result<u64, StoreError> {
        let fits = conditions(self.conn, filter)?;
        let count: i64 = audit::table.filter(visible(seen)).filter(fits).count().get_result(self.conn).or_failed()?;
        Ok(count.unsigned_abs())
    }

    fn chain(&mut self, from: i64, most: usize) -> Result<Vec<Record>, StoreError> {
        let rows: Vec<RecordRow> = audit::table
            .filter(audit::seq.ge(from))
            .order_by(audit::seq.asc())
            .limit(i64::try_from(most).unwrap_or(i64::MAX))
            .load(self.conn)
            .or_failed()?;
        rows.into_iter().map(Record::try_from).collect()
    }

    fn chain_head(&mut self) -> Result<(i64, [u8; 32]), StoreError> {
        let head = audit_head::table.select((audit_head::seq, audit_head::hash));
        let (seq, head): (i64, Vec<u8>) = head.first(self.conn).or_failed()?;
        Ok((seq, hash(&head, "audit_head.hash")?))
    }

    fn chain_hashes(&mut self, places: &[i64]) -> Result<BTreeMap<i64, [u8; 32]>, StoreError> {
        let mut hashes = BTreeMap::new();
        for places in places.chunks(CHUNK) {
            let rows = audit::table.filter(audit::seq.eq_any(places)).select((audit::seq, audit::hash));
            for (seq, row) in rows.load::<(i64, Vec<u8>)>(self.conn).or_failed()? {
                hashes.insert(seq, hash(&row, "audit.hash")?);
            }
        }
        Ok(hashes)
    }

    fn checkpointed(&mut self, places: &[i64]) -> Result<BTreeSet<i64>, StoreError> {
        let mut found = BTreeSet::new();
        for places in places.chunks(CHUNK) {
            let rows = audit_checkpoint::table.filter(audit_checkpoint::seq.eq_any(places));
            found.extend(rows.select(audit_checkpoint::seq).load::<i64>(self.conn).or_failed()?);
        }
        Ok(found)
    }

    fn checkpoints(&mut self, from: i64, most: usize) -> Result<Vec<Checkpoint>, StoreError> {
        let rows: Vec<CheckpointRow> = audit_checkpoint::table
            .filter(audit_checkpoint::seq.ge(from))
            .order_by(audit_checkpoint::seq.asc())
            .limit(i64::try_from(most).unwrap_or(i64::MAX))
            .load(self.conn)
            .or_failed()?;
        rows.into_iter().map(Checkpoint::try_from).collect()
    }
}

impl WriteAudit for Tx<'_> {
    fn changed(&mut self, change: Change) {
        self.noted.changes.push(change);
    }

    fn record(&mut self, mut entries: Vec<Entry>) {
        if let Some(first) = entries.first_mut() {
            first.changes.append(&mut self.noted.changes);
        }
        self.noted.entries.append(&mut entries);
    }

    fn insert_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<(), StoreError> {
        let row = CheckpointRow::from(checkpoint);
        diesel::insert_into(audit_checkpoint::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(self.conn)
            .or_failed()?;
        Ok(())
    }
}

fn visible<'query>(seen: &Seen) -> Condition<'query, audit::table> {
    match seen {
        Seen::All => always(),
        Seen::Own(account) => Box::new(audit::account_id.eq(account.get())),
        Seen::Within(Scope::Country) => Box::new(audit::unit_id.is_not_null()),
        Seen::Within(Scope::Subtrees(roots)) => any(roots.iter().map(within)),
    }
}

/// True of acts that concern a unit in a subtree. In raw SQL: a boxed condition on units cannot stand in a sub-select.
fn within<'query>(root: &UnitPath) -> Condition<'query, audit::table> {
    let of_unit = "EXISTS (SELECT 1 FROM unit WHERE unit.id = audit.unit_id AND unit.path >= ";
    let of_unit = sql::<Bool>(of_unit).bind::<Text, _>(root.as_str().to_owned()).sql(" AND unit.path < ");
    Box::new(of_unit.bind::<Text, _>(root.upper_bound()).sql(")"))
}

fn conditions(
    conn: &mut Conn,
    filter: &Filter<RecordPredicate>,
) -> Result<Condition<'static, audit::table>, StoreError> {
    meets(filter, &mut |predicate| {
        Ok(match predicate {
            RecordPredicate::Place(places) => Box::new(audit::seq.eq_any(places.clone())),
            RecordPredicate::Account(accounts) => {
                Box::new(audit::account_id.eq_any(accounts.iter().map(|id| id.get()).collect::<Vec<_>>()))
            }
            RecordPredicate::Subject(names) => Box::new(audit::subject.eq_any(names.clone())),
            RecordPredicate::Operation(operations) => Box::new(audit::operation.eq_any(operations.clone())),
            RecordPredicate::Under(unit) => path_of(conn, *unit)?.as_ref().map_or_else(never, within),
            RecordPredicate::Since(moment) => Box::new(audit::at.ge(micros(*moment))),
            RecordPredicate::Before(moment) => Box::new(audit::at.lt(micros(*moment))),
            RecordPredicate::Refused(true) => Box::new(audit::outcome.ne(DONE)),
            RecordPredicate::Refused(false) => Box::new(audit::outcome.eq(DONE)),
            RecordPredicate::Request(request) => Box::new(audit::request.eq(request.clone())),
        })
    })
}
