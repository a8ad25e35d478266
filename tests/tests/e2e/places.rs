//! Ids of units by their official codes.

use caodiem_tests::client::Client;
use serde_json::{Value, json};

/// Code of the district of Bình Gia.
pub(crate) const BINH_GIA: &str = "181";
/// Code of the district of Bắc Sơn, beside it.
pub(crate) const BAC_SON: &str = "185";
/// Code of the province of Lạng Sơn above both.
pub(crate) const LANG_SON: &str = "20";
/// Code of the province of Bình Phước.
pub(crate) const BINH_PHUOC: &str = "70";

/// The id of the unit of that code on a day of the drives.
pub(crate) fn id(client: &Client, code: &str) -> Value {
    let found = client.ask("query($code: String!) { unitByCode(code: $code) { id } }", json!({ "code": code }));
    let id = found["unitByCode"]["id"].clone();
    assert!(id.is_string(), "no unit {code} for this client");
    id
}

/// The units directly under a unit, by code: code, name, id.
pub(crate) fn children(client: &Client, code: &str) -> Vec<(String, String, Value)> {
    let document = "query($code: String!) { unitByCode(code: $code) { children { id code name } } }";
    let found = client.ask(document, json!({ "code": code }));
    let children = found["unitByCode"]["children"].as_array().expect("children");
    let text = |unit: &Value, field: &str| unit[field].as_str().expect("text").to_owned();
    children.iter().map(|unit| (text(unit, "code"), text(unit, "name"), unit["id"].clone())).collect()
}
