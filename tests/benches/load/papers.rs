//! What is done once a day or once a drive, one request at a time: an extract of the nation loaded, its final report issued.

use std::time::{Duration, Instant};

use caodiem_tests::client::{Client, request_id};
use serde_json::{Value, json};

use crate::nation::{Nation, day};

/// What an extract names of each unit.
const COLUMNS: [&str; 10] = [
    "ELIGIBLE",
    "ENROLLED_L1",
    "ENROLLED_L2",
    "APPROVED_L1",
    "APPROVED_L2",
    "ACTIVATED_L1",
    "ACTIVATED_L2",
    "CARDS_ISSUED",
    "SERVICE_ACCOUNTS",
    "TEAMS",
];

/// The indicators that a final report is issued of, one after the other.
const REPORTED: [&str; 4] = ["ACTIVATED", "ENROLLED", "ACTIVATED_L1", "ENROLLED_L1"];

/// Times both, a line each.
pub(crate) fn all(nation: &Nation) -> Vec<String> {
    vec![extracts(nation), reports(nation)]
}

/// An extract of all units but villages, a new moment each time.
fn extracts(nation: &Nation) -> String {
    let client = nation.client("verifier");
    let codes = codes(&client);
    let times = (1..=5_u32).map(|round| {
        let figures = |place: usize| {
            let figure = |column: usize| (place * 7 + column * 31 + usize::try_from(round).unwrap_or(0)).to_string();
            (0..COLUMNS.len()).map(figure).collect::<Vec<_>>().join(",")
        };
        let rows = codes.iter().enumerate().map(|(place, code)| format!("{code},{}\n", figures(place)));
        let content = format!("unit_code,{}\n{}", COLUMNS.join(","), rows.collect::<String>());
        let input = json!({ "requestId": request_id(), "source": "Giả lập", "strategy": "CREATE_OR_UPDATE",
            "asOf": format!("{}T10:00:00Z", day(round)), "content": content });
        timed(|| {
            let done =
                client.attempt("importOfficialFigures", "ImportOfficialFiguresInput", input, "rows refused created");
            let figures = codes.len() * COLUMNS.len();
            assert_eq!((&done["refused"], &done["created"]), (&json!(0), &json!(figures)), "{done}");
        })
    });
    let times = times.collect();
    told(&format!("an extract of {} units and {} indicators", codes.len(), COLUMNS.len()), times)
}

/// The final report of the country: a row a province, over all days.
fn reports(nation: &Nation) -> String {
    let client = nation.client("planner");
    let times = REPORTED.iter().map(|indicator| {
        let input = json!({ "requestId": request_id(), "kind": "FINAL", "drive": nation.drive, "indicator": indicator,
            "group": "RESIDENTS_14_PLUS" });
        timed(|| {
            let fields = "report { id } errors { code }";
            let done = client.attempt("issuePeriodReport", "IssuePeriodReportInput", input, fields);
            assert!(done["report"]["id"].is_string(), "{done}");
        })
    });
    told("the final report of the country", times.collect())
}

fn codes(client: &Client) -> Vec<String> {
    let document = "query($after: String) { units(first: 100, after: $after, \
        where: { level: [COUNTRY, PROVINCE, DISTRICT, COMMUNE] }) { nodes { code } pageInfo { hasNextPage endCursor } } }";
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = client.ask(document, json!({ "after": after }))["units"].clone();
        let nodes = page["nodes"].as_array().expect("nodes");
        found.extend(nodes.iter().map(|node| node["code"].as_str().expect("a code").to_owned()));
        if page["pageInfo"]["hasNextPage"] == false {
            return found;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn timed(work: impl FnOnce()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}

fn told(what: &str, mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let [first, middle, last] = [0, times.len() / 2, times.len() - 1].map(|at| times[at].as_secs_f64());
    format!("{what}: {middle:.2} s of {rounds} ({first:.2} to {last:.2})", rounds = times.len())
}
