//! How many statements this process has sent, so that a test can hold a query to its budget.

use std::sync::atomic::{AtomicU64, Ordering};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// Statements sent so far by all connections of this process; begin, commit and roll-back are not counted.
#[must_use]
pub fn statements() -> u64 {
    STATEMENTS.load(Ordering::Relaxed)
}

/// Makes every connection that is opened from now on count.
pub(crate) fn install() {
    if let Err(error) = set_default_instrumentation(|| Some(Box::new(Counter))) {
        tracing::warn!(%error, "statements are not counted");
    }
}

struct Counter;

impl Instrumentation for Counter {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { .. } => {
                STATEMENTS.fetch_add(1, Ordering::Relaxed);
            }
            // Each of these is announced on its own, and then once more as the statement it is.
            InstrumentationEvent::BeginTransaction { .. }
            | InstrumentationEvent::CommitTransaction { .. }
            | InstrumentationEvent::RollbackTransaction { .. } => {
                STATEMENTS.fetch_sub(1, Ordering::Relaxed);
            }
            _ => {}
        }
    }
}
