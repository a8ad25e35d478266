//! The schema in this process, spoken to as whoever the test says: for what several people do one after another.

use std::sync::Arc;

use async_graphql::{Request, Variables};
use caodiem_domain::access::{Actor, Role, Scope};
use caodiem_domain::ports::Store;
use caodiem_domain::text::UnitCode;
use caodiem_domain::time::Instant;
use caodiem_schema::{Caller, Deps, Schema, build, prepare};
use caodiem_storage::{Config, open};
use caodiem_tests::client::request_id;
use caodiem_tests::database::{Backend, Database};
use caodiem_tests::vault::Vault;
use caodiem_tests::{people, seed};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// The tree of 2023 and those who decide on it.
pub(crate) struct Office {
    store: Arc<dyn Store>,
    schema: Schema,
    runtime: Runtime,
    now: Instant,
    _database: Database,
}

/// When they do it.
fn now() -> Instant {
    "2023-07-05T03:00:00Z".parse().expect("a moment")
}

impl Office {
    /// A fresh one. `None`, said aloud, where there is no PostgreSQL.
    pub(crate) fn new(backend: Backend) -> Option<Self> {
        let database = seed::country(backend)?;
        let store = open(&Config::new(&database.url()).expect("a URL")).expect("it opens");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let crypto = Arc::new(Vault::default());
        let schema = build(Deps { store: Arc::clone(&store), crypto, readers_max: 2, writers_max: 2 });
        Some(Self { store, schema, runtime, now: now(), _database: database })
    }

    /// From here on it is that moment.
    pub(crate) fn move_to(&mut self, moment: &str) {
        self.now = moment.parse().expect("a moment");
    }

    /// Somebody with a role over the unit of that code.
    pub(crate) fn hire(&self, login: &str, role: Role, unit: &str) -> Actor {
        let code = UnitCode::new(unit).expect("a code");
        let found = self
            .store
            .read(|tx| Ok(tx.units_by_code(&Scope::Country, std::slice::from_ref(&code), now().date_naive())?));
        people::hire(&*self.store, login, role, found.expect("units").first().expect("a unit").id)
    }

    /// What somebody is told: the whole answer.
    pub(crate) fn send(&self, by: &Actor, document: &str, variables: Value) -> async_graphql::Response {
        let request = Request::new(document).variables(Variables::from_json(variables));
        let caller = Caller { actor: by.clone(), now: self.now, request: "test".to_owned() };
        let _inside = self.runtime.enter();
        self.runtime.block_on(self.schema.execute(prepare(&self.schema, request, caller)))
    }

    /// What somebody is told, which must not be an error.
    pub(crate) fn ask(&self, by: &Actor, document: &str, variables: Value) -> Value {
        let response = self.send(by, document, variables);
        assert!(response.errors.is_empty(), "{document}: {:?}", response.errors);
        response.data.into_json().expect("JSON")
    }

    /// The payload of a mutation, done or refused.
    pub(crate) fn attempt(&self, by: &Actor, mutation: &str, mut input: Value, selection: &str) -> Value {
        let mut letters = mutation.chars();
        let first = letters.next().expect("a name").to_ascii_uppercase();
        let (name, rest) = (first, letters.as_str());
        input["requestId"] = request_id().into();
        let document = format!(
            "mutation($input: {name}{rest}Input!) {{ {mutation}(input: $input) {{ {selection} errors {{ code field }} }} }}"
        );
        self.ask(by, &document, json!({ "input": input }))[mutation].clone()
    }

    /// The payload of a mutation that has to be done.
    pub(crate) fn act(&self, by: &Actor, mutation: &str, input: Value, selection: &str) -> Value {
        let payload = self.attempt(by, mutation, input, selection);
        assert_eq!(payload["errors"], json!([]), "{mutation}");
        payload
    }

    /// Proposes the input of a mutation; gives the payload.
    pub(crate) fn propose(&self, by: &Actor, mutation: &str, mut input: Value) -> Value {
        input["requestId"] = request_id().into();
        let change = json!({ "reason": "theo nghị quyết", "change": { mutation: input } });
        self.attempt(
            by,
            "proposeChange",
            change,
            "proposal { id version state operation input proposer unit { code } }",
        )
    }

    /// Decides on a proposal; gives the payload.
    pub(crate) fn decide(&self, by: &Actor, mutation: &str, proposed: &Value) -> Value {
        let proposal = &proposed["proposal"];
        assert!(!proposal.is_null(), "{proposed}");
        let input = json!({ "proposal": proposal["id"], "expectedVersion": proposal["version"], "note": "đã xem" });
        self.attempt(by, mutation, input, "proposal { state decidedBy note version }")
    }

    /// The id of the unit of that code.
    pub(crate) fn unit(&self, by: &Actor, code: &str) -> Value {
        self.ask(by, "query($c: String!) { unitByCode(code: $c) { id } }", json!({ "c": code }))["unitByCode"]["id"]
            .clone()
    }

    /// The ids of the units directly under the unit of that code.
    pub(crate) fn below(&self, by: &Actor, code: &str) -> Vec<Value> {
        let found =
            self.ask(by, "query($c: String!) { unitByCode(code: $c) { children { id } } }", json!({ "c": code }));
        let children = found["unitByCode"]["children"].as_array().cloned().unwrap_or_default();
        children.iter().map(|child| child["id"].clone()).collect()
    }
}
