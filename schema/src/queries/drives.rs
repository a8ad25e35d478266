//! Queries over drives.

use async_graphql::{Context, ID, Object};
use caodiem_domain::access::Permission;
use caodiem_domain::drive::DrivePredicate;

use crate::error::Result;
use crate::filter::filter;
use crate::guard::{self, Need};
use crate::inputs::drive::{DriveOrder, DriveWhere};
use crate::objects::drive::Drive;
use crate::page::{self, Connection, window};
use crate::request::{caller, read};

/// Queries over drives.
#[derive(Default)]
pub(crate) struct DriveQueries;

#[Object]
impl DriveQueries {
    /// One drive; null when there is none that the scope touches.
    #[graphql(guard = "Need(Permission::ReadDrives)", visible = "guard::reads_drives")]
    async fn drive(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Result<Option<Drive>> {
        Drive::find_by_id(ctx, &id).await
    }

    /// Drives of units that the scope touches: in it, or above it.
    #[graphql(
        guard = "Need(Permission::ReadDrives)",
        visible = "guard::reads_drives",
        complexity = "page::cost(first, last, child_complexity)"
    )]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection are flat")]
    async fn drives(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which ones; all when absent.")] condition: Option<DriveWhere>,
        #[graphql(desc = "In which order.", default_with = "DriveOrder::StartsOn")] order_by: DriveOrder,
        #[graphql(desc = "So many from the front, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Drive>> {
        let (page, filter) = (window(ctx, (first, after), (last, before))?, filter(condition)?);
        let order = order_by.into();
        let filter = filter.narrowed(caller(ctx)?.actor.drive.map(DrivePredicate::Is));
        let found = read(ctx, Permission::ReadDrives, move |actor, tx| {
            let rows = tx.list_drives(&actor.scope, &filter, order, &page.request)?;
            let total = page.counted.then(|| tx.count_drives(&actor.scope, &filter)).transpose()?;
            Ok((rows, total))
        });
        Ok(Connection::new(found.await?, Drive::of))
    }
}
