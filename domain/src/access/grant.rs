//! The grantor rule: who may hand which role to whom, over what, until when. One decision, used wherever an assignment
//! is granted, tried out, confirmed or ended, and wherever an account is looked after.
//!
//! Whoever looks after an account can make it his own: a reset code signs in. So an account is only looked after by whoever
//! could have granted everything that it holds; see [`may_manage`].

mod rules;

pub use rules::{RULES, Rule, Stage};

use crate::access::delegation::TAKES_TWO;
use crate::access::{Actor, Permission, Role};
use crate::account::{AccountKind, AccountState};
use crate::id::{AccountId, DriveId, TeamId, UnitId};
use crate::problem::{Code, Problem};
use crate::time::Day;
use crate::unit::UnitPath;

/// What is to be granted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    /// To whom.
    pub account: AccountId,
    /// The role.
    pub role: Role,
    /// Over which unit.
    pub unit: UnitId,
    /// For this team alone.
    pub team: Option<TeamId>,
    /// For this drive alone.
    pub drive: Option<DriveId>,
    /// These operations alone, of those the role permits; for machines.
    pub only: Vec<Permission>,
    /// The first day.
    pub valid_from: Day,
    /// The day after the last; `None` without end.
    pub valid_to: Option<Day>,
}

/// Who grants, with what stands in storage of the assignment in use.
#[derive(Clone, Debug)]
pub struct Grantor<'actor> {
    /// Who, under which hat.
    pub actor: &'actor Actor,
    /// The place of the assignment's unit in the tree.
    pub path: Option<UnitPath>,
    /// The end of the assignment.
    pub valid_to: Option<Day>,
    /// How many grants lie between a new assignment and the host: 0 when the host grants.
    pub chain: i32,
}

/// What the grantee is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Grantee {
    /// Person or machine.
    pub kind: AccountKind,
    /// Whether the account can be used.
    pub state: AccountState,
}

/// What somebody holds and has not lost: in force, to come, or suspended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    /// The role.
    pub role: Role,
    /// The place of the unit.
    pub path: UnitPath,
    /// The topmost drive of the drive that it is bound to.
    pub book: Option<DriveId>,
    /// The first day.
    pub from: Day,
    /// The day after the last.
    pub to: Option<Day>,
}

/// What storage knows of the things that a grant names; what the grantor does not see is not known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Facts {
    /// The place of the unit.
    pub place: Option<UnitPath>,
    /// The unit stands no more.
    pub closed: bool,
    /// The account.
    pub grantee: Option<Grantee>,
    /// What the account holds, the assignment in question apart.
    pub held: Vec<Held>,
    /// The unit of the team.
    pub team_unit: Option<UnitId>,
    /// The topmost drive of the drive.
    pub book: Option<DriveId>,
    /// The drive has to do with the unit: it is of that unit, of one above or of one below.
    pub drive_concerns: bool,
}

/// A grant before the rule.
#[derive(Clone, Debug)]
pub struct Case<'case> {
    /// Who grants.
    pub grantor: &'case Grantor<'case>,
    /// What.
    pub grant: &'case Grant,
    /// What is known of it.
    pub facts: &'case Facts,
    /// The day.
    pub today: Day,
}

/// What `rules` have against a grant: what is not seen first and alone, otherwise everything at once.
#[must_use]
pub fn judge(rules: &[Rule], stages: &[Stage], case: &Case<'_>) -> Vec<Problem> {
    let of = |stage: Stage| rules.iter().filter(move |rule| rule.stage == stage).filter_map(|rule| (rule.broken)(case));
    let unseen: Vec<Problem> = of(Stage::Sight).collect();
    if !unseen.is_empty() {
        return unseen;
    }
    stages.iter().filter(|stage| **stage != Stage::Sight).flat_map(|stage| of(*stage)).collect()
}

/// Everything that stands against a grant.
#[must_use]
pub fn objections(case: &Case<'_>) -> Vec<Problem> {
    judge(RULES, &[Stage::Sight, Stage::Reach, Stage::Terms], case)
}

/// The grantor rule.
///
/// # Errors
/// The first of [`objections`].
pub fn may_grant(case: &Case<'_>) -> Result<(), Problem> {
    objections(case).into_iter().next().map_or(Ok(()), Err)
}

/// Whether the actor could have granted an assignment as it stands: role and place, whatever its terms. Whoever could may
/// end it.
///
/// # Errors
/// `NotFound`, `Forbidden`, `GrantToSelf`, `RoleNotGrantable`, `GrantNotBelow`, `GrantNotTop`, `GrantWider`.
pub fn could_have_granted(case: &Case<'_>) -> Result<(), Problem> {
    judge(RULES, &[Stage::Sight, Stage::Reach], case).into_iter().next().map_or(Ok(()), Err)
}

/// Whether a grant of the role takes two people.
#[must_use]
pub fn needs_two(role: Role) -> bool {
    TAKES_TWO.contains(&role)
}

/// What is done to an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Care {
    /// It loses something: it is disabled, its sessions end, a key is withdrawn.
    Curb,
    /// Somebody may get into it: a code or a key is handed out, it is enabled or unlocked.
    Open,
}

/// Whether the actor may look after an account that holds `held`: only when each of these could have been granted by it,
/// otherwise a reset code would be a way to a superior's rights. System admins look after everybody, since they appoint
/// those who appoint the others; but what takes two people to hand out, no single one opens.
///
/// # Errors
/// `GrantToSelf` for one's own account, `AccountBeyondReach`.
pub fn may_manage(
    actor: &Actor,
    account: AccountId,
    care: Care,
    held: &[(Role, Result<(), Problem>)],
) -> Result<(), Problem> {
    if actor.account == account && actor.account.get() != 0 {
        return Err(Problem::new(Code::GrantToSelf));
    }
    let within = |(role, could): &(Role, Result<(), Problem>)| {
        if needs_two(*role) && care == Care::Open {
            return false;
        }
        could.is_ok() || (actor.role == Role::SystemAdmin && *role != Role::BreakGlass)
    };
    if held.iter().all(within) { Ok(()) } else { Err(Problem::new(Code::AccountBeyondReach)) }
}
