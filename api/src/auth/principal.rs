//! From what a caller presents to an actor with a scope.

use std::sync::Arc;

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use caodiem_domain::access::Actor;
use caodiem_domain::error::Error;
use caodiem_domain::ports::Store;
use caodiem_domain::time::{Clock, Instant};
use caodiem_domain::usecase::resolve_actor::{Claims, resolve_actor};
use chrono::TimeDelta;
use quick_cache::sync::Cache;

use crate::auth::token::{Refusal, Tokens};

/// How long a resolved scope is used: the tree may change, and a unit may end.
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
    clock: Arc<dyn Clock>,
    resolved: Cache<Claims, (Instant, Arc<Actor>)>,
}

impl Principals {
    /// `clock` is the real one, whatever the service goes by.
    #[must_use]
    pub fn new(tokens: Arc<Tokens>, store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { tokens, store, clock, resolved: Cache::new(REMEMBERED) }
    }

    /// Who the headers speak for.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn identify(&self, headers: &HeaderMap) -> Result<Arc<Actor>, Denied> {
        let verified = self.tokens.verify(bearer(headers)?)?;
        let now = self.clock.now();
        if let Some((since, actor)) = self.resolved.get(&verified.claims)
            && now - since < FRESH
        {
            return Ok(actor);
        }
        let actor = Arc::new(self.resolve(verified.claims.clone()).await?);
        self.resolved.insert(verified.claims.clone(), (now, Arc::clone(&actor)));
        Ok(actor)
    }

    async fn resolve(&self, claims: Claims) -> Result<Actor, Denied> {
        let answer = if self.store.reads_inline() {
            self.store.read(|tx| resolve_actor(tx, &claims))
        } else {
            let store = Arc::clone(&self.store);
            let job = move || store.read(|tx| resolve_actor(tx, &claims));
            actix_web::web::block(job).await.map_err(|error| Denied::Unavailable(error.to_string()))?
        };
        answer.map_err(|error| match error {
            Error::Refused(_) => Denied::Refused(Refusal::UnknownPlace),
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
