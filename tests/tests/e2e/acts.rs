//! The record of acts over the wire and on the command line.

use std::process::Output;

use caodiem_tests::app::App;
use caodiem_tests::client::{Client, request_id};
use caodiem_tests::database::Backend;
use caodiem_tests::on_both;
use serde_json::{Value, json};

use crate::places::{BAC_SON, BINH_GIA, id};
use crate::reporting::{Running, submit};

/// Code of the country.
const COUNTRY: &str = "VN";

const ACTS: &str = "query($where: ActWhere) { acts(first: 100, where: $where) { totalCount nodes {
    id seq at login role unit { code } operation input changes outcome refused requestId hash } } }";

fn acts(client: &Client, condition: Value) -> Vec<Value> {
    let found = client.ask(ACTS, json!({ "where": condition }))["acts"].clone();
    let nodes = found["nodes"].as_array().expect("nodes").clone();
    assert_eq!(found["totalCount"], nodes.len(), "few acts");
    nodes
}

fn of(operation: &str) -> Value {
    json!({ "operation": [operation] })
}

fn outcomes(client: &Client, condition: Value) -> Vec<String> {
    acts(client, condition).iter().map(|act| act["outcome"].as_str().expect("an outcome").to_owned()).collect()
}

fn printed(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn verify(app: &App) -> (bool, String) {
    let output = app.run(&["audit", "verify"]);
    (output.status.success(), printed(&output))
}

on_both! {
    what_was_done_is_on_record_with_before_and_after(backend) {
        let Some(running) = Running::start(backend) else { return };
        let auditor = running.app.client("auditor", COUNTRY);
        let opened = acts(&auditor, of("openDrive")).pop().expect("the drive was opened");
        let change = opened["changes"][0].as_str().expect("a change");
        let (before, after) = change.split_once(" => ").expect("before and after");
        assert!(before.contains("DRAFT") && after.contains("OPEN"), "{change}");
        let drive = running.plan.drive.as_str().expect("an id");
        assert!(before.starts_with(&format!("Drive {drive}: ")), "the thing goes by the id that clients know: {change}");
        assert_eq!((&opened["role"], &opened["outcome"], &opened["refused"]), (&json!("PLANNER"), &json!("DONE"), &json!(false)));
        assert_eq!(opened["hash"].as_str().map(str::len), Some(64));
        let again = auditor.ask("query($id: ID!) { node(id: $id) { ... on Act { seq } } }", json!({ "id": opened["id"] }));
        assert_eq!(again["node"]["seq"], opened["seq"]);

        let rows: Vec<Value> = (0..19).map(|at| running.row(at, "2023-05-08", "ACTIVATED_L1", 5)).collect();
        let input = json!({ "drive": running.plan.drive, "rows": rows, "requestId": request_id() });
        for _ in 0..2 {
            running.reporter.attempt("submitTallies", "SubmitTalliesInput", input.clone(), "accepted");
        }
        let submitted = acts(&auditor, of("submitTallies"));
        assert_eq!(submitted.len(), 1, "a replay is no act");
        assert!(submitted[0]["input"].as_str().expect("text").contains("19 rows, fingerprint "), "{}", submitted[0]);
        assert!(submitted[0]["changes"][0].as_str().expect("text").ends_with("19 rows accepted, 0 unchanged, 0 refused"));
    }

    what_was_refused_is_on_record(backend) {
        let Some(running) = Running::start(backend) else { return };
        let auditor = running.app.client("auditor", COUNTRY);
        let stale = json!({ "drive": running.plan.drive, "expectedVersion": 99 });
        running.plan.planner.attempt("closeDrive", "CloseDriveInput", stale, "drive { id }");
        assert_eq!(outcomes(&auditor, of("closeDrive")), ["STALE_VERSION"]);

        let document = "mutation($i: FoundUnitInput!) { foundUnit(input: $i) { errors { code } } }";
        let unit = json!({ "requestId": request_id(), "parent": running.plan.unit, "code": "99999", "name": "X".repeat(9_000),
            "kind": "RURAL_COMMUNE", "validFrom": "2023-05-01" });
        assert_eq!(running.reporter.send(document, json!({ "i": unit })).codes(), ["FORBIDDEN"]);
        let refused = acts(&auditor, of("foundUnit")).pop().expect("it is on record");
        assert_eq!((&refused["outcome"], &refused["requestId"]), (&json!("FORBIDDEN"), &unit["requestId"]));
        let input = refused["input"].as_str().expect("text");
        assert!(input.contains("bytes, SHA-256 ") && input.len() < 200, "a long input is recorded by its digest: {input}");

        let nothing = running.app.client("unit_admin", BINH_GIA);
        let document = "query($d: ID!) { one: tallies(drive: $d) { totalCount } two: tallies(drive: $d) { totalCount } }";
        assert!(nothing.send(document, json!({ "d": running.plan.drive })).codes().contains(&"FORBIDDEN"));
        assert_eq!(outcomes(&auditor, of("tallies")), ["FORBIDDEN"], "one row for the reads of a request");

        // The guards of decisions by two and of the own session refuse on record as well.
        assert_eq!(running.reporter.send("{ proposals(first: 1) { totalCount } }", json!({})).codes(), ["FORBIDDEN"]);
        let document = "mutation($i: SignOutInput!) { signOut(input: $i) { errors { code } } }";
        let out = json!({ "i": { "requestId": request_id() } });
        assert_eq!(running.reporter.send(document, out).codes(), ["FORBIDDEN"], "a token of the host has no session");
        for guarded in ["proposals", "signOut"] {
            assert_eq!(outcomes(&auditor, of(guarded)), ["FORBIDDEN"]);
        }

        let none = submit(&running.reporter, &json!("VW5pdDox"), &[running.row(0, "2023-05-08", "ACTIVATED_L1", 5)]);
        assert_eq!(none["errors"][0]["code"], "NOT_FOUND");
        assert_eq!(outcomes(&auditor, of("submitTallies")), ["NOT_FOUND"]);
        assert!(verify(&running.app).0);
    }

    acts_are_shown_to_whom_they_concern(backend) {
        let Some(running) = Running::start(backend) else { return };
        let admin = running.app.client("unit_admin", BINH_GIA);
        let unit = id(&admin, BINH_GIA);
        let team = json!({ "teams": [{ "unit": unit, "kind": "VOLUNTEER", "name": "Tổ 1", "validFrom": "2023-05-01", "members": [] }] });
        admin.act("formTeams", "FormTeamsInput", team, "teams { id }");
        let operations = |client: &Client| -> Vec<Value> {
            acts(client, json!({})).iter().map(|act| act["operation"].clone()).collect()
        };
        assert_eq!(operations(&admin), ["formTeams"], "a unit's admin reads the acts of admins, not of planners");
        assert!(operations(&running.app.client("auditor", BINH_GIA)).contains(&json!("openDrive")));
        let elsewhere = [running.app.client("auditor", BAC_SON), running.app.client("unit_admin", BAC_SON)];
        for client in elsewhere {
            assert_eq!(operations(&client), Vec::<Value>::new(), "acts out of scope are shown");
            let hidden = acts(&running.app.client("auditor", COUNTRY), json!({})).pop().expect("an act");
            let node = client.ask("query($id: ID!) { node(id: $id) { id } }", json!({ "id": hidden["id"] }));
            assert_eq!(node["node"], Value::Null);
        }
        let planner = running.app.client("planner", BINH_GIA);
        let own = planner.ask("{ viewer { subject } }", json!({}))["viewer"]["subject"].clone();
        assert!(acts(&planner, json!({})).iter().all(|act| act["login"] == own), "a planner reads the acts of others");
    }

    what_was_done_to_the_record_is_told_on_the_host(backend) {
        let Some(mut running) = Running::start(backend) else { return };
        let (agrees, said) = verify(&running.app);
        assert!(agrees && said.contains(" agree"), "{said}");
        let exported = running.app.run(&["audit", "checkpoint"]);
        assert!(exported.status.success() && printed(&exported).contains("is signed in"), "{}", printed(&exported));
        running.app.stop();
        let file = running.app.database().home().join("audit-checkpoints.jsonl");
        let lines = std::fs::read_to_string(&file).expect("checkpoints were exported");
        assert!(lines.lines().any(|line| line.contains("\"stored\":true")), "none was made at the end: {lines}");
        assert!(printed(&running.app.run(&["audit", "checkpoint"])).contains("nothing was added"));
        let (agrees, said) = verify(&running.app);
        assert!(agrees, "{said}");

        let database = running.app.database();
        database.execute(match backend {
            Backend::Sqlite => "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete",
            Backend::Postgres => "DROP TRIGGER audit_fixed ON audit",
        });
        database.execute("UPDATE audit SET outcome = 'FORBIDDEN' WHERE operation = 'openDrive'");
        let edited = database.number("SELECT seq AS number FROM audit WHERE operation = 'openDrive'");
        let (agrees, said) = verify(&running.app);
        assert!(!agrees && said.contains(&format!("row {edited}: edited")), "{said}");
        database.execute("UPDATE audit SET outcome = 'DONE' WHERE operation = 'openDrive'");
        assert!(verify(&running.app).0);
        database.execute("DELETE FROM audit WHERE seq > 2");
        database.execute("UPDATE audit_head SET seq = 2, hash = (SELECT hash FROM audit WHERE seq = 2)");
        let (agrees, said) = verify(&running.app);
        assert!(!agrees && said.contains("the chain ends at row 2"), "{said}");
    }
}
