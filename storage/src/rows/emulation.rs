//! Rows of emulation lists, their candidates, and decisions on them.

use caodiem_domain::emulation::decision::Decision;
use caodiem_domain::emulation::list::{Author, EmulationList};
use caodiem_domain::emulation::sheet::Candidate;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{AccountId, DriveId, EmulationListId, UnitId};
use caodiem_domain::text::{PlanNumber, Reason, Subject, Title};
use diesel::prelude::*;

use super::code::Stored;
use super::corrupt;
use super::moment::{instant_of, micros};
use crate::tables::{emulation_candidate, emulation_decision, emulation_list};

/// A list, in the order of its table.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = emulation_list)]
pub(crate) struct EmulationListRow {
    id: i64,
    drive_id: i64,
    unit_id: i64,
    account_id: i64,
    author: String,
    drawn_at: i64,
    content: String,
    hash: Vec<u8>,
}

impl From<&EmulationList> for EmulationListRow {
    fn from(list: &EmulationList) -> Self {
        Self {
            id: list.id.get(),
            drive_id: list.drive.get(),
            unit_id: list.unit.get(),
            account_id: list.author.account.get(),
            author: list.author.login.to_string(),
            drawn_at: micros(list.drawn_at),
            content: list.content.clone(),
            hash: list.hash.to_vec(),
        }
    }
}

impl TryFrom<EmulationListRow> for EmulationList {
    type Error = StoreError;

    fn try_from(row: EmulationListRow) -> Result<Self, StoreError> {
        let login = Subject::new(&row.author).map_err(corrupt("emulation_list.author"))?;
        Ok(Self {
            id: EmulationListId::new(row.id),
            drive: DriveId::new(row.drive_id),
            unit: UnitId::new(row.unit_id),
            author: Author { account: AccountId::new(row.account_id), login },
            drawn_at: instant_of(row.drawn_at)?,
            content: row.content,
            hash: row.hash.try_into().map_err(corrupt("emulation_list.hash"))?,
        })
    }
}

/// A candidate, as decisions need it.
#[derive(Insertable, Clone, Debug)]
#[diesel(table_name = emulation_candidate)]
pub(crate) struct CandidateRow {
    list_id: i64,
    unit_id: i64,
    is_out: bool,
}

impl CandidateRow {
    /// The row of a candidate of a list.
    pub(crate) fn new(list: EmulationListId, candidate: &Candidate) -> Self {
        Self { list_id: list.get(), unit_id: candidate.unit.get(), is_out: candidate.judgement.is_out() }
    }
}

/// A decision, in the order of its table.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = emulation_decision, treat_none_as_default_value = false)]
pub(crate) struct DecisionRow {
    list_id: i64,
    unit_id: i64,
    version: i32,
    decided: String,
    number: String,
    award: Option<String>,
    reason: String,
    is_out: bool,
    account_id: i64,
    author: String,
    at: i64,
}

impl From<&Decision> for DecisionRow {
    fn from(decision: &Decision) -> Self {
        Self {
            list_id: decision.list.get(),
            unit_id: decision.unit.get(),
            version: decision.version,
            decided: decision.decided.word().to_owned(),
            number: decision.number.to_string(),
            award: decision.award.as_ref().map(ToString::to_string),
            reason: decision.reason.to_string(),
            is_out: decision.is_out,
            account_id: decision.author.account.get(),
            author: decision.author.login.to_string(),
            at: micros(decision.at),
        }
    }
}

impl TryFrom<DecisionRow> for Decision {
    type Error = StoreError;

    fn try_from(row: DecisionRow) -> Result<Self, StoreError> {
        let award = row.award.as_deref().map(Title::new).transpose();
        let login = Subject::new(&row.author).map_err(corrupt("emulation_decision.author"))?;
        Ok(Self {
            list: EmulationListId::new(row.list_id),
            unit: UnitId::new(row.unit_id),
            version: row.version,
            decided: Stored::from_word(&row.decided)?,
            number: PlanNumber::new(&row.number).map_err(corrupt("emulation_decision.number"))?,
            award: award.map_err(corrupt("emulation_decision.award"))?,
            reason: Reason::new(&row.reason).map_err(corrupt("emulation_decision.reason"))?,
            is_out: row.is_out,
            author: Author { account: AccountId::new(row.account_id), login },
            at: instant_of(row.at)?,
        })
    }
}
