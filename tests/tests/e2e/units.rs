//! Units: by code on a day, by path of names, by name whatever its diacritics, in pages, and as nodes.

use std::collections::BTreeSet;

use caodiem_tests::app::App;
use caodiem_tests::on_both;
use serde_json::{Value, json};

use crate::places::{BINH_GIA, LANG_SON, children, id};

fn names(units: &Value) -> Vec<&str> {
    units.as_array().expect("units").iter().map(|unit| unit["fullName"].as_str().expect("a name")).collect()
}

on_both! {
    the_tree_of_2023_is_found_by_code_path_and_name(backend) {
        let Some(app) = App::start(backend) else { return };
        let client = app.client("analyst", "VN");
        let document = "{ unitByCode(code: \"181\") { fullName level parent { fullName } ancestors { code } } \
            unit(by: { path: { names: [\"Lạng Sơn\", \"Bình Gia\", \"Tân Văn\"] } }) { code fullName } }";
        let found = client.ask(document, json!({}));
        assert_eq!(found["unitByCode"], json!({
            "fullName": "Huyện Bình Gia",
            "level": "DISTRICT",
            "parent": { "fullName": "Tỉnh Lạng Sơn" },
            "ancestors": [{ "code": "20" }, { "code": "VN" }],
        }));
        assert_eq!(found["unit"]["fullName"], "Xã Tân Văn");
        assert_eq!(children(&client, BINH_GIA).len(), 19);
        let counts = client.ask(
            "{ all: units(first: 1) { totalCount } provinces: units(first: 1, where: { level: [PROVINCE] }) { totalCount } \
               communes: units(first: 1, where: { level: [COMMUNE] }) { totalCount } }",
            json!({}),
        );
        let count = |of: &str| counts[of]["totalCount"].as_i64();
        assert_eq!((count("all"), count("provinces"), count("communes")), (Some(11_367), Some(63), Some(10_598)));
    }

    names_are_found_whatever_their_tone_marks_and_near_ones_are_offered(backend) {
        let Some(app) = App::start(backend) else { return };
        let client = app.client("analyst", "VN");
        let search = |name: &str| {
            let document = "query($name: String!) { unitSearch(name: $name) { matches { fullName } near { fullName } } }";
            client.ask(document, json!({ "name": name }))["unitSearch"].clone()
        };
        // The mark stands on another letter of the same syllable: the same name.
        let (new, old) = (search("Hòa Bình"), search("HOÀ BÌNH"));
        assert_eq!(new["matches"], old["matches"]);
        assert!(names(&new["matches"]).contains(&"Tỉnh Hoà Bình") || names(&new["matches"]).contains(&"Tỉnh Hòa Bình"));
        // Another mark is another name, offered as what may have been meant.
        let misread = search("Hòn Quản");
        assert!(!names(&misread["matches"]).contains(&"Huyện Hớn Quản"));
        assert!(names(&misread["near"]).contains(&"Huyện Hớn Quản"), "{misread}");
        assert!(names(&search("hon quan")["matches"]).contains(&"Huyện Hớn Quản"));
    }

    pages_hold_every_unit_once_in_either_direction(backend) {
        let Some(app) = App::start(backend) else { return };
        let client = app.client("analyst", LANG_SON);
        let page = |arguments: &str| {
            let document = format!("{{ units({arguments}) {{ nodes {{ code }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} totalCount }} }}");
            client.ask(&document, json!({}))["units"].clone()
        };
        let codes = |page: &Value| page["nodes"].as_array().expect("nodes").iter().map(|unit| unit["code"].to_string()).collect::<Vec<_>>();
        for order in ["CODE", "NAME", "PATH"] {
            let mut forwards = Vec::new();
            let mut at = page(&format!("orderBy: {order}, first: 100"));
            loop {
                forwards.extend(codes(&at));
                if at["pageInfo"]["hasNextPage"] == false { break }
                at = page(&format!("orderBy: {order}, first: 100, after: {}", at["pageInfo"]["endCursor"]));
            }
            assert_eq!(i64::try_from(forwards.len()).ok(), at["totalCount"].as_i64());
            assert_eq!(forwards.iter().collect::<BTreeSet<_>>().len(), forwards.len(), "{order} gives a unit twice");
            let mut backwards = Vec::new();
            let mut at = page(&format!("orderBy: {order}, last: 100"));
            loop {
                backwards.splice(0..0, codes(&at));
                if at["pageInfo"]["hasPreviousPage"] == false { break }
                at = page(&format!("orderBy: {order}, last: 100, before: {}", at["pageInfo"]["startCursor"]));
            }
            assert_eq!(forwards, backwards, "{order}");
        }
    }

    a_cursor_of_another_order_and_mixed_directions_are_refused(backend) {
        let Some(app) = App::start(backend) else { return };
        let client = app.client("analyst", LANG_SON);
        let first = client.ask("{ units(orderBy: NAME, first: 2) { pageInfo { endCursor } } }", json!({}));
        let cursor = &first["units"]["pageInfo"]["endCursor"];
        let refused = |arguments: &str| {
            let answer = client.send(&format!("{{ units({arguments}) {{ nodes {{ code }} }} }}"), json!({}));
            answer.codes().first().map(|code| (*code).to_owned())
        };
        assert_eq!(refused(&format!("orderBy: CODE, first: 2, after: {cursor}")).as_deref(), Some("BAD_CURSOR"));
        assert_eq!(refused("first: 2, after: \"nonsense\"").as_deref(), Some("BAD_CURSOR"));
        assert_eq!(refused("first: 2, last: 2").as_deref(), Some("BAD_USER_INPUT"));
        assert_eq!(refused("first: 0").as_deref(), Some("BAD_USER_INPUT"));
        assert_eq!(refused("first: 101").as_deref(), Some("BAD_USER_INPUT"));
    }

    nodes_come_in_order_with_nulls_for_what_is_not_seen(backend) {
        let Some(app) = App::start(backend) else { return };
        let country = app.client("analyst", "VN");
        let (inside, outside) = (id(&country, BINH_GIA), id(&country, "70"));
        let district = app.client("analyst", BINH_GIA);
        let found = district.ask(
            "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Unit { code } } }",
            json!({ "ids": [outside, inside, "bm9uc2Vuc2U", inside] }),
        );
        let seen = json!({ "id": inside, "code": BINH_GIA });
        assert_eq!(found["nodes"], json!([null, seen, null, seen]));
        let found = district.ask("query($id: ID!) { node(id: $id) { id } }", json!({ "id": outside }));
        assert_eq!(found["node"], json!(null));
    }
}
