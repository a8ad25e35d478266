//! Inputs about assignments.

use async_graphql::{ID, InputObject};
use caodiem_domain::access::grant::Grant;
use caodiem_domain::assignment::AssignmentPredicate;
use caodiem_domain::id::AssignmentId;
use caodiem_domain::problem::Problem;
use caodiem_domain::text::Reason;
use caodiem_domain::usecase::end_assignment::EndAssignment;
use caodiem_domain::usecase::grant_assignment::GrantAssignment;

use crate::error::Result;
use crate::filter::{Parts, Where};
use crate::ids::key_of;
use crate::inputs::{Check, mutation_inputs};
use crate::objects::viewer::{Permission, Role};
use crate::scalars::{Date, DateTime};

/// Narrows a list of assignments. All given fields hold together.
#[derive(InputObject)]
pub(crate) struct AssignmentWhere {
    /// All of these hold.
    and: Option<Vec<AssignmentWhere>>,
    /// At least one of these holds.
    or: Option<Vec<AssignmentWhere>>,
    /// This does not hold.
    not: Option<Box<AssignmentWhere>>,
    /// Held by one of these accounts.
    #[graphql(validator(max_items = 100))]
    account: Option<Vec<ID>>,
    /// One of these roles.
    #[graphql(validator(max_items = 20))]
    role: Option<Vec<Role>>,
    /// Over this unit itself.
    unit: Option<ID>,
    /// Over this unit or any under it, by the tree as it stands.
    under: Option<ID>,
    /// Bound to this drive.
    drive: Option<ID>,
    /// In force on that day.
    in_force_on: Option<Date>,
    /// Ending on or before that day, and not ended before their time.
    ending_by: Option<Date>,
    /// Not used to sign in since then, or never.
    unused_since: Option<DateTime>,
    /// Waiting to be confirmed, or not.
    suspended: Option<bool>,
}

impl Where for AssignmentWhere {
    type Predicate = AssignmentPredicate;

    fn parts(self, check: &mut Check) -> Parts<Self, AssignmentPredicate> {
        let accounts = self.account.and_then(|ids| check.each("account", ids, |id| key_of(&id)));
        let unit = check.optional("unit", self.unit, key_of).flatten();
        let under = check.optional("under", self.under, key_of).flatten();
        let drive = check.optional("drive", self.drive, key_of).flatten();
        let is = [
            accounts.map(AssignmentPredicate::Account),
            self.role.map(|roles| AssignmentPredicate::Role(roles.into_iter().map(Into::into).collect())),
            unit.map(AssignmentPredicate::Unit),
            under.map(AssignmentPredicate::Under),
            drive.map(AssignmentPredicate::Drive),
            self.in_force_on.map(|day| AssignmentPredicate::InForceOn(day.0)),
            self.ending_by.map(|day| AssignmentPredicate::EndingBy(day.0)),
            self.unused_since.map(|moment| AssignmentPredicate::UnusedSince(moment.0)),
            self.suspended.map(AssignmentPredicate::Suspended),
        ];
        Parts { and: self.and, or: self.or, not: self.not, is: is.into_iter().flatten().collect() }
    }
}

/// What is to be granted.
#[derive(InputObject)]
pub(crate) struct GrantInput {
    /// To whom.
    account: ID,
    /// The role.
    role: Role,
    /// Over which unit, with all that stands under it.
    unit: ID,
    /// For this team of the unit alone; of roles that report.
    team: Option<ID>,
    /// For this drive alone; of roles that have to do with drives.
    drive: Option<ID>,
    /// These operations alone, of those the role permits: named for machines, empty for people.
    #[graphql(default, validator(max_items = 50))]
    only: Vec<Permission>,
    /// The first day.
    valid_from: Date,
    /// The first day no longer. No later than the end of the grantor's own; for machines within a year. When absent: of a
    /// grant for one drive 30 days after the drive's last, or the end of the grantor's own where that comes before; of
    /// others without end.
    valid_to: Option<Date>,
}

impl TryFrom<GrantInput> for Grant {
    type Error = Vec<Problem>;

    fn try_from(input: GrantInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let account = check.field("account", key_of(&input.account));
        let unit = check.field("unit", key_of(&input.unit));
        let team = check.optional("team", input.team, key_of);
        let drive = check.optional("drive", input.drive, key_of);
        check.done(|| {
            Some(Self {
                account: account?,
                role: input.role.into(),
                unit: unit?,
                team: team?,
                drive: drive?,
                only: input.only.into_iter().map(Into::into).collect(),
                valid_from: input.valid_from.0,
                valid_to: input.valid_to.map(|day| day.0),
            })
        })
    }
}

mutation_inputs! {
    GrantAssignmentInput => GrantAssignment,
    EndAssignmentInput => EndAssignment,
    ConfirmAssignmentsInput => Vec<AssignmentId>,
}

/// A grant with its reason.
#[derive(InputObject)]
pub(crate) struct GrantAssignmentInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// What.
    grant: GrantInput,
    /// Why, at most 500 characters.
    reason: String,
}

impl TryFrom<GrantAssignmentInput> for GrantAssignment {
    type Error = Vec<Problem>;

    fn try_from(input: GrantAssignmentInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let grant = check.nested("grant", input.grant);
        let reason = check.field("reason", Reason::new(&input.reason));
        check.done(|| Some(Self { grant: grant?, reason: reason? }))
    }
}

/// The end of an assignment before its time.
#[derive(InputObject)]
pub(crate) struct EndAssignmentInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// Which.
    assignment: ID,
    /// The version it is based on.
    expected_version: i32,
    /// Why, at most 500 characters.
    reason: String,
}

impl TryFrom<EndAssignmentInput> for EndAssignment {
    type Error = Vec<Problem>;

    fn try_from(input: EndAssignmentInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let assignment = check.field("assignment", key_of(&input.assignment));
        let reason = check.field("reason", Reason::new(&input.reason));
        let expected_version = input.expected_version;
        check.done(|| Some(Self { assignment: assignment?, expected_version, reason: reason? }))
    }
}

/// Suspended assignments to be confirmed, all or none.
#[derive(InputObject)]
pub(crate) struct ConfirmAssignmentsInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// Which, at most 100.
    #[graphql(validator(max_items = 100))]
    assignments: Vec<ID>,
}

impl TryFrom<ConfirmAssignmentsInput> for Vec<AssignmentId> {
    type Error = Vec<Problem>;

    fn try_from(input: ConfirmAssignmentsInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let assignments = check.each("assignments", input.assignments, |id| key_of(&id));
        check.done(|| assignments)
    }
}
