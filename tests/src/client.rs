//! A GraphQL client as a caller writes one: a token, a document, variables.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use ureq::Agent;

/// A client under one token.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    endpoint: String,
    token: Option<String>,
}

/// What the server said.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Value,
}

/// A file, or why there is none.
#[derive(Clone, Debug)]
pub struct File {
    /// The HTTP status.
    pub status: u16,
    /// `Content-Type`.
    pub kind: String,
    /// `Content-Disposition`.
    pub disposition: String,
    /// `Cache-Control`.
    pub cached: String,
    /// The body.
    pub body: Vec<u8>,
}

/// A request id that was not used before.
pub fn request_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("test-{process}-{number}", process = std::process::id(), number = NEXT.fetch_add(1, Ordering::Relaxed))
}

impl Client {
    /// A client of the server at `base`.
    pub fn new(base: &str, token: Option<String>) -> Self {
        let agent = Agent::config_builder().http_status_as_error(false).build().into();
        Self { agent, endpoint: format!("{base}/graphql"), token }
    }

    /// Sends a document.
    ///
    /// # Panics
    /// When no JSON comes back.
    pub fn send(&self, document: &str, variables: Value) -> Answer {
        let mut request = self.agent.post(&self.endpoint).header("accept", "application/graphql-response+json");
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let sent = request.send_json(json!({ "query": document, "variables": variables }));
        let mut response = sent.unwrap_or_else(|error| panic!("{document}: {error}"));
        let status = response.status().as_u16();
        Answer { status, body: response.body_mut().read_json().expect("JSON") }
    }

    /// Fetches a file.
    ///
    /// # Panics
    /// When nothing comes back.
    pub fn fetch(&self, path: &str) -> File {
        let base = self.endpoint.trim_end_matches("/graphql");
        let mut request = self.agent.get(format!("{base}{path}"));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let mut response = request.call().unwrap_or_else(|error| panic!("{path}: {error}"));
        let header = |name: &str| {
            let value = response.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let (kind, disposition) = (header("content-type"), header("content-disposition"));
        let (status, cached) = (response.status().as_u16(), header("cache-control"));
        File { status, kind, disposition, cached, body: response.body_mut().read_to_vec().expect("a body") }
    }

    /// A client under another token that shares the connections of this one.
    #[must_use]
    pub fn under(&self, token: String) -> Self {
        Self { agent: self.agent.clone(), endpoint: self.endpoint.clone(), token: Some(token) }
    }

    /// Sends a document that has to succeed; gives its data.
    ///
    /// # Panics
    /// When there are errors.
    pub fn ask(&self, document: &str, variables: Value) -> Value {
        let answer = self.send(document, variables);
        assert!(answer.body.get("errors").is_none(), "{document}\n{body:#}", body = answer.body);
        answer.body["data"].clone()
    }

    /// Sends one mutation with an input; gives its payload, whether it was refused or not. A request id is added.
    ///
    /// # Panics
    /// When there are errors outside of the payload.
    pub fn attempt(&self, mutation: &str, input_type: &str, mut input: Value, selection: &str) -> Value {
        if let Some(fields) = input.as_object_mut() {
            fields.entry("requestId").or_insert_with(|| request_id().into());
        }
        let document = format!(
            "mutation($input: {input_type}!) {{ {mutation}(input: $input) {{ {selection} errors {{ code field message }} }} }}"
        );
        self.ask(&document, json!({ "input": input }))[mutation].clone()
    }

    /// [`Self::attempt`] that has to be accepted.
    ///
    /// # Panics
    /// When it is refused.
    pub fn act(&self, mutation: &str, input_type: &str, input: Value, selection: &str) -> Value {
        let payload = self.attempt(mutation, input_type, input, selection);
        assert_eq!(payload["errors"], json!([]), "{mutation}");
        payload
    }
}

impl Answer {
    /// The codes of its errors.
    pub fn codes(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        errors.iter().map(|error| error["extensions"]["code"].as_str().unwrap_or("none")).collect()
    }
}
