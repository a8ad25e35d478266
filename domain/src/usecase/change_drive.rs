//! The life of a drive: draft → open → closed, never back.

use super::plan_drive::{child_drives, locked_drive};
use crate::access::{Permission, Scope};
use crate::audit::{Change, told};
use crate::drive::DriveState;
use crate::error::Error;
use crate::id::DriveId;
use crate::ports::WriteTx;
use crate::usecase::Act;

/// Opens a draft: tallies are taken from now on, quotas change by decision only.
///
/// # Errors
/// `Forbidden`, `NotFound`, `StaleVersion`, `DriveState` (also when its parent is not open).
pub fn open_drive(act: &Act, tx: &mut dyn WriteTx, drive: DriveId, expected_version: i32) -> Result<DriveId, Error> {
    change(act, tx, drive, expected_version, DriveState::Draft, DriveState::Open)
}

/// Closes an open drive: nothing changes any more.
///
/// # Errors
/// `Forbidden`, `NotFound`, `StaleVersion`, `DriveState` (also when a drive under it is still open: its tallies would
/// count for this one).
pub fn close_drive(act: &Act, tx: &mut dyn WriteTx, drive: DriveId, expected_version: i32) -> Result<DriveId, Error> {
    change(act, tx, drive, expected_version, DriveState::Open, DriveState::Closed)
}

fn change(
    act: &Act,
    tx: &mut dyn WriteTx,
    drive: DriveId,
    expected_version: i32,
    from: DriveState,
    to: DriveState,
) -> Result<DriveId, Error> {
    act.actor.require(Permission::ManageDrives)?;
    act.once(tx, |tx| {
        let mut drive = locked_drive(act, tx, drive, expected_version)?;
        drive.require_state(&[from])?;
        if to == DriveState::Open {
            if let Some(parent) = drive.parent
                && let Some(parent) = tx.drives_by_id(&Scope::Country, &[parent])?.remove(&parent)
            {
                parent.require_state(&[DriveState::Open]).map_err(|problem| problem.at("parent"))?;
            }
        } else {
            for child in child_drives(tx.as_read(), drive.id)? {
                let over = child.require_state(&[DriveState::Draft, DriveState::Closed]);
                over.map_err(|problem| problem.at("children"))?;
            }
        }
        let before = told::drive(&drive);
        drive.state = to;
        drive.version = drive.version.saturating_add(1);
        tx.update_drive(&drive)?;
        tx.changed(Change::altered("Drive", drive.id.get(), before, told::drive(&drive)));
        Ok(drive.id)
    })
}
