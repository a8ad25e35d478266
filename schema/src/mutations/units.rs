//! Changes of the tree.

use async_graphql::{Context, Object, SimpleObject};
use caodiem_domain::access::Permission;
use caodiem_domain::error::Error;
use caodiem_domain::id::UnitId;
use caodiem_domain::ports::WriteTx;
use caodiem_domain::unit;
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::revise_unit::found_unit;

use crate::error::Result;
use crate::guard::{self, Need};
use crate::inputs::unit::FoundUnitInput;
use crate::objects::problem::UserError;
use crate::objects::unit::Unit;
use crate::request::write;

/// Changes of the tree.
#[derive(Default)]
pub struct UnitMutations;

#[Object]
impl UnitMutations {
    /// Founds a unit below one in scope.
    #[graphql(guard = "Need(Permission::ManageUnits)", visible = "guard::manages_units")]
    async fn found_unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit.")] input: FoundUnitInput,
    ) -> Result<FoundUnitPayload> {
        let (unit, errors) = write(ctx, input, |act, tx, command| {
            let id = found_unit(act, tx, command)?;
            shown(act, tx, id)
        })
        .await?;
        Ok(FoundUnitPayload { unit: unit.flatten().map(Unit::latest), errors })
    }
}

/// The unit after the change, in the same transaction.
fn shown(act: &Act, tx: &mut dyn WriteTx, id: UnitId) -> Result<Option<unit::Unit>, Error> {
    Ok(tx.units_by_id(&act.actor.scope, &[id])?.remove(&id))
}

/// What `foundUnit` gives.
#[derive(SimpleObject)]
pub struct FoundUnitPayload {
    /// The unit; null when it was refused.
    unit: Option<Unit>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}
