//! Who does what and when: running acts of the demonstration under their roles and at their times.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use caodiem_domain::access::{Actor, Role};
use caodiem_domain::error::Error;
use caodiem_domain::id::UnitId;
use caodiem_domain::ports::{ReadTx, Store, WriteTx};
use caodiem_domain::problem::Problem;
use caodiem_domain::request::RequestKey;
use caodiem_domain::text::{RequestId, Subject};
use caodiem_domain::time::{Day, Instant};
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::resolve_actor::resolve_actor;

use super::cast::{admit, admitted};
use crate::auth::keys::begin;
use crate::config::at_in_viet_nam;
use crate::failure::Failure;
use crate::host;
use crate::progress::Progress;

/// The stage: a store, and somebody who is told how far it is.
pub struct Script<'a> {
    store: &'a Arc<dyn Store>,
    progress: &'a Progress,
}

impl<'a> Script<'a> {
    /// A script over a store.
    #[must_use]
    pub const fn new(store: &'a Arc<dyn Store>, progress: &'a Progress) -> Self {
        Self { store, progress }
    }

    /// Says what comes next.
    pub(super) fn say(&self, what: &str) {
        self.progress.step(what);
    }

    /// Somebody with a role over a unit.
    pub(super) fn actor(&self, role: Role, unit: UnitId) -> Result<Actor, Failure> {
        let login = format!("demo-{role}-{unit}", role = role.as_str(), unit = unit.get());
        let claims = admit(self, &login, role, unit, None)?;
        let at = admitted()?;
        self.read(|tx| resolve_actor(tx, &claims, at))
    }

    /// Reads.
    pub(super) fn read<T>(&self, job: impl FnMut(&mut dyn ReadTx) -> Result<T, Error>) -> Result<T, Failure> {
        self.store.read(job).map_err(|error| Failure::refused("the demonstration", &error))
    }

    /// Does something as somebody. `what` makes the request id; `at` is when it was done.
    pub(super) fn act<T>(
        &self,
        actor: &Actor,
        at: Instant,
        what: &str,
        job: impl FnMut(&Act, &mut dyn WriteTx) -> Result<T, Error>,
    ) -> Result<T, Failure> {
        self.run(&act(actor.clone(), at, what)?, job)
    }

    /// Does something as the host.
    pub(super) fn act_as_host<T>(
        &self,
        at: Instant,
        what: &str,
        job: impl FnMut(&Act, &mut dyn WriteTx) -> Result<T, Error>,
    ) -> Result<T, Failure> {
        self.run(&act(host::actor().map_err(fault)?, at, what)?.on_the_host(), job)
    }

    fn run<T>(&self, act: &Act, mut job: impl FnMut(&Act, &mut dyn WriteTx) -> Result<T, Error>) -> Result<T, Failure> {
        self.store.write(|tx| job(act, tx)).map_err(|error| Failure::refused(&act.operation, &error))
    }

    /// The store, for the writer lane.
    pub(super) const fn store(&self) -> &'a Arc<dyn Store> {
        self.store
    }
}

fn act(actor: Actor, at: Instant, what: &str) -> Result<Act, Failure> {
    let request = request(&actor.subject, what).map_err(fault)?;
    Ok(Act::new(actor, at, request, what, String::new()))
}

/// A request whose id follows from what is done: doing it again has no second effect.
pub(super) fn request(subject: &Subject, what: &str) -> Result<RequestKey, Problem> {
    let hash = digest(&SHA256, what.as_bytes());
    let fingerprint = <[u8; 32]>::try_from(hash.as_ref()).unwrap_or_default();
    Ok(RequestKey {
        subject: subject.clone(),
        id: RequestId::new(&format!("demo-{}", begin(hash.as_ref())))?,
        fingerprint,
    })
}

/// A moment of a day in Viet Nam.
pub(super) fn moment(day: Day, hour: u32, minute: u32) -> Result<Instant, Failure> {
    at_in_viet_nam(day, hour, minute).ok_or_else(|| Failure::failed("the demonstration", "no such moment"))
}

/// A day of 2023.
pub(super) fn day(month: u32, day: u32) -> Result<Day, Failure> {
    Day::from_ymd_opt(2023, month, day).ok_or_else(|| Failure::failed("the demonstration", "no such day"))
}

/// A fault of the script itself.
pub(super) fn fault(problem: Problem) -> Failure {
    Failure::refused("the demonstration", &problem.into())
}
