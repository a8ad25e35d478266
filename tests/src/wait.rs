//! Waiting, by real time, for what a running server does within a limit.

use std::time::{Duration, Instant};

/// How often is asked.
const PAUSE: Duration = Duration::from_millis(50);

/// The real time.
#[expect(clippy::disallowed_methods, reason = "how long a running server takes is measured by the real clock")]
pub fn now() -> Instant {
    Instant::now()
}

/// Waits until it holds.
///
/// # Panics
/// When it does not within the limit.
pub fn until(limit: Duration, what: &str, mut holds: impl FnMut() -> bool) {
    let since = now();
    while !holds() {
        assert!(since.elapsed() < limit, "{what}: not within {limit:?}");
        std::thread::sleep(PAUSE);
    }
}
