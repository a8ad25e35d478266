//! What a column of a plan table shows, as text: the name of its form, then its parts in order, one space between.

use caodiem_domain::error::StoreError;
use caodiem_domain::exact::Exact;
use caodiem_domain::id::{GroupId, IndicatorId, PhaseId};
use caodiem_domain::plan::Column;
use caodiem_domain::text::Key;

use super::exact;

/// The text of a column; 0 stands for the whole drive where a phase may stand.
///
/// # Errors
/// As [`exact::encode`].
pub(crate) fn encode(column: &Column) -> Result<String, StoreError> {
    let phase_number = |phase: &Option<PhaseId>| phase.map_or(0, PhaseId::get);
    Ok(match column {
        Column::Baseline { group, indicator } => format!("BASELINE {} {}", group.get(), indicator.get()),
        Column::Quota { phase, indicator, group } => {
            format!("QUOTA {} {} {}", phase_number(phase), indicator.get(), group.get())
        }
        Column::Teams => "TEAMS".to_owned(),
        Column::Less { of, less } => format!("LESS {of} {less}"),
        Column::UpTo { of, ceiling } => format!("UP_TO {of} {ceiling}"),
        Column::Percent { of, percent } => format!("PERCENT {of} {}", exact::encode(percent)?),
        Column::PerDay { of, phase } => format!("PER_DAY {of} {}", phase_number(phase)),
        Column::PerEachDay { of, each, phase } => format!("PER_EACH_DAY {of} {each} {}", phase_number(phase)),
        Column::Ratio { of, base } => format!("RATIO {of} {base}"),
    })
}

/// The column of a text that [`encode`] made.
pub(crate) fn decode(text: &str) -> Result<Column, StoreError> {
    let parts: Vec<&str> = text.split(' ').collect();
    parse(&parts).ok_or_else(|| StoreError::Corrupt(format!("column of a plan table: {text:?}")))
}

fn parse(parts: &[&str]) -> Option<Column> {
    Some(match parts {
        ["BASELINE", group, indicator] => {
            Column::Baseline { group: GroupId::new(number(group)?), indicator: IndicatorId::new(number(indicator)?) }
        }
        ["QUOTA", of_phase, indicator, group] => Column::Quota {
            phase: phase(number(of_phase)?),
            indicator: IndicatorId::new(number(indicator)?),
            group: GroupId::new(number(group)?),
        },
        ["TEAMS"] => Column::Teams,
        ["LESS", of, less] => Column::Less { of: key(of)?, less: key(less)? },
        ["UP_TO", of, ceiling] => Column::UpTo { of: key(of)?, ceiling: number(ceiling)? },
        ["PERCENT", of, percent] => Column::Percent { of: key(of)?, percent: Exact::parse(percent).ok()? },
        ["PER_DAY", of, of_phase] => Column::PerDay { of: key(of)?, phase: phase(number(of_phase)?) },
        ["PER_EACH_DAY", of, each, of_phase] => {
            Column::PerEachDay { of: key(of)?, each: key(each)?, phase: phase(number(of_phase)?) }
        }
        ["RATIO", of, base] => Column::Ratio { of: key(of)?, base: key(base)? },
        _ => return None,
    })
}

fn number(text: &str) -> Option<i64> {
    text.parse().ok()
}

fn key(text: &str) -> Option<Key> {
    Key::new(text).ok()
}

fn phase(number: i64) -> Option<PhaseId> {
    (number != 0).then(|| PhaseId::new(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_round_trip() {
        let key = || Key::new("QUOTA-1");
        let columns = || -> Result<Vec<Column>, caodiem_domain::problem::Problem> {
            Ok(vec![
                Column::Baseline { group: GroupId::new(3), indicator: IndicatorId::new(4) },
                Column::Quota { phase: None, indicator: IndicatorId::new(4), group: GroupId::new(3) },
                Column::Quota { phase: Some(PhaseId::new(9)), indicator: IndicatorId::new(4), group: GroupId::new(3) },
                Column::Teams,
                Column::Less { of: key()?, less: key()? },
                Column::UpTo { of: key()?, ceiling: 12_500 },
                Column::Percent { of: key()?, percent: Exact::parse("80/3")? },
                Column::PerDay { of: key()?, phase: None },
                Column::PerEachDay { of: key()?, each: key()?, phase: Some(PhaseId::new(1)) },
                Column::Ratio { of: key()?, base: key()? },
            ])
        };
        for column in columns().unwrap_or_default() {
            assert_eq!(encode(&column).and_then(|text| decode(&text)), Ok(column));
        }
        assert!(decode("TEAMS 1").is_err());
    }
}
