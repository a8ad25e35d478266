//! Compilations: what a level confirms of those below it.

use async_graphql::{Context, Enum, ID, Object};
use caodiem_domain::reporting::{Debtor, compilation};
use caodiem_domain::text::Reason;
use caodiem_domain::usecase::read_compilation;

use crate::error::Result;
use crate::ids::id_of;
use crate::objects::catalogue::Indicator;
use crate::objects::drive::Drive;
use crate::objects::reporting::{ReportKind, ReportSlot};
use crate::objects::team::Team;
use crate::objects::unit::Unit;
use crate::scalars::{BigInt, Date, DateTime};

/// Where a compilation stands.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "compilation::Stand")]
pub(crate) enum CompilationStand {
    /// Somebody below is silent, or has to answer what was returned.
    Waiting,
    /// Everybody below has reported or is excused.
    Ready,
    /// The unit confirmed.
    Here,
    /// A level above confirmed it with its own.
    Elsewhere,
}

/// What a revision of a compilation says.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "compilation::CompilationState")]
pub(crate) enum CompilationState {
    /// The unit confirmed what those below reported.
    Confirmed,
    /// A level above sent it back.
    Returned,
}

/// What the caller may do with a compilation.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "read_compilation::CompilationAct")]
pub(crate) enum CompilationAct {
    /// `confirmDay`: everybody below has reported, or what was confirmed has changed since.
    Confirm,
    /// `confirmDay` all the same, naming each gap.
    ConfirmWithGaps,
    /// `returnDay`, from a level above.
    Return,
}

/// Somebody silent when a level confirmed.
pub(crate) struct CompilationGap(pub(crate) Debtor);

/// Somebody below whose report is missing.
#[Object]
impl CompilationGap {
    /// The unit, or that of the team.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.unit).await
    }

    /// The team, where each team reports by itself.
    async fn team(&self, ctx: &Context<'_>) -> Result<Option<Team>> {
        match self.0.team {
            Some(team) => Team::find(ctx, team).await,
            None => Ok(None),
        }
    }
}

/// A stated total beside what the parts give now.
pub(crate) struct StatedTotal {
    stated: compilation::StatedTotal,
    now: i64,
}

/// A total that a level states itself, where those below report as well. Both are kept; nothing is added.
#[Object]
impl StatedTotal {
    /// Of what; always a simple indicator.
    async fn indicator(&self, ctx: &Context<'_>) -> Result<Option<Indicator>> {
        Indicator::find(ctx, self.stated.indicator).await
    }

    /// What the level says.
    async fn stated(&self) -> BigInt {
        BigInt(self.stated.stated.get())
    }

    /// What those below, with the unit's own, reported when it was stated.
    async fn parts(&self) -> BigInt {
        BigInt(self.stated.parts)
    }

    /// What they report now.
    async fn parts_now(&self) -> BigInt {
        BigInt(self.now)
    }

    /// What is stated beyond the parts now; negative where the parts say more.
    async fn gap(&self) -> BigInt {
        BigInt(self.stated.stated.get() - self.now)
    }
}

/// A compilation.
pub(crate) struct Compilation(pub(crate) read_compilation::CompilationView);

/// What a unit confirms of those below it (tổng hợp, xác nhận), as it stands now. Its confirmation is its own report to the
/// level above, on time or late by when it was received first.
#[Object]
impl Compilation {
    /// The drive.
    async fn drive(&self, ctx: &Context<'_>) -> Result<Option<Drive>> {
        Drive::find(ctx, self.0.of.drive).await
    }

    /// The unit that confirms.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.of.unit).await
    }

    /// The kind of report.
    async fn kind(&self) -> ReportKind {
        self.0.of.kind.into()
    }

    /// Its first day; null where no such report is owed.
    async fn from(&self) -> Option<Date> {
        self.0.period.map(|period| Date(period.days.from()))
    }

    /// Its day, or its last one.
    async fn day(&self) -> Date {
        Date(self.0.of.day)
    }

    /// The moment before which it is on time; null where none is owed.
    async fn due(&self) -> Option<DateTime> {
        self.0.period.map(|period| DateTime(period.window.due))
    }

    /// Where it stands.
    async fn state(&self) -> CompilationStand {
        self.0.stand.into()
    }

    /// What the caller may do now.
    async fn may(&self) -> Vec<CompilationAct> {
        self.0.may.iter().map(|act| (*act).into()).collect()
    }

    /// The reports of those below as they stand, in the order of the tree.
    #[graphql(complexity = "20 * child_complexity + 2")]
    async fn parts(&self) -> Vec<ReportSlot> {
        self.0.parts.iter().cloned().map(ReportSlot).collect()
    }

    /// Who of them is silent, or has not answered what was returned: to be named by who confirms.
    #[graphql(complexity = "20 * child_complexity + 2")]
    async fn gaps(&self) -> Vec<CompilationGap> {
        self.0.gaps.iter().copied().map(CompilationGap).collect()
    }

    /// How many figures came or were corrected after the unit confirmed.
    async fn changes(&self) -> u64 {
        self.0.changes
    }

    /// Totals that the unit stated when it confirmed last.
    async fn stated(&self) -> Vec<StatedTotal> {
        let latest = self.0.latest.as_ref().map(|latest| latest.stated.as_slice()).unwrap_or_default();
        let now = |indicator| self.0.sums.get(&indicator).copied().unwrap_or_default();
        latest.iter().map(|stated| StatedTotal { stated: *stated, now: now(stated.indicator) }).collect()
    }

    /// What was confirmed or returned last; null before.
    async fn latest(&self) -> Option<CompilationRevision> {
        self.0.latest.clone().map(CompilationRevision)
    }
}

/// A revision of a compilation.
pub(crate) struct CompilationRevision(pub(crate) compilation::Compilation);

/// A confirmation or a return: a revision of its own, never changed.
#[Object]
impl CompilationRevision {
    /// Opaque id.
    async fn id(&self) -> ID {
        id_of(&self.0.id)
    }

    /// 1, 2, 3 …
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// What it says.
    async fn state(&self) -> CompilationState {
        self.0.state.into()
    }

    /// How many of those below owed a report at that moment.
    async fn expected(&self) -> u32 {
        self.0.expected
    }

    /// How many of these had given it.
    async fn received(&self) -> u32 {
        self.0.received
    }

    /// How many of these on time.
    async fn on_time(&self) -> u32 {
        self.0.on_time
    }

    /// Who was silent and named.
    #[graphql(complexity = "20 * child_complexity + 2")]
    async fn gaps(&self) -> Vec<CompilationGap> {
        self.0.gaps.iter().copied().map(CompilationGap).collect()
    }

    /// Who: the subject of the token.
    async fn author(&self) -> &str {
        self.0.author.as_str()
    }

    /// When the server received it.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// What they said; a return always says why.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_ref().map(Reason::as_str)
    }
}
