//! The first way in: the host's own commands, and what keeps a demonstration's accounts where they belong.

use caodiem_tests::app::{App, TODAY, run};
use caodiem_tests::client::Client;
use caodiem_tests::database::{Backend, Database};
use caodiem_tests::{on_both, seed};
use serde_json::json;

use crate::places::BINH_GIA;

/// The last line that a command prints on standard output: what it is there to give.
fn given(database: &Database, arguments: &[&str]) -> String {
    let done = run(database, arguments);
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).lines().last().expect("a line").to_owned()
}

/// Whether a command succeeded, and what it said.
fn told(database: &Database, arguments: &[&str]) -> (bool, String) {
    let done = run(database, arguments);
    (done.status.success(), String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned())
}

fn done(database: &Database, arguments: &[&str]) -> String {
    let (succeeded, said) = told(database, arguments);
    assert!(succeeded, "{arguments:?}: {said}");
    said
}

fn refused(database: &Database, arguments: &[&str], why: &str) {
    let (succeeded, said) = told(database, arguments);
    assert!(!succeeded && said.contains(why), "{arguments:?} has to be refused with {why}: {said}");
}

fn recorded(database: &Database, operation: &str) -> i64 {
    database.number(&format!(
        "SELECT COUNT(*) AS number FROM audit WHERE operation = '{operation}' AND subject = 'host:cli' AND outcome = 'DONE'"
    ))
}

on_both! {
    the_first_admin_is_made_on_the_host_while_there_is_none(backend) {
        let Some(database) = seed::country(backend) else { return };
        let create = ["admin", "create", "--login", "root", "--post", "Quản trị hệ thống"];
        let first = given(&database, &create);
        let again = given(&database, &create);
        assert_ne!(first, again, "an invited admin gets another code");
        assert_eq!(first.len(), 39, "{first}");
        let codes = "SELECT COUNT(*) AS number FROM one_time_code WHERE purpose = 'ACTIVATION' AND used_at IS NULL";
        assert_eq!(database.number(codes), 1, "and the one before counts no more");
        assert_eq!(recorded(&database, "admin create"), 2);
        done(&database, &["admin", "grant", "--login", "other", "--role", "system_admin", "--unit", "VN"]);
        refused(&database, &create, "ADMIN_EXISTS");
        let another = ["admin", "create", "--login", "other", "--post", "X"];
        refused(&database, &another, "ADMIN_EXISTS");
    }

    without_a_tree_there_is_nothing_to_administer(backend) {
        let Some(database) = Database::empty(backend) else { return };
        done(&database, &["migrate"]);
        refused(&database, &["admin", "create", "--login", "root", "--post", "Quản trị"], "NO_TREE");
        let (succeeded, said) = told(&database, &["import", "units", "--builtin", "2025"]);
        assert!(!succeeded && said.contains("more") && said.lines().count() < 30, "{said}");
    }

    a_grant_of_the_host_is_a_way_in_at_once_and_on_record(backend) {
        let Some(database) = seed::country(backend) else { return };
        let grant = |role: &str, unit: &str| {
            done(&database, &["admin", "grant", "--login", "an", "--role", role, "--unit", unit]);
        };
        grant("analyst", BINH_GIA);
        grant("analyst", BINH_GIA);
        let held = "SELECT COUNT(*) AS number FROM assignment";
        assert_eq!(database.number(held), 1, "one that is in force is not granted twice");
        grant("planner", BINH_GIA);
        assert_eq!(recorded(&database, "admin grant"), 3);
        refused(&database, &["admin", "grant", "--login", "an", "--role", "analyst", "--unit", "99999"], "NOT_FOUND");
        let team = ["admin", "grant", "--login", "an", "--role", "reporter", "--unit", BINH_GIA, "--team", "77"];
        refused(&database, &team, "NOT_FOUND");
        refused(&database, &["token", "--account", "an"], "AMBIGUOUS");
        refused(&database, &["token", "--account", "nobody"], "NOT_FOUND");
        refused(&database, &["token", "--account", "an", "--role", "auditor"], "NOT_FOUND");
        database.execute("UPDATE account SET state = 'DISABLED', disabled_for = 'x' WHERE login = 'an'");
        refused(&database, &["admin", "grant", "--login", "an", "--role", "analyst", "--unit", BINH_GIA], "ACCOUNT_NOT_ACTIVE");
        refused(&database, &["token", "--account", "an", "--role", "planner"], "NOT_FOUND");
    }

    a_token_of_the_host_speaks_for_the_assignment(backend) {
        let Some(app) = App::start(backend) else { return };
        let login = app.account("planner", BINH_GIA, None);
        let client = Client::new(app.base(), Some(app.token_of(&login, &["--ttl", "90s"])));
        let seen = client.ask("{ viewer { role unit { code } } }", json!({}));
        assert_eq!(seen["viewer"], json!({ "role": "PLANNER", "unit": { "code": BINH_GIA } }));
    }

    the_emergency_entry_restores_one_admin_and_is_used_up(backend) {
        let Some(database) = seed::country(backend) else { return };
        let today = ["--today", TODAY, "--allow-insecure"];
        let grant = ["admin", "grant", "--login", "root", "--role", "system_admin", "--unit", "VN"];
        done(&database, &[&grant, &today[..]].concat());
        let sealed = |database: &Database| {
            given(database, &[&["admin", "break-glass"], &today[..]].concat())
        };
        let code = sealed(&database);
        assert_eq!(recorded(&database, "admin break-glass"), 1);
        let app = App::over(database, TODAY);
        let redeem = |code: &str| {
            app.anonymous().attempt("redeemCode", "RedeemCodeInput", json!({ "code": code, "device": "Test" }), "tokens { accessToken }")
        };
        let entered = redeem(&code);
        let token = entered["tokens"]["accessToken"].as_str().expect("a token").to_owned();
        assert_eq!(redeem(&code)["errors"][0]["code"], "CODE_REFUSED", "it opens once");
        let client = Client::new(app.base(), Some(token));
        let restore = |login: &str| client.attempt("restoreAdmin", "RestoreAdminInput", json!({ "login": login }), "code");
        let reporter = app.account("reporter", BINH_GIA, None);
        assert_eq!(restore(&reporter)["errors"][0]["code"], "NOT_FOUND", "nobody but a system admin is restored");
        let found = client.send("mutation($i: FormTeamsInput!) { formTeams(input: $i) { errors { code } } }",
            json!({ "i": { "requestId": "break-glass-1", "teams": [] } }));
        assert!(found.codes().iter().all(|code| ["FORBIDDEN", "GRAPHQL_VALIDATION_FAILED"].contains(code)) && !found.codes().is_empty(), "{}", found.body);
        let restored = restore("root");
        assert!(restored["code"].is_string(), "{restored}");
        let again = client.send("{ viewer { role } }", json!({}));
        assert_eq!(again.status, 401, "it is used up at once: {}", again.body);
        let codes = "SELECT COUNT(*) AS number FROM one_time_code WHERE purpose = 'RESET' AND used_at IS NULL";
        assert_eq!(app.database().number(codes), 1);
    }

    a_system_admin_shut_out_by_another_gets_the_role_back(backend) {
        let Some(database) = seed::country(backend) else { return };
        let today = ["--today", TODAY, "--allow-insecure"];
        for login in ["root", "rogue"] {
            let grant = ["admin", "grant", "--login", login, "--role", "system_admin", "--unit", "VN"];
            done(&database, &[&grant, &today[..]].concat());
        }
        let code = given(&database, &[&["admin", "break-glass"], &today[..]].concat());
        let app = App::over(database, TODAY);
        let rogue = Client::new(app.base(), Some(app.token_of("rogue", &[])));
        let root = rogue.ask("{ accountByLogin(login: \"root\") { id version assignments { role state } } }", json!({}));
        let root = &root["accountByLogin"];
        assert_eq!(root["assignments"], json!([{ "role": "SYSTEM_ADMIN", "state": "IN_FORCE" }]));
        let shut_out = json!({ "account": root["id"], "expectedVersion": root["version"], "reason": "chiếm quyền" });
        rogue.act("disableAccount", "DisableAccountInput", shut_out, "account { state }");
        let told = rogue.ask("{ viewer { emergencies { role state grantedBy } } }", json!({}));
        let sealed = json!([{ "role": "BREAK_GLASS", "state": "IN_FORCE", "grantedBy": "host:cli" }]);
        assert_eq!(told["viewer"]["emergencies"], sealed, "every system admin is told of the entry");
        let entered = app.anonymous().attempt("redeemCode", "RedeemCodeInput", json!({ "code": code, "device": "Test" }), "tokens { accessToken }");
        let entry = Client::new(app.base(), entered["tokens"]["accessToken"].as_str().map(str::to_owned));
        let read = "SELECT COUNT(*) AS number FROM audit WHERE operation = 'accountByLogin'";
        assert_eq!(app.database().number(read), 0, "what others read leaves no trace");
        entry.ask("{ accountByLogin(login: \"root\") { login } }", json!({}));
        assert_eq!(app.database().number(read), 1, "what the entry reads is on record");
        let restored = entry.attempt("restoreAdmin", "RestoreAdminInput", json!({ "login": "root" }), "code");
        let opened = json!({ "code": restored["code"], "newPassword": "một câu dài không ai đoán ra" });
        assert_eq!(app.anonymous().act("redeemCode", "RedeemCodeInput", opened, "login")["login"], "root");
        let found = rogue.ask("{ accountByLogin(login: \"root\") { state assignments { role state validTo grantedBy } } }", json!({}));
        let again = &found["accountByLogin"];
        assert_eq!(again["state"], "ACTIVE");
        let in_force: Vec<&serde_json::Value> = again["assignments"].as_array().into_iter().flatten().filter(|one| one["state"] == "IN_FORCE").collect();
        assert_eq!(in_force.len(), 1, "{again}");
        assert_eq!((&in_force[0]["role"], &in_force[0]["validTo"]), (&json!("SYSTEM_ADMIN"), &json!(null)));
    }

    an_emergency_entry_that_is_late_is_refused(backend) {
        let Some(database) = seed::country(backend) else { return };
        let code = given(&database, &["admin", "break-glass", "--today", "2023-07-05T07:00:00+07:00", "--allow-insecure"]);
        let app = App::over(database, "2023-07-05T08:00:01+07:00");
        let late = app.anonymous().attempt("redeemCode", "RedeemCodeInput",
            json!({ "code": code, "device": "Test" }), "login");
        assert_eq!(late["errors"][0]["code"], "CODE_REFUSED");
    }

    demo_accounts_exist_in_a_demonstration_only(backend) {
        let Some(database) = seed::country(backend) else { return };
        let demo = ["demo", "--prepare-only", "--database-url", &database.url(), "--data-dir", &database.home().display().to_string()];
        refused(&database, &demo, "holds data that no demonstration made");
        database.execute(
            "INSERT INTO account (id, login, kind, post, unit_id, state, demo, created_at, created_by, version) \
             VALUES (1000000, 'demo-x', 'PERSON', 'Test', 1, 'ACTIVE', TRUE, 0, 'tests', 1)",
        );
        refused(&database, &["serve", "--port", "0"], "NOT_A_DEMONSTRATION");
    }
}

#[test]
fn the_host_waits_for_a_server_that_holds_an_embedded_database() {
    let Some(app) = App::start(Backend::Sqlite) else { return };
    let grant = ["admin", "grant", "--login", "an", "--role", "analyst", "--unit", BINH_GIA];
    refused(app.database(), &grant, "in use");
}

#[test]
fn the_host_grants_beside_a_server_on_postgresql() {
    let Some(app) = App::start(Backend::Postgres) else { return };
    let grant = ["admin", "grant", "--login", "an", "--role", "analyst", "--unit", BINH_GIA];
    done(app.database(), &[&grant[..], &["--today", TODAY, "--allow-insecure"]].concat());
    let client = Client::new(app.base(), Some(app.token_of("an", &[])));
    assert_eq!(client.ask("{ viewer { role } }", json!({}))["viewer"]["role"], "ANALYST");
}
