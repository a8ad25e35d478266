//! Getting in over the wire: one-time code, second factor, refresh, sign-out; and what somebody without a token may not do.

use std::time::{SystemTime, UNIX_EPOCH};

use caodiem_domain::audit::hex;
use caodiem_tests::app::{App, TODAY, run};
use caodiem_tests::client::{Answer, Client};
use caodiem_tests::database::{Backend, Database};
use caodiem_tests::{on_both, seed};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret};

use crate::places::BINH_GIA;

const PASSWORD: &str = "bốn con ngựa qua cầu";

const TOKENS: &str = "tokens { accessToken refreshToken session assignment { id role unitName } } choices { id role }";

/// Serves the country, with so many attempts a minute from one address.
fn serve(backend: Backend, per_minute: u32) -> Option<App> {
    let database = seed::country(backend)?;
    let settings = format!("sign_ins_per_minute = {per_minute}\n");
    std::fs::write(database.home().join("caodiem.toml"), settings).expect("written");
    Some(App::over(database, TODAY))
}

/// Hands out a reset code of an account past the product: how admins do is tested where that is.
fn reset_code(database: &Database, login: &str, number: u128) -> String {
    let hash = hex(&Sha256::digest(number.to_be_bytes()));
    let blob = if database.url().starts_with("sqlite") { format!("X'{hash}'") } else { format!("'\\x{hash}'") };
    database.execute(&format!(
        "INSERT INTO one_time_code (hash, account_id, purpose, expires_at, created_by) \
         SELECT {blob}, id, 'RESET', 4000000000000000, 'tests' FROM account WHERE login = '{login}'"
    ));
    format!("{number:032x}")
}

fn redeem(app: &App, code: &str, password: &str) -> Value {
    let input = json!({ "code": code, "newPassword": password });
    app.anonymous().attempt("redeemCode", "RedeemCodeInput", input, "login secondFactor { secret uri }")
}

/// An account of the tests that has chosen its password; gives its login and the secret of its second factor.
fn member(app: &App, role: &str, number: u128) -> (String, Option<String>) {
    let login = app.account(role, BINH_GIA, None);
    let done = redeem(app, &reset_code(app.database(), &login, number), PASSWORD);
    assert_eq!((&done["errors"], &done["login"]), (&json!([]), &json!(login)));
    (login, done["secondFactor"]["secret"].as_str().map(str::to_owned))
}

fn sign_in(app: &App, input: Value) -> Value {
    app.anonymous().attempt("signIn", "SignInInput", input, TOKENS)
}

fn refresh(app: &App, token: &Value) -> Value {
    let input = json!({ "refreshToken": token });
    app.anonymous().attempt("refreshSession", "RefreshSessionInput", input, "tokens { accessToken refreshToken }")
}

fn code(payload: &Value) -> &str {
    payload["errors"][0]["code"].as_str().unwrap_or("none")
}

/// What an authenticator app shows so many steps from now.
fn totp(secret: &str, ahead: u64) -> String {
    #[expect(clippy::disallowed_methods, reason = "authenticator apps go by the real clock")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let secret = Secret::try_from_base32(secret).expect("base 32");
    let totp = Builder::new().with_secret(secret).build().expect("a second factor");
    totp.generate(now + 30 * ahead).to_string()
}

fn client(app: &App, tokens: &Value) -> Client {
    Client::new(app.base(), tokens["accessToken"].as_str().map(str::to_owned))
}

/// So many attempts to sign in by one document, under aliases.
fn send_sign_ins(client: &Client, count: usize) -> Answer {
    let fields: Vec<String> =
        (0..count).map(|number| format!("a{number}: signIn(input: $i) {{ errors {{ code }} }}")).collect();
    let document = format!("mutation($i: SignInInput!) {{ {} }}", fields.join(" "));
    client.send(&document, json!({ "i": { "requestId": "request-1", "login": "x", "password": "y" } }))
}

on_both! {
    somebody_gets_in_goes_on_and_out(backend) {
        let Some(app) = serve(backend, 1_000) else { return };
        let (login, secret) = member(&app, "unit_admin", 1);
        let secret = secret.expect("a unit admin has a second factor");
        let right = json!({ "login": login, "password": PASSWORD, "device": "máy bàn" });
        assert_eq!(code(&sign_in(&app, right.clone())), "TOTP_REQUIRED");
        let codes = [totp(&secret, 0), totp(&secret, 1)];
        let with = |code: &str| {
            let mut input = right.clone();
            input["totp"] = code.into();
            input
        };
        let first = sign_in(&app, with(&codes[0]));
        assert_eq!(first["errors"], json!([]));
        let tokens = &first["tokens"];
        assert_eq!((&tokens["assignment"]["role"], &tokens["assignment"]["unitName"]), (&json!("UNIT_ADMIN"), &json!("Huyện Bình Gia")));
        assert_eq!(code(&sign_in(&app, with(&codes[0]))), "SIGN_IN_REFUSED", "a code counts once");
        let other = sign_in(&app, with(&codes[1]));
        assert_eq!(other["errors"], json!([]));
        let seen = client(&app, tokens).ask(
            "{ viewer { subject account { login hasSecondFactor needsSecondFactor lastSignIn } assignments { id role } \
               sessions { id device isCurrent assignment { role } createdAt lastUsedAt endsAt } } }", json!({}),
        );
        let viewer = &seen["viewer"];
        assert_eq!(viewer["account"]["login"], json!(login));
        assert_eq!((&viewer["account"]["hasSecondFactor"], &viewer["account"]["needsSecondFactor"]), (&json!(true), &json!(true)));
        assert_eq!(viewer["assignments"][0]["id"], tokens["assignment"]["id"]);
        let current: Vec<_> = viewer["sessions"].as_array().expect("sessions").iter().map(|one| one["isCurrent"].clone()).collect();
        assert_eq!(current, [json!(false), json!(true)], "newest first");
        let refreshed = refresh(&app, &tokens["refreshToken"]);
        assert_eq!(refreshed["errors"], json!([]));
        let own = client(&app, &refreshed["tokens"]);
        own.act("endOtherSessions", "EndOtherSessionsInput", json!({}), "");
        assert_eq!(code(&refresh(&app, &other["tokens"]["refreshToken"])), "SESSION_OVER");
        own.act("signOut", "SignOutInput", json!({}), "");
        assert_eq!(code(&refresh(&app, &refreshed["tokens"]["refreshToken"])), "SESSION_OVER");
        for secret in [PASSWORD, &secret, "000000000000000000000000000001"] {
            let leaks = app.database().number(&format!(
                "SELECT COUNT(*) AS number FROM audit WHERE input LIKE '%{secret}%' OR changes LIKE '%{secret}%'"
            ));
            assert_eq!(leaks, 0, "a secret is on record");
        }
    }

    a_password_is_changed_by_who_knows_it(backend) {
        let Some(app) = serve(backend, 1_000) else { return };
        let (login, _) = member(&app, "reporter", 1);
        let signed_in = sign_in(&app, json!({ "login": login, "password": PASSWORD }));
        let own = client(&app, &signed_in["tokens"]);
        let change = |from: &str, to: &str| {
            let input = json!({ "currentPassword": from, "newPassword": to });
            own.attempt("changePassword", "ChangePasswordInput", input, "")
        };
        assert_eq!(code(&change("không phải mật khẩu", "mưa rơi trên mái tôn cũ")), "PASSWORD_REFUSED");
        let short = change(PASSWORD, "ngắn quá");
        assert_eq!((code(&short), &short["errors"][0]["field"]), ("PASSWORD_TOO_SHORT", &json!(["newPassword"])));
        assert_eq!(change(PASSWORD, "mưa rơi trên mái tôn cũ")["errors"], json!([]));
        assert_eq!(code(&sign_in(&app, json!({ "login": login, "password": PASSWORD }))), "SIGN_IN_REFUSED");
        let again = sign_in(&app, json!({ "login": login, "password": "mưa rơi trên mái tôn cũ" }));
        assert_eq!(again["errors"], json!([]));
        let key = own.attempt("setUpTotp", "SetUpTotpInput", json!({ "currentPassword": "mưa rơi trên mái tôn cũ" }), "secondFactor { secret uri }");
        let secret = key["secondFactor"]["secret"].as_str().expect("a secret").to_owned();
        assert_eq!(own.attempt("confirmTotp", "ConfirmTotpInput", json!({ "totp": totp(&secret, 0) }), "")["errors"], json!([]));
        assert_eq!(code(&sign_in(&app, json!({ "login": login, "password": "mưa rơi trên mái tôn cũ" }))), "TOTP_REQUIRED");
    }

    who_does_not_exist_is_answered_like_who_is_wrong(backend) {
        let Some(app) = serve(backend, 1_000) else { return };
        let (login, _) = member(&app, "reporter", 1);
        let document = "mutation($i: SignInInput!) { signIn(input: $i) { tokens { session } choices { id } errors { code field message messageEn } } }";
        let send = |login: &str| {
            let input = json!({ "requestId": "request-1", "login": login, "password": "không phải mật khẩu" });
            app.anonymous().send(document, json!({ "i": input }))
        };
        let (known, unknown) = (send(&login), send("khong-co-ai"));
        assert_eq!((known.status, known.body.clone()), (unknown.status, unknown.body.clone()));
        assert_eq!(known.body["data"]["signIn"]["errors"][0]["code"], "SIGN_IN_REFUSED");
        for _ in 0..5 {
            send(&login);
        }
        assert_eq!(send(&login).body, unknown.body, "guarded");
        let right = sign_in(&app, json!({ "login": login, "password": PASSWORD }));
        assert_eq!(code(&right), "SIGN_IN_REFUSED", "a right password is not told meanwhile");
    }

    somebody_without_a_token_can_get_in_and_nothing_else(backend) {
        let Some(app) = serve(backend, 1_000) else { return };
        let nobody = app.anonymous();
        for document in [
            "{ __schema { types { name } } }",
            "{ __typename }",
            "{ viewer { subject } }",
            "mutation { __typename }",
            "mutation { signOut(input: { requestId: \"request-1\" }) { errors { code } } }",
        ] {
            let answer = nobody.send(document, json!({}));
            assert_eq!((answer.status, answer.codes()), (401, vec!["UNAUTHENTICATED"]), "{document}");
        }
        let one = "signIn(input: { requestId: \"request-1\", login: \"x\", password: \"y\" }) { errors { code } }";
        for document in [
            format!("mutation {{ {one} __typename }}"),
            format!("mutation {{ ... {{ {one} }} }}"),
            format!("mutation {{ ...F }} fragment F on Mutation {{ {one} }}"),
            format!("mutation {{ {one} signOut(input: {{ requestId: \"request-1\" }}) {{ errors {{ code }} }} }}"),
        ] {
            let answer = nobody.send(&document, json!({}));
            assert_eq!((answer.status, answer.codes()), (403, vec!["OPERATION_NOT_ALLOWED"]), "{document}");
        }
        let forged = Client::new(app.base(), Some("nothing".to_owned()));
        let answer = forged.send(&format!("mutation {{ {one} }}"), json!({}));
        assert_eq!((answer.status, answer.codes()), (401, vec!["UNAUTHENTICATED"]), "a bad token is never no token");
        let answer = nobody.send(&format!("mutation {{ {one} }}"), json!({}));
        assert_eq!(answer.body["data"]["signIn"]["errors"][0]["code"], "SIGN_IN_REFUSED");
    }
}

/// A wait passes while the server is down: the clock is set to a later moment when it comes up again.
#[test]
fn a_wait_outlives_the_server_and_ends_in_its_time() {
    let Some(mut app) = serve(Backend::Sqlite, 1_000) else { return };
    let (login, _) = member(&app, "reporter", 1);
    let right = json!({ "login": login, "password": PASSWORD });
    let session = sign_in(&app, right.clone());
    for _ in 0..5 {
        assert_eq!(
            code(&sign_in(&app, json!({ "login": login, "password": "không phải mật khẩu" }))),
            "SIGN_IN_REFUSED"
        );
    }
    assert_eq!(code(&sign_in(&app, right.clone())), "SIGN_IN_REFUSED");
    app.move_to(&format!("{TODAY}T08:01:30+07:00"));
    assert_eq!(sign_in(&app, right)["errors"], json!([]));
    assert_eq!(refresh(&app, &session["tokens"]["refreshToken"])["errors"], json!([]), "the session went on");
}

#[test]
fn the_first_admin_is_made_on_the_host_and_lets_himself_in() {
    let database = seed::country(Backend::Sqlite).expect("SQLite is always there");
    let create = ["admin", "create", "--login", "quan-tri", "--post", "Quản trị hệ thống"];
    let made = run(&database, &[&create[..], &["--today", TODAY, "--allow-insecure"]].concat());
    let said = String::from_utf8_lossy(&made.stdout).into_owned();
    assert!(made.status.success(), "{said}{}", String::from_utf8_lossy(&made.stderr));
    let one_time = said.lines().last().expect("a code").to_owned();
    let mut app = App::over(database, "2023-07-07");
    assert_eq!(code(&redeem(&app, &one_time, PASSWORD)), "CODE_REFUSED", "too late");
    app.move_to(TODAY);
    let secret = redeem(&app, &one_time, PASSWORD)["secondFactor"]["secret"].as_str().map(str::to_owned);
    let secret = secret.expect("a second factor");
    let input = json!({ "login": "quan-tri", "password": PASSWORD, "totp": totp(&secret, 0) });
    let signed_in = sign_in(&app, input);
    assert_eq!(signed_in["tokens"]["assignment"]["role"], "SYSTEM_ADMIN", "{signed_in}");
}

#[test]
fn a_hundred_sign_ins_in_one_request_are_refused_whole_and_count_as_a_hundred() {
    let Some(app) = serve(Backend::Sqlite, 30) else { return };
    let login = app.account("reporter", BINH_GIA, None);
    let refused = send_sign_ins(&app.anonymous(), 100);
    assert_eq!((refused.status, refused.codes()), (403, vec!["OPERATION_NOT_ALLOWED"]));
    assert_eq!(app.database().number("SELECT COUNT(*) AS number FROM audit WHERE operation = 'signIn'"), 0, "none ran");
    let limited = send_sign_ins(&app.anonymous(), 1);
    assert_eq!((limited.status, limited.codes()), (429, vec!["RATE_LIMITED"]));
    assert!(limited.body["errors"][0]["extensions"]["retryAfter"].as_u64().is_some_and(|wait| (1..=2).contains(&wait)));
    let token = app.token_of(&login, &[]);
    let known = send_sign_ins(&Client::new(app.base(), Some(token)), 2);
    assert_eq!(known.status, 429, "nor does a token help");
}

#[test]
fn one_address_has_thirty_attempts_a_minute() {
    let Some(app) = serve(Backend::Sqlite, 30) else { return };
    let nobody = app.anonymous();
    let statuses: Vec<u16> = (0..40).map(|_| send_sign_ins(&nobody, 1).status).collect();
    assert!(statuses[..30].iter().all(|status| *status == 200), "{statuses:?}");
    assert!(statuses.contains(&429), "{statuses:?}");
    let looked_at = app.database().number("SELECT COUNT(*) AS number FROM audit WHERE operation = 'signIn'");
    assert_eq!(usize::try_from(looked_at).ok(), Some(statuses.iter().filter(|status| **status == 200).count()));
    assert_eq!(nobody.send("{ viewer { subject } }", json!({})).status, 401, "other requests are not counted");
}
