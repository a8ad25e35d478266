//! Evaluating a [`Basis`]: pure arithmetic over figures that were loaded for it.

#[cfg(test)]
mod tests;

use crate::count::Count;
use crate::drive::Drive;
use crate::exact::Exact;
use crate::id::{GroupId, IndicatorId, PhaseId};
use crate::problem::{Code, Problem};
use crate::quota::{Basis, QuotaKey, RatePer};
use crate::time::Day;

/// What a basis is evaluated from. Only what [`Basis::baseline`], [`Basis::quota`] and [`Basis::multiplied_by`] ask for
/// has to be given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BasisFigures<'a> {
    /// Code and name of the holder's unit, for problems.
    pub holder: &'a str,
    /// The baseline it rests on.
    pub baseline: Option<Count>,
    /// The quota it refers to.
    pub quota: Option<&'a Exact>,
    /// The plan's days of the phase or drive.
    pub plan_days: u32,
    /// How many villages or teams a rate per day is multiplied with.
    pub places: Option<u32>,
}

/// An amount with the way it was worked out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evaluated {
    /// The exact amount.
    pub amount: Exact,
    /// The formula in figures: `80 % × (862985 − 500000)`.
    pub explanation: String,
}

/// The last day whose baselines may be used for a phase or the whole drive: the first day of it, or the day on which the
/// plan was issued where that is later, because a plan prints the figures it was issued with.
///
/// # Errors
/// `NotFound` for a phase of another drive.
pub fn baseline_day(drive: &Drive, phase: Option<PhaseId>) -> Result<Day, Problem> {
    Ok(drive.days_of(phase)?.from().max(drive.issued_on))
}

impl Basis {
    /// The baseline it rests on.
    #[must_use]
    pub const fn baseline(&self) -> Option<(GroupId, IndicatorId)> {
        match self {
            Self::PercentOfBaseline { group, indicator, .. }
            | Self::PercentOfRest { group, indicator, .. }
            | Self::PerHead { group, indicator, .. } => Some((*group, *indicator)),
            Self::Absolute { .. }
            | Self::PerDay { .. }
            | Self::PerShift { .. }
            | Self::ShareOfTotal { .. }
            | Self::Share { .. } => None,
        }
    }

    /// The quota it refers to, of the same holder as `key`.
    #[must_use]
    pub const fn quota(&self, key: &QuotaKey) -> Option<QuotaKey> {
        match self {
            Self::PercentOfRest { phase, .. } => Some(QuotaKey { phase: Some(*phase), ..*key }),
            Self::ShareOfTotal { total, .. } => Some(QuotaKey { indicator: *total, ..*key }),
            _ => None,
        }
    }

    /// What a rate per day is multiplied with.
    #[must_use]
    pub const fn multiplied_by(&self) -> Option<RatePer> {
        match self {
            Self::PerDay { per, .. } => Some(*per),
            _ => None,
        }
    }
}

/// Works out the amount of a basis.
///
/// # Errors
/// `OutOfRange` for a percentage outside of 0 to 100, a negative number, and an amount above [`Count::MAX`]; `TooLong`
/// for a fraction that could not be stored; `BaselineMissing` with the holder's code and name; `QuotaMissing`;
/// `ShareWithoutCascade`. Places begin with `basis`.
pub fn evaluate(basis: &Basis, figures: &BasisFigures<'_>) -> Result<Evaluated, Problem> {
    let evaluated = work_out(basis, figures).map_err(|problem| problem.at("basis"))?;
    require_storable(&evaluated.amount).map_err(|problem| problem.at("basis"))?;
    Ok(evaluated)
}

/// Demands that an amount is one that quotas may have: 0 to [`Count::MAX`], in a text that can be read back.
///
/// # Errors
/// `OutOfRange`, `TooLong`.
pub fn require_storable(amount: &Exact) -> Result<(), Problem> {
    within(amount, Count::MAX)?;
    let length = amount.to_string().len();
    if length > Exact::MAX_TEXT {
        return Err(Problem::new(Code::TooLong).with("actual", length).with("max", Exact::MAX_TEXT));
    }
    Ok(())
}

fn work_out(basis: &Basis, figures: &BasisFigures<'_>) -> Result<Evaluated, Problem> {
    let baseline = || {
        let missing = || Problem::new(Code::BaselineMissing).with("unit", figures.holder);
        figures.baseline.map(|count| Exact::from(count.get())).ok_or_else(missing)
    };
    let quota =
        || figures.quota.ok_or_else(|| Problem::new(Code::QuotaMissing).with("holder", figures.holder).at("refers"));
    match basis {
        Basis::Absolute { amount } => {
            within(amount, Count::MAX).map_err(|problem| problem.at("amount"))?;
            Ok(Evaluated { amount: amount.clone(), explanation: amount.to_string() })
        }
        Basis::PercentOfBaseline { percent, .. } => {
            let base = baseline()?;
            percentage(percent, &base, &base.to_string())
        }
        Basis::PercentOfRest { percent, .. } => {
            let (eligible, given) = (baseline()?, quota()?);
            percentage(percent, &(&eligible - given).at_least_zero(), &format!("({eligible} − {given})"))
        }
        Basis::ShareOfTotal { percent, .. } => {
            let total = quota()?;
            percentage(percent, total, &total.to_string())
        }
        Basis::PerDay { rate, per } => per_day(rate, *per, figures),
        Basis::PerShift { rate, shifts } => times(rate, &[i64::from(*shifts).into()]),
        Basis::PerHead { rate, .. } => times(rate, &[baseline()?]),
        Basis::Share { .. } => Err(Problem::new(Code::ShareWithoutCascade)),
    }
}

fn per_day(rate: &Exact, per: RatePer, figures: &BasisFigures<'_>) -> Result<Evaluated, Problem> {
    let days = Exact::from(i64::from(figures.plan_days));
    if per == RatePer::Holder {
        return times(rate, &[days]);
    }
    // None on record is not the same as none: a quota of zero would pass for a figure.
    let places = figures.places.filter(|places| *places > 0);
    let places = places.ok_or_else(|| Problem::new(Code::BaselineMissing).with("unit", figures.holder).at("per"))?;
    times(rate, &[i64::from(places).into(), days])
}

fn percentage(percent: &Exact, of: &Exact, text: &str) -> Result<Evaluated, Problem> {
    within(percent, 100).map_err(|problem| problem.at("percent"))?;
    let amount = (percent * of).checked_div(&100.into()).unwrap_or_else(Exact::zero);
    Ok(Evaluated { amount, explanation: format!("{percent} % × {text}") })
}

fn times(rate: &Exact, factors: &[Exact]) -> Result<Evaluated, Problem> {
    within(rate, Count::MAX).map_err(|problem| problem.at("rate"))?;
    let amount = factors.iter().fold(rate.clone(), |product, factor| &product * factor);
    let signs: Vec<String> = std::iter::once(rate).chain(factors).map(Exact::to_string).collect();
    Ok(Evaluated { amount, explanation: signs.join(" × ") })
}

fn within(value: &Exact, max: i64) -> Result<(), Problem> {
    if !value.is_negative() && *value <= max.into() {
        return Ok(());
    }
    Err(Problem::new(Code::OutOfRange).with("actual", value).with("min", 0).with("max", max))
}
