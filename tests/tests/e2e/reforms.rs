//! The tree changes: new versions, merges and splits, and the reform of July 2025.

use caodiem_tests::app::{App, prepare};
use caodiem_tests::database::{Backend, Database};
use caodiem_tests::{on_both, seed};
use serde_json::json;

use crate::places::{BAC_SON, BINH_GIA, LANG_SON, children, id};

const AS_OF: &str = "query($id: ID!, $day: Date!) { unit(by: { id: $id }) { code name version \
    asOf(day: $day) { name parent { code } } versions { number name validFrom validTo } } }";

/// After the reform of July 2025.
fn reformed(backend: Backend) -> Option<Database> {
    let country = seed::country(backend)?;
    for tree in ["2025-06", "2025"] {
        prepare(&country.url(), country.home(), &["import", "units", "--builtin", tree]);
    }
    Some(country)
}

on_both! {
    a_rename_is_a_new_version_and_the_old_name_stays_on_its_days(backend) {
        let Some(app) = App::start(backend) else { return };
        let admin = app.client("unit_admin", LANG_SON);
        let (_, name, unit) = children(&admin, BINH_GIA).swap_remove(3);
        let revise = json!({ "unit": unit, "expectedVersion": 1, "on": "2023-07-10", "name": "Tên Mới", "legalBasis": "1/NQ" });
        let revised = admin.act("reviseUnit", "ReviseUnitInput", revise.clone(), "unit { name version }");
        assert_eq!(revised["unit"], json!({ "name": "Tên Mới", "version": 2 }));
        let seen = admin.ask(AS_OF, json!({ "id": unit, "day": "2023-07-09" }));
        assert_eq!(seen["unit"]["asOf"]["name"], name.as_str());
        assert_eq!(seen["unit"]["versions"].as_array().map(Vec::len), Some(2));
        let stale = admin.attempt("reviseUnit", "ReviseUnitInput", revise, "unit { name }");
        assert_eq!((&stale["unit"], &stale["errors"][0]["code"]), (&json!(null), &json!("STALE_VERSION")));
    }

    a_moved_commune_takes_its_scope_along(backend) {
        let Some(app) = App::start(backend) else { return };
        let admin = app.client("unit_admin", LANG_SON);
        let (code, _, unit) = children(&admin, BINH_GIA).swap_remove(0);
        let neighbour = app.client("analyst", BAC_SON);
        let sees = |code: &str| neighbour.ask("query($c: String!) { unitByCode(code: $c) { id } }", json!({ "c": code }))["unitByCode"].clone();
        assert_eq!(sees(&code), json!(null));
        let parent = id(&admin, BAC_SON);
        admin.act(
            "reviseUnit",
            "ReviseUnitInput",
            json!({ "unit": unit, "expectedVersion": 1, "on": "2023-07-04", "parent": parent }),
            "unit { id }",
        );
        assert_eq!(sees(&code)["id"], unit, "the new district sees it");
        let seen = admin.ask(AS_OF, json!({ "id": unit, "day": "2023-07-03" }));
        assert_eq!(seen["unit"]["asOf"]["parent"]["code"], BINH_GIA, "before that day it stood where it stood");
        assert_eq!(children(&admin, BINH_GIA).len(), 18);
    }

    the_reform_of_2025_reuses_codes_and_keeps_the_past(backend) {
        let Some(database) = reformed(backend) else { return };
        let app = App::over(database, "2025-07-15");
        let client = app.client("analyst", "VN");
        let counts = client.ask(
            "{ before: units(first: 1, on: \"2025-06-30\") { totalCount } after: units(first: 1) { totalCount } \
               districts: units(first: 1, where: { level: [DISTRICT] }) { totalCount } }",
            json!({}),
        );
        assert_eq!(counts["before"]["totalCount"], 1 + 63 + 696 + 10_035);
        assert_eq!(counts["after"]["totalCount"], 1 + 34 + 3_321);
        assert_eq!(counts["districts"]["totalCount"], 0);
        // 06115 was Hồng Thái, and is Tân Văn: two units, one code.
        let document = "{ old: unitByCode(code: \"06115\", on: \"2025-06-30\") { id name lineage { successors { mode unit { name } } } } \
            new: unitByCode(code: \"06115\") { id name lineage { predecessors { mode } } } }";
        let found = client.ask(document, json!({}));
        assert_eq!((&found["old"]["name"], &found["new"]["name"]), (&json!("Hồng Thái"), &json!("Tân Văn")));
        assert_ne!(found["old"]["id"], found["new"]["id"]);
        assert!(!found["old"]["lineage"]["successors"].as_array().expect("edges").is_empty());
        // Whoever keeps the new commune sees the communes it was made of.
        let commune = app.client("analyst", "06115");
        let seen = commune.ask("query($id: ID!) { unit(by: { id: $id }) { name } }", json!({ "id": found["old"]["id"] }));
        assert_eq!(seen["unit"]["name"], "Hồng Thái");
    }
}
