//! Being let in, and one's own account.

use async_graphql::{Context, Object, SimpleObject};
use caodiem_domain::problem::{Code, Problem};
use caodiem_domain::usecase::change_credentials::{Proof, change_password, confirm_totp, remove_totp, set_up_totp};
use caodiem_domain::usecase::end_session::{end_other_sessions, end_session, sign_out};
use caodiem_domain::usecase::redeem_code::redeem_code;
use caodiem_domain::usecase::refresh_session::refresh_session;
use caodiem_domain::usecase::sign_in::{SignedIn, sign_in};

use crate::desk::{change_own, let_in};
use crate::error::Result;
use crate::guard::{self, InSession};
use crate::inputs::session::{
    ChangePasswordInput, ConfirmTotpInput, EndOtherSessionsInput, EndSessionInput, RedeemCodeInput,
    RefreshSessionInput, RemoveTotpInput, SetUpTotpInput, SignInInput, SignOutInput,
};
use crate::objects::problem::UserError;
use crate::objects::session::{OwnAssignment, SecondFactor, Tokens, read_refresh};
use crate::request::write;

/// Being let in, and one's own account.
#[derive(Default)]
pub(crate) struct SessionMutations;

#[Object]
impl SessionMutations {
    /// Signs in with a password and, where a role or the account asks for it, a second factor. Needs no token, and stands
    /// alone in its request. Whatever is wrong has one answer, `SIGN_IN_REFUSED`; after five wrong attempts in a row each
    /// costs a wait of 30 seconds, doubling up to 15 minutes, in which nothing is looked at.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who wants to be let in.")] input: SignInInput,
    ) -> Result<SignInPayload> {
        let request_id = input.request_id.clone();
        let (tokens, choices, errors) = answer(let_in(ctx, &request_id, input.command(), sign_in).await?);
        Ok(SignInPayload { tokens, choices, errors })
    }

    /// Goes on with a session: gives a new access token and a new refresh token. Needs no token, and stands alone in its
    /// request.
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session to be gone on with.")] input: RefreshSessionInput,
    ) -> Result<RefreshSessionPayload> {
        let token = read_refresh(&input.refresh_token).ok_or_else(|| vec![Problem::new(Code::SessionOver)]);
        let (opened, errors) = let_in(ctx, &input.request_id, token, refresh_session).await?;
        Ok(RefreshSessionPayload { tokens: opened.map(Into::into), errors })
    }

    /// Uses a one-time code up: it sets the first password of an account, or a new password and second factor, and ends the
    /// account's sessions; or it opens the emergency entry. Needs no token, and stands alone in its request.
    async fn redeem_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code.")] input: RedeemCodeInput,
    ) -> Result<RedeemCodePayload> {
        let request_id = input.request_id.clone();
        let (redeemed, errors) = let_in(ctx, &request_id, input.command(), redeem_code).await?;
        let Some(redeemed) = redeemed else {
            return Ok(RedeemCodePayload { login: None, second_factor: None, tokens: None, errors });
        };
        Ok(RedeemCodePayload {
            login: Some(redeemed.login.to_string()),
            second_factor: redeemed.totp.map(Into::into),
            tokens: redeemed.opened.map(Into::into),
            errors,
        })
    }

    /// Ends the session that the request came with.
    #[graphql(guard = "InSession", visible = "guard::in_session")]
    async fn sign_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The request.")] input: SignOutInput,
    ) -> Result<SignOutPayload> {
        let (_, errors) = write(ctx, input, |act, tx, ()| sign_out(act, tx)).await?;
        Ok(SignOutPayload { errors })
    }

    /// Ends a session of the own account, such as one on a lost device.
    #[graphql(guard = "InSession", visible = "guard::in_session")]
    async fn end_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session.")] input: EndSessionInput,
    ) -> Result<EndSessionPayload> {
        let (_, errors) = write(ctx, input, |act, tx, session| end_session(act, tx, *session)).await?;
        Ok(EndSessionPayload { errors })
    }

    /// Ends every session of the own account but the one that the request came with.
    #[graphql(guard = "InSession", visible = "guard::in_session")]
    async fn end_other_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The request.")] input: EndOtherSessionsInput,
    ) -> Result<EndOtherSessionsPayload> {
        let (_, errors) = write(ctx, input, |act, tx, ()| end_other_sessions(act, tx)).await?;
        Ok(EndOtherSessionsPayload { errors })
    }

    /// Changes the own password and ends every other session of the account.
    #[graphql(guard = "InSession", visible = "guard::in_session")]
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password to be.")] input: ChangePasswordInput,
    ) -> Result<ChangePasswordPayload> {
        let proof = Proof { current_password: input.current_password, totp: None };
        let changed = change_own(ctx, &input.request_id, (proof, input.new_password), |desk, act, (proof, new)| {
            change_password(desk, act, proof, new)
        });
        let (_, errors) = changed.await?;
        Ok(ChangePasswordPayload { errors })
    }

    /// Makes a new second factor, which counts once a code of it was shown.
    #[graphql(guard = "InSession", visible = "guard::in_session")]
    async fn set_up_totp(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is at it.")] input: SetUpTotpInput,
    ) -> Result<SetUpTotpPayload> {
        let request_id = input.request_id.clone();
        let (key, errors) = change_own(ctx, &request_id, input.proof(), set_up_totp).await?;
        Ok(SetUpTotpPayload { second_factor: key.map(Into::into), errors })
    }

    /// Makes the second factor count that was set up, and ends every other session of the account.
    #[graphql(guard = "InSession", visible = "guard::in_session")]
    async fn confirm_totp(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A code of it.")] input: ConfirmTotpInput,
    ) -> Result<ConfirmTotpPayload> {
        let confirmed = change_own(ctx, &input.request_id, input.totp, |desk, act, code| confirm_totp(desk, act, code));
        let (_, errors) = confirmed.await?;
        Ok(ConfirmTotpPayload { errors })
    }

    /// Takes the second factor away, where no role of the account asks for it, and ends every other session of the account.
    #[graphql(guard = "InSession", visible = "guard::in_session")]
    async fn remove_totp(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is at it.")] input: RemoveTotpInput,
    ) -> Result<RemoveTotpPayload> {
        let request_id = input.request_id.clone();
        let (_, errors) = change_own(ctx, &request_id, input.proof(), remove_totp).await?;
        Ok(RemoveTotpPayload { errors })
    }
}

/// What `signIn` gives.
#[derive(SimpleObject)]
pub(crate) struct SignInPayload {
    /// The session's tokens; null when it was refused, or one of several assignments has to be chosen.
    tokens: Option<Tokens>,
    /// The assignments to choose from, when login, password and second factor are right but the account holds several and
    /// none was named: sign in again with one of them. A code of the authenticator app is not used up by that.
    choices: Vec<OwnAssignment>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What an attempt to sign in came to: the tokens, or what to choose from.
pub(crate) fn answer(
    (done, mut errors): (Option<SignedIn>, Vec<UserError>),
) -> (Option<Tokens>, Vec<OwnAssignment>, Vec<UserError>) {
    match done {
        Some(SignedIn::Opened(opened)) => (Some((*opened).into()), Vec::new(), errors),
        Some(SignedIn::Choose(hats)) => {
            errors.push(UserError(Problem::new(Code::AssignmentRequired).at("assignment")));
            (None, hats.into_iter().map(OwnAssignment).collect(), errors)
        }
        None => (None, Vec::new(), errors),
    }
}

/// What `refreshSession` gives.
#[derive(SimpleObject)]
pub(crate) struct RefreshSessionPayload {
    /// The new tokens; null when it was refused.
    tokens: Option<Tokens>,
    /// What is wrong: `SESSION_OVER`, whatever is the matter; empty when it was done.
    errors: Vec<UserError>,
}

/// What `redeemCode` gives.
#[derive(SimpleObject)]
pub(crate) struct RedeemCodePayload {
    /// The login to sign in with; null when it was refused.
    login: Option<String>,
    /// The second factor to be set up before the first sign-in, which asks for its code; null where no role asks for one.
    second_factor: Option<SecondFactor>,
    /// The tokens of an emergency entry; null of every other code.
    tokens: Option<Tokens>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `signOut` gives.
#[derive(SimpleObject)]
pub(crate) struct SignOutPayload {
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `endSession` gives.
#[derive(SimpleObject)]
pub(crate) struct EndSessionPayload {
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `endOtherSessions` gives.
#[derive(SimpleObject)]
pub(crate) struct EndOtherSessionsPayload {
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `changePassword` gives.
#[derive(SimpleObject)]
pub(crate) struct ChangePasswordPayload {
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `setUpTotp` gives.
#[derive(SimpleObject)]
pub(crate) struct SetUpTotpPayload {
    /// The second factor, for an authenticator app; null when it was refused.
    second_factor: Option<SecondFactor>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `confirmTotp` gives.
#[derive(SimpleObject)]
pub(crate) struct ConfirmTotpPayload {
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `removeTotp` gives.
#[derive(SimpleObject)]
pub(crate) struct RemoveTotpPayload {
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}
