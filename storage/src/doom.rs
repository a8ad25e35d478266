//! Whether a statement failed in the job that runs on this thread. Such a job must not commit: PostgreSQL would answer
//! its COMMIT by rolling back without an error, and SQLite would keep the half of it that worked.

use std::cell::Cell;

thread_local! {
    static DOOMED: Cell<bool> = const { Cell::new(false) };
}

/// A job begins.
pub(crate) fn clear() {
    DOOMED.set(false);
}

/// A statement failed.
pub(crate) fn doom() {
    DOOMED.set(true);
}

/// Whether the job may not commit.
pub(crate) fn is_doomed() -> bool {
    DOOMED.get()
}
