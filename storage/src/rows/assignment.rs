//! Rows of assignments. The operations that an assignment is narrowed to are kept as their names, separated by commas.

use caodiem_domain::access::{Permission, Role};
use caodiem_domain::assignment::Assignment;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{AccountId, AssignmentId, DriveId, TeamId, UnitId};
use caodiem_domain::text::{Reason, Subject};
use caodiem_domain::time::Day;
use diesel::prelude::*;

use super::corrupt;
use super::moment::{instant_of, micros};
use crate::tables::assignment;

/// An assignment, in the order of its table.
#[derive(Queryable, Insertable, AsChangeset, Clone, Debug)]
#[diesel(table_name = assignment, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct AssignmentRow {
    id: i64,
    account_id: i64,
    role: String,
    unit_id: i64,
    team_id: Option<i64>,
    drive_id: Option<i64>,
    only_for: String,
    valid_from: Day,
    valid_to: Option<Day>,
    granted_under: Option<i64>,
    chain: i32,
    granted_by: String,
    reason: String,
    granted_at: i64,
    ended_at: Option<i64>,
    ended_by: Option<String>,
    suspended_at: Option<i64>,
    last_used_at: Option<i64>,
    version: i32,
}

impl From<&Assignment> for AssignmentRow {
    fn from(assignment: &Assignment) -> Self {
        Self {
            id: assignment.id.get(),
            account_id: assignment.account.get(),
            role: assignment.role.as_str().to_owned(),
            unit_id: assignment.unit.get(),
            team_id: assignment.team.map(TeamId::get),
            drive_id: assignment.drive.map(DriveId::get),
            only_for: assignment.only.iter().map(|permission| permission.as_str()).collect::<Vec<_>>().join(","),
            valid_from: assignment.valid_from,
            valid_to: assignment.valid_to,
            granted_under: assignment.granted_under.map(AssignmentId::get),
            chain: assignment.chain,
            granted_by: assignment.granted_by.to_string(),
            reason: assignment.reason.to_string(),
            granted_at: micros(assignment.granted_at),
            ended_at: assignment.ended_at.map(micros),
            ended_by: assignment.ended_by.as_ref().map(ToString::to_string),
            suspended_at: assignment.suspended_at.map(micros),
            last_used_at: assignment.last_used_at.map(micros),
            version: assignment.version,
        }
    }
}

impl TryFrom<AssignmentRow> for Assignment {
    type Error = StoreError;

    fn try_from(row: AssignmentRow) -> Result<Self, StoreError> {
        let role = Role::from_name(&row.role).ok_or(&row.role).map_err(corrupt("assignment.role"))?;
        let ended_by = row.ended_by.as_deref().map(Subject::new).transpose();
        Ok(Self {
            id: AssignmentId::new(row.id),
            account: AccountId::new(row.account_id),
            role,
            unit: UnitId::new(row.unit_id),
            team: row.team_id.map(TeamId::new),
            drive: row.drive_id.map(DriveId::new),
            only: permissions(&row.only_for)?,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            granted_under: row.granted_under.map(AssignmentId::new),
            chain: row.chain,
            granted_by: Subject::new(&row.granted_by).map_err(corrupt("assignment.granted_by"))?,
            reason: Reason::new(&row.reason).map_err(corrupt("assignment.reason"))?,
            granted_at: instant_of(row.granted_at)?,
            ended_at: row.ended_at.map(instant_of).transpose()?,
            ended_by: ended_by.map_err(corrupt("assignment.ended_by"))?,
            suspended_at: row.suspended_at.map(instant_of).transpose()?,
            last_used_at: row.last_used_at.map(instant_of).transpose()?,
            version: row.version,
        })
    }
}

/// The permissions of a text. One that is not known any more must not fall away: an empty list means all.
fn permissions(text: &str) -> Result<Vec<Permission>, StoreError> {
    let known = |name: &str| Permission::ALL.iter().copied().find(|permission| permission.as_str() == name);
    let named = text.split(',').filter(|name| !name.is_empty());
    named.map(|name| known(name).ok_or(name).map_err(corrupt("assignment.only_for"))).collect()
}
