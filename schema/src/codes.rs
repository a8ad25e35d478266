//! Codes of the catalogue: inputs name indicators and groups by them.
//!
//! A code keeps its meaning for all time and entries are only ever added, so what was read once stays true: it is kept
//! for the whole process, and read anew only when an input names a code that is not known yet.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use async_graphql::Context;
use caodiem_domain::access::{Actor, Permission};
use caodiem_domain::error::Error;
use caodiem_domain::id::{GroupId, IndicatorId};
use caodiem_domain::ports::ReadTx;
use caodiem_domain::problem::{Code, Problem};
use tokio::sync::Mutex;

use crate::error::{ApiError, Result};
use crate::request::read;

const INDICATOR: &str = "Indicator";
const GROUP: &str = "Group";

/// What the codes mean.
#[derive(Default)]
pub(crate) struct Codes {
    indicators: HashMap<String, IndicatorId>,
    groups: HashMap<String, GroupId>,
}

impl Codes {
    /// The catalogue as it stands.
    pub(crate) fn read(_: &Actor, tx: &mut dyn ReadTx) -> Result<Self, Error> {
        let indicators = tx.indicators()?.into_iter().map(|one| (one.code.to_string(), one.id)).collect();
        let groups = tx.groups()?.into_iter().map(|one| (one.code.to_string(), one.id)).collect();
        Ok(Self { indicators, groups })
    }

    /// The indicator of that code.
    pub(crate) fn indicator(&self, code: &str) -> Result<IndicatorId, Problem> {
        self.indicators.get(code).copied().ok_or_else(|| unknown(INDICATOR, code))
    }

    /// The group of that code.
    pub(crate) fn group(&self, code: &str) -> Result<GroupId, Problem> {
        self.groups.get(code).copied().ok_or_else(|| unknown(GROUP, code))
    }
}

fn unknown(what: &'static str, code: &str) -> Problem {
    Problem::not_found(what, code)
}

/// Whether a problem may be gone once the catalogue is read anew.
pub(crate) fn is_unknown_code(problem: &Problem) -> bool {
    let names = |what: &str| what == INDICATOR || what == GROUP;
    problem.code() == Code::NotFound && problem.params().iter().any(|(name, what)| *name == "what" && names(what))
}

/// The codes that this process has read.
#[derive(Default)]
pub(crate) struct KnownCodes {
    codes: RwLock<Arc<Codes>>,
    /// Held while they are read anew: the fields of a page that all miss wait for one reading.
    renewal: Mutex<()>,
}

impl KnownCodes {
    fn get(&self) -> Arc<Codes> {
        Arc::clone(&self.codes.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What is known after a miss in `stale`.
    async fn renewed(&self, ctx: &Context<'_>, stale: &Arc<Codes>) -> Result<Arc<Codes>> {
        let _renewing = self.renewal.lock().await;
        let known = self.get();
        if !Arc::ptr_eq(&known, stale) {
            return Ok(known);
        }
        let codes = Arc::new(read(ctx, Permission::ReadCatalogue, Codes::read).await?);
        *self.codes.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&codes);
        Ok(codes)
    }
}

/// An input with the codes it may name.
pub(crate) struct Coded<I>(pub(crate) I, pub(crate) Arc<Codes>);

/// Turns what names codes into what it means; where `misses` says that a code was not known, once more by the catalogue
/// as it stands now.
pub(crate) async fn decode<T>(
    ctx: &Context<'_>,
    convert: impl Fn(&Arc<Codes>) -> T,
    misses: impl Fn(&T) -> bool,
) -> Result<T> {
    let known = ctx.data_opt::<KnownCodes>().ok_or_else(ApiError::not_wired)?;
    let codes = known.get();
    let done = convert(&codes);
    if !misses(&done) {
        return Ok(done);
    }
    Ok(convert(&Box::pin(known.renewed(ctx, &codes)).await?))
}

/// [`decode`] of an input of which all must be right.
pub(crate) async fn coded<T>(
    ctx: &Context<'_>,
    convert: impl Fn(&Arc<Codes>) -> Result<T, Vec<Problem>>,
) -> Result<Result<T, Vec<Problem>>> {
    decode(ctx, convert, |done| done.as_ref().err().is_some_and(|problems| problems.iter().any(is_unknown_code))).await
}
