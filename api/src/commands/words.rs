//! Words of the command line that several commands take: roles, units, times to live.

use std::sync::Arc;

use caodiem_domain::access::{Role, Scope};
use caodiem_domain::error::Error;
use caodiem_domain::id::UnitId;
use caodiem_domain::ports::{ReadTx, Store};
use caodiem_domain::problem::Problem;
use caodiem_domain::text::UnitCode;
use caodiem_domain::time::Day;

use crate::auth::token::MAX_LIFE;

/// Reads a role.
pub(super) fn role(text: &str) -> Result<Role, String> {
    let all = || Role::ALL.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
    Role::from_name(text).ok_or_else(|| format!("it has to be one of: {}", all()))
}

/// Reads a duration of whole seconds, minutes or hours, up to the longest life of a token.
pub(super) fn seconds(text: &str) -> Result<i64, String> {
    let (digits, unit) = match text.char_indices().next_back() {
        Some((at, 's')) => (text.get(..at), 1),
        Some((at, 'm')) => (text.get(..at), 60),
        Some((at, 'h')) => (text.get(..at), 3_600),
        _ => (None, 1),
    };
    let seconds = digits.and_then(|digits| digits.parse::<i64>().ok()).and_then(|count| count.checked_mul(unit));
    let fits = seconds.filter(|seconds| (1..=MAX_LIFE).contains(seconds));
    fits.ok_or_else(|| "a time to live is written like 90s, 30m or 12h, and is at most 24h".to_owned())
}

/// The unit that is named by its official code on a day, or by `id:` and its id.
pub(super) fn find_unit(store: &Arc<dyn Store>, named: &str, on: Day) -> Result<UnitId, Error> {
    let missing = || Problem::not_found("Unit", named);
    if let Some(id) = named.strip_prefix("id:") {
        return Ok(UnitId::new(id.parse().map_err(|_no_number| missing())?));
    }
    let code = UnitCode::new(named)?;
    let lookup = |tx: &mut dyn ReadTx| Ok(tx.units_by_code(&Scope::Country, std::slice::from_ref(&code), on)?);
    Ok(store.read(lookup)?.first().ok_or_else(missing)?.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_to_live_are_bounded() {
        assert_eq!(seconds("90s"), Ok(90));
        assert_eq!(seconds("12h"), Ok(43_200));
        assert_eq!(seconds("24h"), Ok(MAX_LIFE));
        for text in ["", "h", "12", "0s", "25h", "-1h", "9223372036854775807h", "1ngày"] {
            assert!(seconds(text).is_err(), "{text} was taken");
        }
    }
}
