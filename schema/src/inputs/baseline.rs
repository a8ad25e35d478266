//! Inputs about baselines and printed figures.

use std::sync::Arc;

use async_graphql::{ID, InputObject};
use caodiem_domain::baseline::{BaselineKey, BaselinePredicate, PrintedFigure};
use caodiem_domain::count::Count;
use caodiem_domain::problem::Problem;
use caodiem_domain::text::{Key, Source};
use caodiem_domain::usecase::record_baselines::RecordBaselines;

use crate::codes::{Coded, Codes};
use crate::error::Result;
use crate::filter::{Parts, Where};
use crate::ids::key_of;
use crate::inputs::basis::base;
use crate::inputs::{Check, mutation_inputs};
use crate::scalars::{BigInt, Date, Decimal};

/// Narrows a list of baselines. All given fields hold together.
#[derive(InputObject, Clone)]
pub(crate) struct BaselineWhere {
    /// All of these hold.
    and: Option<Vec<BaselineWhere>>,
    /// At least one of these holds.
    or: Option<Vec<BaselineWhere>>,
    /// This does not hold.
    not: Option<Box<BaselineWhere>>,
    /// Of one of these units.
    #[graphql(validator(max_items = 100))]
    unit: Option<Vec<ID>>,
    /// Of one of these population groups, by code.
    #[graphql(validator(max_items = 100))]
    group: Option<Vec<String>>,
    /// Of one of these indicators, by code.
    #[graphql(validator(max_items = 100))]
    indicator: Option<Vec<String>>,
    /// As of this day.
    as_of: Option<Date>,
    /// Made up, or not.
    synthetic: Option<bool>,
}

impl Where for Coded<BaselineWhere> {
    type Predicate = BaselinePredicate;

    fn parts(self, check: &mut Check) -> Parts<Self, BaselinePredicate> {
        let Self(input, codes) = self;
        let units = input.unit.and_then(|ids| check.each("unit", ids, |id| key_of(&id)));
        let groups = input.group.and_then(|list| check.each("group", list, |code| codes.group(&code)));
        let indicators = input.indicator.and_then(|list| check.each("indicator", list, |code| codes.indicator(&code)));
        let is = [
            units.map(BaselinePredicate::Unit),
            groups.map(BaselinePredicate::Group),
            indicators.map(BaselinePredicate::Indicator),
            input.as_of.map(|day| BaselinePredicate::AsOf(day.0)),
            input.synthetic.map(BaselinePredicate::Synthetic),
        ];
        let is = is.into_iter().flatten().collect();
        let wrap = |input| Self(input, Arc::clone(&codes));
        let and = input.and.map(|branches| branches.into_iter().map(wrap).collect());
        let or = input.or.map(|branches| branches.into_iter().map(wrap).collect());
        let not = input.not.map(|branch| Box::new(wrap(*branch)));
        Parts { and, or, not, is }
    }
}

/// Baselines of one source, all or none.
#[derive(InputObject)]
pub(crate) struct RecordBaselinesInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    pub(crate) request_id: String,
    /// The document they come from, at most 200 characters.
    source: String,
    /// The figures, at most 12,000.
    rows: Vec<BaselineRowInput>,
    /// Whether they are made up for a demonstration.
    #[graphql(default)]
    synthetic: bool,
}

/// A baseline to be recorded.
#[derive(InputObject)]
pub(crate) struct BaselineRowInput {
    /// Where.
    unit: ID,
    /// Of whom: code of the population group.
    group: String,
    /// Of what: code of the indicator.
    indicator: String,
    /// The day it speaks of.
    as_of: Date,
    /// The figure, 0 to 10¹².
    value: BigInt,
}

impl RecordBaselinesInput {
    /// The command, or everything that is wrong.
    pub(crate) fn command(&self, codes: &Codes) -> Result<RecordBaselines, Vec<Problem>> {
        let mut check = Check::default();
        let source = check.field("source", Source::new(&self.source));
        let rows = check.each_within("rows", &self.rows, |row| row.figure(codes));
        check.done(|| Some(RecordBaselines { source: source?, rows: rows?, synthetic: self.synthetic }))
    }
}

impl BaselineRowInput {
    fn figure(&self, codes: &Codes) -> Result<(BaselineKey, Count), Vec<Problem>> {
        let mut check = Check::default();
        let unit = check.field("unit", key_of(&self.unit));
        let base = check.all(base(codes, &self.group, &self.indicator));
        let value = check.field("value", Count::new(self.value.0));
        check.done(|| {
            let (group, indicator) = base?;
            Some((BaselineKey { unit: unit?, group, indicator, as_of: self.as_of.0 }, value?))
        })
    }
}

/// Figures as a drive's source prints them, kept apart from what the figures give.
#[derive(InputObject)]
pub(crate) struct RecordPrintedFiguresInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The drive whose plan prints them.
    drive: ID,
    /// The document, at most 200 characters.
    source: String,
    /// The figures, at most 1,000.
    #[graphql(validator(max_items = 1000))]
    figures: Vec<PrintedFigureInput>,
}

/// A figure as a source prints it.
#[derive(InputObject)]
pub(crate) struct PrintedFigureInput {
    /// The row; the total row when absent.
    unit: Option<ID>,
    /// Key of the column in the drive's plan table.
    column: String,
    /// The figure.
    value: Decimal,
}

mutation_inputs! { RecordPrintedFiguresInput => Vec<PrintedFigure> }

impl TryFrom<RecordPrintedFiguresInput> for Vec<PrintedFigure> {
    type Error = Vec<Problem>;

    fn try_from(input: RecordPrintedFiguresInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let drive = check.field("drive", key_of(&input.drive));
        let source = check.field("source", Source::new(&input.source));
        let figures = check.each_within("figures", input.figures, |figure| {
            let mut check = Check::default();
            let unit = check.optional("unit", figure.unit, key_of);
            let column = check.field("column", Key::new(&figure.column));
            check.done(|| Some((unit?, column?, figure.value.0)))
        });
        check.done(|| {
            let (drive, source) = (drive?, source?);
            let figure = |(unit, column, value)| PrintedFigure { drive, unit, column, value, source: source.clone() };
            Some(figures?.into_iter().map(figure).collect())
        })
    }
}
