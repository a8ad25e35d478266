//! Rows of sessions.

use caodiem_domain::error::StoreError;
use caodiem_domain::id::{AccountId, AssignmentId, SessionId};
use caodiem_domain::session::{Session, SessionEnd};
use caodiem_domain::text::Title;
use diesel::prelude::*;

use super::account::hash;
use super::code::Stored;
use super::corrupt;
use super::moment::{instant_of, micros};
use crate::tables::session;

/// A session, in the order of its table.
#[derive(Queryable, Insertable, AsChangeset, Clone)]
#[diesel(table_name = session, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct SessionRow {
    id: i64,
    account_id: i64,
    assignment_id: i64,
    device: String,
    refresh: Vec<u8>,
    previous: Option<Vec<u8>>,
    rotated_at: i64,
    created_at: i64,
    expires_at: i64,
    ended_at: Option<i64>,
    ended_for: Option<String>,
    version: i32,
}

impl From<&Session> for SessionRow {
    fn from(session: &Session) -> Self {
        Self {
            id: session.id.get(),
            account_id: session.account.get(),
            assignment_id: session.assignment.get(),
            device: session.device.to_string(),
            refresh: session.refresh.to_vec(),
            previous: session.previous.map(|previous| previous.to_vec()),
            rotated_at: micros(session.rotated_at),
            created_at: micros(session.created_at),
            expires_at: micros(session.expires_at),
            ended_at: session.ended_at.map(micros),
            ended_for: session.ended_for.map(|why| why.word().to_owned()),
            version: session.version,
        }
    }
}

impl TryFrom<SessionRow> for Session {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: SessionId::new(row.id),
            account: AccountId::new(row.account_id),
            assignment: AssignmentId::new(row.assignment_id),
            device: Title::new(&row.device).map_err(corrupt("session.device"))?,
            refresh: hash(&row.refresh, "session.refresh")?,
            previous: row.previous.map(|previous| hash(&previous, "session.previous")).transpose()?,
            rotated_at: instant_of(row.rotated_at)?,
            created_at: instant_of(row.created_at)?,
            expires_at: instant_of(row.expires_at)?,
            ended_at: row.ended_at.map(instant_of).transpose()?,
            ended_for: row.ended_for.as_deref().map(SessionEnd::from_word).transpose()?,
            version: row.version,
        })
    }
}
