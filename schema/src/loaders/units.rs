//! Loaders of units and of what hangs on them.

use std::collections::{BTreeMap, HashMap};

use async_graphql::dataloader::Loader;
use caodiem_domain::access::Permission;
use caodiem_domain::error::Error;
use caodiem_domain::id::UnitId;
use caodiem_domain::time::Day;
use caodiem_domain::unit::{Lineage, Unit, UnitVersion};
use caodiem_domain::usecase::read_units::ancestors;

use super::{Batch, sorted};

/// A unit in scope, in its latest version.
impl Loader<UnitId> for Batch {
    type Value = Unit;
    type Error = Error;

    async fn load(&self, keys: &[UnitId]) -> Result<HashMap<UnitId, Unit>, Error> {
        let found = self.gateway.find_units(&self.caller, sorted(keys)).await?;
        Ok(found.into_iter().map(|unit| (unit.id, unit)).collect())
    }
}

/// All versions of a unit that the caller sees.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct VersionsOf(pub(crate) UnitId);

impl Loader<VersionsOf> for Batch {
    type Value = Vec<UnitVersion>;
    type Error = Error;

    async fn load(&self, keys: &[VersionsOf]) -> Result<HashMap<VersionsOf, Vec<UnitVersion>>, Error> {
        let ids: Vec<UnitId> = sorted(keys).into_iter().map(|key| key.0).collect();
        let found = self.read_briefly(Permission::ReadUnits, move |_, tx| Ok(tx.unit_versions(&ids)?)).await?;
        Ok(found.into_iter().map(|(id, versions)| (VersionsOf(id), versions)).collect())
    }
}

/// The edges of the lineage that begin or end at a unit that the caller sees.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LineageOf(pub(crate) UnitId);

impl Loader<LineageOf> for Batch {
    type Value = Vec<Lineage>;
    type Error = Error;

    async fn load(&self, keys: &[LineageOf]) -> Result<HashMap<LineageOf, Vec<Lineage>>, Error> {
        let ids: Vec<UnitId> = sorted(keys).into_iter().map(|key| key.0).collect();
        let edges = self.read_briefly(Permission::ReadUnits, move |_, tx| Ok(tx.lineage_of(&ids)?)).await?;
        let of = |unit: UnitId| edges.iter().filter(|edge| edge.from == unit || edge.to == unit).cloned().collect();
        Ok(keys.iter().map(|key| (*key, of(key.0))).collect())
    }
}

/// The units directly under one, on a day, at most so many.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ChildrenOf {
    pub(crate) on: Day,
    pub(crate) limit: u16,
    pub(crate) parent: UnitId,
}

impl Loader<ChildrenOf> for Batch {
    type Value = Vec<Unit>;
    type Error = Error;

    async fn load(&self, keys: &[ChildrenOf]) -> Result<HashMap<ChildrenOf, Vec<Unit>>, Error> {
        let mut asked: BTreeMap<(Day, u16), Vec<UnitId>> = BTreeMap::new();
        for key in sorted(keys) {
            asked.entry((key.on, key.limit)).or_default().push(key.parent);
        }
        self.read(Permission::ReadUnits, move |actor, tx| {
            let mut found = HashMap::new();
            for ((on, limit), parents) in &asked {
                let children = tx.children_of(&actor.scope, parents, *on, *limit)?;
                let key = |parent| ChildrenOf { on: *on, limit: *limit, parent };
                found.extend(children.into_iter().map(|(parent, units)| (key(parent), units)));
            }
            Ok(found)
        })
        .await
    }
}

/// The units above one that are in scope on a day, nearest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AncestorsOf {
    pub(crate) on: Day,
    pub(crate) unit: UnitId,
}

impl Loader<AncestorsOf> for Batch {
    type Value = Vec<Unit>;
    type Error = Error;

    async fn load(&self, keys: &[AncestorsOf]) -> Result<HashMap<AncestorsOf, Vec<Unit>>, Error> {
        let mut asked: BTreeMap<Day, Vec<UnitId>> = BTreeMap::new();
        for key in sorted(keys) {
            asked.entry(key.on).or_default().push(key.unit);
        }
        self.read(Permission::ReadUnits, move |actor, tx| {
            let mut found = HashMap::new();
            for (on, units) in &asked {
                let ways = ancestors(actor, tx, units, *on)?.into_iter();
                let above = |unit, way: Vec<Unit>| way.into_iter().filter(|one| one.id != unit).collect();
                found.extend(ways.map(|(unit, way)| (AncestorsOf { on: *on, unit }, above(unit, way))));
            }
            Ok(found)
        })
        .await
    }
}
