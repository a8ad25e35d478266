//! Rows of accounts, their secrets, codes and keys.

use caodiem_domain::account::{
    Account, AccountKind, AccountState, Bound, CodePurpose, Credentials, External, OneTimeCode, ServiceKey,
};
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{AccountId, AssignmentId, ServiceKeyId, UnitId};
use caodiem_domain::text::{ExternalSubject, Issuer, Key, Post, Reason, Subject};
use diesel::prelude::*;

use super::code::Stored;
use super::corrupt;
use super::moment::{instant_of, micros};
use crate::tables::{account, credentials, external_identity, one_time_code, service_key};

/// An account, in the order of its table.
#[derive(Queryable, Insertable, AsChangeset, Clone, Debug)]
#[diesel(table_name = account, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct AccountRow {
    id: i64,
    login: String,
    kind: String,
    post: String,
    unit_id: i64,
    state: String,
    disabled_for: Option<String>,
    demo: bool,
    created_at: i64,
    created_by: String,
    last_sign_in: Option<i64>,
    version: i32,
}

impl From<&Account> for AccountRow {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id.get(),
            login: account.login.to_string(),
            kind: account.kind.word().to_owned(),
            post: account.post.to_string(),
            unit_id: account.unit.get(),
            state: account.state.word().to_owned(),
            disabled_for: account.disabled_for.as_ref().map(ToString::to_string),
            demo: account.demo,
            created_at: micros(account.created_at),
            created_by: account.created_by.to_string(),
            last_sign_in: account.last_sign_in.map(micros),
            version: account.version,
        }
    }
}

impl TryFrom<AccountRow> for Account {
    type Error = StoreError;

    fn try_from(row: AccountRow) -> Result<Self, StoreError> {
        let reason = row.disabled_for.as_deref().map(Reason::new).transpose();
        Ok(Self {
            id: AccountId::new(row.id),
            login: Subject::new(&row.login).map_err(corrupt("account.login"))?,
            kind: AccountKind::from_word(&row.kind)?,
            post: Post::new(&row.post).map_err(corrupt("account.post"))?,
            unit: UnitId::new(row.unit_id),
            state: AccountState::from_word(&row.state)?,
            disabled_for: reason.map_err(corrupt("account.disabled_for"))?,
            demo: row.demo,
            created_at: instant_of(row.created_at)?,
            created_by: Subject::new(&row.created_by).map_err(corrupt("account.created_by"))?,
            last_sign_in: row.last_sign_in.map(instant_of).transpose()?,
            version: row.version,
        })
    }
}

/// The secrets of an account, in the order of their table. Never printed.
#[derive(Queryable, Insertable, AsChangeset, Clone)]
#[diesel(table_name = credentials, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct CredentialsRow {
    account_id: i64,
    password: Option<String>,
    totp: Option<Vec<u8>>,
    totp_confirmed: bool,
    totp_step: i64,
    failures: i32,
    refused_until: Option<i64>,
    version: i32,
}

impl From<&Credentials> for CredentialsRow {
    fn from(credentials: &Credentials) -> Self {
        Self {
            account_id: credentials.account.get(),
            password: credentials.password.clone(),
            totp: credentials.totp.clone(),
            totp_confirmed: credentials.totp_confirmed,
            totp_step: credentials.totp_step,
            failures: credentials.failures,
            refused_until: credentials.refused_until.map(micros),
            version: credentials.version,
        }
    }
}

impl TryFrom<CredentialsRow> for Credentials {
    type Error = StoreError;

    fn try_from(row: CredentialsRow) -> Result<Self, StoreError> {
        Ok(Self {
            account: AccountId::new(row.account_id),
            password: row.password,
            totp: row.totp,
            totp_confirmed: row.totp_confirmed,
            totp_step: row.totp_step,
            failures: row.failures,
            refused_until: row.refused_until.map(instant_of).transpose()?,
            version: row.version,
        })
    }
}

/// A one-time code, in the order of its table.
#[derive(Queryable, Insertable, Clone)]
#[diesel(table_name = one_time_code, treat_none_as_default_value = false)]
pub(crate) struct CodeRow {
    hash: Vec<u8>,
    account_id: i64,
    purpose: String,
    expires_at: i64,
    used_at: Option<i64>,
    created_by: String,
}

impl From<&OneTimeCode> for CodeRow {
    fn from(code: &OneTimeCode) -> Self {
        Self {
            hash: code.hash.to_vec(),
            account_id: code.account.get(),
            purpose: code.purpose.word().to_owned(),
            expires_at: micros(code.expires_at),
            used_at: code.used_at.map(micros),
            created_by: code.created_by.to_string(),
        }
    }
}

impl TryFrom<CodeRow> for OneTimeCode {
    type Error = StoreError;

    fn try_from(row: CodeRow) -> Result<Self, StoreError> {
        Ok(Self {
            hash: hash(&row.hash, "one_time_code.hash")?,
            account: AccountId::new(row.account_id),
            purpose: CodePurpose::from_word(&row.purpose)?,
            expires_at: instant_of(row.expires_at)?,
            used_at: row.used_at.map(instant_of).transpose()?,
            created_by: Subject::new(&row.created_by).map_err(corrupt("one_time_code.created_by"))?,
        })
    }
}

/// A machine's key, in the order of its table.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = service_key, treat_none_as_default_value = false)]
pub(crate) struct ServiceKeyRow {
    id: i64,
    account_id: i64,
    kid: String,
    public: Vec<u8>,
    expires_at: i64,
    revoked_at: Option<i64>,
    last_used_at: Option<i64>,
}

impl From<&ServiceKey> for ServiceKeyRow {
    fn from(key: &ServiceKey) -> Self {
        Self {
            id: key.id.get(),
            account_id: key.account.get(),
            kid: key.kid.to_string(),
            public: key.public.clone(),
            expires_at: micros(key.expires_at),
            revoked_at: key.revoked_at.map(micros),
            last_used_at: key.last_used_at.map(micros),
        }
    }
}

impl TryFrom<ServiceKeyRow> for ServiceKey {
    type Error = StoreError;

    fn try_from(row: ServiceKeyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ServiceKeyId::new(row.id),
            account: AccountId::new(row.account_id),
            kid: Key::new(&row.kid).map_err(corrupt("service_key.kid"))?,
            public: row.public,
            expires_at: instant_of(row.expires_at)?,
            revoked_at: row.revoked_at.map(instant_of).transpose()?,
            last_used_at: row.last_used_at.map(instant_of).transpose()?,
        })
    }
}

/// A binding, in the order of its table.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = external_identity)]
pub(crate) struct ExternalRow {
    issuer: String,
    subject: String,
    account_id: i64,
    up_to: i64,
}

impl ExternalRow {
    /// Of an account.
    pub(crate) fn of(bound: &Bound, account: AccountId) -> Self {
        let (issuer, subject) = (bound.who.issuer.to_string(), bound.who.subject.to_string());
        Self { issuer, subject, account_id: account.get(), up_to: bound.up_to.get() }
    }

    /// What is bound to which account.
    pub(crate) fn bound(self) -> Result<(AccountId, Bound), StoreError> {
        let who = External {
            issuer: Issuer::new(&self.issuer).map_err(corrupt("external_identity.issuer"))?,
            subject: ExternalSubject::new(&self.subject).map_err(corrupt("external_identity.subject"))?,
        };
        Ok((AccountId::new(self.account_id), Bound { who, up_to: AssignmentId::new(self.up_to) }))
    }
}

/// 32 bytes as stored.
pub(crate) fn hash(bytes: &[u8], what: &str) -> Result<[u8; 32], StoreError> {
    bytes.try_into().map_err(corrupt(what))
}
