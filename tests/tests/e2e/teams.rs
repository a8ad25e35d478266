//! Teams and members: formed whatever the plan says, with findings where they depart from it; a share of the quota each.

use caodiem_tests::client::request_id;
use caodiem_tests::on_both;
use serde_json::{Value, json};

use crate::places::{BINH_GIA, LANG_SON};
use crate::reporting::{Running, codes, submit};

fn member(position: &str, organisation: &str, is_leader: bool, knows_it: bool) -> Value {
    json!({ "position": position, "organisation": organisation, "isLeader": is_leader, "knowsIt": knows_it })
}

on_both! {
    a_team_that_departs_from_the_plan_is_formed_and_found(backend) {
        let Some(running) = Running::start(backend) else { return };
        let rule = json!([{ "kind": "PROJECT06", "sizeMin": 3, "sizeMax": 5, "leaderPosition": "Trưởng thôn",
            "itMembersMin": 2, "itOrganisations": ["YOUTH_UNION", "WOMENS_UNION"] }]);
        let planner = &running.plan.planner;
        let version = planner.ask("query($id: ID!) { drive(id: $id) { version } }", json!({ "id": running.plan.drive }));
        let input = json!({ "drive": running.plan.drive, "expectedVersion": version["drive"]["version"], "teamRules": rule });
        planner.act("reviseDrive", "ReviseDriveInput", input, "drive { id }");
        let admin = running.app.client("unit_admin", BINH_GIA);
        let team = |name: &str, members: Value| json!({ "unit": running.commune(0), "kind": "PROJECT06", "name": name,
            "validFrom": "2023-04-11", "members": members });
        let fitting = json!([member("Trưởng thôn", "VILLAGE_BOARD", true, false), member("Bí thư chi đoàn", "YOUTH_UNION", false, true),
            member("Chi hội trưởng", "WOMENS_UNION", false, true)]);
        let wanting = json!([member("Công an viên", "POLICE", true, true), member("Hội viên", "FARMERS_UNION", false, false)]);
        let input = json!({ "teams": [team("Tổ 1", fitting), team("Tổ 2", wanting)] });
        let formed = admin.act("formTeams", "FormTeamsInput", input, "teams { id name leader { position } }");
        assert_eq!(formed["teams"][0]["leader"]["position"], "Trưởng thôn");
        let findings = |at: usize| {
            let document = "query($id: ID!, $drive: ID!) { node(id: $id) { ... on Team { findings(drive: $drive) { code } } } }";
            let seen = admin.ask(document, json!({ "id": formed["teams"][at]["id"], "drive": running.plan.drive }));
            let list = seen["node"]["findings"].as_array().expect("findings").clone();
            list.iter().map(|finding| finding["code"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(findings(0), Vec::<String>::new());
        let mut found = findings(1);
        found.sort();
        assert_eq!(found, ["TEAM_COMPOSITION", "TEAM_LEADER_POSITION", "TEAM_SIZE"]);
        let two_leaders = json!([member("Trưởng thôn", "VILLAGE_BOARD", true, false), member("Phó thôn", "VILLAGE_BOARD", true, false)]);
        let refused = admin.attempt("formTeams", "FormTeamsInput", json!({ "teams": [team("Tổ 3", two_leaders)] }), "teams { id }");
        assert_eq!(refused["errors"][0]["code"], "REPEATED");
    }

    a_quota_goes_down_to_teams_and_members_and_adds_up(backend) {
        let Some(running) = Running::start(backend) else { return };
        let admin = running.app.client("unit_admin", BINH_GIA);
        let members = |count: usize| (0..count).map(|at| member(&format!("Tổ viên {at}"), "OTHER", at == 0, true)).collect::<Vec<_>>();
        let team = |name: &str, count: usize| json!({ "unit": running.commune(0), "kind": "PROJECT06", "name": name,
            "validFrom": "2023-04-11", "members": members(count) });
        let formed = admin.act("formTeams", "FormTeamsInput", json!({ "teams": [team("Tổ 1", 3), team("Tổ 2", 4)] }), "teams { id }");
        // The drive has opened: what one planner proposes another approves.
        let other = running.app.client("planner", LANG_SON);
        let quotas = || {
            let document = "query($drive: ID!) { quotas(where: { drive: $drive }) { totalCount } }";
            let counted = running.plan.planner.ask(document, json!({ "drive": running.plan.drive }));
            counted["quotas"]["totalCount"].as_i64().expect("a count")
        };
        let share = |holder: Value, among: &str| {
            let plan = json!({ "drive": running.plan.drive, "holder": holder, "indicator": "ACTIVATED", "group": "RESIDENTS_14_PLUS",
                "among": among, "policy": { "equal": true } });
            let preview = running.plan.preview(&plan);
            assert_eq!(preview["total"], preview["printedSum"], "{among} add up");
            let input = json!({ "requestId": request_id(), "plan": plan, "expectedVersion": preview["version"],
                "reason": "giao tổ", "decision": "5/QĐ" });
            let proposal = json!({ "reason": "giao tổ", "change": { "applyCascade": input } });
            let proposed = running.plan.planner.act("proposeChange", "ProposeChangeInput", proposal, "proposal { id version }");
            let before = quotas();
            let proposed = &proposed["proposal"];
            let approval = json!({ "proposal": proposed["id"], "expectedVersion": proposed["version"] });
            other.act("approveProposal", "ApproveProposalInput", approval, "proposal { state }");
            quotas() - before
        };
        assert_eq!(share(json!({ "unit": running.commune(0) }), "TEAMS"), 2);
        assert_eq!(share(json!({ "team": formed["teams"][0]["id"] }), "MEMBERS"), 3);
    }

    a_reporter_of_one_team_reports_for_no_other(backend) {
        let Some(running) = Running::start(backend) else { return };
        let admin = running.app.client("unit_admin", BINH_GIA);
        let team = |at: usize, name: &str| json!({ "unit": running.commune(at), "kind": "PROJECT06", "name": name, "validFrom": "2023-04-11" });
        let input = json!({ "teams": [team(0, "Tổ 1"), team(0, "Tổ 2")] });
        let formed = admin.act("formTeams", "FormTeamsInput", input, "teams { id }");
        let ids: Vec<&Value> = formed["teams"].as_array().expect("teams").iter().map(|team| &team["id"]).collect();
        let row = |team: &Value| json!({ "reporter": { "team": team }, "day": "2023-05-09", "indicator": "ACTIVATED_L2", "value": "4" });
        let both = running.submit(&[row(ids[0]), row(ids[1])]);
        assert_eq!(codes(&both), [Value::Null, Value::Null], "the district reports for both");
        let number = running.app.database().number("SELECT CAST(MIN(id) AS BIGINT) AS number FROM team");
        let token = running.app.token(&["--role", "reporter", "--unit", &running.communes[0].0, "--team", &number.to_string()]);
        let own = caodiem_tests::client::Client::new(running.app.base(), Some(token));
        let mut corrected = row(ids[0]);
        corrected["value"] = json!("6");
        corrected["reason"] = json!("đếm lại");
        let payload = submit(&own, &running.plan.drive, &[corrected, row(ids[1])]);
        assert_eq!(codes(&payload), [Value::Null, json!("NOT_FOUND")]);
        assert_eq!(running.done(&running.communes[0].0, "ACTIVATED"), "10");
    }
}
