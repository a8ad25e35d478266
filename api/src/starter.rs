//! Putting the starter catalogue into a database: what is there already stays as it is.

use caodiem_domain::error::Error;
use caodiem_domain::ports::WriteTx;
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::define_catalogue::{define_group, define_indicator};

use crate::data::catalogue::{groups, indicators};
use crate::failure::Failure;

/// One step, run in a transaction of its own by whoever knows the actor and the time.
pub type Step<'a> = &'a mut dyn FnMut(&Act, &mut dyn WriteTx) -> Result<(), Error>;

/// Defines every indicator and group that is missing; `run` runs one step under a name.
///
/// # Errors
/// What a step was refused with, or a failure of storage.
pub fn define(mut run: impl FnMut(&str, Step<'_>) -> Result<(), Failure>) -> Result<(), Failure> {
    for starter in indicators()? {
        let code = &starter.define.code;
        run(&format!("define indicator {code}"), &mut |act, tx| {
            let known = tx.indicators()?;
            if known.iter().any(|indicator| indicator.code == *code) {
                return Ok(());
            }
            let command = starter.with_parts(|part| {
                known.iter().find(|indicator| indicator.code == *part).map(|indicator| indicator.id)
            });
            define_indicator(act, tx, &command).map(|_id| ())
        })?;
    }
    for group in groups()? {
        run(&format!("define group {code}", code = group.code), &mut |act, tx| {
            if tx.groups()?.iter().any(|known| known.code == group.code) {
                return Ok(());
            }
            define_group(act, tx, &group).map(|_id| ())
        })?;
    }
    Ok(())
}
