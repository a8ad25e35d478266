//! What stood at a moment: the latest revision of each slot that was received up to then.

use caodiem_domain::error::StoreError;
use caodiem_domain::id::{IndicatorId, UnitId};
use caodiem_domain::ports::ReadDrives;
use caodiem_domain::tally::{KnownQuestion, Total};
use diesel::dsl::{exists, not, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::dialect::among;
use super::page::{Condition, always};
use super::rollup::drive_and_below;
use super::{OrFailed, Tx};
use crate::rows::moment::{day_number, day_of, micros};
use crate::tables::tally_revision;

/// The sum of the values of a group.
const SUM: &str = "CAST(SUM(tally_revision.value) AS BIGINT)";

/// Sums per unit and indicator, of each day where that is asked for.
pub(super) fn figures(tx: &mut Tx<'_>, question: &KnownQuestion) -> Result<Vec<Total>, StoreError> {
    let KnownQuestion { drive, indicators, units, days, known_at, daily } = question;
    let Some(book) = tx.books_of(&[*drive])?.pop_first() else { return Ok(Vec::new()) };
    let (from, to) = (day_number(days.from()), day_number(days.to()));
    let drives = drive_and_below(tx.conn, *drive)?;
    let later = diesel::alias!(tally_revision as later);
    // A slot goes by its latest revision, whichever drive of the family that was reported to. Book and days are said again,
    // so that a plan which hashes the later ones does not go through those of other years.
    let followed = later
        .filter(later.field(tally_revision::book_id).eq(book.get()))
        .filter(later.field(tally_revision::day).between(from, to))
        .filter(later.field(tally_revision::unit_id).eq(tally_revision::unit_id))
        .filter(later.field(tally_revision::day).eq(tally_revision::day))
        .filter(later.field(tally_revision::indicator_id).eq(tally_revision::indicator_id))
        .filter(later.field(tally_revision::reporter_kind).eq(tally_revision::reporter_kind))
        .filter(later.field(tally_revision::reporter_id).eq(tally_revision::reporter_id))
        .filter(later.field(tally_revision::revision).gt(tally_revision::revision))
        .filter(later.field(tally_revision::received_at).le(micros(*known_at)));
    let credited: Condition<'_, tally_revision::table> = match units {
        Some(units) => Box::new(among(tally_revision::unit_id, units.iter().map(|unit| unit.get()))),
        None => always(),
    };
    let standing = tally_revision::table
        .filter(tally_revision::book_id.eq(book.get()))
        .filter(credited)
        .filter(tally_revision::day.between(from, to))
        .filter(among(tally_revision::indicator_id, indicators.iter().map(|indicator| indicator.get())))
        .filter(among(tally_revision::drive_id, drives.into_iter()))
        .filter(tally_revision::received_at.le(micros(*known_at)))
        .filter(not(exists(followed)));
    let total = |unit, indicator, day, own| Total {
        unit: UnitId::new(unit),
        indicator: IndicatorId::new(indicator),
        day,
        total: 0,
        own,
    };
    if *daily {
        let key = (tally_revision::day, tally_revision::unit_id, tally_revision::indicator_id);
        let rows: Vec<(i32, i64, i64, i64)> = standing
            .group_by(key)
            .order(key)
            .select((tally_revision::day, tally_revision::unit_id, tally_revision::indicator_id, sql::<BigInt>(SUM)))
            .load(tx.conn)
            .or_failed()?;
        return rows
            .into_iter()
            .map(|(day, unit, indicator, own)| Ok(total(unit, indicator, Some(day_of(day)?), own)))
            .collect();
    }
    let key = (tally_revision::unit_id, tally_revision::indicator_id);
    let rows: Vec<(i64, i64, i64)> = standing
        .group_by(key)
        .order(key)
        .select((tally_revision::unit_id, tally_revision::indicator_id, sql::<BigInt>(SUM)))
        .load(tx.conn)
        .or_failed()?;
    Ok(rows.into_iter().map(|(unit, indicator, own)| total(unit, indicator, None, own)).collect())
}
