//! The life of a drive: draft → open → closed, never back.

use crate::error::Error;
use crate::id::DriveId;
use crate::ports::WriteTx;
use crate::usecase::Act;

/// Opens a draft: tallies are taken from now on, quotas change by decision only.
///
/// # Errors
/// `Forbidden`, `NotFound`, `StaleVersion`, `DriveState` (also when its parent is not open).
pub fn open_drive(act: &Act, tx: &mut dyn WriteTx, drive: DriveId, expected_version: i32) -> Result<DriveId, Error> {
    let _ = (act, tx, drive, expected_version);
    todo!()
}

/// Closes an open drive: nothing changes any more.
///
/// # Errors
/// `Forbidden`, `NotFound`, `StaleVersion`, `DriveState`.
pub fn close_drive(act: &Act, tx: &mut dyn WriteTx, drive: DriveId, expected_version: i32) -> Result<DriveId, Error> {
    let _ = (act, tx, drive, expected_version);
    todo!()
}
