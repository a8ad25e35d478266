//! Rights: what somebody may do at a unit and why, who may do something there, what would come of a grant.

use async_graphql::{Context, Object};
use caodiem_domain::access;
use caodiem_domain::usecase::{grant_assignment, read_accounts};

use crate::error::Result;
use crate::guard::{self, Need};
use crate::objects::assignment::Assignment;
use crate::objects::problem::UserError;
use crate::objects::unit::Unit;
use crate::objects::viewer::{Permission, Role};
use crate::scalars::Date;

/// A right with its reason.
pub(crate) struct Right(pub(crate) read_accounts::Right);

/// Something that an account may do at a unit, and why.
#[Object(visible = "guard::reads_accounts")]
impl Right {
    /// What.
    async fn permission(&self) -> Permission {
        self.0.permission.into()
    }

    /// By which assignment.
    async fn assignment(&self) -> Assignment {
        Assignment(self.0.assignment.clone())
    }

    /// In which role.
    async fn role(&self) -> Role {
        self.0.assignment.role.into()
    }

    /// The root of the part of its scope in which the unit lies: the assignment's unit, or one that went wholly into it or
    /// into a unit under it. Null for the whole country.
    #[graphql(guard = "Need(access::Permission::ReadUnits)", visible = "guard::reads_units")]
    async fn root(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        match self.0.root.as_ref().and_then(|path| path.ids().last()) {
            Some(unit) => Unit::find(ctx, unit).await,
            None => Ok(None),
        }
    }
}

/// Who may do something.
pub(crate) struct Holders(pub(crate) read_accounts::Holders);

/// Who may do something at a unit: the assignments in force that permit it there, of active accounts.
#[Object(visible = "guard::reads_accounts")]
impl Holders {
    /// The assignments, by unit; at most 1,000.
    async fn assignments(&self) -> Vec<Assignment> {
        self.0.assignments.iter().cloned().map(Assignment).collect()
    }

    /// Whether there are more.
    async fn truncated(&self) -> bool {
        self.0.truncated
    }
}

/// What would come of a grant.
pub(crate) struct GrantPreview(pub(crate) grant_assignment::GrantPreview);

/// What would come of a grant. Nothing was granted.
#[Object(visible = "guard::reads_accounts")]
impl GrantPreview {
    /// Whether it would be granted.
    async fn allowed(&self) -> bool {
        self.0.problems.is_empty()
    }

    /// Everything that stands against it; empty when it would be granted.
    async fn errors(&self) -> Vec<UserError> {
        self.0.problems.iter().cloned().map(UserError).collect()
    }

    /// What the grantee could then do over the unit and under it; empty when it would be refused.
    async fn permissions(&self) -> Vec<Permission> {
        self.0.permissions.iter().map(|permission| (*permission).into()).collect()
    }

    /// The first day no longer, as it would be granted: of a grant for one drive that names none 30 days after the drive's
    /// last. Null without end.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// Whether it takes a proposal and its approval by another.
    async fn needs_two(&self) -> bool {
        self.0.needs_two
    }
}
