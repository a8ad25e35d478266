//! Acknowledged findings: only ever added.

use std::collections::BTreeMap;

use caodiem_domain::consistency::Acknowledgement;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{AccountId, DriveId, UnitId};
use caodiem_domain::ports::{ReadAcknowledgements, WriteAcknowledgements};
use caodiem_domain::problem::Code;
use caodiem_domain::text::{Reason, Subject};
use diesel::prelude::*;

use super::{CHUNK, OrFailed, Tx};
use crate::rows::corrupt;
use crate::rows::moment::{instant_of, micros};
use crate::tables::acknowledgement;

/// An acknowledgement, in the order of its table.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = acknowledgement)]
struct AcknowledgementRow {
    digest: Vec<u8>,
    drive_id: i64,
    unit_id: i64,
    code: String,
    reason: String,
    author: String,
    account_id: i64,
    at: i64,
}

impl TryFrom<AcknowledgementRow> for Acknowledgement {
    type Error = StoreError;

    fn try_from(row: AcknowledgementRow) -> Result<Self, StoreError> {
        let code = Code::ALL.iter().copied().find(|code| code.as_str() == row.code);
        Ok(Self {
            digest: row.digest.try_into().map_err(corrupt("acknowledgement.digest"))?,
            drive: DriveId::new(row.drive_id),
            unit: UnitId::new(row.unit_id),
            code: code.ok_or_else(|| StoreError::Corrupt(format!("acknowledgement.code: {code}", code = row.code)))?,
            reason: Reason::new(&row.reason).map_err(corrupt("acknowledgement.reason"))?,
            author: Subject::new(&row.author).map_err(corrupt("acknowledgement.author"))?,
            account: AccountId::new(row.account_id),
            at: instant_of(row.at)?,
        })
    }
}

impl ReadAcknowledgements for Tx<'_> {
    fn acknowledgements(&mut self, digests: &[[u8; 32]]) -> Result<BTreeMap<[u8; 32], Acknowledgement>, StoreError> {
        let mut found = BTreeMap::new();
        for digests in digests.chunks(CHUNK) {
            let rows: Vec<AcknowledgementRow> = acknowledgement::table
                .filter(acknowledgement::digest.eq_any(digests.iter().map(|digest| digest.to_vec())))
                .load(self.conn)
                .or_failed()?;
            for row in rows {
                let one = Acknowledgement::try_from(row)?;
                found.insert(one.digest, one);
            }
        }
        Ok(found)
    }
}

impl WriteAcknowledgements for Tx<'_> {
    fn insert_acknowledgement(&mut self, one: &Acknowledgement) -> Result<(), StoreError> {
        let row = AcknowledgementRow {
            digest: one.digest.to_vec(),
            drive_id: one.drive.get(),
            unit_id: one.unit.get(),
            code: one.code.as_str().to_owned(),
            reason: one.reason.to_string(),
            author: one.author.to_string(),
            account_id: one.account.get(),
            at: micros(one.at),
        };
        diesel::insert_into(acknowledgement::table).values(row).execute(self.conn).or_failed()?;
        Ok(())
    }
}
