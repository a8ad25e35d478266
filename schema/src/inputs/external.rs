//! Inputs of signing in by another issuer's token, and of what is bound to accounts. The first cannot be shown: it holds
//! secrets.

use async_graphql::{ID, InputObject};
use caodiem_domain::account::External;
use caodiem_domain::problem::Problem;
use caodiem_domain::text::{ExternalSubject, Issuer};
use caodiem_domain::usecase::manage_accounts::external::Binding;
use caodiem_domain::usecase::sign_in_external::SignInExternal;

use crate::error::Result;
use crate::ids::key_of;
use crate::inputs::session::device;
use crate::inputs::{Check, mutation_inputs};

mutation_inputs! { BindExternalInput => Binding, UnbindExternalInput => Binding }

/// Who wants to be let in by another issuer's token.
#[derive(InputObject)]
pub(crate) struct SignInExternalInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: goes on record. Sent again, it signs in again.
    pub(crate) request_id: String,
    /// The issuer's ID token (OIDC), as it was given out, at most 8,192 characters. Opens one session.
    token: String,
    /// The 6 digits of the authenticator app, where the account needs one and the issuer vouches for none.
    totp: Option<String>,
    /// The assignment to act under; not needed by who holds one only.
    assignment: Option<ID>,
    /// A name for the device, at most 200 characters, shown in the list of sessions.
    device: Option<String>,
}

impl SignInExternalInput {
    /// The command, or what is wrong.
    pub(crate) fn command(self) -> Result<SignInExternal, Vec<Problem>> {
        let mut check = Check::default();
        let assignment = check.optional("assignment", self.assignment, key_of);
        let device = check.field("device", device(self.device.as_ref()));
        let (token, totp) = (self.token, self.totp);
        check.done(|| Some(SignInExternal { token, totp, assignment: assignment?, device: device? }))
    }
}

/// Declares inputs that name an account and a subject of another issuer.
macro_rules! binding_inputs {
    ($($(#[$doc:meta])* $input:ident;)+) => {$(
        $(#[$doc])*
        #[derive(InputObject)]
        pub(crate) struct $input {
            /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
            request_id: String,
            /// The account.
            account: ID,
            /// The issuer, exactly as `iss` of its tokens names it, at most 200 characters.
            issuer: String,
            /// Who the account's holder is to the issuer, exactly as `sub` of its tokens says it, at most 255 characters.
            subject: String,
        }

        impl TryFrom<$input> for Binding {
            type Error = Vec<Problem>;

            fn try_from(input: $input) -> Result<Self, Vec<Problem>> {
                let mut check = Check::default();
                let account = check.field("account", key_of(&input.account));
                let issuer = check.field("issuer", Issuer::new(&input.issuer));
                let subject = check.field("subject", ExternalSubject::new(&input.subject));
                check.done(|| Some(Self { account: account?, who: External { issuer: issuer?, subject: subject? } }))
            }
        }
    )+};
}

binding_inputs! {
    /// A subject of another issuer to be bound to an account.
    BindExternalInput;
    /// A binding to be taken away.
    UnbindExternalInput;
}
