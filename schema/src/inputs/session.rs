//! Inputs of signing in and of the own account. None of them can be shown: they hold secrets.

use async_graphql::{ID, InputObject};
use caodiem_domain::id::SessionId;
use caodiem_domain::problem::Problem;
use caodiem_domain::text::Title;
use caodiem_domain::usecase::change_credentials::Proof;
use caodiem_domain::usecase::redeem_code::RedeemCode;
use caodiem_domain::usecase::sign_in::SignIn;

use crate::error::Result;
use crate::ids::key_of;
use crate::inputs::{Check, mutation_inputs};

mutation_inputs! { SignOutInput => (), EndSessionInput => SessionId, EndOtherSessionsInput => () }

/// What a device is called that gives no name.
const SOME_DEVICE: &str = "?";

/// The name of a device, or that of some device.
pub(crate) fn device(given: Option<&String>) -> Result<Title, Problem> {
    Title::new(given.map_or(SOME_DEVICE, String::as_str))
}

/// Who wants to be let in.
#[derive(InputObject)]
pub(crate) struct SignInInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: goes on record. Sent again, it signs in again.
    pub(crate) request_id: String,
    /// The account's login.
    login: String,
    /// The password, at most 128 characters.
    password: String,
    /// The 6 digits of the authenticator app, where the account has one.
    totp: Option<String>,
    /// The assignment to act under; not needed by who holds one only.
    assignment: Option<ID>,
    /// A name for the device, at most 200 characters, shown in the list of sessions.
    device: Option<String>,
}

impl SignInInput {
    /// The command, or what is wrong.
    pub(crate) fn command(self) -> Result<SignIn, Vec<Problem>> {
        let mut check = Check::default();
        let assignment = check.optional("assignment", self.assignment, key_of);
        let device = check.field("device", device(self.device.as_ref()));
        let (login, password, totp) = (self.login, self.password, self.totp);
        check.done(|| Some(SignIn { login, password, totp, assignment: assignment?, device: device? }))
    }
}

/// A session to be gone on with.
#[derive(InputObject)]
pub(crate) struct RefreshSessionInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: goes on record.
    pub(crate) request_id: String,
    /// The refresh token that was given last. It counts once; within 10 seconds it is answered again alike, since a reply may
    /// have been lost. One that was spent before ends the session.
    pub(crate) refresh_token: String,
}

/// A one-time code that somebody was given.
#[derive(InputObject)]
pub(crate) struct RedeemCodeInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: goes on record.
    pub(crate) request_id: String,
    /// The code; hyphens, spaces and case do not matter.
    code: String,
    /// The password to be set, for activation and reset: 15 to 128 characters, or from 8 where a role asks for a second
    /// factor. No emergency entry has one.
    new_password: Option<String>,
    /// A name for the device, at most 200 characters, for an emergency entry.
    device: Option<String>,
}

impl RedeemCodeInput {
    /// The command, or what is wrong.
    pub(crate) fn command(self) -> Result<RedeemCode, Vec<Problem>> {
        let mut check = Check::default();
        let device = check.field("device", device(self.device.as_ref()));
        let (code, new_password) = (self.code, self.new_password);
        check.done(|| Some(RedeemCode { code, new_password, device: device? }))
    }
}

/// The own session, to be ended.
#[derive(InputObject)]
pub(crate) struct SignOutInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
}

impl TryFrom<SignOutInput> for () {
    type Error = Vec<Problem>;

    fn try_from(_: SignOutInput) -> Result<Self, Vec<Problem>> {
        Ok(())
    }
}

/// A session of the own account, to be ended.
#[derive(InputObject)]
pub(crate) struct EndSessionInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The session.
    session: ID,
}

impl TryFrom<EndSessionInput> for SessionId {
    type Error = Vec<Problem>;

    fn try_from(input: EndSessionInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let session = check.field("session", key_of(&input.session));
        check.done(|| session)
    }
}

/// Every session of the own account but this one, to be ended.
#[derive(InputObject)]
pub(crate) struct EndOtherSessionsInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
}

impl TryFrom<EndOtherSessionsInput> for () {
    type Error = Vec<Problem>;

    fn try_from(_: EndOtherSessionsInput) -> Result<Self, Vec<Problem>> {
        Ok(())
    }
}

/// A password to be changed.
#[derive(InputObject)]
pub(crate) struct ChangePasswordInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    pub(crate) request_id: String,
    /// The password so far.
    pub(crate) current_password: String,
    /// The password to be: 15 to 128 characters, or from 8 where signing in asks for a second factor.
    pub(crate) new_password: String,
}

/// A second factor to be set up.
#[derive(InputObject)]
pub(crate) struct SetUpTotpInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: goes on record. Sent again, it makes another
    /// secret; the last one counts.
    pub(crate) request_id: String,
    /// The password.
    current_password: String,
    /// The 6 digits of the authenticator app so far, where there is one.
    totp: Option<String>,
}

impl SetUpTotpInput {
    /// What shows who is at it.
    pub(crate) fn proof(self) -> Proof {
        Proof { current_password: self.current_password, totp: self.totp }
    }
}

/// A second factor that was set up, to count from now on.
#[derive(InputObject)]
pub(crate) struct ConfirmTotpInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    pub(crate) request_id: String,
    /// The 6 digits that the authenticator app shows.
    pub(crate) totp: String,
}

/// A second factor to be taken away.
#[derive(InputObject)]
pub(crate) struct RemoveTotpInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    pub(crate) request_id: String,
    /// The password, which stands alone from then on: it has to have 15 characters.
    current_password: String,
    /// The 6 digits that the authenticator app shows.
    totp: Option<String>,
}

impl RemoveTotpInput {
    /// What shows who is at it.
    pub(crate) fn proof(self) -> Proof {
        Proof { current_password: self.current_password, totp: self.totp }
    }
}
