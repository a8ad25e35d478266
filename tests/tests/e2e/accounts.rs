//! Accounts and assignments over the wire: made, granted, found, tried out and ended; out of scope equals not found.

use caodiem_tests::on_both;
use serde_json::{Value, json};

use crate::places::BINH_GIA;
use crate::reporting::Running;

fn codes(payload: &Value) -> Vec<&str> {
    let errors = payload["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    errors.iter().map(|error| error["code"].as_str().unwrap_or_default()).collect()
}

on_both! {
    an_account_is_made_granted_found_and_ended(backend) {
        let Some(running) = Running::start(backend) else { return };
        let admin = running.app.client("unit_admin", BINH_GIA);
        let new = json!({ "login": "truong-thon-1", "post": "Trưởng thôn", "unit": running.commune(0) });
        let made = admin.act("createAccount", "CreateAccountInput", new.clone(), "account { id version login state kind unit { code } assignments { id } }");
        let account = &made["account"];
        assert_eq!((&account["state"], &account["kind"]), (&json!("INVITED"), &json!("PERSON")));
        assert_eq!(codes(&admin.attempt("createAccount", "CreateAccountInput", new, "account { id }")), ["CODE_TAKEN"]);
        let grant = |role: &str, unit: &Value| json!({ "account": account["id"], "role": role, "unit": unit, "validFrom": "2023-05-01" });
        let preview = |grant: Value| {
            let document = "query($i: GrantInput!) { previewGrant(input: $i) { allowed needsTwo permissions errors { code field } } }";
            admin.ask(document, json!({ "i": grant }))["previewGrant"].clone()
        };
        let tried = preview(grant("AUDITOR", &running.commune(0)));
        assert_eq!((&tried["allowed"], &tried["errors"]), (&json!(false), &json!([{ "code": "ROLE_NOT_GRANTABLE", "field": ["role"] }])));
        assert_eq!(preview(grant("REPORTER", &running.commune(0)))["allowed"], true);
        let refused = json!({ "grant": grant("AUDITOR", &running.commune(0)), "reason": "thử" });
        let refused = admin.attempt("grantAssignment", "GrantAssignmentInput", refused, "assignment { id }");
        assert_eq!(refused["errors"][0]["field"], json!(["grant", "role"]));
        let granted = json!({ "grant": grant("REPORTER", &running.commune(0)), "reason": "theo quyết định" });
        let granted = admin.act("grantAssignment", "GrantAssignmentInput", granted, "assignment { id version state role account { login } unit { code } }");
        assert_eq!(granted["assignment"]["account"]["login"], "truong-thon-1");
        let listed = "query($a: ID!) { assignments(where: { account: [$a] }) { totalCount nodes { role grantedBy } } accountByLogin(login: \"truong-thon-1\") { assignments { role } } node(id: $a) { ... on Account { post } } }";
        let seen = admin.ask(listed, json!({ "a": account["id"] }));
        assert_eq!(seen["assignments"]["totalCount"], 1);
        assert_eq!(seen["node"]["post"], "Trưởng thôn");
        // Out of scope equals not found, in lists, by login and by id.
        let other = running.app.client("unit_admin", &running.communes[1].0);
        let nothing = other.ask(listed, json!({ "a": account["id"] }));
        assert_eq!(nothing, json!({ "assignments": { "totalCount": 0, "nodes": [] }, "accountByLogin": null, "node": null }));
        // An account that is not active may do nothing yet, and nobody is told to do it by it.
        let who = "query($u: ID!, $a: ID!) { whoCanSee(unit: $u, permission: SUBMIT_TALLIES) { truncated assignments { account { login } } } effectivePermissions(account: $a, unit: $u) { permission } }";
        let who = admin.ask(who, json!({ "u": running.commune(0), "a": account["id"] }));
        assert_eq!(who["effectivePermissions"], json!([]));
        let ended = json!({ "assignment": granted["assignment"]["id"], "expectedVersion": 1, "reason": "hết đợt" });
        let ended = admin.act("endAssignment", "EndAssignmentInput", ended, "assignment { state endedBy }");
        assert_eq!(ended["assignment"]["state"], "ENDED");
        let disabled = json!({ "account": account["id"], "expectedVersion": 1, "reason": "nghỉ việc" });
        let disabled = admin.act("disableAccount", "DisableAccountInput", disabled, "account { state disabledFor version }");
        assert_eq!(disabled["account"], json!({ "state": "DISABLED", "disabledFor": "nghỉ việc", "version": 2 }));
    }

    a_code_opens_a_new_account_and_nobody_else_s(backend) {
        let Some(running) = Running::start(backend) else { return };
        let admin = running.app.client("unit_admin", BINH_GIA);
        let new = json!({ "login": "can-bo-1", "post": "Cán bộ Tư pháp", "unit": running.commune(0) });
        let made = admin.act("createAccount", "CreateAccountInput", new, "account { id }");
        let input = json!({ "account": made["account"]["id"], "requestId": "cap-ma-lan-1" });
        let issued = admin.act("issueCode", "IssueCodeInput", input.clone(), "issued { code purpose }")["issued"].clone();
        assert_eq!(issued["purpose"], "ACTIVATION");
        let again = admin.act("issueCode", "IssueCodeInput", input, "issued { code purpose }");
        assert_eq!(again["issued"], json!({ "code": null, "purpose": "ACTIVATION" }), "it is shown once");
        let redeem = json!({ "code": issued["code"], "newPassword": "một câu dài không ai đoán ra" });
        let opened = running.app.anonymous().act("redeemCode", "RedeemCodeInput", redeem, "login");
        assert_eq!(opened["login"], "can-bo-1");
        let seen = admin.ask("{ accountByLogin(login: \"can-bo-1\") { state } }", json!({}));
        assert_eq!(seen["accountByLogin"]["state"], "ACTIVE");
        let other = running.app.client("unit_admin", &running.communes[1].0);
        let refused = other.attempt("issueCode", "IssueCodeInput", json!({ "account": made["account"]["id"] }), "issued { code }");
        assert_eq!(codes(&refused), ["NOT_FOUND"]);
    }

    an_admin_sees_who_is_locked_out_and_where_somebody_is_signed_in(backend) {
        let Some(running) = Running::start(backend) else { return };
        let admin = running.app.client("unit_admin", BINH_GIA);
        let new = json!({ "login": "to-truong-1", "post": "Tổ trưởng", "unit": running.commune(0) });
        let account = admin.act("createAccount", "CreateAccountInput", new, "account { id }")["account"]["id"].clone();
        let grant = json!({ "account": account, "role": "REPORTER", "unit": running.commune(0), "validFrom": "2023-05-01" });
        admin.act("grantAssignment", "GrantAssignmentInput", json!({ "grant": grant, "reason": "theo kế hoạch" }), "assignment { id }");
        let document = "{ accountByLogin(login: \"to-truong-1\") { lockout { wrongAttempts waitsUntil stopped } sessions { id device lastUsedAt endsAt assignment { role } } } }";
        let seen = || admin.ask(document, json!({}))["accountByLogin"].clone();
        assert_eq!(seen(), json!({ "lockout": null, "sessions": [] }), "it has no password yet");
        let issued = admin.act("issueCode", "IssueCodeInput", json!({ "account": account }), "issued { code }")["issued"].clone();
        let password = "một câu dài không ai đoán ra";
        let redeem = json!({ "code": issued["code"], "newPassword": password });
        running.app.anonymous().act("redeemCode", "RedeemCodeInput", redeem, "login");
        let sign_in = |password: &str, device: &str| {
            let input = json!({ "login": "to-truong-1", "password": password, "device": device });
            running.app.anonymous().attempt("signIn", "SignInInput", input, "tokens { session }")
        };
        for _ in 0..5 {
            assert_eq!(codes(&sign_in("một câu sai nhưng cũng dài", "Máy lạ")), ["SIGN_IN_REFUSED"]);
        }
        let locked = seen()["lockout"].clone();
        assert_eq!((&locked["wrongAttempts"], &locked["stopped"]), (&json!(5), &json!(false)));
        assert!(locked["waitsUntil"].is_string(), "{locked}");
        admin.act("unlockAccount", "UnlockAccountInput", json!({ "account": account }), "account { id }");
        assert_eq!(seen()["lockout"], json!({ "wrongAttempts": 0, "waitsUntil": null, "stopped": false }));
        let sessions = ["Máy 1", "Máy 2"].map(|device| sign_in(password, device)["tokens"]["session"].clone());
        let open = seen()["sessions"].clone();
        assert_eq!((&open[0]["device"], &open[1]["device"]), (&json!("Máy 2"), &json!("Máy 1")), "newest first: {open}");
        assert_eq!((&open[1]["id"], &open[1]["assignment"]["role"]), (&sessions[0], &json!("REPORTER")));
        let end = |session: &Value| {
            let input = json!({ "account": account, "session": session });
            admin.attempt("endAccountSessions", "EndAccountSessionsInput", input, "ended")
        };
        assert_eq!(end(&sessions[0])["ended"], "1");
        assert_eq!(codes(&end(&sessions[0])), ["NOT_FOUND"], "it is over");
        assert_eq!(seen()["sessions"].as_array().map(Vec::len), Some(1));
        assert_eq!(end(&Value::Null)["ended"], "1", "all that are left");
        assert_eq!(seen()["sessions"], json!([]));
        // Whoever looks after another unit sees none of it.
        let other = running.app.client("unit_admin", &running.communes[1].0);
        assert_eq!(other.ask(document, json!({}))["accountByLogin"], Value::Null);
    }
}
