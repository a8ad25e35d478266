//! Conditions over whole numbers, written into the text of statements that are never kept prepared.

use std::fmt::Display;

use caodiem_domain::id::UnitId;
use caodiem_domain::time::DayRange;

use crate::rows::moment::{day_number, day_numbers};

/// What stands between the brackets of `IN ()`; nothing is among none.
pub(super) fn listed<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    let texts: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    if texts.is_empty() { "NULL".to_owned() } else { texts.join(",") }
}

/// So many units a condition names at most: a statement may be a million bytes long.
const NAMED_MAX: usize = 10_000;

/// True of rows of the days, and of no others than the units where few are asked for; the caller passes over the rest where
/// they are many. The days are then named one by one: they lead the keys of hot tables, and whoever knows each goes straight
/// to the places of a unit.
pub(super) fn of_days(days: DayRange, units: Option<&[UnitId]>) -> String {
    let (from, to) = (day_number(days.from()), day_number(days.to()));
    let Some(units) = units.filter(|units| units.len() <= NAMED_MAX) else {
        return format!("day BETWEEN {from} AND {to}");
    };
    let units = listed(units.iter().map(|unit| unit.get()));
    format!("day IN ({days}) AND unit_id IN ({units})", days = listed(day_numbers(days)))
}
