//! The columns of reports. To add one: what it rests on as a line of `facts!`, and a line of [`COLUMNS`].

use std::iter::Sum;

use super::ReportKind;
use crate::exact::Exact;

/// How the figures of a column are printed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Format {
    /// A whole number, rounded half-up: `17.411`.
    Whole,
    /// A percentage with one decimal: `80,5`.
    Percent,
}

impl Format {
    /// The word that is frozen.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "WHOLE",
            Self::Percent => "PERCENT",
        }
    }

    /// The format of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Whole, Self::Percent].into_iter().find(|format| format.as_str() == word)
    }

    /// How many digits after the comma it prints.
    #[must_use]
    pub const fn places(self) -> u32 {
        match self {
            Self::Whole => 0,
            Self::Percent => 1,
        }
    }
}

macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// What is known of one row, or summed up of many. `None` is not known, which is not zero; a sum is of what is known.
        #[derive(Clone, PartialEq, Eq, Debug, Default)]
        pub struct Facts { $($(#[$doc])* pub $name: Option<Exact>,)+ }

        impl<'a> Sum<&'a Facts> for Facts {
            fn sum<I: Iterator<Item = &'a Facts>>(rows: I) -> Self {
                rows.fold(Self::default(), |sum, row| Self { $($name: plus(sum.$name, row.$name.as_ref()),)+ })
            }
        }
    };
}

facts! {
    /// The quota.
    quota,
    /// What was there before the drive, where the quota counts it.
    opening,
    /// What was done within the days of the report; not known of a unit that reported on none of them.
    period,
    /// What was done from the first day of the phase or drive.
    done,
    /// Opening and done of those that have a quota: what a share is a share of.
    reached,
    /// What remains of the quota.
    remaining,
    /// Working days of the report on which nobody of the unit reported.
    silent_days,
}

fn plus(sum: Option<Exact>, more: Option<&Exact>) -> Option<Exact> {
    match (sum, more) {
        (Some(sum), Some(more)) => Some(&sum + more),
        (sum, more) => sum.or_else(|| more.cloned()),
    }
}

/// A column.
pub struct ColumnSpec {
    /// Its key.
    pub key: &'static str,
    /// Vietnamese heading.
    pub heading_vi: &'static str,
    /// English heading.
    pub heading_en: &'static str,
    /// How it is worked out, in the keys of other columns in braces; empty where it is counted.
    pub formula: &'static str,
    /// How its figures are printed.
    pub format: Format,
    /// The reports that have it.
    pub kinds: &'static [ReportKind],
    /// Its figure, of a row or of the totals.
    pub value: fn(&Facts) -> Option<Exact>,
}

const ALL: &[ReportKind] = ReportKind::ALL;
const RUNNING: &[ReportKind] = &[ReportKind::Daily, ReportKind::Weekly];

/// Every column, in the order it is printed.
#[rustfmt::skip]
pub const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec { key: "quota", heading_vi: "Chỉ tiêu giao", heading_en: "Quota", formula: "", format: Format::Whole, kinds: ALL, value: |row| row.quota.clone() },
    ColumnSpec { key: "opening", heading_vi: "Số đã có được tính vào chỉ tiêu", heading_en: "There before, counted", formula: "", format: Format::Whole, kinds: ALL, value: |row| row.opening.clone() },
    ColumnSpec { key: "period", heading_vi: "Kết quả trong kỳ", heading_en: "Done in the period", formula: "", format: Format::Whole, kinds: RUNNING, value: |row| row.period.clone() },
    ColumnSpec { key: "done", heading_vi: "Lũy kế thực hiện", heading_en: "Done so far", formula: "", format: Format::Whole, kinds: ALL, value: |row| row.done.clone() },
    ColumnSpec { key: "percent", heading_vi: "Tỷ lệ so với chỉ tiêu (%)", heading_en: "Share of the quota (%)", formula: "100 × ({opening} + {done}) / {quota}", format: Format::Percent, kinds: ALL, value: percent },
    ColumnSpec { key: "remaining", heading_vi: "Còn phải thực hiện", heading_en: "Remaining", formula: "{quota} − {opening} − {done}", format: Format::Whole, kinds: ALL, value: |row| row.remaining.clone() },
    ColumnSpec { key: "silent_days", heading_vi: "Số ngày không báo cáo", heading_en: "Days without a report", formula: "", format: Format::Whole, kinds: ALL, value: |row| row.silent_days.clone() },
];

/// From the sums of what it is made of, never a sum or mean of percentages.
fn percent(row: &Facts) -> Option<Exact> {
    (row.reached.as_ref()? * &100.into()).checked_div(row.quota.as_ref()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(quota: Option<i64>, done: i64) -> Facts {
        let reached = quota.map(|_| done.into());
        Facts { quota: quota.map(Exact::from), done: Some(done.into()), reached, ..Facts::default() }
    }

    #[test]
    fn the_share_of_the_total_is_of_the_sums_of_those_that_have_a_quota() {
        let rows = [facts(Some(100), 50), facts(Some(300), 30), facts(None, 1_000)];
        let total: Facts = rows.iter().sum();
        assert_eq!(percent(&total), Some(20.into()), "80 of 400, neither the mean of 50 % and 10 % nor 1080 of 400");
        assert_eq!(total.done, Some(1_080.into()));
        assert_eq!((percent(&rows[2]), total.silent_days), (None, None));
    }

    #[test]
    fn formulas_name_columns_that_there_are() {
        for spec in COLUMNS {
            let named = spec.formula.split('{').skip(1).filter_map(|part| part.split('}').next());
            for key in named {
                let other = COLUMNS.iter().find(|other| other.key == key);
                let in_all = other.is_some_and(|other| spec.kinds.iter().all(|kind| other.kinds.contains(kind)));
                assert!(in_all, "{} rests on {key}", spec.key);
            }
        }
    }
}
