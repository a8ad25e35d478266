//! Whose acts a role reads, over the wire. What else a role may, root field by root field, is in the matrix, which runs over
//! the wire as well (`tests/tests/access/wire.rs`).

use caodiem_domain::access::{Permission, Role, permits};
use caodiem_tests::on_both;
use serde_json::json;

use crate::places::BINH_GIA;
use crate::reporting::Running;

on_both! {
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
}
