//! Report discipline over the wire: the cut-off in any time zone of the machine, who is chased, excused, confirmed.

use caodiem_domain::access::Role;
use caodiem_tests::app::App;
use caodiem_tests::client::request_id;
use caodiem_tests::on_both;
use caodiem_tests::seed;
use serde_json::{Value, json};

use crate::office::Office;
use crate::places::{BINH_GIA, children};
use crate::planning::Plan;

const DAY: &str = "2023-05-10";

/// A drive of Bình Gia whose communes report before 15:30, the district before 17:00.
fn planned(app: &App) -> Plan {
    let days = json!({ "from": "2023-04-11", "to": "2023-06-20" });
    let rules = json!([
        { "level": "COMMUNE", "before": "15:30", "closesAfterMinutes": 510 },
        { "level": "DISTRICT", "before": "17:00", "weekly": "MONDAY", "finalDueDays": 5 },
    ]);
    let drive = json!({ "planNumber": "125/KH-UBND", "title": "Cao điểm Bình Gia", "issuer": "UBND huyện Bình Gia",
        "issuedOn": "2023-04-11", "days": days, "reportingRules": rules });
    let plan = Plan::create(app, BINH_GIA, drive, &["ENROLLED", "ACTIVATED"]);
    plan.open();
    plan
}

fn statuses(by: &caodiem_tests::client::Client, plan: &Plan) -> Value {
    let document = "query($drive: ID!, $unit: ID!, $day: Date!) { reportStatuses(drive: $drive, unit: $unit, day: $day, \
        where: { level: COMMUNE, status: [ON_TIME, LATE] }) { totalCount nodes { status due receivedAt unit { code } } } }";
    by.ask(document, json!({ "drive": plan.drive, "unit": plan.unit, "day": DAY }))["reportStatuses"].clone()
}

on_both! {
    the_cut_off_is_that_of_viet_nam_wherever_the_server_stands(backend) {
        let Some(database) = seed::country(backend) else { return };
        let mut app = App::over(database, "2023-05-10T08:20:00Z");
        let plan = planned(&app);
        for (at, zone) in ["America/New_York", "Asia/Tokyo", "Pacific/Kiritimati"].into_iter().enumerate() {
            // 15:20 in Viet Nam: there is time.
            app.move_to_zone(zone, "2023-05-10T08:20:00Z");
            let reporter = app.client("reporter", BINH_GIA);
            let communes = children(&reporter, BINH_GIA);
            let row = |commune: usize, reason: Value| json!({ "reporter": { "unit": communes[commune].2 }, "day": DAY,
                "indicator": "ACTIVATED_L1", "value": "4", "reason": reason });
            let (early, late) = (at * 2, at * 2 + 1);
            let selection = "replayed results { status error { code field } }";
            let sent = json!({ "requestId": request_id(), "drive": plan.drive, "rows": [row(early, Value::Null)] });
            let before = reporter.act("submitTallies", "SubmitTalliesInput", sent.clone(), selection);
            assert_eq!(before["results"][0]["status"], "ACCEPTED", "{zone}");
            // 15:30 in Viet Nam: the cut-off is over.
            app.move_to_zone(zone, "2023-05-10T08:30:00Z");
            let reporter = app.client("reporter", BINH_GIA);
            let again = reporter.act("submitTallies", "SubmitTalliesInput", sent, selection);
            assert_eq!((&again["replayed"], &again["results"][0]["status"]), (&json!(true), &json!("ACCEPTED")), "{zone}");
            let submit = |reason| {
                let sent = json!({ "drive": plan.drive, "rows": [row(late, reason)] });
                reporter.attempt("submitTallies", "SubmitTalliesInput", sent, selection)["results"][0].clone()
            };
            let refused = json!({ "code": "LATE_REASON_REQUIRED", "field": ["rows", "0", "reason"] });
            assert_eq!(submit(Value::Null)["error"], refused, "{zone}");
            assert_eq!(submit(json!("mất điện"))["status"], "ACCEPTED", "{zone}");
            let seen = statuses(&app.client("verifier", BINH_GIA), &plan);
            let of = |commune: usize| {
                let nodes = seen["nodes"].as_array().expect("nodes");
                nodes.iter().find(|node| node["unit"]["code"] == communes[commune].0.as_str()).expect("a report").clone()
            };
            assert_eq!((&of(early)["status"], &of(late)["status"]), (&json!("ON_TIME"), &json!("LATE")), "{zone}");
            assert_eq!(of(early)["due"], "2023-05-10T08:30:00.000000Z");
        }
        // From midnight on in Viet Nam the day takes nothing any more.
        app.move_to_zone("America/New_York", "2023-05-10T17:00:00Z");
        let reporter = app.client("reporter", BINH_GIA);
        let communes = children(&reporter, BINH_GIA);
        let row = json!({ "reporter": { "unit": communes[9].2 }, "day": DAY, "indicator": "ACTIVATED_L1", "value": "4", "reason": "muộn" });
        let closed = reporter.attempt("submitTallies", "SubmitTalliesInput", json!({ "drive": plan.drive, "rows": [row] }), "results { error { code } }");
        assert_eq!(closed["results"][0]["error"]["code"], "PERIOD_CLOSED");
        let document = "query($drive: ID!, $unit: ID!, $day: Date!) { \
            reporting(drive: $drive, unit: $unit, from: $day, to: $day) { whole { levels { level expectedReports actualReports \
            actualReportsOnTime reportingRate } } children { unit { code } } } \
            chaseList(drive: $drive, unit: $unit, day: $day, first: 2, where: { level: COMMUNE }) { totalCount nodes { daysInARow lastReported \
            leaderPosition unit { code } } } }";
        let seen = app.client("planner", BINH_GIA).ask(document, json!({ "drive": plan.drive, "unit": plan.unit, "day": DAY }));
        assert_eq!(seen["reporting"]["whole"]["levels"][1], json!({ "level": "COMMUNE", "expectedReports": 19, "actualReports": 6,
            "actualReportsOnTime": 3, "reportingRate": "0.315789" }));
        assert_eq!(seen["reporting"]["children"].as_array().map(Vec::len), Some(19));
        assert_eq!(seen["chaseList"]["totalCount"], 13);
        assert_eq!(seen["chaseList"]["nodes"][0]["daysInARow"], 30, "since the first day of the drive");
    }

    closed_days_are_opened_by_two_and_levels_confirm(backend) {
        let Some(office) = Office::new(backend) else { return };
        let [one, other] = ["planner-1", "planner-2"].map(|login| office.hire(login, Role::Planner, BINH_GIA));
        let reporter = office.hire("reporter", Role::Reporter, BINH_GIA);
        let district = office.unit(&one, BINH_GIA);
        let communes = office.below(&one, BINH_GIA);
        let drive = json!({ "planNumber": "125/KH-UBND", "title": "Cao điểm", "issuer": "UBND huyện", "issuedOn": "2023-04-11",
            "days": { "from": "2023-07-01", "to": "2023-07-30" }, "unit": district, "indicators": ["ACTIVATED"],
            "reportingRules": [{ "level": "COMMUNE", "before": "15:30", "closesAfterMinutes": 510 }, { "level": "DISTRICT", "before": "17:00" }] });
        let drive = office.act(&one, "createDrive", drive, "drive { id reportingRules { level before closesAfterMinutes } }")["drive"].clone();
        assert_eq!(drive["reportingRules"][1], json!({ "level": "COMMUNE", "before": "15:30", "closesAfterMinutes": 510 }));
        let drive = drive["id"].clone();
        office.act(&one, "openDrive", json!({ "drive": drive, "expectedVersion": 1 }), "drive { state }");
        // It is 10:00 of 5 July: yesterday closed at midnight.
        let submit = |day: &str, commune: usize| {
            let row = json!({ "reporter": { "unit": communes[commune] }, "day": day, "indicator": "ACTIVATED_L1", "value": "7", "reason": "bổ sung" });
            let done = office.attempt(&reporter, "submitTallies", json!({ "drive": drive, "rows": [row] }), "results { status error { code } }");
            done["results"][0].clone()
        };
        assert_eq!(submit("2023-07-04", 0)["error"]["code"], "PERIOD_CLOSED");
        let reopening = json!({ "drive": drive, "unit": communes[0], "days": { "from": "2023-07-04", "to": "2023-07-04" },
            "until": "2023-07-06T00:00:00Z", "reason": "theo biên bản", "decision": "12/QĐ" });
        let alone = office.attempt(&one, "reopenDay", reopening.clone(), "reopening");
        assert_eq!(alone["errors"][0]["code"], "NEEDS_TWO_PEOPLE");
        let proposed = office.propose(&one, "reopenDay", reopening);
        assert_eq!(proposed["proposal"]["operation"], "REOPEN_DAY");
        assert_eq!(office.decide(&other, "approveProposal", &proposed)["proposal"]["state"], "APPROVED");
        assert_eq!((submit("2023-07-04", 0)["status"].clone(), submit("2023-07-04", 1)["error"]["code"].clone()), (json!("ACCEPTED"), json!("PERIOD_CLOSED")));
        let listed = office.ask(&one, "query($drive: ID!) { reopenings(drive: $drive) { decision author unit { id } } }", json!({ "drive": drive }));
        assert_eq!(listed["reopenings"], json!([{ "decision": "12/QĐ", "author": "planner-1", "unit": { "id": communes[0] } }]));

        assert_eq!(submit("2023-07-05", 0)["status"], "ACCEPTED");
        let excuse = json!({ "drive": drive, "unit": communes[1], "days": { "from": "2023-07-05", "to": "2023-07-05" }, "reason": "lũ quét" });
        let excuse = office.act(&one, "excuseReports", excuse, "excuse { id version author reason }")["excuse"].clone();
        assert_eq!((&excuse["author"], &excuse["reason"]), (&json!("planner-1"), &json!("lũ quét")));
        let view = "query($drive: ID!, $unit: ID!) { compilation(drive: $drive, unit: $unit, day: \"2023-07-05\") { state may changes \
            gaps { unit { id } } parts { status } latest { revision expected received } } }";
        let seen = office.ask(&reporter, view, json!({ "drive": drive, "unit": district }))["compilation"].clone();
        assert_eq!((&seen["state"], &seen["may"]), (&json!("WAITING"), &json!(["CONFIRM_WITH_GAPS"])));
        let gaps: Vec<Value> = seen["gaps"].as_array().expect("gaps").iter().map(|gap| json!({ "unit": gap["unit"]["id"] })).collect();
        assert_eq!(gaps.len(), communes.len() - 2, "all but the one that reported and the one that is excused");
        let confirm = |gaps: &[Value]| {
            let input = json!({ "drive": drive, "unit": district, "day": "2023-07-05", "gaps": gaps,
                "stated": [{ "indicator": "ACTIVATED_L1", "total": "9" }] });
            office.attempt(&reporter, "confirmDay", input, "compilation { state stated { stated parts gap } latest { expected received gaps { unit { id } } } }")
        };
        assert_eq!(confirm(&gaps[1..])["errors"], json!([{ "code": "GAP_NOT_NAMED", "field": ["gaps"] }]));
        let confirmed = confirm(&gaps)["compilation"].clone();
        assert_eq!((&confirmed["state"], &confirmed["stated"][0]), (&json!("HERE"), &json!({ "stated": "9", "parts": "7", "gap": "2" })));
        assert_eq!(confirmed["latest"]["received"], 1);
        let back = json!({ "excuse": excuse["id"], "expectedVersion": excuse["version"], "reason": "nhầm xã" });
        assert!(office.act(&one, "withdrawExcuse", back, "excuse { withdrawnAt }")["excuse"]["withdrawnAt"].is_string());
        let own = json!({ "drive": drive, "unit": communes[0], "day": "2023-07-05", "reason": "xem lại" });
        let returned = office.attempt(&reporter, "returnDay", own, "compilation { state }");
        assert_eq!(returned["errors"][0]["code"], "COMPILATION_STAND", "the district has confirmed it");
    }
}
