//! Changes of drives.

use async_graphql::{Context, Object, SimpleObject};
use caodiem_domain::access::Permission;
use caodiem_domain::drive;
use caodiem_domain::error::Error;
use caodiem_domain::id::DriveId;
use caodiem_domain::ports::WriteTx;
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::change_drive::{close_drive, open_drive};
use caodiem_domain::usecase::plan_drive::{create_drive, revise_drive};

use crate::codes::coded;
use crate::error::Result;
use crate::guard::{self, Need};
use crate::inputs::change_drive::{CloseDriveInput, OpenDriveInput};
use crate::inputs::plan_drive::CreateDriveInput;
use crate::inputs::revise_drive::ReviseDriveInput;
use crate::objects::drive::Drive;
use crate::objects::problem::UserError;
use crate::request::{write, write_command};

/// Changes of drives.
#[derive(Default)]
pub(crate) struct DriveMutations;

#[Object]
impl DriveMutations {
    /// Creates a drive, as a draft.
    #[graphql(guard = "Need(Permission::ManageDrives)", visible = "guard::manages_drives")]
    async fn create_drive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The drive.")] input: CreateDriveInput,
    ) -> Result<CreateDrivePayload> {
        let command = coded(ctx, |codes| input.command(codes)).await?;
        let done = write_command(ctx, &input.request_id, command, |act, tx, command| {
            let id = create_drive(act, tx, command)?;
            shown(act, tx, id)
        });
        let (drive, errors) = done.await?;
        Ok(CreateDrivePayload { drive: drive.flatten().map(Drive::of), errors })
    }

    /// Revises a drive.
    #[graphql(guard = "Need(Permission::ManageDrives)", visible = "guard::manages_drives")]
    async fn revise_drive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: ReviseDriveInput,
    ) -> Result<ReviseDrivePayload> {
        let command = coded(ctx, |codes| input.command(codes)).await?;
        let done = write_command(ctx, &input.request_id, command, |act, tx, command| {
            let id = revise_drive(act, tx, command)?;
            shown(act, tx, id)
        });
        let (drive, errors) = done.await?;
        Ok(ReviseDrivePayload { drive: drive.flatten().map(Drive::of), errors })
    }

    /// Opens a draft: tallies are taken from now on, quotas change by decision only.
    #[graphql(guard = "Need(Permission::ManageDrives)", visible = "guard::manages_drives")]
    async fn open_drive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The drive.")] input: OpenDriveInput,
    ) -> Result<OpenDrivePayload> {
        let done = write(ctx, input, |act, tx, command| {
            let id = open_drive(act, tx, command.drive, command.version)?;
            shown(act, tx, id)
        });
        let (drive, errors) = done.await?;
        Ok(OpenDrivePayload { drive: drive.flatten().map(Drive::of), errors })
    }

    /// Closes an open drive: nothing changes any more.
    #[graphql(guard = "Need(Permission::ManageDrives)", visible = "guard::manages_drives")]
    async fn close_drive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The drive.")] input: CloseDriveInput,
    ) -> Result<CloseDrivePayload> {
        let done = write(ctx, input, |act, tx, command| {
            let id = close_drive(act, tx, command.drive, command.version)?;
            shown(act, tx, id)
        });
        let (drive, errors) = done.await?;
        Ok(CloseDrivePayload { drive: drive.flatten().map(Drive::of), errors })
    }
}

/// The drive after the change, in the same transaction.
fn shown(act: &Act, tx: &mut dyn WriteTx, id: DriveId) -> Result<Option<drive::Drive>, Error> {
    Ok(tx.drives_by_id(&act.actor.scope, &[id])?.remove(&id))
}

/// What `createDrive` gives.
#[derive(SimpleObject)]
pub(crate) struct CreateDrivePayload {
    /// The draft; null when it was refused.
    drive: Option<Drive>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `reviseDrive` gives.
#[derive(SimpleObject)]
pub(crate) struct ReviseDrivePayload {
    /// The drive; null when it was refused.
    drive: Option<Drive>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `openDrive` gives.
#[derive(SimpleObject)]
pub(crate) struct OpenDrivePayload {
    /// The drive; null when it was refused.
    drive: Option<Drive>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `closeDrive` gives.
#[derive(SimpleObject)]
pub(crate) struct CloseDrivePayload {
    /// The drive; null when it was refused.
    drive: Option<Drive>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}
