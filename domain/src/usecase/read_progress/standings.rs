//! Where units stand against each other, whichever of the three figures stands for what was done.

use std::collections::BTreeMap;

use super::ProgressQuestion;
use super::figures::Figures;
use super::frame::Frame;
use crate::error::Error;
use crate::exact::Exact;
use crate::id::UnitId;
use crate::ports::ReadTx;
use crate::problem::{Code, Problem};
use crate::progress::rank::rank;
use crate::progress::{FigureBasis, Progress, Rank, RankMeasure, TreeView};
use crate::usecase::compare_figures::done_in;

/// Units with where they stand, in the order asked.
pub(in crate::usecase) struct Standings {
    /// Those with a figure in the basis.
    pub(in crate::usecase) known: Vec<Progress>,
    /// Those without one.
    pub(in crate::usecase) unknown: Vec<Progress>,
    /// What was reported, whatever the basis; units of which nobody reported are left out.
    pub(in crate::usecase) reported: BTreeMap<UnitId, i64>,
}

impl Standings {
    /// Places them, best first; those without a figure get no place and come last.
    pub(in crate::usecase) fn ranks(&self, measure: RankMeasure, min_quota: &Exact) -> Vec<Rank> {
        let mut ranks = rank(&self.known, measure, min_quota);
        let of = ranks.first().map_or(0, |first| first.of);
        let without = |one: &Progress| Rank { unit: one.unit, place: None, of, tied: false, value: None };
        ranks.extend(self.unknown.iter().map(without));
        ranks
    }
}

/// Where units stand in a basis. Unscoped.
///
/// # Errors
/// `NotUsedHere` at `basis`: only what was reported is restated, and known as it was at an earlier moment.
pub(super) fn standings(
    tx: &mut dyn ReadTx,
    frame: &Frame,
    question: &ProgressQuestion,
    basis: FigureBasis,
    units: &[UnitId],
) -> Result<Standings, Error> {
    let stands = [("RESTATED", question.view == TreeView::AsItWas), ("KNOWN_AT", question.known_at.is_none())];
    if basis != FigureBasis::Reported
        && let Some((kind, _)) = stands.into_iter().find(|(_, holds)| !holds)
    {
        return Err(Problem::new(Code::NotUsedHere).with("kind", kind).at("basis").into());
    }
    let mut figures = Figures::load(tx, frame, question, units)?;
    let reported = figures.reported();
    let other = done_in(tx, &frame.drive, frame.indicator, basis, frame.days, units)?;
    let is_known = |unit: &UnitId| other.as_ref().is_none_or(|done| done.contains_key(unit));
    let (known, unknown): (Vec<UnitId>, Vec<UnitId>) = units.iter().partition(|unit| is_known(unit));
    if let Some(done) = &other {
        figures.replace(done);
    }
    let stand = |units: Vec<UnitId>| {
        units.into_iter().map(|unit| figures.stand(frame, question, unit)).collect::<Result<Vec<Progress>, Problem>>()
    };
    Ok(Standings { known: stand(known)?, unknown: stand(unknown)?, reported })
}
