//! Drives with their plan.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use caodiem_domain::drive;
use caodiem_domain::id::{DriveId, PhaseId};

use crate::error::Result;
use crate::guard;
use crate::ids::{id_of, key_of};
use crate::objects::calendar::{Calendar, DayRange};
use crate::objects::catalogue::Indicator;
use crate::objects::column::ColumnLayout;
use crate::objects::problem::Finding;
use crate::objects::reporting::ReportingRule;
use crate::objects::team::{Organisation, TeamKind};
use crate::objects::unit::Unit;
use crate::request::load;
use crate::scalars::Date;

/// Where a drive stands. Only ever forwards.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "drive::DriveState")]
pub(crate) enum DriveState {
    /// Being planned: quotas change freely, no tallies are taken.
    Draft,
    /// Running: tallies are taken, a quota changes by an amendment with a decision number.
    Open,
    /// Over: nothing changes any more.
    Closed,
}

/// Which of the three figures settles the result.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "drive::Settles")]
pub(crate) enum Settles {
    /// What teams report.
    Reported,
    /// What inspection confirmed.
    Verified,
    /// What the national database says.
    Official,
}

/// A drive that several objects of an answer share.
pub(crate) type Plan = Arc<drive::Drive>;

/// A drive.
pub(crate) struct Drive(Plan);

impl Drive {
    /// The drive as read.
    pub(crate) fn of(drive: drive::Drive) -> Self {
        Self(Arc::new(drive))
    }

    /// The visible drive with that id.
    pub(crate) async fn find(ctx: &Context<'_>, id: DriveId) -> Result<Option<Self>> {
        Ok(load(ctx, id).await?.map(Self))
    }

    /// The visible drive that a global id names; an id of anything else names none.
    pub(crate) async fn find_by_id(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        match key_of(id) {
            Ok(key) => Self::find(ctx, key).await,
            Err(_names_no_drive) => Ok(None),
        }
    }

    /// One of its phases.
    pub(crate) fn phase(&self, id: PhaseId) -> Option<Phase> {
        Phase::of(&self.0, id)
    }
}

/// A drive (đợt cao điểm): a time-boxed campaign with its plan, phases, calendar and rules. Visible to everybody whose
/// scope touches its unit.
#[Object(visible = "guard::reads_drives")]
impl Drive {
    /// Opaque id.
    pub(crate) async fn id(&self) -> ID {
        id_of(&self.0.id)
    }

    /// Number of its present state: what `expectedVersion` asks for.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Number of the plan (số kế hoạch): `125/KH-UBND`.
    async fn plan_number(&self) -> &str {
        self.0.plan_number.as_str()
    }

    /// Its title.
    async fn title(&self) -> &str {
        self.0.title.as_str()
    }

    /// Who issued it (cơ quan ban hành).
    async fn issuer(&self) -> &str {
        self.0.issuer.as_str()
    }

    /// Where it stands.
    async fn state(&self) -> DriveState {
        self.0.state.into()
    }

    /// The unit whose subtree it covers; null where it lies out of scope.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.unit).await
    }

    /// The drive it stands under (province → district → commune); null for a topmost one.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<Self>> {
        match self.0.parent {
            Some(parent) => Self::find(ctx, parent).await,
            None => Ok(None),
        }
    }

    /// The topmost drive of its family: a tally counts once within it, and for every drive on the way up.
    async fn book(&self, ctx: &Context<'_>) -> Result<Option<Self>> {
        Self::find(ctx, self.0.book).await
    }

    /// Day of issue.
    async fn issued_on(&self) -> Date {
        Date(self.0.issued_on)
    }

    /// First and last day.
    async fn days(&self) -> DayRange {
        self.0.days.into()
    }

    /// The number of days that the plan declares for the whole drive; null when it does not.
    async fn declared_days(&self) -> Option<u32> {
        self.0.declared_days
    }

    /// The number of days that paces are worked out with: as declared, otherwise by the calendar.
    async fn plan_days(&self) -> u32 {
        self.0.declared_days.unwrap_or(self.0.calendar.working_days(self.0.days))
    }

    /// The number of working days by the calendar.
    async fn calendar_days(&self) -> u32 {
        self.0.calendar.working_days(self.0.days)
    }

    /// The day whose tree the quotas are spread over.
    async fn tree_date(&self) -> Date {
        Date(self.0.tree_date)
    }

    /// What settles the result.
    async fn settles(&self) -> Settles {
        self.0.settles.into()
    }

    /// Its working days.
    async fn calendar(&self) -> Calendar<'_> {
        Calendar(&self.0.calendar)
    }

    /// Who has to report by when, one rule for a level at most, from the top down.
    async fn reporting_rules(&self) -> Vec<ReportingRule> {
        self.0.reporting_rules.iter().map(Into::into).collect()
    }

    /// Its phases in order (giai đoạn).
    #[graphql(complexity = "5 * child_complexity + 2")]
    async fn phases(&self) -> Vec<Phase> {
        self.0.phases.iter().filter_map(|phase| self.phase(phase.id)).collect()
    }

    /// The indicators in use.
    #[graphql(complexity = "10 * child_complexity + 2")]
    async fn indicators(&self, ctx: &Context<'_>) -> Result<Vec<Indicator>> {
        Indicator::find_all(ctx, self.0.indicators.iter().copied().collect()).await
    }

    /// What the plan says of teams. Broken rules are findings, never refusals.
    async fn team_rules(&self) -> Vec<TeamRule> {
        self.0.team_rules.iter().map(TeamRule::from).collect()
    }

    /// The layout of its plan table, column by column.
    #[graphql(complexity = "10 * child_complexity + 2")]
    async fn columns(&self) -> Vec<ColumnLayout> {
        let layout = |column: &_| ColumnLayout { plan: Arc::clone(&self.0), column: Clone::clone(column) };
        self.0.columns.iter().map(layout).collect()
    }

    /// Where the days that the plan declares are not the calendar's.
    async fn findings(&self) -> Vec<Finding> {
        self.0.day_findings().into_iter().map(Finding).collect()
    }

    /// Whether it was made up for a demonstration, in whole or in part.
    async fn synthetic(&self) -> bool {
        self.0.synthetic
    }
}

/// A phase with its drive.
pub(crate) struct Phase {
    plan: Plan,
    phase: drive::Phase,
}

impl Phase {
    /// The phase of a visible drive.
    pub(crate) async fn find(ctx: &Context<'_>, drive: DriveId, phase: PhaseId) -> Result<Option<Self>> {
        Ok(Drive::find(ctx, drive).await?.and_then(|drive| drive.phase(phase)))
    }

    /// The phase of the drive.
    pub(crate) fn of(plan: &Plan, id: PhaseId) -> Option<Self> {
        Some(Self { phase: plan.phase(id).ok()?.clone(), plan: Arc::clone(plan) })
    }

    fn calendar_days_of(&self) -> u32 {
        self.plan.calendar.working_days(self.phase.days)
    }
}

/// A consecutive part of a drive with quotas of its own (giai đoạn).
#[Object]
impl Phase {
    /// Opaque id, for inputs that name a phase.
    async fn id(&self) -> ID {
        id_of(&self.phase.id)
    }

    /// 1, 2, 3 … within the drive.
    async fn ordinal(&self) -> i32 {
        self.phase.ordinal
    }

    /// Its name in the plan.
    async fn name(&self) -> &str {
        self.phase.name.as_str()
    }

    /// First and last day.
    async fn days(&self) -> DayRange {
        self.phase.days.into()
    }

    /// The number of days that the plan declares; null when it does not.
    async fn declared_days(&self) -> Option<u32> {
        self.phase.declared_days
    }

    /// The number of days that paces are worked out with: as declared, otherwise by the calendar.
    async fn plan_days(&self) -> u32 {
        self.phase.declared_days.unwrap_or(self.calendar_days_of())
    }

    /// The number of working days by the calendar.
    async fn calendar_days(&self) -> u32 {
        self.calendar_days_of()
    }
}

/// What a plan says of the teams of one kind.
#[derive(SimpleObject)]
pub(crate) struct TeamRule {
    /// The kind it speaks of.
    kind: TeamKind,
    /// Fewest people of a team.
    size_min: u32,
    /// Most people of a team.
    size_max: u32,
    /// The position that the leader has to hold; null for any.
    leader_position: Option<String>,
    /// At least so many members who know IT.
    it_members_min: u32,
    /// The organisations those members come from; empty for any.
    it_organisations: Vec<Organisation>,
}

impl From<&caodiem_domain::team::TeamRule> for TeamRule {
    fn from(rule: &caodiem_domain::team::TeamRule) -> Self {
        Self {
            kind: rule.kind.into(),
            size_min: rule.size.0,
            size_max: rule.size.1,
            leader_position: rule.leader_position.as_ref().map(ToString::to_string),
            it_members_min: rule.it_members_min,
            it_organisations: rule.it_organisations.iter().copied().map(Into::into).collect(),
        }
    }
}
