//! Forming and revising teams.

use async_graphql::{Context, Object, SimpleObject};
use caodiem_domain::access::Permission;
use caodiem_domain::usecase::manage_teams::{form_teams, revise_team};

use crate::error::Result;
use crate::guard::{self, Need};
use crate::inputs::team::{FormTeamsInput, ReviseTeamInput};
use crate::objects::problem::UserError;
use crate::objects::team::Team;
use crate::request::write;

/// Changes of teams.
#[derive(Default)]
pub(crate) struct TeamMutations;

#[Object]
impl TeamMutations {
    /// Forms teams with their first members, all or none. Where a team departs from what a plan says, `Team.findings`
    /// says so; it is formed all the same.
    #[graphql(guard = "Need(Permission::ManageTeams)", visible = "guard::manages_teams")]
    async fn form_teams(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The teams.")] input: FormTeamsInput,
    ) -> Result<FormTeamsPayload> {
        let (teams, errors) = write(ctx, input, |act, tx, teams| {
            let ids = form_teams(act, tx, teams)?;
            let mut found = tx.teams_by_id(&act.actor.scope, &ids)?;
            Ok(ids.iter().filter_map(|id| found.remove(id)).collect::<Vec<_>>())
        })
        .await?;
        Ok(FormTeamsPayload { teams: teams.unwrap_or_default().into_iter().map(Team).collect(), errors })
    }

    /// Revises a team: its name, its end, members who come and go.
    #[graphql(guard = "Need(Permission::ManageTeams)", visible = "guard::manages_teams")]
    async fn revise_team(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: ReviseTeamInput,
    ) -> Result<ReviseTeamPayload> {
        let (team, errors) = write(ctx, input, |act, tx, command| {
            let id = revise_team(act, tx, command)?;
            Ok(tx.teams_by_id(&act.actor.scope, &[id])?.remove(&id))
        })
        .await?;
        Ok(ReviseTeamPayload { team: team.flatten().map(Team), errors })
    }
}

/// What `formTeams` gives.
#[derive(SimpleObject)]
pub(crate) struct FormTeamsPayload {
    /// The teams, in the order of the input; empty when they were refused.
    teams: Vec<Team>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `reviseTeam` gives.
#[derive(SimpleObject)]
pub(crate) struct ReviseTeamPayload {
    /// The team; null when it was refused.
    team: Option<Team>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}
