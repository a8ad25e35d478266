//! The end of a drive over the wire: a unit above its quota, one exactly at it, one that is silent, one that is late, one
//! that reported what is not so, and one that was excused; a list for the council, and what it decides.

use caodiem_tests::app::App;
use caodiem_tests::client::{Client, request_id};
use caodiem_tests::database::Backend;
use caodiem_tests::on_both;
use caodiem_tests::seed;
use serde_json::{Value, json};

use crate::places::{BAC_SON, BINH_GIA, children};
use crate::planning::Plan;
use crate::reporting::submit;

/// What the communes of the test are called, by their place.
const ABOVE: usize = 0;
const EXACT: usize = 1;
const SILENT: usize = 2;
const UNTRUE: usize = 3;
const LATE: usize = 4;
const EXCUSED: usize = 5;

const CANDIDATES: &str = "candidates { code place tied proposal outOfRunning result percent expectedReports actualReports \
    actualReportsOnTime excusedReports reasons { effect finding { code message figures { name value } } } \
    decision { version decided number award author } decisions { version decided stands } }";

/// A drive of two days in which six communes owe 100 each; it is the morning after.
struct Ended {
    app: App,
    plan: Plan,
    communes: Vec<(String, String, Value)>,
}

impl Ended {
    fn new(backend: Backend) -> Option<Self> {
        let mut app = App::over(seed::country(backend)?, "2023-05-08T02:00:00Z");
        let drive = json!({ "planNumber": "9/KH-UBND", "title": "Hai ngày cao điểm", "issuer": "UBND huyện Bình Gia",
            "issuedOn": "2023-05-01", "days": { "from": "2023-05-09", "to": "2023-05-10" },
            "reportingRules": [{ "level": "COMMUNE", "before": "15:30" }] });
        let mut plan = Plan::create(&app, BINH_GIA, drive, &["ACTIVATED_L1"]);
        plan.quota(&Value::Null, "ACTIVATED_L1", "600", false);
        let communes = children(&plan.planner, BINH_GIA);
        let quota = |at: usize| {
            json!({ "holder": { "unit": communes[at].2 }, "indicator": "ACTIVATED_L1", "group": "RESIDENTS_14_PLUS",
            "basis": { "absolute": { "amount": "100" } } })
        };
        let quotas: Vec<Value> = (0..6).map(quota).collect();
        plan.planner.act("setQuotas", "SetQuotasInput", json!({ "drive": plan.drive, "quotas": quotas }), "count");
        plan.open();
        let excuse = json!({ "drive": plan.drive, "unit": communes[EXCUSED].2, "days": { "from": "2023-05-10", "to": "2023-05-10" }, "reason": "lũ cuốn" });
        plan.planner.act("excuseReports", "ExcuseReportsInput", excuse, "__typename");
        let row = |(at, day, value, reason): (usize, &str, i64, Value)| {
            json!({ "reporter": { "unit": communes[at].2 }, "day": day,
            "indicator": "ACTIVATED_L1", "value": value.to_string(), "reason": reason })
        };
        let report = |app: &App, rows: &[(usize, &str, i64, Value)]| {
            let rows: Vec<Value> = rows.iter().cloned().map(row).collect();
            let sent = submit(&app.client("reporter", BINH_GIA), &plan.drive, &rows);
            assert_eq!(sent["accepted"], rows.len(), "{sent}");
        };
        let (one, two) = ("2023-05-09", "2023-05-10");
        app.move_to("2023-05-09T03:00:00Z");
        report(
            &app,
            &[
                (ABOVE, one, 50),
                (EXACT, one, 50),
                (SILENT, one, 500),
                (UNTRUE, one, 50),
                (LATE, one, 50),
                (EXCUSED, one, 101),
            ]
            .map(|(at, day, value)| (at, day, value, Value::Null)),
        );
        app.move_to("2023-05-10T03:00:00Z");
        report(
            &app,
            &[(ABOVE, two, 52), (EXACT, two, 50), (UNTRUE, two, 80)]
                .map(|(at, day, value)| (at, day, value, Value::Null)),
        );
        app.move_to("2023-05-10T09:00:00Z");
        report(&app, &[(LATE, two, 90, json!("mất điện"))]);
        app.move_to("2023-05-11T02:00:00Z");
        let verifier = app.client("verifier", BINH_GIA);
        let asked = json!({ "drive": plan.drive, "unit": [communes[UNTRUE].2] });
        let document = "query($drive: ID!, $unit: [ID!]) { tallies(drive: $drive, where: { creditedUnit: $unit }) { nodes { id revision value } } }";
        let tallies = verifier.ask(document, asked)["tallies"]["nodes"].as_array().expect("tallies").clone();
        let tally = tallies.iter().find(|tally| tally["value"] == "80").expect("a tally");
        let inspected = json!({ "inspections": [{ "tally": tally["id"], "revision": tally["revision"], "verdict": "UNTRUE",
            "checked": "20", "confirmed": "6", "note": "biên bản số 5" }] });
        verifier.act("recordInspections", "RecordInspectionsInput", inspected, "__typename");
        plan.planner = app.client("planner", BINH_GIA);
        Some(Self { app, plan, communes })
    }

    fn terms(&self) -> Value {
        json!({ "drive": self.plan.drive, "indicator": "ACTIVATED_L1", "group": "RESIDENTS_14_PLUS" })
    }

    /// The list as figures stand.
    fn live(&self, client: &Client, terms: Value) -> Value {
        let document = format!(
            "query($unit: ID!, $terms: EmulationInput!) {{ emulation(unit: $unit, input: $terms) {{ basis from to {CANDIDATES} }} }}"
        );
        client.ask(&document, json!({ "unit": self.plan.unit, "terms": terms }))["emulation"].clone()
    }

    fn draw_up(&self, request: &str) -> Value {
        let mut input = self.terms();
        input["unit"] = self.plan.unit.clone();
        input["requestId"] = json!(request);
        let selection = format!("list {{ id number hash content author sheet {{ basis from to {CANDIDATES} }} }}");
        self.plan.planner.act("drawUpEmulationList", "DrawUpEmulationListInput", input, &selection)["list"].clone()
    }

    fn decide(&self, client: &Client, list: &Value, at: usize, decided: &str, award: Value) -> Value {
        let input = json!({ "list": list["id"], "unit": self.communes[at].2, "decided": decided, "number": "1024/QĐ-UBND",
            "award": award, "reason": "theo biên bản họp hội đồng thi đua" });
        client.attempt("decideEmulation", "DecideEmulationInput", input, "list { id }")
    }

    /// The candidate of a commune.
    fn of(&self, sheet: &Value, at: usize) -> Value {
        let candidates = sheet["candidates"].as_array().expect("candidates");
        candidates.iter().find(|one| one["code"] == self.communes[at].0.as_str()).expect("a candidate").clone()
    }

    fn told(&self, sheet: &Value, at: usize) -> Value {
        let one = self.of(sheet, at);
        let reasons: Vec<&Value> =
            one["reasons"].as_array().expect("reasons").iter().map(|reason| &reason["finding"]["code"]).collect();
        json!([one["place"], one["proposal"], one["outOfRunning"], reasons])
    }
}

on_both! {
    the_council_is_told_who_is_to_be_commended_and_who_criticised_and_why(backend) {
        let Some(ended) = Ended::new(backend) else { return };
        let sheet = ended.live(&ended.plan.planner, ended.terms());
        assert_eq!((&sheet["basis"], &sheet["from"], &sheet["to"]), (&json!("REPORTED"), &json!("2023-05-09"), &json!("2023-05-10")));
        let all = [ABOVE, EXACT, SILENT, UNTRUE, LATE, EXCUSED].map(|at| ended.told(&sheet, at));
        assert_eq!(json!(all), json!([
            [4, "COMMEND", false, ["QUOTA_EXCEEDED"]],
            [6, "NONE", false, ["QUOTA_MET"]],
            [1, "CRITICISE", true, ["QUOTA_EXCEEDED", "KEPT_SILENT"]],
            [3, "CRITICISE", true, ["QUOTA_EXCEEDED", "INSPECTED_UNTRUE"]],
            [2, "CRITICISE", false, ["QUOTA_EXCEEDED", "REPORTED_LATE"]],
            [5, "COMMEND", false, ["QUOTA_EXCEEDED"]],
        ]));
        let excused = ended.of(&sheet, EXCUSED);
        assert_eq!((&excused["expectedReports"], &excused["actualReports"], &excused["excusedReports"]), (&json!(1), &json!(1), &json!(1)));
        let late = ended.of(&sheet, LATE);
        assert_eq!((&late["actualReports"], &late["actualReportsOnTime"], &late["percent"]), (&json!(2), &json!(1), &json!("140")));
        assert_eq!(late["reasons"][1]["effect"], "CRITICISES");
        assert_eq!(late["reasons"][1]["finding"]["message"], "Báo cáo muộn 1 lần, cho phép 0.");
        // Those that owe nothing and reported nothing are silent all the same, without a place.
        assert_eq!(ended.told(&sheet, 6), json!([null, "CRITICISE", true, ["NO_QUOTA_GIVEN", "KEPT_SILENT"]]));
        assert_eq!(sheet["candidates"].as_array().map(Vec::len), Some(19));
        // By what inspection confirmed nobody has a figure; one report may be missing and one late.
        let mut terms = ended.terms();
        terms["basis"] = json!("VERIFIED");
        let verified = ended.live(&ended.plan.planner, terms.clone());
        assert_eq!(ended.told(&verified, ABOVE), json!([null, "NONE", false, ["NO_FIGURE_IN_BASIS"]]));
        terms["basis"] = json!("REPORTED");
        terms["allowedSilent"] = json!(1);
        terms["allowedLate"] = json!(1);
        let lenient = ended.live(&ended.plan.planner, terms);
        assert_eq!([SILENT, LATE, UNTRUE].map(|at| ended.told(&lenient, at)[1].clone()), [json!("COMMEND"), json!("COMMEND"), json!("CRITICISE")]);
    }

    a_list_is_frozen_and_decided_on(backend) {
        let Some(ended) = Ended::new(backend) else { return };
        let request = request_id();
        let list = ended.draw_up(&request);
        assert_eq!(ended.draw_up(&request)["id"], list["id"], "the same request, the same list");
        let live = ended.live(&ended.plan.planner, ended.terms());
        assert_eq!(list["sheet"], live);
        // Whoever is out of the running is not commended; the late one may be.
        let refused = |at| {
            let payload = ended.decide(&ended.plan.planner, &list, at, "COMMENDED", json!("Giấy khen"));
            json!([payload["list"], payload["errors"][0]["code"], payload["errors"][0]["field"]])
        };
        assert_eq!(refused(SILENT), json!([null, "OUT_OF_RUNNING", ["decided"]]));
        assert_eq!(refused(UNTRUE), json!([null, "OUT_OF_RUNNING", ["decided"]]));
        let unused = ended.decide(&ended.plan.planner, &list, SILENT, "CRITICISED", json!("Giấy khen"));
        assert_eq!(unused["errors"][0]["code"], "NOT_USED_HERE");
        for (at, decided, award) in [(ABOVE, "COMMENDED", json!("Giấy khen")), (LATE, "COMMENDED", Value::Null), (SILENT, "CRITICISED", Value::Null), (ABOVE, "NEITHER", Value::Null)] {
            assert_eq!(ended.decide(&ended.plan.planner, &list, at, decided, award)["errors"], json!([]), "{decided}");
        }
        // What is found later changes the candidates, not the list.
        let verifier = ended.app.client("verifier", BINH_GIA);
        let settle = json!({ "drive": ended.plan.drive, "unit": ended.communes[ABOVE].2, "indicator": "ACTIVATED_L1", "day": "2023-05-10",
            "by": "OTHER", "value": "60", "reason": "UNTRUE", "note": "đối chiếu" });
        verifier.act("settleFigure", "SettleFigureInput", settle, "__typename");
        let live = ended.live(&ended.plan.planner, ended.terms());
        assert_eq!(ended.told(&live, ABOVE), json!([4, "CRITICISE", true, ["QUOTA_EXCEEDED", "SETTLED_UNTRUE"]]));
        let document = format!("query($id: ID!, $drive: ID!) {{ emulationList(id: $id) {{ hash content sheet {{ {CANDIDATES} }} decisions {{ stands }} }} \
            node(id: $id) {{ id __typename }} emulationLists(where: {{ drive: $drive }}) {{ totalCount nodes {{ id }} }} }}");
        let asked = json!({ "id": list["id"], "drive": ended.plan.drive });
        let analyst = ended.app.client("analyst", BINH_GIA);
        let seen = analyst.ask(&document, asked.clone());
        let kept = &seen["emulationList"];
        assert_eq!((&kept["hash"], &kept["content"]), (&list["hash"], &list["content"]));
        assert_eq!(ended.told(&kept["sheet"], ABOVE), json!([4, "COMMEND", false, ["QUOTA_EXCEEDED"]]));
        let above = ended.of(&kept["sheet"], ABOVE);
        assert_eq!(above["decision"], json!({ "version": 2, "decided": "NEITHER", "number": "1024/QĐ-UBND", "award": null, "author": list["author"] }));
        assert_eq!(above["decisions"], json!([{ "version": 1, "decided": "COMMENDED", "stands": false }, { "version": 2, "decided": "NEITHER", "stands": true }]));
        assert_eq!(ended.of(&kept["sheet"], EXACT)["decision"], Value::Null);
        assert_eq!(kept["decisions"].as_array().map(Vec::len), Some(4));
        assert_eq!(seen["node"], json!({ "id": list["id"], "__typename": "EmulationList" }));
        assert_eq!(seen["emulationLists"], json!({ "totalCount": 1, "nodes": [{ "id": list["id"] }] }));
        // Others of the drive see nothing of it, and who may see it may not decide.
        let beside = ended.app.client("planner", BAC_SON).ask(&document, asked.clone());
        assert_eq!((&beside["emulationList"], &beside["node"], &beside["emulationLists"]["totalCount"]), (&Value::Null, &Value::Null, &json!(0)));
        assert_eq!(ended.app.client("reporter", BINH_GIA).send(&document, asked).codes()[0], "FORBIDDEN");
        let by_others = |role: &str, unit: &str| ended.decide(&ended.app.client(role, unit), &list, EXACT, "NEITHER", Value::Null)["errors"].clone();
        assert_eq!(by_others("planner", BAC_SON)[0]["code"], "NOT_FOUND");
        // Both are on record, the list with its hash.
        let acts = ended.app.client("auditor", BINH_GIA).ask("{ acts(first: 20, where: { operation: [\"drawUpEmulationList\", \"decideEmulation\"] }) { nodes { operation outcome changes } } }", json!({}));
        let acts = acts["acts"]["nodes"].as_array().expect("acts").clone();
        let done = acts.iter().filter(|act| act["outcome"] == "DONE").count();
        assert_eq!(done, 5, "{acts:?}");
        let hash = list["hash"].as_str().expect("a hash");
        assert!(acts.iter().any(|act| act["operation"] == "drawUpEmulationList" && act["changes"].to_string().contains(hash)), "{acts:?}");
    }

    ranking_goes_by_the_figure_that_is_asked_for(backend) {
        let Some(ended) = Ended::new(backend) else { return };
        let document = "query($unit: ID!, $input: ProgressInput!, $basis: FigureBasis!) { ranking(unit: $unit, input: $input, basis: $basis) { place unit { code } } }";
        let asked = |basis: &str| json!({ "unit": ended.communes[ABOVE].2, "input": ended.terms(), "basis": basis });
        let places = |client: &Client, basis: &str| {
            let ranks = client.ask(document, asked(basis))["ranking"].as_array().expect("ranks").clone();
            ranks.iter().filter(|rank| !rank["place"].is_null()).count()
        };
        assert_eq!((places(&ended.plan.planner, "REPORTED"), places(&ended.plan.planner, "VERIFIED")), (6, 0));
        assert_eq!(places(&ended.plan.planner, "OFFICIAL"), 0);
        let reporter = ended.app.client("reporter", BINH_GIA);
        assert_eq!(places(&reporter, "REPORTED"), 6);
        assert_eq!(reporter.send(document, asked("OFFICIAL")).codes(), ["FORBIDDEN"]);
    }
}
