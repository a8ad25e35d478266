//! What goes on record besides what was changed: a mutation that the rules refuse, reading what the role may never read,
//! and every read of the emergency entry. Each is written in a transaction of its own.
//!
//! They are no way to fill the disk: a long input is recorded by its digest, and of the reads of one request only the
//! first refusal is recorded.

use async_graphql::Context;
use async_graphql::parser::types::OperationType;
use caodiem_domain::access::Role;
use caodiem_domain::audit::{ActOutcome, Entry};
use caodiem_domain::error::Error;
use caodiem_domain::problem::{Kind, Problem};
use caodiem_domain::text::RequestId;
use tokio::sync::OnceCell;

use crate::gateway::Gateway;
use crate::request::{Caller, caller, canonical_input, client_request_id, gateway};

/// Set once a read of this request is on record as refused.
#[derive(Default)]
pub(crate) struct ReadRefused(OnceCell<()>);

/// Records a mutation that was refused for these problems.
pub(crate) async fn record(ctx: &Context<'_>, problems: &[Problem]) {
    let (Ok(caller), Ok(gateway), Some(problem)) = (caller(ctx), gateway(ctx), problems.first()) else { return };
    let request = client_request_id(ctx).as_ref().map_or_else(|| caller.request.clone(), RequestId::to_string);
    let outcome = ActOutcome::Refused(problem.code().as_str().to_owned());
    if let Err(error) = write(ctx, caller, gateway, outcome, request).await {
        tracing::error!(request = %caller.request, cause = %error, "a refusal could not be put on record");
    }
}

/// Records what the emergency entry is shown, before it is shown; others read without a trace.
///
/// # Errors
/// A failure of storage: what can't be put on record is not shown.
pub(crate) async fn record_emergency(ctx: &Context<'_>) -> Result<(), Error> {
    let (Ok(caller), Ok(gateway)) = (caller(ctx), gateway(ctx)) else { return Ok(()) };
    if caller.actor.role != Role::BreakGlass {
        return Ok(());
    }
    write(ctx, caller, gateway, ActOutcome::Done, caller.request.clone()).await
}

async fn write(
    ctx: &Context<'_>,
    caller: &Caller,
    gateway: &Gateway,
    outcome: ActOutcome,
    request: String,
) -> Result<(), Error> {
    let entry = Entry::of(&caller.actor, caller.now, ctx.field().name(), &canonical_input(ctx), outcome, request);
    let written = gateway.write(move |tx| {
        tx.record(vec![entry.clone()]);
        Ok(())
    });
    // On the heap: every field that may be refused would make room for it, and it hardly ever runs.
    Box::pin(written).await
}

/// Records what a mutation came to, if it was refused.
pub(crate) async fn record_of<T>(ctx: &Context<'_>, done: &Result<T, Error>) {
    if let Err(Error::Refused(problems)) = done {
        record(ctx, problems).await;
    }
}

/// Records that the role may not do this: a mutation always, of the reads of one request the first.
pub(crate) async fn record_forbidden(ctx: &Context<'_>, error: &Error) {
    let Error::Refused(problems) = error else { return };
    if error.kind() != Some(Kind::Forbidden) {
        return;
    }
    match ctx.data_opt::<ReadRefused>() {
        // Fields of a query run side by side: the others wait for the first, so that no answer comes before it.
        Some(once) if ctx.query_env.operation.node.ty != OperationType::Mutation => {
            once.0.get_or_init(|| record(ctx, problems)).await;
        }
        _ => record(ctx, problems).await,
    }
}
