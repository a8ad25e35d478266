//! Machines sign in with assertions under their own keys.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use caodiem_domain::audit::hex;
use caodiem_tests::app::App;
use caodiem_tests::client::Client;
use caodiem_tests::database::Backend;
use caodiem_tests::forge::{Forge, hs256};
use caodiem_tests::on_both;
use serde_json::{Value, json};
use ureq::Agent;

use crate::places::BINH_GIA;

/// A server with a machine that has a key.
struct Plant {
    app: App,
    agent: Agent,
    login: String,
    key: Forge,
}

impl Plant {
    fn open(backend: Backend) -> Option<Self> {
        let app = App::start(backend)?;
        let login = app.account("integrator", BINH_GIA, None);
        let key = Forge::stranger("key-1");
        let plant = Self { app, agent: Agent::config_builder().http_status_as_error(false).build().into(), login, key };
        plant.add_key(backend);
        Some(plant)
    }

    fn add_key(&self, backend: Backend) {
        let hex = hex(self.key.public());
        let public = if backend == Backend::Sqlite { format!("X'{hex}'") } else { format!("'\\x{hex}'") };
        self.app.database().execute(&format!(
            "INSERT INTO service_key (id, account_id, kid, public, expires_at) \
             SELECT 1000000, id, 'key-1', {public}, 4000000000000000 FROM account WHERE login = '{}'",
            self.login
        ));
    }

    fn header(&self) -> Value {
        json!({ "alg": "ES256", "kid": self.key.kid, "typ": "JWT" })
    }

    fn claims(&self, jti: &str) -> Value {
        let now = std::process::Command::new("date").arg("+%s").output().expect("date runs").stdout;
        let now: i64 = String::from_utf8(now).expect("text").trim().parse().expect("a number");
        json!({ "iss": self.login, "sub": self.login, "aud": "caodiem", "jti": jti, "iat": now, "exp": now + 60 })
    }

    fn assertion(&self, jti: &str) -> String {
        self.key.sign(&self.header(), &self.claims(jti))
    }

    /// Posts a form; gives status and body.
    fn post(&self, fields: &[(&str, &str)]) -> (u16, Value) {
        let request = self.agent.post(format!("{}/oauth/token", self.app.base()));
        let mut answer = request.send_form(fields.iter().copied()).expect("an answer");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        (answer.status().as_u16(), answer.body_mut().read_json().expect("JSON"))
    }

    fn present(&self, assertion: &str) -> (u16, Value) {
        self.post(&[
            ("grant_type", "client_credentials"),
            ("client_assertion_type", TYPE),
            ("client_assertion", assertion),
        ])
    }
}

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// With one member changed, or without it.
fn changed(object: &Value, name: &str, value: Value) -> Value {
    let mut changed = object.clone();
    let members = changed.as_object_mut().expect("an object");
    if value.is_null() {
        members.remove(name);
    } else {
        members.insert(name.to_owned(), value);
    }
    changed
}

on_both! {
    a_machine_gets_a_short_token_for_an_assertion_that_counts_once(backend) {
        let Some(plant) = Plant::open(backend) else { return };
        let assertion = plant.assertion("a");
        let (status, answer) = plant.present(&assertion);
        assert_eq!((status, &answer["token_type"], &answer["expires_in"]), (200, &json!("Bearer"), &json!(900)), "{answer}");
        assert!(answer.get("refresh_token").is_none());
        let token = answer["access_token"].as_str().expect("a token").to_owned();
        let payload = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("a payload")).expect("base64url");
        let claims: Value = serde_json::from_slice(&payload).expect("JSON");
        assert_eq!(claims["client_id"], plant.login.as_str());
        let client = Client::new(plant.app.base(), Some(token));
        assert_eq!(client.ask("{ viewer { role } }", json!({}))["viewer"]["role"], "INTEGRATOR");
        assert_eq!(plant.present(&assertion), (401, json!({ "error": "invalid_client" })), "it counts once");
        assert_eq!(plant.present(&plant.assertion("b")).0, 200);
        let acts = |outcome: &str| {
            plant.app.database().number(&format!(
                "SELECT COUNT(*) AS number FROM audit WHERE operation = 'signInService' AND outcome {outcome} 'DONE'"
            ))
        };
        assert_eq!((acts("="), acts("<>")), (2, 1));
        let used = "SELECT COUNT(*) AS number FROM service_key WHERE last_used_at IS NOT NULL";
        assert_eq!(plant.app.database().number(used), 1);
    }

    whatever_is_wrong_with_an_assertion_has_one_answer(backend) {
        let Some(plant) = Plant::open(backend) else { return };
        let (header, claims) = (plant.header(), plant.claims("c"));
        let now = claims["iat"].as_i64().expect("a moment");
        let sign = |header: &Value, claims: &Value| plant.key.sign(header, claims);
        let of_claims = |name: &str, value: Value| sign(&header, &changed(&claims, name, value));
        let of_header = |name: &str, value: Value| sign(&changed(&header, name, value), &claims);
        let mut wrong = vec![
            String::new(),
            "a.b.c".to_owned(),
            Forge::stranger("key-1").sign(&header, &claims),
            hs256(plant.key.public(), &changed(&header, "alg", json!("HS256")), &claims),
        ];
        let headers = [("kid", json!(null)), ("kid", json!("other")), ("alg", json!("none")), ("typ", json!("at+jwt")), ("crit", json!(["exp"])), ("jku", json!("https://example.org"))];
        wrong.extend(headers.map(|(name, value)| of_header(name, value)));
        let payloads = [
            ("iss", json!("other")),
            ("sub", json!("nobody")),
            ("aud", json!("other")),
            ("aud", json!(["caodiem"])),
            ("aud", json!(null)),
            ("jti", json!(null)),
            ("jti", json!("")),
            ("exp", json!(null)),
            ("exp", json!(now - 60)),
            ("exp", json!(now + 3_600)),
            ("exp", json!((now + 60).to_string())),
            ("iat", json!(now + 600)),
            ("nbf", json!(now + 600)),
        ];
        wrong.extend(payloads.map(|(name, value)| of_claims(name, value)));
        let both = changed(&changed(&claims, "iss", json!("nobody")), "sub", json!("nobody"));
        wrong.push(sign(&header, &both));
        for assertion in wrong {
            assert_eq!(plant.present(&assertion), (401, json!({ "error": "invalid_client" })), "{assertion}");
        }
        plant.app.database().execute("UPDATE service_key SET revoked_at = 1");
        assert_eq!(plant.present(&plant.assertion("d")), (401, json!({ "error": "invalid_client" })), "a withdrawn key");
        plant.app.database().execute("UPDATE service_key SET revoked_at = NULL");
        assert_eq!(plant.present(&plant.assertion("e")).0, 200, "none of this used anything up");
        plant.app.database().execute("UPDATE service_key SET expires_at = 1");
        assert_eq!(plant.present(&plant.assertion("f")), (401, json!({ "error": "invalid_client" })), "a key that is over");
    }

    a_form_that_is_none_is_told_so(backend) {
        let Some(plant) = Plant::open(backend) else { return };
        let assertion = plant.assertion("g");
        let form = |grant: &'static str, kind: &'static str| {
            plant.post(&[("grant_type", grant), ("client_assertion_type", kind), ("client_assertion", &assertion)])
        };
        assert_eq!(form("password", TYPE), (400, json!({ "error": "unsupported_grant_type" })));
        assert_eq!(form("client_credentials", "other"), (400, json!({ "error": "invalid_request" })));
        assert_eq!(plant.post(&[("grant_type", "client_credentials")]), (400, json!({ "error": "invalid_request" })));
        let twice = [("grant_type", "client_credentials"), ("grant_type", "client_credentials")];
        assert_eq!(plant.post(&twice), (400, json!({ "error": "invalid_request" })));
        let fields = [("grant_type", "client_credentials"), ("client_assertion_type", TYPE), ("client_assertion", assertion.as_str()), ("scope", "unit:1")];
        assert_eq!(plant.post(&fields), (400, json!({ "error": "invalid_scope" })), "no assignment there");
    }

    refusals_are_on_record_and_counted_for_the_machine_and_for_strangers_apart(backend) {
        let Some(plant) = Plant::open(backend) else { return };
        let stranger = Forge::stranger("key-1");
        let forged = |number: usize| stranger.sign(&plant.header(), &plant.claims(&format!("f{number}")));
        let mut late = plant.claims("late");
        late["exp"] = json!(1);
        assert_eq!(plant.present(&plant.key.sign(&plant.header(), &late)).0, 401);
        let mut nobody = plant.claims("nobody");
        nobody["iss"] = json!("khong-co");
        nobody["sub"] = json!("khong-co");
        assert_eq!(plant.present(&plant.key.sign(&plant.header(), &nobody)).0, 401);
        let refusals = |subject: &str| {
            plant.app.database().number(&format!(
                "SELECT COUNT(*) AS number FROM audit WHERE operation = 'signInService' AND outcome = 'FORBIDDEN' AND subject = '{subject}'"
            ))
        };
        assert_eq!((refusals(&plant.login), refusals("unknown")), (1, 1), "whatever is wrong; a login that is none is not told");
        let answers: Vec<(u16, Value)> = (0..40).map(|number| plant.present(&forged(number))).collect();
        let limited = (429, json!({ "error": "temporarily_unavailable" }));
        assert!(answers.contains(&limited), "{answers:?}");
        let told = answers.iter().filter(|(status, _)| *status == 401).count();
        assert!((28..40).contains(&told), "{told}");
        assert_eq!(usize::try_from(refusals(&plant.login)).ok(), Some(1 + told), "what is not looked at is not recorded");
        assert_eq!(plant.present(&plant.assertion("own")).0, 200, "the machine itself still gets in");
    }

    a_key_that_is_no_point_is_refused(backend) {
        let Some(plant) = Plant::open(backend) else { return };
        let admin = plant.app.client("unit_admin", BINH_GIA);
        let found = admin.ask("query($l: String!) { accountByLogin(login: $l) { id } }", json!({ "l": plant.login }));
        let point = Forge::stranger("x").public().to_vec();
        let [x, y] = [1..33, 33..65].map(|half| BASE64_URL_SAFE_NO_PAD.encode(&point[half]));
        let add = |y: &str| {
            let input = json!({ "account": found["accountByLogin"]["id"], "kid": "k9", "x": x, "y": y, "expiresAt": "2023-12-01T00:00:00Z" });
            admin.attempt("addServiceKey", "AddServiceKeyInput", input, "account { id }")["errors"].clone()
        };
        let refused = add(&x);
        assert_eq!((&refused[0]["code"], &refused[0]["field"]), (&json!("NO_PUBLIC_KEY"), &json!(["x"])));
        assert_eq!(add(&y), json!([]));
    }

    what_is_spent_is_forgotten_when_it_is_over(backend) {
        let Some(plant) = Plant::open(backend) else { return };
        assert_eq!(plant.present(&plant.assertion("one")).0, 200);
        plant.app.database().execute("UPDATE spent_assertion SET expires_at = 1");
        assert_eq!(plant.present(&plant.assertion("two")).0, 200);
        assert_eq!(plant.app.database().number("SELECT COUNT(*) AS number FROM spent_assertion"), 1);
        assert_eq!(plant.present(&plant.assertion("two")).0, 401);
    }
}
