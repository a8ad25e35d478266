//! A quota's basis as text: the name of its form, then its parts in order, one space between.
//!
//! Text rather than a column per part: a form has up to four parts, none of which is ever searched for, and history
//! keeps it as it was.

use caodiem_domain::error::StoreError;
use caodiem_domain::exact::Exact;
use caodiem_domain::id::{GroupId, IndicatorId, MemberId, PhaseId, TeamId, UnitId};
use caodiem_domain::quota::{Basis, Holder, RatePer};

/// The text of a basis.
pub(crate) fn encode(basis: &Basis) -> String {
    match basis {
        Basis::Absolute { amount } => format!("ABSOLUTE {amount}"),
        Basis::PercentOfBaseline { percent, group, indicator } => {
            format!("PERCENT_OF_BASELINE {percent} {} {}", group.get(), indicator.get())
        }
        Basis::PercentOfRest { percent, phase, group, indicator } => {
            format!("PERCENT_OF_REST {percent} {} {} {}", phase.get(), group.get(), indicator.get())
        }
        Basis::PerDay { rate, per } => format!("PER_DAY {rate} {}", per_name(*per)),
        Basis::PerShift { rate, shifts } => format!("PER_SHIFT {rate} {shifts}"),
        Basis::PerHead { rate, group, indicator } => {
            format!("PER_HEAD {rate} {} {}", group.get(), indicator.get())
        }
        Basis::ShareOfTotal { percent, total } => format!("SHARE_OF_TOTAL {percent} {}", total.get()),
        Basis::Share { of: Holder::Unit(id) } => format!("SHARE UNIT {}", id.get()),
        Basis::Share { of: Holder::Team(id) } => format!("SHARE TEAM {}", id.get()),
        Basis::Share { of: Holder::Member(id) } => format!("SHARE MEMBER {}", id.get()),
    }
}

const fn per_name(per: RatePer) -> &'static str {
    match per {
        RatePer::Holder => "HOLDER",
        RatePer::Village => "VILLAGE",
        RatePer::Team => "TEAM",
    }
}

/// The basis of a text that [`encode`] made.
pub(crate) fn decode(text: &str) -> Result<Basis, StoreError> {
    let parts: Vec<&str> = text.split(' ').collect();
    parse(&parts).ok_or_else(|| StoreError::Corrupt(format!("basis of a quota: {text:?}")))
}

fn parse(parts: &[&str]) -> Option<Basis> {
    let basis = match parts {
        ["ABSOLUTE", amount] => Basis::Absolute { amount: exact(amount)? },
        ["PERCENT_OF_BASELINE", percent, of_group, of_indicator] => Basis::PercentOfBaseline {
            percent: exact(percent)?,
            group: group(of_group)?,
            indicator: indicator(of_indicator)?,
        },
        ["PERCENT_OF_REST", percent, phase, of_group, of_indicator] => Basis::PercentOfRest {
            percent: exact(percent)?,
            phase: PhaseId::new(phase.parse().ok()?),
            group: group(of_group)?,
            indicator: indicator(of_indicator)?,
        },
        ["PER_DAY", rate, per] => Basis::PerDay { rate: exact(rate)?, per: per_of(per)? },
        ["PER_SHIFT", rate, shifts] => Basis::PerShift { rate: exact(rate)?, shifts: shifts.parse().ok()? },
        ["PER_HEAD", rate, of_group, of_indicator] => {
            Basis::PerHead { rate: exact(rate)?, group: group(of_group)?, indicator: indicator(of_indicator)? }
        }
        ["SHARE_OF_TOTAL", percent, total] => {
            Basis::ShareOfTotal { percent: exact(percent)?, total: indicator(total)? }
        }
        ["SHARE", kind, id] => Basis::Share { of: holder(kind, id)? },
        _ => return None,
    };
    Some(basis)
}

fn exact(text: &str) -> Option<Exact> {
    Exact::parse(text).ok()
}

fn group(text: &str) -> Option<GroupId> {
    text.parse().ok().map(GroupId::new)
}

fn indicator(text: &str) -> Option<IndicatorId> {
    text.parse().ok().map(IndicatorId::new)
}

fn per_of(name: &str) -> Option<RatePer> {
    [RatePer::Holder, RatePer::Village, RatePer::Team].into_iter().find(|per| per_name(*per) == name)
}

fn holder(kind: &str, id: &str) -> Option<Holder> {
    let id = id.parse().ok()?;
    match kind {
        "UNIT" => Some(Holder::Unit(UnitId::new(id))),
        "TEAM" => Some(Holder::Team(TeamId::new(id))),
        "MEMBER" => Some(Holder::Member(MemberId::new(id))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_comes_back_as_it_was() {
        let exact = |text: &str| Exact::parse(text).unwrap_or_else(|_refused| Exact::zero());
        let (group, indicator) = (GroupId::new(3), IndicatorId::new(7));
        let mut forms = vec![
            Basis::Absolute { amount: exact("124029/45934") },
            Basis::PercentOfBaseline { percent: exact("80"), group, indicator },
            Basis::PercentOfRest { percent: exact("80"), phase: PhaseId::new(2), group, indicator },
            Basis::PerShift { rate: exact("160"), shifts: 42 },
            Basis::PerHead { rate: exact("10"), group, indicator },
            Basis::ShareOfTotal { percent: exact("20"), total: indicator },
            Basis::Share { of: Holder::Unit(UnitId::new(i64::MAX)) },
            Basis::Share { of: Holder::Team(TeamId::new(1)) },
            Basis::Share { of: Holder::Member(MemberId::new(1)) },
        ];
        for per in [RatePer::Holder, RatePer::Village, RatePer::Team] {
            forms.push(Basis::PerDay { rate: exact("1/3"), per });
        }
        for basis in forms {
            assert_eq!(decode(&encode(&basis)), Ok(basis));
        }
    }

    #[test]
    fn other_text_is_corrupt() {
        for text in ["", "ABSOLUTE", "ABSOLUTE x", "ABSOLUTE 1 2", "SHARE VILLAGE 1", "PER_DAY 5 WEEK", "absolute 1"] {
            assert!(matches!(decode(text), Err(StoreError::Corrupt(_))), "{text:?} was read");
        }
    }
}
