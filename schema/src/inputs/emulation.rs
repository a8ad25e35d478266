//! Inputs about emulation.

use async_graphql::{ID, InputObject};
use caodiem_domain::emulation::list::EmulationListPredicate;
use caodiem_domain::exact::Exact;
use caodiem_domain::id::UnitId;
use caodiem_domain::problem::Problem;
use caodiem_domain::text::{PlanNumber, Reason, Title};
use caodiem_domain::usecase::decide_emulation::DecideEmulation;
use caodiem_domain::usecase::read_emulation::EmulationQuestion;

use crate::codes::Codes;
use crate::error::Result;
use crate::filter::{LIST_MAX, Parts, Where};
use crate::ids::key_of;
use crate::inputs::basis::base;
use crate::inputs::progress::span;
use crate::inputs::{Check, mutation_inputs};
use crate::objects::emulation::EmulationOutcome;
use crate::objects::progress::{FigureBasis, RankMeasure};
use crate::objects::unit::Level;
use crate::scalars::{Date, Decimal};

mutation_inputs! { DecideEmulationInput => DecideEmulation }

/// Who is asked about, and by what they are judged.
#[derive(InputObject)]
pub(crate) struct EmulationInput {
    /// The drive.
    drive: ID,
    /// All units of this level under the unit are candidates; those directly under it when absent.
    level: Option<Level>,
    /// Code of the indicator, simple or composite.
    indicator: String,
    /// Code of the population group of the quotas.
    group: String,
    /// The phase of the quotas; the whole drive when absent.
    phase: Option<ID>,
    /// First of the days that are judged; the phase's or drive's first when absent.
    from: Option<Date>,
    /// Last of them; the last day of the phase or drive that is over when absent. A report of that day which still has time
    /// counts as missing.
    to: Option<Date>,
    /// Whose figure stands for what was done; what settles the drive's result when absent.
    basis: Option<FigureBasis>,
    /// What places go by.
    #[graphql(default_with = "RankMeasure::Share")]
    measure: RankMeasure,
    /// The minimum base: units with a smaller quota get no place; 0 when absent.
    min_quota: Option<Decimal>,
    /// So many reports may be missing, excused ones apart, before a unit is silent.
    #[graphql(default = 0)]
    allowed_silent: u32,
    /// So many reports may come late before it counts.
    #[graphql(default = 0)]
    allowed_late: u32,
}

impl EmulationInput {
    /// The question about the units of `unit`, or everything that is wrong.
    pub(crate) fn question(&self, codes: &Codes, unit: &ID) -> Result<EmulationQuestion, Vec<Problem>> {
        let mut check = Check::default();
        let drive = check.field("drive", key_of(&self.drive));
        let unit: Option<UnitId> = check.field("unit", key_of(unit));
        let base = check.all(base(codes, &self.group, &self.indicator));
        let phase = check.optional("phase", self.phase.as_ref(), |id| key_of(id));
        check.done(|| {
            let (group, indicator) = base?;
            Some(EmulationQuestion {
                drive: drive?,
                unit: unit?,
                level: self.level.map(Into::into),
                indicator,
                group,
                phase: phase?,
                days: span(self.from, self.to),
                basis: self.basis.map(Into::into),
                measure: self.measure.into(),
                min_quota: self.min_quota.as_ref().map_or_else(Exact::zero, |least| least.0.clone()),
                allowed_silent: self.allowed_silent,
                allowed_late: self.allowed_late,
            })
        })
    }
}

/// A list to be drawn up.
#[derive(InputObject)]
pub(crate) struct DrawUpEmulationListInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    pub(crate) request_id: String,
    /// The unit whose units are the candidates.
    unit: ID,
    /// By what they are judged.
    #[graphql(flatten)]
    list: EmulationInput,
}

impl DrawUpEmulationListInput {
    /// The command, or everything that is wrong.
    pub(crate) fn command(&self, codes: &Codes) -> Result<EmulationQuestion, Vec<Problem>> {
        self.list.question(codes, &self.unit)
    }
}

/// A decision of the council on a candidate.
#[derive(InputObject)]
pub(crate) struct DecideEmulationInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The list.
    list: ID,
    /// The candidate.
    unit: ID,
    /// What was decided. Who is out of the running is not commended.
    decided: EmulationOutcome,
    /// Number of the decision, at most 80 characters.
    number: String,
    /// The form of the award, at most 200 characters; of a commendation only.
    award: Option<String>,
    /// Why, at most 500 characters.
    reason: String,
}

impl TryFrom<DecideEmulationInput> for DecideEmulation {
    type Error = Vec<Problem>;

    fn try_from(input: DecideEmulationInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let list = check.field("list", key_of(&input.list));
        let unit = check.field("unit", key_of(&input.unit));
        let number = check.field("number", PlanNumber::new(&input.number));
        let award = check.optional("award", input.award, |text| Title::new(text));
        let reason = check.field("reason", Reason::new(&input.reason));
        let decided = input.decided.into();
        check.done(|| Some(Self { list: list?, unit: unit?, decided, number: number?, award: award?, reason: reason? }))
    }
}

/// Narrows a list of emulation lists. All given fields hold together.
#[derive(InputObject, Clone)]
pub(crate) struct EmulationListWhere {
    /// All of these hold.
    and: Option<Vec<EmulationListWhere>>,
    /// At least one of these holds.
    or: Option<Vec<EmulationListWhere>>,
    /// This does not hold.
    not: Option<Box<EmulationListWhere>>,
    /// Of this drive.
    drive: Option<ID>,
    /// Of one of these units.
    unit: Option<Vec<ID>>,
    /// Of this unit or any under it.
    under: Option<ID>,
}

impl Where for EmulationListWhere {
    type Predicate = EmulationListPredicate;

    fn parts(self, check: &mut Check) -> Parts<Self, EmulationListPredicate> {
        check.at_most("unit", self.unit.as_deref().unwrap_or_default(), LIST_MAX);
        let drive = check.optional("drive", self.drive, key_of).flatten();
        let units = self.unit.and_then(|ids| check.each("unit", ids, |id| key_of(&id)));
        let under = check.optional("under", self.under, key_of).flatten();
        let is = [
            drive.map(EmulationListPredicate::Drive),
            units.map(EmulationListPredicate::Unit),
            under.map(EmulationListPredicate::Under),
        ];
        Parts { and: self.and, or: self.or, not: self.not, is: is.into_iter().flatten().collect() }
    }
}
