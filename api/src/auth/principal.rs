//! From what a caller presents to an actor with a scope, as storage knows it now. What was found is used for a few seconds,
//! so that what was ended on any process is refused on every process within these.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use caodiem_domain::access::Actor;
use caodiem_domain::error::Error;
use caodiem_domain::ports::Store;
use caodiem_domain::session::Claims;
use caodiem_domain::time::{Clock, Instant};
use caodiem_domain::usecase::resolve_actor::resolve_actor;
use chrono::TimeDelta;
use quick_cache::sync::Cache;

use crate::auth::token::{Refusal, Tokens};

/// How long what was found is used: accounts, assignments and sessions end, the tree changes.
const FRESH: TimeDelta = TimeDelta::seconds(3);

/// How many resolved callers are remembered.
const REMEMBERED: usize = 10_000;

/// Why a caller is not let in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Denied {
    /// By what it presents; all of these look the same to it.
    Refused(Refusal),
    /// Storage could not be asked.
    Unavailable(String),
}

impl From<Refusal> for Denied {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Knows callers by their tokens.
pub struct Principals {
    tokens: Arc<Tokens>,
    store: Arc<dyn Store>,
    /// The real time, by which tokens are judged.
    clock: Arc<dyn Clock>,
    /// The time the service goes by, and with it assignments and sessions.
    service: Arc<dyn Clock>,
    resolved: Cache<Claims, Known>,
    forgotten: AtomicU64,
}

/// Who was found, when, and how often everybody had been forgotten by then.
#[derive(Clone)]
struct Known {
    since: Instant,
    forgotten: u64,
    actor: Arc<Actor>,
}

impl Principals {
    /// `clock` is the real one, `service` the one that the service goes by.
    #[must_use]
    pub fn new(tokens: Arc<Tokens>, store: Arc<dyn Store>, clock: Arc<dyn Clock>, service: Arc<dyn Clock>) -> Self {
        Self { tokens, store, clock, service, resolved: Cache::new(REMEMBERED), forgotten: AtomicU64::new(0) }
    }

    /// Everybody is looked up anew: something that decides who may was changed through this process.
    pub fn forget(&self) {
        self.forgotten.fetch_add(1, Ordering::AcqRel);
    }

    /// Who the headers speak for.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn identify(&self, headers: &HeaderMap) -> Result<Arc<Actor>, Denied> {
        let verified = self.tokens.verify(bearer(headers)?)?;
        let (since, forgotten) = (self.clock.now(), self.forgotten.load(Ordering::Acquire));
        if let Some(known) = self.resolved.get(&verified.claims)
            && known.forgotten == forgotten
            && since - known.since < FRESH
        {
            return Ok(known.actor);
        }
        let actor = Arc::new(self.resolve(verified.claims.clone()).await?);
        self.resolved.insert(verified.claims.clone(), Known { since, forgotten, actor: Arc::clone(&actor) });
        Ok(actor)
    }

    async fn resolve(&self, claims: Claims) -> Result<Actor, Denied> {
        let now = self.service.now();
        let answer = if self.store.reads_inline() {
            self.store.read(|tx| resolve_actor(tx, &claims, now))
        } else {
            let store = Arc::clone(&self.store);
            let job = move || store.read(|tx| resolve_actor(tx, &claims, now));
            actix_web::web::block(job).await.map_err(|error| Denied::Unavailable(error.to_string()))?
        };
        answer.map_err(|error| match error {
            Error::Refused(_) => Denied::Refused(Refusal::NotInForce),
            Error::Store(error) => Denied::Unavailable(error.to_string()),
        })
    }
}

/// The one bearer token of a request.
fn bearer(headers: &HeaderMap) -> Result<&str, Refusal> {
    let mut given = headers.get_all(AUTHORIZATION);
    let (Some(only), None) = (given.next(), given.next()) else { return Err(Refusal::Missing) };
    let (scheme, token) = only.to_str().ok().and_then(|text| text.split_once(' ')).ok_or(Refusal::Missing)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Refusal::Missing);
    }
    Ok(token.trim())
}
