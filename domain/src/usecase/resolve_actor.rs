//! From what a token says to an [`Actor`] with a scope.

use crate::access::{Actor, Role, Scope};
use crate::error::Error;
use crate::id::{TeamId, UnitId};
use crate::ports::ReadTx;
use crate::text::Subject;

/// What a verified token says.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Claims {
    /// Who.
    pub subject: Subject,
    /// The role of the assignment.
    pub role: Role,
    /// Its unit.
    pub unit: UnitId,
    /// Its team, for a reporter of one.
    pub team: Option<TeamId>,
}

/// Works out the scope: the unit's subtree as it stands, and the subtrees of units that went wholly into it or into a
/// unit under it, so that a successor sees what its predecessors did. System admins see every unit (and no figures).
///
/// # Errors
/// `NotFound` when the unit or the team does not exist.
pub fn resolve_actor(tx: &mut dyn ReadTx, claims: &Claims) -> Result<Actor, Error> {
    let _ = (tx, claims, Scope::Country);
    todo!()
}
