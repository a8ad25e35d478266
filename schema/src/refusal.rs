//! Refusals on record: a mutation that the rules refuse, and reading what the role may never read. Each is written in a
//! transaction of its own, since what was refused left nothing.
//!
//! They are no way to fill the disk: a long input is recorded by its digest, and of the reads of one request only the
//! first refusal is recorded.

use async_graphql::Context;
use async_graphql::parser::types::OperationType;
use caodiem_domain::audit::{ActOutcome, Entry};
use caodiem_domain::error::Error;
use caodiem_domain::problem::{Kind, Problem};
use caodiem_domain::text::RequestId;
use tokio::sync::OnceCell;

use crate::request::{caller, canonical_input, client_request_id, gateway};

/// Set once a read of this request is on record as refused.
#[derive(Default)]
pub(crate) struct ReadRefused(OnceCell<()>);

/// Records a mutation that was refused for these problems.
pub(crate) async fn record(ctx: &Context<'_>, problems: &[Problem]) {
    let (Ok(caller), Ok(gateway), Some(problem)) = (caller(ctx), gateway(ctx), problems.first()) else { return };
    let request = client_request_id(ctx).as_ref().map_or_else(|| caller.request.clone(), RequestId::to_string);
    let outcome = ActOutcome::Refused(problem.code().as_str().to_owned());
    let operation = ctx.field().name();
    let entry = Entry::of(&caller.actor, caller.now, operation, &canonical_input(ctx), outcome, request);
    let written = gateway.write(move |tx| {
        tx.record(vec![entry.clone()]);
        Ok(())
    });
    if let Err(error) = written.await {
        tracing::error!(request = %caller.request, cause = %error, "a refusal could not be put on record");
    }
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
