//! How many statements each query may cost, however many rows it gives: no query asks once per row.

use std::sync::Arc;

use async_graphql::{Request, Variables};
use caodiem_domain::access::Role;
use caodiem_domain::time::Instant;
use caodiem_schema::{Caller, Deps, Schema, build, prepare};
use caodiem_storage::{Config, open, statements};
use caodiem_tests::client::request_id;
use caodiem_tests::database::Backend;
use caodiem_tests::stage::actor;
use caodiem_tests::vault::Vault;
use serde_json::{Value, json};

use crate::reporting::Running;

/// What is asked, by whom, and how many statements it may cost.
const BUDGETS: [(&str, Role, u64, &str); 21] = [
    (
        "a page of acts",
        Role::Auditor,
        3,
        "{ acts(first: 100) { totalCount nodes { seq at login role unit { code } operation input changes outcome requestId hash } } }",
    ),
    ("a unit", Role::Analyst, 1, "query($unit: ID!) { unit(by: { id: $unit }) { code fullName } }"),
    ("a page of 100 units", Role::Analyst, 1, "{ units(first: 100) { nodes { code fullName } } }"),
    (
        "with what is around them",
        Role::Analyst,
        6,
        "{ units(first: 100) { totalCount nodes { code parent { code } ancestors { code } children { code } } } }",
    ),
    ("drives", Role::Analyst, 3, "{ drives { nodes { title unit { code } indicators { code } phases { name } } } }"),
    (
        "a page of tallies",
        Role::Verifier,
        8,
        "query($drive: ID!) { tallies(drive: $drive, first: 100) { nodes { value creditedUnit { code } indicator { code } reporter { ... on Unit { code } } revisions { value } } } }",
    ),
    (
        "quotas and their history",
        Role::Planner,
        3,
        "query($drive: ID!) { quotas(first: 100, where: { drive: $drive }) { nodes { amount holder { ... on Unit { code } } history { explanation } } } }",
    ),
    (
        "progress of a unit",
        Role::Analyst,
        5,
        "query($unit: ID!, $input: ProgressInput!) { progress(units: [$unit], input: $input) { quota done percent required { perDay } } }",
    ),
    (
        "progress of 19 units",
        Role::Analyst,
        9,
        "query($units: [ID!]!, $input: ProgressInput!) { progress(units: $units, input: $input) { unit { code } quota done percent daily { done } } }",
    ),
    (
        "progress of a unit as known at a moment",
        Role::Analyst,
        7,
        "query($unit: ID!, $known: ProgressInput!) { progress(units: [$unit], input: $known) { quota done percent required { perDay } } }",
    ),
    (
        "progress of 19 units as known at a moment",
        Role::Analyst,
        12,
        "query($units: [ID!]!, $known: ProgressInput!) { progress(units: $units, input: $known) { unit { code } quota done percent daily { done } } }",
    ),
    (
        "rates of a drive and its communes",
        Role::Analyst,
        9,
        "query($drive: ID!, $unit: ID!) { reporting(drive: $drive, unit: $unit) { whole { levels { expectedReports } } children { unit { code } levels { reportingRate } } } }",
    ),
    (
        "a page of reports of a day",
        Role::Planner,
        9,
        "query($drive: ID!, $unit: ID!) { reportStatuses(drive: $drive, unit: $unit, day: \"2023-05-08\", first: 100) { totalCount nodes { status unit { code } } } }",
    ),
    (
        "who has to be chased",
        Role::Planner,
        17,
        "query($drive: ID!, $unit: ID!) { chaseList(drive: $drive, unit: $unit, day: \"2023-05-09\", first: 100) { totalCount nodes { daysInARow leaderPosition unit { code } } } }",
    ),
    (
        "a compilation",
        Role::Planner,
        14,
        "query($drive: ID!, $unit: ID!) { compilation(drive: $drive, unit: $unit, day: \"2023-05-08\") { state gaps { unit { code } } } }",
    ),
    (
        "accounts and what they hold",
        Role::SystemAdmin,
        8,
        "{ accounts(first: 100) { totalCount nodes { login unit { code } assignments { role unit { code } account { login } } serviceKeys { kid } } } }",
    ),
    (
        "assignments",
        Role::SystemAdmin,
        4,
        "{ assignments(first: 100) { totalCount nodes { role account { login } unit { code } grantedUnder { id } } } }",
    ),
    (
        "who can see a unit",
        Role::SystemAdmin,
        12,
        "query($unit: ID!) { whoCanSee(unit: $unit, permission: READ_UNITS) { assignments { role account { login } unit { code } } } }",
    ),
    (
        "candidates of 19 communes",
        Role::Planner,
        28,
        "query($unit: ID!, $terms: EmulationInput!) { emulation(unit: $unit, input: $terms) { drive { title } candidates { unit { code } result reasons { finding { code } } decision { decided } } } }",
    ),
    (
        "emulation lists and what was decided",
        Role::Planner,
        6,
        "{ emulationLists(first: 100) { totalCount nodes { drive { title } unit { code } sheet { candidates { unit { code } decision { decided } } } decisions { number } } } }",
    ),
    (
        "the plan table",
        Role::Planner,
        7,
        "query($drive: ID!) { planTable(drive: $drive) { rows { unit { code } cells { printed } } findings { code } } }",
    ),
];

/// The schema over a database in this process, where statements can be counted.
struct Counted {
    schema: Schema,
    runtime: tokio::runtime::Runtime,
}

impl Counted {
    fn over(url: &str) -> Self {
        // One lane for units: each opens a session of its own when it is first used.
        let config = Config { find_lanes: 1, ..Config::new(url).expect("a URL") };
        let store = open(&config).expect("it opens");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        Self {
            schema: build(Deps { store, crypto: Arc::new(Vault::default()), readers_max: 2, writers_max: 2 }),
            runtime,
        }
    }

    fn execute(&self, role: Role, document: &str, variables: Value) -> Value {
        let now: Instant = "2023-05-10T03:00:00Z".parse().expect("a moment");
        let request = Request::new(document).variables(Variables::from_json(variables));
        let caller = Caller { actor: actor(role), now, request: "test".to_owned() };
        let _inside = self.runtime.enter();
        let response = self.runtime.block_on(self.schema.execute(prepare(&self.schema, request, caller)));
        assert!(response.errors.is_empty(), "{document}: {:?}", response.errors);
        response.data.into_json().expect("JSON")
    }

    /// How many statements it costs once trees and drives are in memory.
    fn cost(&self, role: Role, document: &str, variables: &Value) -> u64 {
        self.execute(role, document, variables.clone());
        let before = statements();
        self.execute(role, document, variables.clone());
        statements() - before
    }

    /// How many statements a submission of so many rows costs.
    fn cost_of_rows(&self, running: &Running, day: &str, count: usize) -> u64 {
        // Late, so that what was reported before has to be looked up as well.
        let late = |at| {
            let mut row = running.row(at, day, "ACTIVATED_L1", 1);
            row["reason"] = json!("bổ sung");
            row
        };
        let rows: Vec<Value> = (0..count).map(late).collect();
        let input = json!({ "input": { "requestId": request_id(), "drive": running.plan.drive, "rows": rows } });
        let before = statements();
        let document = "mutation($input: SubmitTalliesInput!) { submitTallies(input: $input) { accepted } }";
        let done = self.execute(Role::Reporter, document, input);
        assert_eq!(done["submitTallies"]["accepted"], count);
        statements() - before
    }
}

/// Two lists for the council, each with two decisions.
fn draw_up(running: &Running) {
    let (plan, planner) = (&running.plan, &running.plan.planner);
    for _ in 0..2 {
        let input =
            json!({ "drive": plan.drive, "unit": plan.unit, "indicator": "ACTIVATED", "group": "RESIDENTS_14_PLUS" });
        let list =
            planner.act("drawUpEmulationList", "DrawUpEmulationListInput", input, "list { id }")["list"]["id"].clone();
        for at in 0..2 {
            let input = json!({ "list": list, "unit": running.commune(at), "decided": "CRITICISED", "number": "1/QĐ", "reason": "im lặng" });
            planner.act("decideEmulation", "DecideEmulationInput", input, "list { id }");
        }
    }
}

/// One test, because statements are counted for the whole process.
#[test]
fn no_query_costs_more_than_its_budget() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        costs_on(backend);
    }
}

fn costs_on(backend: Backend) {
    let Some(mut running) = Running::start(backend) else { return };
    running.submit(&(0..19).map(|at| running.row(at, "2023-05-08", "ACTIVATED_L1", 5)).collect::<Vec<_>>());
    let rules = json!([{ "level": "COMMUNE", "before": "15:30" }, { "level": "DISTRICT", "before": "17:00" }]);
    running.plan.rule(&rules);
    draw_up(&running);
    running.app.stop();
    let counted = Counted::over(&running.app.database().url());
    let units: Vec<&Value> = running.communes.iter().map(|(_, _, id)| id).collect();
    let measure = json!({ "drive": running.plan.drive, "indicator": "ACTIVATED", "group": "RESIDENTS_14_PLUS" });
    let mut known = measure.clone();
    known["knownAt"] = json!("2023-05-10T03:00:00Z");
    let asked = json!({ "unit": running.plan.unit, "units": units, "drive": running.plan.drive, "input": measure, "terms": measure, "known": known });
    let mut over = Vec::new();
    for (name, role, budget, document) in BUDGETS {
        let cost = counted.cost(role, document, &asked);
        println!("{backend:?}: {name}: {cost} of {budget} statements");
        if cost > budget {
            over.push(format!("{name} costs {cost} statements, {budget} are allowed"));
        }
    }
    assert_eq!(over, Vec::<String>::new());
    counted.cost_of_rows(&running, "2023-05-01", 1);
    let (one, many) =
        (counted.cost_of_rows(&running, "2023-05-02", 1), counted.cost_of_rows(&running, "2023-05-03", 19));
    println!("{backend:?}: a submission: {one} statements with 1 row, {many} with 19");
    // What is late looks up what was reported before; what is on time does not.
    assert!(one <= 16 && many <= one, "{one} statements for 1 row, {many} for 19");
    let on_time = counted.cost_of_rows(&running, "2023-05-10", 19);
    assert!(on_time <= 15, "{on_time} statements for 19 rows on time");
}
