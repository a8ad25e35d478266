//! What a paper says of the truth of its figures: who reported on time, what was verified, what official figures say.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};
use caodiem_tests::on_both;
use serde_json::{Value, json};

use crate::official::{attempt, file, import};
use crate::places::BINH_GIA;
use crate::reporting::{Running, submit};

const REPORT: &str = "report { id columns { key formula } \
    sections { rows { code cells { printed exact { exact } } } totals { printed exact { exact } } } findings { code message } }";

fn kept_out(columns: &[Value]) -> bool {
    columns.iter().all(|column| {
        !["on_time", "verified", "official", "gap", "gap_percent"].iter().any(|key| column["key"] == *key)
    })
}

/// The printed cells of a row under these columns.
fn printed(report: &Value, cells: &Value, keys: &[&str]) -> Vec<Value> {
    let columns = report["columns"].as_array().expect("columns");
    let at =
        |key: &&str| columns.iter().position(|column| column["key"] == **key).unwrap_or_else(|| panic!("no {key}"));
    keys.iter().map(|key| cells[at(key)]["printed"].clone()).collect()
}

on_both! {
    a_paper_sets_what_was_reported_beside_what_is_true(backend) {
        let Some(mut running) = Running::start(backend) else { return };
        let drive = running.plan.drive.clone();
        let issue = |client: &caodiem_tests::client::Client| {
            let input = json!({ "kind": "DAILY", "drive": drive, "indicator": "ACTIVATED_L1", "group": "RESIDENTS_14_PLUS", "day": "2023-05-10" });
            client.act("issuePeriodReport", "IssuePeriodReportInput", input, REPORT)["report"].clone()
        };
        let plain = issue(&running.plan.planner);
        assert!(kept_out(plain["columns"].as_array().expect("columns")), "nothing of that kind is used there yet: {plain}");
        // Fifteen report before the cut-off, three a day later, one never.
        running.plan.rule(&json!([{ "level": "COMMUNE", "before": "15:30" }]));
        running.app.move_to("2023-05-10T10:00:00+07:00");
        let row = |at: usize| running.row(at, "2023-05-10", "ACTIVATED_L1", 20);
        let (early, mut late): (Vec<Value>, Vec<Value>) = ((0..15).map(row).collect(), (15..18).map(row).collect());
        let reporter = running.app.client("reporter", BINH_GIA);
        assert_eq!(submit(&reporter, &drive, &early)["refused"], 0);
        running.app.move_to("2023-05-11T09:00:00+07:00");
        for row in &mut late {
            row["reason"] = json!("bổ sung");
        }
        let reporter = running.app.client("reporter", BINH_GIA);
        assert_eq!(submit(&reporter, &drive, &late)["refused"], 0);
        // Official figures of all communes but the first; the fourth did less than it reported. The last has one and is silent.
        let verifier = running.app.client("verifier", BINH_GIA);
        let eve = verifier.ask("query($id: ID!) { drive(id: $id) { days { from } } }", json!({ "id": drive }));
        let opening = format!("{}T00:00:00+07:00", eve["drive"]["days"]["from"].as_str().expect("a day"));
        let without_first = |text: String| {
            let code = format!("{},", running.communes[0].0);
            text.split_inclusive('\n').filter(|line| !line.starts_with(&code)).collect::<String>()
        };
        import(&verifier, &opening, &without_first(file(&running, |_| 100)), &json!({}));
        let now = without_first(file(&running, |at| if at == 3 { 112 } else { 120 }));
        assert_eq!(import(&verifier, "2023-05-10T16:59:00Z", &now, &json!({}))["created"], 18);
        let tallies = verifier.ask(
            "query($drive: ID!, $unit: [ID!]) { tallies(drive: $drive, where: { creditedUnit: $unit }) { nodes { id revision } } }",
            json!({ "drive": drive, "unit": [running.commune(1)] }),
        );
        let tally = &tallies["tallies"]["nodes"][0];
        let checked = json!({ "inspections": [{ "tally": tally["id"], "revision": tally["revision"], "verdict": "TRUE",
            "checked": "20", "confirmed": "20", "note": "biên bản số 5" }] });
        assert_eq!(attempt(&verifier, "recordInspections", checked)["errors"], json!([]));

        let planner = running.app.client("planner", BINH_GIA);
        let report = issue(&planner);
        let section = &report["sections"][0];
        let keys = ["on_time", "verified", "official", "gap", "gap_percent"];
        let of = |at: usize| {
            let found = section["rows"].as_array().expect("rows").iter().find(|row| row["code"] == json!(running.communes[at].0));
            printed(&report, &found.expect("a row")["cells"], &keys)
        };
        let percent = |number: &str| json!(format!("{number}\u{a0}%"));
        assert_eq!(of(0), [percent("100,0"), Value::Null, Value::Null, Value::Null, Value::Null]);
        assert_eq!(of(1), [percent("100,0"), json!("20"), json!("20"), json!("0"), percent("0,0")]);
        assert_eq!(of(3), [percent("100,0"), Value::Null, json!("12"), json!("8"), percent("66,7")]);
        assert_eq!(of(16), [percent("0,0"), Value::Null, json!("20"), json!("0"), percent("0,0")], "it came late");
        assert_eq!(of(18), [percent("0,0"), Value::Null, json!("20"), Value::Null, Value::Null], "silence is not compared");
        // 15 of 19 on time; a gap of 340 reported against 332 by those seventeen that have both.
        let totals = printed(&report, &section["totals"], &keys);
        assert_eq!(totals, [percent("78,9"), json!("20"), json!("352"), json!("8"), percent("2,4")]);
        let formulas: Vec<&str> = report["columns"].as_array().expect("columns").iter().filter_map(|column| column["formula"].as_str()).collect();
        assert_eq!(formulas[7..], ["(8) = 100 × số báo cáo đúng hạn / số báo cáo phải nộp", "(9)", "(10)", "(11) = (4) − (10)", "(12) = 100 × (11) / (10)"]);
        let findings: Vec<&Value> = report["findings"].as_array().expect("findings").iter().map(|finding| &finding["code"]).collect();
        assert!(findings.contains(&&json!("OFFICIAL_PARTIAL")), "{findings:?}");
        // The rate is that of the reporting query, and the gap that of the comparison.
        let analyst = running.app.client("analyst", BINH_GIA);
        let rates = analyst.ask(
            "query($drive: ID!, $unit: ID!) { reporting(drive: $drive, unit: $unit, from: \"2023-05-10\", to: \"2023-05-10\") { \
                whole { levels { expectedReports actualReportsOnTime } } } }",
            json!({ "drive": drive, "unit": running.plan.unit }),
        );
        assert_eq!(rates["reporting"]["whole"]["levels"], json!([{ "expectedReports": 19, "actualReportsOnTime": 15 }]));
        let gaps = verifier.ask(
            "query($drive: ID!, $units: [ID!]!) { comparison(drive: $drive, units: $units, indicator: \"ACTIVATED_L1\", to: \"2023-05-10\") { gap { number } } }",
            json!({ "drive": drive, "units": [running.commune(3), running.commune(0)] }),
        );
        assert_eq!(gaps["comparison"], json!([{ "gap": { "number": "8" } }, { "gap": null }]));

        // The files, by other libraries.
        let path = |id: &Value, form: &str| format!("/reports/{}.{form}", id.as_str().expect("an id"));
        let book = analyst.fetch(&path(&report["id"], "xlsx"));
        if let Some(kept) = std::env::var_os("CAODIEM_KEEP_TRUE_WORKBOOK") {
            std::fs::write(kept, &book.body).expect("it is kept");
        }
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book.body)).expect("another library opens it");
        let name = book.sheet_names().first().expect("a sheet").clone();
        let range: Range<Data> = book.worksheet_range(&name).expect("a range");
        let line = (0..range.height()).find(|row| range.get((*row, 1)) == Some(&Data::String("TỔNG CỘNG".to_owned()))).expect("totals");
        assert_eq!([11, 12].map(|column| range.get((line, column)).cloned()), [Some(Data::Float(352.0)), Some(Data::Float(8.0))]);
        let text = String::from_utf8(analyst.fetch(&path(&report["id"], "csv")).body).expect("text");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("a record")).collect();
        let total = records.iter().find(|record| &record[1] == "TỔNG CỘNG").expect("totals");
        assert_eq!([9, 10, 11, 12, 13].map(|at| &total[at]), ["78.9", "20", "352", "8", "2.4"]);
        // What was issued before is as it was.
        let before = analyst.ask("query($id: ID!) { periodReport(id: $id) { columns { key formula } } }", json!({ "id": plain["id"] }));
        assert_eq!(before["periodReport"]["columns"], plain["columns"]);
        assert_eq!(analyst.fetch(&path(&plain["id"], "csv")).status, 200);
    }
}
