//! Tables that are printed to a file and read in review: who may do what, every code a client can meet, the schema.
//!
//! `GOLDEN=write cargo golden` writes them anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use caodiem_domain::access::{Permission, Role, permits};
use caodiem_domain::problem::{Code, Language};
use caodiem_tests::golden::{check, differences};

use crate::sources::files;

const POLICY: &str = "tests/golden/policy.txt";
const SCHEMA: &str = "schema/schema.graphql";
const CODES: &str = "tests/golden/codes.txt";
/// Printed by the `access` tests.
const MATRIX: &str = "tests/golden/matrix.txt";
const VISIBLE: &str = "tests/golden/visible.txt";
/// Printed by the `contract` of a simulated drive.
const REPORTING: &str = "tests/golden/reporting.txt";
/// Printed by the `contract` tests.
const EXTRACTS: &str = "tests/golden/extracts.txt";

fn policy() -> String {
    let mut table = String::from("# Who may do what, anywhere in scope. Deny by default.\n");
    let _ = write!(table, "{:20}", "");
    for role in Role::ALL {
        let _ = write!(table, "{:>14}", role.as_str());
    }
    for permission in Permission::ALL {
        let _ = write!(table, "\n{:20}", permission.as_str());
        for role in Role::ALL {
            let _ = write!(table, "{:>14}", if permits(*role, *permission) { "yes" } else { "-" });
        }
    }
    table + "\n"
}

fn codes() -> String {
    let mut table =
        String::from("# Every code: kind, then the message in Vietnamese and in English. A name is never reused.\n");
    for code in Code::ALL {
        let _ = writeln!(table, "\n{} ({:?})", code.as_str(), code.kind());
        let _ = writeln!(table, "  vi: {}", code.template(Language::Vi));
        let _ = writeln!(table, "  en: {}", code.template(Language::En));
    }
    table
}

#[test]
fn golden_policy() {
    check(POLICY, &policy());
}

#[test]
fn golden_codes() {
    check(CODES, &codes());
}

#[test]
fn golden_schema() {
    check(SCHEMA, &caodiem_schema::sdl());
}

#[test]
fn golden_differences_are_found() {
    assert_eq!(differences("a\nb\n", "a\nb\n"), Vec::<String>::new());
    assert_eq!(differences("a\nb\n", "a\nc\nd\n").len(), 2);
    let widened = policy().replacen("             -", "           yes", 1);
    assert_eq!(differences(&policy(), &widened).len(), 1, "one more right is one changed line");
}

#[test]
fn golden_files_are_all_in_use() {
    let kept: BTreeSet<String> = files().into_iter().filter(|name| name.starts_with("tests/golden/")).collect();
    let tables = kept.iter().filter(|name| name.strip_suffix(".txt").is_some()).map(String::as_str);
    let named = BTreeSet::from([POLICY, CODES, MATRIX, VISIBLE, REPORTING, EXTRACTS]);
    assert_eq!(tables.collect::<BTreeSet<_>>(), named);
}

/// The `{placeholders}` of a message.
fn placeholders(message: &str) -> BTreeSet<&str> {
    message.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

#[test]
fn both_languages_say_the_same() {
    for code in Code::ALL {
        let [vi, en] = [Language::Vi, Language::En].map(|language| placeholders(code.template(language)));
        assert_eq!(vi, en, "{code:?}");
    }
    assert_eq!(placeholders("{a} or {b}"), BTreeSet::from(["a", "b"]));
}

#[test]
fn codes_are_never_given_twice() {
    let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(names.len(), Code::ALL.len());
}
