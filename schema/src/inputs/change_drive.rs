//! Inputs that open and close drives.

use async_graphql::{ID, InputObject};
use caodiem_domain::id::DriveId;
use caodiem_domain::problem::Problem;

use crate::error::Result;
use crate::ids::key_of;
use crate::inputs::{Check, mutation_inputs};

mutation_inputs! { OpenDriveInput => DriveAt, CloseDriveInput => DriveAt }

/// A drive at the version it was read at.
pub(crate) struct DriveAt {
    pub(crate) drive: DriveId,
    pub(crate) version: i32,
}

/// A draft to be opened.
#[derive(InputObject)]
pub(crate) struct OpenDriveInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The drive.
    drive: ID,
    /// The `version` it was read at.
    expected_version: i32,
}

impl TryFrom<OpenDriveInput> for DriveAt {
    type Error = Vec<Problem>;

    fn try_from(input: OpenDriveInput) -> Result<Self, Vec<Problem>> {
        at(&input.drive, input.expected_version)
    }
}

/// An open drive to be closed.
#[derive(InputObject)]
pub(crate) struct CloseDriveInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The drive.
    drive: ID,
    /// The `version` it was read at.
    expected_version: i32,
}

impl TryFrom<CloseDriveInput> for DriveAt {
    type Error = Vec<Problem>;

    fn try_from(input: CloseDriveInput) -> Result<Self, Vec<Problem>> {
        at(&input.drive, input.expected_version)
    }
}

fn at(drive: &ID, version: i32) -> Result<DriveAt, Vec<Problem>> {
    let mut check = Check::default();
    let drive = check.field("drive", key_of(drive));
    check.done(|| Some(DriveAt { drive: drive?, version }))
}
