//! Accounts with passwords, and the desk at which they are let in.

use std::sync::atomic::Ordering;

use caodiem_domain::access::{Actor, Role, Scope};
use caodiem_domain::account::code::CodeText;
use caodiem_domain::account::{Account, AccountKind, AccountState, CodePurpose, Credentials, OneTimeCode};
use caodiem_domain::assignment::Assignment;
use caodiem_domain::audit::Record;
use caodiem_domain::crypto::Crypto;
use caodiem_domain::error::Error;
use caodiem_domain::id::{AccountId, AssignmentId, Sequence, UnitId};
use caodiem_domain::problem::{Code, Problem};
use caodiem_domain::session::refresh::RefreshToken;
use caodiem_domain::session::{Session, SessionEnd};
use caodiem_domain::text::{Post, Reason, Subject};
use caodiem_domain::time::{Day, Instant};
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::desk::{Desk, Opened};
use caodiem_domain::usecase::redeem_code::{RedeemCode, Redeemed, redeem_code};
use caodiem_domain::usecase::refresh_session::refresh_session;
use caodiem_domain::usecase::sign_in::{SignIn, SignedIn, sign_in};
use caodiem_tests::database::Backend;
use caodiem_tests::stage::{act, request};
use chrono::TimeDelta;

use crate::world::{World, author, day, moment, title};
use caodiem_tests::vault::{Vault, code_at, hashed};

/// The password of everybody, unless a test says otherwise.
pub(crate) const PASSWORD: &str = "bốn con ngựa qua cầu";

/// The secret of everybody's authenticator app.
pub(crate) const SECRET: &[u8] = b"twenty bytes of seed";

/// The moment at which everything begins.
const NOW: &str = "2023-06-05T03:00:00Z";

/// The country, and somebody at the desk.
pub(crate) struct Reception {
    pub(crate) world: World,
    pub(crate) vault: Vault,
}

/// What came of it, by codes.
pub(crate) type Answer<T> = Result<T, Vec<Code>>;

/// So many seconds after everything began.
pub(crate) fn at(seconds: i64) -> Instant {
    moment(NOW) + TimeDelta::seconds(seconds)
}

fn codes<T>(done: Result<T, Error>) -> Answer<T> {
    done.map_err(|error| match error {
        Error::Refused(problems) => problems.iter().map(Problem::code).collect(),
        Error::Store(error) => panic!("{error}"),
    })
}

/// What somebody types.
pub(crate) fn typed(login: &str, password: &str) -> SignIn {
    let device = title("máy tính bảng");
    SignIn { login: login.to_owned(), password: password.to_owned(), totp: None, assignment: None, device }
}

impl Reception {
    pub(crate) fn new(backend: Backend) -> Option<Self> {
        let vault = Vault::default();
        vault.step.store(1_000, Ordering::SeqCst);
        Some(Self { world: World::new(backend)?, vault })
    }

    /// Runs something at the desk, so many seconds after everything began.
    pub(crate) fn desk<T>(&self, seconds: i64, job: impl FnOnce(&Desk) -> Result<T, Error>) -> Answer<T> {
        let desk =
            Desk { store: self.world.store.as_ref(), crypto: &self.vault, now: at(seconds), request: "request-1" };
        codes(job(&desk))
    }

    /// An active account, looked after by a unit.
    pub(crate) fn account(&self, login: &str, unit: UnitId) -> AccountId {
        self.account_of(login, unit, AccountKind::Person)
    }

    /// [`Self::account`] of a kind.
    pub(crate) fn account_of(&self, login: &str, unit: UnitId, kind: AccountKind) -> AccountId {
        self.world.write(|tx| {
            let id = AccountId::new(tx.allocate(Sequence::Account, 1)?[0]);
            tx.insert_account(&Account {
                id,
                login: Subject::new(login).expect("a login"),
                kind,
                post: Post::new("Cán bộ phụ trách").expect("a post"),
                unit,
                state: AccountState::Active,
                disabled_for: None,
                demo: false,
                created_at: at(0),
                created_by: author(),
                last_sign_in: None,
                version: 1,
            })?;
            Ok(id)
        })
    }

    /// Puts an account into a state.
    pub(crate) fn put_into(&self, account: AccountId, state: AccountState) {
        let disabled_for = (state == AccountState::Disabled).then(|| Reason::new("Thôi việc").expect("a reason"));
        let before = self.account_now(account);
        let after = Account { state, disabled_for, version: before.version + 1, ..before };
        self.world.write(|tx| tx.update_account(&after));
    }

    /// An assignment made on the host.
    pub(crate) fn assign(&self, account: AccountId, role: Role, unit: UnitId) -> AssignmentId {
        self.assign_until(account, role, unit, None)
    }

    /// [`Self::assign`] up to a day.
    pub(crate) fn assign_until(
        &self,
        account: AccountId,
        role: Role,
        unit: UnitId,
        valid_to: Option<Day>,
    ) -> AssignmentId {
        self.world.write(|tx| {
            let id = AssignmentId::new(tx.allocate(Sequence::Assignment, 1)?[0]);
            tx.insert_assignments(&[Assignment {
                id,
                account,
                role,
                unit,
                team: None,
                drive: None,
                only: Vec::new(),
                valid_from: day("2023-01-01"),
                valid_to,
                granted_under: None,
                chain: 0,
                granted_by: author(),
                reason: Reason::new("Phân công").expect("a reason"),
                granted_at: at(0),
                ended_at: None,
                ended_by: None,
                suspended_at: None,
                last_used_at: None,
                version: 1,
            }])?;
            Ok(id)
        })
    }

    pub(crate) fn assignment(&self, id: AssignmentId) -> Assignment {
        self.world.read(|tx| tx.assignments_by_id(&Scope::Country, &[id])).remove(&id).expect("an assignment")
    }

    pub(crate) fn account_now(&self, id: AccountId) -> Account {
        self.world.read(|tx| tx.accounts_by_id(&Scope::Country, &[id])).remove(&id).expect("an account")
    }

    /// A reporter with a password.
    pub(crate) fn reporter(&self, login: &str) -> (AccountId, AssignmentId) {
        self.member(login, Role::Reporter, false)
    }

    /// Somebody with a password, who holds the role over district A1.
    pub(crate) fn member(&self, login: &str, role: Role, has_totp: bool) -> (AccountId, AssignmentId) {
        let unit = self.world.district_a1;
        let account = self.account(login, unit);
        self.give(account, has_totp, "usual");
        (account, self.assign(account, role, unit))
    }

    /// Gives an account its password.
    pub(crate) fn give(&self, account: AccountId, has_totp: bool, cost: &str) {
        let sealed = self.vault.seal(SECRET, &format!("credentials.totp:{}", account.get())).expect("sealed");
        self.world.write(|tx| {
            tx.put_credentials(&Credentials {
                account,
                password: Some(hashed(PASSWORD, cost)),
                totp: has_totp.then(|| sealed.clone()),
                totp_confirmed: has_totp,
                totp_step: 0,
                failures: 0,
                refused_until: None,
                version: 1,
            })
        });
    }

    pub(crate) fn secrets(&self, account: AccountId) -> Credentials {
        self.world.read(|tx| tx.credentials_of(account)).expect("credentials")
    }

    /// A one-time code that counts for a day.
    pub(crate) fn code(&self, account: AccountId, purpose: CodePurpose) -> String {
        let code = CodeText::fresh(&self.vault);
        let kept = OneTimeCode {
            hash: code.hash(&self.vault),
            account,
            purpose,
            expires_at: at(24 * 3_600),
            used_at: None,
            created_by: author(),
        };
        self.world.write(|tx| tx.put_code(&kept));
        code.reveal()
    }

    pub(crate) fn redeem(&self, seconds: i64, code: &str, password: &str) -> Answer<Redeemed> {
        let (code, new_password, device) = (code.to_owned(), Some(password.to_owned()), title("điện thoại"));
        self.desk(seconds, |desk| redeem_code(desk, &RedeemCode { code, new_password, device }))
    }

    /// Signs in: a session, or the assignments to choose from.
    pub(crate) fn try_in(&self, seconds: i64, command: &SignIn) -> Answer<SignedIn> {
        self.desk(seconds, |desk| sign_in(desk, command))
    }

    /// Signs in, which has to succeed.
    pub(crate) fn come_in(&self, seconds: i64, command: &SignIn) -> Opened {
        match self.try_in(seconds, command) {
            Ok(SignedIn::Opened(opened)) => *opened,
            Ok(SignedIn::Choose(hats)) => panic!("{} assignments to choose from", hats.len()),
            Err(codes) => panic!("{codes:?}"),
        }
    }

    /// Why signing in was refused.
    pub(crate) fn refusal(&self, seconds: i64, command: &SignIn) -> Vec<Code> {
        self.try_in(seconds, command).err().unwrap_or_default()
    }

    /// The code that authenticator apps show so many steps from now.
    pub(crate) fn totp(&self, ahead: i64) -> String {
        code_at(SECRET, self.vault.step.load(Ordering::SeqCst) + ahead)
    }

    pub(crate) fn refresh(&self, seconds: i64, token: &RefreshToken) -> Answer<Opened> {
        self.desk(seconds, |desk| refresh_session(desk, token))
    }

    pub(crate) fn session(&self, opened: &Opened) -> Session {
        self.world.read(|tx| tx.session(opened.session.id)).expect("a session")
    }

    pub(crate) fn ended_for(&self, opened: &Opened) -> Option<SessionEnd> {
        self.session(opened).ended_for
    }

    /// An act in a session, so many seconds after everything began.
    pub(crate) fn act(&self, opened: &Opened, seconds: i64, operation: &str) -> Act {
        let held = self.assignment(opened.session.assignment);
        let login = self.account_now(held.account).login;
        let session = Some(opened.session.id);
        let host = Actor::host(login, held.role, held.unit, Scope::Subtrees(Vec::new()));
        let actor = Actor { account: held.account, assignment: held.id, session, ..host };
        let request = request(&actor, 1);
        Act { request, actor, operation: operation.to_owned(), ..act(held.role, at(seconds)) }
    }

    /// What is on record, in order.
    pub(crate) fn records(&self) -> Vec<Record> {
        self.world.read(|tx| tx.chain(1, 1_000))
    }

    /// Subject, operation and outcome of what is on record.
    pub(crate) fn told(&self) -> Vec<(String, String, String)> {
        self.records().into_iter().map(|record| (record.subject, record.operation, record.outcome)).collect()
    }
}
