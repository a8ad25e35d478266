//! Each role does what the printed policy says and nothing else, over the wire.

use std::collections::BTreeSet;

use caodiem_domain::access::{Permission, Role, permits};
use caodiem_tests::client::{Answer, request_id};
use caodiem_tests::on_both;
use serde_json::{Value, json};

use crate::places::BINH_GIA;
use crate::reporting::Running;

type Probe = (Permission, &'static str, Value);

/// A request for each permission that one request alone can show.
fn probes(running: &Running) -> Vec<Probe> {
    [reads(running), writes(running), grants()].concat()
}

fn reads(running: &Running) -> Vec<Probe> {
    use Permission as P;
    let drive = &running.plan.drive;
    let measure = json!({ "drive": drive, "indicator": "ACTIVATED", "group": "RESIDENTS_14_PLUS" });
    let nothing = || json!({});
    vec![
        (P::ReadUnits, "{ units(first: 1) { nodes { code } } }", nothing()),
        (P::ReadCatalogue, "{ indicators { code } }", nothing()),
        (P::ReadDrives, "{ drives(first: 1) { nodes { title } } }", nothing()),
        (P::ReadBaselines, "{ baselines(first: 1) { nodes { value } } }", nothing()),
        (P::ReadQuotas, "{ quotas(first: 1) { nodes { amount } } }", nothing()),
        (P::ReadTeams, "{ teams(first: 1) { nodes { name } } }", nothing()),
        (P::ReadTallies, "query($d: ID!) { tallies(drive: $d, first: 1) { nodes { value } } }", json!({ "d": drive })),
        (P::ReadAccounts, "{ accounts(first: 1) { nodes { login } } }", nothing()),
        (
            P::ReadProgress,
            "query($u: [ID!]!, $i: ProgressInput!) { progress(units: $u, input: $i) { done } }",
            json!({ "u": [running.commune(0)], "i": measure }),
        ),
        (P::ReadReports, "{ periodReports(first: 1) { nodes { hash } } }", nothing()),
    ]
}

/// Each asks for something that nobody is granted, so that nothing changes.
fn writes(running: &Running) -> Vec<Probe> {
    use Permission as P;
    let (drive, unit) = (&running.plan.drive, running.commune(0));
    let input = |mut fields: Value| {
        fields["requestId"] = request_id().into();
        json!({ "i": fields })
    };
    vec![
        (
            P::ManageUnits,
            "mutation($i: ReviseUnitInput!) { reviseUnit(input: $i) { errors { code } } }",
            input(json!({ "unit": unit, "expectedVersion": 99, "on": "2023-05-01", "name": "X" })),
        ),
        (
            P::ReformUnits,
            "mutation($i: MergeUnitsInput!) { mergeUnits(input: $i) { errors { code } } }",
            input(json!({ "from": [], "into": { "existing": unit }, "on": "2023-05-01" })),
        ),
        (
            P::ManageCatalogue,
            "mutation($i: DefineGroupInput!) { defineGroup(input: $i) { errors { code } } }",
            input(json!({ "code": "", "name": "", "nameEn": "" })),
        ),
        (
            P::ManageDrives,
            "mutation($i: CloseDriveInput!) { closeDrive(input: $i) { errors { code } } }",
            input(json!({ "drive": drive, "expectedVersion": 99 })),
        ),
        (
            P::RecordBaselines,
            "mutation($i: RecordBaselinesInput!) { recordBaselines(input: $i) { errors { code } } }",
            input(json!({ "source": "", "rows": [] })),
        ),
        (
            P::ManageQuotas,
            "mutation($i: SetQuotasInput!) { setQuotas(input: $i) { errors { code } } }",
            input(json!({ "drive": drive, "quotas": [] })),
        ),
        (
            P::ManageTeams,
            "mutation($i: FormTeamsInput!) { formTeams(input: $i) { errors { code } } }",
            input(json!({ "teams": [] })),
        ),
        (
            P::SubmitTallies,
            "mutation($i: SubmitTalliesInput!) { submitTallies(input: $i) { errors { code } } }",
            input(json!({ "drive": drive, "rows": [] })),
        ),
        (
            P::IssueReports,
            "mutation($i: CorrectPeriodReportInput!) { correctPeriodReport(input: $i) { errors { code } } }",
            input(json!({ "report": "none", "reason": "X" })),
        ),
        (
            P::CertifyReports,
            "mutation($i: CertifyPeriodReportInput!) { certifyPeriodReport(input: $i) { errors { code } } }",
            input(json!({ "report": "none" })),
        ),
    ]
}

/// Looking after accounts and granting; nothing that is named is there.
fn grants() -> Vec<Probe> {
    use Permission as P;
    let input = |mut fields: Value| {
        fields["requestId"] = request_id().into();
        json!({ "i": fields })
    };
    vec![
        (
            P::ManageAccounts,
            "mutation($i: ForceSignInInput!) { forceSignIn(input: $i) { errors { code } } }",
            input(json!({ "unit": "none" })),
        ),
        (
            P::ManageServices,
            "mutation($i: RevokeServiceKeyInput!) { revokeServiceKey(input: $i) { errors { code } } }",
            input(json!({ "account": "none", "kid": "none" })),
        ),
        (
            P::GrantRoles,
            "mutation($i: ConfirmAssignmentsInput!) { confirmAssignments(input: $i) { errors { code } } }",
            input(json!({ "assignments": ["none"] })),
        ),
        (
            P::RestoreAdmin,
            "mutation($i: RestoreAdminInput!) { restoreAdmin(input: $i) { errors { code } } }",
            input(json!({ "login": "none" })),
        ),
    ]
}

/// For want of these nobody is refused: they widen what is read of the record of acts.
const WIDENING: [Permission; 2] = [Permission::ReadAudit, Permission::ReadAdminActs];

/// Whether an answer says that the role may not: as an error, as a refusal, or by not knowing the field at all.
fn is_denied(answer: &Answer) -> bool {
    let text = answer.body["data"].to_string();
    answer.codes().iter().any(|code| *code == "FORBIDDEN" || *code == "GRAPHQL_VALIDATION_FAILED")
        || text.contains("\"FORBIDDEN\"")
}

on_both! {
    every_role_may_what_the_policy_says(backend) {
        let Some(running) = Running::start(backend) else { return };
        let probes = probes(&running);
        let probed: BTreeSet<Permission> = probes.iter().map(|probe| probe.0).chain(WIDENING).collect();
        assert_eq!(probed, Permission::ALL.iter().copied().collect(), "every permission has a request that shows it");
        for role in Role::ALL {
            let client = running.app.client(role.as_str(), BINH_GIA);
            for (permission, document, variables) in &probes {
                let answer = client.send(document, variables.clone());
                let allowed = permits(*role, *permission);
                assert_eq!(is_denied(&answer), !allowed, "{role:?} and {permission:?}: {}", answer.body);
            }
        }
    }

    whose_acts_a_role_reads_follows_from_its_permissions(backend) {
        let Some(running) = Running::start(backend) else { return };
        let commune = running.communes[0].0.as_str();
        let of_the_commune = |role: &str| running.app.client(role, commune);
        let stale = json!({ "drive": running.plan.drive, "expectedVersion": 99 });
        of_the_commune("planner").attempt("closeDrive", "CloseDriveInput", stale, "drive { id }");
        let none = json!({ "teams": [] });
        of_the_commune("unit_admin").attempt("formTeams", "FormTeamsInput", none, "teams { id }");
        for role in Role::ALL {
            let client = running.app.client(role.as_str(), BINH_GIA);
            let reads = |by: &str, operation: &str| {
                let of = json!({ "w": { "login": [format!("test-{by}-{commune}")], "operation": [operation] } });
                let seen = client.ask("query($w: ActWhere) { acts(first: 5, where: $w) { nodes { operation } } }", of);
                !seen["acts"]["nodes"].as_array().expect("a list").is_empty()
            };
            let everything = permits(*role, Permission::ReadAudit);
            assert_eq!(reads("planner", "closeDrive"), everything, "{role:?}");
            let of_admins = everything || permits(*role, Permission::ReadAdminActs);
            assert_eq!(reads("unit_admin", "formTeams"), of_admins, "{role:?}");
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
