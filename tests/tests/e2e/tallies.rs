//! Tallies: a result per row, corrections with a reason, nil reports, attribution, retries, and what is out of scope.

use caodiem_tests::client::request_id;
use caodiem_tests::on_both;
use serde_json::{Value, json};

use crate::places::BINH_PHUOC;
use crate::reporting::{Running, codes, submit};

on_both! {
    every_row_is_taken_or_refused_by_itself(backend) {
        let Some(running) = Running::start(backend) else { return };
        let good = running.row(0, "2023-05-09", "ACTIVATED_L1", 12);
        let payload = running.submit(&[
            good.clone(),
            running.row(1, "2023-05-11", "ACTIVATED_L1", 3),
            running.row(1, "2023-04-10", "ACTIVATED_L1", 3),
            running.row(1, "2023-05-09", "ACTIVATED", 3),
            running.row(1, "2023-05-09", "CARDS_ISSUED", 3),
            running.row(1, "2023-05-09", "NO_SUCH", 3),
            running.row(1, "2023-05-09", "ACTIVATED_L1", -1),
            json!({ "reporter": { "unit": running.commune(1) }, "day": "2023-05-09", "indicator": "ACTIVATED_L1" }),
            running.row(1, "2023-05-09", "ACTIVATED_L1", 0),
        ]);
        let expected = [Value::Null, json!("DAY_IN_FUTURE"), json!("DAY_OUTSIDE_DRIVE"), json!("INDICATOR_IS_COMPOSITE"),
            json!("INDICATOR_NOT_IN_DRIVE"), json!("NOT_FOUND"), json!("OUT_OF_RANGE"), json!("FIGURE_OR_NIL"), Value::Null];
        assert_eq!(codes(&payload), expected);
        assert_eq!((&payload["accepted"], &payload["refused"], &payload["errors"]), (&json!(2), &json!(7), &json!([])));
        assert_eq!(payload["results"][1]["error"]["field"], json!(["rows", "1", "day"]));
        // The same figure again writes nothing; another one needs a reason; a slot is named once in a submission.
        let other = running.row(0, "2023-05-09", "ACTIVATED_L1", 13);
        assert_eq!(running.submit(std::slice::from_ref(&good))["unchanged"], 1);
        assert_eq!(codes(&running.submit(std::slice::from_ref(&other))), [json!("REASON_REQUIRED")]);
        assert_eq!(codes(&running.submit(&[good, other])), [Value::Null, json!("REPEATED")]);
        assert_eq!(running.done("181", "ACTIVATED"), "12");
    }

    a_correction_keeps_the_first_figure_on_record(backend) {
        let Some(running) = Running::start(backend) else { return };
        running.submit(&[running.row(0, "2023-05-09", "ACTIVATED_L2", 40)]);
        let mut corrected = running.row(0, "2023-05-09", "ACTIVATED_L2", 31);
        corrected["reason"] = json!("đếm trùng");
        let payload = running.submit(&[corrected]);
        assert_eq!(payload["results"][0]["revision"], 2);
        let document = "query($drive: ID!) { tallies(drive: $drive, where: { corrected: true }) { totalCount nodes { \
            value revision reason author creditedUnit { code } revisions { value revision reason } } } }";
        let seen = running.reporter.ask(document, json!({ "drive": running.plan.drive }));
        assert_eq!(seen["tallies"]["totalCount"], 1);
        let tally = &seen["tallies"]["nodes"][0];
        assert_eq!((&tally["value"], &tally["reason"]), (&json!("31"), &json!("đếm trùng")));
        assert_eq!(tally["revisions"], json!([
            { "value": "40", "revision": 1, "reason": null },
            { "value": "31", "revision": 2, "reason": "đếm trùng" },
        ]));
        assert_eq!(running.done("181", "ACTIVATED"), "31", "the roll-up follows the correction");
    }

    a_retry_has_no_second_effect_and_another_input_is_refused(backend) {
        let Some(running) = Running::start(backend) else { return };
        let id = request_id();
        let send = |value: i64| {
            let rows = [running.row(0, "2023-05-09", "ACTIVATED_L1", value), running.row(1, "2023-06-30", "ACTIVATED_L1", 1)];
            let input = json!({ "requestId": id, "drive": running.plan.drive, "rows": rows });
            running.reporter.attempt("submitTallies", "SubmitTalliesInput", input, "accepted refused replayed results { status error { code } }")
        };
        let first = send(7);
        assert_eq!((&first["accepted"], &first["replayed"]), (&json!(1), &json!(false)));
        for _ in 0..3 {
            let again = send(7);
            assert_eq!((&again["replayed"], &again["results"]), (&json!(true), &first["results"]));
        }
        assert_eq!(send(8)["errors"][0]["code"], "REQUEST_ID_REUSED");
        assert_eq!(running.done("181", "ACTIVATED"), "7");
    }

    level_1_counts_at_home_and_level_2_where_it_was_received(backend) {
        let Some(running) = Running::start(backend) else { return };
        let elsewhere = |indicator: &str, credited: Value| {
            let mut row = running.row(0, "2023-05-09", indicator, 5);
            row["creditedUnit"] = credited;
            row
        };
        let other = json!({ "code": running.communes[1].0 });
        let payload = running.submit(&[elsewhere("ACTIVATED_L1", other.clone()), elsewhere("ACTIVATED_L2", other)]);
        assert_eq!(codes(&payload), [Value::Null, json!("WRONG_ATTRIBUTION")]);
        assert_eq!(running.done(&running.communes[0].0, "ACTIVATED"), "0");
        assert_eq!(running.done(&running.communes[1].0, "ACTIVATED"), "5");
    }

    nothing_done_is_said_and_silence_is_not(backend) {
        let Some(running) = Running::start(backend) else { return };
        let nil = |at: usize| json!({ "reporter": { "unit": running.commune(at) }, "day": "2023-05-09", "nil": true });
        running.submit(&[running.row(0, "2023-05-09", "ACTIVATED_L1", 1)]);
        let payload = running.submit(&[nil(0), nil(1)]);
        assert_eq!(codes(&payload), [json!("NIL_AFTER_FIGURES"), Value::Null]);
        let reports = |at: usize| {
            let document = "query($drive: ID!, $unit: ID!) { reports(drive: $drive, unit: $unit) { day nil } }";
            running.reporter.ask(document, json!({ "drive": running.plan.drive, "unit": running.commune(at) }))["reports"].clone()
        };
        assert_eq!(reports(0), json!([{ "day": "2023-05-09", "nil": false }]));
        assert_eq!(reports(1), json!([{ "day": "2023-05-09", "nil": true }]));
        assert_eq!(reports(2), json!([]));
    }

    out_of_scope_looks_exactly_like_missing(backend) {
        let Some(running) = Running::start(backend) else { return };
        let stranger = running.app.client("reporter", BINH_PHUOC);
        let row = running.row(0, "2023-05-09", "ACTIVATED_L1", 1);
        let foreign = submit(&stranger, &running.plan.drive, std::slice::from_ref(&row));
        let missing = submit(&stranger, &json!("RHJpdmU6OTk5OTk5"), std::slice::from_ref(&row));
        assert_eq!(foreign["errors"][0]["code"], "NOT_FOUND");
        assert_eq!(foreign["errors"][0]["code"], missing["errors"][0]["code"]);
        assert_eq!(foreign["errors"][0]["field"], missing["errors"][0]["field"]);
        let ask = |drive: &Value| stranger.ask("query($id: ID!) { drive(id: $id) { title } }", json!({ "id": drive }));
        assert_eq!(ask(&running.plan.drive), ask(&json!("RHJpdmU6OTk5OTk5")));
        // A reporter of one commune reports for no other; a neighbour is as if it were not there.
        let own = running.app.client("reporter", &running.communes[0].0);
        let payload = submit(&own, &running.plan.drive, &[row, running.row(1, "2023-05-09", "ACTIVATED_L1", 1)]);
        assert_eq!(codes(&payload), [Value::Null, json!("NOT_FOUND")]);
    }

    a_draft_takes_no_tallies_and_a_closed_drive_no_more(backend) {
        let Some(running) = Running::start(backend) else { return };
        running.submit(&[running.row(0, "2023-05-09", "ACTIVATED_L1", 1)]);
        let planner = &running.plan.planner;
        let version = planner.ask("query($id: ID!) { drive(id: $id) { version } }", json!({ "id": running.plan.drive }));
        let input = json!({ "drive": running.plan.drive, "expectedVersion": version["drive"]["version"] });
        planner.act("closeDrive", "CloseDriveInput", input, "drive { state }");
        let late = running.submit(&[running.row(1, "2023-05-09", "ACTIVATED_L1", 1)]);
        assert_eq!((&late["errors"][0]["code"], &late["results"]), (&json!("DRIVE_STATE"), &json!([])));
    }

    pages_of_tallies_hold_each_once(backend) {
        let Some(running) = Running::start(backend) else { return };
        let days = ["2023-05-07", "2023-05-08", "2023-05-09"];
        let rows: Vec<Value> = (0..19).flat_map(|at| days.map(|day| running.row(at, day, "ACTIVATED_L1", 1))).collect();
        assert_eq!(running.submit(&rows)["accepted"], 57);
        let document = "query($drive: ID!, $after: String) { tallies(drive: $drive, orderBy: DAY, first: 20, after: $after) { \
            totalCount nodes { id day } pageInfo { hasNextPage endCursor } } }";
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = running.reporter.ask(document, json!({ "drive": running.plan.drive, "after": after }))["tallies"].clone();
            assert_eq!(page["totalCount"], 57);
            seen.extend(page["nodes"].as_array().expect("nodes").iter().map(|node| (node["day"].to_string(), node["id"].to_string())));
            if page["pageInfo"]["hasNextPage"] == false { break }
            after = page["pageInfo"]["endCursor"].clone();
        }
        let mut ordered = seen.clone();
        ordered.sort_by(|one, other| one.0.cmp(&other.0));
        ordered.dedup_by(|one, other| one.1 == other.1);
        assert_eq!(seen.len(), 57);
        assert_eq!(ordered.len(), 57);
        assert!(seen.is_sorted_by(|one, other| one.0 <= other.0), "by day");
    }

    what_is_to_be_looked_at_is_told_at_once(backend) {
        let Some(running) = Running::start(backend) else { return };
        let send = |rows: &[Value]| {
            let selection = "accepted findings { unit { id } day finding { code } }";
            let input = json!({ "drive": running.plan.drive, "rows": rows });
            running.reporter.attempt("submitTallies", "SubmitTalliesInput", input, selection)
        };
        let row = |at, day: &str, value| running.row(at, day, "ACTIVATED_L1", value);
        let usual = send(&[row(0, "2023-05-05", 8), row(0, "2023-05-06", 9), row(0, "2023-05-07", 7)]);
        assert_eq!((&usual["accepted"], &usual["findings"]), (&json!(3), &json!([])));
        let jump = send(&[row(0, "2023-05-08", 41), row(1, "2023-05-08", 41)]);
        let told = json!([{ "unit": { "id": running.commune(0) }, "day": "2023-05-08", "finding": { "code": "FIGURE_JUMPS" } }]);
        assert_eq!((&jump["accepted"], &jump["findings"]), (&json!(2), &told), "it refuses nothing");
        assert_eq!(send(&[row(2, "2023-05-08", 3)])["findings"], json!([]), "what is found of others is not told here");
        assert_eq!(send(&[row(0, "2023-05-07", 7)])["findings"], json!([]), "nor what is found of other days");
    }
}
