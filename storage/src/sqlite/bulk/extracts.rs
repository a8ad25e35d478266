//! Official figures.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;

use super::{Conn, json, numbers};
use crate::rows::extract::{OfficialQuestion, OfficialRow};

statement! {
    InsertOfficialFigures -> () {
        "INSERT INTO official_figure (unit_id, indicator_id, source_id, as_of, extract_id, value)
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM jsonb_each(",
        ")"
    }
}

/// Adds official figures, sorted by unit and indicator.
pub(crate) fn insert_official_figures(conn: &mut Conn, rows: &[OfficialRow]) -> QueryResult<usize> {
    let batch = json(rows, |row, out| {
        let place = [row.unit_id, row.indicator_id, row.source_id];
        numbers(&place, out);
        numbers(&[row.as_of, row.extract_id, row.value], out);
    });
    InsertOfficialFigures(batch).execute(conn)
}

statement! {
    /// One search of the key for each unit, indicator and source, however long the history is. The question is one row of
    /// JSON: units, indicators, source, after, until.
    OfficialFigures -> (BigInt, BigInt, BigInt, BigInt, BigInt, BigInt) {
        "WITH question AS MATERIALIZED (SELECT ",
        " AS asked),
        place AS MATERIALIZED (
            SELECT unit.value AS unit_id, kind.value AS indicator_id, origin.id AS source_id,
                question.asked ->> 3 AS low, question.asked ->> 4 AS high
            FROM question CROSS JOIN json_each(question.asked, '$[0]') AS unit
            CROSS JOIN json_each(question.asked, '$[1]') AS kind
            CROSS JOIN official_source AS origin
            WHERE origin.id = COALESCE(question.asked ->> 2, origin.id)
        )
        SELECT figure.unit_id, figure.indicator_id, figure.source_id, figure.as_of, figure.extract_id, figure.value
        FROM place CROSS JOIN official_figure AS figure
        WHERE figure.unit_id = place.unit_id AND figure.indicator_id = place.indicator_id
            AND figure.source_id = place.source_id
            AND (figure.as_of, figure.extract_id) = (
                SELECT latest.as_of, latest.extract_id FROM official_figure AS latest
                WHERE latest.unit_id = place.unit_id AND latest.indicator_id = place.indicator_id
                    AND latest.source_id = place.source_id AND latest.as_of > place.low AND latest.as_of <= place.high
                ORDER BY latest.as_of DESC, latest.extract_id DESC LIMIT 1
            )"
    }
}

/// The standing figures that a question is for, in no particular order.
pub(crate) fn official_figures(conn: &mut Conn, question: &OfficialQuestion<'_>) -> QueryResult<Vec<OfficialRow>> {
    let OfficialQuestion { units, indicators, source, after, until } = question;
    OfficialFigures(serde_json::json!([units, indicators, source, after, until]).to_string()).load(conn)
}
