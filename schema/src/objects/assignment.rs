//! Assignments.

use async_graphql::{Context, Enum, ID, Object};
use caodiem_domain::access;
use caodiem_domain::assignment;
use caodiem_domain::id::AssignmentId;
use caodiem_domain::text::Subject;

use crate::error::Result;
use crate::guard::{self, Need};
use crate::ids::{id_of, key_of};
use crate::objects::account::Account;
use crate::objects::drive::Drive;
use crate::objects::team::Team;
use crate::objects::unit::Unit;
use crate::objects::viewer::{Permission, Role};
use crate::request::{caller, load};
use crate::scalars::{Date, DateTime};

/// Where an assignment stands today.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "assignment::AssignmentState")]
pub(crate) enum AssignmentState {
    /// Its first day has not come.
    Future,
    /// In force.
    InForce,
    /// Waits to be confirmed; permits nothing meanwhile.
    Suspended,
    /// Over: its last day has passed, it was ended, or nobody confirmed it in time.
    Ended,
}

/// An assignment.
#[derive(Clone)]
pub(crate) struct Assignment(pub(crate) assignment::Assignment);

impl Assignment {
    /// The assignment over a unit in scope.
    pub(crate) async fn find(ctx: &Context<'_>, id: AssignmentId) -> Result<Option<Self>> {
        Ok(load(ctx, id).await?.map(Self))
    }

    /// The assignment that a global id names; an id of anything else names none.
    pub(crate) async fn find_by_id(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        match key_of(id) {
            Ok(key) => Self::find(ctx, key).await,
            Err(_names_no_assignment) => Ok(None),
        }
    }
}

/// An assignment (phân công): a role over a unit and all that stands under it, held by an account from a day on, by
/// somebody's grant. A request is made under exactly one.
#[Object(visible = "guard::reads_accounts")]
impl Assignment {
    /// Opaque global id.
    pub(crate) async fn id(&self) -> ID {
        id_of(&self.0.id)
    }

    /// Sent back as `expectedVersion` to end it.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Who holds it; null when the account is looked after out of scope.
    async fn account(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        Account::find(ctx, self.0.account).await
    }

    /// The role.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// The unit: the scope is its subtree as the tree stands.
    #[graphql(guard = "Need(access::Permission::ReadUnits)", visible = "guard::reads_units")]
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.unit).await
    }

    /// The team, of a reporter who reports for no other; null for the unit's.
    #[graphql(guard = "Need(access::Permission::ReadTeams)", visible = "guard::reads_teams")]
    async fn team(&self, ctx: &Context<'_>) -> Result<Option<Team>> {
        match self.0.team {
            Some(team) => Team::find(ctx, team).await,
            None => Ok(None),
        }
    }

    /// The only drive it is for; null for all.
    #[graphql(guard = "Need(access::Permission::ReadDrives)", visible = "guard::reads_drives")]
    async fn drive(&self, ctx: &Context<'_>) -> Result<Option<Drive>> {
        match self.0.drive {
            Some(drive) => Drive::find(ctx, drive).await,
            None => Ok(None),
        }
    }

    /// The only operations it is for, of those its role permits; empty for all.
    async fn only(&self) -> Vec<Permission> {
        self.0.only.iter().map(|permission| (*permission).into()).collect()
    }

    /// The first day.
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// The first day no longer; null without end.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// Where it stands today.
    #[expect(clippy::unused_async, reason = "resolvers are asynchronous")]
    async fn state(&self, ctx: &Context<'_>) -> Result<AssignmentState> {
        Ok(self.0.state_on(caller(ctx)?.today()).into())
    }

    /// The assignment under which it was granted; null when it was made on the host or lies out of scope.
    async fn granted_under(&self, ctx: &Context<'_>) -> Result<Option<Self>> {
        match self.0.granted_under {
            Some(above) => Self::find(ctx, above).await,
            None => Ok(None),
        }
    }

    /// How many grants lie between it and the host, at most 6.
    async fn chain(&self) -> i32 {
        self.0.chain
    }

    /// The login of whoever granted or last confirmed it.
    async fn granted_by(&self) -> &str {
        self.0.granted_by.as_str()
    }

    /// Why it was granted.
    async fn reason(&self) -> &str {
        self.0.reason.as_str()
    }

    /// When it was granted.
    async fn granted_at(&self) -> DateTime {
        DateTime(self.0.granted_at)
    }

    /// When it was ended before its time; null when it was not.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// The login of whoever ended it.
    async fn ended_by(&self) -> Option<&str> {
        self.0.ended_by.as_ref().map(Subject::as_str)
    }

    /// Since when it waits to be confirmed, because what it was granted under was ended or its account disabled.
    async fn suspended_at(&self) -> Option<DateTime> {
        self.0.suspended_at.map(DateTime)
    }

    /// The day on which it is over unless it is confirmed before; null unless it is suspended.
    async fn lapses_on(&self) -> Option<Date> {
        self.0.lapses_on().map(Date)
    }

    /// When it was last used to sign in; null when it never was.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.map(DateTime)
    }
}
