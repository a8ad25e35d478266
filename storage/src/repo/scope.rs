//! Scope as a condition: subtrees are ranges of `unit.path`.

use caodiem_domain::access::Scope;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::UnitId;
use caodiem_domain::unit::UnitPath;
use diesel::prelude::*;

use super::page::{Condition, always, any, never};
use super::{Conn, OrFailed};
use crate::rows::corrupt;
use crate::tables::unit;

/// True of units in the subtree of `root`.
///
/// The subtree of a root of the whole tree is (nearly) every unit: there the path is hidden from the planner, which would
/// otherwise read all units by path and sort them, instead of reading a page of them in the list's own order.
pub(crate) fn under<'query, Source: 'query>(root: &UnitPath) -> Condition<'query, Source>
where
    unit::path: SelectableExpression<Source>,
{
    let (from, to) = (root.as_str().to_owned(), root.upper_bound());
    if root.depth() == 0 {
        // In two guises, or PostgreSQL would see a range of one thing and take it for a small one.
        return Box::new(unit::path.concat("").ge(from).and(unit::path.concat("").concat("").lt(to)));
    }
    Box::new(unit::path.ge(from).and(unit::path.lt(to)))
}

/// True of units in scope. `Source` is any that joins `unit`.
pub(crate) fn in_scope<'query, Source: 'query>(scope: &Scope) -> Condition<'query, Source>
where
    unit::path: SelectableExpression<Source>,
{
    match scope {
        Scope::Country => always(),
        Scope::Subtrees(roots) => any(roots.iter().map(under)),
    }
}

/// True of units that the scope touches: those in it, and those above a part of it.
pub(crate) fn touching<'query, Source: 'query>(scope: &Scope) -> Condition<'query, Source>
where
    unit::path: SelectableExpression<Source>,
{
    let Scope::Subtrees(roots) = scope else {
        return always();
    };
    let above: Vec<String> = roots.iter().flat_map(paths_above).collect();
    let above: Condition<'query, Source> = Box::new(unit::path.eq_any(above));
    any(roots.iter().map(under).chain([above]))
}

/// The paths of all units above a path.
fn paths_above(path: &UnitPath) -> Vec<String> {
    let text = path.as_str();
    let ends = text.match_indices('/').map(|(at, _)| at + 1).filter(|end| *end < text.len());
    ends.filter_map(|end| text.get(..end).map(str::to_owned)).collect()
}

/// Rows in scope by id, of a table that has a unit; what is missing is left out.
macro_rules! rows_in_scope {
    ($conn:expr, $scope:expr, $ids:expr, $table:ident: $row:ty) => {{
        let rows: Vec<$row> = $table::table
            .inner_join(unit::table)
            .filter(super::dialect::among($table::id, $ids.iter().map(|id| id.get())))
            .filter(super::scope::in_scope::<Source>($scope))
            .select($table::all_columns)
            .load($conn)
            .or_failed()?;
        rows
    }};
}
pub(crate) use rows_in_scope;

/// [`rows_in_scope`] as entities by id.
macro_rules! by_id_in_scope {
    ($conn:expr, $scope:expr, $ids:expr, $table:ident: $row:ty => $entity:ty) => {{
        let rows = super::scope::rows_in_scope!($conn, $scope, $ids, $table: $row);
        Ok(super::keyed(rows, |entity: &$entity| entity.id)?.into_iter().collect())
    }};
}
pub(crate) use by_id_in_scope;

/// How many rows in scope, of a table that has a unit, a condition is true of.
macro_rules! count_in_scope {
    ($conn:expr, $scope:expr, $fits:expr, $table:ident) => {{
        let fits = $fits;
        let count: i64 = $table::table
            .inner_join(unit::table)
            .filter(super::scope::in_scope::<Source>($scope))
            .filter(fits)
            .count()
            .get_result($conn)
            .or_failed()?;
        Ok(count.unsigned_abs())
    }};
}
pub(crate) use count_in_scope;

/// True of units in the subtree of a unit; of none when there is no such unit.
pub(crate) fn under_unit<'query, Source: 'query>(
    conn: &mut Conn,
    id: UnitId,
) -> Result<Condition<'query, Source>, StoreError>
where
    unit::path: SelectableExpression<Source>,
{
    Ok(path_of(conn, id)?.map_or_else(never, |path| under(&path)))
}

/// Where a unit stands, `None` when there is no such unit.
pub(crate) fn path_of(conn: &mut Conn, id: UnitId) -> Result<Option<UnitPath>, StoreError> {
    let path: Option<String> = unit::table.find(id.get()).select(unit::path).first(conn).optional().or_failed()?;
    path.map(|path| UnitPath::parse(&path).map_err(corrupt("unit.path"))).transpose()
}
