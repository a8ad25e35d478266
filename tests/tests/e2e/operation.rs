//! Running it: refused callers, shutting down, coming back, and the commands of an operator.

use std::time::Duration;

use caodiem_tests::app::{App, run};
use caodiem_tests::database::{Backend, Database};
use caodiem_tests::on_both;
use serde_json::json;

use crate::places::{BINH_GIA, children};

fn said(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&[output.stdout.clone(), output.stderr.clone()].concat()).into_owned()
}

on_both! {
    without_a_good_token_nothing_is_told(backend) {
        let Some(app) = App::start(backend) else { return };
        let query = "{ units(first: 1) { nodes { code } } }";
        let answer = app.anonymous().send(query, json!({}));
        assert_eq!((answer.status, answer.codes()), (401, vec!["UNAUTHENTICATED"]));
        let token = app.token(&["--role", "analyst", "--unit", "VN"]);
        let mut altered = token.clone();
        let last = altered.pop().map_or('A', |letter| if letter == 'A' { 'B' } else { 'A' });
        // The last letter of a signature may carry bits that do not count: alter one that does.
        altered.insert(altered.len() - 10, last);
        let forged = caodiem_tests::client::Client::new(app.base(), Some(altered));
        let answer = forged.send(query, json!({}));
        assert_eq!((answer.status, answer.codes()), (401, vec!["UNAUTHENTICATED"]));
    }

    data_outlives_the_server_and_a_signal_ends_it_at_once(backend) {
        let Some(mut app) = App::start(backend) else { return };
        let admin = app.client("unit_admin", "20");
        let (_, _, unit) = children(&admin, BINH_GIA).swap_remove(0);
        let rename = |name: &str, version: i32, on: &str| json!({ "unit": unit, "expectedVersion": version, "on": on, "name": name });
        admin.act("reviseUnit", "ReviseUnitInput", rename("Một", 1, "2023-07-01"), "unit { id }");
        let ended = app.stop();
        assert!(ended.success(), "{ended}");
        app.serve();
        let admin = app.client("unit_admin", "20");
        admin.act("reviseUnit", "ReviseUnitInput", rename("Hai", 2, "2023-07-02"), "unit { id }");
        app.kill();
        app.serve();
        let seen = app.client("unit_admin", "20").ask(
            "query($id: ID!) { unit(by: { id: $id }) { name versions { name } } }", json!({ "id": unit }),
        );
        assert_eq!(seen["unit"]["name"], "Hai", "what was acknowledged stands after a kill");
        assert_eq!(seen["unit"]["versions"].as_array().map(Vec::len), Some(3));
    }

    an_import_runs_twice_without_a_second_effect(backend) {
        let Some(app) = App::start(backend) else { return };
        let mut app = app;
        app.stop();
        let again = app.run(&["import", "units", "--builtin", "2023"]);
        assert!(again.status.success(), "{}", said(&again));
        assert!(said(&again).contains("0 founded, 0 revised, 0 closed"), "{}", said(&again));
    }

    an_unmigrated_database_is_refused_with_the_command_that_helps(backend) {
        let Some(database) = Database::empty(backend) else { return };
        let refused = run(&database, &["serve", "--port", "0"]);
        assert!(!refused.status.success());
        assert!(said(&refused).contains("caodiem migrate"), "{}", said(&refused));
        assert!(run(&database, &["migrate"]).status.success());
        let again = run(&database, &["migrate"]);
        assert!(said(&again).contains("up to date"), "{}", said(&again));
    }
}

#[test]
fn one_process_at_a_time_opens_an_embedded_database() {
    let Some(app) = App::start(Backend::Sqlite) else { return };
    let refused = app.run(&["serve", "--port", "0"]);
    assert!(!refused.status.success());
    assert!(said(&refused).contains("in use"), "{}", said(&refused));
}

#[test]
fn bad_settings_are_all_told_at_once() {
    let database = Database::empty(Backend::Sqlite).expect("SQLite is always there");
    let refused = run(&database, &["serve", "--host", "0.0.0.0", "--workers", "0", "--database-url", "mysql://x"]);
    assert!(!refused.status.success());
    for word in ["--host", "--workers", "--database-url"] {
        assert!(said(&refused).contains(word), "{word} is not named: {}", said(&refused));
    }
}

#[test]
fn a_server_that_is_asked_to_end_answers_what_it_has_begun() {
    let Some(mut app) = App::start(Backend::Sqlite) else { return };
    let client = app.client("analyst", "VN");
    let asking = std::thread::spawn(move || {
        client.ask("{ units(first: 100) { nodes { code ancestors { code } children(first: 1) { code } } } }", json!({}))
    });
    std::thread::sleep(Duration::from_millis(30));
    assert!(app.stop().success());
    let answer = asking.join().expect("the answer came");
    assert_eq!(answer["units"]["nodes"].as_array().map(Vec::len), Some(100));
}
