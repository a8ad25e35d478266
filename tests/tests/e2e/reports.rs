//! Period reports over the wire: issued, certified by another, taken out as files that other libraries read.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};
use caodiem_tests::client::{Client, File};
use caodiem_tests::on_both;
use serde_json::{Value, json};

use crate::places::{BAC_SON, BINH_GIA, LANG_SON};
use crate::reporting::Running;

const REPORT: &str = "report { id number status hash isWhole corrects { id } correctedBy { id } issuer certifiedBy \
    columns { key heading formula format } sections { name rows { code name cells { printed exact { exact } } } totals { printed exact { exact } } } \
    findings { code message } }";

/// All communes report on the 8th, all but the last on the 9th.
fn report_some(running: &Running) {
    let row = |at: usize, day: &str| running.row(at, day, "ACTIVATED_L1", i64::try_from(at).unwrap_or(0) * 10);
    let rows: Vec<Value> =
        (0..19).map(|at| row(at, "2023-05-08")).chain((0..18).map(|at| row(at, "2023-05-09"))).collect();
    assert_eq!(running.submit(&rows)["refused"], 0);
}

fn daily(running: &Running, day: &str) -> Value {
    json!({ "kind": "DAILY", "drive": running.plan.drive, "indicator": "ACTIVATED", "group": "RESIDENTS_14_PLUS", "day": day })
}

fn issue(client: &Client, input: Value) -> Value {
    client.act("issuePeriodReport", "IssuePeriodReportInput", input, REPORT)["report"].clone()
}

fn path(report: &Value, extension: &str) -> String {
    format!("/reports/{}.{extension}", report["id"].as_str().expect("an id"))
}

fn sheet(file: File) -> Range<Data> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file.body)).expect("another library opens it");
    let name = book.sheet_names().first().expect("a sheet").clone();
    book.worksheet_range(&name).expect("a range")
}

fn text_of(range: &Range<Data>, at: (usize, usize)) -> String {
    range.get(at).map(ToString::to_string).unwrap_or_default()
}

/// The row whose cell in that column says that.
fn line(range: &Range<Data>, column: usize, says: &str) -> usize {
    (0..range.height())
        .find(|row| text_of(range, (*row, column)) == says)
        .unwrap_or_else(|| panic!("no line {says}: {range:?}"))
}

on_both! {
    a_report_is_issued_certified_by_another_and_corrected(backend) {
        let Some(running) = Running::start(backend) else { return };
        report_some(&running);
        let (one, other) = (&running.plan.planner, running.app.client("planner", LANG_SON));
        let whole = issue(one, daily(&running, "2023-05-08"));
        assert_eq!((&whole["status"], &whole["isWhole"]), (&json!("COMPLETE"), &json!(true)));
        let totals = &whole["sections"][0]["totals"];
        assert_eq!((&totals[0]["printed"], &totals[2]["printed"]), (&json!("17.410"), &json!("1.710")));
        assert_eq!(totals[4], json!({ "printed": "9,8\u{a0}%", "exact": { "exact": "17100/1741" } }));
        assert_eq!(whole["columns"][4]["formula"], "(5) = 100 × ((2) + (4)) / (1)");
        let partial = issue(one, daily(&running, "2023-05-09"));
        assert_eq!(partial["status"], "PARTIAL");
        let last = &partial["sections"][0]["rows"][18];
        assert_eq!((&last["cells"][2]["printed"], &last["cells"][6]["printed"]), (&Value::Null, &json!("1")), "{last}");
        let named = partial["findings"].as_array().expect("findings").iter().any(|finding| finding["code"] == "REPORTS_MISSING");
        assert!(named, "{}", partial["findings"]);

        let certify = |client: &Client| client.attempt("certifyPeriodReport", "CertifyPeriodReportInput", json!({ "report": whole["id"] }), "report { status certifiedBy }");
        assert_eq!(certify(one)["errors"][0]["code"], "OWN_REPORT");
        assert_eq!(certify(&other)["report"], json!({ "status": "CERTIFIED", "certifiedBy": "test-planner-20" }));
        let reason = json!({ "report": whole["id"], "reason": "đếm lại" });
        let right = one.act("correctPeriodReport", "CorrectPeriodReportInput", reason, REPORT)["report"].clone();
        assert_eq!((&right["status"], &right["corrects"]["id"]), (&json!("CORRECTION"), &whole["id"]));
        let stands = one.ask("{ periodReports(where: { corrected: false }) { totalCount nodes { id } } }", json!({}));
        assert_eq!(stands["periodReports"]["totalCount"], 2);
        let seen = running.app.client("analyst", BINH_GIA).ask("query($id: ID!) { periodReport(id: $id) { correctedBy { id } hash } }", json!({ "id": whole["id"] }));
        assert_eq!(seen["periodReport"], json!({ "correctedBy": { "id": right["id"] }, "hash": whole["hash"] }));
    }

    files_are_what_other_libraries_read(backend) {
        let Some(running) = Running::start(backend) else { return };
        report_some(&running);
        let report = issue(&running.plan.planner, daily(&running, "2023-05-09"));
        let analyst = running.app.client("analyst", BINH_GIA);
        let file = analyst.fetch(&path(&report, "xlsx"));
        assert_eq!((file.status, file.cached.as_str()), (200, "no-store"));
        assert!(file.disposition.starts_with("attachment; filename=\"bao-cao-"), "{}", file.disposition);
        assert_eq!(analyst.fetch(&path(&report, "xlsx")).body, file.body, "the same report gives the same bytes");
        if let Some(kept) = std::env::var_os("CAODIEM_KEEP_WORKBOOK") {
            std::fs::write(kept, &file.body).expect("it is kept");
        }
        let range = sheet(file);
        assert_eq!(text_of(&range, (0, 0)), "UBND HUYỆN BÌNH GIA");
        assert_eq!(text_of(&range, (1, 0)), "BÁO CÁO NGÀY 09/05/2023");
        let head = line(&range, 0, "STT");
        assert_eq!((text_of(&range, (head, 2)), text_of(&range, (head + 1, 2))), ("Chỉ tiêu giao".to_owned(), "(1)".to_owned()));
        assert_eq!(range.get((head + 2, 0)), Some(&Data::Float(1.0)));
        let total = line(&range, 1, "TỔNG CỘNG");
        assert_eq!(total, head + 2 + 19);
        assert_eq!(range.get((total, 2)), Some(&Data::Float(17_410.0)), "a number, not words");
        let Some(Data::Float(percent)) = range.get((total, 6)) else { panic!("a percentage: {range:?}") };
        let done: f64 = (0..18).map(|at| f64::from(at) * 20.0).sum::<f64>() + 180.0;
        assert!((percent - 100.0 * done / 17_410.0).abs() < 1e-6, "{percent}");
        let silent = head + 2 + 18;
        assert_eq!(range.get((silent, 4)), Some(&Data::Empty), "silence is no nought");

        let file = analyst.fetch(&path(&report, "csv"));
        assert_eq!((file.status, file.kind.as_str()), (200, "text/csv; charset=utf-8"));
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(file.body.as_slice());
        let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("a record")).collect();
        let total = records.iter().find(|record| &record[1] == "TỔNG CỘNG").expect("totals");
        assert_eq!((&total[2], total[6].parse::<f64>().map(|_| ())), ("17410", Ok(())));
        let marked = analyst.fetch(&format!("{}?bom=true", path(&report, "csv")));
        assert_eq!(marked.body, [&b"\xef\xbb\xbf"[..], &file.body].concat());
    }

    a_file_is_for_who_may_see_it_and_goes_on_record(backend) {
        let Some(running) = Running::start(backend) else { return };
        report_some(&running);
        let report = issue(&running.plan.planner, daily(&running, "2023-05-08"));
        let code = |file: &File| {
            let body: Value = serde_json::from_slice(&file.body).expect("JSON");
            (file.status, body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned())
        };
        let fetched = |role: &str, unit: &str| running.app.client(role, unit).fetch(&path(&report, "csv"));
        assert_eq!(code(&running.app.anonymous().fetch(&path(&report, "csv"))), (401, "UNAUTHENTICATED".to_owned()));
        assert_eq!(code(&fetched("reporter", BINH_GIA)), (403, "FORBIDDEN".to_owned()));
        assert_eq!(code(&fetched("analyst", BAC_SON)), (404, "NOT_FOUND".to_owned()), "out of scope is not there");
        let analyst = running.app.client("analyst", BINH_GIA);
        for path in ["/reports/none.csv".to_owned(), path(&report, "pdf"), path(&report, "csv").replace(".csv", "")] {
            assert_eq!(code(&analyst.fetch(&path)), (404, "NOT_FOUND".to_owned()), "{path}");
        }
        assert_eq!(code(&analyst.fetch(&format!("{}?bom=7", path(&report, "csv")))), (400, "BAD_REQUEST".to_owned()));
        assert_eq!(fetched("verifier", BINH_GIA).status, 200);
        let acts = running.app.client("auditor", BINH_GIA).ask(
            "{ acts(first: 10, where: { operation: [\"exportPeriodReport\"] }) { nodes { login outcome changes } } }",
            json!({}),
        );
        let acts = acts["acts"]["nodes"].as_array().expect("acts").clone();
        let seen: Vec<(&str, &str)> = acts.iter().map(|act| (act["login"].as_str().unwrap_or_default(), act["outcome"].as_str().unwrap_or_default())).collect();
        assert_eq!(seen, [("test-verifier-181", "DONE"), ("test-reporter-181", "FORBIDDEN")]);
        let hash = report["hash"].as_str().expect("a hash");
        assert!(acts[0]["changes"].to_string().contains(hash), "{}", acts[0]);
    }
}
