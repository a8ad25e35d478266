//! Handing out one-time codes: the first password of an account, and a new one. Whoever administers an account never
//! chooses nor sees its password (ASVS 6.4.6).

use super::{in_care, require_kind, require_state};
use crate::access::Permission;
use crate::access::grant::Care;
use crate::account::code::{CODE_LIFE, CodeText};
use crate::account::{AccountKind, AccountState, CodePurpose, OneTimeCode};
use crate::audit::Change;
use crate::crypto::Crypto;
use crate::error::Error;
use crate::id::AccountId;
use crate::ports::WriteTx;
use crate::request::Receipt;
use crate::time::Instant;
use crate::usecase::Act;

/// A code as it is handed out.
#[derive(Clone, PartialEq, Eq)]
pub struct IssuedCode {
    /// Whose.
    pub account: AccountId,
    /// What for.
    pub purpose: CodePurpose,
    /// The code, given once: a repeated request finds that it was issued, but not the code.
    pub code: Option<CodeText>,
    /// From when on it counts no more.
    pub expires_at: Instant,
}

impl std::fmt::Debug for IssuedCode {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("IssuedCode").field("account", &self.account).finish_non_exhaustive()
    }
}

impl Receipt for IssuedCode {
    fn encode(&self) -> String {
        let purpose = if self.purpose == CodePurpose::Activation { 'a' } else { 'r' };
        format!("{}:{purpose}:{}", self.account.get(), self.expires_at.timestamp_micros())
    }

    fn decode(text: &str) -> Option<Self> {
        let (account, rest) = text.split_once(':')?;
        let (purpose, end) = rest.split_once(':')?;
        let purpose = if purpose == "a" { CodePurpose::Activation } else { CodePurpose::Reset };
        let expires_at = Instant::from_timestamp_micros(end.parse().ok()?)?;
        Some(Self { account: AccountId::new(account.parse().ok()?), purpose, code: None, expires_at })
    }
}

/// Hands out a code: to activate an invited account, to reset the password of an active one. Earlier codes of the same
/// purpose count no more.
///
/// # Errors
/// `Forbidden`, `NotFound`, `GrantToSelf`, `AccountBeyondReach`, `AccountKind` (a machine), `AccountState` (disabled).
pub fn issue_code(
    act: &Act,
    tx: &mut dyn WriteTx,
    crypto: &dyn Crypto,
    account: AccountId,
) -> Result<IssuedCode, Error> {
    act.actor.require(Permission::ManageAccounts)?;
    act.once(tx, |tx| {
        let account = in_care(act, tx, account, Care::Open)?;
        require_kind(&account, AccountKind::Person)?;
        require_state(&account, |state| state != AccountState::Disabled)?;
        let invited = account.state == AccountState::Invited;
        let purpose = if invited { CodePurpose::Activation } else { CodePurpose::Reset };
        let code = CodeText::fresh(crypto);
        let expires_at = act.now + CODE_LIFE;
        tx.put_code(&OneTimeCode {
            hash: code.hash(crypto),
            account: account.id,
            purpose,
            expires_at,
            used_at: None,
            created_by: act.actor.subject.clone(),
        })?;
        let after = Some(format!("{purpose:?} code until {expires_at}"));
        tx.changed(Change { kind: "Account", id: account.id.get(), before: None, after });
        Ok(IssuedCode { account: account.id, purpose, code: Some(code), expires_at })
    })
}
