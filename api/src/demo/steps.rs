//! Steps that both plans take: baselines, columns, quotas, cascades, printed totals, opening.

use caodiem_domain::access::Actor;
use caodiem_domain::baseline::{BaselineKey, PrintedFigure};
use caodiem_domain::count::Count;
use caodiem_domain::exact::Exact;
use caodiem_domain::id::{DriveId, GroupId, IndicatorId, PhaseId, UnitId};
use caodiem_domain::plan::{Column, PlanColumn};
use caodiem_domain::problem::Problem;
use caodiem_domain::quota::allocate::Rounding;
use caodiem_domain::quota::cascade::{Among, CascadePlan, Policy};
use caodiem_domain::quota::{Basis, Holder, QuotaKey};
use caodiem_domain::text::{Key, Source, Title};
use caodiem_domain::time::{Day, Instant};
use caodiem_domain::usecase::apply_cascade::{ApplyCascade, apply_cascade};
use caodiem_domain::usecase::change_drive::open_drive;
use caodiem_domain::usecase::plan_drive::{ReviseDrive, revise_drive};
use caodiem_domain::usecase::record_baselines::{RecordBaselines, record_baselines, record_printed_figures};
use caodiem_domain::usecase::set_quotas::{QuotaSetting, SetQuotas, set_quotas};

use super::script::{Script, fault};
use crate::data::plans::PrintedPlan;
use crate::failure::Failure;

/// What made-up figures name as their source.
pub(super) const MADE_UP: &str = "Dữ liệu giả lập / made up";

/// Somebody who plans a drive, at one time.
pub(super) struct Desk<'a> {
    pub(super) script: &'a Script<'a>,
    pub(super) planner: Actor,
    pub(super) at: Instant,
    /// Begins every request id.
    pub(super) plan: &'static str,
}

/// Baselines of one column.
pub(super) struct Baselines<'a> {
    pub(super) group: GroupId,
    pub(super) indicator: IndicatorId,
    pub(super) as_of: Day,
    pub(super) source: &'a str,
    pub(super) synthetic: bool,
}

impl Desk<'_> {
    pub(super) fn baselines(&self, what: &str, of: &Baselines<'_>, rows: &[(UnitId, i64)]) -> Result<(), Failure> {
        let row = |(unit, value): &(UnitId, i64)| {
            let key = BaselineKey { unit: *unit, group: of.group, indicator: of.indicator, as_of: of.as_of };
            Ok::<_, Problem>((key, Count::new(*value)?))
        };
        let command = RecordBaselines {
            source: Source::new(of.source).map_err(fault)?,
            rows: rows.iter().map(row).collect::<Result<_, _>>().map_err(fault)?,
            synthetic: of.synthetic,
        };
        self.act(what, |act, tx| record_baselines(act, tx, &command)).map(|_ids| ())
    }

    pub(super) fn columns(&self, drive: DriveId, columns: Vec<PlanColumn>) -> Result<(), Failure> {
        let command =
            ReviseDrive { drive: Some(drive), expected_version: 1, columns: Some(columns), ..ReviseDrive::default() };
        self.act("columns", |act, tx| revise_drive(act, tx, &command)).map(|_id| ())
    }

    pub(super) fn quotas(&self, what: &str, quotas: Vec<QuotaSetting>) -> Result<(), Failure> {
        let command = SetQuotas { quotas, reason: None, decision: None };
        self.act(what, |act, tx| set_quotas(act, tx, &command)).map(|_ids| ())
    }

    pub(super) fn cascade(&self, what: &str, from: QuotaKey, among: Among, policy: Policy) -> Result<(), Failure> {
        let plan =
            CascadePlan { from, among, policy, limits: Vec::new(), locked: Vec::new(), rounding: Rounding::HalfUpEach };
        let command = ApplyCascade { plan, expected_version: 1, reason: None, decision: None };
        self.act(what, |act, tx| apply_cascade(act, tx, &command)).map(|_ids| ())
    }

    pub(super) fn printed_totals(&self, drive: DriveId, plan: &PrintedPlan, source: &str) -> Result<(), Failure> {
        let source = Source::new(source).map_err(fault)?;
        let figure = |(column, total): (&&str, &i64)| {
            let (column, value) = (Key::new(column)?, Exact::from(*total));
            Ok::<_, Problem>(PrintedFigure { drive, unit: None, column, value, source: source.clone() })
        };
        let figures =
            plan.columns.iter().zip(&plan.totals).map(figure).collect::<Result<Vec<_>, _>>().map_err(fault)?;
        self.act("printed totals", |act, tx| record_printed_figures(act, tx, &figures))
    }

    pub(super) fn open(&self, drive: DriveId) -> Result<(), Failure> {
        self.act("open", |act, tx| open_drive(act, tx, drive, 2)).map(|_id| ())
    }

    pub(super) fn act<T>(
        &self,
        what: &str,
        job: impl FnMut(
            &caodiem_domain::usecase::Act,
            &mut dyn caodiem_domain::ports::WriteTx,
        ) -> Result<T, caodiem_domain::error::Error>,
    ) -> Result<T, Failure> {
        self.script.act(&self.planner, self.at, &format!("{plan}: {what}", plan = self.plan), job)
    }
}

/// A quota of a unit that does not exist yet.
pub(super) fn first_setting(key: QuotaKey, basis: Basis, counts_opening: bool) -> QuotaSetting {
    QuotaSetting { key, basis, due: None, counts_opening, expected_version: 0 }
}

/// The key of a unit's quota.
pub(super) const fn unit_key(
    drive: DriveId,
    phase: Option<PhaseId>,
    unit: UnitId,
    indicator: IndicatorId,
    group: GroupId,
) -> QuotaKey {
    QuotaKey { drive, phase, holder: Holder::Unit(unit), indicator, group }
}

/// A column of a plan's table.
pub(super) fn column(key: &str, vi: &str, en: &str, shows: Column) -> Result<PlanColumn, Failure> {
    let make = || {
        Ok::<_, Problem>(PlanColumn {
            key: Key::new(key)?,
            heading_vi: Title::new(vi)?,
            heading_en: Title::new(en)?,
            shows,
        })
    };
    make().map_err(fault)
}

/// A column's key.
pub(super) fn key(name: &str) -> Result<Key, Failure> {
    Key::new(name).map_err(fault)
}
