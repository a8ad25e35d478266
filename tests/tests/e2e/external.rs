//! Signing in by tokens of another issuer: bound by an admin, verified with the issuer's published key, each used once.

use std::process::Command;

use caodiem_tests::app::{App, TODAY, run};
use caodiem_tests::client::Client;
use caodiem_tests::database::Backend;
use caodiem_tests::forge::{Forge, hs256, unsigned};
use caodiem_tests::wait::until;
use caodiem_tests::{on_both, seed};
use serde_json::{Value, json};

use crate::places::{BINH_GIA, children};

const ISSUER: &str = "https://id.example.org/realms/tinh";

const TOKENS: &str = "tokens { accessToken refreshToken assignment { role unitName } } choices { id role }";

/// A server that trusts an issuer, and the issuer's key.
struct Gate {
    app: App,
    key: Forge,
}

impl Gate {
    fn open(backend: Backend, per_minute: u32) -> Option<Self> {
        let database = seed::country(backend)?;
        let key = Forge::stranger("issuer-1");
        key.publish(&database.home().join("issuer.json"));
        let settings = format!(
            "sign_ins_per_minute = {per_minute}\n[[external_issuers]]\nissuer = \"{ISSUER}\"\naudience = \"caodiem\"\n\
             keys = \"issuer.json\"\nsecond_factor = {{ amr = [\"otp\"] }}\n"
        );
        std::fs::write(database.home().join("caodiem.toml"), settings).expect("written");
        Some(Self { app: App::over(database, TODAY), key })
    }

    fn claims(subject: &str, nonce: &str) -> Value {
        let now = Command::new("date").arg("+%s").output().expect("date runs").stdout;
        let now: i64 = String::from_utf8(now).expect("text").trim().parse().expect("a number");
        json!({ "iss": ISSUER, "sub": subject, "aud": "caodiem", "iat": now, "exp": now + 300, "nonce": nonce })
    }

    fn header(&self) -> Value {
        json!({ "alg": "ES256", "kid": self.key.kid, "typ": "JWT" })
    }

    fn token(&self, subject: &str, nonce: &str) -> String {
        self.key.sign(&self.header(), &Self::claims(subject, nonce))
    }

    fn present(&self, token: &str) -> Value {
        self.app.anonymous().attempt("signInExternal", "SignInExternalInput", json!({ "token": token }), TOKENS)
    }

    /// An account of a commune, invited, with a role; gives its id.
    fn invite(admin: &Client, login: &str, role: &str) -> Value {
        let commune = children(admin, BINH_GIA)[0].2.clone();
        let new = json!({ "login": login, "post": "Cán bộ", "unit": commune });
        let made = admin.act("createAccount", "CreateAccountInput", new, "account { id }")["account"]["id"].clone();
        let grant = json!({ "account": made, "role": role, "unit": commune, "validFrom": TODAY });
        admin.act(
            "grantAssignment",
            "GrantAssignmentInput",
            json!({ "grant": grant, "reason": "quyết định" }),
            "assignment { id }",
        );
        made
    }
}

fn code(payload: &Value) -> &str {
    payload["errors"][0]["code"].as_str().unwrap_or("none")
}

fn binding(account: &Value, subject: &str) -> Value {
    json!({ "account": account, "issuer": ISSUER, "subject": subject })
}

const BOUND: &str = "account { state externalIdentities { issuer subject assignments { role } } }";

on_both! {
    who_was_bound_gets_in_without_a_password_and_once_by_each_token(backend) {
        let Some(gate) = Gate::open(backend, 1_000) else { return };
        let admin = gate.app.client("unit_admin", BINH_GIA);
        let account = Gate::invite(&admin, "to-truong-1", "REPORTER");
        assert_eq!(code(&gate.present(&gate.token("to-truong-1", "a"))), "EXTERNAL_REFUSED", "a login is no binding");
        let bound = admin.act("bindExternal", "BindExternalInput", binding(&account, "s-17"), BOUND);
        assert_eq!(bound["account"], json!({ "state": "ACTIVE", "externalIdentities": [{ "issuer": ISSUER, "subject": "s-17", "assignments": [{ "role": "REPORTER" }] }] }));
        let other = Gate::invite(&admin, "to-truong-2", "REPORTER");
        let again = admin.attempt("bindExternal", "BindExternalInput", binding(&other, "s-17"), BOUND);
        assert_eq!((code(&again), &again["errors"][0]["field"]), ("EXTERNAL_TAKEN", &json!(["subject"])));
        let token = gate.token("s-17", "b");
        let opened = gate.present(&token);
        assert_eq!((&opened["errors"], &opened["tokens"]["assignment"]["role"]), (&json!([]), &json!("REPORTER")), "{opened}");
        let own = Client::new(gate.app.base(), opened["tokens"]["accessToken"].as_str().map(str::to_owned));
        assert_eq!(own.ask("{ viewer { subject } }", json!({}))["viewer"]["subject"], "to-truong-1");
        assert_eq!(code(&gate.present(&token)), "EXTERNAL_REFUSED", "it is spent");
        let refresh = json!({ "refreshToken": opened["tokens"]["refreshToken"] });
        let refreshed = gate.app.anonymous().act("refreshSession", "RefreshSessionInput", refresh, "tokens { accessToken refreshToken }");
        let seen = "query($a: ID!) { node(id: $a) { ... on Account { login externalIdentities { subject } } } }";
        let elsewhere = gate.app.client("unit_admin", "70");
        assert_eq!(elsewhere.ask(seen, json!({ "a": account }))["node"], Value::Null);
        let tried = elsewhere.attempt("bindExternal", "BindExternalInput", binding(&account, "s-18"), BOUND);
        assert_eq!(code(&tried), "NOT_FOUND", "out of scope");
        let auditor = gate.app.client("auditor", BINH_GIA).send(seen, json!({ "a": account }));
        assert!(auditor.body["errors"].is_array(), "bindings are for who looks after accounts: {}", auditor.body);
        admin.act("unbindExternal", "UnbindExternalInput", binding(&account, "s-17"), BOUND);
        assert_eq!(code(&gate.present(&gate.token("s-17", "c"))), "EXTERNAL_REFUSED");
        let refresh = json!({ "refreshToken": refreshed["tokens"]["refreshToken"] });
        let over = gate.app.anonymous().attempt("refreshSession", "RefreshSessionInput", refresh, "");
        assert_eq!(code(&over), "SESSION_OVER", "its sessions are over");
        let count = |sql: &str| gate.app.database().number(&format!("SELECT COUNT(*) AS number FROM audit WHERE {sql}"));
        let signature = token.rsplit('.').next().expect("a signature");
        assert_eq!(count(&format!("input LIKE '%{signature}%' OR changes LIKE '%{signature}%'")), 0, "no token is on record");
        assert_eq!(count("operation = 'signInExternal' AND outcome = 'DONE' AND subject = 'to-truong-1'"), 1);
        assert_eq!(count("operation = 'signInExternal' AND outcome = 'EXTERNAL_REFUSED' AND subject = 'to-truong-1'"), 1);
        assert_eq!(count("operation = 'signInExternal' AND outcome = 'EXTERNAL_REFUSED' AND subject = 'unknown'"), 2);
        assert_eq!(count("operation = 'bindExternal' AND outcome = 'DONE' AND changes LIKE '%s-17%'"), 1);
        assert_eq!(count("operation = 'bindExternal' AND outcome = 'NOT_FOUND'"), 1);
    }

    whatever_is_wrong_with_a_token_has_one_answer(backend) {
        let Some(gate) = Gate::open(backend, 1_000) else { return };
        let admin = gate.app.client("unit_admin", BINH_GIA);
        let account = Gate::invite(&admin, "to-truong-1", "REPORTER");
        admin.act("bindExternal", "BindExternalInput", binding(&account, "s-17"), BOUND);
        let (header, claims) = (gate.header(), Gate::claims("s-17", "a"));
        let with = |mut object: Value, name: &str, value: Value| {
            object[name] = value;
            object
        };
        let now = claims["iat"].as_i64().expect("a moment");
        let mut wrong = vec![
            String::new(),
            "a.b.c".to_owned(),
            "x".repeat(9_000),
            gate.app.token_of(&gate.app.account("analyst", BINH_GIA, None), &[]),
            Forge::stranger("issuer-1").sign(&header, &claims),
            hs256(gate.key.public(), &with(header.clone(), "alg", json!("HS256")), &claims),
            unsigned(&with(header.clone(), "alg", json!("none")), &claims),
            gate.key.sign_text(&header.to_string(), &claims.to_string().replacen('{', "{\"sub\":\"s-18\",", 1)),
        ];
        let headers = [("kid", json!("other")), ("typ", json!("at+jwt")), ("crit", json!(["exp"])), ("jku", json!("https://example.org")), ("jwk", json!({}))];
        wrong.extend(headers.map(|(name, value)| gate.key.sign(&with(header.clone(), name, value), &claims)));
        let payloads = [
            ("iss", json!("https://other.example.org")),
            ("aud", json!("other")),
            ("aud", json!(["caodiem", "other"])),
            ("sub", json!("s-18")),
            ("exp", json!(now - 60)),
            ("iat", json!(now - 3_600)),
            ("iat", json!(now + 600)),
            ("nbf", json!(now + 600)),
        ];
        wrong.extend(payloads.map(|(name, value)| gate.key.sign(&header, &with(claims.clone(), name, value))));
        let document = "mutation($t: String!) { signInExternal(input: { requestId: \"request-1\", token: $t }) { tokens { session } choices { id } errors { code field message messageEn } } }";
        let send = |token: &str| {
            let answer = gate.app.anonymous().send(document, json!({ "t": token }));
            (answer.status, answer.body)
        };
        let refused = send("");
        assert_eq!(refused.1["data"]["signInExternal"]["errors"][0]["code"], "EXTERNAL_REFUSED");
        for token in wrong {
            assert_eq!(send(&token), refused, "{token}");
        }
        assert_eq!(gate.present(&gate.key.sign(&header, &claims))["errors"], json!([]), "the good one is still good");
        gate.app.database().execute("UPDATE account SET state = 'DISABLED', disabled_for = 'x' WHERE login = 'to-truong-1'");
        assert_eq!(send(&gate.token("s-17", "b")), refused, "a disabled account");
    }

    the_issuer_vouches_for_a_second_factor_or_the_account_has_its_own(backend) {
        let Some(gate) = Gate::open(backend, 1_000) else { return };
        let admin = gate.app.client("unit_admin", BINH_GIA);
        let account = Gate::invite(&admin, "ke-hoach-1", "PLANNER");
        admin.act("bindExternal", "BindExternalInput", binding(&account, "s-20"), BOUND);
        assert_eq!(code(&gate.present(&gate.token("s-20", "a"))), "TOTP_SETUP_REQUIRED");
        let mut claims = Gate::claims("s-20", "b");
        claims["amr"] = json!(["pwd", "otp"]);
        let opened = gate.present(&gate.key.sign(&gate.header(), &claims));
        assert_eq!(opened["tokens"]["assignment"]["role"], "PLANNER", "{opened}");
        gate.app.account("system_admin", BINH_GIA, None);
        gate.app.database().execute(&format!(
            "INSERT INTO external_identity (issuer, subject, account_id, up_to) SELECT '{ISSUER}', 's-1', id, 2000000 FROM account WHERE login = 'test-system_admin-181'"
        ));
        claims["sub"] = json!("s-1");
        assert_eq!(code(&gate.present(&gate.key.sign(&gate.header(), &claims))), "EXTERNAL_REFUSED", "a system admin");
    }
}

#[test]
fn keys_of_the_issuer_turn_without_a_restart() {
    let Some(gate) = Gate::open(Backend::Sqlite, 1_000) else { return };
    let admin = gate.app.client("unit_admin", BINH_GIA);
    let account = Gate::invite(&admin, "to-truong-1", "REPORTER");
    admin.act("bindExternal", "BindExternalInput", binding(&account, "s-17"), BOUND);
    let next = Forge::stranger("issuer-2");
    let header = json!({ "alg": "ES256", "kid": "issuer-2" });
    let mut number = 0;
    let mut fresh = |key: &Forge, header: &Value| {
        number += 1;
        key.sign(header, &Gate::claims("s-17", &number.to_string()))
    };
    assert_eq!(code(&gate.present(&fresh(&next, &header))), "EXTERNAL_REFUSED");
    next.publish(&gate.app.database().home().join("issuer.json"));
    until(std::time::Duration::from_secs(5), "the new key", || code(&gate.present(&fresh(&next, &header))) == "none");
    assert_eq!(code(&gate.present(&fresh(&gate.key, &gate.header()))), "EXTERNAL_REFUSED", "the old key is gone");
}

#[test]
fn an_attempt_by_token_stands_alone_and_is_counted_for_the_address() {
    let Some(gate) = Gate::open(Backend::Sqlite, 3) else { return };
    let one = "signInExternal(input: { requestId: \"request-1\", token: \"x\" }) { errors { code } }";
    let nobody = gate.app.anonymous();
    let crowd = nobody.send(&format!("mutation {{ {one} __typename }}"), json!({}));
    assert_eq!((crowd.status, crowd.codes()), (403, vec!["OPERATION_NOT_ALLOWED"]));
    let statuses: Vec<u16> = (0..4).map(|_| nobody.send(&format!("mutation {{ {one} }}"), json!({})).status).collect();
    assert_eq!(statuses, [200, 200, 429, 429], "with the one before, three a minute");
}

#[test]
fn a_server_does_not_start_on_keys_that_are_none() {
    let database = seed::country(Backend::Sqlite).expect("SQLite is always there");
    let settings =
        format!("[[external_issuers]]\nissuer = \"{ISSUER}\"\naudience = \"caodiem\"\nkeys = \"issuer.json\"\n");
    std::fs::write(database.home().join("caodiem.toml"), settings).expect("written");
    for (content, part) in [("{\"keys\":[]}", "no key that counts"), ("nothing", "no JWKS")] {
        std::fs::write(database.home().join("issuer.json"), content).expect("written");
        let done = run(&database, &["serve", "--port", "0"]);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(!done.status.success() && said.contains("issuer.json") && said.contains(part), "{said}");
    }
}
