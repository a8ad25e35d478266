//! Being let in by another issuer's token, and what is bound to accounts.

use async_graphql::{Context, Object, SimpleObject};
use caodiem_domain::access::Permission;
use caodiem_domain::ports::WriteTx;
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::manage_accounts::external::{Binding, bind_external, unbind_external};
use caodiem_domain::usecase::sign_in_external::sign_in_external;

use crate::desk::let_in;
use crate::error::Result;
use crate::guard::{self, Need};
use crate::inputs::external::{BindExternalInput, SignInExternalInput, UnbindExternalInput};
use crate::mutations::accounts::change;
use crate::mutations::sessions::answer;
use crate::objects::account::Account;
use crate::objects::problem::UserError;
use crate::objects::session::{OwnAssignment, Tokens};
use crate::request::gateway;

/// Being let in by another issuer's token, and what is bound to accounts.
#[derive(Default)]
pub(crate) struct ExternalMutations;

#[Object]
impl ExternalMutations {
    /// Signs in with a token of another issuer (OIDC) whose subject an admin bound to an account. Needs no token of
    /// the service, and stands alone in its request. Whatever is wrong has one answer, `EXTERNAL_REFUSED`. A token opens one
    /// session; it is not used up when a second factor or an assignment is asked for first. System admins and the emergency
    /// entry do not come in this way.
    async fn sign_in_external(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who wants to be let in.")] input: SignInExternalInput,
    ) -> Result<SignInExternalPayload> {
        let request_id = input.request_id.clone();
        let (tokens, choices, errors) = answer(let_in(ctx, &request_id, input.command(), sign_in_external).await?);
        Ok(SignInExternalPayload { tokens, choices, errors })
    }

    /// Binds a subject of another issuer to a person's account, which is active from then on. Whoever may hand out a code for
    /// the account may do this: make sure of the person and of the subject first. It signs in to what the account holds now, not to
    /// what is granted later; bound anew, to what it holds then.
    #[graphql(guard = "Need(Permission::ManageAccounts)", visible = "guard::manages_accounts")]
    async fn bind_external(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is bound to which account.")] input: BindExternalInput,
    ) -> Result<BindExternalPayload> {
        let crypto = gateway(ctx)?.crypto();
        let job =
            move |act: &Act, tx: &mut dyn WriteTx, binding: &Binding| bind_external(act, tx, crypto.as_ref(), binding);
        let (account, errors) = change(ctx, input, job).await?;
        Ok(BindExternalPayload { account, errors })
    }

    /// Takes a binding away, and ends the account's sessions.
    #[graphql(guard = "Need(Permission::ManageAccounts)", visible = "guard::manages_accounts")]
    async fn unbind_external(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is bound to which account.")] input: UnbindExternalInput,
    ) -> Result<UnbindExternalPayload> {
        let (account, errors) = change(ctx, input, unbind_external).await?;
        Ok(UnbindExternalPayload { account, errors })
    }
}

/// What `signInExternal` gives.
#[derive(SimpleObject)]
pub(crate) struct SignInExternalPayload {
    /// The session's tokens; null when it was refused, or one of several assignments has to be chosen.
    tokens: Option<Tokens>,
    /// The assignments to choose from, when the token and the second factor are right but the account holds several and none
    /// was named: sign in again with one of them. Neither the token nor a code of the authenticator app is used up by that.
    choices: Vec<OwnAssignment>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `bindExternal` gives.
#[derive(SimpleObject)]
pub(crate) struct BindExternalPayload {
    /// The account; null when it was refused.
    account: Option<Account>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `unbindExternal` gives.
#[derive(SimpleObject)]
pub(crate) struct UnbindExternalPayload {
    /// The account; null when it was refused.
    account: Option<Account>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}
