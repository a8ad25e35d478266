//! The throw-away server itself: databases are apart, templates are prepared once.
#![expect(clippy::expect_used, reason = "tests fail loudly")]

use std::sync::atomic::{AtomicU32, Ordering};

use caodiem_tests::postgres;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl};

fn connect(url: &str) -> PgConnection {
    PgConnection::establish(url).expect("a connection")
}

#[test]
fn databases_are_apart_and_clone_their_template() {
    let made = AtomicU32::new(0);
    let key = format!("own_{}", std::process::id());
    let prepare = |url: &str| {
        made.fetch_add(1, Ordering::Relaxed);
        connect(url).batch_execute("CREATE TABLE mark (a INT); INSERT INTO mark VALUES (1)").expect("prepared");
    };
    let (Some(first), Some(second)) = (postgres::prepared(&key, prepare), postgres::prepared(&key, prepare)) else {
        return;
    };
    assert_eq!(made.load(Ordering::Relaxed), 1);
    let count = |url: &str, sql: &str| diesel::sql_query(sql).execute(&mut connect(url)).expect("a statement");
    assert_eq!(count(&first.url(), "DELETE FROM mark"), 1);
    assert_eq!(count(&second.url(), "DELETE FROM mark"), 1);
}
