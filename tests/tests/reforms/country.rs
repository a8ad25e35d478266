//! A store with the three real trees in it, and short ways to ask it.

use std::sync::LazyLock;

use caodiem_domain::access::{Role, Scope};
use caodiem_domain::time::Instant;
use caodiem_domain::unit::Unit;
use caodiem_domain::usecase::import_units::{ImportReport, ImportUnits, import_units};
use caodiem_tests::database::Backend;
use caodiem_tests::stage::{Stage, act};

use crate::files::{code, day, imports};

/// The moment of every act.
pub(crate) fn now() -> Instant {
    "2025-12-01T02:00:00Z".parse().expect("a moment")
}

/// All three imports done, once for all tests that only read.
pub(crate) static COUNTRY: LazyLock<Stage> = LazyLock::new(|| {
    let stage = empty();
    for command in imports() {
        run(&stage, &command);
    }
    stage
});

/// Nothing yet.
pub(crate) fn empty() -> Stage {
    Stage::empty(Backend::Sqlite).expect("SQLite is always there")
}

/// Imports under a fresh request.
pub(crate) fn run(stage: &Stage, command: &ImportUnits) -> ImportReport {
    let act = act(Role::SystemAdmin, now());
    stage.store.write(|tx| import_units(&act, tx, command)).expect("the import runs")
}

/// The unit that has the code on the day.
pub(crate) fn unit(stage: &Stage, unit_code: &str, on: &str) -> Unit {
    let found = stage.store.read(|tx| Ok(tx.units_by_code(&Scope::Country, &[code(unit_code)], day(on))?));
    let [unit] = <[Unit; 1]>::try_from(found.expect("it reads")).expect("one unit of that code");
    unit
}
