//! The board as it was known: corrections and an amended quota change what stands, not what was shown before them.

use caodiem_domain::access::{Actor, Role};
use caodiem_tests::on_both;
use serde_json::{Value, json};

use crate::office::Office;
use crate::places::BINH_GIA;

/// Who plays, and the drive of Bình Gia of July 2023, not opened yet.
struct Cast {
    office: Office,
    planners: [Actor; 2],
    reporter: Actor,
    analyst: Actor,
    district: Value,
    communes: Vec<Value>,
    drive: Value,
}

impl Cast {
    fn quota(&self, unit: &Value, amount: &str, version: i32) -> Value {
        json!({ "drive": self.drive, "reason": "điều chỉnh", "decision": "9/QĐ", "quotas": [{
            "holder": { "unit": unit }, "indicator": "ACTIVATED", "group": "RESIDENTS_14_PLUS",
            "expectedVersion": version, "basis": { "absolute": { "amount": amount } } }] })
    }

    fn report(&self, day: &str, figures: &[(usize, i64)], reason: Option<&str>) {
        let row = |(at, value): &(usize, i64)| {
            json!({ "reporter": { "unit": self.communes[*at] }, "day": day, "indicator": "ACTIVATED_L1",
                "value": value.to_string(), "reason": reason })
        };
        let rows: Vec<Value> = figures.iter().map(row).collect();
        let sent = json!({ "drive": self.drive, "rows": rows });
        let done = self.office.act(&self.reporter, "submitTallies", sent, "accepted refused");
        assert_eq!(done["refused"], 0, "{done}");
    }

    fn asked(&self, known_at: Option<&str>) -> Value {
        json!({ "drive": self.drive, "indicator": "ACTIVATED", "group": "RESIDENTS_14_PLUS", "knownAt": known_at })
    }

    /// What the district's board shows.
    fn board(&self, known_at: Option<&str>) -> Value {
        let document = "query($unit: ID!, $input: ProgressInput!) { progress(units: [$unit], input: $input) { \
            to quota done remaining required { daysLeft } daily { day done } } }";
        let variables = json!({ "unit": self.district, "input": self.asked(known_at) });
        self.office.ask(&self.analyst, document, variables)["progress"][0].clone()
    }

    /// The commune in the first place.
    fn first(&self, known_at: Option<&str>) -> Value {
        let document = "query($unit: ID!, $input: ProgressInput!) { \
            ranking(unit: $unit, input: $input, measure: DONE) { unit { id } value { exact } } }";
        let variables = json!({ "unit": self.communes[0], "input": self.asked(known_at) });
        self.office.ask(&self.analyst, document, variables)["ranking"][0]["unit"]["id"].clone()
    }
}

fn cast(office: Office) -> Cast {
    let planners = ["planner-1", "planner-2"].map(|login| office.hire(login, Role::Planner, BINH_GIA));
    let reporter = office.hire("reporter", Role::Reporter, BINH_GIA);
    let analyst = office.hire("analyst", Role::Analyst, BINH_GIA);
    let district = office.unit(&analyst, BINH_GIA);
    let communes = office.below(&analyst, BINH_GIA);
    let drive = json!({ "planNumber": "125/KH-UBND", "title": "Cao điểm", "issuer": "UBND huyện", "issuedOn": "2023-04-11",
        "days": { "from": "2023-07-01", "to": "2023-07-30" }, "unit": district,
        "indicators": ["ACTIVATED", "ACTIVATED_L1", "ACTIVATED_L2"] });
    let drive = office.act(&planners[0], "createDrive", drive, "drive { id }")["drive"]["id"].clone();
    Cast { office, planners, reporter, analyst, district, communes, drive }
}

on_both! {
    the_board_of_that_day_is_shown_whatever_came_later(backend) {
        let Some(office) = Office::new(backend) else { return };
        let mut cast = cast(office);
        let [one, other] = cast.planners.clone();
        for (unit, amount) in [(&cast.district, "1000"), (&cast.communes[0], "500"), (&cast.communes[1], "500")] {
            cast.office.act(&one, "setQuotas", cast.quota(unit, amount, 0), "count");
        }
        cast.office.act(&one, "openDrive", json!({ "drive": cast.drive, "expectedVersion": 1 }), "drive { state }");
        cast.report("2023-07-04", &[(0, 100), (1, 60)], None);
        let that_day = cast.board(None);
        assert_eq!((&that_day["quota"], &that_day["done"], &that_day["to"]), (&json!("1000"), &json!("160"), &json!("2023-07-05")));

        // Two days later a figure is corrected, another comes, and two people amend the quota.
        cast.office.move_to("2023-07-07T03:00:00Z");
        cast.report("2023-07-04", &[(0, 40)], Some("nhập nhầm"));
        cast.report("2023-07-06", &[(2, 7)], Some("bổ sung"));
        let proposed = cast.office.propose(&one, "setQuotas", cast.quota(&cast.district, "1200", 1));
        assert_eq!(cast.office.decide(&other, "approveProposal", &proposed)["proposal"]["state"], "APPROVED");

        let now = cast.board(None);
        assert_eq!((&now["quota"], &now["done"], &now["remaining"]), (&json!("1200"), &json!("107"), &json!("1093")));
        assert_eq!(cast.board(Some("2023-07-05T10:00:00+07:00")), that_day, "to the letter");
        assert_eq!(cast.board(Some("2023-07-07T02:59:59Z"))["done"], "160", "just before it was corrected");
        assert_eq!(cast.board(Some("2023-07-07T03:00:00Z")), now, "known now is what stands");
        let early = cast.board(Some("2023-07-05T02:59:59Z"));
        assert_eq!((&early["quota"], &early["done"]), (&Value::Null, &json!("0")), "nothing had been said yet");
        assert_eq!(cast.first(Some("2023-07-05T03:00:00Z")), cast.communes[0]);
        assert_eq!(cast.first(None), cast.communes[1]);

        let document = "query($unit: ID!, $input: ProgressInput!) { progress(units: [$unit], input: $input) { done } }";
        let to_come = json!({ "unit": cast.district, "input": cast.asked(Some("2023-07-07T03:00:00.000001Z")) });
        let refused = cast.office.send(&cast.analyst, document, to_come);
        let refused = serde_json::to_value(&refused.errors).expect("JSON").to_string();
        assert!(refused.contains("MOMENT_IN_FUTURE") && refused.contains("knownAt"), "{refused}");
    }
}
