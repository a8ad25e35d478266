//! Report discipline: excuses, reopened days, confirmations and returns.

use async_graphql::{Context, ID, Object, SimpleObject};
use caodiem_domain::access::{Permission, Scope};
use caodiem_domain::error::Error;
use caodiem_domain::id::ExcuseId;
use caodiem_domain::ports::WriteTx;
use caodiem_domain::reporting::excuse;
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::confirm_day::{confirm_day, return_day};
use caodiem_domain::usecase::excuse_reports::{excuse_reports, withdraw_excuse};
use caodiem_domain::usecase::read_compilation::{CompilationQuestion, CompilationView, compilation};
use caodiem_domain::usecase::reopen_day::reopen_day;

use crate::codes::coded;
use crate::error::Result;
use crate::guard::{self, Need};
use crate::ids::id_of;
use crate::inputs::compilation::{ConfirmDayInput, ReturnDayInput};
use crate::inputs::reporting::{ExcuseReportsInput, ReopenDayInput, WithdrawExcuseInput};
use crate::objects::compilation::Compilation;
use crate::objects::problem::UserError;
use crate::objects::reporting::ReportExcuse;
use crate::request::{write, write_command};

/// Report discipline.
#[derive(Default)]
pub(crate) struct ReportingMutations;

#[Object]
impl ReportingMutations {
    /// Excuses silence of a unit with all under it, or of one team, on some days (miễn báo cáo).
    #[graphql(guard = "Need(Permission::ManageReporting)", visible = "guard::manages_reporting")]
    async fn excuse_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, when and why.")] input: ExcuseReportsInput,
    ) -> Result<ExcuseReportsPayload> {
        let done = write(ctx, input, |act, tx, command| {
            let id = excuse_reports(act, tx, command)?;
            shown(tx, id)
        });
        let (excuse, errors) = done.await?;
        Ok(ExcuseReportsPayload { excuse: excuse.flatten().map(ReportExcuse), errors })
    }

    /// Takes an excuse back: what was silent is missing again.
    #[graphql(guard = "Need(Permission::ManageReporting)", visible = "guard::manages_reporting")]
    async fn withdraw_excuse(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which and why.")] input: WithdrawExcuseInput,
    ) -> Result<WithdrawExcusePayload> {
        let done = write(ctx, input, |act, tx, command| {
            let id = withdraw_excuse(act, tx, command)?;
            shown(tx, id)
        });
        let (excuse, errors) = done.await?;
        Ok(WithdrawExcusePayload { excuse: excuse.flatten().map(ReportExcuse), errors })
    }

    /// Opens closed days again until a moment (mở lại ngày). It takes two people: sent alone it is refused with
    /// `NEEDS_TWO_PEOPLE` and has to be proposed.
    #[graphql(guard = "Need(Permission::ManageReporting)", visible = "guard::manages_reporting")]
    async fn reopen_day(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which days, until when and why.")] input: ReopenDayInput,
    ) -> Result<ReopenDayPayload> {
        let (reopening, errors) = write(ctx, input, |act, tx, command| reopen_day(act, tx, command)).await?;
        Ok(ReopenDayPayload { reopening: reopening.map(|id| id_of(&id)), errors })
    }

    /// Confirms what those below reported (xác nhận): this is the unit's own report to the level above. Who is silent has to
    /// be named.
    #[graphql(guard = "Need(Permission::ConfirmReports)", visible = "guard::confirms_reports")]
    async fn confirm_day(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is confirmed, with its gaps.")] input: ConfirmDayInput,
    ) -> Result<ConfirmDayPayload> {
        let command = coded(ctx, |codes| input.command(codes)).await?;
        let done = write_command(ctx, &input.request_id, command, |act, tx, command| {
            confirm_day(act, tx, command)?;
            let (drive, unit, kind, day) = (command.drive, command.unit, command.kind, command.day);
            compiled(act, tx, CompilationQuestion { drive, unit, kind, day, now: act.now })
        });
        let (compilation, errors) = done.await?;
        Ok(ConfirmDayPayload { compilation: compilation.map(Compilation), errors })
    }

    /// Sends a report of a unit below back with a reason (trả lại): it is a gap until the unit confirms again, or sends
    /// another word.
    #[graphql(guard = "Need(Permission::ConfirmReports)", visible = "guard::confirms_reports")]
    async fn return_day(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is returned and why.")] input: ReturnDayInput,
    ) -> Result<ReturnDayPayload> {
        let done = write(ctx, input, |act, tx, command| {
            return_day(act, tx, command)?;
            let (drive, unit, kind, day) = (command.drive, command.unit, command.kind, command.day);
            compiled(act, tx, CompilationQuestion { drive, unit, kind, day, now: act.now })
        });
        let (compilation, errors) = done.await?;
        Ok(ReturnDayPayload { compilation: compilation.map(Compilation), errors })
    }
}

/// The excuse after the act, in the same transaction.
fn shown(tx: &mut dyn WriteTx, id: ExcuseId) -> Result<Option<excuse::Excuse>, Error> {
    Ok(tx.excuses_by_id(&Scope::Country, &[id])?.remove(&id))
}

/// The compilation after the act, in the same transaction.
fn compiled(act: &Act, tx: &mut dyn WriteTx, question: CompilationQuestion) -> Result<CompilationView, Error> {
    compilation(&act.actor, tx.as_read(), question)
}

/// What `excuseReports` gives.
#[derive(SimpleObject)]
pub(crate) struct ExcuseReportsPayload {
    /// The excuse; null when it was refused.
    excuse: Option<ReportExcuse>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `withdrawExcuse` gives.
#[derive(SimpleObject)]
pub(crate) struct WithdrawExcusePayload {
    /// The excuse, withdrawn; null when it was refused.
    excuse: Option<ReportExcuse>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `reopenDay` gives.
#[derive(SimpleObject)]
pub(crate) struct ReopenDayPayload {
    /// The id of the reopening; null when it was refused.
    reopening: Option<ID>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `confirmDay` gives.
#[derive(SimpleObject)]
pub(crate) struct ConfirmDayPayload {
    /// The compilation, confirmed; null when it was refused.
    compilation: Option<Compilation>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `returnDay` gives.
#[derive(SimpleObject)]
pub(crate) struct ReturnDayPayload {
    /// The compilation, returned; null when it was refused.
    compilation: Option<Compilation>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}
