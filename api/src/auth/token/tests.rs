#![expect(clippy::expect_used, reason = "tests")]

use std::path::Path;

use jsonwebtoken::EncodingKey;
use serde::Serialize;
use serde_json::{Value, json};

use super::*;
use crate::auth::keys::SigningKey;
use crate::auth::ring::Folder;
use crate::auth::ring::notes::DAY;

const NOW: i64 = 1_700_000_000;

thread_local! {
    static TAKEN_OUT: std::cell::RefCell<Option<Refusal>> = const { std::cell::RefCell::new(None) };
}

/// Whether this check is taken out at the moment.
pub(super) fn is_taken_out(check: &Refusal) -> bool {
    TAKEN_OUT.with_borrow(|taken_out| taken_out.as_ref() == Some(check))
}

struct At(i64);

impl Clock for At {
    fn now(&self) -> Instant {
        chrono::DateTime::from_timestamp(self.0, 0).expect("a moment")
    }
}

/// A ring of one key in a folder of its own.
struct Stage {
    home: tempfile::TempDir,
    key: SigningKey,
}

impl Stage {
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let ring = Folder::new(home.path()).open(Path::new("none"), At(NOW).now()).expect("a ring");
        let key = ring.signing().expect("a key").clone();
        Self { home, key }
    }

    fn tokens(&self, clock: impl Clock + 'static) -> Tokens {
        let clock: Arc<dyn Clock> = Arc::new(clock);
        let keys = Keyring::open(self.home.path(), Path::new("none"), Arc::clone(&clock)).expect("a ring");
        Tokens::new(Arc::new(keys), "caodiem", "caodiem-api", clock)
    }

    fn judge(&self, claims: &Value) -> Result<Arc<Verified>, Refusal> {
        self.tokens(At(NOW)).verify(&signed(&self.key, &good_header(&self.key), claims))
    }
}

fn good_header(key: &SigningKey) -> Header {
    let mut header = Header::new(Algorithm::ES256);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(key.id.clone());
    header
}

fn good_claims() -> Value {
    json!({
        "iss": "caodiem", "aud": "caodiem-api", "sub": "reporter-181", "iat": NOW, "exp": NOW + 600,
        "jti": "a", "acc": 5, "asg": 7, "sid": 9, "role": "reporter", "scope": "unit:181",
    })
}

/// A token of our own key with this header and these claims.
fn signed(key: &SigningKey, header: &Header, claims: &Value) -> String {
    jsonwebtoken::encode(header, claims, &key.signs).expect("signed")
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = good_claims();
    claims.as_object_mut().expect("an object").insert(name.to_owned(), value);
    claims
}

fn claims(session: Option<SessionId>, kind: AccountKind) -> Claims {
    Claims {
        subject: Subject::new("demo-reporter").expect("a subject"),
        account: AccountId::new(5),
        kind,
        assignment: AssignmentId::new(7),
        role: Role::Reporter,
        unit: UnitId::new(42),
        session,
    }
}

#[test]
fn what_is_minted_is_verified_and_says_the_same() {
    let tokens = Stage::new().tokens(At(NOW));
    for claims in [claims(Some(SessionId::new(9)), AccountKind::Person), claims(None, AccountKind::Service)] {
        let minted = tokens.mint(&claims, 999_999).expect("minted");
        let verified = tokens.verify(&minted).expect("verified");
        assert_eq!(verified.claims, claims);
        assert_eq!(verified.expires_at, NOW + MAX_LIFE);
        assert_eq!(tokens.verify(&minted).as_deref(), Ok(&*verified));
    }
}

#[test]
fn the_good_token_is_good() {
    assert!(Stage::new().judge(&good_claims()).is_ok());
}

#[test]
fn every_claim_that_is_needed_is_demanded() {
    let stage = Stage::new();
    for name in ["iss", "aud", "sub", "exp", "iat", "jti", "acc", "asg", "role", "scope"] {
        let mut claims = good_claims();
        claims.as_object_mut().expect("an object").remove(name);
        assert!(stage.judge(&claims).is_err(), "{name} was not missed");
    }
}

#[test]
fn claims_of_another_type_or_value_are_refused() {
    let stage = Stage::new();
    let wrong = [
        ("iss", json!("other")),
        ("aud", json!("other")),
        ("aud", json!(["caodiem-api", "other"])),
        ("sub", json!("")),
        ("sub", json!("Nguyễn Văn A")),
        ("sub", json!("x".repeat(81))),
        ("sub", json!(5)),
        ("exp", json!((NOW + 600).to_string())),
        ("exp", json!(NOW - LEEWAY)),
        ("exp", json!(-1)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(NOW + MAX_LIFE + 1)),
        ("iat", json!(NOW + LEEWAY + 1)),
        ("iat", json!(-1)),
        ("iat", json!(null)),
        ("nbf", json!(NOW + LEEWAY + 1)),
        ("nbf", json!("soon")),
        ("jti", json!("")),
        ("jti", json!("x".repeat(65))),
        ("role", json!("root")),
        ("role", json!("REPORTER")),
        ("role", json!(["reporter"])),
        ("acc", json!(0)),
        ("acc", json!("5")),
        ("asg", json!(-7)),
        ("asg", json!(7.5)),
        ("sid", json!(0)),
        ("sid", json!("9")),
        ("sid", json!(null)),
        ("scope", json!(181)),
        ("scope", json!("unit:0")),
        ("scope", json!("unit:+181")),
        ("scope", json!("unit:0181")),
        ("scope", json!("unit:181 unit:1")),
        ("client_id", json!("other")),
        ("client_id", json!(null)),
    ];
    for (name, value) in wrong {
        assert!(stage.judge(&with(name, value.clone())).is_err(), "{name} = {value} was taken");
    }
}

#[test]
fn times_are_judged_to_the_second_of_the_leeway() {
    let stage = Stage::new();
    assert!(stage.judge(&with("exp", json!(NOW + 1 - LEEWAY))).is_err(), "exp before iat");
    let ends = |at: i64| {
        let mut claims = with("iat", json!(NOW - 600));
        claims.as_object_mut().expect("an object").insert("exp".to_owned(), json!(at));
        stage.judge(&claims)
    };
    assert!(ends(NOW + 1 - LEEWAY).is_ok());
    assert_eq!(ends(NOW - LEEWAY), Err(Refusal::Expired));
    assert!(stage.judge(&with("iat", json!(NOW + LEEWAY))).is_ok());
    assert!(stage.judge(&with("nbf", json!(NOW + LEEWAY))).is_ok());
}

#[test]
fn headers_that_are_not_exactly_ours_are_refused() {
    let stage = Stage::new();
    let change = |change: &dyn Fn(&mut Header)| {
        let mut header = good_header(&stage.key);
        change(&mut header);
        stage.tokens(At(NOW)).verify(&signed(&stage.key, &header, &good_claims()))
    };
    assert!(change(&|_| {}).is_ok());
    assert_eq!(change(&|header| header.typ = Some("JWT".into())), Err(Refusal::Header("typ")));
    assert_eq!(change(&|header| header.typ = None), Err(Refusal::Header("form")));
    assert_eq!(change(&|header| header.kid = Some("other".into())), Err(Refusal::Header("kid")));
    assert_eq!(change(&|header| header.kid = None), Err(Refusal::Header("form")));
    assert_eq!(change(&|header| header.crit = Some(vec!["exp".into()])), Err(Refusal::Header("form")));
    assert_eq!(change(&|header| header.jku = Some("https://other".into())), Err(Refusal::Header("form")));
}

#[test]
fn other_algorithms_are_refused_even_under_our_kid() {
    let stage = Stage::new();
    let tokens = stage.tokens(At(NOW));
    let mut header = good_header(&stage.key);
    header.alg = Algorithm::HS256;
    let forged = jsonwebtoken::encode(&header, &good_claims(), &EncodingKey::from_secret(&stage.key.public));
    assert_eq!(tokens.verify(&forged.expect("signed")), Err(Refusal::Header("alg")));
    let good = signed(&stage.key, &good_header(&stage.key), &good_claims());
    let (rest, _) = good.rsplit_once('.').expect("three parts");
    let (_, payload) = rest.split_once('.').expect("two parts");
    // {"alg":"none","typ":"at+jwt"} and {"alg":"None"}
    for header in ["eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0", "eyJhbGciOiJOb25lIn0"] {
        for token in [format!("{header}.{payload}."), format!("{header}.{payload}")] {
            assert!(tokens.verify(&token).is_err(), "{token} was taken");
        }
    }
}

#[test]
fn a_foreign_key_and_altered_tokens_are_refused() {
    let (ours, theirs) = (Stage::new(), Stage::new());
    let tokens = ours.tokens(At(NOW));
    let foreign = signed(&theirs.key, &good_header(&ours.key), &good_claims());
    assert!(matches!(tokens.verify(&foreign), Err(Refusal::Unverified(_))));
    let good = signed(&ours.key, &good_header(&ours.key), &good_claims());
    let (head, signature) = good.rsplit_once('.').expect("three parts");
    let other = signed(&ours.key, &good_header(&ours.key), &with("asg", json!(1)));
    let (other_head, _) = other.rsplit_once('.').expect("three parts");
    let altered = [
        format!("{other_head}.{signature}"),
        format!("{head}."),
        head.to_owned(),
        good.get(..good.len() - 4).unwrap_or_default().to_owned(),
        format!("{good}x"),
        format!("{good}."),
        format!(" {good}"),
        String::new(),
        "..".to_owned(),
        "x".repeat(MAX_BYTES),
    ];
    for token in altered {
        assert!(tokens.verify(&token).is_err(), "{token} was taken");
    }
    assert_eq!(tokens.verify(&"x".repeat(MAX_BYTES + 1)), Err(Refusal::TooLong));
    assert!(tokens.verify(&good).is_ok());
}

#[test]
fn a_payload_that_is_no_object_is_refused() {
    let stage = Stage::new();
    let values: Vec<Value> = good_claims().as_object().expect("an object").values().cloned().collect();
    let in_order =
        json!(["caodiem", "caodiem-api", "reporter-181", NOW + 600, NOW, NOW, "a", 5, 7, 9, "reporter", "unit:181"]);
    for payload in [json!(values), in_order, json!("text"), json!(null)] {
        let token = signed(&stage.key, &good_header(&stage.key), &payload);
        assert!(stage.tokens(At(NOW)).verify(&token).is_err(), "{payload} was taken");
    }
}

/// Writes a claim twice, as no honest JSON writer does.
struct Twice;

impl Serialize for Twice {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("asg", &1)?;
        for (name, value) in good_claims().as_object().into_iter().flatten() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

#[test]
fn a_claim_that_stands_twice_is_refused() {
    let stage = Stage::new();
    let token = jsonwebtoken::encode(&good_header(&stage.key), &Twice, &stage.key.signs).expect("signed");
    assert!(stage.tokens(At(NOW)).verify(&token).is_err());
}

#[derive(Clone)]
struct Moving(Arc<std::sync::atomic::AtomicI64>);

impl Moving {
    fn to(&self, moment: i64) {
        self.0.store(moment, std::sync::atomic::Ordering::Relaxed);
    }
}

impl Clock for Moving {
    fn now(&self) -> Instant {
        At(self.0.load(std::sync::atomic::Ordering::Relaxed)).now()
    }
}

#[test]
fn a_remembered_token_expires_all_the_same() {
    let (stage, clock) = (Stage::new(), Moving(Arc::new(NOW.into())));
    let tokens = stage.tokens(clock.clone());
    let token = signed(&stage.key, &good_header(&stage.key), &good_claims());
    assert!(tokens.verify(&token).is_ok());
    clock.to(NOW + 600 + LEEWAY);
    assert_eq!(tokens.verify(&token), Err(Refusal::Expired));
}

#[test]
fn a_remembered_token_goes_with_its_key() {
    let (stage, clock) = (Stage::new(), Moving(Arc::new(NOW.into())));
    let tokens = stage.tokens(clock.clone());
    let token = signed(&stage.key, &good_header(&stage.key), &good_claims());
    assert!(tokens.verify(&token).is_ok());
    let folder = Folder::new(stage.home.path());
    let later = At(NOW).now();
    let turned = folder.change(Path::new("none"), later, |ring| {
        let next = ring.publish()?;
        ring.notes.activate(&next, later, Some("stolen")).map_err(Failure::Failed)
    });
    turned.expect("turned");
    clock.to(NOW + 2);
    assert!(tokens.verify(&token).is_ok(), "a retired key still verifies");
    let disabled = folder.change(Path::new("none"), later, |ring| {
        ring.notes.disable(&stage.key.id, later, "stolen").map_err(Failure::Failed)
    });
    disabled.expect("disabled");
    clock.to(NOW + 4);
    assert_eq!(tokens.verify(&token), Err(Refusal::Header("kid")));
    const { assert!(DAY >= MAX_LIFE, "a key is kept as long as what it signed counts") };
}

/// For each check a token that only this one refuses.
#[test]
fn without_any_one_of_the_checks_a_bad_token_passes() {
    let stage = Stage::new();
    let mut other_type = good_header(&stage.key);
    other_type.typ = Some("JWT".to_owned());
    let over = {
        let mut claims = with("exp", json!(NOW - 60));
        claims.as_object_mut().expect("an object").insert("iat".to_owned(), json!(NOW - 600));
        claims
    };
    let good = good_header(&stage.key);
    let vectors = [
        (Refusal::Header("typ"), other_type, good_claims()),
        (Refusal::Expired, good.clone(), over),
        (Refusal::Claim("iat"), good.clone(), with("iat", json!(NOW + 60))),
        (Refusal::Claim("nbf"), good.clone(), with("nbf", json!(NOW + 60))),
        (Refusal::Claim("exp"), good.clone(), with("exp", json!(NOW + MAX_LIFE + 1))),
        (Refusal::Claim("jti"), good.clone(), with("jti", json!(""))),
        (Refusal::Claim("acc"), good.clone(), with("acc", json!(0))),
        (Refusal::Claim("asg"), good.clone(), with("asg", json!(-1))),
        (Refusal::Claim("sid"), good.clone(), with("sid", json!(0))),
        (Refusal::Claim("client_id"), good, with("client_id", json!("other"))),
    ];
    for (check, header, claims) in vectors {
        let token = signed(&stage.key, &header, &claims);
        assert_eq!(stage.tokens(At(NOW)).verify(&token), Err(check.clone()));
        TAKEN_OUT.set(Some(check.clone()));
        assert!(stage.tokens(At(NOW)).verify(&token).is_ok(), "{check} is not what refuses");
        TAKEN_OUT.set(None);
    }
}

/// The same of the checks that are made with the signature; and of the signature, whose key is what refuses.
#[test]
fn without_issuer_audience_or_another_key_a_bad_token_passes() {
    type Undo = fn(&mut Validation);
    let (stage, stranger) = (Stage::new(), Stage::new());
    let sign = |claims: &Value| signed(&stage.key, &good_header(&stage.key), claims);
    let vectors: [(&str, String, Undo); 2] = [
        ("iss", sign(&with("iss", json!("other"))), |checks| checks.iss = None),
        ("aud", sign(&with("aud", json!("other"))), |checks| checks.validate_aud = false),
    ];
    for (check, token, undo) in vectors {
        let mut tokens = stage.tokens(At(NOW));
        assert!(matches!(tokens.verify(&token), Err(Refusal::Unverified(_))), "{check}");
        undo(&mut tokens.validation);
        assert!(tokens.verify(&token).is_ok(), "{check} is not what refuses");
    }
    let foreign = signed(&stranger.key, &good_header(&stage.key), &good_claims());
    assert!(matches!(stage.tokens(At(NOW)).verify(&foreign), Err(Refusal::Unverified(_))));
    assert!(stranger.judge(&good_claims()).is_ok(), "the same under its own key");
}
