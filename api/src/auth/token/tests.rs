#![expect(clippy::expect_used, reason = "tests")]

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use jsonwebtoken::EncodingKey;
use serde_json::{Value, json};

use super::*;

const NOW: i64 = 1_700_000_000;

struct At(i64);

impl Clock for At {
    fn now(&self) -> Instant {
        chrono::DateTime::from_timestamp(self.0, 0).expect("a moment")
    }
}

fn key() -> SigningKey {
    let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).expect("a key");
    let text = pem::encode(&pem::Pem::new("PRIVATE KEY", der.as_ref()));
    SigningKey::from_pem(text.as_bytes()).expect("a key")
}

fn tokens(key: &SigningKey, now: i64) -> Tokens {
    Tokens::new(key.clone(), "caodiem", "caodiem-api", Arc::new(At(now)))
}

fn good_header(key: &SigningKey) -> Header {
    let mut header = Header::new(Algorithm::ES256);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(key.id.clone());
    header
}

fn good_claims() -> Value {
    json!({
        "iss": "caodiem", "aud": "caodiem-api", "sub": "planner@181", "iat": NOW, "exp": NOW + 600,
        "jti": "a", "role": "reporter", "unit": 181, "team": 7,
    })
}

/// A token of our own key with this header and these claims.
fn signed(key: &SigningKey, header: &Header, claims: &Value) -> String {
    jsonwebtoken::encode(header, claims, &key.signs).expect("signed")
}

fn judge(key: &SigningKey, claims: &Value) -> Result<Arc<Verified>, Refusal> {
    tokens(key, NOW).verify(&signed(key, &good_header(key), claims))
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = good_claims();
    claims.as_object_mut().expect("an object").insert(name.to_owned(), value);
    claims
}

#[test]
fn what_is_minted_is_verified_and_says_the_same() {
    let key = key();
    let claims = Claims {
        subject: Subject::new("demo:reporter").expect("a subject"),
        role: Role::Reporter,
        unit: UnitId::new(42),
        team: Some(TeamId::new(7)),
    };
    let tokens = tokens(&key, NOW);
    let minted = tokens.mint(&claims, 999_999).expect("minted");
    let verified = tokens.verify(&minted).expect("verified");
    assert_eq!(verified.claims, claims);
    assert_eq!(verified.expires_at, NOW + MAX_LIFE);
    assert_eq!(tokens.verify(&minted).as_deref(), Ok(&*verified));
}

#[test]
fn the_good_token_is_good() {
    assert!(judge(&key(), &good_claims()).is_ok());
}

#[test]
fn every_claim_that_is_needed_is_demanded() {
    let key = key();
    for name in ["iss", "aud", "sub", "exp", "iat", "jti", "role", "unit"] {
        let mut claims = good_claims();
        claims.as_object_mut().expect("an object").remove(name);
        assert!(judge(&key, &claims).is_err(), "{name} was not missed");
    }
}

#[test]
fn claims_of_another_type_or_value_are_refused() {
    let key = key();
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
        ("role", json!("planner")),
        ("unit", json!(0)),
        ("unit", json!("181")),
        ("unit", json!(1.5)),
        ("team", json!(0)),
        ("team", json!("7")),
    ];
    for (name, value) in wrong {
        assert!(judge(&key, &with(name, value.clone())).is_err(), "{name} = {value} was taken");
    }
}

#[test]
fn times_are_judged_to_the_second_of_the_leeway() {
    let key = key();
    assert!(judge(&key, &with("exp", json!(NOW + 1 - LEEWAY))).is_err(), "exp before iat");
    let ends = |at: i64| {
        let mut claims = with("iat", json!(NOW - 600));
        claims.as_object_mut().expect("an object").insert("exp".to_owned(), json!(at));
        judge(&key, &claims)
    };
    assert!(ends(NOW + 1 - LEEWAY).is_ok());
    assert_eq!(ends(NOW - LEEWAY), Err(Refusal::Expired));
    assert!(judge(&key, &with("iat", json!(NOW + LEEWAY))).is_ok());
    assert!(judge(&key, &with("nbf", json!(NOW + LEEWAY))).is_ok());
}

#[test]
fn headers_that_are_not_exactly_ours_are_refused() {
    let key = key();
    let change = |change: &dyn Fn(&mut Header)| {
        let mut header = good_header(&key);
        change(&mut header);
        tokens(&key, NOW).verify(&signed(&key, &header, &good_claims()))
    };
    assert!(change(&|_| {}).is_ok());
    assert_eq!(change(&|header| header.typ = Some("JWT".into())), Err(Refusal::Header("typ")));
    assert_eq!(change(&|header| header.typ = None), Err(Refusal::Header("typ")));
    assert_eq!(change(&|header| header.kid = Some("other".into())), Err(Refusal::Header("kid")));
    assert_eq!(change(&|header| header.kid = None), Err(Refusal::Header("kid")));
    assert_eq!(change(&|header| header.crit = Some(vec!["exp".into()])), Err(Refusal::Header("crit")));
}

#[test]
fn other_algorithms_are_refused_even_under_our_kid() {
    let key = key();
    let mut header = good_header(&key);
    header.alg = Algorithm::HS256;
    let secret = EncodingKey::from_secret(key.verifies.try_get_as_bytes().expect("the public key"));
    let forged = jsonwebtoken::encode(&header, &good_claims(), &secret).expect("signed");
    assert_eq!(tokens(&key, NOW).verify(&forged), Err(Refusal::Header("alg")));
    let good = signed(&key, &good_header(&key), &good_claims());
    let (rest, _) = good.rsplit_once('.').expect("three parts");
    let (_, payload) = rest.split_once('.').expect("two parts");
    // {"alg":"none","typ":"at+jwt"} and {"alg":"None"}
    for header in ["eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0", "eyJhbGciOiJOb25lIn0"] {
        for token in [format!("{header}.{payload}."), format!("{header}.{payload}")] {
            assert!(tokens(&key, NOW).verify(&token).is_err(), "{token} was taken");
        }
    }
}

#[test]
fn a_foreign_key_and_altered_tokens_are_refused() {
    let (ours, theirs) = (key(), key());
    let foreign = signed(&theirs, &good_header(&ours), &good_claims());
    assert!(matches!(tokens(&ours, NOW).verify(&foreign), Err(Refusal::Unverified(_))));
    let good = signed(&ours, &good_header(&ours), &good_claims());
    let (head, signature) = good.rsplit_once('.').expect("three parts");
    let other = signed(&ours, &good_header(&ours), &with("unit", json!(1)));
    let (other_head, _) = other.rsplit_once('.').expect("three parts");
    let tokens = tokens(&ours, NOW);
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

/// Writes a claim twice, as no honest JSON writer does.
struct Twice;

impl Serialize for Twice {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("unit", &1)?;
        for (name, value) in good_claims().as_object().into_iter().flatten() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

#[test]
fn a_claim_that_stands_twice_is_refused() {
    let key = key();
    let token = jsonwebtoken::encode(&good_header(&key), &Twice, &key.signs).expect("signed");
    assert!(tokens(&key, NOW).verify(&token).is_err());
}

#[test]
fn a_remembered_token_expires_all_the_same() {
    struct Moving(std::sync::atomic::AtomicI64);
    impl Clock for Moving {
        fn now(&self) -> Instant {
            At(self.0.load(std::sync::atomic::Ordering::Relaxed)).now()
        }
    }
    let key = key();
    let clock = Arc::new(Moving(NOW.into()));
    let tokens = Tokens::new(key.clone(), "caodiem", "caodiem-api", Arc::<Moving>::clone(&clock));
    let token = signed(&key, &good_header(&key), &good_claims());
    assert!(tokens.verify(&token).is_ok());
    clock.0.store(NOW + 600 + LEEWAY, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(tokens.verify(&token), Err(Refusal::Expired));
}
