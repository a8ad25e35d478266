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
    /// Daily reports that the unit and all under it owed for the days of the report; not known where none was owed.
    expected_reports,
    /// How many of these came on time.
    on_time_reports,
    /// What inspection confirmed, of the days that done is of.
    verified,
    /// The official figure of what was done in these days, as of the end of the last; only where it is of the whole unit.
    official,
    /// What was reported for these days by those that have an official figure: what a gap is a gap of.
    reported_beside,
    /// The official figure of those that reported: what their gap is taken from.
    official_beside,
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
    /// Whether a paper in which no row has a figure of it goes without it: nothing of that kind is used there.
    pub where_known: bool,
    /// Its figure, of a row or of the totals.
    pub value: fn(&Facts) -> Option<Exact>,
}

const ALL: &[ReportKind] = ReportKind::ALL;
const RUNNING: &[ReportKind] = &[ReportKind::Daily, ReportKind::Weekly];

/// Every column, in the order it is printed.
#[rustfmt::skip]
pub const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec { key: "quota", heading_vi: "Chỉ tiêu giao", heading_en: "Quota", formula: "", format: Format::Whole, kinds: ALL, where_known: false, value: |row| row.quota.clone() },
    ColumnSpec { key: "opening", heading_vi: "Số đã có được tính vào chỉ tiêu", heading_en: "There before, counted", formula: "", format: Format::Whole, kinds: ALL, where_known: false, value: |row| row.opening.clone() },
    ColumnSpec { key: "period", heading_vi: "Kết quả trong kỳ", heading_en: "Done in the period", formula: "", format: Format::Whole, kinds: RUNNING, where_known: false, value: |row| row.period.clone() },
    ColumnSpec { key: "done", heading_vi: "Lũy kế thực hiện", heading_en: "Done so far", formula: "", format: Format::Whole, kinds: ALL, where_known: false, value: |row| row.done.clone() },
    ColumnSpec { key: "percent", heading_vi: "Tỷ lệ so với chỉ tiêu (%)", heading_en: "Share of the quota (%)", formula: "100 × ({opening} + {done}) / {quota}", format: Format::Percent, kinds: ALL, where_known: false, value: percent },
    ColumnSpec { key: "remaining", heading_vi: "Còn phải thực hiện", heading_en: "Remaining", formula: "{quota} − {opening} − {done}", format: Format::Whole, kinds: ALL, where_known: false, value: |row| row.remaining.clone() },
    ColumnSpec { key: "silent_days", heading_vi: "Số ngày không báo cáo", heading_en: "Days without a report", formula: "", format: Format::Whole, kinds: ALL, where_known: false, value: |row| row.silent_days.clone() },
    ColumnSpec { key: "on_time", heading_vi: "Tỷ lệ báo cáo đúng hạn (%)", heading_en: "Reports on time (%)", formula: "100 × số báo cáo đúng hạn / số báo cáo phải nộp", format: Format::Percent, kinds: ALL, where_known: true, value: |row| share(row.on_time_reports.as_ref()?, row.expected_reports.as_ref()?) },
    ColumnSpec { key: "verified", heading_vi: "Số đã kiểm tra, xác nhận", heading_en: "Verified", formula: "", format: Format::Whole, kinds: ALL, where_known: true, value: |row| row.verified.clone() },
    ColumnSpec { key: "official", heading_vi: "Số liệu chính thức", heading_en: "Official figure", formula: "", format: Format::Whole, kinds: ALL, where_known: true, value: |row| row.official.clone() },
    ColumnSpec { key: "gap", heading_vi: "Chênh lệch so với số liệu chính thức", heading_en: "Reported less official", formula: "{done} − {official}", format: Format::Whole, kinds: ALL, where_known: true, value: gap },
    ColumnSpec { key: "gap_percent", heading_vi: "Tỷ lệ chênh lệch (%)", heading_en: "The same in percent of the official", formula: "100 × {gap} / {official}", format: Format::Percent, kinds: ALL, where_known: true, value: |row| share(&gap(row)?, row.official_beside.as_ref()?) },
];

/// From the sums of what it is made of, never a sum or mean of percentages.
fn percent(row: &Facts) -> Option<Exact> {
    share(row.reached.as_ref()?, row.quota.as_ref()?)
}

/// Of those that have both figures alone, so that a total never sets many that reported against few that are official.
fn gap(row: &Facts) -> Option<Exact> {
    Some(row.reported_beside.as_ref()? - row.official_beside.as_ref()?)
}

/// In percent; `None` of nothing.
fn share(part: &Exact, whole: &Exact) -> Option<Exact> {
    (part * &100.into()).checked_div(whole)
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
    fn rates_of_the_total_are_of_the_sums_and_a_gap_is_of_those_that_have_both() {
        let row = |reports: Option<(i64, i64)>, reported: i64, official: Option<i64>| Facts {
            expected_reports: reports.map(|(owed, _)| owed.into()),
            on_time_reports: reports.map(|(_, on_time)| on_time.into()),
            done: Some(reported.into()),
            official: official.map(Exact::from),
            reported_beside: official.map(|_| reported.into()),
            official_beside: official.map(Exact::from),
            ..Facts::default()
        };
        let rows = [row(Some((10, 10)), 30, Some(20)), row(Some((30, 0)), 1_000, None), row(None, 10, Some(12))];
        let total: Facts = rows.iter().sum();
        let of =
            |key: &str, row: &Facts| COLUMNS.iter().find(|spec| spec.key == key).and_then(|spec| (spec.value)(row));
        assert_eq!(of("on_time", &total), Some(25.into()), "10 of 40, not the mean of 100 % and 0 %");
        assert_eq!((of("on_time", &rows[2]), of("gap", &rows[1])), (None, None));
        assert_eq!((of("gap", &rows[0]), of("gap_percent", &rows[0])), (Some(10.into()), Some(50.into())));
        assert_eq!((of("done", &total), of("official", &total)), (Some(1_040.into()), Some(32.into())));
        assert_eq!(of("gap", &total), Some(8.into()), "40 against 32, not 1040 against 32");
        assert_eq!(of("gap_percent", &total), Some(25.into()));
        assert_eq!(of("gap_percent", &row(None, 5, Some(0))), None, "of nothing there is no percentage");
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
