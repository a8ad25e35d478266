//! Units, their versions and lineage.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::access::Scope;
use crate::error::StoreError;
use crate::id::UnitId;
use crate::page::{Filter, Page, PageRequest};
use crate::text::UnitCode;
use crate::time::Day;
use crate::unit::name::NameKeys;
use crate::unit::tree::Tree;
use crate::unit::{Lineage, Unit, UnitOrder, UnitPath, UnitPredicate, UnitVersion};

/// Reading units. Where a day is asked for, the version valid on it is given and units without one are left out;
/// otherwise the latest version.
pub trait ReadUnits {
    /// Units in scope by id; missing ones are left out.
    fn units_by_id(&mut self, scope: &Scope, ids: &[UnitId]) -> Result<BTreeMap<UnitId, Unit>, StoreError>;

    /// Units in scope by official code on a day.
    fn units_by_code(&mut self, scope: &Scope, codes: &[UnitCode], on: Day) -> Result<Vec<Unit>, StoreError>;

    /// Units in scope whose plain name key is that of `keys`, on a day, by code.
    fn units_by_name(&mut self, scope: &Scope, keys: &NameKeys, on: Day) -> Result<Vec<Unit>, StoreError>;

    /// A page of the units valid on a day.
    fn list_units(
        &mut self,
        scope: &Scope,
        filter: &Filter<UnitPredicate>,
        order: UnitOrder,
        page: &PageRequest,
        on: Day,
    ) -> Result<Page<Unit>, StoreError>;

    /// How many units valid on a day fit.
    fn count_units(&mut self, scope: &Scope, filter: &Filter<UnitPredicate>, on: Day) -> Result<u64, StoreError>;

    /// All versions of the units, oldest first.
    fn unit_versions(&mut self, ids: &[UnitId]) -> Result<BTreeMap<UnitId, Vec<UnitVersion>>, StoreError>;

    /// The lineage edges that begin or end at one of the units, by date.
    fn lineage_of(&mut self, ids: &[UnitId]) -> Result<Vec<Lineage>, StoreError>;

    /// The direct children of each of the units on a day, by code; at most `limit` each.
    fn children_of(
        &mut self,
        scope: &Scope,
        parents: &[UnitId],
        on: Day,
        limit: u16,
    ) -> Result<BTreeMap<UnitId, Vec<Unit>>, StoreError>;
}

/// The whole tree in memory. Unscoped: for the arithmetic of the domain, never handed out.
pub trait ReadTrees {
    /// The tree of a day, siblings by code. Kept by the adapter until the tree changes.
    fn tree(&mut self, on: Day) -> Result<Arc<Tree>, StoreError>;

    /// Where each unit lies, closed ones where they last lay. Unscoped. Kept by the adapter until the tree changes.
    fn paths(&mut self) -> Result<Arc<HashMap<UnitId, UnitPath>>, StoreError>;

    /// Every lineage edge by date. Kept by the adapter until the tree changes.
    fn lineage(&mut self) -> Result<Arc<[Lineage]>, StoreError>;

    /// The days on which the tree changed, ascending: between two of them it is the same.
    fn change_days(&mut self) -> Result<Arc<[Day]>, StoreError>;

    /// Plain name keys with their units, on a day, in scope: for near matches.
    fn plain_names(&mut self, scope: &Scope, on: Day) -> Result<Vec<(UnitId, String)>, StoreError>;
}

/// Writing units. Every method invalidates the kept trees at commit.
pub trait WriteUnits {
    /// Founds units, each with its first version.
    fn insert_units(&mut self, units: &[Unit]) -> Result<(), StoreError>;

    /// Adds versions to units; the open version of each ends on `valid_from`.
    fn insert_versions(&mut self, versions: &[UnitVersion]) -> Result<(), StoreError>;

    /// Ends the open version of each unit, and the unit, on that day.
    fn close_units(&mut self, closings: &[(UnitId, Day)]) -> Result<(), StoreError>;

    /// Moves subtrees of the standing tree: every path under the first is put under the second. All at once: both say
    /// where things are before and after all of the moves, and what lies under several goes by the longest.
    fn move_paths(&mut self, moves: &[(UnitPath, UnitPath)]) -> Result<(), StoreError>;

    /// Adds lineage edges.
    fn insert_lineage(&mut self, edges: &[Lineage]) -> Result<(), StoreError>;
}
