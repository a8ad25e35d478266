//! Planning the two real drives from their inputs alone, as a planner does.

use std::collections::BTreeMap;

use caodiem_tests::app::App;
use caodiem_tests::client::Client;
use serde_json::{Value, json};

use crate::places::{BINH_GIA, BINH_PHUOC, id};
use crate::printed::Printed;

const GROUP: &str = "RESIDENTS_14_PLUS";

/// A drive, with the client of its planner.
pub(crate) struct Plan {
    pub(crate) planner: Client,
    pub(crate) drive: Value,
    pub(crate) phases: Vec<Value>,
    /// The unit whose drive it is.
    pub(crate) unit: Value,
    catalogue: BTreeMap<String, Value>,
    columns: Vec<Value>,
}

impl Plan {
    /// Bình Gia, a draft: residents of 19 communes and the quota of the district.
    pub(crate) fn binh_gia(app: &App) -> Self {
        let days = json!({ "from": "2023-04-11", "to": "2023-06-20" });
        let drive = json!({ "planNumber": "125/KH-UBND", "title": "Cao điểm Bình Gia", "issuer": "UBND huyện Bình Gia",
            "issuedOn": "2023-04-11", "days": days, "declaredDays": 70 });
        let mut plan = Self::create(app, BINH_GIA, drive, &["ENROLLED", "ACTIVATED"]);
        let printed = Printed::binh_gia();
        plan.baselines("2023-04-11", GROUP, "ELIGIBLE", printed.column("residents_14_plus"));
        plan.quota(&Value::Null, "ACTIVATED", "17410", false);
        let (group, eligible, activated) = (plan.of(GROUP), plan.of("ELIGIBLE"), plan.of("ACTIVATED"));
        plan.column("residents_14_plus", json!({ "baseline": { "group": group, "indicator": eligible } }));
        plan.column("activation_quota", json!({ "quota": { "group": group, "indicator": activated } }));
        plan.column("activation_per_day", json!({ "perDay": { "of": "activation_quota" } }));
        plan.lay_out();
        plan.print_totals(&printed);
        plan
    }

    /// Bình Phước, a draft: the figures of 11 districts so far and the quota of the province in the first phase.
    pub(crate) fn binh_phuoc(app: &App) -> Self {
        let phase = |name: &str, from: &str, to: &str, days: u32| json!({ "name": name, "days": { "from": from, "to": to }, "declaredDays": days });
        let drive = json!({ "planNumber": "200/KH-UBND", "title": "Cao điểm Bình Phước", "issuer": "UBND tỉnh Bình Phước",
            "issuedOn": "2023-06-19", "days": { "from": "2023-06-20", "to": "2023-09-20" },
            "phases": [phase("Giai đoạn 1", "2023-06-20", "2023-07-15", 25), phase("Giai đoạn 2", "2023-07-16", "2023-09-20", 65)] });
        let mut plan = Self::create(app, BINH_PHUOC, drive, &["ENROLLED", "ACTIVATED"]);
        let printed = Printed::binh_phuoc();
        let bases = [
            ("eligible", GROUP, "ELIGIBLE"),
            ("enrolled_so_far", GROUP, "ENROLLED"),
            ("activated_so_far", GROUP, "ACTIVATED"),
            ("teams", "ALL", "TEAMS"),
        ];
        for (column, group, indicator) in bases {
            plan.baselines("2023-06-18", group, indicator, printed.column(column));
        }
        let phase = plan.phases[0].clone();
        plan.quota(&phase, "ACTIVATED", "500000", true);
        let less = |of: &str, less: &str| json!({ "less": { "of": of, "less": less } });
        let base = |group: Value, indicator: Value| json!({ "baseline": { "group": group, "indicator": indicator } });
        let of = |code: &str| plan.of(code);
        let shows = [
            base(of(GROUP), of("ELIGIBLE")),
            json!({ "quota": { "phase": phase, "group": of(GROUP), "indicator": of("ACTIVATED") } }),
            base(of(GROUP), of("ENROLLED")),
            base(of(GROUP), of("ACTIVATED")),
            less("activation_quota", "enrolled_so_far"),
            json!({ "upTo": { "of": "to_enrol", "ceiling": "12500" } }),
            less("to_enrol", "to_enrol_level2"),
            less("activation_quota", "activated_so_far"),
            base(of("ALL"), of("TEAMS")),
            json!({ "perEachDay": { "of": "to_activate", "each": "teams", "phase": phase } }),
        ];
        for (key, shows) in printed.columns.iter().zip(shows) {
            plan.column(key, shows);
        }
        plan.lay_out();
        plan.print_totals(&printed);
        plan
    }

    /// A draft of a drive over a unit.
    pub(crate) fn create(app: &App, unit: &str, mut drive: Value, indicators: &[&str]) -> Self {
        let planner = app.client("planner", unit);
        let known = planner.ask("{ indicators { code } groups { code } }", json!({}));
        let entries =
            ["indicators", "groups"].into_iter().flat_map(|list| known[list].as_array().cloned().unwrap_or_default());
        let catalogue: BTreeMap<String, Value> = entries
            .map(|entry| (entry["code"].as_str().unwrap_or_default().to_owned(), entry["code"].clone()))
            .collect();
        let unit = id(&planner, unit);
        drive["unit"] = unit.clone();
        drive["indicators"] = indicators.iter().map(|code| json!(code)).collect();
        let made = planner.act("createDrive", "CreateDriveInput", drive, "drive { id phases { id } }");
        let phases =
            made["drive"]["phases"].as_array().expect("phases").iter().map(|phase| phase["id"].clone()).collect();
        Self { planner, drive: made["drive"]["id"].clone(), phases, unit, catalogue, columns: Vec::new() }
    }

    /// The code of an indicator or a group that the catalogue has.
    pub(crate) fn of(&self, code: &str) -> Value {
        self.catalogue.get(code).cloned().unwrap_or_else(|| panic!("the catalogue lacks {code}"))
    }

    /// Records baselines by official code.
    pub(crate) fn baselines<'row>(
        &self,
        day: &str,
        group: &str,
        indicator: &str,
        rows: impl Iterator<Item = (&'row str, i64)>,
    ) {
        let rows: Vec<Value> = rows
            .map(|(code, value)| json!({ "unit": id(&self.planner, code), "group": group, "indicator": indicator, "asOf": day, "value": value.to_string() }))
            .collect();
        let count = rows.len();
        let recorded = self.planner.act(
            "recordBaselines",
            "RecordBaselinesInput",
            json!({ "source": "Phụ lục", "rows": rows }),
            "count",
        );
        assert_eq!(recorded["count"], count);
    }

    /// Sets the quota of the drive's own unit.
    pub(crate) fn quota(&self, phase: &Value, indicator: &str, amount: &str, counts_opening: bool) {
        let quota = json!({ "phase": phase, "holder": { "unit": self.unit }, "indicator": indicator, "group": GROUP,
            "basis": { "absolute": { "amount": amount } }, "countsOpening": counts_opening });
        let set =
            self.planner.act("setQuotas", "SetQuotasInput", json!({ "drive": self.drive, "quotas": [quota] }), "count");
        assert_eq!(set["count"], 1);
    }

    fn column(&mut self, key: &str, shows: Value) {
        self.columns.push(json!({ "key": key, "heading": key, "headingEn": key, "shows": shows }));
    }

    fn lay_out(&self) {
        let input = json!({ "drive": self.drive, "expectedVersion": 1, "columns": self.columns });
        self.planner.act("reviseDrive", "ReviseDriveInput", input, "drive { id }");
    }

    fn print_totals(&self, printed: &Printed) {
        let figures: Vec<Value> = printed
            .columns
            .iter()
            .zip(&printed.totals)
            .map(|(column, total)| json!({ "column": column, "value": total.to_string() }))
            .collect();
        let input = json!({ "drive": self.drive, "source": "Phụ lục", "figures": figures });
        self.planner.act("recordPrintedFigures", "RecordPrintedFiguresInput", input, "drive { id }");
    }

    /// A cascade of the unit's activation quota in proportion to the eligible.
    pub(crate) fn cascade(&self, phase: &Value, rounding: &str, levels: u32) -> Value {
        json!({ "drive": self.drive, "phase": phase, "holder": { "unit": self.unit }, "indicator": "ACTIVATED", "group": GROUP,
            "levels": levels, "rounding": rounding, "policy": { "proportional": { "group": GROUP, "indicator": "ELIGIBLE" } } })
    }

    /// What a cascade would change.
    pub(crate) fn preview(&self, cascade: &Value) -> Value {
        let document = "query($input: CascadeInput!) { cascadePreview(input: $input) { total version printedSum \
            lines { amount explanation before shaped holder { ... on Unit { code } } } findings { code figures { name value } } } }";
        self.planner.ask(document, json!({ "input": cascade }))["cascadePreview"].clone()
    }

    /// Applies a cascade as it was previewed.
    pub(crate) fn apply(&self, cascade: &Value, version: &Value) -> Value {
        let input = json!({ "plan": cascade, "expectedVersion": version });
        self.planner.act("applyCascade", "ApplyCascadeInput", input, "count")
    }

    /// The plan table.
    pub(crate) fn table(&self) -> Value {
        let document = "query($drive: ID!) { planTable(drive: $drive) { \
            columns { key formula addsUp total { printed exact { decimal } } cellsSum sourceTotal { decimal } } \
            rows { unit { code } cells { printed } } findings { code field message figures { name value } } } }";
        self.planner.ask(document, json!({ "drive": self.drive }))["planTable"].clone()
    }

    /// Sets the rules of reporting, whatever the drive's version.
    pub(crate) fn rule(&self, rules: &Value) {
        let seen = self.planner.ask("query($id: ID!) { drive(id: $id) { version } }", json!({ "id": self.drive }));
        let input =
            json!({ "drive": self.drive, "expectedVersion": seen["drive"]["version"], "reportingRules": rules });
        self.planner.act("reviseDrive", "ReviseDriveInput", input, "drive { id }");
    }

    /// Opens the drive, whatever its version.
    pub(crate) fn open(&self) {
        let seen = self.planner.ask("query($id: ID!) { drive(id: $id) { version } }", json!({ "id": self.drive }));
        let input = json!({ "drive": self.drive, "expectedVersion": seen["drive"]["version"] });
        let opened = self.planner.act("openDrive", "OpenDriveInput", input, "drive { state }");
        assert_eq!(opened["drive"]["state"], "OPEN");
    }
}
