//! Who asks, as the service sees them.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object};
use caodiem_domain::access;
use caodiem_domain::id::UnitId;
use caodiem_domain::session::Session;
use caodiem_domain::usecase::desk::Hat;
use caodiem_domain::usecase::read_own_account::{
    read_own_account, read_own_assignments, read_own_sessions, recent_emergencies,
};

use crate::error::Result;
use crate::guard;
use crate::objects::assignment::Assignment;
use crate::objects::session::{OwnAccount, OwnAssignment, OwnSession};
use crate::objects::unit::Unit;
use crate::request::{Caller, load_many, read_own};
use crate::scalars::{Date, DateTime};

/// What an account may do, bound to a unit.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "access::Role")]
pub(crate) enum Role {
    /// Runs the machine: the catalogue, root units, reforms of the tree. Reads no figures.
    SystemAdmin,
    /// Keeps units and teams of a subtree.
    UnitAdmin,
    /// Plans drives and spreads quotas.
    Planner,
    /// Reports for a team or a unit.
    Reporter,
    /// Checks figures, loads baselines.
    Verifier,
    /// Asks questions.
    Analyst,
    /// Another system.
    Integrator,
    /// Reads the record of acts, nothing else.
    Auditor,
    /// The sealed emergency entry: restores one system admin, nothing else.
    BreakGlass,
}

/// What can be permitted to a role.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "access::Permission")]
pub(crate) enum Permission {
    /// See units, their versions and lineage.
    ReadUnits,
    /// Found, revise and close units below one's own.
    ManageUnits,
    /// Merge, split and import: reforms of the tree.
    ReformUnits,
    /// See the catalogue of indicators and groups.
    ReadCatalogue,
    /// Extend the catalogue.
    ManageCatalogue,
    /// See drives with their plan.
    ReadDrives,
    /// Plan, open and close drives.
    ManageDrives,
    /// See baselines and printed figures.
    ReadBaselines,
    /// Record baselines and printed figures.
    RecordBaselines,
    /// See quotas with their history, and plan tables.
    ReadQuotas,
    /// Set, amend and cascade quotas.
    ManageQuotas,
    /// See teams and members.
    ReadTeams,
    /// Form teams, add and release members.
    ManageTeams,
    /// See tallies with their history.
    ReadTallies,
    /// Submit and correct tallies.
    SubmitTallies,
    /// See progress and rankings.
    ReadProgress,
    /// See accounts with their assignments and sessions.
    ReadAccounts,
    /// Make, change and disable accounts, hand out one-time codes, end sessions.
    ManageAccounts,
    /// Make accounts of machines and their keys.
    ManageServices,
    /// Grant, confirm and end assignments.
    GrantRoles,
    /// See everybody's acts on record.
    ReadAudit,
    /// See the acts of admins on record, within one's subtree.
    ReadAdminActs,
    /// Give one system admin back the way in.
    RestoreAdmin,
    /// Excuse silence, reopen closed days.
    ManageReporting,
    /// Confirm what those below reported, and return it.
    ConfirmReports,
    /// See official figures, and what was reported held against them.
    ReadOfficial,
    /// Load extracts of official figures.
    LoadExtracts,
    /// Check what was reported: inspect, draw samples, settle, acknowledge findings.
    VerifyTallies,
    /// See period reports and take them out as files.
    ReadReports,
    /// Issue and correct period reports.
    IssueReports,
    /// Certify what another has issued.
    CertifyReports,
    /// See emulation lists, as they stand and as they were drawn up, and what was decided on them.
    ReadEmulation,
    /// Draw up emulation lists.
    DrawUpEmulation,
    /// Put in what the council decided on the candidates of a list.
    DecideEmulation,
}

/// The caller.
pub(crate) struct Viewer(pub(crate) Arc<Caller>);

/// The account that asks, with the role and the unit its token names.
#[Object]
impl Viewer {
    /// The account's name in the token.
    async fn subject(&self) -> &str {
        self.0.actor.subject.as_str()
    }

    /// The role in use.
    async fn role(&self) -> Role {
        self.0.actor.role.into()
    }

    /// What the role may do, within the scope.
    async fn permissions(&self) -> Vec<Permission> {
        let actor = &self.0.actor;
        access::Permission::ALL.iter().filter(|one| actor.may(**one)).map(|one| (*one).into()).collect()
    }

    /// The account that asks; null for tokens made on the host without one.
    async fn account(&self, ctx: &Context<'_>) -> Result<Option<OwnAccount>> {
        if self.0.actor.account.get() == 0 {
            return Ok(None);
        }
        let now = self.0.now;
        read_own(ctx, move |actor, tx| read_own_account(actor, tx, now)).await.map(|own| Some(OwnAccount(own)))
    }

    /// The account's assignments in force: the hats to choose from at the next sign-in.
    async fn assignments(&self, ctx: &Context<'_>) -> Result<Vec<OwnAssignment>> {
        let now = self.0.now;
        let held = read_own(ctx, move |actor, tx| read_own_assignments(actor, tx, now)).await?;
        Ok(held.into_iter().map(OwnAssignment).collect())
    }

    /// The account's sessions that go on, newest first, each on its device.
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Vec<OwnSession>> {
        let now = self.0.now;
        let live = read_own(ctx, move |actor, tx| read_own_sessions(actor, tx, now)).await?;
        let current = self.0.actor.session;
        let own = |(session, hat): (Session, Hat)| OwnSession { is_current: Some(session.id) == current, session, hat };
        Ok(live.into_iter().map(own).collect())
    }

    /// Emergency entries that were sealed on the host within the last 30 days, newest first, used or not: to be looked at by
    /// every system admin; empty for everybody else.
    #[graphql(visible = "guard::reforms_units")]
    async fn emergencies(&self, ctx: &Context<'_>) -> Result<Vec<Assignment>> {
        let now = self.0.now;
        let told = read_own(ctx, move |actor, tx| recent_emergencies(actor, tx, now)).await?;
        Ok(told.into_iter().map(Assignment).collect())
    }

    /// The unit of the assignment; null when it lies out of scope.
    #[graphql(visible = "guard::reads_units")]
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.actor.unit).await
    }

    /// The part of the tree that the account sees.
    async fn scope(&self) -> Scope {
        Scope(Arc::clone(&self.0))
    }

    /// The moment by which this answer is given, by the server's clock.
    async fn now(&self) -> DateTime {
        DateTime(self.0.now)
    }

    /// The day in Viet Nam by which this answer is given.
    async fn today(&self) -> Date {
        Date(self.0.today())
    }
}

/// The caller's scope.
pub(crate) struct Scope(Arc<Caller>);

/// A part of the tree. What lies out of it does not exist for the account.
#[Object]
impl Scope {
    /// Whether it is the whole country.
    async fn whole_country(&self) -> bool {
        self.0.actor.scope == access::Scope::Country
    }

    /// The units whose subtrees it is: the account's own, and units that went wholly into it. Empty for the country.
    #[graphql(visible = "guard::reads_units")]
    async fn units(&self, ctx: &Context<'_>) -> Result<Vec<Unit>> {
        let access::Scope::Subtrees(roots) = &self.0.actor.scope else {
            return Ok(Vec::new());
        };
        let ids: Vec<UnitId> = roots.iter().filter_map(access_root).collect();
        let mut found = load_many(ctx, ids.clone()).await?;
        Ok(ids.iter().filter_map(|id| found.remove(id)).map(Unit::latest).collect())
    }
}

/// The unit that a path leads to: its last segment.
fn access_root(path: &caodiem_domain::unit::UnitPath) -> Option<UnitId> {
    let segment = path.as_str().trim_end_matches('/').rsplit('/').next()?;
    i64::from_str_radix(segment, 16).ok().map(UnitId::new)
}
