//! Inputs about accounts and the keys of machines.

use async_graphql::{ID, InputObject};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use caodiem_domain::account::AccountPredicate;
use caodiem_domain::id::{AccountId, SessionId, UnitId};
use caodiem_domain::problem::{Code, Problem};
use caodiem_domain::text::{Key, Post, Reason, Subject};
use caodiem_domain::usecase::manage_accounts::keys::AddServiceKey;
use caodiem_domain::usecase::manage_accounts::{CreateAccount, DisableAccount, ReviseAccount};

use crate::error::Result;
use crate::filter::{Parts, Where};
use crate::ids::key_of;
use crate::inputs::{Check, mutation_inputs};
use crate::objects::account::{AccountKind, AccountState};
use crate::scalars::DateTime;

/// Narrows a list of accounts. All given fields hold together.
#[derive(InputObject)]
pub(crate) struct AccountWhere {
    /// All of these hold.
    and: Option<Vec<AccountWhere>>,
    /// At least one of these holds.
    or: Option<Vec<AccountWhere>>,
    /// This does not hold.
    not: Option<Box<AccountWhere>>,
    /// One of these logins.
    #[graphql(validator(max_items = 100))]
    login: Option<Vec<String>>,
    /// Looked after by this unit or any under it, by the tree as it stands.
    under: Option<ID>,
    /// In one of these states.
    #[graphql(validator(max_items = 20))]
    state: Option<Vec<AccountState>>,
    /// One of these kinds.
    #[graphql(validator(max_items = 20))]
    kind: Option<Vec<AccountKind>>,
    /// Not signed in since then, or never.
    unused_since: Option<DateTime>,
}

impl Where for AccountWhere {
    type Predicate = AccountPredicate;

    fn parts(self, check: &mut Check) -> Parts<Self, AccountPredicate> {
        let logins = self.login.and_then(|logins| check.each("login", logins, |login| Subject::new(&login)));
        let under = check.optional("under", self.under, key_of).flatten();
        let is = [
            logins.map(AccountPredicate::Login),
            under.map(AccountPredicate::Under),
            self.state.map(|states| AccountPredicate::State(states.into_iter().map(Into::into).collect())),
            self.kind.map(|kinds| AccountPredicate::Kind(kinds.into_iter().map(Into::into).collect())),
            self.unused_since.map(|moment| AccountPredicate::UnusedSince(moment.0)),
        ];
        Parts { and: self.and, or: self.or, not: self.not, is: is.into_iter().flatten().collect() }
    }
}

mutation_inputs! {
    CreateAccountInput => CreateAccount,
    ReviseAccountInput => ReviseAccount,
    DisableAccountInput => DisableAccount,
    EnableAccountInput => (AccountId, i32),
    UnlockAccountInput => AccountId,
    IssueCodeInput => AccountId,
    EndAccountSessionsInput => (AccountId, Option<SessionId>),
    ForceSignInInput => UnitId,
    AddServiceKeyInput => AddServiceKey,
    RevokeServiceKeyInput => (AccountId, Key),
}

/// An account to be made.
#[derive(InputObject)]
pub(crate) struct CreateAccountInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The name to sign in with, unique, at most 80 characters without spaces; never changes and is no person's name.
    login: String,
    /// Person or machine.
    #[graphql(default_with = "AccountKind::Person")]
    kind: AccountKind,
    /// The position, or the purpose of a machine, at most 120 characters: never a person's name.
    post: String,
    /// The unit whose admins look after it, in scope.
    unit: ID,
}

impl TryFrom<CreateAccountInput> for CreateAccount {
    type Error = Vec<Problem>;

    fn try_from(input: CreateAccountInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let login = check.field("login", Subject::new(&input.login));
        let post = check.field("post", Post::new(&input.post));
        let unit = check.field("unit", key_of(&input.unit));
        check.done(|| Some(Self { login: login?, kind: input.kind.into(), post: post?, unit: unit? }))
    }
}

/// A change of an account; what is absent stays.
#[derive(InputObject)]
pub(crate) struct ReviseAccountInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// Which.
    account: ID,
    /// The version it is based on.
    expected_version: i32,
    /// New position, at most 120 characters.
    post: Option<String>,
    /// New unit whose admins look after it, in scope.
    unit: Option<ID>,
}

impl TryFrom<ReviseAccountInput> for ReviseAccount {
    type Error = Vec<Problem>;

    fn try_from(input: ReviseAccountInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let account = check.field("account", key_of(&input.account));
        let post = check.optional("post", input.post, |text| Post::new(text));
        let unit = check.optional("unit", input.unit, key_of);
        let expected_version = input.expected_version;
        check.done(|| Some(Self { account: account?, expected_version, post: post?, unit: unit? }))
    }
}

/// The end of an account, for good or for a while.
#[derive(InputObject)]
pub(crate) struct DisableAccountInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// Which.
    account: ID,
    /// The version it is based on.
    expected_version: i32,
    /// Why, at most 500 characters.
    reason: String,
}

impl TryFrom<DisableAccountInput> for DisableAccount {
    type Error = Vec<Problem>;

    fn try_from(input: DisableAccountInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let account = check.field("account", key_of(&input.account));
        let reason = check.field("reason", Reason::new(&input.reason));
        let expected_version = input.expected_version;
        check.done(|| Some(Self { account: account?, expected_version, reason: reason? }))
    }
}

/// A disabled account to be enabled.
#[derive(InputObject)]
pub(crate) struct EnableAccountInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// Which.
    account: ID,
    /// The version it is based on.
    expected_version: i32,
}

impl TryFrom<EnableAccountInput> for (AccountId, i32) {
    type Error = Vec<Problem>;

    fn try_from(input: EnableAccountInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let account = check.field("account", key_of(&input.account));
        check.done(|| Some((account?, input.expected_version)))
    }
}

/// Declares inputs that name one thing and nothing else.
macro_rules! naming {
    ($($(#[$doc:meta])* $input:ident { $(#[$what:meta])* $field:ident: $id:ty })+) => {$(
        $(#[$doc])*
        #[derive(InputObject)]
        pub(crate) struct $input {
            /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
            request_id: String,
            $(#[$what])*
            $field: ID,
        }

        impl TryFrom<$input> for $id {
            type Error = Vec<Problem>;

            fn try_from(input: $input) -> Result<Self, Vec<Problem>> {
                let mut check = Check::default();
                let named = check.field(stringify!($field), key_of(&input.$field));
                check.done(|| named)
            }
        }
    )+};
}

naming! {
    /// An account that gets a one-time code.
    IssueCodeInput {
        /// Whose.
        account: AccountId
    }
    /// An account whose wrong attempts are forgotten.
    UnlockAccountInput {
        /// Which.
        account: AccountId
    }
    /// A unit where everybody signs in anew.
    ForceSignInInput {
        /// The unit, in scope.
        unit: UnitId
    }
}

/// Sessions of an account that end.
#[derive(InputObject)]
pub(crate) struct EndAccountSessionsInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// Whose.
    account: ID,
    /// This one alone; all when absent.
    session: Option<ID>,
}

impl TryFrom<EndAccountSessionsInput> for (AccountId, Option<SessionId>) {
    type Error = Vec<Problem>;

    fn try_from(input: EndAccountSessionsInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let account = check.field("account", key_of(&input.account));
        let session = check.optional("session", input.session, key_of);
        check.done(|| Some((account?, session?)))
    }
}

/// A machine's key to be added: the public half of a P-256 key pair, as in a JWK (RFC 7517).
#[derive(InputObject)]
pub(crate) struct AddServiceKeyInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The machine's account.
    account: ID,
    /// `kid`, at most 40 characters of A–Z, a–z, 0–9, hyphen, underscore and full stop; never used again in the account.
    kid: String,
    /// The point's `x`, 32 bytes in base64url.
    x: String,
    /// The point's `y`, 32 bytes in base64url.
    y: String,
    /// From when on it counts no more, at most a year ahead.
    expires_at: DateTime,
}

impl TryFrom<AddServiceKeyInput> for AddServiceKey {
    type Error = Vec<Problem>;

    fn try_from(input: AddServiceKeyInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let account = check.field("account", key_of(&input.account));
        let kid = check.field("kid", Key::new(&input.kid));
        let x = check.field("x", coordinate(&input.x));
        let y = check.field("y", coordinate(&input.y));
        check.done(|| {
            let public = [vec![UNCOMPRESSED], x?, y?].concat();
            Some(Self { account: account?, kid: kid?, public, expires_at: input.expires_at.0 })
        })
    }
}

/// The first byte of an uncompressed point (SEC 1, 2.3.3).
const UNCOMPRESSED: u8 = 4;

fn coordinate(text: &str) -> Result<Vec<u8>, Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() == 32);
    bytes.ok_or_else(|| Problem::new(Code::BadCharacters).with("allowed", "base64url, 32 bytes"))
}

/// A machine's key to be withdrawn.
#[derive(InputObject)]
pub(crate) struct RevokeServiceKeyInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The machine's account.
    account: ID,
    /// `kid` of the key.
    kid: String,
}

impl TryFrom<RevokeServiceKeyInput> for (AccountId, Key) {
    type Error = Vec<Problem>;

    fn try_from(input: RevokeServiceKeyInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let account = check.field("account", key_of(&input.account));
        let kid = check.field("kid", Key::new(&input.kid));
        check.done(|| Some((account?, kid?)))
    }
}
