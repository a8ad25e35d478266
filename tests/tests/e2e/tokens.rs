//! Tokens that are not exactly right are refused, all in the same way (T11); so are good ones of an account, assignment
//! or session that has ended.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use caodiem_tests::app::App;
use caodiem_tests::database::Backend;
use caodiem_tests::forge::{Forge, claims_of, es384, hs256, unsigned};
use caodiem_tests::on_both;
use caodiem_tests::wait::until;
use serde_json::{Value, json};
use ureq::Agent;

/// How long a server may take to notice.
const LIMIT: Duration = Duration::from_secs(5);

const QUERY: &str = "{ units(first: 1) { nodes { code } } }";

/// A server with somebody who may read, and the means to forge his token.
struct Smithy {
    app: App,
    forge: Forge,
    agent: Agent,
    header: Value,
    claims: Value,
}

/// What came back: status, headers that are the same for every answer, body.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Seen {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Value,
}

impl Smithy {
    fn open(backend: Backend) -> Option<Self> {
        let app = App::start(backend)?;
        let forge = Forge::of(app.database().home());
        let header = json!({ "alg": "ES256", "typ": "at+jwt", "kid": forge.kid });
        let agent = Agent::config_builder().http_status_as_error(false).build().into();
        let login = app.account("analyst", "VN", None);
        let claims = claims_of(&app.token_of(&login, &[]));
        Some(Self { app, forge, agent, header, claims })
    }

    /// Asks with these values of the header that tells who asks.
    fn ask(&self, authorization: &[String]) -> Seen {
        let mut request =
            self.agent.post(format!("{}/graphql", self.app.base())).header("x-request-id", "token-vector");
        for value in authorization {
            request = request.header("authorization", value);
        }
        let mut answer = request.send_json(json!({ "query": QUERY })).expect("an answer");
        let told = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
            (name.to_string(), value.to_str().expect("text").to_owned())
        };
        let headers = answer.headers().iter().map(told).filter(|(name, _)| name != "date").collect();
        Seen { status: answer.status().as_u16(), headers, body: answer.body_mut().read_json().expect("JSON") }
    }

    fn bearer(&self, token: &str) -> Seen {
        self.ask(&[format!("Bearer {token}")])
    }

    /// The good claims with one changed, or without it.
    fn claims(&self, name: &str, value: Option<Value>) -> Value {
        let mut claims = self.claims.clone();
        let members = claims.as_object_mut().expect("an object");
        match value {
            Some(value) => members.insert(name.to_owned(), value),
            None => members.remove(name),
        };
        claims
    }

    /// The good header with one member changed, or without it.
    fn header(&self, name: &str, value: Option<Value>) -> Value {
        let mut header = self.header.clone();
        let members = header.as_object_mut().expect("an object");
        match value {
            Some(value) => members.insert(name.to_owned(), value),
            None => members.remove(name),
        };
        header
    }

    fn good(&self) -> String {
        self.forge.sign(&self.header, &self.claims)
    }

    /// Headers that are not exactly ours, over good claims, under our own key.
    fn headers(&self) -> Vec<(String, String)> {
        let jwk = json!({ "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA" });
        let changed = [
            ("typ", None),
            ("typ", Some(json!("JWT"))),
            ("typ", Some(json!(5))),
            ("alg", None),
            ("alg", Some(json!("es256"))),
            ("alg", Some(json!("ES384"))),
            ("kid", None),
            ("kid", Some(json!(""))),
            ("kid", Some(json!("unknown"))),
            ("kid", Some(json!("../../keys/keys.json"))),
            ("kid", Some(json!("' OR '1'='1"))),
            ("kid", Some(json!("k".repeat(4_000)))),
            ("kid", Some(json!([self.forge.kid]))),
            ("jwk", Some(jwk)),
            ("jku", Some(json!("https://example.org/jwks.json"))),
            ("x5u", Some(json!("https://example.org/chain.pem"))),
            ("x5c", Some(json!(["AAAA"]))),
            ("crit", Some(json!(["exp"]))),
            ("zip", Some(json!("DEF"))),
        ];
        let signed = |(name, value): (&str, Option<Value>)| {
            let shown = format!("header {name} {value:?}");
            (shown, self.forge.sign(&self.header(name, value), &self.claims))
        };
        changed.map(signed).into()
    }

    /// Claims that are not exactly ours, under a good header and our own key.
    fn payloads(&self) -> Vec<(String, String)> {
        let now = self.claims["iat"].as_i64().expect("a moment");
        let needed = ["iss", "aud", "sub", "exp", "iat", "jti", "acc", "asg", "role", "scope"];
        let wrong = [
            ("iss", json!("other")),
            ("aud", json!("other")),
            ("aud", json!([self.claims["aud"]])),
            ("sub", json!(7)),
            ("sub", json!("somebody-else")),
            ("exp", json!((now + 600).to_string())),
            ("exp", json!(-1)),
            ("exp", json!(now - 10)),
            ("exp", json!(now + 30 * 24 * 3_600)),
            ("exp", json!(1e300)),
            ("iat", json!(now + 600)),
            ("iat", json!("now")),
            ("nbf", json!(now + 600)),
            ("nbf", json!(null)),
            ("jti", json!(5)),
            ("acc", json!("5")),
            ("acc", json!(1)),
            ("asg", json!("7")),
            ("asg", json!(1)),
            ("sid", json!(1)),
            ("role", json!("system_admin")),
            ("role", json!("root")),
            ("scope", json!("unit:2")),
            ("scope", json!(["unit:1"])),
            ("client_id", json!("other")),
        ];
        let missing = needed.map(|name| (format!("no {name}"), self.claims(name, None)));
        let wrong = wrong.map(|(name, value)| (format!("{name} {value}"), self.claims(name, Some(value))));
        let values: Vec<Value> = self.claims.as_object().expect("an object").values().cloned().collect();
        let others = [
            ("an array".to_owned(), json!(values)),
            (
                "an id token".to_owned(),
                json!({ "iss": self.claims["iss"], "sub": self.claims["sub"],
                "aud": "a-client", "exp": now + 600, "iat": now, "nonce": "n" }),
            ),
        ];
        let all = missing.into_iter().chain(wrong).chain(others);
        let mut tokens: Vec<_> = all.map(|(shown, claims)| (shown, self.forge.sign(&self.header, &claims))).collect();
        let twice = self.claims.to_string().replacen('{', "{\"asg\":1,", 1);
        tokens.push(("a claim twice".to_owned(), self.forge.sign_text(&self.header.to_string(), &twice)));
        tokens
    }

    /// Signatures that are none, or not ours.
    fn signatures(&self) -> Vec<(String, String)> {
        let good = self.good();
        let (head, signature) = good.rsplit_once('.').expect("three parts");
        let (other, _) = self
            .forge
            .sign(&self.header, &self.claims("jti", Some(json!("other"))))
            .rsplit_once('.')
            .map(|(head, signature)| (head.to_owned(), signature.to_owned()))
            .expect("three parts");
        let none = |alg: &str| unsigned(&self.header("alg", Some(json!(alg))), &self.claims);
        let hmac = self.header("alg", Some(json!("HS256")));
        let changed = [
            ("alg none", none("none")),
            ("alg None", none("None")),
            ("no signature", format!("{head}.")),
            ("two parts", head.to_owned()),
            ("four parts", format!("{good}.{signature}")),
            ("cut signature", good[..good.len() - 8].to_owned()),
            ("another payload", format!("{other}.{signature}")),
            ("zeros", format!("{head}.{}", BASE64_URL_SAFE_NO_PAD.encode([0; 64]))),
            ("HS256 under the public key", hs256(self.forge.public(), &hmac, &self.claims)),
            ("HS256 under our kid", hs256(self.forge.kid.as_bytes(), &hmac, &self.claims)),
            ("another curve", es384(&self.header("alg", Some(json!("ES384"))), &self.claims)),
            ("a stranger's key", Forge::stranger(&self.forge.kid).sign(&self.header, &self.claims)),
            ("a refresh token", BASE64_URL_SAFE_NO_PAD.encode([7; 32])),
            ("dots", "..".to_owned()),
            ("100 KB", "x".repeat(100_000)),
        ];
        changed.map(|(shown, token)| (shown.to_owned(), token)).into()
    }

    /// What is no bearer token at all.
    fn schemes(&self) -> Vec<(String, Vec<String>)> {
        let good = self.good();
        let changed = [
            ("nothing", vec![]),
            ("an empty value", vec![String::new()]),
            ("an empty token", vec!["Bearer ".to_owned()]),
            ("no scheme", vec![good.clone()]),
            ("Basic", vec![format!("Basic {good}")]),
            ("two headers", vec![format!("Bearer {good}"), format!("Bearer {good}")]),
            ("two tokens", vec![format!("Bearer {good} {good}")]),
        ];
        changed.map(|(shown, values)| (shown.to_owned(), values)).into()
    }
}

on_both! {
    what_is_not_exactly_right_is_refused_like_nothing_at_all(backend) {
        let Some(smithy) = Smithy::open(backend) else { return };
        assert_eq!(smithy.bearer(&smithy.good()).status, 200, "the good token is good");
        let refused = smithy.ask(&[]);
        assert_eq!(refused.status, 401);
        assert!(refused.headers.contains_key("www-authenticate"), "{refused:?}");
        let tokens = [smithy.headers(), smithy.payloads(), smithy.signatures()].concat();
        let tokens = tokens.into_iter().map(|(shown, token)| (shown, vec![format!("Bearer {token}")]));
        let vectors: Vec<_> = tokens.chain(smithy.schemes()).collect();
        assert!(vectors.len() >= 40, "{}", vectors.len());
        for (shown, values) in vectors {
            assert_eq!(smithy.ask(&values), refused, "{shown}");
        }
        assert_eq!(smithy.bearer(&smithy.good()).status, 200, "the good token is still good");
    }

    what_has_ended_is_refused_within_seconds(backend) {
        let Some(smithy) = Smithy::open(backend) else { return };
        let refused = smithy.ask(&[]);
        let ends = [
            ("an ended assignment", "UPDATE assignment SET ended_at = 1, ended_by = 'tests' WHERE id = {asg}"),
            ("a suspended assignment", "UPDATE assignment SET suspended_at = 1 WHERE id = {asg}"),
            ("an assignment that is over", "UPDATE assignment SET valid_to = '2023-07-05' WHERE id = {asg}"),
            ("a disabled account", "UPDATE account SET state = 'DISABLED', disabled_for = 'x' WHERE id = {acc}"),
            ("an assignment of another", "UPDATE assignment SET account_id = (SELECT MIN(id) FROM account) WHERE id = {asg}"),
            ("an ended session", "UPDATE session SET ended_at = 1, ended_for = 'ENDED' WHERE id = {asg}"),
            ("a session that is over", "UPDATE session SET expires_at = 1, created_at = 0 WHERE id = {asg}"),
        ];
        let codes = ["20", "181", "185", "70", "01", "02", "04"];
        let mut ended = Vec::new();
        for ((shown, sql), code) in ends.iter().zip(codes) {
            let login = smithy.app.account("analyst", code, None);
            let mut claims = claims_of(&smithy.app.token_of(&login, &[]));
            let (asg, acc) = (claims["asg"].to_string(), claims["acc"].to_string());
            let hash = if backend == Backend::Sqlite { format!("X'{}'", "07".repeat(32)) } else { format!("'\\x{}'", "07".repeat(32)) };
            smithy.app.database().execute(&format!(
                "INSERT INTO session (id, account_id, assignment_id, device, refresh, rotated_at, created_at, expires_at, version) \
                 VALUES ({asg}, {acc}, {asg}, 'Test', {hash}, 0, 0, 4000000000000000, 1)"
            ));
            claims["sid"] = claims["asg"].clone();
            let token = smithy.forge.sign(&smithy.header, &claims);
            assert_eq!(smithy.bearer(&token).status, 200, "{shown}: good before");
            smithy.app.database().execute(&sql.replace("{asg}", &asg).replace("{acc}", &acc));
            ended.push((shown, token));
        }
        for (shown, token) in ended {
            until(LIMIT, shown, || smithy.bearer(&token).status != 200);
            assert_eq!(smithy.bearer(&token), refused, "{shown}");
        }
    }

    keys_turn_without_a_refusal_and_a_disabled_one_is_refused(backend) {
        let Some(smithy) = Smithy::open(backend) else { return };
        let keys = |arguments: &[&str]| {
            let done = smithy.app.run(&[&["keys"], arguments].concat());
            (done.status.success(), String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned())
        };
        let published = || {
            let mut set = smithy.agent.get(format!("{}/.well-known/jwks.json", smithy.app.base())).call().expect("a set");
            assert_eq!(set.headers()["cache-control"], "public, max-age=3600");
            let set: Value = set.body_mut().read_json().expect("JSON");
            let keys = set["keys"].as_array().expect("keys");
            assert!(keys.iter().all(|key| key.get("d").is_none()), "{set}");
            keys.iter().map(|key| key["kid"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
        };
        let first = smithy.forge.kid.clone();
        assert_eq!(published(), std::slice::from_ref(&first));
        assert!(keys(&["rotate"]).0);
        until(LIMIT, "the new key is published", || published().len() == 2);
        let second = published().into_iter().find(|kid| *kid != first).expect("another key");
        let early = keys(&["activate", &second]);
        assert!(!early.0 && early.1.contains("too early"), "{}", early.1);
        assert!(keys(&["activate", &second, "--force", "--reason", "drill"]).0);
        let old = smithy.good();
        let fresh = smithy.app.token_of(&smithy.app.account("analyst", "VN", None), &[]);
        until(LIMIT, "the new key verifies", || smithy.bearer(&fresh).status == 200);
        assert_eq!(smithy.bearer(&old).status, 200, "what the first key signed still counts");
        let early = keys(&["remove", &first]);
        assert!(!early.0 && early.1.contains("too early"), "{}", early.1);
        assert!(keys(&["disable", &first, "--reason", "drill"]).0);
        until(LIMIT, "the disabled key is refused", || smithy.bearer(&old).status == 401);
        assert_eq!(published(), [second]);
        assert_eq!(smithy.bearer(&fresh).status, 200);
    }
}
