//! Where requests go in: the schema in this process, or a server.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_graphql::Request;
use caodiem_domain::access::Actor;
use caodiem_domain::ports::Store;
use caodiem_schema::{Caller, Deps, Schema, Visit, prepare, prepare_visit};
use caodiem_tests::vault::Vault;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use crate::people::Principal;
use crate::undone::Undone;
use crate::world::{NOW, World, moment};

/// The error for which a request is not even looked at: too deep, too costly, or not fitting the schema.
pub(crate) fn unfit(answer: &Value) -> Option<&str> {
    let errors = answer["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    let library = |error: &&Value| match error["extensions"]["code"].as_str() {
        Some(code) => code == "GRAPHQL_VALIDATION_FAILED",
        None => true,
    };
    errors.iter().find(library).and_then(|error| error["message"].as_str())
}

/// Takes a request of somebody and answers as GraphQL does.
pub(crate) trait Door: Sync {
    fn ask(&self, who: Principal, document: &str) -> Value;
}

/// The schema in this process; what is written is undone.
pub(crate) struct InProcess {
    schema: Schema,
    actors: BTreeMap<Principal, Actor>,
}

impl InProcess {
    /// The schema over a world, for its people.
    pub(crate) fn new(world: &World) -> Self {
        let store = world.store();
        let known = world.people.iter().filter_map(|person| Some((person.principal, person.actor(&store)?)));
        Self::of(store.clone(), known.collect())
    }

    /// The schema over a store, for these actors.
    pub(crate) fn of(store: Arc<dyn Store>, actors: BTreeMap<Principal, Actor>) -> Self {
        Self::over(Arc::new(Undone(store)), actors)
    }

    /// The schema over a store as it is: what is written stays.
    pub(crate) fn over(store: Arc<dyn Store>, actors: BTreeMap<Principal, Actor>) -> Self {
        let deps = Deps { store, crypto: Arc::new(Vault::default()), readers_max: 4, writers_max: 4 };
        Self { schema: caodiem_schema::build(deps), actors }
    }

    /// The same people before a store that keeps what is written.
    pub(crate) fn keeping(&self, world: &World) -> Self {
        Self::over(world.store(), self.actors.clone())
    }

    /// The same schema, each actor changed: what would happen if a check were not there.
    pub(crate) fn altered(&self, world: &World, alter: impl Fn(&mut Actor)) -> Self {
        let mut actors = self.actors.clone();
        actors.values_mut().for_each(alter);
        Self::of(world.store(), actors)
    }
}

thread_local! {
    static RUNTIME: Runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
}

impl Door for InProcess {
    fn ask(&self, who: Principal, document: &str) -> Value {
        if who != Principal::Anonymous && !self.actors.contains_key(&who) {
            // Whoever comes with a token that does not count gets no further than it.
            return json!({ "data": null, "errors": [{ "extensions": { "code": "UNAUTHENTICATED" } }] });
        }
        let work = async {
            let (request, now, id) = (Request::new(document), moment(NOW), "request".to_owned());
            let request = match self.actors.get(&who) {
                Some(actor) => prepare(&self.schema, request, Caller { actor: actor.clone(), now, request: id }),
                None => prepare_visit(request, Visit { now, request: id }),
            };
            self.schema.execute(request).await
        };
        let response = RUNTIME.with(|runtime| runtime.block_on(work));
        serde_json::to_value(&response).expect("JSON")
    }
}
