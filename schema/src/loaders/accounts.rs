//! Loaders of accounts, their keys, attempts and sessions.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use caodiem_domain::access::Permission;
use caodiem_domain::account::throttle::Attempts;
use caodiem_domain::account::{Account, Bound, ServiceKey};
use caodiem_domain::error::Error;
use caodiem_domain::id::AccountId;
use caodiem_domain::ports::ReadTx;
use caodiem_domain::session::Session;
use caodiem_domain::usecase::read_sign_ins::{attempts_in_scope, sessions_in_scope};

use super::{Batch, sorted};

/// An account in scope.
impl Loader<AccountId> for Batch {
    type Value = Account;
    type Error = Error;

    async fn load(&self, keys: &[AccountId]) -> Result<HashMap<AccountId, Account>, Error> {
        let ids = sorted(keys);
        let found = self.read(Permission::ReadAccounts, move |actor, tx| Ok(tx.accounts_by_id(&actor.scope, &ids)?));
        Ok(found.await?.into_iter().collect())
    }
}

/// The keys of an account that the caller sees, withdrawn ones included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct KeysOf(pub(crate) AccountId);

impl Loader<KeysOf> for Batch {
    type Value = Vec<ServiceKey>;
    type Error = Error;

    async fn load(&self, keys: &[KeysOf]) -> Result<HashMap<KeysOf, Vec<ServiceKey>>, Error> {
        let ids: Vec<AccountId> = sorted(keys).into_iter().map(|key| key.0).collect();
        let found = self.read(Permission::ReadAccounts, move |_, tx| Ok(tx.service_keys_of(&ids)?)).await?;
        Ok(found.into_iter().map(|(id, keys)| (KeysOf(id), keys)).collect())
    }
}

/// The wrong attempts of an account that the caller sees.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AttemptsOf(pub(crate) AccountId);

impl Loader<AttemptsOf> for Batch {
    type Value = Attempts;
    type Error = Error;

    async fn load(&self, keys: &[AttemptsOf]) -> Result<HashMap<AttemptsOf, Attempts>, Error> {
        let ids: Vec<AccountId> = sorted(keys).into_iter().map(|key| key.0).collect();
        let found = self.read(Permission::ManageAccounts, move |actor, tx| attempts_in_scope(actor, tx, &ids)).await?;
        Ok(found.into_iter().map(|(id, attempts)| (AttemptsOf(id), attempts)).collect())
    }
}

/// The open sessions of an account that the caller sees.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SessionsOf(pub(crate) AccountId);

impl Loader<SessionsOf> for Batch {
    type Value = Vec<Session>;
    type Error = Error;

    async fn load(&self, keys: &[SessionsOf]) -> Result<HashMap<SessionsOf, Vec<Session>>, Error> {
        let ids: Vec<AccountId> = sorted(keys).into_iter().map(|key| key.0).collect();
        let now = self.caller.now;
        let job = move |actor: &_, tx: &mut dyn ReadTx| sessions_in_scope(actor, tx, &ids, now);
        let found = self.read(Permission::ManageAccounts, job).await?;
        Ok(found.into_iter().map(|(id, sessions)| (SessionsOf(id), sessions)).collect())
    }
}

/// What is bound to an account that the caller sees, for who looks after accounts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ExternalsOf(pub(crate) AccountId);

impl Loader<ExternalsOf> for Batch {
    type Value = Vec<Bound>;
    type Error = Error;

    async fn load(&self, keys: &[ExternalsOf]) -> Result<HashMap<ExternalsOf, Vec<Bound>>, Error> {
        let ids: Vec<AccountId> = sorted(keys).into_iter().map(|key| key.0).collect();
        let found = self.read(Permission::ManageAccounts, move |_, tx| Ok(tx.externals_of(&ids)?)).await?;
        Ok(found.into_iter().map(|(id, bound)| (ExternalsOf(id), bound)).collect())
    }
}
