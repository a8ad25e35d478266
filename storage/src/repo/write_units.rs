//! Writing units. Histories are only added to; the one later change of a version is its end.

use std::collections::{BTreeMap, BTreeSet};

use caodiem_domain::error::StoreError;
use caodiem_domain::id::UnitId;
use caodiem_domain::ports::WriteUnits;
use caodiem_domain::time::Day;
use caodiem_domain::unit::{Lineage, Unit, UnitPath, UnitVersion};
use diesel::prelude::*;

use super::{CHUNK, Conn, OrFailed, Tx, bulk, dialect, stale};
use crate::rows::unit::{LineageRow, MoveRow, NewVersionRow, UnitRow};
use crate::tables::{unit, unit_lineage, unit_version};

/// Ends the open version of each unit.
fn end_versions(conn: &mut Conn, endings: &[(UnitId, Day)]) -> Result<(), StoreError> {
    for (day, ids) in by_second(endings) {
        for ids in ids.chunks(CHUNK) {
            let ended = diesel::update(unit_version::table)
                .filter(unit_version::unit_id.eq_any(ids))
                .filter(unit_version::valid_to.is_null())
                .set(unit_version::valid_to.eq(day))
                .execute(conn)
                .or_failed()?;
            all_of(ended, ids)?;
        }
    }
    Ok(())
}

/// What whole trees leave to be done for the planner.
fn after_many(conn: &mut Conn, written: usize) -> Result<(), StoreError> {
    if written > CHUNK { dialect::count_units_anew(conn) } else { Ok(()) }
}

fn insert_version_rows(conn: &mut Conn, versions: &[&UnitVersion]) -> Result<(), StoreError> {
    for versions in versions.chunks(CHUNK) {
        let rows: Vec<NewVersionRow> = versions.iter().map(|version| NewVersionRow::from(*version)).collect();
        diesel::insert_into(unit_version::table).values(&rows).execute(conn).or_failed()?;
    }
    Ok(())
}

/// A unit that has no open version was closed meanwhile.
fn all_of(changed: usize, ids: &[i64]) -> Result<(), StoreError> {
    if changed == ids.len() { Ok(()) } else { Err(stale()) }
}

/// Ids by what is to be set, so that each value takes one statement.
fn by_second<T: Ord + Copy>(pairs: &[(UnitId, T)]) -> BTreeMap<T, Vec<i64>> {
    let mut groups = BTreeMap::<T, Vec<i64>>::new();
    for (id, value) in pairs {
        groups.entry(*value).or_default().push(id.get());
    }
    groups
}

/// Cuts a history into rounds that hold each unit once: a version can only be ended after it was begun.
fn rounds(versions: &[UnitVersion]) -> Vec<Vec<&UnitVersion>> {
    let mut rounds: Vec<(BTreeSet<UnitId>, Vec<&UnitVersion>)> = Vec::new();
    for version in versions {
        if rounds.last().is_none_or(|(seen, _)| seen.contains(&version.unit)) {
            rounds.push((BTreeSet::new(), Vec::new()));
        }
        if let Some((seen, round)) = rounds.last_mut() {
            seen.insert(version.unit);
            round.push(version);
        }
    }
    rounds.into_iter().map(|(_, round)| round).collect()
}

impl WriteUnits for Tx<'_> {
    fn insert_units(&mut self, units: &[Unit]) -> Result<(), StoreError> {
        self.kept_changes()?;
        for units in units.chunks(CHUNK) {
            let rows: Vec<UnitRow> = units.iter().map(UnitRow::from).collect();
            diesel::insert_into(unit::table).values(&rows).execute(self.conn).or_failed()?;
        }
        insert_version_rows(self.conn, &units.iter().map(|unit| &unit.version).collect::<Vec<_>>())?;
        after_many(self.conn, units.len())
    }

    /// All versions of a round are ended before any is begun, so that units can exchange their codes.
    fn insert_versions(&mut self, versions: &[UnitVersion]) -> Result<(), StoreError> {
        self.kept_changes()?;
        for round in rounds(versions) {
            let endings: Vec<_> = round.iter().map(|version| (version.unit, version.valid_from)).collect();
            end_versions(self.conn, &endings)?;
            insert_version_rows(self.conn, &round)?;
            let numbers: Vec<_> = round.iter().map(|version| (version.unit, version.number)).collect();
            for (number, ids) in by_second(&numbers) {
                for ids in ids.chunks(CHUNK) {
                    let latest = diesel::update(unit::table)
                        .filter(unit::id.eq_any(ids))
                        .filter(unit::latest.eq(number - 1))
                        .set(unit::latest.eq(number))
                        .execute(self.conn)
                        .or_failed()?;
                    all_of(latest, ids)?;
                }
            }
        }
        after_many(self.conn, versions.len())
    }

    fn close_units(&mut self, closings: &[(UnitId, Day)]) -> Result<(), StoreError> {
        self.kept_changes()?;
        end_versions(self.conn, closings)?;
        for (day, ids) in by_second(closings) {
            for ids in ids.chunks(CHUNK) {
                let closed = diesel::update(unit::table)
                    .filter(unit::id.eq_any(ids))
                    .set(unit::closed_on.eq(day))
                    .execute(self.conn)
                    .or_failed()?;
                all_of(closed, ids)?;
            }
        }
        Ok(())
    }

    /// What was closed under a unit moves along: a subtree stays the range of its path, history included.
    ///
    /// Deepest first, so that the longest of several moves is what a path goes by; moves of one depth do not overlap.
    fn move_paths(&mut self, moves: &[(UnitPath, UnitPath)]) -> Result<(), StoreError> {
        self.kept_changes()?;
        let mut by_depth = BTreeMap::<usize, Vec<MoveRow>>::new();
        for (from, to) in moves {
            by_depth.entry(from.depth()).or_default().push(MoveRow::new(from, to));
        }
        for moves in by_depth.values_mut().rev() {
            moves.sort_unstable();
            for moves in moves.chunks(CHUNK) {
                bulk::move_paths(self.conn, moves).or_failed()?;
            }
        }
        Ok(())
    }

    fn insert_lineage(&mut self, edges: &[Lineage]) -> Result<(), StoreError> {
        self.kept_changes()?;
        for edges in edges.chunks(CHUNK) {
            let rows: Vec<LineageRow> = edges.iter().map(LineageRow::from).collect();
            diesel::insert_into(unit_lineage::table).values(&rows).execute(self.conn).or_failed()?;
        }
        Ok(())
    }
}
