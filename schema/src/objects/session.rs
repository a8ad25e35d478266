//! Sessions, and what somebody sees of the own account.

use async_graphql::{ID, Object, SimpleObject};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use caodiem_domain::crypto::TotpKey;
use caodiem_domain::id::SessionId;
use caodiem_domain::session;
use caodiem_domain::session::refresh::RefreshToken;
use caodiem_domain::usecase::desk::{Hat, Opened};
use caodiem_domain::usecase::read_own_account;

use crate::ids::id_of;
use crate::objects::viewer::Role;
use crate::scalars::{Date, DateTime};

/// What whoever was let in gets. Shown once: neither token is kept by the service.
#[derive(SimpleObject)]
pub(crate) struct Tokens {
    /// Sent with each request as `Authorization: Bearer …`.
    access_token: String,
    /// From when on the access token counts no more: refresh before.
    access_until: DateTime,
    /// Exchanged for new tokens by `refreshSession`, once.
    refresh_token: String,
    /// The session's id.
    session: ID,
    /// When the session ends whatever happens.
    session_until: DateTime,
    /// The assignment that everything is done under.
    assignment: OwnAssignment,
}

impl From<Opened> for Tokens {
    fn from(opened: Opened) -> Self {
        Self {
            access_until: DateTime(opened.access_until),
            refresh_token: write_refresh(&opened.refresh),
            session: id_of(&opened.session.id),
            session_until: DateTime(opened.session.expires_at),
            access_token: opened.access,
            assignment: OwnAssignment(opened.hat),
        }
    }
}

/// A refresh token as clients hold it: the session's number, a dot, secret and tag in base64url.
fn write_refresh(token: &RefreshToken) -> String {
    let bytes = [token.secret.as_slice(), &token.tag].concat();
    format!("{}.{}", token.session.get(), URL_SAFE_NO_PAD.encode(bytes))
}

/// The refresh token that [`write_refresh`] made.
pub(crate) fn read_refresh(text: &str) -> Option<RefreshToken> {
    let (session, rest) = text.split_once('.').filter(|_| text.len() <= 100)?;
    let bytes = URL_SAFE_NO_PAD.decode(rest).ok()?;
    let (secret, tag) = bytes.split_first_chunk::<32>()?;
    let tag = <[u8; 16]>::try_from(tag).ok()?;
    Some(RefreshToken { session: SessionId::new(session.parse().ok()?), secret: *secret, tag })
}

/// One of the account's own assignments.
pub(crate) struct OwnAssignment(pub(crate) Hat);

/// An assignment (phân công) as its holder chooses among several: a role over a unit.
#[Object]
impl OwnAssignment {
    /// Opaque id, to be named at signing in.
    async fn id(&self) -> ID {
        id_of(&self.0.assignment.id)
    }

    /// The role.
    async fn role(&self) -> Role {
        self.0.assignment.role.into()
    }

    /// The unit with its kind: `Huyện Bình Gia`. Null when it no longer stands.
    async fn unit_name(&self) -> Option<String> {
        self.0.unit.as_ref().map(|unit| unit.version.full_name())
    }

    /// The unit's code; null when it no longer stands.
    async fn unit_code(&self) -> Option<&str> {
        self.0.unit.as_ref().map(|unit| unit.version.code.as_str())
    }

    /// The first day no longer; null without end.
    async fn valid_to(&self) -> Option<Date> {
        self.0.assignment.valid_to.map(Date)
    }
}

/// One of the account's own sessions.
pub(crate) struct OwnSession {
    pub(crate) session: session::Session,
    pub(crate) hat: Hat,
    pub(crate) is_current: bool,
}

/// A session (phiên làm việc): one sign-in on one device.
#[Object]
impl OwnSession {
    /// Opaque id.
    async fn id(&self) -> ID {
        id_of(&self.session.id)
    }

    /// What the client called its device when it signed in.
    async fn device(&self) -> &str {
        self.session.device.as_str()
    }

    /// The assignment that it acts under.
    async fn assignment(&self) -> OwnAssignment {
        OwnAssignment(self.hat.clone())
    }

    /// When it began.
    async fn created_at(&self) -> DateTime {
        DateTime(self.session.created_at)
    }

    /// When it was last refreshed, which clients in use do every few minutes.
    async fn last_used_at(&self) -> DateTime {
        DateTime(self.session.rotated_at)
    }

    /// When it ends whatever happens.
    async fn ends_at(&self) -> DateTime {
        DateTime(self.session.expires_at)
    }

    /// Whether this request belongs to it.
    async fn is_current(&self) -> bool {
        self.is_current
    }
}

/// The own account.
pub(crate) struct OwnAccount(pub(crate) read_own_account::OwnAccount);

/// The account (tài khoản) that asks: it names a position, never a person.
#[Object]
impl OwnAccount {
    /// Opaque id.
    async fn id(&self) -> ID {
        id_of(&self.0.account.id)
    }

    /// The name it signs in with.
    async fn login(&self) -> &str {
        self.0.account.login.as_str()
    }

    /// The position.
    async fn post(&self) -> &str {
        self.0.account.post.as_str()
    }

    /// When it last signed in; null when it never did.
    async fn last_sign_in(&self) -> Option<DateTime> {
        self.0.account.last_sign_in.map(DateTime)
    }

    /// Whether signing in asks for the code of an authenticator app.
    async fn has_second_factor(&self) -> bool {
        self.0.has_second_factor
    }

    /// Whether one of its roles asks for it, so that it cannot be taken away.
    async fn needs_second_factor(&self) -> bool {
        self.0.needs_second_factor
    }
}

/// A second factor to be set up in an authenticator app (RFC 6238: SHA-1, 6 digits, 30 s). Shown once.
#[derive(SimpleObject)]
pub(crate) struct SecondFactor {
    /// The secret in base 32, for typing.
    secret: String,
    /// The secret as `otpauth://…`, for a QR code.
    uri: String,
}

impl From<TotpKey> for SecondFactor {
    fn from(key: TotpKey) -> Self {
        Self { secret: key.secret, uri: key.uri }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_token_is_read_as_it_was_written_and_nothing_else_is() {
        let token = RefreshToken { session: SessionId::new(17), secret: [7; 32], tag: [9; 16] };
        let text = write_refresh(&token);
        assert_eq!(read_refresh(&text), Some(token));
        for wrong in ["", "17", "17.", ".abc", &text.replace("17.", "x."), &format!("{text}AA"), &text.replace('.', "")]
        {
            assert_eq!(read_refresh(wrong), None, "{wrong}");
        }
    }
}
