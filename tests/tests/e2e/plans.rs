//! Two real plans: from their inputs alone the service prints their appendices to the digit, and says where those do not
//! add up (rules 6 and 7).

use caodiem_tests::app::App;
use caodiem_tests::{on_both, seed};
use serde_json::{Value, json};

use crate::planning::Plan;
use crate::printed::Printed;

fn figure(text: &Value) -> i64 {
    text.as_str().expect("a figure").parse().expect("a whole number")
}

/// The rows of a plan table as its source prints them.
fn rows(table: &Value) -> Vec<(String, Vec<i64>)> {
    let row = |row: &Value| {
        let cells = row["cells"].as_array().expect("cells").iter().map(|cell| figure(&cell["printed"]));
        (row["unit"]["code"].as_str().expect("a code").to_owned(), cells.collect())
    };
    table["rows"].as_array().expect("rows").iter().map(row).collect()
}

/// Everything a finding of that code says of a column.
fn finding<'table>(table: &'table Value, code: &str, column: &str) -> &'table Value {
    let findings = table["findings"].as_array().expect("findings");
    let of_column =
        |finding: &&Value| finding["code"] == code && finding["figures"].to_string().contains(&format!("\"{column}\""));
    findings.iter().find(of_column).unwrap_or_else(|| panic!("no {code} of {column} in {findings:#?}"))
}

fn says(finding: &Value, name: &str) -> String {
    let figures = finding["figures"].as_array().expect("figures");
    let named =
        figures.iter().find(|figure| figure["name"] == name).unwrap_or_else(|| panic!("no {name} in {finding}"));
    named["value"].as_str().expect("text").to_owned()
}

fn sorted(printed: &Printed) -> Vec<(String, Vec<i64>)> {
    let mut rows = printed.rows.clone();
    rows.sort();
    rows
}

on_both! {
    binh_gia_is_printed_to_the_digit(backend) {
        let Some(database) = seed::country(backend) else { return };
        let app = App::over(database, "2023-04-11");
        let plan = Plan::binh_gia(&app);
        let printed = Printed::binh_gia();
        let cascade = plan.cascade(&Value::Null, "HALF_UP_EACH", 1);
        let preview = plan.preview(&cascade);
        assert_eq!((&preview["total"], &preview["printedSum"]), (&json!("17410"), &json!("17411")));
        assert_eq!(preview["lines"][0]["before"], json!(null));
        let explained = preview["lines"].as_array().expect("lines").iter().any(|line| {
            line["holder"]["code"] == "06112" && line["explanation"].as_str().is_some_and(|text| text.contains("7124"))
        });
        assert!(explained, "a figure explains itself: {preview:#}");
        assert_eq!(plan.apply(&cascade, &preview["version"])["count"], 19);

        let table = plan.table();
        assert_eq!(rows(&table), sorted(&printed));
        let totals: Vec<i64> = table["columns"].as_array().expect("columns").iter().map(|column| figure(&column["total"]["printed"])).collect();
        assert_eq!(totals, printed.totals, "45,934; 17,410; 249");
        let quota = finding(&table, "CELLS_DIFFER_FROM_TOTAL", "activation_quota");
        assert_eq!((says(quota, "cells").as_str(), says(quota, "total").as_str()), ("17411", "17410"));
        let per_day = finding(&table, "CELLS_DIFFER_FROM_TOTAL", "activation_per_day");
        assert_eq!((says(per_day, "cells").as_str(), says(per_day, "total").as_str()), ("250", "249"));
        let codes: Vec<&Value> = table["findings"].as_array().expect("findings").iter().map(|finding| &finding["code"]).collect();
        assert!(codes.contains(&&json!("DECLARED_DAYS_DIFFER")), "70 declared, 71 on the calendar: {codes:?}");
    }

    the_largest_remainder_adds_up_to_17410(backend) {
        let Some(database) = seed::country(backend) else { return };
        let app = App::over(database, "2023-04-11");
        let plan = Plan::binh_gia(&app);
        let cascade = plan.cascade(&Value::Null, "LARGEST_REMAINDER", 1);
        let preview = plan.preview(&cascade);
        assert_eq!((&preview["printedSum"], &preview["findings"]), (&json!("17410"), &json!([])));
        plan.apply(&cascade, &preview["version"]);
        let table = plan.table();
        let sum: i64 = rows(&table).iter().map(|(_, cells)| cells[1]).sum();
        assert_eq!(sum, 17_410);
        // Nobody is more than one away from the printed table.
        for ((code, cells), (_, printed)) in rows(&table).iter().zip(sorted(&Printed::binh_gia())) {
            assert!((cells[1] - printed[1]).abs() <= 1, "{code}: {} against {}", cells[1], printed[1]);
        }
    }

    binh_phuoc_is_printed_to_the_digit(backend) {
        let Some(database) = seed::country(backend) else { return };
        let app = App::over(database, "2023-06-20");
        let plan = Plan::binh_phuoc(&app);
        let printed = Printed::binh_phuoc();
        let cascade = plan.cascade(&plan.phases[0], "HALF_UP_EACH", 1);
        let preview = plan.preview(&cascade);
        assert_eq!(preview["printedSum"], "500001");
        plan.apply(&cascade, &preview["version"]);

        let table = plan.table();
        assert_eq!(rows(&table), sorted(&printed));
        let columns = table["columns"].as_array().expect("columns");
        for (column, total) in columns.iter().zip(&printed.totals).filter(|(column, _)| column["addsUp"] == true) {
            assert_eq!(figure(&column["total"]["printed"]), *total, "{}", column["key"]);
        }
        let quota = finding(&table, "CELLS_DIFFER_FROM_TOTAL", "activation_quota");
        assert_eq!((says(quota, "cells").as_str(), says(quota, "total").as_str()), ("500001", "500000"));
        let rate = finding(&table, "RATIO_TOTAL_IS_SUM", "activations_per_team_per_day");
        assert_eq!(says(rate, "printed"), "209");
        assert!(says(rate, "total").starts_with("18.5"), "{rate}");
        let exact = columns.last().expect("a column")["total"]["exact"]["decimal"].as_str().expect("a number");
        assert!(exact.starts_with("18.5"), "{exact}");
    }

    a_cascade_previewed_on_an_older_quota_is_refused(backend) {
        let Some(database) = seed::country(backend) else { return };
        let app = App::over(database, "2023-04-11");
        let plan = Plan::binh_gia(&app);
        let cascade = plan.cascade(&Value::Null, "LARGEST_REMAINDER", 1);
        let input = json!({ "plan": cascade, "expectedVersion": 7 });
        let refused = plan.planner.attempt("applyCascade", "ApplyCascadeInput", input, "count");
        assert_eq!((&refused["count"], &refused["errors"][0]["code"]), (&json!(0), &json!("STALE_VERSION")));
        plan.apply(&cascade, &json!(1));
        plan.open();
        let silent = plan.planner.attempt("applyCascade", "ApplyCascadeInput", json!({ "plan": cascade, "expectedVersion": 1 }), "count");
        assert_eq!(silent["errors"][0]["code"], "REASON_REQUIRED", "an open drive changes by decision: {silent}");
    }
}
