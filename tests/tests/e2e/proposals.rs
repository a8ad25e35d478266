//! Decisions by two people, as clients ask for them.

use caodiem_domain::access::Role;
use caodiem_tests::client::request_id;
use caodiem_tests::on_both;
use serde_json::{Value, json};

use crate::office::Office;
use crate::places::{BAC_SON, BINH_GIA};

fn codes(payload: &Value) -> Vec<(String, String)> {
    let errors = payload["errors"].as_array().expect("errors");
    let field = |error: &Value| {
        let parts = error["field"].as_array().cloned().unwrap_or_default();
        parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(".")
    };
    errors.iter().map(|error| (error["code"].as_str().expect("a code").to_owned(), field(error))).collect()
}

fn refusal(code: &str, field: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), field.to_owned())]
}

on_both! {
    mergers_and_splits_take_two_admins_and_leave_a_lineage(backend) {
        let Some(office) = Office::new(backend) else { return };
        let [one, other] = ["admin-1", "admin-2"].map(|login| office.hire(login, Role::SystemAdmin, "VN"));
        let (district, communes) = (office.unit(&one, BINH_GIA), office.below(&one, BINH_GIA));
        let [first, second, third] = [0, 1, 2].map(|at: usize| communes[at].clone());
        let merge = json!({ "from": [first, second], "on": "2023-07-04",
            "into": { "founded": { "parent": district, "code": "99001", "name": "Hợp Nhất", "kind": "RURAL_COMMUNE" } } });
        let alone = office.attempt(&one, "mergeUnits", merge.clone(), "unit { id }");
        assert_eq!((&alone["unit"], codes(&alone)), (&json!(null), refusal("NEEDS_TWO_PEOPLE", "")));

        let proposed = office.propose(&one, "mergeUnits", merge.clone());
        let proposal = &proposed["proposal"];
        assert_eq!([&proposal["state"], &proposal["operation"], &proposal["proposer"]], ["OPEN", "MERGE_UNITS", "admin-1"]);
        let stored: Value = serde_json::from_str(proposal["input"].as_str().expect("text")).expect("JSON");
        assert_eq!((&stored["into"], &stored["on"]), (&merge["into"], &merge["on"]), "word for word");
        assert_eq!(office.unit(&one, "99001"), json!(null), "nothing is done yet");
        assert_eq!(codes(&office.decide(&one, "approveProposal", &proposed)), refusal("OWN_PROPOSAL", "proposal"));
        let approved = office.decide(&other, "approveProposal", &proposed);
        assert_eq!(approved["proposal"], json!({ "state": "APPROVED", "decidedBy": "admin-2", "note": "đã xem", "version": 2 }));
        let lineage = office.ask(&one, "{ unitByCode(code: \"99001\") { lineage { predecessors { mode unit { id closedOn } } } } }", json!({}));
        let closed = json!("2023-07-04");
        assert_eq!(lineage["unitByCode"]["lineage"]["predecessors"], json!([
            { "mode": "MERGE", "unit": { "id": first, "closedOn": closed } },
            { "mode": "MERGE", "unit": { "id": second, "closedOn": closed } },
        ]));

        let part = |code: &str, share: &str| json!({ "share": share, "successor": { "founded": {
            "parent": district, "code": code, "name": format!("Phần {code}"), "kind": "RURAL_COMMUNE" } } });
        let split = |shares: [&str; 2]| json!({ "from": third, "on": "2023-07-04", "into": [part("99002", shares[0]), part("99003", shares[1])] });
        let wrong = office.propose(&one, "splitUnit", split(["1/3", "1/3"]));
        assert_eq!(codes(&wrong), refusal("SHARES_NOT_WHOLE", "change.splitUnit.into"), "refused at once, at its place");
        let proposed = office.propose(&other, "splitUnit", split(["1/3", "2/3"]));
        assert_eq!(codes(&office.decide(&one, "approveProposal", &proposed)), []);
        assert!(office.unit(&one, "99003").is_string());
    }

    roots_are_founded_by_two(backend) {
        let Some(office) = Office::new(backend) else { return };
        let [one, other] = ["admin-1", "admin-2"].map(|login| office.hire(login, Role::SystemAdmin, "VN"));
        // An enum in a document, not in variables: what is stored is read again all the same.
        let document = format!(
            "mutation {{ proposeChange(input: {{ requestId: \"{}\", reason: \"cơ quan trung ương\", change: {{ foundUnit: {{ \
             requestId: \"not-used-1\", code: \"BCA\", name: \"Bộ Công an\", kind: ORGANISATION, validFrom: \"2023-01-01\" }} }} }}) \
             {{ proposal {{ id version }} errors {{ code }} }} }}",
            request_id()
        );
        let proposed = office.ask(&one, &document, json!({}))["proposeChange"].clone();
        assert_eq!(office.unit(&one, "BCA"), json!(null));
        let again = office.ask(&one, &document, json!({}))["proposeChange"].clone();
        assert_eq!(again, proposed, "a retry proposes nothing new");
        assert_eq!(codes(&office.decide(&other, "approveProposal", &proposed)), []);
        assert!(office.unit(&one, "BCA").is_string());
    }

    quotas_change_by_two_once_the_drive_is_open(backend) {
        let Some(office) = Office::new(backend) else { return };
        let [one, other] = ["planner-1", "planner-2"].map(|login| office.hire(login, Role::Planner, BINH_GIA));
        let elsewhere = office.hire("planner-3", Role::Planner, BAC_SON);
        let reporter = office.hire("reporter", Role::Reporter, BINH_GIA);
        let district = office.unit(&one, BINH_GIA);
        let drive = json!({ "planNumber": "125/KH-UBND", "title": "Cao điểm", "issuer": "UBND huyện", "issuedOn": "2023-04-11",
            "days": { "from": "2023-07-01", "to": "2023-07-30" }, "unit": district, "indicators": ["ACTIVATED"] });
        let drive = office.act(&one, "createDrive", drive, "drive { id }")["drive"]["id"].clone();
        let quota = |amount: &str, version: i32| json!({ "drive": drive, "reason": "điều chỉnh", "decision": "9/QĐ", "quotas": [{
            "holder": { "unit": district }, "indicator": "ACTIVATED", "group": "RESIDENTS_14_PLUS", "expectedVersion": version,
            "basis": { "absolute": { "amount": amount } } }] });
        office.act(&one, "setQuotas", quota("100", 0), "count");
        office.act(&one, "openDrive", json!({ "drive": drive, "expectedVersion": 1 }), "drive { state }");
        assert_eq!(codes(&office.attempt(&one, "setQuotas", quota("120", 1), "count")), refusal("NEEDS_TWO_PEOPLE", ""));

        let proposed = office.propose(&one, "setQuotas", quota("120", 1));
        assert_eq!(proposed["proposal"]["unit"]["code"], BINH_GIA);
        let stale = office.propose(&one, "setQuotas", quota("120", 4));
        assert_eq!(codes(&stale), refusal("STALE_VERSION", "change.setQuotas.quotas.0.expectedVersion"));
        let mut unknown = quota("120", 1);
        unknown["quotas"][0]["indicator"] = json!("NOTHING");
        assert_eq!(codes(&office.propose(&one, "setQuotas", unknown)), refusal("NOT_FOUND", "change.setQuotas.quotas.0.indicator"));

        let node = "query($id: ID!) { node(id: $id) { id } }";
        let id = &proposed["proposal"]["id"];
        assert_eq!(office.ask(&other, node, json!({ "id": id }))["node"]["id"], *id);
        assert_eq!(office.ask(&elsewhere, node, json!({ "id": id }))["node"], json!(null), "out of scope is not found");
        assert_eq!(codes(&office.decide(&elsewhere, "approveProposal", &proposed)), refusal("NOT_FOUND", "proposal"));
        let list = "query($where: ProposalWhere) { proposals(where: $where) { totalCount nodes { id state } } }";
        let listed = |by, states: Value| office.ask(by, list, json!({ "where": { "state": states } }))["proposals"].clone();
        assert_eq!(listed(&other, json!(["OPEN"])), json!({ "totalCount": 1, "nodes": [{ "id": id, "state": "OPEN" }] }));
        assert_eq!(listed(&other, json!(["EXPIRED", "APPROVED"]))["totalCount"], 0);
        assert_eq!(listed(&elsewhere, json!(["OPEN"]))["totalCount"], 0);
        assert!(!office.send(&reporter, "{ proposals { totalCount } }", json!({})).errors.is_empty());
        let seen = office.ask(&reporter, "{ __schema { mutationType { fields { name } } } }", json!({})).to_string();
        assert!(seen.contains("submitTallies") && !seen.contains("approveProposal"), "{seen}");

        let rejected = office.propose(&other, "setQuotas", quota("150", 1));
        assert_eq!(office.decide(&one, "rejectProposal", &rejected)["proposal"]["state"], "REJECTED");
        let withdrawn = office.propose(&one, "setQuotas", quota("160", 1));
        assert_eq!(codes(&office.decide(&other, "withdrawProposal", &withdrawn)), refusal("NOT_PROPOSER", "proposal"));
        assert_eq!(office.decide(&one, "withdrawProposal", &withdrawn)["proposal"]["state"], "WITHDRAWN");

        assert_eq!(office.decide(&other, "approveProposal", &proposed)["proposal"]["state"], "APPROVED");
        let history = office.ask(&one, "{ quotas { nodes { amount history { amount author reason decision } } } }", json!({}));
        let quota = &history["quotas"]["nodes"][0];
        assert_eq!(quota["amount"], "120");
        assert_eq!(quota["history"][1], json!({ "amount": "120", "author": "planner-1", "reason": "điều chỉnh", "decision": "9/QĐ" }));
    }

    a_system_admin_is_appointed_by_two(backend) {
        let Some(office) = Office::new(backend) else { return };
        let [one, other, third] = ["admin-1", "admin-2", "admin-3"].map(|login| office.hire(login, Role::SystemAdmin, "VN"));
        let clerk = office.hire("clerk", Role::UnitAdmin, BINH_GIA);
        let unit = office.unit(&one, "VN");
        let known = office.ask(&one, "{ accounts(first: 100) { nodes { id login } } }", json!({}));
        let account = |login: &str| {
            let nodes = known["accounts"]["nodes"].as_array().expect("accounts");
            nodes.iter().find(|node| node["login"] == login).expect("an account")["id"].clone()
        };
        let grant = |login: &str| json!({ "reason": "bổ nhiệm", "grant": {
            "account": account(login), "role": "SYSTEM_ADMIN", "unit": unit, "validFrom": "2023-07-05" } });
        let alone = office.attempt(&one, "grantAssignment", grant("clerk"), "assignment { role }");
        assert_eq!((&alone["assignment"], codes(&alone)), (&json!(null), refusal("NEEDS_TWO_PEOPLE", "")));
        let proposed = office.propose(&one, "grantAssignment", grant("clerk"));
        assert!(!office.send(&clerk, "{ proposals { totalCount } }", json!({})).errors.is_empty(), "no admin of a unit sees that");
        assert_eq!(codes(&office.decide(&other, "approveProposal", &proposed)), []);
        // Nobody approves what they are given themselves.
        let proposed = office.propose(&one, "grantAssignment", grant("admin-3"));
        assert_eq!(codes(&office.decide(&third, "approveProposal", &proposed)), refusal("GRANT_TO_SELF", "proposal"));
        assert_eq!(codes(&office.decide(&other, "approveProposal", &proposed)), []);
        let own = office.propose(&one, "grantAssignment", grant("admin-1"));
        assert_eq!(codes(&own), refusal("GRANT_TO_SELF", "change.grantAssignment.grant.account"));
    }
}
