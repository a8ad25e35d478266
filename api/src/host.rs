//! The host as an actor: whoever may run commands on the machine acts as the system's admin, and nothing more.

pub mod deeds;

use caodiem_domain::access::{Actor, Role, Scope};
use caodiem_domain::id::UnitId;
use caodiem_domain::problem::Problem;
use caodiem_domain::request::RequestKey;
use caodiem_domain::text::{RequestId, Subject};
use caodiem_domain::time::Instant;
use caodiem_domain::usecase::Act;
use uuid::Uuid;

/// The actor of commands. It stands outside of the tree, whose root may not exist yet.
///
/// # Errors
/// Never.
pub fn actor() -> Result<Actor, Problem> {
    Ok(Actor::host(Subject::new("host:cli")?, Role::SystemAdmin, UnitId::new(0), Scope::Country))
}

/// A fresh act of the host, by the command's name.
///
/// # Errors
/// Never.
pub fn act(now: Instant, operation: &str) -> Result<Act, Problem> {
    let actor = actor()?;
    let request = RequestKey {
        subject: actor.subject.clone(),
        id: RequestId::new(&Uuid::new_v4().to_string())?,
        fingerprint: [0; 32],
    };
    Ok(Act::new(actor, now, request, operation, String::new()).on_the_host())
}
