//! Who may do what. Deny by default; one decision function, which the compiler checks for completeness.

pub mod delegation;
pub mod grant;

use crate::error::Error;
use crate::id::{AccountId, AssignmentId, DriveId, SessionId, TeamId, UnitId};
use crate::problem::{Code, Problem};
use crate::text::Subject;
use crate::unit::UnitPath;

/// A role, as `access.md` has them. An assignment binds a role to a unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    /// Runs the machine: the catalogue, root units, the tree's reforms. Reads no figures.
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
    /// The sealed emergency entry: restores one system admin, nothing else (T23).
    BreakGlass,
}

impl Role {
    /// Every role.
    pub const ALL: &'static [Self] = &[
        Self::SystemAdmin,
        Self::UnitAdmin,
        Self::Planner,
        Self::Reporter,
        Self::Verifier,
        Self::Analyst,
        Self::Integrator,
        Self::Auditor,
        Self::BreakGlass,
    ];

    /// The name in tokens and messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SystemAdmin => "system_admin",
            Self::UnitAdmin => "unit_admin",
            Self::Planner => "planner",
            Self::Reporter => "reporter",
            Self::Verifier => "verifier",
            Self::Analyst => "analyst",
            Self::Integrator => "integrator",
            Self::Auditor => "auditor",
            Self::BreakGlass => "break_glass",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.as_str() == name)
    }
}

/// What can be permitted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Permission {
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
    /// Grant, confirm and end assignments, within the grantor rule.
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

impl Permission {
    /// Every permission.
    pub const ALL: &'static [Self] = &[
        Self::ReadUnits,
        Self::ManageUnits,
        Self::ReformUnits,
        Self::ReadCatalogue,
        Self::ManageCatalogue,
        Self::ReadDrives,
        Self::ManageDrives,
        Self::ReadBaselines,
        Self::RecordBaselines,
        Self::ReadQuotas,
        Self::ManageQuotas,
        Self::ReadTeams,
        Self::ManageTeams,
        Self::ReadTallies,
        Self::SubmitTallies,
        Self::ReadProgress,
        Self::ReadAccounts,
        Self::ManageAccounts,
        Self::ManageServices,
        Self::GrantRoles,
        Self::ReadAudit,
        Self::ReadAdminActs,
        Self::RestoreAdmin,
        Self::ManageReporting,
        Self::ConfirmReports,
        Self::ReadOfficial,
        Self::LoadExtracts,
        Self::VerifyTallies,
        Self::ReadReports,
        Self::IssueReports,
        Self::CertifyReports,
        Self::ReadEmulation,
        Self::DrawUpEmulation,
        Self::DecideEmulation,
    ];

    /// The name in messages and in the printed policy.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadUnits => "read units",
            Self::ManageUnits => "manage units",
            Self::ReformUnits => "reform units",
            Self::ReadCatalogue => "read catalogue",
            Self::ManageCatalogue => "manage catalogue",
            Self::ReadDrives => "read drives",
            Self::ManageDrives => "manage drives",
            Self::ReadBaselines => "read baselines",
            Self::RecordBaselines => "record baselines",
            Self::ReadQuotas => "read quotas",
            Self::ManageQuotas => "manage quotas",
            Self::ReadTeams => "read teams",
            Self::ManageTeams => "manage teams",
            Self::ReadTallies => "read tallies",
            Self::SubmitTallies => "submit tallies",
            Self::ReadProgress => "read progress",
            Self::ReadAccounts => "read accounts",
            Self::ManageAccounts => "manage accounts",
            Self::ManageServices => "manage services",
            Self::GrantRoles => "grant roles",
            Self::ReadAudit => "read audit",
            Self::ReadAdminActs => "read admin acts",
            Self::RestoreAdmin => "restore admin",
            Self::ManageReporting => "manage reporting",
            Self::ConfirmReports => "confirm reports",
            Self::ReadOfficial => "read official figures",
            Self::LoadExtracts => "load extracts",
            Self::VerifyTallies => "verify tallies",
            Self::ReadReports => "read reports",
            Self::IssueReports => "issue reports",
            Self::CertifyReports => "certify reports",
            Self::ReadEmulation => "read emulation",
            Self::DrawUpEmulation => "draw up emulation lists",
            Self::DecideEmulation => "decide on emulation",
        }
    }
}

/// The decision: may this role, anywhere, do that? Where is the matter of the [`Scope`].
#[must_use]
pub const fn permits(role: Role, permission: Permission) -> bool {
    use Permission as P;
    // What everybody who has to do with drives sees of his part of the tree.
    let board = matches!(permission, P::ReadUnits | P::ReadCatalogue | P::ReadDrives | P::ReadProgress);
    match role {
        Role::SystemAdmin => {
            matches!(permission, P::ReadUnits | P::ManageUnits | P::ReformUnits | P::ReadCatalogue | P::ManageCatalogue)
                || matches!(permission, P::ReadAccounts | P::ManageAccounts | P::ManageServices | P::GrantRoles)
        }
        Role::UnitAdmin => {
            board
                || matches!(permission, P::ManageUnits | P::ReadTeams | P::ManageTeams | P::ReadAdminActs)
                || matches!(permission, P::ReadAccounts | P::ManageAccounts | P::ManageServices | P::GrantRoles)
        }
        Role::Planner => {
            board
                || matches!(permission, P::ManageCatalogue | P::ManageDrives | P::ReadBaselines | P::RecordBaselines)
                || matches!(permission, P::ReadQuotas | P::ManageQuotas | P::ReadTeams | P::ReadTallies)
                || matches!(permission, P::ManageReporting | P::ConfirmReports)
                || matches!(permission, P::ReadOfficial)
                || matches!(permission, P::ReadReports | P::IssueReports | P::CertifyReports)
                || matches!(permission, P::ReadEmulation | P::DrawUpEmulation | P::DecideEmulation)
        }
        Role::Reporter | Role::Integrator => {
            board
                || matches!(permission, P::ReadQuotas | P::ReadTeams | P::ReadTallies | P::SubmitTallies)
                || matches!((role, permission), (Role::Reporter, P::ConfirmReports))
                || matches!((role, permission), (Role::Integrator, P::ReadOfficial | P::LoadExtracts))
        }
        Role::Verifier => {
            board
                || matches!(permission, P::ReadBaselines | P::RecordBaselines | P::ReadQuotas)
                || matches!(permission, P::ReadTeams | P::ReadTallies)
                || matches!(permission, P::ReadOfficial | P::LoadExtracts | P::VerifyTallies)
                || matches!(permission, P::ReadReports | P::ReadEmulation)
        }
        Role::Analyst => {
            board
                || matches!(permission, P::ReadBaselines | P::ReadQuotas | P::ReadOfficial | P::ReadReports)
                || matches!(permission, P::ReadEmulation)
        }
        Role::Auditor => matches!(permission, P::ReadUnits | P::ReadCatalogue | P::ReadAudit),
        Role::BreakGlass => matches!(permission, P::ReadAccounts | P::RestoreAdmin),
    }
}

/// The part of the tree that an actor sees: out of it equals not found. Every scoped read demands one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Scope {
    /// All of it. Only the policy hands this out.
    Country,
    /// These subtrees of the tree as it stands: the actor's unit, and units that went wholly into it.
    Subtrees(Vec<UnitPath>),
}

impl Scope {
    /// Whether the unit lies in it.
    #[must_use]
    pub fn covers(&self, path: &UnitPath) -> bool {
        match self {
            Self::Country => true,
            Self::Subtrees(roots) => roots.iter().any(|root| root.covers(path)),
        }
    }

    /// Whether the unit lies in it, or stands above a part of it: a drive of the province concerns its communes.
    #[must_use]
    pub fn touches(&self, path: &UnitPath) -> bool {
        match self {
            Self::Country => true,
            Self::Subtrees(roots) => roots.iter().any(|root| root.covers(path) || path.covers(root)),
        }
    }
}

/// Who acts, under which hat, over which part of the tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Actor {
    /// The account's login.
    pub subject: Subject,
    /// The account; 0 for the host.
    pub account: AccountId,
    /// The assignment in use; 0 for the host.
    pub assignment: AssignmentId,
    /// The session that the token belongs to; `None` of machines and of tokens made on the host.
    pub session: Option<SessionId>,
    /// The role of the assignment in use.
    pub role: Role,
    /// The unit of the assignment.
    pub unit: UnitId,
    /// The team of the assignment: a reporter of one team reports for no other.
    pub team: Option<TeamId>,
    /// The only drive of the assignment; `None` for all.
    pub drive: Option<DriveId>,
    /// The only operations of the assignment, of those its role permits; empty for all.
    pub only: Vec<Permission>,
    /// What follows from the unit.
    pub scope: Scope,
}

impl Actor {
    /// Somebody without an account: the host's own commands.
    #[must_use]
    pub const fn host(subject: Subject, role: Role, unit: UnitId, scope: Scope) -> Self {
        Self {
            subject,
            account: AccountId::new(0),
            assignment: AssignmentId::new(0),
            session: None,
            role,
            unit,
            team: None,
            drive: None,
            only: Vec::new(),
            scope,
        }
    }

    /// Whether the assignment in use permits that. One for a single drive does not change what all drives share.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        let shared = permission == Permission::ManageCatalogue;
        delegation::gives(self.role, &self.only, permission) && !(shared && self.drive.is_some())
    }

    /// Whether the assignment in use is for that drive. One that is for a single drive shows and changes that one alone:
    /// neither the drives above it nor those below, whose figures count in its own progress all the same.
    #[must_use]
    pub fn is_for(&self, drive: DriveId) -> bool {
        self.drive.is_none_or(|only| only == drive)
    }

    /// Demands that the assignment in use is for that drive; any other equals not found.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub fn require_for(&self, drive: DriveId) -> Result<(), Error> {
        if self.is_for(drive) { Ok(()) } else { Err(Problem::not_found("Drive", drive.get()).at("drive").into()) }
    }

    /// Demands a permission: the first line of every use case.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub fn require(&self, permission: Permission) -> Result<(), Error> {
        if self.may(permission) {
            return Ok(());
        }
        Err(Problem::new(Code::Forbidden)
            .with("role", self.role.as_str())
            .with("permission", permission.as_str())
            .into())
    }

    /// Demands that a unit lies in scope; out of it equals not found.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub fn require_in_scope(&self, path: &UnitPath, unit: UnitId) -> Result<(), Error> {
        if self.scope.covers(path) { Ok(()) } else { Err(Problem::not_found("Unit", unit.get()).into()) }
    }
}
