//! Progress and ranking, paces, and what the operator's check says of the roll-up.

use caodiem_tests::database::Backend;
use caodiem_tests::on_both;
use serde_json::{Value, json};

use crate::places::{BINH_GIA, LANG_SON};
use crate::reporting::Running;

fn report_some(running: &Running) {
    let rows: Vec<Value> = (0..19)
        .flat_map(|at| {
            let value = i64::try_from(at).unwrap_or(0) * 10;
            [running.row(at, "2023-05-08", "ACTIVATED_L1", value), running.row(at, "2023-05-09", "ACTIVATED_L2", 100)]
        })
        .collect();
    assert_eq!(running.submit(&rows)["refused"], 0);
}

on_both! {
    a_unit_of_any_size_shows_what_it_owes_and_what_is_done(backend) {
        let Some(running) = Running::start(backend) else { return };
        report_some(&running);
        let district = running.app.client("analyst", BINH_GIA);
        let selection = "quota opening done remaining percent estimated planned { perDay } required { daysLeft perDay projectedFinish } daily { day done cumulative }";
        let seen = running.progress(&district, &running.plan.unit, "ACTIVATED", selection);
        // 0 + 10 + … + 180 at level 1, 19 × 100 at level 2.
        assert_eq!((&seen["quota"], &seen["done"], &seen["remaining"]), (&json!("17410"), &json!("3610"), &json!("13800")));
        assert_eq!(seen["percent"], "20.73521", "3610 of 17410");
        assert_eq!(seen["planned"]["perDay"], "248.714286", "17410 over the 70 days that the plan declares");
        assert_eq!(seen["required"]["daysLeft"], 41, "11 May to 20 June");
        let daily = seen["daily"].as_array().expect("days");
        let day = |text: &str| daily.iter().find(|day| day["day"] == text).cloned().unwrap_or_default();
        assert_eq!(day("2023-05-08")["done"], "1710");
        assert_eq!(day("2023-05-09")["cumulative"], "3610");
        assert_eq!(day("2023-05-10")["done"], "0");
        // The province above sees the same figure in a drive below it, though the quota is not its own.
        assert_eq!(running.done(LANG_SON, "ACTIVATED"), "3610");
        assert_eq!(running.done(LANG_SON, "ACTIVATED_L2"), "1900");
    }

    ranks_share_the_better_place_and_skip_the_next(backend) {
        let Some(running) = Running::start(backend) else { return };
        let rows: Vec<Value> = [(0, 30), (1, 20), (2, 20), (3, 10)].map(|(at, value)| running.row(at, "2023-05-09", "ACTIVATED_L1", value)).to_vec();
        running.submit(&rows);
        let analyst = running.app.client("analyst", BINH_GIA);
        let document = "query($unit: ID!, $input: ProgressInput!, $least: Decimal) { \
            ranking(unit: $unit, input: $input, peers: SIBLINGS, measure: DONE, minQuota: $least) { unit { id code } place of tied } }";
        let input = json!({ "drive": running.plan.drive, "indicator": "ACTIVATED", "group": "RESIDENTS_14_PLUS" });
        let ranking = |least: Value| analyst.ask(document, json!({ "unit": running.commune(0), "input": input, "least": least }))["ranking"].clone();
        let seen = ranking(Value::Null);
        let places: Vec<(Value, Value)> = seen.as_array().expect("places").iter().take(5).map(|rank| (rank["place"].clone(), rank["tied"].clone())).collect();
        let expected = [(1, false), (2, true), (2, true), (4, false), (5, true)].map(|(place, tied)| (json!(place), json!(tied)));
        assert_eq!(places, expected);
        assert_eq!(seen[0]["of"], 19);
        // Below the minimum base a unit has no place.
        let large = ranking(json!("1000"));
        let placed = large.as_array().expect("places").iter().filter(|rank| rank["place"].is_number()).count();
        assert_eq!(placed, 7, "communes with a quota of a thousand and more: {large:#}");
    }

    check_says_zero_and_finds_what_was_tampered_with(backend) {
        let Some(mut running) = Running::start(backend) else { return };
        report_some(&running);
        running.app.stop();
        let check = |running: &Running| {
            let done = running.app.run(&["check"]);
            (done.status.success(), String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned())
        };
        let (clean, said) = check(&running);
        assert!(clean, "{said}");
        let one = "SELECT MIN(unit_id) FROM rollup";
        running.app.database().execute(&format!("UPDATE rollup SET below_0 = COALESCE(below_0, 0) + 1 WHERE unit_id = ({one})"));
        let (clean, said) = check(&running);
        assert!(!clean, "one figure too many was not seen: {said}");
        let rebuilt = running.app.run(&["rebuild"]);
        assert!(rebuilt.status.success(), "{}", String::from_utf8_lossy(&rebuilt.stderr));
        let (clean, said) = check(&running);
        assert!(clean, "{said}");
        running.app.serve();
        assert_eq!(running.done(BINH_GIA, "ACTIVATED"), "3610");
    }

    tallies_survive_a_kill_and_count_once_after_the_retry(backend) {
        let Some(mut running) = Running::start(backend) else { return };
        report_some(&running);
        running.app.kill();
        running.app.serve();
        running.reporter = running.app.client("reporter", BINH_GIA);
        let rows = [running.row(0, "2023-05-08", "ACTIVATED_L1", 0), running.row(1, "2023-05-08", "ACTIVATED_L1", 10)];
        let again = running.submit(&rows);
        assert_eq!(again["unchanged"], 2);
        assert_eq!(running.done(BINH_GIA, "ACTIVATED"), "3610");
    }
}

#[test]
fn a_moved_commune_takes_its_later_figures_along() {
    let Some(running) = Running::start(Backend::Sqlite) else { return };
    let rows = [running.row(0, "2023-05-03", "ACTIVATED_L1", 5), running.row(0, "2023-05-09", "ACTIVATED_L1", 7)];
    running.submit(&rows);
    let admin = running.app.client("unit_admin", LANG_SON);
    let parent = crate::places::id(&admin, crate::places::BAC_SON);
    let moved = json!({ "unit": running.commune(0), "expectedVersion": 1, "on": "2023-05-05", "parent": parent });
    admin.act("reviseUnit", "ReviseUnitInput", moved, "unit { id }");
    assert_eq!(running.done(BINH_GIA, "ACTIVATED"), "5", "what was done before the move stays");
    assert_eq!(running.done(LANG_SON, "ACTIVATED"), "12");
}
