#![expect(clippy::expect_used, reason = "tests")]

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaPublicKeyComponents,
};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::json;

use super::*;
use crate::config::external::Algorithm;

const NOW: i64 = 1_700_000_000;
const ISSUER: &str = "https://id.example.org";

struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> Instant {
        DateTime::from_timestamp(self.0.load(Ordering::SeqCst), 0).expect("a moment")
    }
}

fn encoded(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// A key pair of another issuer's.
enum Pair {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
    Rs256(rsa::KeyPair),
}

impl Pair {
    fn es256() -> Self {
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let der = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).expect("a key");
        Self::Es256(EcdsaKeyPair::from_pkcs8(algorithm, der.as_ref()).expect("a key"))
    }

    fn jwk(&self, kid: &str) -> Value {
        match self {
            Self::Es256(pair) => {
                let (x, y) = pair.public_key().as_ref().split_at_checked(33).expect("a point");
                json!({ "kty": "EC", "crv": "P-256", "kid": kid, "x": encoded(x.get(1..).expect("x")), "y": encoded(y) })
            }
            Self::EdDsa(pair) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "kid": kid, "x": encoded(pair.public_key().as_ref()) })
            }
            Self::Rs256(pair) => {
                let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                json!({ "kty": "RSA", "kid": kid, "n": encoded(&n), "e": encoded(&e), "use": "sig", "alg": "RS256" })
            }
        }
    }

    fn sign(&self, header: &Value, claims: &str) -> String {
        let input = format!("{}.{}", encoded(header.to_string().as_bytes()), encoded(claims.as_bytes()));
        let random = SystemRandom::new();
        let signature = match self {
            Self::Es256(pair) => pair.sign(&random, input.as_bytes()).expect("signed").as_ref().to_vec(),
            Self::EdDsa(pair) => pair.sign(input.as_bytes()).as_ref().to_vec(),
            Self::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, input.as_bytes(), &mut signature).expect("signed");
                signature
            }
        };
        format!("{input}.{}", encoded(&signature))
    }
}

/// An issuer that is trusted, with one key of its own.
struct Stage {
    home: tempfile::TempDir,
    hands: Arc<Hands>,
    pair: Pair,
}

impl Stage {
    fn new(pair: Pair) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let stage = Self { home, hands: Arc::new(Hands(AtomicI64::new(NOW))), pair };
        stage.publish(&[stage.pair.jwk("k1")]);
        stage
    }

    fn file(&self) -> PathBuf {
        self.home.path().join("keys.json")
    }

    fn publish(&self, keys: &[Value]) {
        std::fs::write(self.file(), json!({ "keys": keys }).to_string()).expect("written");
    }

    fn settings(&self) -> ExternalIssuer {
        ExternalIssuer {
            issuer: ISSUER.to_owned(),
            audience: "caodiem".to_owned(),
            keys: self.file(),
            algorithms: vec![Algorithm::Es256, Algorithm::EdDsa, Algorithm::Rs256],
            require: Wanted::new(),
            second_factor: Wanted::from([("amr".to_owned(), vec!["otp".to_owned(), "hwk".to_owned()])]),
            max_age_seconds: 600,
        }
    }

    fn open(&self, settings: ExternalIssuer) -> Issuers {
        let clock: Arc<dyn Clock> = Arc::<Hands>::clone(&self.hands);
        Issuers::open(&[settings], &clock).expect("issuers")
    }

    fn judge(&self, token: &str) -> Result<ExternalToken, Refusal> {
        self.open(self.settings()).judge(token)
    }

    fn sign(&self, claims: &Value) -> String {
        self.pair.sign(&header(), &claims.to_string())
    }
}

fn header() -> Value {
    json!({ "alg": "ES256", "kid": "k1", "typ": "JWT" })
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": "caodiem", "sub": "s-17", "iat": NOW, "exp": NOW + 300, "nonce": "n", "name": "x",
        "amr": ["pwd"],
    })
}

fn with(name: &str, value: Value) -> Value {
    changed(claims(), name, value)
}

fn changed(mut object: Value, name: &str, value: Value) -> Value {
    object.as_object_mut().expect("an object").insert(name.to_owned(), value);
    object
}

fn without(mut object: Value, name: &str) -> Value {
    object.as_object_mut().expect("an object").remove(name);
    object
}

#[test]
fn a_token_of_each_algorithm_says_whom_it_speaks_of() {
    let ed = Pair::EdDsa(Ed25519KeyPair::generate().expect("a key"));
    let rsa = Pair::Rs256(rsa::KeyPair::generate(rsa::KeySize::Rsa3072).expect("a key"));
    for (pair, alg) in [(Pair::es256(), "ES256"), (ed, "EdDSA"), (rsa, "RS256")] {
        let stage = Stage::new(pair);
        let token = stage.pair.sign(&changed(header(), "alg", json!(alg)), &claims().to_string());
        let read = stage.judge(&token).expect("it counts");
        assert_eq!((read.who.issuer.as_str(), read.who.subject.as_str()), (ISSUER, "s-17"), "{alg}");
        assert_eq!((read.judged_at.timestamp(), read.expires_at.timestamp()), (NOW, NOW + 305));
        assert!(!read.second_factor);
        assert_eq!(read.mark.len(), 64);
        let of_another = stage.pair.sign(&changed(header(), "alg", json!("HS256")), &claims().to_string());
        assert_eq!(stage.judge(&of_another), Err(Refusal::Header("alg")));
        let mut narrow = stage.settings();
        narrow.algorithms.retain(|one| one.as_str() != alg);
        assert_eq!(stage.open(narrow).judge(&token), Err(Refusal::Header("alg")), "{alg} is not configured");
    }
}

#[test]
fn what_may_differ_may_differ() {
    let stage = Stage::new(Pair::es256());
    let good = [
        with("aud", json!(["caodiem"])),
        with("azp", json!("caodiem")),
        with("nbf", json!(NOW + LEEWAY)),
        with("iat", json!(NOW + LEEWAY)),
        with("iat", json!(NOW - 600)),
        changed(with("exp", json!(NOW - LEEWAY + 1)), "iat", json!(NOW - 60)),
        with("exp", json!(NOW + 86_400)),
        with("sub", json!("x".repeat(255))),
    ];
    for claims in good {
        assert!(stage.judge(&stage.sign(&claims)).is_ok(), "{claims}");
    }
    let untyped = stage.pair.sign(&without(header(), "typ"), &claims().to_string());
    assert!(stage.judge(&untyped).is_ok());
    let long = stage.judge(&stage.sign(&with("exp", json!(NOW + 86_400)))).expect("it counts");
    assert_eq!(long.expires_at.timestamp(), NOW + 605, "it is kept no longer than it could be used");
}

#[test]
fn whatever_is_not_exactly_right_is_refused_for_its_own_reason() {
    let stage = Stage::new(Pair::es256());
    let claim = |name: &'static str| Refusal::Claim(name);
    let wrong = [
        (with("iss", json!("https://other.example.org")), claim("iss")),
        (with("iss", json!(format!("{ISSUER}/"))), claim("iss")),
        (with("iss", json!([ISSUER])), claim("iss")),
        (without(claims(), "iss"), claim("iss")),
        (with("aud", json!("other")), claim("aud")),
        (with("aud", json!(["caodiem", "other"])), claim("aud")),
        (with("aud", json!([])), claim("aud")),
        (without(claims(), "aud"), claim("aud")),
        (with("azp", json!("other")), claim("azp")),
        (with("azp", json!(null)), claim("azp")),
        (with("exp", json!(NOW - LEEWAY)), Refusal::Expired),
        (with("exp", json!(f64::from(i32::MAX))), claim("exp")),
        (with("exp", json!((NOW + 300).to_string())), claim("exp")),
        (without(claims(), "exp"), claim("exp")),
        (with("iat", json!(NOW + LEEWAY + 1)), claim("iat")),
        (with("iat", json!(NOW - 605)), claim("iat")),
        (with("iat", json!(-1)), claim("iat")),
        (changed(with("iat", json!(NOW)), "exp", json!(NOW)), claim("iat")),
        (without(claims(), "iat"), claim("iat")),
        (with("nbf", json!(NOW + LEEWAY + 1)), claim("nbf")),
        (with("nbf", json!(null)), claim("nbf")),
        (with("sub", json!("")), claim("sub")),
        (with("sub", json!(" s-17")), claim("sub")),
        (with("sub", json!("Nguyễn Văn A")), claim("sub")),
        (with("sub", json!("x".repeat(256))), claim("sub")),
        (with("sub", json!(17)), claim("sub")),
        (without(claims(), "sub"), claim("sub")),
    ];
    for (claims, reason) in wrong {
        assert_eq!(stage.judge(&stage.sign(&claims)), Err(reason), "{claims}");
    }
}

#[test]
fn a_header_of_any_other_form_is_refused() {
    let stage = Stage::new(Pair::es256());
    let good = claims().to_string();
    let headers = [
        (changed(header(), "kid", json!("k2")), "kid"),
        (changed(header(), "kid", json!("../../etc/passwd")), "kid"),
        (changed(header(), "kid", json!("' OR 1=1 --")), "kid"),
        (changed(header(), "kid", json!(null)), "form"),
        (without(header(), "kid"), "form"),
        (changed(header(), "alg", json!("none")), "alg"),
        (changed(header(), "alg", json!("HS256")), "alg"),
        (changed(header(), "alg", json!("EdDSA")), "alg"),
        (changed(header(), "alg", json!("es256")), "alg"),
        (changed(header(), "typ", json!("at+jwt")), "typ"),
        (changed(header(), "typ", json!("logout+jwt")), "typ"),
        (changed(header(), "typ", json!(null)), "form"),
        (changed(header(), "jwk", stage.pair.jwk("k1")), "form"),
        (changed(header(), "jku", json!("https://evil.example.org/jwks")), "form"),
        (changed(header(), "x5u", json!("https://evil.example.org/x5u")), "form"),
        (changed(header(), "x5c", json!([])), "form"),
        (changed(header(), "crit", json!(["exp"])), "form"),
        (changed(header(), "b64", json!(false)), "form"),
        (changed(header(), "zip", json!("DEF")), "form"),
        (json!([]), "form"),
        (json!(["ES256", "k1", "JWT"]), "form"),
    ];
    for (header, reason) in headers {
        assert_eq!(stage.judge(&stage.pair.sign(&header, &good)), Err(Refusal::Header(reason)), "{header}");
    }
}

#[test]
fn claims_stand_once_in_an_object() {
    let stage = Stage::new(Pair::es256());
    let good = claims().to_string();
    for twice in [good.replacen('{', "{\"sub\":\"other\",", 1), good.replacen('{', "{\"amr\":[\"otp\"],", 1)] {
        assert_eq!(stage.judge(&stage.pair.sign(&header(), &twice)), Err(Refusal::Claim("form")), "{twice}");
    }
    for odd in ["[]", "null", "\"x\"", "", "{} {}"] {
        assert_eq!(stage.judge(&stage.pair.sign(&header(), odd)), Err(Refusal::Claim("form")), "{odd}");
    }
}

#[test]
fn a_signature_of_anybody_else_is_refused() {
    let stage = Stage::new(Pair::es256());
    let good = stage.sign(&claims());
    let (input, signature) = good.rsplit_once('.').expect("three parts");
    let stranger = Pair::es256().sign(&header(), &claims().to_string());
    let forged = stage.sign(&with("sub", json!("s-18")));
    let (other, _) = forged.rsplit_once('.').expect("three parts");
    let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(signature).expect("base64url");
    bytes.truncate(63);
    for token in [stranger, format!("{other}.{signature}"), format!("{input}."), format!("{input}.{}", encoded(&bytes))]
    {
        assert!(matches!(stage.judge(&token), Err(Refusal::Unverified(_))), "{token}");
    }
    for token in ["", "a", "a.b", "a.b.c", ".."] {
        assert!(stage.judge(token).is_err(), "{token}");
    }
    for token in [format!("{good}="), format!("{good}.x"), format!(" {good}")] {
        assert!(stage.judge(&token).is_err(), "{token}");
    }
    assert_eq!(stage.judge(&"x".repeat(MAX_BYTES + 1)), Err(Refusal::TooLong));
    assert!(stage.judge(&good).is_ok(), "the good one is still good");
}

#[test]
fn a_token_signed_again_is_the_same_token() {
    let stage = Stage::new(Pair::es256());
    let (one, other) = (stage.sign(&claims()), stage.sign(&claims()));
    assert_ne!(one, other, "ECDSA signs the same text differently");
    let mark = |token: &str| stage.judge(token).expect("it counts").mark;
    assert_eq!(mark(&one), mark(&other));
    assert_ne!(mark(&one), mark(&stage.sign(&with("nonce", json!("m")))));
}

#[test]
fn a_second_factor_and_what_is_required_are_read_off_the_claims() {
    let stage = Stage::new(Pair::es256());
    let vouched = |claims: &Value| stage.judge(&stage.sign(claims)).expect("it counts").second_factor;
    assert!(vouched(&with("amr", json!(["pwd", "otp"]))));
    assert!(vouched(&with("amr", json!("hwk"))), "a lone value");
    for amr in [json!(["pwd"]), json!([]), json!([["otp"]]), json!({ "otp": true }), json!(null), json!("OTP")] {
        assert!(!vouched(&with("amr", amr.clone())), "{amr}");
    }
    assert!(!vouched(&without(claims(), "amr")));
    let mut silent = stage.settings();
    silent.second_factor = Wanted::new();
    let token = stage.sign(&with("amr", json!(["otp"])));
    assert!(!stage.open(silent).judge(&token).expect("it counts").second_factor, "it is not configured to say so");
    let mut strict = stage.settings();
    strict.second_factor =
        Wanted::from([("acr".to_owned(), vec!["loa3".to_owned()]), ("amr".to_owned(), vec!["otp".to_owned()])]);
    strict.require = Wanted::from([("typ".to_owned(), vec!["ID".to_owned()])]);
    let strict = stage.open(strict);
    assert_eq!(strict.judge(&token), Err(Refusal::Claim("required")));
    let read = |claims: Value| strict.judge(&stage.sign(&changed(claims, "typ", json!("ID")))).expect("it counts");
    assert!(!read(with("amr", json!(["otp"]))).second_factor, "one of two is not enough");
    assert!(read(changed(with("amr", json!(["otp"])), "acr", json!("loa3"))).second_factor);
}

#[test]
fn keys_change_with_their_file_and_stay_when_it_is_spoilt() {
    let stage = Stage::new(Pair::es256());
    let issuers = stage.open(stage.settings());
    let token = stage.sign(&claims());
    assert!(issuers.judge(&token).is_ok());
    let tick = |text: &str| {
        std::fs::write(stage.file(), text).expect("written");
        let later = SystemTime::UNIX_EPOCH
            + Duration::from_secs(u64::try_from(stage.hands.0.fetch_add(2, Ordering::SeqCst)).expect("a time"));
        std::fs::File::options()
            .write(true)
            .open(stage.file())
            .and_then(|file| file.set_modified(later))
            .expect("a time");
    };
    for spoilt in ["", "{}", "{\"keys\":[]}", "not JSON"] {
        tick(spoilt);
        assert!(issuers.judge(&token).is_ok(), "{spoilt}");
    }
    let next = Pair::es256();
    tick(&json!({ "keys": [next.jwk("k2")] }).to_string());
    assert_eq!(issuers.judge(&token), Err(Refusal::Header("kid")), "the old one is gone");
    assert!(issuers.judge(&next.sign(&changed(header(), "kid", json!("k2")), &claims().to_string())).is_ok());
    std::fs::remove_file(stage.file()).expect("removed");
    let clock: Arc<dyn Clock> = Arc::<Hands>::clone(&stage.hands);
    assert!(Issuers::open(&[stage.settings()], &clock).is_err(), "nothing starts without keys");
}

#[test]
fn a_file_of_keys_is_judged_before_it_counts() {
    let good = Pair::es256().jwk("k1");
    let set = |keys: &[Value]| {
        KeySet::of(json!({ "keys": keys }).to_string().as_bytes()).map(|set| set.named("k1").is_some())
    };
    let weak = Pair::Rs256(rsa::KeyPair::generate(rsa::KeySize::Rsa2048).expect("a key")).jwk("k1");
    let no_point = changed(good.clone(), "y", json!(encoded(&[7; 32])));
    let left_out = [
        without(good.clone(), "kid"),
        changed(good.clone(), "kid", json!("")),
        changed(good.clone(), "kid", json!(1)),
        changed(good.clone(), "use", json!("enc")),
        changed(good.clone(), "alg", json!("ES384")),
        changed(good.clone(), "crv", json!("P-384")),
        changed(good.clone(), "x", json!(encoded(&[1; 31]))),
        no_point,
        weak,
        json!({ "kty": "oct", "kid": "k1" }),
        json!("k1"),
    ];
    for key in left_out {
        assert!(set(std::slice::from_ref(&key)).is_err_and(|why| why.contains("no key that counts")), "{key}");
        let second = changed(good.clone(), "kid", json!("k9"));
        assert_eq!(set(&[key.clone(), second]), Ok(false), "{key} beside a good one");
    }
    assert_eq!(set(&[changed(good.clone(), "x5c", json!(["…"]))]), Ok(true), "what says nothing to us is no harm");
    assert!(set(&[good.clone(), good.clone()]).is_err_and(|why| why.contains("twice")));
    for secret in ["d", "k", "p", "q"] {
        assert!(
            set(&[changed(good.clone(), secret, json!("AA"))]).is_err_and(|why| why.contains("secret")),
            "{secret}"
        );
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let stage = Stage::new(Pair::es256());
        assert!(KeySet::read(&stage.file()).is_ok());
        std::fs::set_permissions(stage.file(), std::fs::Permissions::from_mode(0o666)).expect("a mode");
        let refused = KeySet::read(&stage.file()).map(drop);
        assert!(refused.is_err_and(|failure| failure.to_string().contains("chmod go-w")));
    }
}
