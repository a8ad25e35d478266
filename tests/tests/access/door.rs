//! Where requests go in: the schema in this process, or a server.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_graphql::Request;
use caodiem_domain::access::Actor;
use caodiem_domain::ports::Store;
use caodiem_schema::{Caller, Deps, Schema, prepare};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::people::Principal;
use crate::undone::Undone;
use crate::world::{NOW, World, moment};

/// Takes a request of somebody and answers as GraphQL does.
pub(crate) trait Door: Sync {
    fn ask(&self, who: Principal, document: &str) -> Value;
}

/// The schema in this process; what is written is undone.
pub(crate) struct InProcess {
    schema: Schema,
    runtime: Runtime,
    actors: BTreeMap<Principal, Actor>,
}

impl InProcess {
    /// The schema over a world, for its people.
    pub(crate) fn new(world: &World) -> Self {
        let store = world.store();
        let known = world.people.iter().filter_map(|person| Some((person.principal, person.actor(&*store)?)));
        Self::of(store.clone(), known.collect())
    }

    /// The schema over a store, for these actors.
    pub(crate) fn of(store: Arc<dyn Store>, actors: BTreeMap<Principal, Actor>) -> Self {
        let deps = Deps { store: Arc::new(Undone(store)), readers_max: 4, writers_max: 4 };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
        Self { schema: caodiem_schema::build(deps), runtime, actors }
    }

    /// The same schema, each actor changed: what would happen if a check were not there.
    pub(crate) fn altered(&self, world: &World, alter: impl Fn(&mut Actor)) -> Self {
        let mut actors = self.actors.clone();
        actors.values_mut().for_each(alter);
        Self::of(world.store(), actors)
    }
}

impl Door for InProcess {
    fn ask(&self, who: Principal, document: &str) -> Value {
        let request = Request::new(document);
        let request = match self.actors.get(&who) {
            Some(actor) => {
                let caller = Caller { actor: actor.clone(), now: moment(NOW), request: "request".to_owned() };
                prepare(&self.schema, request, caller)
            }
            None => request,
        };
        let response = self.runtime.block_on(self.schema.execute(request));
        serde_json::to_value(&response).expect("JSON")
    }
}
