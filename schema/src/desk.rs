//! Being let in, and one's own account: jobs with slow hashing between their transactions.

use std::sync::Arc;

use async_graphql::{Context, Request};
use caodiem_domain::error::Error;
use caodiem_domain::problem::Problem;
use caodiem_domain::time::Instant;
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::desk::Desk;

use crate::error::{ApiError, Result};
use crate::objects::problem::UserError;
use crate::refusal;
use crate::request::{accept, both, caller, client_id, forget, gateway, settle};

/// A request of anybody, known or not.
#[derive(Clone, Debug)]
pub struct Visit {
    /// When it arrived.
    pub now: Instant,
    /// Its id in the log and in errors.
    pub request: String,
}

/// Prepares a request of somebody without a token. It can be let in, and read nothing.
#[must_use]
pub fn prepare_visit(request: Request, visit: Visit) -> Request {
    request.data(Arc::new(visit))
}

/// Runs what lets somebody in. It is never given again under a known request id, which goes on record only: what it gives
/// is secret and not kept.
pub(crate) async fn let_in<C: Send + 'static, T: Send + 'static>(
    ctx: &Context<'_>,
    request_id: &str,
    command: Result<C, Vec<Problem>>,
    job: impl FnOnce(&Desk<'_>, &C) -> Result<T, Error> + Send + 'static,
) -> Result<(Option<T>, Vec<UserError>)> {
    let visit = ctx.data_opt::<Arc<Visit>>().ok_or_else(ApiError::not_wired)?;
    let done = match both(client_id(request_id), command) {
        Ok((id, command)) => gateway(ctx)?.at_desk(visit, id.to_string(), move |desk| job(desk, &command)).await,
        Err(problems) => Err(Error::Refused(problems)),
    };
    settle(&visit.request, done)
}

/// Runs what somebody does to the own account.
pub(crate) async fn change_own<C: Send + 'static, T: Send + 'static>(
    ctx: &Context<'_>,
    request_id: &str,
    command: C,
    job: impl FnOnce(&Desk<'_>, &Act, &C) -> Result<T, Error> + Send + 'static,
) -> Result<(Option<T>, Vec<UserError>)> {
    let visit = ctx.data_opt::<Arc<Visit>>().ok_or_else(ApiError::not_wired)?;
    forget(ctx);
    let done = match accept(ctx, request_id, Ok(command)) {
        Ok((act, command)) => {
            let request = act.request.id.to_string();
            gateway(ctx)?.at_desk(visit, request, move |desk| job(desk, &act, &command)).await
        }
        Err(problems) => Err(Error::Refused(problems)),
    };
    refusal::record_of(ctx, &done).await;
    settle(&caller(ctx)?.request, done)
}
