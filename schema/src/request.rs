//! What belongs to one request: who asks, when, under which id; and the ways a resolver asks the gateway.

use std::collections::HashMap;
use std::hash::Hash;
use std::pin::Pin;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, Request, Value};
use caodiem_domain::access::{Actor, Permission};
use caodiem_domain::audit::hex;
use caodiem_domain::error::Error;
use caodiem_domain::ports::{ReadTx, Store, WriteTx};
use caodiem_domain::problem::{Code, Problem};
use caodiem_domain::request::RequestKey;
use caodiem_domain::text::RequestId;
use caodiem_domain::time::{Day, Instant, in_viet_nam};
use caodiem_domain::usecase::Act;
use sha2::{Digest, Sha256};

use crate::Schema;
use crate::desk::{Visit, prepare_visit};
use crate::error::{ApiError, Result};
use crate::gateway::Gateway;
use crate::inputs::MutationInput;
use crate::loaders::{Batch, Loaders};
use crate::objects::problem::UserError;
use crate::refusal::{self, ReadRefused};
use crate::secrets::{MASK, is_file, is_secret};

/// Who asks, and when. The clock is read once, on arrival: all fields of one answer speak of the same moment.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who, under which hat.
    pub actor: Actor,
    /// When the request arrived.
    pub now: Instant,
    /// The request's id in the log and in errors.
    pub request: String,
}

impl Caller {
    /// The day in Viet Nam on which the request arrived.
    pub(crate) fn today(&self) -> Day {
        in_viet_nam(self.now).0
    }
}

/// Ties a request to its caller, with loaders of its own: nothing kept for one caller is seen by another. A request that
/// was not prepared is anonymous and can read nothing but the public part of the schema.
#[must_use]
pub fn prepare(schema: &Schema, request: Request, caller: Caller) -> Request {
    let caller = Arc::new(caller);
    let request = match schema.data::<Gateway>() {
        Some(gateway) => request.data(Loaders::new(gateway.clone(), Arc::clone(&caller))),
        None => request,
    };
    let visit = Visit { now: caller.now, request: caller.request.clone() };
    prepare_visit(request, visit).data(caller).data(ReadRefused::default())
}

/// Who asks.
pub(crate) fn caller<'ctx>(ctx: &Context<'ctx>) -> Result<&'ctx Arc<Caller>> {
    ctx.data_opt::<Arc<Caller>>().ok_or_else(ApiError::unauthenticated)
}

/// The bridge to the store.
pub(crate) fn gateway<'ctx>(ctx: &Context<'ctx>) -> Result<&'ctx Gateway> {
    ctx.data_opt::<Gateway>().ok_or_else(ApiError::not_wired)
}

/// Reads in one snapshot, for a caller who has the permission.
pub(crate) async fn read<T: Send + 'static>(
    ctx: &Context<'_>,
    need: Permission,
    job: impl FnMut(&Actor, &mut dyn ReadTx) -> Result<T, Error> + Send + 'static,
) -> Result<T> {
    show(ctx, gateway(ctx)?.read(caller(ctx)?, need, job)).await
}

/// [`read`] of what may take but a few look-ups by key: `brief` answers `None` where it does not, and `whole` is run.
pub(crate) async fn read_briefly<T: Send + 'static>(
    ctx: &Context<'_>,
    need: Permission,
    brief: impl FnMut(&Actor, &mut dyn ReadTx) -> Result<Option<T>, Error> + Send + 'static,
    whole: impl FnMut(&Actor, &mut dyn ReadTx) -> Result<T, Error> + Send + 'static,
) -> Result<T> {
    let (gateway, caller) = (gateway(ctx)?, caller(ctx)?);
    let reading = async move {
        match gateway.read_briefly(caller, need, brief).await.transpose() {
            Some(done) => done,
            None => gateway.read(caller, need, whole).await,
        }
    };
    show(ctx, reading).await
}

/// What a reading gives, as [`shown`]. On the heap: a reading is large, and a field makes room for the largest thing it may do,
/// so that a page would move eight kilobytes about for each name it shows.
pub(crate) fn show<'ctx, T>(
    ctx: &'ctx Context<'_>,
    reading: impl Future<Output = Result<T, Error>> + 'ctx,
) -> Pin<Box<impl Future<Output = Result<T>> + 'ctx>>
where
    T: 'ctx,
{
    Box::pin(async move { shown(ctx, reading.await).await })
}

/// What was read, or the refusal as clients see it; what the role may not read is refused on record, and what the emergency
/// entry reads is shown on record.
async fn shown<T>(ctx: &Context<'_>, done: Result<T, Error>) -> Result<T> {
    let done = match done {
        Ok(found) => refusal::record_emergency(ctx).await.map(|()| found),
        refused => refused,
    };
    let error = match done {
        Ok(found) => return Ok(found),
        Err(error) => error,
    };
    refusal::record_forbidden(ctx, &error).await;
    Err(ApiError::of(caller(ctx)?, error))
}

/// Reads in one snapshot what everybody who is signed in may ask for; the use case says of it how much.
pub(crate) async fn read_own<T: Send + 'static>(
    ctx: &Context<'_>,
    job: impl FnMut(&Actor, &mut dyn ReadTx) -> Result<T, Error> + Send + 'static,
) -> Result<T> {
    show(ctx, gateway(ctx)?.read_own(caller(ctx)?, job)).await
}

/// Runs the use case of a mutation once per request id. What the caller can mend comes back as data.
pub(crate) async fn write<I: MutationInput, T: Send + 'static>(
    ctx: &Context<'_>,
    input: I,
    job: impl FnMut(&Act, &mut dyn WriteTx, &I::Command) -> Result<T, Error> + Send + 'static,
) -> Result<(Option<T>, Vec<UserError>)> {
    let request_id = input.request_id().to_owned();
    write_command(ctx, &request_id, input.try_into(), job).await
}

/// [`write`] of a command that was made of its input already.
pub(crate) async fn write_command<C: Send + 'static, T: Send + 'static>(
    ctx: &Context<'_>,
    request_id: &str,
    command: Result<C, Vec<Problem>>,
    mut job: impl FnMut(&Act, &mut dyn WriteTx, &C) -> Result<T, Error> + Send + 'static,
) -> Result<(Option<T>, Vec<UserError>)> {
    let written =
        write_in_steps(ctx, request_id, command, move |store, act, command| store.write(|tx| job(act, tx, command)));
    Box::pin(written).await
}

/// [`write_command`] of a use case that takes more than one transaction.
pub(crate) async fn write_in_steps<C: Send + 'static, T: Send + 'static>(
    ctx: &Context<'_>,
    request_id: &str,
    command: Result<C, Vec<Problem>>,
    work: impl FnOnce(&dyn Store, &Act, &C) -> Result<T, Error> + Send + 'static,
) -> Result<(Option<T>, Vec<UserError>)> {
    let (caller, gateway) = (caller(ctx)?, gateway(ctx)?);
    forget(ctx);
    let done = match accept(ctx, request_id, command) {
        Ok((act, command)) => gateway.with_store(move |store| work(store, &act, &command)).await,
        Err(problems) => Err(Error::Refused(problems)),
    };
    refusal::record_of(ctx, &done).await;
    settle(&caller.request, done)
}

/// What a refusal can be told as data, as data; the rest as an error. `request` is the request's id in the log.
pub(crate) fn settle<T>(request: &str, done: Result<T, Error>) -> Result<(Option<T>, Vec<UserError>)> {
    match done {
        Ok(outcome) => Ok((Some(outcome), Vec::new())),
        Err(Error::Refused(problems)) => Ok((None, problems.into_iter().map(UserError).collect())),
        Err(failure @ Error::Store(_)) => Err(ApiError::of_request(request, failure)),
    }
}

/// The act and the command of an input, or everything that is wrong with either.
pub(crate) fn accept<C>(
    ctx: &Context<'_>,
    request_id: &str,
    command: Result<C, Vec<Problem>>,
) -> Result<(Act, C), Vec<Problem>> {
    both(act(ctx, request_id), command)
}

/// Two things, or everything that is wrong with either.
pub(crate) fn both<A, B>(one: Result<A, Problem>, other: Result<B, Vec<Problem>>) -> Result<(A, B), Vec<Problem>> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Ok(_), Err(problems)) => Err(problems),
        (Err(problem), other) => Err(std::iter::once(problem).chain(other.err().unwrap_or_default()).collect()),
    }
}

/// The request id of a client.
pub(crate) fn client_id(request_id: &str) -> Result<RequestId, Problem> {
    let refused = || Problem::new(Code::BadRequestId).at("requestId");
    RequestId::new(request_id).ok().filter(|id| id.as_str().len() >= 8).ok_or_else(refused)
}

/// The act of a mutation: who, when, and under which request id, with the fingerprint of its name and input.
fn act(ctx: &Context<'_>, request_id: &str) -> Result<Act, Problem> {
    let caller = caller(ctx).map_err(|_anonymous| Problem::new(Code::Forbidden))?;
    let id = client_id(request_id)?;
    let input = canonical_input(ctx);
    // Without the secrets in it: their hash would give short ones away.
    let fingerprint = Sha256::digest(format!("{name}{input}", name = ctx.field().name()).as_bytes()).into();
    let request = RequestKey { subject: caller.actor.subject.clone(), id, fingerprint };
    Ok(Act::new(caller.actor.clone(), caller.now, request, ctx.field().name(), input))
}

/// The request id that the client chose, when it is one.
pub(crate) fn client_request_id(ctx: &Context<'_>) -> Option<RequestId> {
    let arguments = ctx.field().arguments().unwrap_or_default();
    let chosen = arguments.iter().find_map(|(_, value)| match value {
        Value::Object(members) => members.get("requestId"),
        _ => None,
    });
    match chosen {
        Some(Value::String(id)) => RequestId::new(id).ok(),
        _ => None,
    }
}

/// The arguments as they were sent, keys in order, secrets masked. Absent and null differ.
pub(crate) fn canonical_input(ctx: &Context<'_>) -> String {
    let (field, mut canonical) = (ctx.field(), String::new());
    for (name, value) in field.arguments().unwrap_or_default() {
        if !canonical.is_empty() {
            canonical.push('\n');
        }
        canonical.push_str(&name);
        write_member(field.name(), &name, &value, &mut canonical);
    }
    canonical
}

/// A named value, or the mask in its place. That a secret is null may be known.
fn write_member(operation: &str, name: &str, value: &Value, out: &mut String) {
    if is_secret(operation, name) && *value != Value::Null {
        out.push_str(MASK);
    } else if let (true, Value::String(content)) = (is_file(operation, name), value) {
        // Kept by its digest: the record is no place for files, and the fingerprint says the same by it.
        let digest = hex(&Sha256::digest(content.as_bytes()));
        out.push_str("sha256:");
        out.push_str(&digest);
    } else {
        write_canonical(operation, value, out);
    }
}

fn write_canonical(operation: &str, value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|left, right| left.0.cmp(right.0));
            out.push('{');
            for (name, member) in members {
                out.push_str(name);
                out.push(':');
                write_member(operation, name, member, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::List(items) => {
            out.push('[');
            for item in items {
                write_canonical(operation, item, out);
                out.push(',');
            }
            out.push(']');
        }
        // An enum is a name in a document and a string in variables: one spelling for both.
        Value::Enum(name) => out.push_str(&Value::String(name.to_string()).to_string()),
        scalar => out.push_str(&scalar.to_string()),
    }
}

/// Loads one thing through the request's loader, which asks for many at once.
pub(crate) async fn load<K>(ctx: &Context<'_>, key: K) -> Result<Option<<Batch as Loader<K>>::Value>>
where
    K: Send + Sync + Hash + Eq + Clone + 'static,
    Batch: Loader<K, Error = Error>,
{
    show(ctx, loaders(ctx)?.load_one(key)).await
}

/// [`load`] of what may be refused for the key alone.
pub(crate) async fn load_apart<K, T>(ctx: &Context<'_>, key: K) -> Result<Option<T>>
where
    K: Send + Sync + Hash + Eq + Clone + 'static,
    Batch: Loader<K, Value = Result<T, Error>, Error = Error>,
{
    let loading = loaders(ctx)?.load_one(key);
    show(ctx, async { loading.await.and_then(Option::transpose) }).await
}

/// Loads several things through the request's loader.
pub(crate) async fn load_many<K>(
    ctx: &Context<'_>,
    keys: impl IntoIterator<Item = K>,
) -> Result<HashMap<K, <Batch as Loader<K>>::Value>>
where
    K: Send + Sync + Hash + Eq + Clone + 'static,
    Batch: Loader<K, Error = Error>,
{
    show(ctx, loaders(ctx)?.load_many(keys)).await
}

fn loaders<'ctx>(ctx: &Context<'ctx>) -> Result<&'ctx Loaders> {
    ctx.data_opt::<Loaders>().ok_or_else(ApiError::unauthenticated)
}

/// After a write nothing that was loaded before may answer.
pub(crate) fn forget(ctx: &Context<'_>) {
    if let Some(loaders) = ctx.data_opt::<Loaders>() {
        loaders.enable_all_cache(false);
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    fn canonical(value: &Value) -> String {
        let mut text = String::new();
        write_canonical("signIn", value, &mut text);
        text
    }

    #[test]
    fn the_order_of_fields_does_not_make_another_request() {
        let one = canonical(&value!({ "a": [1, "x"], "b": { "c": null, "d": true } }));
        let other = canonical(&value!({ "b": { "d": true, "c": null }, "a": [1, "x"] }));
        assert_eq!(one, other);
        assert_ne!(one, canonical(&value!({ "a": [1, "x"], "b": { "d": true } })), "null and absent look alike");
        assert_ne!(canonical(&value!("1")), canonical(&value!(1)));
        assert_ne!(canonical(&value!(["a,b"])), canonical(&value!(["a", "b"])));
    }

    #[test]
    fn secrets_stand_nowhere() {
        let sent =
            value!({ "login": "an", "password": "correct horse", "steps": [{ "totp": "123456", "code": null }] });
        assert_eq!(canonical(&sent), r#"{login:"an",password:***,steps:[{code:null,totp:***,},],}"#);
        let other = value!({ "login": "an", "password": "battery staple", "steps": [{ "totp": "1", "code": null }] });
        assert_eq!(canonical(&sent), canonical(&other), "a secret makes another fingerprint");
    }

    #[test]
    fn an_enum_in_a_document_is_the_string_of_variables() {
        assert_eq!(canonical(&Value::Enum(async_graphql::Name::new("WARD"))), canonical(&value!("WARD")));
    }
}
