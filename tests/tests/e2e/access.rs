//! Each role does what the printed policy says and nothing else, over the wire.

use std::collections::BTreeMap;

use caodiem_domain::access::{Permission, Role, permits};
use caodiem_tests::on_both;
use serde_json::{Value, json};

use crate::places::BINH_GIA;
use crate::reporting::Running;

/// A request for each permission that one request alone can show.
fn probes(running: &Running) -> BTreeMap<Permission, (&'static str, Value)> {
    let drive = &running.plan.drive;
    let measure = json!({ "drive": drive, "indicator": "ACTIVATED", "group": "RESIDENTS_14_PLUS" });
    let unit = running.commune(0);
    let id = caodiem_tests::client::request_id;
    BTreeMap::from([
        (Permission::ReadUnits, ("{ units(first: 1) { nodes { code } } }", json!({}))),
        (Permission::ReadCatalogue, ("{ indicators { code } }", json!({}))),
        (Permission::ReadDrives, ("{ drives(first: 1) { nodes { title } } }", json!({}))),
        (Permission::ReadBaselines, ("{ baselines(first: 1) { nodes { value } } }", json!({}))),
        (Permission::ReadQuotas, ("{ quotas(first: 1) { nodes { amount } } }", json!({}))),
        (Permission::ReadTeams, ("{ teams(first: 1) { nodes { name } } }", json!({}))),
        (
            Permission::ReadTallies,
            ("query($d: ID!) { tallies(drive: $d, first: 1) { nodes { value } } }", json!({ "d": drive })),
        ),
        (
            Permission::ReadProgress,
            (
                "query($u: [ID!]!, $i: ProgressInput!) { progress(units: $u, input: $i) { done } }",
                json!({ "u": [unit], "i": measure }),
            ),
        ),
        (
            Permission::ManageUnits,
            (
                "mutation($i: ReviseUnitInput!) { reviseUnit(input: $i) { errors { code } } }",
                json!({ "i": { "requestId": id(), "unit": unit, "expectedVersion": 99, "on": "2023-05-01", "name": "X" } }),
            ),
        ),
        (
            Permission::ManageDrives,
            (
                "mutation($i: CloseDriveInput!) { closeDrive(input: $i) { errors { code } } }",
                json!({ "i": { "requestId": id(), "drive": drive, "expectedVersion": 99 } }),
            ),
        ),
        (
            Permission::ManageQuotas,
            (
                "mutation($i: SetQuotasInput!) { setQuotas(input: $i) { errors { code } } }",
                json!({ "i": { "requestId": id(), "drive": drive, "quotas": [] } }),
            ),
        ),
        (
            Permission::RecordBaselines,
            (
                "mutation($i: RecordBaselinesInput!) { recordBaselines(input: $i) { errors { code } } }",
                json!({ "i": { "requestId": id(), "source": "", "rows": [] } }),
            ),
        ),
        (
            Permission::ManageTeams,
            (
                "mutation($i: FormTeamsInput!) { formTeams(input: $i) { errors { code } } }",
                json!({ "i": { "requestId": id(), "teams": [] } }),
            ),
        ),
        (
            Permission::ManageCatalogue,
            (
                "mutation($i: DefineGroupInput!) { defineGroup(input: $i) { errors { code } } }",
                json!({ "i": { "requestId": id(), "code": "", "name": "", "nameEn": "" } }),
            ),
        ),
        (
            Permission::SubmitTallies,
            (
                "mutation($i: SubmitTalliesInput!) { submitTallies(input: $i) { errors { code } } }",
                json!({ "i": { "requestId": id(), "drive": drive, "rows": [] } }),
            ),
        ),
        (
            Permission::ReformUnits,
            (
                "mutation($i: MergeUnitsInput!) { mergeUnits(input: $i) { errors { code } } }",
                json!({ "i": { "requestId": id(), "from": [], "into": { "existing": unit }, "on": "2023-05-01" } }),
            ),
        ),
    ])
}

/// Whether an answer says that the role may not: as an error, as a refusal, or by not knowing the field at all.
fn is_denied(answer: &caodiem_tests::client::Answer) -> bool {
    let text = answer.body["data"].to_string();
    answer.codes().iter().any(|code| *code == "FORBIDDEN" || *code == "GRAPHQL_VALIDATION_FAILED")
        || text.contains("\"FORBIDDEN\"")
}

on_both! {
    every_role_may_what_the_policy_says(backend) {
        let Some(running) = Running::start(backend) else { return };
        let probes = probes(&running);
        assert_eq!(probes.len(), Permission::ALL.len(), "every permission has a request that shows it");
        for role in Role::ALL {
            let client = running.app.client(role.as_str(), BINH_GIA);
            for (permission, (document, variables)) in &probes {
                let answer = client.send(document, variables.clone());
                let allowed = permits(*role, *permission);
                assert_eq!(is_denied(&answer), !allowed, "{role:?} and {permission:?}: {}", answer.body);
            }
        }
    }

    what_a_role_may_never_use_is_not_even_shown(backend) {
        let Some(running) = Running::start(backend) else { return };
        let fields = |role: &str| {
            let client = running.app.client(role, BINH_GIA);
            let seen = client.ask("{ __schema { mutationType { fields { name } } queryType { fields { name } } } }", json!({}));
            seen["__schema"].to_string()
        };
        assert!(fields("reporter").contains("\"submitTallies\""));
        for role in ["analyst", "auditor", "verifier"] {
            assert!(!fields(role).contains("\"submitTallies\""), "{role}");
        }
        assert!(!fields("auditor").contains("\"progress\""));
    }
}
