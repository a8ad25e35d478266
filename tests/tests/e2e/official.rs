//! Whether the figure is true: extracts, what was reported held against them, inspections, findings.

use std::fs;

use caodiem_tests::client::request_id;
use caodiem_tests::on_both;
use serde_json::{Value, json};

use crate::places::BINH_GIA;
use crate::reporting::Running;

const IMPORT: &str = "extract { id source asOf sha256 rows figures refused } known rows refused created updated unchanged \
    noteCount notes { line column refuses code message messageEn }";

/// Imports a file; gives the payload.
pub(crate) fn import(client: &caodiem_tests::client::Client, as_of: &str, content: &str, more: &Value) -> Value {
    let mut input = json!({
        "requestId": request_id(), "source": "CSDLQG về DC", "asOf": as_of, "strategy": "CREATE_OR_UPDATE", "content": content,
    });
    for (name, value) in more.as_object().expect("an object") {
        input[name] = value.clone();
    }
    client.attempt("importOfficialFigures", "ImportOfficialFiguresInput", input, IMPORT)
}

/// One mutation, by its payload's errors.
pub(crate) fn attempt(client: &caodiem_tests::client::Client, mutation: &str, input: Value) -> Value {
    let kind = format!("{first}{rest}Input", first = mutation[..1].to_uppercase(), rest = &mutation[1..]);
    client.attempt(mutation, &kind, input, "__typename")
}

/// A file of the communes, each with its figure.
pub(crate) fn file(running: &Running, figure: impl Fn(usize) -> i64) -> String {
    let rows = running
        .communes
        .iter()
        .enumerate()
        .map(|(at, (code, name, _))| format!("{code},{name},{figure}\n", figure = figure(at)));
    format!("unit_code,unit_name,ACTIVATED_L1\n{rows}", rows = rows.collect::<String>())
}

on_both! {
    an_untrue_commune_is_found_inspected_and_settled(backend) {
        let Some(running) = Running::start(backend) else { return };
        let (drive, verifier) = (&running.plan.drive, running.app.client("verifier", BINH_GIA));
        // Every commune reports 20 a day for two days; what the fourth reports is not so.
        let rows: Vec<Value> = (0..19)
            .flat_map(|at| ["2023-05-08", "2023-05-09"].map(|day| running.row(at, day, "ACTIVATED_L1", 20)))
            .collect();
        assert_eq!(running.submit(&rows)["accepted"], 38);
        let eve = verifier.ask("query($id: ID!) { drive(id: $id) { days { from } } }", json!({ "id": drive }));
        let opening = format!("{}T00:00:00+07:00", eve["drive"]["days"]["from"].as_str().expect("a day"));
        let loaded = import(&verifier, &opening, &file(&running, |at| 100 + i64::try_from(at).expect("small")), &json!({}));
        assert_eq!((&loaded["created"], &loaded["errors"], &loaded["notes"]), (&json!(19), &json!([]), &json!([])));
        let now = file(&running, |at| 100 + i64::try_from(at).expect("small") + if at == 3 { 12 } else { 40 });
        let loaded = import(&verifier, "2023-05-09T16:59:00Z", &now, &json!({}));
        let again = import(&verifier, "2023-05-09T16:59:00Z", &now, &json!({}));
        assert_eq!((&again["known"], &again["extract"]["id"]), (&json!(true), &loaded["extract"]["id"]));
        let units: Vec<Value> = (0..19).map(|at| running.commune(at)).collect();
        let document = "query($drive: ID!, $units: [ID!]!, $of: String!) { comparison(drive: $drive, units: $units, indicator: $of, \
            to: \"2023-05-09\") { unit { code } day reported verified official { done opening sources missing } \
            gap { number percent } agreement settlement { value by reason author } findings { code } } }";
        // Of the two parts of ACTIVATED one is in the extract, so the total is not known officially.
        let ask = |of: &str| {
            verifier.ask(document, json!({ "drive": drive, "units": units, "of": of }))["comparison"].clone()
        };
        assert!(ask("ACTIVATED").as_array().expect("rows").iter().all(|row| row["agreement"] == "INCOMPARABLE"));
        let found = ask("ACTIVATED_L1");
        let beyond: Vec<&Value> =
            found.as_array().expect("rows").iter().filter(|row| row["agreement"] != "WITHIN").collect();
        assert_eq!(beyond.len(), 1, "{found}");
        assert_eq!(beyond[0]["unit"]["code"], json!(running.communes[3].0));
        assert_eq!(beyond[0]["gap"], json!({ "number": "28", "percent": "233.333333" }));
        assert_eq!(beyond[0]["official"]["sources"], json!(["CSDLQG về DC"]));
        // Inspection of the day, then the word of who checks.
        let tallies = verifier.ask(
            "query($drive: ID!, $unit: [ID!]) { tallies(drive: $drive, where: { creditedUnit: $unit }) { nodes { id revision } } }",
            json!({ "drive": drive, "unit": [running.commune(3)] }),
        );
        let tally = &tallies["tallies"]["nodes"][0];
        let checked = |verdict: &str, confirmed: &str| json!({ "inspections": [{
            "tally": tally["id"], "revision": tally["revision"], "verdict": verdict, "checked": "20", "confirmed": confirmed,
            "note": "biên bản số 5",
        }] });
        let wrong = attempt(&verifier, "recordInspections", checked("TRUE", "6"));
        assert_eq!(wrong["errors"][0]["code"], "VERDICT_CONTRADICTED");
        let right = attempt(&verifier, "recordInspections", checked("UNTRUE", "6"));
        assert_eq!(right["errors"], json!([]));
        let settle = json!({
            "drive": drive, "unit": running.commune(3), "indicator": "ACTIVATED_L1", "day": "2023-05-09", "by": "OFFICIAL",
            "reason": "UNTRUE", "note": "đối chiếu CSDLQG",
        });
        assert_eq!(attempt(&verifier, "settleFigure", settle)["errors"], json!([]));
        let settled = ask("ACTIVATED_L1")[3]["settlement"].clone();
        assert_eq!((&settled["value"], &settled["by"], &settled["reason"]), (&json!("12"), &json!("OFFICIAL"), &json!("UNTRUE")));
        // What was reported stands as it was: nothing is corrected silently.
        assert_eq!(ask("ACTIVATED_L1")[3]["reported"], json!("40"));
        // The record of acts holds the file's digest, not the file.
        let acts = running.app.client("auditor", "VN").ask(
            "{ acts(where: { operation: [\"importOfficialFigures\"] }) { nodes { input changes } } }", json!({}),
        );
        let input = acts["acts"]["nodes"][0]["input"].as_str().expect("an input").to_owned();
        assert!(input.contains("sha256:") && !input.contains("unit_code"), "{input}");
    }

    a_broken_file_is_told_line_by_line_and_leaves_nothing(backend) {
        let Some(running) = Running::start(backend) else { return };
        let verifier = running.app.client("verifier", BINH_GIA);
        let code = &running.communes[0].0;
        let text = format!("unit_code,ACTIVATED_L1\n{code},1.000\n01,5\n{code},=1+1\n");
        let refused = import(&verifier, "2023-05-09T00:00:00Z", &text, &json!({}));
        assert_eq!((&refused["extract"], &refused["refused"]), (&Value::Null, &json!(3)));
        let notes: Vec<Value> = refused["notes"].as_array().expect("notes").iter()
            .map(|note| json!([note["line"], note["column"], note["code"]])).collect();
        // 01 is a province: it is not in the district's scope, so it is not there.
        assert_eq!(notes, [json!([2, 2, "FIGURE_FORM"]), json!([3, 1, "NOT_FOUND"]), json!([4, 1, "REPEATED"]), json!([4, 2, "FORMULA_PREFIX"])]);
        assert_eq!(refused["errors"][0]["field"], json!(["lines", "2", "columns", "2"]));
        assert!(refused["notes"][0]["message"].as_str().expect("words").contains("chữ số"));
        let tried = import(&verifier, "2023-05-09T00:00:00Z", &format!("unit_code,ACTIVATED_L1\n{code},5\n"), &json!({ "dryRun": true }));
        assert_eq!((&tried["extract"], &tried["created"], &tried["errors"]), (&Value::Null, &json!(1), &json!([])));
        let none = verifier.ask("{ extracts { totalCount } }", json!({}));
        assert_eq!(none["extracts"]["totalCount"], 0);
    }

    the_host_loads_an_extract_from_a_file(backend) {
        let Some(mut running) = Running::start(backend) else { return };
        running.app.stop();
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("extract.csv");
        fs::write(&path, file(&running, |_| 7)).expect("written");
        let path = path.to_str().expect("a path").to_owned();
        let import = ["import", "official", &path, "--source", "CSDLQG", "--as-of", "2023-05-08"];
        let tried = running.app.run(&[&import[..], &["--dry-run"]].concat());
        let said = String::from_utf8_lossy(&tried.stdout).into_owned();
        assert!(tried.status.success() && said.contains("dry run") && said.contains("19 figures created"), "{said}");
        let done = running.app.run(&import);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let again = running.app.run(&import);
        assert!(String::from_utf8_lossy(&again.stdout).contains("was there already"));
        fs::write(&path, "unit_code;ACTIVATED_L1\n001;5\n").expect("written");
        let broken = running.app.run(&import);
        assert_eq!(broken.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&broken.stdout).contains("EXTRACT_DELIMITER"));
    }
}
