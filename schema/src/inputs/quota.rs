//! Inputs about quotas.

use std::sync::Arc;

use async_graphql::{ID, InputObject, MaybeUndefined};
use caodiem_domain::id::DriveId;
use caodiem_domain::problem::Problem;
use caodiem_domain::quota::{Holder, QuotaKey, QuotaPredicate};
use caodiem_domain::text::{PlanNumber, Reason};
use caodiem_domain::usecase::set_quotas::{QuotaSetting, SetQuotas};

use crate::codes::{Coded, Codes};
use crate::error::Result;
use crate::filter::{Parts, Where};
use crate::ids::key_of;
use crate::inputs::Check;
use crate::inputs::basis::{BasisInput, HolderInput, base};
use crate::scalars::Date;

/// Narrows a list of quotas. All given fields hold together.
#[derive(InputObject, Clone)]
pub(crate) struct QuotaWhere {
    /// All of these hold.
    and: Option<Vec<QuotaWhere>>,
    /// At least one of these holds.
    or: Option<Vec<QuotaWhere>>,
    /// This does not hold.
    not: Option<Box<QuotaWhere>>,
    /// Of this drive.
    drive: Option<ID>,
    /// Of this phase; null for those of the whole drive.
    phase: MaybeUndefined<ID>,
    /// Held by one of these units.
    #[graphql(validator(max_items = 100))]
    unit: Option<Vec<ID>>,
    /// Held by this unit or any under it, teams and members included.
    under: Option<ID>,
    /// Held by one of these teams.
    #[graphql(validator(max_items = 100))]
    team: Option<Vec<ID>>,
    /// Of one of these indicators, by code.
    #[graphql(validator(max_items = 100))]
    indicator: Option<Vec<String>>,
    /// Of one of these population groups, by code.
    #[graphql(validator(max_items = 100))]
    group: Option<Vec<String>>,
}

impl Where for Coded<QuotaWhere> {
    type Predicate = QuotaPredicate;

    fn parts(self, check: &mut Check) -> Parts<Self, QuotaPredicate> {
        let Self(input, codes) = self;
        let drive = check.optional("drive", input.drive, key_of).flatten();
        let phase = input.phase.as_opt_ref().and_then(|phase| check.optional("phase", phase, |id| key_of(id)));
        let units = input.unit.and_then(|ids| check.each("unit", ids, |id| key_of(&id)));
        let under = check.optional("under", input.under, key_of).flatten();
        let teams = input.team.and_then(|ids| check.each("team", ids, |id| key_of(&id)));
        let indicators = input.indicator.and_then(|list| check.each("indicator", list, |code| codes.indicator(&code)));
        let groups = input.group.and_then(|list| check.each("group", list, |code| codes.group(&code)));
        let is = [
            drive.map(QuotaPredicate::Drive),
            phase.map(QuotaPredicate::Phase),
            units.map(QuotaPredicate::Unit),
            under.map(QuotaPredicate::Under),
            teams.map(QuotaPredicate::Team),
            indicators.map(QuotaPredicate::Indicator),
            groups.map(QuotaPredicate::Group),
        ];
        let is = is.into_iter().flatten().collect();
        let wrap = |input| Self(input, Arc::clone(&codes));
        let and = input.and.map(|branches| branches.into_iter().map(wrap).collect());
        let or = input.or.map(|branches| branches.into_iter().map(wrap).collect());
        let not = input.not.map(|branch| Box::new(wrap(*branch)));
        Parts { and, or, not, is }
    }
}

/// Quotas of one decision, all or none.
#[derive(InputObject)]
pub(crate) struct SetQuotasInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    pub(crate) request_id: String,
    /// The drive that they belong to.
    drive: ID,
    /// The quotas, at most 1,000; one that refers to another comes after it.
    #[graphql(validator(max_items = 1000))]
    quotas: Vec<QuotaInput>,
    /// Why, at most 500 characters; demanded once the drive is open.
    reason: Option<String>,
    /// Number of the decision, at most 80 characters; demanded once the drive is open.
    decision: Option<String>,
}

/// A quota to be set or amended.
#[derive(InputObject)]
pub(crate) struct QuotaInput {
    /// The phase; the whole drive when absent.
    phase: Option<ID>,
    /// Who owes.
    holder: HolderInput,
    /// Code of the indicator, simple or composite.
    indicator: String,
    /// Code of the population group.
    group: String,
    /// Where the amount comes from.
    basis: BasisInput,
    /// The day by which it is owed, within the drive; the last day of its phase or drive when absent.
    due: Option<Date>,
    /// Whether what was there before the drive counts towards it: a level to be reached, not a number to be added.
    #[graphql(default)]
    counts_opening: bool,
    /// The version it is based on; 0 for a quota that must not exist yet.
    #[graphql(default)]
    expected_version: i32,
}

impl SetQuotasInput {
    /// The command, or everything that is wrong.
    pub(crate) fn command(&self, codes: &Codes) -> Result<SetQuotas, Vec<Problem>> {
        let mut check = Check::default();
        let drive = check.field("drive", key_of(&self.drive));
        let quotas = drive.and_then(|drive| check.each_within("quotas", &self.quotas, |one| one.setting(drive, codes)));
        let reason = check.optional("reason", self.reason.as_ref(), |text| Reason::new(text));
        let decision = check.optional("decision", self.decision.as_ref(), |text| PlanNumber::new(text));
        check.done(|| Some(SetQuotas { quotas: quotas?, reason: reason?, decision: decision? }))
    }
}

impl QuotaInput {
    fn setting(&self, drive: DriveId, codes: &Codes) -> Result<QuotaSetting, Vec<Problem>> {
        let mut check = Check::default();
        let of = QuotaOf { phase: &self.phase, indicator: &self.indicator, group: &self.group };
        let holder = check.field("holder", self.holder.holder());
        let key = holder.and_then(|holder| check.all(of.key(drive, holder, codes)));
        let basis = check.within("basis", self.basis.basis(codes));
        check.done(|| {
            Some(QuotaSetting {
                key: key?,
                basis: basis?,
                due: self.due.map(|day| day.0),
                counts_opening: self.counts_opening,
                expected_version: self.expected_version,
            })
        })
    }
}

/// Which quota of a holder is meant.
#[derive(InputObject)]
pub(crate) struct QuotaOfInput {
    /// The drive.
    drive: ID,
    /// The phase; the whole drive when absent.
    phase: Option<ID>,
    /// Code of the indicator, simple or composite.
    indicator: String,
    /// Code of the population group.
    group: String,
}

impl QuotaOfInput {
    /// The key of that quota.
    pub(crate) fn key(&self, holder: Holder, codes: &Codes) -> Result<QuotaKey, Vec<Problem>> {
        let mut check = Check::default();
        let of = QuotaOf { phase: &self.phase, indicator: &self.indicator, group: &self.group };
        let drive = check.field("drive", key_of(&self.drive));
        let key = drive.and_then(|drive| check.all(of.key(drive, holder, codes)));
        check.done(|| key)
    }
}

/// What a quota is of, as inputs name it.
pub(crate) struct QuotaOf<'input> {
    pub(crate) phase: &'input Option<ID>,
    pub(crate) indicator: &'input str,
    pub(crate) group: &'input str,
}

impl QuotaOf<'_> {
    /// The key that it makes.
    pub(crate) fn key(&self, drive: DriveId, holder: Holder, codes: &Codes) -> Result<QuotaKey, Vec<Problem>> {
        let mut check = Check::default();
        let phase = check.optional("phase", self.phase.as_ref(), |id| key_of(id));
        let base = check.all(base(codes, self.group, self.indicator));
        check.done(|| {
            let (group, indicator) = base?;
            Some(QuotaKey { drive, phase: phase?, holder, indicator, group })
        })
    }
}
