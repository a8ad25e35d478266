//! What the host does to its keys and with them is on record, also what was done while the database was away.

use std::time::Duration;

use caodiem_tests::app::App;
use caodiem_tests::on_both;
use caodiem_tests::wait::until;

/// How long a server may take to put on record what others noted.
const LIMIT: Duration = Duration::from_secs(20);

/// Nobody listens there.
const AWAY: [&str; 2] = ["--database-url", "postgres://caodiem@127.0.0.1:1/none"];

/// Runs `caodiem keys`; what it says.
fn keys(app: &App, arguments: &[&str]) -> String {
    let done = app.run(&[&["keys"], arguments].concat());
    let said = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
    assert!(done.status.success(), "{arguments:?}: {said}");
    said
}

/// How many acts of the host there are of an operation that tell of this.
fn acts(app: &App, operation: &str, told: &str) -> i64 {
    app.database().number(&format!(
        "SELECT COUNT(*) AS number FROM audit WHERE operation = '{operation}' AND subject = 'host:cli' \
         AND outcome = 'DONE' AND changes LIKE '%{told}%'"
    ))
}

/// The names of the keys, oldest first.
fn names(said: &str) -> Vec<String> {
    let lines = said.lines().skip_while(|line| !line.starts_with("key ")).skip(1);
    let known = lines.filter(|line| ["active", "passive", "disabled"].iter().any(|state| line.contains(state)));
    known.filter_map(|line| line.split_whitespace().next().map(str::to_owned)).collect()
}

on_both! {
    keys_are_turned_on_record(backend) {
        let Some(app) = App::start(backend) else { return };
        let second = names(&keys(&app, &["rotate"])).pop().expect("a key");
        until(LIMIT, "the server or the command records it", || acts(&app, "keys rotate", &second) == 1);
        keys(&app, &["activate", &second, "--force", "--reason", "tap duot"]);
        until(LIMIT, "the change is on record with its reason", || acts(&app, "keys activate", ": tap duot") == 1);
        app.token_of(&app.account("analyst", "VN", None), &[]);
        until(LIMIT, "a token made on the host is on record", || {
            acts(&app, "token", "for test-analyst-VN as analyst over unit") == 1
        });
        assert!(!keys(&app, &["list"]).contains("not on record"));
        let verified = app.run(&["audit", "verify"]);
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    }

    a_key_is_disabled_while_the_database_is_away_and_that_goes_on_record_later(backend) {
        let Some(mut app) = App::start(backend) else { return };
        app.stop();
        let second = names(&keys(&app, &[&["rotate"], &AWAY[..]].concat())).pop().expect("a key");
        let said = keys(&app, &[&["disable", &second, "--reason", "bi lo"], &AWAY[..]].concat());
        assert!(said.contains("disabled") && said.contains("not on record yet"), "{said}");
        // The first key's own deed may wait as well: the server may have been told to stop before it looked.
        let waiting = keys(&app, &["list"]);
        assert!(["2 not on record yet", "3 not on record yet"].iter().any(|told| waiting.contains(told)), "{waiting}");
        assert_eq!(acts(&app, "keys disable", &second), 0);
        app.serve();
        until(LIMIT, "the server records it when it starts", || acts(&app, "keys disable", "disabled: bi lo") == 1);
        app.stop();
        // The next command records what it finds, and nothing twice.
        keys(&app, &["remove", &second]);
        let of = |operation: &str| acts(&app, operation, &second);
        assert_eq!(["keys rotate", "keys disable", "keys remove"].map(of), [1, 1, 1]);
    }
}
