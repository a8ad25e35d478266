//! Accounts: who can sign in, people and machines. An account alone permits nothing; its assignments do.
//!
//! An account names a position, never a person: what is not stored cannot leak. Secrets are kept apart from it, as
//! [`Credentials`].

pub mod code;
pub mod password;
pub mod rigour;
pub mod throttle;

use crate::id::{AccountId, AssignmentId, ServiceKeyId, UnitId};
use crate::text::{ExternalSubject, Issuer, Key, Post, Reason, Subject};
use crate::time::Instant;

/// Who stands behind an account.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum AccountKind {
    /// A person, who signs in with a password and, where a role asks for it, a second factor.
    Person,
    /// Another system, which signs in with a key pair (RFC 7523, `private_key_jwt`).
    Service,
}

impl AccountKind {
    /// The word clients see in messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "PERSON",
            Self::Service => "SERVICE",
        }
    }
}

/// Whether an account can be used.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum AccountState {
    /// Made, not yet activated by its one-time code.
    Invited,
    /// In use.
    Active,
    /// Ended for good or for a while; everything that rests on it is refused.
    Disabled,
}

impl AccountState {
    /// The word clients see in messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "INVITED",
            Self::Active => "ACTIVE",
            Self::Disabled => "DISABLED",
        }
    }
}

/// An account. The login is its name in tokens, histories and the record of acts, and never changes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    /// Its key.
    pub id: AccountId,
    /// The name it signs in with, unique.
    pub login: Subject,
    /// Person or machine.
    pub kind: AccountKind,
    /// The position, or the purpose of a machine: never a person's name.
    pub post: Post,
    /// The unit whose admins look after it.
    pub unit: UnitId,
    /// Whether it can be used.
    pub state: AccountState,
    /// Why it was disabled.
    pub disabled_for: Option<Reason>,
    /// Made for the demonstration; such accounts exist in a demonstration's database only.
    pub demo: bool,
    /// When it was made.
    pub created_at: Instant,
    /// The login of whoever made it.
    pub created_by: Subject,
    /// When it last signed in.
    pub last_sign_in: Option<Instant>,
    /// Counted up by each change.
    pub version: i32,
}

/// The secrets of an account, and how often they were guessed wrong. Never shown, never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Whose.
    pub account: AccountId,
    /// The password's argon2id hash in PHC form; `None` before activation, and of machines.
    pub password: Option<String>,
    /// The TOTP secret (RFC 6238), sealed; `None` where there is none.
    pub totp: Option<Vec<u8>>,
    /// Whether a code of that secret was ever shown to be known.
    pub totp_confirmed: bool,
    /// The last time step whose code was used: each counts once.
    pub totp_step: i64,
    /// Wrong attempts in a row.
    pub failures: i32,
    /// Until when attempts are refused unseen.
    pub refused_until: Option<Instant>,
    /// Counted up by each change.
    pub version: i32,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Credentials").field("account", &self.account).finish_non_exhaustive()
    }
}

/// What a one-time code is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CodePurpose {
    /// The first password of a new account.
    Activation,
    /// A new password.
    Reset,
    /// The sealed emergency entry (T23).
    BreakGlass,
}

/// A one-time code: 128 random bits, of which only the SHA-256 is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OneTimeCode {
    /// SHA-256 of the code.
    pub hash: [u8; 32],
    /// Whose.
    pub account: AccountId,
    /// What for.
    pub purpose: CodePurpose,
    /// From when on it counts no more.
    pub expires_at: Instant,
    /// When it was used; a used one counts no more.
    pub used_at: Option<Instant>,
    /// The login of whoever had it made.
    pub created_by: Subject,
}

/// The public key of a machine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServiceKey {
    /// Its key.
    pub id: ServiceKeyId,
    /// Whose.
    pub account: AccountId,
    /// `kid`, unique within the account.
    pub kid: Key,
    /// The P-256 point, uncompressed (65 bytes), for ES256.
    pub public: Vec<u8>,
    /// From when on it counts no more; at most a year after it was added.
    pub expires_at: Instant,
    /// When it was withdrawn.
    pub revoked_at: Option<Instant>,
    /// When it last signed.
    pub last_used_at: Option<Instant>,
}

/// Who somebody is to another issuer of tokens (OIDC). It is bound to one account at most, by an admin: nothing
/// in a token binds it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct External {
    /// The issuer.
    pub issuer: Issuer,
    /// The subject, unique with the issuer.
    pub subject: ExternalSubject,
}

/// A subject of another issuer as it is bound to an account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bound {
    /// Who.
    pub who: External,
    /// The youngest of the account's assignments that it signs in to. Whoever bound it could have granted these; what was
    /// granted later is beyond it until it is bound anew, or a subordinate's way into an account would grow with the account.
    pub up_to: AssignmentId,
}

/// What lists of accounts can be narrowed by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AccountPredicate {
    /// One of these logins.
    Login(Vec<Subject>),
    /// Looked after by this unit or any under it, by the tree as it stands.
    Under(UnitId),
    /// In one of these states.
    State(Vec<AccountState>),
    /// One of these kinds.
    Kind(Vec<AccountKind>),
    /// Not signed in since then, or never.
    UnusedSince(Instant),
}
