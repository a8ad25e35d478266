//! Who reports by when, who did, and who has to be chased.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use caodiem_domain::access::Permission;
use caodiem_domain::reporting::chase::Silent;
use caodiem_domain::reporting::{excuse, rule, status};
use caodiem_domain::text::Post;
use caodiem_domain::usecase::read_reporting::{self, corrected_figures};

use crate::error::Result;
use crate::ids::id_of;
use crate::objects::calendar::Weekday;
use crate::objects::drive::Drive;
use crate::objects::pace::rate;
use crate::objects::team::Team;
use crate::objects::unit::{Level, Unit};
use crate::request::read;
use crate::scalars::{Date, DateTime, Decimal, TimeOfDay};

/// Who reports for a level.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "rule::Reporters")]
pub(crate) enum Reporters {
    /// Each unit: it has reported when its own staff or any of its teams has.
    EachUnit,
    /// Each team at work on the day, by itself.
    EachTeam,
}

/// What is reported.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "rule::ReportKind")]
pub(crate) enum ReportKind {
    /// The figures of one day.
    Daily,
    /// The compilation of a week.
    Weekly,
    /// Of a phase.
    Phase,
    /// Of the whole drive.
    Final,
}

/// How a report stands.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "status::ReportStatus")]
pub(crate) enum ReportStatus {
    /// It can be given, nothing came yet, and there is time (đang chờ).
    Expected,
    /// It came strictly before the cut-off (đúng hạn).
    OnTime,
    /// It came, but not before the cut-off (muộn).
    Late,
    /// The cut-off is over and nothing came (thiếu).
    Missing,
    /// Nothing came, and whoever leads the drive said that nothing has to (được miễn).
    Excused,
    /// None is owed: no working day, not at work, outside of the drive, or its time has not come.
    NotExpected,
}

/// Who of a level reports by when (quy định báo cáo), in `Asia/Ho_Chi_Minh` by the server's receipt. On time is strictly
/// before the cut-off and its grace; late reports are taken until the hard close.
#[derive(SimpleObject)]
pub(crate) struct ReportingRule {
    /// The level that reports.
    level: Level,
    /// Who of it.
    reporters: Reporters,
    /// The cut-off of each working day; the day opens at 00:00.
    before: TimeOfDay,
    /// Minutes after the cut-off in which a report still counts as on time, 0 to 1440.
    grace_minutes: u32,
    /// Minutes after the cut-off when the day closes for good, up to 366 days; null where late reports are taken as long as
    /// the drive is open.
    closes_after_minutes: Option<u32>,
    /// The weekday on which the week before is compiled; null where no weekly report is owed.
    weekly: Option<Weekday>,
    /// Days after a phase's end within which its report is due; null where none is.
    phase_due_days: Option<u32>,
    /// Days after the drive's end within which the final report is due; null where none is.
    final_due_days: Option<u32>,
}

impl From<&rule::ReportingRule> for ReportingRule {
    fn from(rule: &rule::ReportingRule) -> Self {
        Self {
            level: rule.level.into(),
            reporters: rule.reporters.into(),
            before: TimeOfDay(rule.before),
            grace_minutes: rule.grace_minutes,
            closes_after_minutes: rule.closes_after_minutes,
            weekly: rule.weekly.and_then(Weekday::of_number),
            phase_due_days: rule.phase_due_days,
            final_due_days: rule.final_due_days,
        }
    }
}

/// How a level reports.
pub(crate) struct ReportingRates(pub(crate) read_reporting::LevelRates);

/// Counts and rates of one level, of its daily reports only, by DHIS2's names. Counts add up over units, levels and days; rates
/// do not, and are never above 1.
#[Object]
impl ReportingRates {
    /// The level that reports.
    async fn level(&self) -> Level {
        self.0.level.into()
    }

    /// `EXPECTED_REPORTS`: how many were owed up to now; excused silence is left out.
    async fn expected_reports(&self) -> u64 {
        self.0.rates.expected()
    }

    /// `ACTUAL_REPORTS`: how many of these came, on time or late. A report without figures counts as an explicit nil report.
    async fn actual_reports(&self) -> u64 {
        self.0.rates.actual()
    }

    /// `ACTUAL_REPORTS_ON_TIME`: how many of these came on time.
    async fn actual_reports_on_time(&self) -> u64 {
        self.0.rates.on_time()
    }

    /// How many are excused and did not come.
    async fn excused_reports(&self) -> u64 {
        self.0.rates.excused()
    }

    /// `REPORTING_RATE`: what came of what was owed, 0 to 1; null where nothing was.
    async fn reporting_rate(&self) -> Option<Decimal> {
        rate(self.0.rates.rate().as_ref())
    }

    /// `REPORTING_RATE_ON_TIME`: what came on time of what was owed, 0 to 1; null where nothing was.
    async fn reporting_rate_on_time(&self) -> Option<Decimal> {
        rate(self.0.rates.rate_on_time().as_ref())
    }
}

/// Rates of a unit.
pub(crate) struct UnitReporting(pub(crate) read_reporting::UnitRates);

/// How a unit with all under it reports.
#[Object]
impl UnitReporting {
    /// The unit.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.unit).await
    }

    /// By level, from the top down; levels that owe nothing there are left out.
    #[graphql(complexity = "3 * child_complexity + 2")]
    async fn levels(&self) -> Vec<ReportingRates> {
        self.0.levels.iter().copied().map(ReportingRates).collect()
    }
}

/// How a unit reports.
pub(crate) struct Reporting {
    pub(crate) question: read_reporting::ReportingQuestion,
    pub(crate) found: read_reporting::Reporting,
}

/// Report discipline (kỷ luật báo cáo) of a unit over days, on the tree of each day.
#[Object]
impl Reporting {
    /// First of the days that count; null where none of them is a day of the drive.
    async fn from(&self) -> Option<Date> {
        self.found.days.map(|days| Date(days.from()))
    }

    /// Last of the days that count. Those that have not begun owe nothing.
    async fn to(&self) -> Option<Date> {
        self.found.days.map(|days| Date(days.to()))
    }

    /// The unit with all under it.
    async fn whole(&self) -> UnitReporting {
        UnitReporting(self.found.whole.clone())
    }

    /// Each unit directly under it on any of the days, that is in scope.
    #[graphql(complexity = "20 * child_complexity + 2")]
    async fn children(&self) -> Vec<UnitReporting> {
        self.found.children.iter().cloned().map(UnitReporting).collect()
    }

    /// How many figures, of those credited to the unit and all under it, were corrected at least once. A correction does
    /// not make a report late.
    #[graphql(complexity = "20")]
    async fn corrected_figures(&self, ctx: &Context<'_>) -> Result<u64> {
        let question = self.question;
        read(ctx, Permission::ReadProgress, move |actor, tx| corrected_figures(actor, tx, &question)).await
    }
}

/// An excuse.
pub(crate) struct ReportExcuse(pub(crate) excuse::Excuse);

/// Why some silence is no fault (lý do được miễn báo cáo). Withdrawn, never deleted.
#[Object]
impl ReportExcuse {
    /// Opaque id.
    async fn id(&self) -> ID {
        id_of(&self.0.id)
    }

    /// Sent back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The drive; it holds for the drives below as well.
    async fn drive(&self, ctx: &Context<'_>) -> Result<Option<Drive>> {
        Drive::find(ctx, self.0.drive).await
    }

    /// The unit, with all under it.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.unit).await
    }

    /// The only team that is excused; null for all.
    async fn team(&self, ctx: &Context<'_>) -> Result<Option<Team>> {
        match self.0.team {
            Some(team) => Team::find(ctx, team).await,
            None => Ok(None),
        }
    }

    /// First day.
    async fn from(&self) -> Date {
        Date(self.0.days.from())
    }

    /// Last day.
    async fn to(&self) -> Date {
        Date(self.0.days.to())
    }

    /// Why.
    async fn reason(&self) -> &str {
        self.0.reason.as_str()
    }

    /// Who excused: the subject of the token.
    async fn author(&self) -> &str {
        self.0.author.as_str()
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// When it was withdrawn; null while it holds.
    async fn withdrawn_at(&self) -> Option<DateTime> {
        self.0.withdrawn.as_ref().map(|withdrawn| DateTime(withdrawn.at))
    }

    /// Who withdrew it.
    async fn withdrawn_by(&self) -> Option<&str> {
        self.0.withdrawn.as_ref().map(|withdrawn| withdrawn.author.as_str())
    }

    /// Why it was withdrawn.
    async fn withdrawn_reason(&self) -> Option<&str> {
        self.0.withdrawn.as_ref().map(|withdrawn| withdrawn.reason.as_str())
    }
}

/// Reopened days.
pub(crate) struct Reopening(pub(crate) excuse::Reopening);

/// Closed days that take reports again until a moment (mở lại ngày), by a decision of two people.
#[Object]
impl Reopening {
    /// Opaque id.
    async fn id(&self) -> ID {
        id_of(&self.0.id)
    }

    /// The unit, with all under it.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.unit).await
    }

    /// First day.
    async fn from(&self) -> Date {
        Date(self.0.days.from())
    }

    /// Last day.
    async fn to(&self) -> Date {
        Date(self.0.days.to())
    }

    /// The moment until which reports are taken, exclusive.
    async fn until(&self) -> DateTime {
        DateTime(self.0.until)
    }

    /// Why.
    async fn reason(&self) -> &str {
        self.0.reason.as_str()
    }

    /// Number of the decision.
    async fn decision(&self) -> &str {
        self.0.decision.as_str()
    }

    /// Who proposed it.
    async fn author(&self) -> &str {
        self.0.author.as_str()
    }

    /// When it was approved.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}

/// A report of somebody.
pub(crate) struct ReportSlot(pub(crate) read_reporting::slots::ReportSlot);

/// A report that is owed or not, has come or not, as it stands at the moment of the question.
#[Object]
impl ReportSlot {
    /// The unit that owes it, or whose team does.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.debtor.unit).await
    }

    /// The team, where each team reports by itself.
    async fn team(&self, ctx: &Context<'_>) -> Result<Option<Team>> {
        match self.0.debtor.team {
            Some(team) => Team::find(ctx, team).await,
            None => Ok(None),
        }
    }

    /// On which level.
    async fn level(&self) -> Level {
        self.0.level.into()
    }

    /// Its day, or its last one.
    async fn day(&self) -> Date {
        Date(self.0.day)
    }

    /// The moment before which it is on time; null where none is owed.
    async fn due(&self) -> Option<DateTime> {
        self.0.due.map(DateTime)
    }

    /// When the server received its first word.
    async fn received_at(&self) -> Option<DateTime> {
        self.0.received.map(DateTime)
    }

    /// How it stands.
    async fn status(&self) -> ReportStatus {
        self.0.status.into()
    }

    /// Why silence is excused; null where it is not.
    async fn excuse(&self) -> Option<ReportExcuse> {
        self.0.excuse.clone().map(ReportExcuse)
    }
}

/// Somebody silent.
pub(crate) struct SilentReporter(pub(crate) Silent);

/// Whose report is missing now, and whom to call.
#[Object]
impl SilentReporter {
    /// The unit that owes it, or whose team does.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.debtor.unit).await
    }

    /// The team, where each team reports by itself.
    async fn team(&self, ctx: &Context<'_>) -> Result<Option<Team>> {
        match self.0.debtor.team {
            Some(team) => Team::find(ctx, team).await,
            None => Ok(None),
        }
    }

    /// How many days in a row it owes, this one included: working days of the drive on which it was at work and not
    /// excused. 1 for other kinds of report.
    async fn days_in_a_row(&self) -> u32 {
        self.0.in_a_row
    }

    /// The day of the last report before this one; null where there is none.
    async fn last_reported(&self) -> Option<Date> {
        self.0.last_reported.map(Date)
    }

    /// The position of the leader of the team, or of the unit's first team; never a name.
    async fn leader_position(&self) -> Option<&str> {
        self.0.leader.as_ref().map(Post::as_str)
    }
}
