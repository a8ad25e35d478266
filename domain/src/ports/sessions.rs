//! Sessions.

use std::collections::BTreeMap;

use crate::error::StoreError;
use crate::id::{AccountId, AssignmentId, SessionId, UnitId};
use crate::session::{Session, SessionEnd};
use crate::time::Instant;

/// Reading sessions.
pub trait ReadSessions {
    /// A session. Unscoped: for refreshing, and for judging a token.
    fn session(&mut self, id: SessionId) -> Result<Option<Session>, StoreError>;

    /// The sessions of an account that are neither ended nor over, newest first. Unscoped.
    fn sessions_of(&mut self, account: AccountId, now: Instant) -> Result<Vec<Session>, StoreError>;

    /// [`Self::sessions_of`] several accounts; those without any are left out.
    fn sessions_of_accounts(
        &mut self,
        accounts: &[AccountId],
        now: Instant,
    ) -> Result<BTreeMap<AccountId, Vec<Session>>, StoreError>;
}

/// Which sessions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sessions {
    /// This one.
    One(SessionId),
    /// All of an account but, perhaps, one.
    OfAccount(AccountId, Option<SessionId>),
    /// All under an assignment.
    OfAssignment(AssignmentId),
    /// All under assignments over a unit or any under it, by the tree as it stands.
    UnderUnit(UnitId),
}

/// Writing sessions.
pub trait WriteSessions {
    /// Adds a session.
    fn insert_session(&mut self, session: &Session) -> Result<(), StoreError>;

    /// Replaces a session where the stored version is one less.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    fn update_session(&mut self, session: &Session) -> Result<(), StoreError>;

    /// Ends sessions that are not ended yet; tells how many.
    fn end_sessions(&mut self, which: Sessions, why: SessionEnd, at: Instant) -> Result<u64, StoreError>;
}
