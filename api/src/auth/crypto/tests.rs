//! TOTP by the vectors of RFC 6238, under a clock of the test's own.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};

use caodiem_domain::time::Instant;
use chrono::DateTime;

use super::*;
use crate::config::{Config, Mode, Settings};

type Tested = Result<(), Box<dyn std::error::Error>>;

/// A clock that shows what the test wants.
#[derive(Default)]
struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> Instant {
        DateTime::from_timestamp(self.0.load(Ordering::SeqCst), 0).unwrap_or_default()
    }
}

fn crypto(hands: &Arc<Hands>, home: &Path) -> Result<ApiCrypto, String> {
    let settings = Settings { data_dir: Some(PathBuf::from(home)), ..Settings::default() };
    let config = Config::load(Mode::Demo, None, &settings).map_err(|failure| failure.to_string())?;
    let clock: Arc<dyn Clock> = Arc::<Hands>::clone(hands);
    let tokens = crate::app::tokens(&config, Arc::clone(&clock)).map_err(|failure| failure.to_string())?;
    let issuers = Issuers::open(&[], &clock).map_err(|failure| failure.to_string())?;
    ApiCrypto::new(Arc::new(tokens), &home.join("sealing.key"), issuers, clock).map_err(|failure| failure.to_string())
}

/// The secret of RFC 6238, appendix B.
const SECRET: &[u8] = b"12345678901234567890";

#[test]
fn codes_are_those_of_the_standard() -> Tested {
    let (hands, home) = (Arc::new(Hands::default()), tempfile::tempdir()?);
    let crypto = crypto(&hands, home.path())?;
    for (second, code) in
        [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
    {
        hands.0.store(second, Ordering::SeqCst);
        assert_eq!(crypto.totp_step(SECRET, code), Some(second / 30), "{second}");
    }
    Ok(())
}

#[test]
fn a_code_counts_one_step_before_and_after_its_own() -> Tested {
    let (hands, home) = (Arc::new(Hands::default()), tempfile::tempdir()?);
    let crypto = crypto(&hands, home.path())?;
    for (second, step) in [
        (1_111_111_079, None),
        (1_111_111_080, Some(37_037_037)),
        (1_111_111_169, Some(37_037_037)),
        (1_111_111_170, None),
    ] {
        hands.0.store(second, Ordering::SeqCst);
        // The code of the step from 1,111,111,110 on.
        assert_eq!(crypto.totp_step(SECRET, "050471"), step, "{second}");
    }
    hands.0.store(59, Ordering::SeqCst);
    for wrong in ["", "28708", "2870820", "abcdef", "287083", "２８７０８２"] {
        assert_eq!(crypto.totp_step(SECRET, wrong), None, "{wrong:?}");
    }
    assert_eq!(crypto.totp_step(SECRET, "287 082"), Some(1), "apps show a gap");
    Ok(())
}

#[test]
fn an_app_is_told_the_service_the_login_and_the_secret() -> Tested {
    let (hands, home) = (Arc::new(Hands::default()), tempfile::tempdir()?);
    let key = crypto(&hands, home.path())?.totp_key(SECRET, "host:to-truong@binh-gia");
    assert_eq!(key.secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assert!(key.uri.starts_with("otpauth://totp/Caodiem:host.to-truong%40binh-gia?secret=GEZDGNBV"), "{}", key.uri);
    assert!(key.uri.contains("issuer=Caodiem"), "{}", key.uri);
    assert_eq!(format!("{key:?}"), "TotpKey");
    Ok(())
}

#[test]
fn chance_is_not_the_same_twice() -> Tested {
    let (hands, home) = (Arc::new(Hands::default()), tempfile::tempdir()?);
    let crypto = crypto(&hands, home.path())?;
    assert_ne!(crypto.random(), crypto.random());
    Ok(())
}
