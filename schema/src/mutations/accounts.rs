//! Looking after accounts and the keys of machines.

use async_graphql::{Context, Object, SimpleObject};
use caodiem_domain::access::Permission;
use caodiem_domain::error::Error;
use caodiem_domain::id::AccountId;
use caodiem_domain::ports::WriteTx;
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::manage_accounts::codes::issue_code;
use caodiem_domain::usecase::manage_accounts::keys::{AddServiceKey, add_service_key, revoke_service_key};
use caodiem_domain::usecase::manage_accounts::{
    create_account, disable_account, enable_account, end_sessions_of, force_sign_in, revise_account, unlock_account,
};

use crate::error::Result;
use crate::guard::{self, Need};
use crate::inputs::MutationInput;
use crate::inputs::account::{
    AddServiceKeyInput, CreateAccountInput, DisableAccountInput, EnableAccountInput, EndAccountSessionsInput,
    ForceSignInInput, IssueCodeInput, ReviseAccountInput, RevokeServiceKeyInput, UnlockAccountInput,
};
use crate::objects::account::{Account, IssuedCode};
use crate::objects::problem::UserError;
use crate::request::{gateway, write};
use crate::scalars::BigInt;

/// Changes of accounts.
#[derive(Default)]
pub(crate) struct AccountMutations;

/// Runs a use case that ends with an account, and reads the account.
pub(crate) async fn change<I: MutationInput>(
    ctx: &Context<'_>,
    input: I,
    job: impl Fn(&Act, &mut dyn WriteTx, &I::Command) -> Result<AccountId, Error> + Send + 'static,
) -> Result<(Option<Account>, Vec<UserError>)> {
    let (found, errors) = write(ctx, input, move |act, tx, command| {
        let id = job(act, tx, command)?;
        Ok(tx.accounts_by_id(&act.actor.scope, &[id])?.remove(&id))
    })
    .await?;
    Ok((found.flatten().map(Account), errors))
}

#[Object]
impl AccountMutations {
    /// Makes an account, invited: it permits nothing until it is activated and granted an assignment.
    #[graphql(guard = "Need(Permission::ManageAccounts)", visible = "guard::manages_accounts")]
    async fn create_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] input: CreateAccountInput,
    ) -> Result<CreateAccountPayload> {
        let (account, errors) = change(ctx, input, create_account).await?;
        Ok(CreateAccountPayload { account, errors })
    }

    /// Changes an account's position or the unit that looks after it.
    #[graphql(guard = "Need(Permission::ManageAccounts)", visible = "guard::manages_accounts")]
    async fn revise_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: ReviseAccountInput,
    ) -> Result<ReviseAccountPayload> {
        let (account, errors) = change(ctx, input, revise_account).await?;
        Ok(ReviseAccountPayload { account, errors })
    }

    /// Disables an account at once: its sessions, codes, keys, bindings and assignments end, suspended ones too. What was
    /// granted under them is suspended: it is over after 7 days unless `confirmAssignments` takes it over.
    #[graphql(guard = "Need(Permission::ManageAccounts)", visible = "guard::manages_accounts")]
    async fn disable_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why.")] input: DisableAccountInput,
    ) -> Result<DisableAccountPayload> {
        let (account, errors) = change(ctx, input, disable_account).await?;
        Ok(DisableAccountPayload { account, errors })
    }

    /// Enables a disabled account. Its assignments stay ended: `grantAssignment` grants them anew. A machine needs a new key.
    #[graphql(guard = "Need(Permission::ManageAccounts)", visible = "guard::manages_accounts")]
    async fn enable_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: EnableAccountInput,
    ) -> Result<EnableAccountPayload> {
        let (account, errors) = change(ctx, input, |act, tx, command| enable_account(act, tx, *command)).await?;
        Ok(EnableAccountPayload { account, errors })
    }

    /// Forgets an account's wrong attempts, so that it may try to sign in again.
    #[graphql(guard = "Need(Permission::ManageAccounts)", visible = "guard::manages_accounts")]
    async fn unlock_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: UnlockAccountInput,
    ) -> Result<UnlockAccountPayload> {
        let (account, errors) = change(ctx, input, |act, tx, account| unlock_account(act, tx, *account)).await?;
        Ok(UnlockAccountPayload { account, errors })
    }

    /// Hands out a one-time code, once: to activate an invited account, or for a new password of an active one. It counts
    /// for 24 hours, and earlier ones for the same count no more. Nobody administers an account by choosing its password.
    #[graphql(guard = "Need(Permission::ManageAccounts)", visible = "guard::manages_accounts")]
    async fn issue_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] input: IssueCodeInput,
    ) -> Result<IssueCodePayload> {
        let crypto = gateway(ctx)?.crypto();
        let job =
            move |act: &Act, tx: &mut dyn WriteTx, account: &AccountId| issue_code(act, tx, crypto.as_ref(), *account);
        let (issued, errors) = write(ctx, input, job).await?;
        Ok(IssueCodePayload { issued: issued.map(IssuedCode), errors })
    }

    /// Ends one session of an account, or all of them: its next requests are refused within seconds.
    #[graphql(guard = "Need(Permission::ManageAccounts)", visible = "guard::manages_accounts")]
    async fn end_account_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] input: EndAccountSessionsInput,
    ) -> Result<EndAccountSessionsPayload> {
        let (ended, errors) = write(ctx, input, |act, tx, which| end_sessions_of(act, tx, *which)).await?;
        Ok(EndAccountSessionsPayload { ended: ended.map(BigInt), errors })
    }

    /// Ends all sessions under assignments over a unit or any under it: everybody there signs in anew.
    #[graphql(guard = "Need(Permission::ManageAccounts)", visible = "guard::manages_accounts")]
    async fn force_sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit.")] input: ForceSignInInput,
    ) -> Result<ForceSignInPayload> {
        let (ended, errors) = write(ctx, input, |act, tx, unit| force_sign_in(act, tx, *unit)).await?;
        Ok(ForceSignInPayload { ended: ended.map(BigInt), errors })
    }

    /// Adds a public key to a machine's account, which is active from then on.
    #[graphql(guard = "Need(Permission::ManageServices)", visible = "guard::manages_services")]
    async fn add_service_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key.")] input: AddServiceKeyInput,
    ) -> Result<AddServiceKeyPayload> {
        let crypto = gateway(ctx)?.crypto();
        let job = move |act: &Act, tx: &mut dyn WriteTx, command: &AddServiceKey| {
            add_service_key(act, tx, crypto.as_ref(), command)?;
            Ok(command.account)
        };
        let (account, errors) = change(ctx, input, job).await?;
        Ok(AddServiceKeyPayload { account, errors })
    }

    /// Withdraws a machine's key at once.
    #[graphql(guard = "Need(Permission::ManageServices)", visible = "guard::manages_services")]
    async fn revoke_service_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key.")] input: RevokeServiceKeyInput,
    ) -> Result<RevokeServiceKeyPayload> {
        let revoke = |act: &Act, tx: &mut dyn WriteTx, (account, kid): &(AccountId, _)| {
            revoke_service_key(act, tx, (*account, kid))
        };
        let (account, errors) = change(ctx, input, revoke).await?;
        Ok(RevokeServiceKeyPayload { account, errors })
    }
}

/// Declares what a mutation of an account gives.
macro_rules! account_payloads {
    ($($(#[$doc:meta])* $payload:ident;)+) => {$(
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub(crate) struct $payload {
            /// The account; null when it was refused.
            account: Option<Account>,
            /// What has to be mended; empty when it was done.
            errors: Vec<UserError>,
        }
    )+};
}

account_payloads! {
    /// What `createAccount` gives.
    CreateAccountPayload;
    /// What `reviseAccount` gives.
    ReviseAccountPayload;
    /// What `disableAccount` gives.
    DisableAccountPayload;
    /// What `enableAccount` gives.
    EnableAccountPayload;
    /// What `unlockAccount` gives.
    UnlockAccountPayload;
    /// What `addServiceKey` gives.
    AddServiceKeyPayload;
    /// What `revokeServiceKey` gives.
    RevokeServiceKeyPayload;
}

/// What `issueCode` gives.
#[derive(SimpleObject)]
pub(crate) struct IssueCodePayload {
    /// The code; null when it was refused.
    issued: Option<IssuedCode>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `endAccountSessions` gives.
#[derive(SimpleObject)]
pub(crate) struct EndAccountSessionsPayload {
    /// How many sessions were ended; null when it was refused.
    ended: Option<BigInt>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `forceSignIn` gives.
#[derive(SimpleObject)]
pub(crate) struct ForceSignInPayload {
    /// How many sessions were ended; null when it was refused.
    ended: Option<BigInt>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}
