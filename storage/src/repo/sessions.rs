//! Sessions.

use std::collections::BTreeMap;

use caodiem_domain::error::StoreError;
use caodiem_domain::id::{AccountId, SessionId, UnitId};
use caodiem_domain::ports::{ReadSessions, Sessions, WriteSessions};
use caodiem_domain::session::{Session, SessionEnd};
use caodiem_domain::time::Instant;
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;

use super::scope::under_unit;
use super::{CHUNK, Conn, OrFailed, Tx, keyed, stale};
use crate::rows::code::Stored;
use crate::rows::moment::micros;
use crate::rows::session::SessionRow;
use crate::tables::{assignment, session, unit};

/// Assignments with their unit.
type Source = InnerJoinQuerySource<assignment::table, unit::table>;

impl ReadSessions for Tx<'_> {
    fn session(&mut self, id: SessionId) -> Result<Option<Session>, StoreError> {
        let row: Option<SessionRow> = session::table.find(id.get()).first(self.conn).optional().or_failed()?;
        row.map(Session::try_from).transpose()
    }

    fn sessions_of(&mut self, account: AccountId, now: Instant) -> Result<Vec<Session>, StoreError> {
        Ok(self.sessions_of_accounts(&[account], now)?.remove(&account).unwrap_or_default())
    }

    fn sessions_of_accounts(
        &mut self,
        accounts: &[AccountId],
        now: Instant,
    ) -> Result<BTreeMap<AccountId, Vec<Session>>, StoreError> {
        let mut found: BTreeMap<AccountId, Vec<Session>> = BTreeMap::new();
        for accounts in accounts.chunks(CHUNK) {
            let rows: Vec<SessionRow> = session::table
                .filter(session::account_id.eq_any(accounts.iter().map(|account| account.get())))
                .filter(session::ended_at.is_null())
                .filter(session::expires_at.gt(micros(now)))
                .order(session::id.desc())
                .load(self.conn)
                .or_failed()?;
            for (account, session) in keyed(rows, |session: &Session| session.account)? {
                found.entry(account).or_default().push(session);
            }
        }
        Ok(found)
    }
}

impl WriteSessions for Tx<'_> {
    fn insert_session(&mut self, session: &Session) -> Result<(), StoreError> {
        diesel::insert_into(session::table).values(SessionRow::from(session)).execute(self.conn).or_failed()?;
        Ok(())
    }

    fn update_session(&mut self, session: &Session) -> Result<(), StoreError> {
        let standing = session::table.find(session.id.get()).filter(session::version.eq(session.version - 1));
        let updated = diesel::update(standing).set(SessionRow::from(session)).execute(self.conn).or_failed()?;
        if updated == 1 { Ok(()) } else { Err(stale()) }
    }

    fn end_sessions(&mut self, which: Sessions, why: SessionEnd, at: Instant) -> Result<u64, StoreError> {
        let under = match which {
            Sessions::UnderUnit(unit) => assignments_under(self.conn, unit)?,
            _ => Vec::new(),
        };
        let ended = (
            session::ended_at.eq(micros(at)),
            session::ended_for.eq(why.word()),
            session::version.eq(session::version + 1),
        );
        let standing = diesel::update(session::table).filter(session::ended_at.is_null()).set(ended).into_boxed();
        let standing = match which {
            Sessions::One(id) => standing.filter(session::id.eq(id.get())),
            Sessions::OfAccount(account, None) => standing.filter(session::account_id.eq(account.get())),
            Sessions::OfAccount(account, Some(but)) => {
                standing.filter(session::account_id.eq(account.get())).filter(session::id.ne(but.get()))
            }
            Sessions::OfAssignment(assignment) => standing.filter(session::assignment_id.eq(assignment.get())),
            Sessions::UnderUnit(_) => standing.filter(session::assignment_id.eq_any(under)),
        };
        let count = standing.execute(self.conn).or_failed()?;
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    }
}

/// The assignments over a unit or any under it that have sessions which are not ended.
fn assignments_under(conn: &mut Conn, unit: UnitId) -> Result<Vec<i64>, StoreError> {
    let in_use = session::table.filter(session::ended_at.is_null()).select(session::assignment_id);
    assignment::table
        .inner_join(unit::table)
        .filter(under_unit::<Source>(conn, unit)?)
        .filter(assignment::id.eq_any(in_use))
        .select(assignment::id)
        .load(conn)
        .or_failed()
}
