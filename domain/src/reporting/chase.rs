//! Who has to be chased now: whose report is missing, longest silence first.

use crate::reporting::Debtor;
use crate::text::Post;
use crate::time::Day;

/// A report that is missing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Silent {
    /// Who owes it.
    pub debtor: Debtor,
    /// How many reports it owes in a row, this one included; at least 1.
    pub in_a_row: u32,
    /// The day of the last report before this one; `None` where there is none in the drive.
    pub last_reported: Option<Day>,
    /// The position of the leader of the team, or of the unit's first team; never a name.
    pub leader: Option<Post>,
    /// Where it stands in the list of the day: ties are broken by place.
    pub place: usize,
}

/// Puts the longest silence first, then by place.
pub fn order(silent: &mut [Silent]) {
    silent.sort_unstable_by_key(|one| (std::cmp::Reverse(one.in_a_row), one.place));
}

/// How many days in a row a report was owed and did not come, up to and with the last of `owed` (ascending): those after
/// the last day that was reported.
#[must_use]
pub fn in_a_row(owed: impl Iterator<Item = Day>, last_reported: Option<Day>) -> u32 {
    let silent = owed.filter(|day| last_reported.is_none_or(|last| last < *day));
    u32::try_from(silent.count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::UnitId;

    fn silent(unit: i64, in_a_row: u32, place: usize) -> Silent {
        let debtor = Debtor { unit: UnitId::new(unit), team: None };
        Silent { debtor, in_a_row, last_reported: None, leader: None, place }
    }

    #[test]
    fn the_longest_silence_comes_first() {
        let mut list = [silent(1, 1, 0), silent(2, 3, 1), silent(3, 3, 2), silent(4, 1, 3)];
        order(&mut list);
        assert_eq!(list.map(|one| one.debtor.unit.get()), [2, 3, 1, 4]);
    }

    #[test]
    fn days_in_a_row_begin_after_the_last_report() {
        let day = |text: &str| text.parse::<Day>().unwrap_or_default();
        let owed = ["2023-05-01", "2023-05-02", "2023-05-04", "2023-05-05"].map(day);
        assert_eq!(in_a_row(owed.into_iter(), None), 4);
        assert_eq!(in_a_row(owed.into_iter(), Some(day("2023-05-02"))), 2);
        // What was reported on a day that owes nothing ends the silence as well.
        assert_eq!(in_a_row(owed.into_iter(), Some(day("2023-05-03"))), 2);
    }
}
