//! Accounts and the keys of machines. No secret is a field of anything.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use caodiem_domain::access;
use caodiem_domain::account;
use caodiem_domain::account::code::CodeText;
use caodiem_domain::account::throttle::{Admission, Attempts};
use caodiem_domain::id::AccountId;
use caodiem_domain::session;
use caodiem_domain::text::Reason;
use caodiem_domain::time::Instant;
use caodiem_domain::usecase::manage_accounts::codes;

use crate::error::Result;
use crate::guard::{self, Need};
use crate::ids::{id_of, key_of};
use crate::loaders::accounts::{AttemptsOf, ExternalsOf, KeysOf, SessionsOf};
use crate::loaders::assignments::AssignmentsOf;
use crate::objects::assignment::Assignment;
use crate::objects::unit::Unit;
use crate::request::{caller, load};
use crate::scalars::DateTime;

/// Who stands behind an account.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "account::AccountKind")]
pub(crate) enum AccountKind {
    /// A person, who signs in with a password and, where a role asks for it, a second factor.
    Person,
    /// Another system, which signs in with a key pair (RFC 7523, `private_key_jwt`).
    Service,
}

/// Whether an account can be used.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "account::AccountState")]
pub(crate) enum AccountState {
    /// Made, not yet activated: by its one-time code, a machine's by its first key.
    Invited,
    /// In use.
    Active,
    /// Ended for good or for a while; everything that rests on it is refused.
    Disabled,
}

/// An account.
#[derive(Clone)]
pub(crate) struct Account(pub(crate) account::Account);

impl Account {
    /// The account in scope.
    pub(crate) async fn find(ctx: &Context<'_>, id: AccountId) -> Result<Option<Self>> {
        Ok(load(ctx, id).await?.map(Self))
    }

    /// The account that a global id names; an id of anything else names none.
    pub(crate) async fn find_by_id(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        match key_of(id) {
            Ok(key) => Self::find(ctx, key).await,
            Err(_names_no_account) => Ok(None),
        }
    }
}

/// An account (tài khoản): who can sign in, a person by position or a machine by purpose. Alone it permits nothing; its
/// assignments do.
#[Object(visible = "guard::reads_accounts")]
impl Account {
    /// Opaque global id.
    pub(crate) async fn id(&self) -> ID {
        id_of(&self.0.id)
    }

    /// Sent back as `expectedVersion` to change it.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The name it signs in with; never changes.
    async fn login(&self) -> &str {
        self.0.login.as_str()
    }

    /// Person or machine.
    async fn kind(&self) -> AccountKind {
        self.0.kind.into()
    }

    /// The position, or the purpose of a machine: never a person's name.
    async fn post(&self) -> &str {
        self.0.post.as_str()
    }

    /// The unit whose admins look after it.
    #[graphql(guard = "Need(access::Permission::ReadUnits)", visible = "guard::reads_units")]
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.unit).await
    }

    /// Whether it can be used.
    async fn state(&self) -> AccountState {
        self.0.state.into()
    }

    /// Why it was disabled; null unless it is.
    async fn disabled_for(&self) -> Option<&str> {
        self.0.disabled_for.as_ref().map(Reason::as_str)
    }

    /// Whether it was made for the demonstration; such accounts exist in a demonstration's database only.
    async fn demo(&self) -> bool {
        self.0.demo
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// The login of whoever made it.
    async fn created_by(&self) -> &str {
        self.0.created_by.as_str()
    }

    /// When it last signed in; null when it never did.
    async fn last_sign_in(&self) -> Option<DateTime> {
        self.0.last_sign_in.map(DateTime)
    }

    /// What it holds and held over units in scope, oldest first.
    #[graphql(complexity = "5 * child_complexity + 2")]
    async fn assignments(&self, ctx: &Context<'_>) -> Result<Vec<Assignment>> {
        let held = load(ctx, AssignmentsOf(self.0.id)).await?.unwrap_or_default();
        Ok(held.into_iter().map(Assignment).collect())
    }

    /// Its wrong attempts to sign in, and whether it has to wait; null when it never had a password.
    #[graphql(guard = "Need(access::Permission::ManageAccounts)", visible = "guard::manages_accounts")]
    async fn lockout(&self, ctx: &Context<'_>) -> Result<Option<Lockout>> {
        let now = caller(ctx)?.now;
        Ok(load(ctx, AttemptsOf(self.0.id)).await?.map(|attempts| Lockout::at(attempts, now)))
    }

    /// Where it is signed in, newest first; empty for a machine.
    #[graphql(
        guard = "Need(access::Permission::ManageAccounts)",
        visible = "guard::manages_accounts",
        complexity = "3 * child_complexity + 2"
    )]
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Vec<AccountSession>> {
        let open = load(ctx, SessionsOf(self.0.id)).await?.unwrap_or_default();
        Ok(open.into_iter().map(AccountSession).collect())
    }

    /// The public keys of a machine, withdrawn ones included, oldest first; empty for a person.
    #[graphql(complexity = "3 * child_complexity + 2")]
    async fn service_keys(&self, ctx: &Context<'_>) -> Result<Vec<ServiceKey>> {
        let keys = load(ctx, KeysOf(self.0.id)).await?.unwrap_or_default();
        Ok(keys.into_iter().map(ServiceKey).collect())
    }

    /// The subjects of other issuers whose tokens sign in to it, by issuer and subject; empty for a machine.
    #[graphql(
        complexity = "3 * child_complexity + 2",
        guard = "Need(access::Permission::ManageAccounts)",
        visible = "guard::manages_accounts"
    )]
    async fn external_identities(&self, ctx: &Context<'_>) -> Result<Vec<ExternalIdentity>> {
        let bound = load(ctx, ExternalsOf(self.0.id)).await?.unwrap_or_default();
        Ok(bound.into_iter().map(|bound| ExternalIdentity { account: self.0.id, bound }).collect())
    }
}

/// Wrong attempts to sign in, in a row. After five each costs a wait, of 30 seconds first and 15 minutes at most; sessions
/// that are open go on.
#[derive(SimpleObject)]
#[graphql(visible = "guard::manages_accounts")]
pub(crate) struct Lockout {
    /// How many: 0 to 50.
    wrong_attempts: i32,
    /// Until when no attempt is looked at, a right one neither; null when one is looked at now.
    waits_until: Option<DateTime>,
    /// Whether nothing is tried any more until `unlockAccount` or a new password by `issueCode`: after 50 attempts.
    stopped: bool,
}

impl Lockout {
    fn at(attempts: Attempts, now: Instant) -> Self {
        let admission = attempts.admission(now);
        let waits_until = match admission {
            Admission::From(until) => Some(DateTime(until)),
            Admission::Open | Admission::Stopped => None,
        };
        Self { wrong_attempts: attempts.failures, waits_until, stopped: admission == Admission::Stopped }
    }
}

/// A session as whoever looks after the account sees it.
pub(crate) struct AccountSession(session::Session);

/// A session (phiên làm việc) of an account in scope: one sign-in on one device.
#[Object(visible = "guard::manages_accounts")]
impl AccountSession {
    /// Opaque id, to end it by `endAccountSessions`.
    async fn id(&self) -> ID {
        id_of(&self.0.id)
    }

    /// What the client called its device when it signed in.
    async fn device(&self) -> &str {
        self.0.device.as_str()
    }

    /// The assignment that it acts under; null where its unit is out of scope.
    async fn assignment(&self, ctx: &Context<'_>) -> Result<Option<Assignment>> {
        Ok(load(ctx, self.0.assignment).await?.map(Assignment))
    }

    /// When it began.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was last refreshed, which clients in use do every few minutes.
    async fn last_used_at(&self) -> DateTime {
        DateTime(self.0.rotated_at)
    }

    /// When it ends whatever happens.
    async fn ends_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }
}

/// What a one-time code is for.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "account::CodePurpose")]
pub(crate) enum CodePurpose {
    /// The first password of a new account.
    Activation,
    /// A new password.
    Reset,
    /// The sealed emergency entry.
    BreakGlass,
}

/// A code as it is handed out.
pub(crate) struct IssuedCode(pub(crate) codes::IssuedCode);

/// A one-time code, to be handed over to its holder by another way than the one the login went.
#[Object(visible = "guard::manages_accounts")]
impl IssuedCode {
    /// What it is for.
    async fn purpose(&self) -> CodePurpose {
        self.0.purpose.into()
    }

    /// The code, shown once; null when the request was sent again. It is kept as a hash only.
    async fn code(&self) -> Option<String> {
        self.0.code.as_ref().map(CodeText::reveal)
    }

    /// From when on it counts no more.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }
}

/// A machine's key.
pub(crate) struct ServiceKey(pub(crate) account::ServiceKey);

/// The public key of a machine, for ES256.
#[Object(visible = "guard::reads_accounts")]
impl ServiceKey {
    /// Opaque id.
    async fn id(&self) -> ID {
        id_of(&self.0.id)
    }

    /// `kid`, unique within the account.
    async fn kid(&self) -> &str {
        self.0.kid.as_str()
    }

    /// From when on it counts no more.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// When it was withdrawn; null while it is in use.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }

    /// When it last signed; null when it never did.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.map(DateTime)
    }
}

/// What is bound to an account.
pub(crate) struct ExternalIdentity {
    account: AccountId,
    bound: account::Bound,
}

/// Who an account's holder is to another issuer of tokens (OIDC).
#[Object(visible = "guard::manages_accounts")]
impl ExternalIdentity {
    /// The issuer: `iss` of its tokens.
    async fn issuer(&self) -> &str {
        self.bound.who.issuer.as_str()
    }

    /// The subject: `sub` of its tokens.
    async fn subject(&self) -> &str {
        self.bound.who.subject.as_str()
    }

    /// The assignments over units in scope that it signs in to, past ones included, oldest first: those that the account held
    /// when it was bound. Bound anew, it signs in to all that the account holds then.
    #[graphql(complexity = "5 * child_complexity + 2")]
    async fn assignments(&self, ctx: &Context<'_>) -> Result<Vec<Assignment>> {
        let held = load(ctx, AssignmentsOf(self.account)).await?.unwrap_or_default();
        Ok(held.into_iter().filter(|one| one.id <= self.bound.up_to).map(Assignment).collect())
    }
}
