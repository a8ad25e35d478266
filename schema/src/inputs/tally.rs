//! Inputs about tallies.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_graphql::{Enum, ID, InputObject, OneofObject};
use caodiem_domain::count::Count;
use caodiem_domain::id::UnitId;
use caodiem_domain::problem::{Code, Problem};
use caodiem_domain::tally::{self, Figure, TallyPredicate, TallyRow};
use caodiem_domain::text::{Reason, UnitCode};
use caodiem_domain::time::{Day, DayRange};

use crate::codes::{Coded, Codes};
use crate::error::Result;
use crate::filter::{Parts, Where};
use crate::ids::key_of;
use crate::inputs::Check;
use crate::scalars::{BigInt, Date, DateTime};

/// Narrows a list of tallies. All given fields hold together.
#[derive(InputObject, Clone)]
pub(crate) struct TallyWhere {
    /// All of these hold.
    and: Option<Vec<TallyWhere>>,
    /// At least one of these holds.
    or: Option<Vec<TallyWhere>>,
    /// This does not hold.
    not: Option<Box<TallyWhere>>,
    /// Credited to one of these units.
    #[graphql(validator(max_items = 100))]
    credited_unit: Option<Vec<ID>>,
    /// Credited to this unit or any under it, by the tree as it stands.
    under: Option<ID>,
    /// Reported by one of these teams.
    #[graphql(validator(max_items = 100))]
    team: Option<Vec<ID>>,
    /// Of one of these indicators, by code.
    #[graphql(validator(max_items = 100))]
    indicator: Option<Vec<String>>,
    /// Of these days.
    days: Option<DaysInput>,
    /// Revised at least once, or never.
    corrected: Option<bool>,
}

/// Days, both ends included.
#[derive(InputObject, Clone)]
pub(crate) struct DaysInput {
    /// First day.
    from: Date,
    /// Last day.
    to: Date,
}

impl DaysInput {
    /// The days.
    pub(crate) fn range(&self) -> Result<DayRange, Problem> {
        DayRange::new(self.from.0, self.to.0)
    }
}

impl Where for Coded<TallyWhere> {
    type Predicate = TallyPredicate;

    fn parts(self, check: &mut Check) -> Parts<Self, TallyPredicate> {
        let Self(input, codes) = self;
        let credited = input.credited_unit.and_then(|ids| check.each("creditedUnit", ids, |id| key_of(&id)));
        let under = check.optional("under", input.under, key_of).flatten();
        let teams = input.team.and_then(|ids| check.each("team", ids, |id| key_of(&id)));
        let indicators = input.indicator.and_then(|list| check.each("indicator", list, |code| codes.indicator(&code)));
        let days = check.optional("days", input.days, DaysInput::range).flatten();
        let is = [
            credited.map(TallyPredicate::Credited),
            under.map(TallyPredicate::Under),
            teams.map(TallyPredicate::Team),
            indicators.map(TallyPredicate::Indicator),
            days.map(TallyPredicate::Days),
            input.corrected.map(TallyPredicate::Corrected),
        ];
        let is = is.into_iter().flatten().collect();
        let wrap = |input| Self(input, Arc::clone(&codes));
        let and = input.and.map(|branches| branches.into_iter().map(wrap).collect());
        let or = input.or.map(|branches| branches.into_iter().map(wrap).collect());
        let not = input.not.map(|branch| Box::new(wrap(*branch)));
        Parts { and, or, not, is }
    }
}

/// The orders of a list of tallies; the slot breaks ties.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "tally::TallyOrder")]
pub(crate) enum TallyOrder {
    /// By day, oldest first.
    Day,
    /// By day, newest first.
    NewestDay,
}

/// What one client reports to one drive.
#[derive(InputObject)]
pub(crate) struct SubmitTalliesInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    pub(crate) request_id: String,
    /// The drive.
    pub(crate) drive: ID,
    /// The rows, 1 to 1,000; each is taken or refused by itself.
    pub(crate) rows: Vec<TallyRowInput>,
}

/// A reported figure, or an explicit nil report.
#[derive(InputObject)]
pub(crate) struct TallyRowInput {
    /// Who reports.
    reporter: ReporterInput,
    /// The unit it counts for; the reporter's own when absent. Level 1 counts where the citizen resides, level 2 where
    /// the record was received.
    credited_unit: Option<CreditedUnitInput>,
    /// The day it speaks of.
    day: Date,
    /// Code of the indicator; absent in a nil report.
    indicator: Option<String>,
    /// The figure, 0 to 10¹²; absent in a nil report.
    value: Option<BigInt>,
    /// True when nothing was done that day: silence is not zero.
    #[graphql(default)]
    nil: bool,
    /// Why an earlier figure is corrected, or why the first word comes after the cut-off; at most 500 characters.
    reason: Option<String>,
    /// What the device says the time is: evidence only.
    device_at: Option<DateTime>,
}

/// Who reports: exactly one.
#[derive(OneofObject)]
pub(crate) enum ReporterInput {
    /// A team.
    Team(ID),
    /// A unit's own staff.
    Unit(ID),
}

/// The unit that a figure counts for: exactly one.
#[derive(OneofObject)]
pub(crate) enum CreditedUnitInput {
    /// Its id.
    Id(ID),
    /// Its official code on the day of the row.
    Code(String),
}

/// Units by official code on a day.
pub(crate) type UnitsByCode = BTreeMap<(Day, UnitCode), UnitId>;

impl SubmitTalliesInput {
    /// The codes of units that rows name, with their days.
    pub(crate) fn unit_codes(&self) -> BTreeMap<Day, Vec<UnitCode>> {
        let mut named: BTreeMap<Day, Vec<UnitCode>> = BTreeMap::new();
        for row in &self.rows {
            if let Some(CreditedUnitInput::Code(code)) = &row.credited_unit
                && let Ok(code) = UnitCode::new(code)
            {
                named.entry(row.day.0).or_default().push(code);
            }
        }
        named
    }

    /// Each row as the domain takes it, or what is wrong with it, placed at `rows.<index>`.
    pub(crate) fn rows(&self, codes: &Codes, units: &UnitsByCode) -> Vec<Result<TallyRow, Problem>> {
        let place = |index: usize| move |problem: Problem| problem.at(index).at("rows");
        self.rows.iter().enumerate().map(|(index, row)| row.row(codes, units).map_err(place(index))).collect()
    }
}

impl TallyRowInput {
    fn row(&self, codes: &Codes, units: &UnitsByCode) -> Result<TallyRow, Problem> {
        let reporter = match &self.reporter {
            ReporterInput::Team(id) => key_of(id).map(tally::Reporter::Team),
            ReporterInput::Unit(id) => key_of(id).map(tally::Reporter::Unit),
        };
        let credited = self.credited_unit.as_ref().map(|unit| unit.unit(self.day.0, units)).transpose();
        let reason = self.reason.as_deref().map(Reason::new).transpose();
        Ok(TallyRow {
            reporter: reporter.map_err(|problem| problem.at("reporter"))?,
            credited: credited.map_err(|problem| problem.at("creditedUnit"))?,
            day: self.day.0,
            figure: self.figure(codes)?,
            reason: reason.map_err(|problem| problem.at("reason"))?,
            device_at: self.device_at.map(|moment| moment.0),
        })
    }

    fn figure(&self, codes: &Codes) -> Result<Figure, Problem> {
        match (self.nil, &self.indicator, self.value) {
            (true, None, None) => Ok(Figure::Nil),
            (false, Some(code), Some(value)) => {
                let indicator = codes.indicator(code).map_err(|problem| problem.at("indicator"))?;
                let value = Count::new(value.0).map_err(|problem| problem.at("value"))?;
                Ok(Figure::Value { indicator, value })
            }
            _ => Err(Problem::new(Code::FigureOrNil)),
        }
    }
}

impl CreditedUnitInput {
    fn unit(&self, day: Day, units: &UnitsByCode) -> Result<UnitId, Problem> {
        match self {
            Self::Id(id) => key_of(id),
            Self::Code(code) => {
                let code = UnitCode::new(code)?;
                let unknown = || Problem::not_found("Unit", &code);
                units.get(&(day, code.clone())).copied().ok_or_else(unknown)
            }
        }
    }
}
