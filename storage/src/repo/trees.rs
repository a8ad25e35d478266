//! Whole trees, kept in memory while no unit is written.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use caodiem_domain::access::Scope;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::UnitId;
use caodiem_domain::ports::ReadTrees;
use caodiem_domain::time::Day;
use caodiem_domain::unit::tree::Tree;
use caodiem_domain::unit::{Lineage, UnitPath};
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;

use super::scope::in_scope;
use super::units::valid_on;
use super::{Conn, OrFailed, Tx};
use crate::rows::corrupt;
use crate::rows::unit::{LineageRow, TreeRow, tree_unit_of};
use crate::tables::{tree_epoch, unit, unit_lineage, unit_version};
use crate::trees::Kept;

fn epoch(conn: &mut Conn) -> Result<i64, StoreError> {
    tree_epoch::table.select(tree_epoch::epoch).first(conn).or_failed()
}

impl Tx<'_> {
    /// What is kept in memory of the trees and indicators that this transaction sees.
    pub(super) fn kept(&mut self) -> Result<&mut Kept, StoreError> {
        if !self.own_trees.wrote && self.own_trees.epoch.is_none() {
            let epoch = epoch(self.conn)?;
            self.own_trees.epoch = Some(epoch);
            self.own_trees.kept = self.memory.trees.of(epoch);
        }
        Ok(&mut self.own_trees.kept)
    }

    /// Shares what was read with other transactions, unless a unit or an indicator was written meanwhile: what was read then
    /// belongs to no epoch.
    pub(super) fn share(&mut self) -> Result<(), StoreError> {
        let Some(before) = self.own_trees.epoch else {
            return Ok(());
        };
        if epoch(self.conn)? == before {
            self.memory.trees.keep(before, &self.own_trees.kept);
        }
        Ok(())
    }

    /// Counts up the epoch and forgets what is kept. Goes before the write itself: the row of the epoch is what makes
    /// writers of units, and of indicators, wait for one another.
    pub(super) fn kept_changes(&mut self) -> Result<(), StoreError> {
        self.own_trees.wrote();
        diesel::update(tree_epoch::table)
            .set(tree_epoch::epoch.eq(tree_epoch::epoch + 1))
            .execute(self.conn)
            .map(|_one| ())
            .or_failed()
    }
}

impl ReadTrees for Tx<'_> {
    /// Its [`Tree::day`] is the first day on which it stood like this, so that all days of the stretch share it.
    fn tree(&mut self, on: Day) -> Result<Arc<Tree>, StoreError> {
        let days = self.change_days()?;
        let before = days.partition_point(|day| *day <= on);
        let Some(since) = before.checked_sub(1).and_then(|last| days.get(last)).copied() else {
            return Ok(Arc::new(Tree::new(on, Vec::new())));
        };
        if let Some(tree) = self.kept()?.trees.get(&since) {
            return Ok(Arc::clone(tree));
        }
        let rows: Vec<TreeRow> = unit_version::table
            .filter(valid_on::<unit_version::table>(since))
            .order_by((unit_version::code, unit_version::unit_id))
            .select((unit_version::unit_id, unit_version::parent_id, unit_version::kind))
            .load(self.conn)
            .or_failed()?;
        let units = rows.into_iter().map(tree_unit_of).collect::<Result<_, _>>()?;
        let tree = Arc::new(Tree::new(since, units));
        self.kept()?.insert(&tree);
        self.share()?;
        Ok(tree)
    }

    fn paths(&mut self) -> Result<Arc<HashMap<UnitId, UnitPath>>, StoreError> {
        if let Some(paths) = &self.kept()?.paths {
            return Ok(Arc::clone(paths));
        }
        let rows: Vec<(i64, String)> = unit::table.select((unit::id, unit::path)).load(self.conn).or_failed()?;
        let place =
            |(id, path): (i64, String)| Ok((UnitId::new(id), UnitPath::parse(&path).map_err(corrupt("unit.path"))?));
        let paths: Arc<HashMap<UnitId, UnitPath>> =
            Arc::new(rows.into_iter().map(place).collect::<Result<_, StoreError>>()?);
        self.kept()?.paths = Some(Arc::clone(&paths));
        self.share()?;
        Ok(paths)
    }

    fn lineage(&mut self) -> Result<Arc<[Lineage]>, StoreError> {
        if let Some(lineage) = &self.kept()?.lineage {
            return Ok(Arc::clone(lineage));
        }
        let rows: Vec<LineageRow> = unit_lineage::table
            .order_by((unit_lineage::on_day, unit_lineage::from_id, unit_lineage::to_id))
            .select(LineageRow::as_select())
            .load(self.conn)
            .or_failed()?;
        let lineage: Arc<[Lineage]> = rows.into_iter().map(Lineage::try_from).collect::<Result<_, _>>()?;
        self.kept()?.lineage = Some(Arc::clone(&lineage));
        self.share()?;
        Ok(lineage)
    }

    fn change_days(&mut self) -> Result<Arc<[Day]>, StoreError> {
        if let Some(days) = &self.kept()?.days {
            return Ok(Arc::clone(days));
        }
        let begun: Vec<Day> =
            unit_version::table.select(unit_version::valid_from).distinct().load(self.conn).or_failed()?;
        let ended: Vec<Day> = unit_version::table
            .filter(unit_version::valid_to.is_not_null())
            .select(unit_version::valid_to.assume_not_null())
            .distinct()
            .load(self.conn)
            .or_failed()?;
        let days: BTreeSet<Day> = begun.into_iter().chain(ended).collect();
        let days: Arc<[Day]> = days.into_iter().collect();
        self.kept()?.days = Some(Arc::clone(&days));
        self.share()?;
        Ok(days)
    }

    fn plain_names(&mut self, scope: &Scope, on: Day) -> Result<Vec<(UnitId, String)>, StoreError> {
        type Source = InnerJoinQuerySource<unit_version::table, unit::table>;
        let rows: Vec<(i64, String)> = unit_version::table
            .inner_join(unit::table)
            .filter(valid_on::<Source>(on))
            .filter(in_scope::<Source>(scope))
            .order_by(unit_version::unit_id)
            .select((unit_version::unit_id, unit_version::plain_key))
            .load(self.conn)
            .or_failed()?;
        Ok(rows.into_iter().map(|(id, name)| (UnitId::new(id), name)).collect())
    }
}
