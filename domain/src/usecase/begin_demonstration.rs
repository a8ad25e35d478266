//! Marking a database as a demonstration, before anything is in it: accounts of the demonstration exist nowhere else.

use crate::error::Error;
use crate::ports::{Lock, WriteTx};
use crate::problem::{Code, Problem};
use crate::usecase::Act;
use crate::usecase::grant_from_host::require_host;

/// Marks an empty database. One that is marked already stays so.
///
/// # Errors
/// [`Code::Forbidden`] to anybody but the host, [`Code::NotADemonstration`] where there are units or accounts already.
pub fn begin_demonstration(act: &Act, tx: &mut dyn WriteTx) -> Result<(), Error> {
    require_host(act)?;
    tx.lock(&[Lock::TreeShared, Lock::Grants])?;
    if tx.is_demonstration()? {
        return Ok(());
    }
    if tx.any_account()? || !tx.change_days()?.is_empty() {
        return Err(Problem::new(Code::NotADemonstration).into());
    }
    act.once(tx, |tx| Ok(tx.mark_demonstration()?))
}

/// Refuses a database with accounts of the demonstration that is none.
///
/// # Errors
/// [`Code::NotADemonstration`].
pub fn refuse_demo_accounts(tx: &mut dyn crate::ports::ReadTx) -> Result<(), Error> {
    if tx.any_demo_account()? && !tx.is_demonstration()? {
        return Err(Problem::new(Code::NotADemonstration).into());
    }
    Ok(())
}
