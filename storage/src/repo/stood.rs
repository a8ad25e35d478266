//! What stood at a moment: the latest revision of each slot that was received up to then.
//!
//! It is the figure that stands now, unless that came later; then it is the last one of those replaced that had come.

use std::collections::BTreeSet;

use caodiem_domain::error::StoreError;
use caodiem_domain::id::{IndicatorId, UnitId};
use caodiem_domain::ports::ReadDrives;
use caodiem_domain::tally::{KnownQuestion, Total};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer};

use super::literal::{listed, of_days};
use super::rollup::drive_and_below;
use super::{OrFailed, Tx};
use crate::rows::moment::{day_of, micros};

/// A sum; the day is 0 where days are not asked for apart.
#[derive(QueryableByName)]
struct SumRow {
    #[diesel(sql_type = Integer)]
    day: i32,
    #[diesel(sql_type = BigInt)]
    unit_id: i64,
    #[diesel(sql_type = BigInt)]
    indicator_id: i64,
    #[diesel(sql_type = BigInt)]
    own: i64,
}

/// Sums per unit and indicator, of each day where that is asked for.
pub(super) fn figures(tx: &mut Tx<'_>, question: &KnownQuestion) -> Result<Vec<Total>, StoreError> {
    let Some(book) = tx.books_of(&[question.drive])?.pop_first() else { return Ok(Vec::new()) };
    let known_at = micros(question.known_at);
    let asked = format!(
        "book_id = {book} AND {days} AND indicator_id IN ({indicators}) AND drive_id IN ({drives}) \
         AND received_at <= {known_at}",
        book = book.get(),
        days = of_days(question.days, question.units.as_deref()),
        indicators = listed(question.indicators.iter().map(|indicator| indicator.get())),
        drives = listed(drive_and_below(tx.conn, question.drive)?),
    );
    let same_slot = |other: &str| {
        let columns = ["book_id", "day", "unit_id", "indicator_id", "reporter_kind", "reporter_id"];
        columns.map(|column| format!("{other}.{column} = kept.{column}")).join(" AND ")
    };
    let (day, key) =
        if question.daily { ("day", "day, unit_id, indicator_id") } else { ("0", "unit_id, indicator_id") };
    let rows: Vec<SumRow> = sql_query(format!(
        "SELECT {day} AS day, unit_id, indicator_id, CAST(SUM(value) AS BIGINT) AS own FROM ( \
             SELECT day, unit_id, indicator_id, value FROM tally WHERE {asked} \
             UNION ALL \
             SELECT day, unit_id, indicator_id, value FROM tally_revision AS kept WHERE {asked} \
                 AND NOT EXISTS (SELECT 1 FROM tally AS standing WHERE {standing} AND standing.received_at <= {known_at}) \
                 AND NOT EXISTS (SELECT 1 FROM tally_revision AS later WHERE {later} \
                     AND later.revision > kept.revision AND later.received_at <= {known_at}) \
         ) AS stood GROUP BY {key} ORDER BY {key}",
        standing = same_slot("standing"),
        later = same_slot("later"),
    ))
    .load(tx.conn)
    .or_failed()?;
    let total = |row: SumRow| {
        let day = question.daily.then(|| day_of(row.day)).transpose()?;
        let (unit, indicator) = (UnitId::new(row.unit_id), IndicatorId::new(row.indicator_id));
        Ok(Total { unit, indicator, day, total: 0, own: row.own })
    };
    let asked: Option<BTreeSet<UnitId>> = question.units.as_ref().map(|units| units.iter().copied().collect());
    let is_asked = |row: &SumRow| asked.as_ref().is_none_or(|units| units.contains(&UnitId::new(row.unit_id)));
    rows.into_iter().filter(is_asked).map(total).collect()
}
