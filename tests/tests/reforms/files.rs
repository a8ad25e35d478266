//! The project's copy of the code files, read without more ado: none of them quotes a field.

use std::path::Path;

use caodiem_domain::text::{UnitCode, UnitName};
use caodiem_domain::time::Day;
use caodiem_domain::unit::UnitKind;
use caodiem_domain::usecase::import_units::{
    EqualCodes, ImportUnits, SnapshotUnit, SuccessionMode, SuccessionRow, level_of_code,
};

/// The first day of the two-tier tree.
pub(crate) const REFORM: &str = "2025-07-01";
/// The day on which the tree of June 2025 is taken to begin: the packages give no exact dates.
pub(crate) const JUNE: &str = "2025-01-01";
/// The day of the 2023 tree.
pub(crate) const BEGIN: &str = "2023-05-07";

pub(crate) fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

pub(crate) fn code(text: &str) -> UnitCode {
    UnitCode::new(text).expect("a code")
}

pub(crate) fn name(text: &str) -> UnitName {
    UnitName::new(text).expect("a name")
}

/// The rows of a file below its header.
pub(crate) fn rows(file: &str) -> Vec<Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/data/units");
    let text = std::fs::read_to_string(folder.join(file)).expect("the project's copy of the data");
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn unit(row: &[String]) -> SnapshotUnit {
    let [unit_code, unit_name, label, parent, ..] = row else { panic!("four columns: {row:?}") };
    let unit_code = code(unit_code);
    let level = level_of_code(&unit_code).expect("an official code");
    SnapshotUnit {
        kind: UnitKind::from_label(label, level).expect("a kind"),
        name: name(unit_name),
        parent: (!parent.is_empty()).then(|| code(parent)),
        code: unit_code,
        synthetic: false,
    }
}

fn succession(row: &[String]) -> SuccessionRow {
    let [old, new, mode, ..] = row else { panic!("three columns: {row:?}") };
    let mode = match mode.as_str() {
        "same" => SuccessionMode::Same,
        "part" => SuccessionMode::Part,
        _ => SuccessionMode::Whole,
    };
    SuccessionRow { old: code(old), new: (!new.is_empty()).then(|| code(new)), mode }
}

fn import(on: &str, units: &str, before: Option<&str>, equal_codes: EqualCodes) -> ImportUnits {
    ImportUnits {
        on: day(on),
        units: rows(units).iter().map(|row| unit(row)).collect(),
        succession: before.map(rows).unwrap_or_default().iter().map(|row| succession(row)).collect(),
        equal_codes,
        legal_basis: None,
    }
}

/// The three imports, in order.
pub(crate) fn imports() -> [ImportUnits; 3] {
    [
        import(BEGIN, "units-2023.csv", None, EqualCodes::CarryOn),
        import(JUNE, "units-2025-06.csv", Some("succession-2023.csv"), EqualCodes::CarryOn),
        import(REFORM, "units-2025.csv", Some("succession-2025.csv"), EqualCodes::AreReused),
    ]
}
