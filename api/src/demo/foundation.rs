//! The ground of the demonstration: the tree of 2023 with made-up villages in one district, and the starter catalogue.

use caodiem_domain::usecase::import_units::{ImportUnits, import_units};

use super::script::{Script, day, fault, moment};
use crate::data::units::{Builtin, read_units};
use crate::data::villages::{Where, generate};
use crate::failure::Failure;
use crate::starter;

/// The district whose communes get villages.
const VILLAGES_UNDER: &str = "181";

/// Imports and defines.
pub(super) fn lay(script: &Script<'_>) -> Result<(), Failure> {
    let at = moment(day(1, 2)?, 8, 0)?;
    let tree = Builtin::Y2023;
    let mut units = read_units(&tree.units()?)?;
    units.extend(generate(&units, &Where::parse(VILLAGES_UNDER)).map_err(fault)?);
    let import = ImportUnits {
        on: tree.stands_from(),
        units,
        succession: Vec::new(),
        equal_codes: tree.equal_codes(),
        legal_basis: None,
    };
    script.act_as_host(at, "import the tree of 2023", |act, tx| import_units(act, tx, &import))?;
    starter::define(|what, job| script.act_as_host(at, what, |act, tx| job(act, tx)))
}
