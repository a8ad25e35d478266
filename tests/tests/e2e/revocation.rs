//! What is ended through one process is refused by every other within seconds, and never accepted again (T9, T10).

use std::sync::Mutex;
use std::time::{Duration, Instant};

use caodiem_domain::access::Scope;
use caodiem_domain::account::AccountState;
use caodiem_domain::id::{AccountId, AssignmentId, SessionId};
use caodiem_domain::ports::{Sessions, Store};
use caodiem_domain::session::SessionEnd;
use caodiem_domain::text::{Reason, Subject};
use caodiem_storage::{Config, open};
use caodiem_tests::app::App;
use caodiem_tests::client::Client;
use caodiem_tests::database::Backend;
use caodiem_tests::forge::Forge;
use caodiem_tests::wait::now;
use serde_json::json;

/// How many are ended.
const MANY: i64 = 1_000;

/// How long a process may go on accepting what was ended elsewhere.
const LIMIT: Duration = Duration::from_secs(5);

/// How many ask at once.
const WATCHERS: usize = 8;

/// Keys of the accounts, assignments and sessions: one of each per number.
const BASE: i64 = 2_000_000;

fn populate(app: &App) {
    let last = BASE + MANY - 1;
    app.database().execute(&format!(
        "INSERT INTO account (id, login, kind, post, unit_id, state, demo, created_at, created_by, version) \
         SELECT n, 'race-' || n, 'PERSON', 'Test', 1, 'ACTIVE', FALSE, 0, 'tests', 1 FROM generate_series({BASE}, {last}) n; \
         INSERT INTO assignment (id, account_id, role, unit_id, only_for, valid_from, chain, granted_by, reason, granted_at, version) \
         SELECT n, n, 'analyst', 1, '', '2020-01-01', 0, 'tests', 'Test', 0, 1 FROM generate_series({BASE}, {last}) n; \
         INSERT INTO session (id, account_id, assignment_id, device, refresh, rotated_at, created_at, expires_at, version) \
         SELECT n, n, n, 'Test', sha256(n::TEXT::BYTEA), 0, 0, 4000000000000000, 1 FROM generate_series({BASE}, {last}) n"
    ));
}

/// Tokens of all of them, under the server's own key.
fn tokens(app: &App) -> Vec<String> {
    let forge = Forge::of(app.database().home());
    let header = json!({ "alg": "ES256", "typ": "at+jwt", "kid": forge.kid });
    let good = app.token_of(&app.account("analyst", "VN", None), &[]);
    let claims = caodiem_tests::forge::claims_of(&good);
    let token = |key: i64| {
        let mut claims = claims.clone();
        claims["sub"] = format!("race-{key}").into();
        claims["scope"] = "unit:1".into();
        for name in ["acc", "asg", "sid"] {
            claims[name] = key.into();
        }
        forge.sign(&header, &claims)
    };
    (BASE..BASE + MANY).map(token).collect()
}

/// Ends one through the other process: its session, its assignment or its account.
fn end(store: &dyn Store, key: i64) {
    let at = "2023-07-05T02:00:00Z".parse().expect("a moment");
    let ended = store.write(|tx| {
        match key % 3 {
            0 => {
                tx.end_sessions(Sessions::One(SessionId::new(key)), SessionEnd::Ended, at)?;
            }
            1 => {
                let id = AssignmentId::new(key);
                let mut found = tx.assignments_by_id(&Scope::Country, &[id])?;
                let mut assignment = found.remove(&id).expect("it is there");
                assignment.ended_at = Some(at);
                assignment.ended_by = Some(Subject::new("tests")?);
                assignment.version += 1;
                tx.update_assignments(&[assignment])?;
            }
            _ => {
                let id = AccountId::new(key);
                let mut account = tx.accounts_by_id(&Scope::Country, &[id])?.remove(&id).expect("it is there");
                account.state = AccountState::Disabled;
                account.disabled_for = Some(Reason::new("test")?);
                account.version += 1;
                tx.update_account(&account)?;
            }
        }
        Ok(())
    });
    ended.expect("it is ended");
}

/// The race: what is ended when, and how late the last answer came that still took it.
struct Race {
    clients: Vec<Client>,
    ended: Vec<Mutex<Option<Instant>>>,
    latest: Mutex<Duration>,
}

impl Race {
    fn ended_at(&self, at: usize) -> Option<Instant> {
        *self.ended[at].lock().expect("the lock")
    }

    /// Asks once; whether it was let in. Nobody is refused before the end, nor let in too long after it.
    fn ask(&self, at: usize) -> bool {
        let (ended, asked) = (self.ended_at(at), now());
        let answer = self.clients[at].send("{ viewer { role } }", json!({}));
        match answer.status {
            200 => {
                if let Some(late) = ended.map(|ended| asked - ended) {
                    assert!(late <= LIMIT, "{at} is still let in after {late:?}");
                    let mut latest = self.latest.lock().expect("the lock");
                    *latest = late.max(*latest);
                }
                true
            }
            401 => {
                assert!(self.ended_at(at).is_some(), "{at} was refused before it was ended");
                false
            }
            other => panic!("{other}: {}", answer.body),
        }
    }

    /// Asks for every eighth in turn until all of them are refused; then once more.
    fn watch(&self, first: usize) {
        let own = || (first..self.clients.len()).step_by(WATCHERS);
        let mut refused = vec![false; self.clients.len()];
        while own().any(|at| !refused[at]) {
            for at in own() {
                let let_in = self.ask(at);
                assert!(!(let_in && refused[at]), "{at} was let in after it was refused");
                refused[at] = !let_in;
            }
        }
        assert!(own().all(|at| !self.ask(at)), "somebody was let in again");
    }
}

#[test]
fn what_one_process_ends_another_refuses_within_five_seconds_and_for_good() {
    let Some(app) = App::start(Backend::Postgres) else { return };
    populate(&app);
    let nobody = app.anonymous();
    let clients: Vec<Client> = tokens(&app).into_iter().map(|token| nobody.under(token)).collect();
    let ended = clients.iter().map(|_| Mutex::new(None)).collect();
    let race = Race { clients, ended, latest: Mutex::default() };
    assert!((0..race.clients.len()).all(|at| race.ask(at)), "everybody is let in at first");
    let other = open(&Config::new(&app.database().url()).expect("a URL")).expect("it opens");
    std::thread::scope(|scope| {
        for first in 0..WATCHERS {
            let race = &race;
            scope.spawn(move || race.watch(first));
        }
        for (key, ended) in (BASE..).zip(&race.ended) {
            // Held meanwhile: who is refused because of it finds it ended.
            let mut ended = ended.lock().expect("the lock");
            end(other.as_ref(), key);
            *ended = Some(now());
        }
    });
    println!("the last one that was let in came {:?} after its end", race.latest.lock().expect("the lock"));
}
