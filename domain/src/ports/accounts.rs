//! Accounts, their secrets, codes and keys.

use std::collections::BTreeMap;

use crate::access::Scope;
use crate::account::throttle::Attempts;
use crate::account::{Account, AccountPredicate, Bound, Credentials, External, OneTimeCode, ServiceKey};
use crate::error::StoreError;
use crate::id::{AccountId, AssignmentId, ServiceKeyId};
use crate::page::{Filter, Page, PageRequest};
use crate::text::{Key, Subject};
use crate::time::Instant;

/// Reading accounts.
pub trait ReadAccounts {
    /// Accounts whose unit is in scope, by id; missing ones are left out.
    fn accounts_by_id(&mut self, scope: &Scope, ids: &[AccountId]) -> Result<BTreeMap<AccountId, Account>, StoreError>;

    /// The account of a login. Unscoped: for signing in.
    fn account_by_login(&mut self, login: &Subject) -> Result<Option<Account>, StoreError>;

    /// A page of accounts whose unit is in scope, by login.
    fn list_accounts(
        &mut self,
        scope: &Scope,
        filter: &Filter<AccountPredicate>,
        page: &PageRequest,
    ) -> Result<Page<Account>, StoreError>;

    /// How many accounts in scope fit.
    fn count_accounts(&mut self, scope: &Scope, filter: &Filter<AccountPredicate>) -> Result<u64, StoreError>;

    /// Whether there is any account at all.
    fn any_account(&mut self) -> Result<bool, StoreError>;

    /// Whether there is an account of the demonstration.
    fn any_demo_account(&mut self) -> Result<bool, StoreError>;

    /// Whether the database was begun as a demonstration.
    fn is_demonstration(&mut self) -> Result<bool, StoreError>;

    /// The secrets of an account. Unscoped: for signing in.
    fn credentials_of(&mut self, account: AccountId) -> Result<Option<Credentials>, StoreError>;

    /// The wrong attempts in a row of accounts that have secrets. Unscoped.
    fn attempts_of(&mut self, accounts: &[AccountId]) -> Result<BTreeMap<AccountId, Attempts>, StoreError>;

    /// The one-time code of that hash. Unscoped: whoever has the code may use it.
    fn code_of(&mut self, hash: &[u8; 32]) -> Result<Option<OneTimeCode>, StoreError>;

    /// The keys of machines, withdrawn ones included, by id. Unscoped.
    fn service_keys_of(&mut self, accounts: &[AccountId]) -> Result<BTreeMap<AccountId, Vec<ServiceKey>>, StoreError>;

    /// The account that another issuer's subject is bound to, and [`Bound::up_to`]. Unscoped: for signing in.
    fn account_by_external(&mut self, who: &External) -> Result<Option<(Account, AssignmentId)>, StoreError>;

    /// What is bound to accounts, by issuer and subject. Unscoped.
    fn externals_of(&mut self, accounts: &[AccountId]) -> Result<BTreeMap<AccountId, Vec<Bound>>, StoreError>;

    /// Whether an assertion was used before. Those that are over may be forgotten.
    fn is_spent(&mut self, account: AccountId, jti: &str) -> Result<bool, StoreError>;
}

/// Writing accounts.
pub trait WriteAccounts {
    /// Adds an account.
    ///
    /// # Errors
    /// A conflict with [`crate::error::Constraint::Login`].
    fn insert_account(&mut self, account: &Account) -> Result<(), StoreError>;

    /// Replaces an account where the stored version is one less.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    fn update_account(&mut self, account: &Account) -> Result<(), StoreError>;

    /// Notes when an account signed in. No new version.
    fn touch_account(&mut self, id: AccountId, at: Instant) -> Result<(), StoreError>;

    /// Marks the database as a demonstration, for good.
    fn mark_demonstration(&mut self) -> Result<(), StoreError>;

    /// Stores the secrets of an account: new ones of version 1, or in place of the version before.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    fn put_credentials(&mut self, credentials: &Credentials) -> Result<(), StoreError>;

    /// Stores a code; earlier unused ones of the same account and purpose count no more.
    fn put_code(&mut self, code: &OneTimeCode) -> Result<(), StoreError>;

    /// Uses a code up. `false` when somebody was first.
    fn use_code(&mut self, hash: &[u8; 32], at: Instant) -> Result<bool, StoreError>;

    /// Removes the unused codes of an account: they count no more.
    fn void_codes(&mut self, account: AccountId) -> Result<(), StoreError>;

    /// Adds a machine's key.
    ///
    /// # Errors
    /// A conflict with [`crate::error::Constraint::ServiceKey`].
    fn insert_service_key(&mut self, key: &ServiceKey) -> Result<(), StoreError>;

    /// Withdraws a machine's key. `false` when there is no such key in use.
    fn revoke_service_key(&mut self, account: AccountId, kid: &Key, at: Instant) -> Result<bool, StoreError>;

    /// Notes when a machine's key signed.
    fn touch_service_key(&mut self, id: ServiceKeyId, at: Instant) -> Result<(), StoreError>;

    /// Notes that an assertion was used, so that it counts once. `false` when it was used before. Those of the same account
    /// that were over at `now`, by the clock that their ends were reckoned by, are forgotten.
    fn spend_assertion(
        &mut self,
        account: AccountId,
        jti: &str,
        expires_at: Instant,
        now: Instant,
    ) -> Result<bool, StoreError>;

    /// Binds another issuer's subject to an account.
    ///
    /// # Errors
    /// A conflict with [`crate::error::Constraint::External`].
    fn bind_external(&mut self, bound: &Bound, account: AccountId) -> Result<(), StoreError>;

    /// Takes a binding away. `false` when there is none of that account.
    fn unbind_external(&mut self, who: &External, account: AccountId) -> Result<bool, StoreError>;
}
