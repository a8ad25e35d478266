//! Inputs about report discipline: excuses, reopened days, and which reports are asked for.

use async_graphql::{ID, InputObject};
use caodiem_domain::id::{DriveId, UnitId};
use caodiem_domain::problem::Problem;
use caodiem_domain::reporting::rule;
use caodiem_domain::text::{PlanNumber, Reason};
use caodiem_domain::time::{Day, Instant};
use caodiem_domain::usecase::excuse_reports::{ExcuseReports, WithdrawExcuse};
use caodiem_domain::usecase::read_reporting::StatusQuestion;
use caodiem_domain::usecase::reopen_day::ReopenDay;

use crate::error::Result;
use crate::ids::key_of;
use crate::inputs::calendar::DayRangeInput;
use crate::inputs::{Check, mutation_inputs};
use crate::objects::calendar::Weekday;
use crate::objects::reporting::{ReportKind, ReportStatus, Reporters};
use crate::objects::unit::Level;
use crate::scalars::{DateTime, TimeOfDay};

mutation_inputs! {
    ExcuseReportsInput => ExcuseReports,
    WithdrawExcuseInput => WithdrawExcuse,
    ReopenDayInput => ReopenDay,
}

/// Who of a level reports by when.
#[derive(InputObject, Clone, Copy)]
pub(crate) struct ReportingRuleInput {
    /// The level that reports; each at most once.
    level: Level,
    /// Who of it.
    #[graphql(default_with = "Reporters::EachUnit")]
    reporters: Reporters,
    /// The cut-off of each working day in Viet Nam; on time is strictly before.
    before: TimeOfDay,
    /// Minutes after the cut-off in which a report still counts as on time, 0 to 1440.
    #[graphql(default)]
    grace_minutes: u32,
    /// Minutes after the cut-off when the day closes for good, not before the grace ends, at most 527040 (366 days). Absent:
    /// late reports are taken as long as the drive is open.
    closes_after_minutes: Option<u32>,
    /// The weekday on which the week before is compiled; absent where no weekly report is owed.
    weekly: Option<Weekday>,
    /// Days after a phase's end within which its report is due, 0 to 366.
    phase_due_days: Option<u32>,
    /// Days after the drive's end within which the final report is due, 0 to 366.
    final_due_days: Option<u32>,
}

impl From<ReportingRuleInput> for rule::ReportingRule {
    fn from(input: ReportingRuleInput) -> Self {
        Self {
            level: input.level.into(),
            reporters: input.reporters.into(),
            before: input.before.0,
            grace_minutes: input.grace_minutes,
            closes_after_minutes: input.closes_after_minutes,
            weekly: input.weekly.map(Weekday::number),
            phase_due_days: input.phase_due_days,
            final_due_days: input.final_due_days,
        }
    }
}

/// Which reports of a day are asked for. All given fields hold together.
#[derive(InputObject, Default)]
pub(crate) struct ReportWhere {
    /// The kind; daily reports when absent.
    kind: Option<ReportKind>,
    /// Only reports of this level.
    level: Option<Level>,
    /// Only those of this team; where units report as a whole, of its unit.
    team: Option<ID>,
    /// Only those that stand so.
    #[graphql(validator(max_items = 6))]
    status: Option<Vec<ReportStatus>>,
}

impl ReportWhere {
    /// The question about a unit's day.
    pub(crate) fn question(
        self,
        drive: DriveId,
        unit: UnitId,
        day: Day,
        now: Instant,
    ) -> Result<StatusQuestion, Vec<Problem>> {
        let mut check = Check::default();
        let team = check.optional("where.team", self.team, key_of);
        check.done(|| {
            Some(StatusQuestion {
                drive,
                unit,
                kind: self.kind.map_or(rule::ReportKind::Daily, Into::into),
                day,
                level: self.level.map(Into::into),
                team: team?,
                statuses: self.status.unwrap_or_default().into_iter().map(Into::into).collect(),
                now,
            })
        })
    }
}

/// Silence to be excused.
#[derive(InputObject)]
pub(crate) struct ExcuseReportsInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The drive.
    drive: ID,
    /// The unit, with all under it; of a team its own unit.
    unit: ID,
    /// The only team that is excused; all when absent.
    team: Option<ID>,
    /// The days, within the drive.
    days: DayRangeInput,
    /// Why, at most 500 characters.
    reason: String,
}

impl TryFrom<ExcuseReportsInput> for ExcuseReports {
    type Error = Vec<Problem>;

    fn try_from(input: ExcuseReportsInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let drive = check.field("drive", key_of(&input.drive));
        let unit = check.field("unit", key_of(&input.unit));
        let team = check.optional("team", input.team, key_of);
        let days = check.field("days", input.days.try_into());
        let reason = check.field("reason", Reason::new(&input.reason));
        check.done(|| Some(Self { drive: drive?, unit: unit?, team: team?, days: days?, reason: reason? }))
    }
}

/// An excuse to be taken back.
#[derive(InputObject)]
pub(crate) struct WithdrawExcuseInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The excuse.
    excuse: ID,
    /// The `version` it was read at.
    expected_version: i32,
    /// Why, at most 500 characters.
    reason: String,
}

impl TryFrom<WithdrawExcuseInput> for WithdrawExcuse {
    type Error = Vec<Problem>;

    fn try_from(input: WithdrawExcuseInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let excuse = check.field("excuse", key_of(&input.excuse));
        let reason = check.field("reason", Reason::new(&input.reason));
        check.done(|| Some(Self { excuse: excuse?, expected_version: input.expected_version, reason: reason? }))
    }
}

/// Closed days to be opened again.
#[derive(InputObject)]
pub(crate) struct ReopenDayInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The drive.
    drive: ID,
    /// The unit, with all under it.
    unit: ID,
    /// The days, within the drive.
    days: DayRangeInput,
    /// The moment until which reports are taken, exclusive; at most 30 days from now.
    until: DateTime,
    /// Why, at most 500 characters.
    reason: String,
    /// Number of the decision, at most 80 characters.
    decision: String,
}

impl TryFrom<ReopenDayInput> for ReopenDay {
    type Error = Vec<Problem>;

    fn try_from(input: ReopenDayInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let drive = check.field("drive", key_of(&input.drive));
        let unit = check.field("unit", key_of(&input.unit));
        let days = check.field("days", input.days.try_into());
        let reason = check.field("reason", Reason::new(&input.reason));
        let decision = check.field("decision", PlanNumber::new(&input.decision));
        check.done(|| {
            Some(Self {
                drive: drive?,
                unit: unit?,
                days: days?,
                until: input.until.0,
                reason: reason?,
                decision: decision?,
            })
        })
    }
}
