//! Changes of the tree.

use async_graphql::{Context, Object, SimpleObject};
use caodiem_domain::access::Permission;
use caodiem_domain::error::Error;
use caodiem_domain::id::UnitId;
use caodiem_domain::ports::WriteTx;
use caodiem_domain::unit;
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::reform_units::{close_unit, merge_units, split_unit};
use caodiem_domain::usecase::revise_unit::{found_unit, revise_unit};

use crate::error::Result;
use crate::guard::{self, Need};
use crate::inputs::reform_units::{CloseUnitInput, MergeUnitsInput, SplitUnitInput};
use crate::inputs::revise_unit::{FoundUnitInput, ReviseUnitInput};
use crate::objects::problem::UserError;
use crate::objects::unit::Unit;
use crate::request::write;

/// Changes of the tree.
#[derive(Default)]
pub(crate) struct UnitMutations;

#[Object]
impl UnitMutations {
    /// Founds a unit below one in scope.
    #[graphql(guard = "Need(Permission::ManageUnits)", visible = "guard::manages_units")]
    async fn found_unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit.")] input: FoundUnitInput,
    ) -> Result<FoundUnitPayload> {
        let done = write(ctx, input, |act, tx, command| {
            let id = found_unit(act, tx, command)?;
            shown(act, tx, id)
        });
        let (unit, errors) = done.await?;
        Ok(FoundUnitPayload { unit: unit.flatten().map(Unit::latest), errors })
    }

    /// Gives a unit a new name, code, kind or parent from a day on. Tallies from that day on count for the new units
    /// above; earlier ones stay where they were.
    #[graphql(guard = "Need(Permission::ManageUnits)", visible = "guard::manages_units")]
    async fn revise_unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new version.")] input: ReviseUnitInput,
    ) -> Result<ReviseUnitPayload> {
        let done = write(ctx, input, |act, tx, command| {
            let id = revise_unit(act, tx, command)?;
            shown(act, tx, id)
        });
        let (unit, errors) = done.await?;
        Ok(ReviseUnitPayload { unit: unit.flatten().map(Unit::latest), errors })
    }

    /// Merges units into one (sáp nhập). Their figures are never moved: they are read as the tree was, or restated.
    #[graphql(guard = "Need(Permission::ReformUnits)", visible = "guard::reforms_units")]
    async fn merge_units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The merger.")] input: MergeUnitsInput,
    ) -> Result<MergeUnitsPayload> {
        let done = write(ctx, input, |act, tx, command| {
            let id = merge_units(act, tx, command)?;
            shown(act, tx, id)
        });
        let (unit, errors) = done.await?;
        Ok(MergeUnitsPayload { unit: unit.flatten().map(Unit::latest), errors })
    }

    /// Splits a unit into several (chia tách).
    #[graphql(guard = "Need(Permission::ReformUnits)", visible = "guard::reforms_units")]
    async fn split_unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The split.")] input: SplitUnitInput,
    ) -> Result<SplitUnitPayload> {
        let done = write(ctx, input, |act, tx, command| {
            let ids = split_unit(act, tx, command)?;
            ids.into_iter().map(|id| shown(act, tx, id)).collect::<Result<Vec<_>, Error>>()
        });
        let (units, errors) = done.await?;
        let units = units.map(|units| units.into_iter().flatten().map(Unit::latest).collect());
        Ok(SplitUnitPayload { units, errors })
    }

    /// Closes a unit that has no successor (giải thể).
    #[graphql(guard = "Need(Permission::ManageUnits)", visible = "guard::manages_units")]
    async fn close_unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit and the day.")] input: CloseUnitInput,
    ) -> Result<CloseUnitPayload> {
        let done = write(ctx, input, |act, tx, command| {
            let id = close_unit(act, tx, command)?;
            shown(act, tx, id)
        });
        let (unit, errors) = done.await?;
        Ok(CloseUnitPayload { unit: unit.flatten().map(Unit::latest), errors })
    }
}

/// The unit after the change, in the same transaction.
fn shown(act: &Act, tx: &mut dyn WriteTx, id: UnitId) -> Result<Option<unit::Unit>, Error> {
    Ok(tx.units_by_id(&act.actor.scope, &[id])?.remove(&id))
}

/// What `foundUnit` gives.
#[derive(SimpleObject)]
pub(crate) struct FoundUnitPayload {
    /// The unit; null when it was refused.
    unit: Option<Unit>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `reviseUnit` gives.
#[derive(SimpleObject)]
pub(crate) struct ReviseUnitPayload {
    /// The unit in its new version; null when it was refused.
    unit: Option<Unit>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `mergeUnits` gives.
#[derive(SimpleObject)]
pub(crate) struct MergeUnitsPayload {
    /// The successor; null when it was refused.
    unit: Option<Unit>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `splitUnit` gives.
#[derive(SimpleObject)]
pub(crate) struct SplitUnitPayload {
    /// The successors in the order they were named; null when it was refused.
    units: Option<Vec<Unit>>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `closeUnit` gives.
#[derive(SimpleObject)]
pub(crate) struct CloseUnitPayload {
    /// The unit; null when it was refused.
    unit: Option<Unit>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}
