//! Compilations, always whole.

use std::collections::BTreeMap;

use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, UnitId};
use caodiem_domain::ports::{ReadCompilations, WriteCompilations};
use caodiem_domain::reporting::compilation::{Compilation, CompilationKey};
use caodiem_domain::reporting::rule::ReportKind;
use caodiem_domain::time::Day;
use diesel::prelude::*;

use super::{CHUNK, Conn, OrFailed, Tx};
use crate::rows::code::Stored;
use crate::rows::compilation::{CompilationRow, FigureRow, GapRow, compilation_of, parts_of};
use crate::rows::moment::day_number;
use crate::tables::{compilation, compilation_figure, compilation_gap};

/// The compilations of rows, in their order: one statement for each kind of part.
fn whole(conn: &mut Conn, rows: &[CompilationRow]) -> Result<Vec<Compilation>, StoreError> {
    let (mut gaps, mut figures): (Vec<GapRow>, Vec<FigureRow>) = (Vec::new(), Vec::new());
    for rows in rows.chunks(CHUNK) {
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let found: Vec<GapRow> = compilation_gap::table
            .filter(compilation_gap::compilation_id.eq_any(&ids))
            .order((compilation_gap::compilation_id, compilation_gap::reporter_kind, compilation_gap::reporter_id))
            .load(conn)
            .or_failed()?;
        gaps.extend(found);
        let found: Vec<FigureRow> = compilation_figure::table
            .filter(compilation_figure::compilation_id.eq_any(&ids))
            .order((compilation_figure::compilation_id, compilation_figure::indicator_id))
            .load(conn)
            .or_failed()?;
        figures.extend(found);
    }
    rows.iter().map(|row| compilation_of(row, &gaps, &figures)).collect()
}

impl ReadCompilations for Tx<'_> {
    fn latest_compilations(
        &mut self,
        drives: &[DriveId],
        kind: ReportKind,
        day: Day,
        units: &[UnitId],
    ) -> Result<BTreeMap<UnitId, Compilation>, StoreError> {
        let drives: Vec<i64> = drives.iter().map(|drive| drive.get()).collect();
        let mut latest: BTreeMap<i64, CompilationRow> = BTreeMap::new();
        for units in units.chunks(CHUNK) {
            let rows: Vec<CompilationRow> = compilation::table
                .filter(compilation::drive_id.eq_any(&drives))
                .filter(compilation::kind.eq(kind.word()))
                .filter(compilation::day.eq(day_number(day)))
                .filter(compilation::unit_id.eq_any(units.iter().map(|unit| unit.get())))
                .order((compilation::at, compilation::id))
                .load(self.conn)
                .or_failed()?;
            latest.extend(rows.into_iter().map(|row| (row.unit_id, row)));
        }
        let rows: Vec<CompilationRow> = latest.into_values().collect();
        Ok(whole(self.conn, &rows)?.into_iter().map(|compilation| (compilation.key.unit, compilation)).collect())
    }

    fn compilation_revisions(&mut self, key: CompilationKey) -> Result<Vec<Compilation>, StoreError> {
        let rows: Vec<CompilationRow> = compilation::table
            .filter(compilation::drive_id.eq(key.drive.get()))
            .filter(compilation::unit_id.eq(key.unit.get()))
            .filter(compilation::kind.eq(key.kind.word()))
            .filter(compilation::day.eq(day_number(key.day)))
            .order(compilation::revision)
            .load(self.conn)
            .or_failed()?;
        whole(self.conn, &rows)
    }
}

impl WriteCompilations for Tx<'_> {
    fn insert_compilation(&mut self, compilation: &Compilation) -> Result<(), StoreError> {
        let (gaps, figures) = parts_of(compilation);
        let row = CompilationRow::from(compilation);
        diesel::insert_into(compilation::table).values(row).execute(self.conn).or_failed()?;
        for gaps in gaps.chunks(CHUNK) {
            diesel::insert_into(compilation_gap::table).values(gaps).execute(self.conn).or_failed()?;
        }
        if !figures.is_empty() {
            diesel::insert_into(compilation_figure::table).values(&figures).execute(self.conn).or_failed()?;
        }
        Ok(())
    }
}
