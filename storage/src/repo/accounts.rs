//! Accounts, their secrets, codes and keys.

use std::collections::BTreeMap;

use caodiem_domain::access::Scope;
use caodiem_domain::account::throttle::Attempts;
use caodiem_domain::account::{Account, AccountPredicate, Bound, Credentials, External, OneTimeCode, ServiceKey};
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{AccountId, AssignmentId, ServiceKeyId};
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::ports::{ReadAccounts, WriteAccounts};
use caodiem_domain::text::{Key, Subject};
use caodiem_domain::time::Instant;
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;

use super::page::{Condition, cursor, keyset, meets, page_of, part, place};
use super::scope::{by_id_in_scope, count_in_scope, in_scope, under_unit};
use super::{CHUNK, Conn, OrFailed, Tx, keyed, stale};
use crate::rows::account::{AccountRow, CodeRow, CredentialsRow, ExternalRow, ServiceKeyRow};
use crate::rows::code::Stored;
use crate::rows::moment::{instant_of, micros};
use crate::tables::{account, credentials, external_identity, meta, one_time_code, service_key, spent_assertion, unit};

/// Accounts with the unit that looks after them.
type Source = InnerJoinQuerySource<account::table, unit::table>;

/// The mark of a demonstration's database.
const DEMONSTRATION: &str = "demonstration";

const BY_LOGIN: &str = "account.login";

impl ReadAccounts for Tx<'_> {
    fn accounts_by_id(&mut self, scope: &Scope, ids: &[AccountId]) -> Result<BTreeMap<AccountId, Account>, StoreError> {
        by_id_in_scope!(self.conn, scope, ids, account: AccountRow => Account)
    }

    fn account_by_login(&mut self, login: &Subject) -> Result<Option<Account>, StoreError> {
        let query = account::table.filter(account::login.eq(login.as_str()));
        let row: Option<AccountRow> = query.first(self.conn).optional().or_failed()?;
        row.map(Account::try_from).transpose()
    }

    fn list_accounts(
        &mut self,
        scope: &Scope,
        filter: &Filter<AccountPredicate>,
        page: &PageRequest,
    ) -> Result<Page<Account>, StoreError> {
        let from = match place(BY_LOGIN, page)? {
            Some([login, id]) => Some((login, part::<i64>(&id)?)),
            None => None,
        };
        let query = account::table
            .inner_join(unit::table)
            .filter(in_scope::<Source>(scope))
            .filter(conditions(self.conn, filter)?)
            .select(account::all_columns)
            .into_boxed();
        let rows: Vec<AccountRow> =
            keyset!(query, page, from, account::login, account::id).load(self.conn).or_failed()?;
        page_of(rows, page, |row| {
            let account = Account::try_from(row)?;
            Ok((cursor(BY_LOGIN, &[&account.login, &account.id.get()]), account))
        })
    }

    fn count_accounts(&mut self, scope: &Scope, filter: &Filter<AccountPredicate>) -> Result<u64, StoreError> {
        count_in_scope!(self.conn, scope, conditions(self.conn, filter)?, account)
    }

    fn any_account(&mut self) -> Result<bool, StoreError> {
        diesel::select(diesel::dsl::exists(account::table.select(account::id))).get_result(self.conn).or_failed()
    }

    fn any_demo_account(&mut self) -> Result<bool, StoreError> {
        let demo = account::table.filter(account::demo.eq(true)).select(account::id);
        diesel::select(diesel::dsl::exists(demo)).get_result(self.conn).or_failed()
    }

    fn is_demonstration(&mut self) -> Result<bool, StoreError> {
        let mark = meta::table.find(DEMONSTRATION).select(meta::key);
        diesel::select(diesel::dsl::exists(mark)).get_result(self.conn).or_failed()
    }

    fn credentials_of(&mut self, account: AccountId) -> Result<Option<Credentials>, StoreError> {
        let row: Option<CredentialsRow> =
            credentials::table.find(account.get()).first(self.conn).optional().or_failed()?;
        row.map(Credentials::try_from).transpose()
    }

    fn attempts_of(&mut self, accounts: &[AccountId]) -> Result<BTreeMap<AccountId, Attempts>, StoreError> {
        let mut found = BTreeMap::new();
        for accounts in accounts.chunks(CHUNK) {
            let rows: Vec<(i64, i32, Option<i64>)> = credentials::table
                .filter(credentials::account_id.eq_any(accounts.iter().map(|account| account.get())))
                .select((credentials::account_id, credentials::failures, credentials::refused_until))
                .load(self.conn)
                .or_failed()?;
            for (account, failures, until) in rows {
                let refused_until = until.map(instant_of).transpose()?;
                found.insert(AccountId::new(account), Attempts { failures, refused_until });
            }
        }
        Ok(found)
    }

    fn code_of(&mut self, hash: &[u8; 32]) -> Result<Option<OneTimeCode>, StoreError> {
        let row: Option<CodeRow> =
            one_time_code::table.find(hash.as_slice()).first(self.conn).optional().or_failed()?;
        row.map(OneTimeCode::try_from).transpose()
    }

    fn service_keys_of(&mut self, accounts: &[AccountId]) -> Result<BTreeMap<AccountId, Vec<ServiceKey>>, StoreError> {
        let mut found: BTreeMap<AccountId, Vec<ServiceKey>> = BTreeMap::new();
        for accounts in accounts.chunks(CHUNK) {
            let rows: Vec<ServiceKeyRow> = service_key::table
                .filter(service_key::account_id.eq_any(accounts.iter().map(|account| account.get())))
                .order(service_key::id)
                .load(self.conn)
                .or_failed()?;
            for (account, key) in keyed(rows, |key: &ServiceKey| key.account)? {
                found.entry(account).or_default().push(key);
            }
        }
        Ok(found)
    }

    fn account_by_external(&mut self, who: &External) -> Result<Option<(Account, AssignmentId)>, StoreError> {
        let bound: Option<(i64, i64)> = external_identity::table
            .find((who.issuer.as_str(), who.subject.as_str()))
            .select((external_identity::account_id, external_identity::up_to))
            .first(self.conn)
            .optional()
            .or_failed()?;
        let Some((id, up_to)) = bound else { return Ok(None) };
        let row: Option<AccountRow> = account::table.find(id).first(self.conn).optional().or_failed()?;
        let account = row.map(Account::try_from).transpose()?;
        Ok(account.map(|account| (account, AssignmentId::new(up_to))))
    }

    fn externals_of(&mut self, accounts: &[AccountId]) -> Result<BTreeMap<AccountId, Vec<Bound>>, StoreError> {
        let mut found: BTreeMap<AccountId, Vec<Bound>> = BTreeMap::new();
        for accounts in accounts.chunks(CHUNK) {
            let rows: Vec<ExternalRow> = external_identity::table
                .filter(external_identity::account_id.eq_any(accounts.iter().map(|account| account.get())))
                .order((external_identity::issuer, external_identity::subject))
                .load(self.conn)
                .or_failed()?;
            for row in rows {
                let (account, bound) = row.bound()?;
                found.entry(account).or_default().push(bound);
            }
        }
        Ok(found)
    }

    fn is_spent(&mut self, account: AccountId, jti: &str) -> Result<bool, StoreError> {
        let spent = spent_assertion::table.find((account.get(), jti)).select(spent_assertion::jti);
        diesel::select(diesel::dsl::exists(spent)).get_result(self.conn).or_failed()
    }
}

impl WriteAccounts for Tx<'_> {
    fn insert_account(&mut self, account: &Account) -> Result<(), StoreError> {
        diesel::insert_into(account::table).values(AccountRow::from(account)).execute(self.conn).or_failed()?;
        Ok(())
    }

    fn update_account(&mut self, account: &Account) -> Result<(), StoreError> {
        let standing = account::table.find(account.id.get()).filter(account::version.eq(account.version - 1));
        let updated = diesel::update(standing).set(AccountRow::from(account)).execute(self.conn).or_failed()?;
        if updated == 1 { Ok(()) } else { Err(stale()) }
    }

    fn touch_account(&mut self, id: AccountId, at: Instant) -> Result<(), StoreError> {
        let one = account::table.find(id.get());
        diesel::update(one).set(account::last_sign_in.eq(micros(at))).execute(self.conn).or_failed()?;
        Ok(())
    }

    fn mark_demonstration(&mut self) -> Result<(), StoreError> {
        let mark = (meta::key.eq(DEMONSTRATION), meta::value.eq("yes"));
        diesel::insert_into(meta::table).values(mark).on_conflict_do_nothing().execute(self.conn).or_failed()?;
        Ok(())
    }

    fn put_credentials(&mut self, secrets: &Credentials) -> Result<(), StoreError> {
        let row = CredentialsRow::from(secrets);
        if secrets.version == 1 {
            let none_yet = diesel::insert_into(credentials::table).values(row).on_conflict_do_nothing();
            let inserted = none_yet.execute(self.conn).or_failed()?;
            return if inserted == 1 { Ok(()) } else { Err(stale()) };
        }
        let standing = credentials::table.find(secrets.account.get());
        let standing = standing.filter(credentials::version.eq(secrets.version - 1));
        let updated = diesel::update(standing).set(row).execute(self.conn).or_failed()?;
        if updated == 1 { Ok(()) } else { Err(stale()) }
    }

    fn put_code(&mut self, code: &OneTimeCode) -> Result<(), StoreError> {
        let earlier = one_time_code::table
            .filter(one_time_code::account_id.eq(code.account.get()))
            .filter(one_time_code::purpose.eq(code.purpose.word()))
            .filter(one_time_code::used_at.is_null());
        diesel::delete(earlier).execute(self.conn).or_failed()?;
        diesel::insert_into(one_time_code::table).values(CodeRow::from(code)).execute(self.conn).or_failed()?;
        Ok(())
    }

    fn use_code(&mut self, hash: &[u8; 32], at: Instant) -> Result<bool, StoreError> {
        let unused = one_time_code::table.find(hash.as_slice()).filter(one_time_code::used_at.is_null());
        let used = diesel::update(unused).set(one_time_code::used_at.eq(micros(at))).execute(self.conn).or_failed()?;
        Ok(used == 1)
    }

    fn void_codes(&mut self, account: AccountId) -> Result<(), StoreError> {
        let unused = one_time_code::table
            .filter(one_time_code::account_id.eq(account.get()))
            .filter(one_time_code::used_at.is_null());
        diesel::delete(unused).execute(self.conn).or_failed()?;
        Ok(())
    }

    fn insert_service_key(&mut self, key: &ServiceKey) -> Result<(), StoreError> {
        diesel::insert_into(service_key::table).values(ServiceKeyRow::from(key)).execute(self.conn).or_failed()?;
        Ok(())
    }

    fn revoke_service_key(&mut self, account: AccountId, kid: &Key, at: Instant) -> Result<bool, StoreError> {
        let in_use = service_key::table
            .filter(service_key::account_id.eq(account.get()))
            .filter(service_key::kid.eq(kid.as_str()))
            .filter(service_key::revoked_at.is_null());
        let revoked =
            diesel::update(in_use).set(service_key::revoked_at.eq(micros(at))).execute(self.conn).or_failed()?;
        Ok(revoked == 1)
    }

    fn touch_service_key(&mut self, id: ServiceKeyId, at: Instant) -> Result<(), StoreError> {
        diesel::update(service_key::table.find(id.get()))
            .set(service_key::last_used_at.eq(micros(at)))
            .execute(self.conn)
            .or_failed()?;
        Ok(())
    }

    fn spend_assertion(
        &mut self,
        account: AccountId,
        jti: &str,
        expires_at: Instant,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let spent = diesel::insert_into(spent_assertion::table)
            .values((
                spent_assertion::account_id.eq(account.get()),
                spent_assertion::jti.eq(jti),
                spent_assertion::expires_at.eq(micros(expires_at)),
            ))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .or_failed()?;
        let over = spent_assertion::table
            .filter(spent_assertion::account_id.eq(account.get()))
            .filter(spent_assertion::expires_at.le(micros(now)));
        diesel::delete(over).execute(self.conn).or_failed()?;
        Ok(spent == 1)
    }

    fn bind_external(&mut self, bound: &Bound, account: AccountId) -> Result<(), StoreError> {
        let row = ExternalRow::of(bound, account);
        diesel::insert_into(external_identity::table).values(row).execute(self.conn).or_failed()?;
        Ok(())
    }

    fn unbind_external(&mut self, who: &External, account: AccountId) -> Result<bool, StoreError> {
        let bound = external_identity::table
            .find((who.issuer.as_str(), who.subject.as_str()))
            .filter(external_identity::account_id.eq(account.get()));
        Ok(diesel::delete(bound).execute(self.conn).or_failed()? == 1)
    }
}

fn conditions(conn: &mut Conn, filter: &Filter<AccountPredicate>) -> Result<Condition<'static, Source>, StoreError> {
    meets(filter, &mut |predicate| {
        Ok(match predicate {
            AccountPredicate::Login(logins) => {
                Box::new(account::login.eq_any(logins.iter().map(ToString::to_string).collect::<Vec<_>>()))
            }
            AccountPredicate::Under(unit) => under_unit(conn, *unit)?,
            AccountPredicate::State(states) => {
                Box::new(account::state.eq_any(states.iter().map(|state| state.word()).collect::<Vec<_>>()))
            }
            AccountPredicate::Kind(kinds) => {
                Box::new(account::kind.eq_any(kinds.iter().map(|kind| kind.word()).collect::<Vec<_>>()))
            }
            AccountPredicate::UnusedSince(moment) => Box::new(
                account::last_sign_in.is_null().or(account::last_sign_in.assume_not_null().lt(micros(*moment))),
            ),
        })
    })
}
