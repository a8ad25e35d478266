//! Reporting tallies, as a team's tool does.

use caodiem_tests::app::App;
use caodiem_tests::client::Client;
use caodiem_tests::database::Backend;
use caodiem_tests::seed;
use serde_json::{Value, json};

use crate::places::{BINH_GIA, children, id};
use crate::planning::Plan;

/// The day on which the tests report, in the middle of the drive of Bình Gia.
pub(crate) const TODAY: &str = "2023-05-10";

/// The drive of Bình Gia, open, its quota spread over the communes.
pub(crate) struct Running {
    pub(crate) app: App,
    pub(crate) plan: Plan,
    /// Code, name and id of each commune.
    pub(crate) communes: Vec<(String, String, Value)>,
    /// A reporter of the whole district.
    pub(crate) reporter: Client,
}

impl Running {
    /// Opens it.
    pub(crate) fn start(backend: Backend) -> Option<Self> {
        let app = App::over(seed::country(backend)?, TODAY);
        let plan = Plan::binh_gia(&app);
        let cascade = plan.cascade(&Value::Null, "LARGEST_REMAINDER", 1);
        plan.apply(&cascade, &json!(1));
        plan.open();
        let reporter = app.client("reporter", BINH_GIA);
        let communes = children(&reporter, BINH_GIA);
        Some(Self { app, plan, communes, reporter })
    }

    /// The id of the commune at that place of the list.
    pub(crate) fn commune(&self, at: usize) -> Value {
        self.communes[at].2.clone()
    }

    /// A row of a commune's own staff.
    pub(crate) fn row(&self, at: usize, day: &str, indicator: &str, value: i64) -> Value {
        json!({ "reporter": { "unit": self.commune(at) }, "day": day, "indicator": indicator, "value": value.to_string() })
    }

    /// Sends rows; gives the payload.
    pub(crate) fn submit(&self, rows: &[Value]) -> Value {
        submit(&self.reporter, &self.plan.drive, rows)
    }

    /// Progress of a unit in an indicator, the whole drive, with `selection`.
    pub(crate) fn progress(&self, client: &Client, unit: &Value, indicator: &str, selection: &str) -> Value {
        let document = format!(
            "query($units: [ID!]!, $input: ProgressInput!) {{ progress(units: $units, input: $input) {{ {selection} }} }}"
        );
        let input = json!({ "drive": self.plan.drive, "indicator": indicator, "group": "RESIDENTS_14_PLUS" });
        client.ask(&document, json!({ "units": [unit], "input": input }))["progress"][0].clone()
    }

    /// What is done in a unit, by its code, as its analyst sees it.
    pub(crate) fn done(&self, code: &str, indicator: &str) -> String {
        let analyst = self.app.client("analyst", code);
        let unit = id(&analyst, code);
        self.progress(&analyst, &unit, indicator, "done")["done"].as_str().expect("a figure").to_owned()
    }
}

/// Sends rows; gives the payload.
pub(crate) fn submit(client: &Client, drive: &Value, rows: &[Value]) -> Value {
    let selection = "accepted unchanged refused replayed results { index status revision error { code field } }";
    client.attempt("submitTallies", "SubmitTalliesInput", json!({ "drive": drive, "rows": rows }), selection)
}

/// Code of the refusal of each row, null for one that stands.
pub(crate) fn codes(payload: &Value) -> Vec<Value> {
    let results = payload["results"].as_array().expect("results");
    results.iter().map(|result| result["error"]["code"].clone()).collect()
}
