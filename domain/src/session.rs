//! Sessions: one sign-in on one device, kept alive by a refresh token that changes with every use (RFC 9700).

pub mod refresh;

use crate::access::Role;
use crate::account::{Account, AccountKind};
use crate::assignment::Assignment;
use crate::id::{AccountId, AssignmentId, SessionId, UnitId};
use crate::text::{Subject, Title};
use crate::time::Instant;

/// A session. Its tokens say its id; an ended session's tokens are refused everywhere within seconds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// Its key.
    pub id: SessionId,
    /// Whose.
    pub account: AccountId,
    /// The assignment in use: one hat at a time.
    pub assignment: AssignmentId,
    /// What the client called its device.
    pub device: Title,
    /// SHA-256 of the refresh token that counts.
    pub refresh: [u8; 32],
    /// SHA-256 of the one before it, which counts for a few seconds more: a reply may have been lost.
    pub previous: Option<[u8; 32]>,
    /// When the refresh token last changed.
    pub rotated_at: Instant,
    /// When it began.
    pub created_at: Instant,
    /// When it ends whatever happens.
    pub expires_at: Instant,
    /// When it was ended before that.
    pub ended_at: Option<Instant>,
    /// Why it was ended.
    pub ended_for: Option<SessionEnd>,
    /// Counted up by each change.
    pub version: i32,
}

impl Session {
    /// Whether it counts at that moment: neither ended nor over.
    #[must_use]
    pub fn is_live(&self, now: Instant) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

/// Why a session was ended before its time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SessionEnd {
    /// The account signed out.
    SignedOut,
    /// The account or an admin ended it from elsewhere.
    Ended,
    /// A refresh token that was spent came again: it was stolen, or its thief came first (T10).
    Reused,
    /// The account's password or second factor was changed.
    Credentials,
    /// The account was disabled.
    Disabled,
}

/// What an access token says: an account under one of its assignments. Role and unit are repeated for whoever reads a
/// token; what counts is the assignment as it is stored.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Claims {
    /// The account's login.
    pub subject: Subject,
    /// The account.
    pub account: AccountId,
    /// Person or machine.
    pub kind: AccountKind,
    /// The assignment.
    pub assignment: AssignmentId,
    /// The role of the assignment.
    pub role: Role,
    /// The unit of the assignment.
    pub unit: UnitId,
    /// The session; `None` of machines and of tokens made on the host.
    pub session: Option<SessionId>,
}

impl Claims {
    /// What a token for an account under one of its assignments says.
    #[must_use]
    pub fn of(account: &Account, assignment: &Assignment, session: Option<SessionId>) -> Self {
        Self {
            subject: account.login.clone(),
            account: account.id,
            kind: account.kind,
            assignment: assignment.id,
            role: assignment.role,
            unit: assignment.unit,
            session,
        }
    }
}
