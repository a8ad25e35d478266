//! Official figures.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Nullable};

use super::{Conn, column};
use crate::rows::extract::{OfficialQuestion, OfficialRow};

type OfficialSql = (BigInt, BigInt, BigInt, BigInt, BigInt, BigInt);

statement! {
    InsertOfficialFigures -> () {
        "INSERT INTO official_figure (unit_id, indicator_id, source_id, as_of, extract_id, value) SELECT * FROM unnest(",
        unit: BigInt = i64, indicator: BigInt = i64, source: BigInt = i64, as_of: BigInt = i64, extract: BigInt = i64,
        value: BigInt = i64 =>
        ")"
    }
}

/// Adds official figures, sorted by unit and indicator.
pub(crate) fn insert_official_figures(conn: &mut Conn, rows: &[OfficialRow]) -> QueryResult<usize> {
    InsertOfficialFigures {
        unit: column(rows, |row| row.unit_id),
        indicator: column(rows, |row| row.indicator_id),
        source: column(rows, |row| row.source_id),
        as_of: column(rows, |row| row.as_of),
        extract: column(rows, |row| row.extract_id),
        value: column(rows, |row| row.value),
    }
    .execute(conn)
}

/// One search of the key for each unit, indicator and source, however long the history is.
#[derive(QueryId)]
struct OfficialFigures {
    units: Vec<i64>,
    indicators: Vec<i64>,
    source: Option<i64>,
    after: i64,
    until: i64,
}

impl Query for OfficialFigures {
    type SqlType = OfficialSql;
}

impl RunQueryDsl<Conn> for OfficialFigures {}

impl QueryFragment<Pg> for OfficialFigures {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "SELECT place.unit_id, kind.indicator_id, origin.id, latest.as_of, latest.extract_id, latest.value
            FROM unnest(",
        );
        out.push_bind_param::<Array<BigInt>, _>(&self.units)?;
        out.push_sql(") AS place (unit_id) CROSS JOIN unnest(");
        out.push_bind_param::<Array<BigInt>, _>(&self.indicators)?;
        out.push_sql(") AS kind (indicator_id) JOIN official_source AS origin ON origin.id = COALESCE(");
        out.push_bind_param::<Nullable<BigInt>, _>(&self.source)?;
        out.push_sql(
            ", origin.id)
            CROSS JOIN LATERAL (
                SELECT as_of, extract_id, value FROM official_figure
                WHERE unit_id = place.unit_id AND indicator_id = kind.indicator_id AND source_id = origin.id
                    AND as_of > ",
        );
        out.push_bind_param::<BigInt, _>(&self.after)?;
        out.push_sql(" AND as_of <= ");
        out.push_bind_param::<BigInt, _>(&self.until)?;
        out.push_sql(" ORDER BY as_of DESC, extract_id DESC LIMIT 1) AS latest");
        Ok(())
    }
}

/// The standing figures that a question is for, in no particular order.
pub(crate) fn official_figures(conn: &mut Conn, question: &OfficialQuestion<'_>) -> QueryResult<Vec<OfficialRow>> {
    OfficialFigures {
        units: question.units.to_vec(),
        indicators: question.indicators.to_vec(),
        source: question.source,
        after: question.after,
        until: question.until,
    }
    .load(conn)
}
