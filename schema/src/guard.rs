//! Refusing early, and hiding what a role may never use. Never the only check: use cases and the gateway demand the
//! permission again.

use std::sync::Arc;

use async_graphql::{Context, Guard};
use caodiem_domain::access::Permission;
use caodiem_domain::error::Error;
use caodiem_domain::usecase::end_session::own_session;

use crate::error::ApiError;
use crate::refusal;
use crate::request::{Caller, caller};

/// A field that needs a permission.
pub(crate) struct Need(pub(crate) Permission);

impl Guard for Need {
    async fn check(&self, ctx: &Context<'_>) -> async_graphql::Result<()> {
        let caller = caller(ctx)?;
        pass(ctx, caller, caller.actor.require(self.0)).await
    }
}

/// Lets pass, or refuses and puts that on record: the one way out of every guard of somebody known.
async fn pass(ctx: &Context<'_>, caller: &Caller, checked: Result<(), Error>) -> async_graphql::Result<()> {
    let Err(forbidden) = checked else { return Ok(()) };
    refusal::record_forbidden(ctx, &forbidden).await;
    Err(ApiError::of(caller, forbidden).into())
}

/// A field for whoever has to do with decisions by two people.
pub(crate) struct Decides;

impl Guard for Decides {
    async fn check(&self, ctx: &Context<'_>) -> async_graphql::Result<()> {
        let caller = caller(ctx)?;
        let checked = if decides(ctx) { Ok(()) } else { caller.actor.require(Permission::ManageQuotas) };
        pass(ctx, caller, checked).await
    }
}

/// A field for everybody who is known.
pub(crate) struct SignedIn;

impl Guard for SignedIn {
    async fn check(&self, ctx: &Context<'_>) -> async_graphql::Result<()> {
        caller(ctx)?;
        Ok(())
    }
}

/// A field for who came with a session of his own: not for machines, and not for the host.
pub(crate) struct InSession;

impl Guard for InSession {
    async fn check(&self, ctx: &Context<'_>) -> async_graphql::Result<()> {
        let caller = caller(ctx)?;
        pass(ctx, caller, own_session(&caller.actor).map(drop)).await
    }
}

/// Whether introspection shows what is for sessions.
pub(crate) fn in_session(ctx: &Context<'_>) -> bool {
    ctx.data_opt::<Arc<Caller>>().is_some_and(|caller| caller.actor.session.is_some())
}

/// Declares, per permission, whether introspection shows a field that needs it.
macro_rules! shown_to {
    ($($name:ident = $permission:ident;)+) => {$(
        pub(crate) fn $name(ctx: &Context<'_>) -> bool {
            ctx.data_opt::<Arc<Caller>>().is_some_and(|caller| caller.actor.may(Permission::$permission))
        }
    )+};
}

shown_to! {
    reads_units = ReadUnits;
    manages_units = ManageUnits;
    reforms_units = ReformUnits;
    reads_catalogue = ReadCatalogue;
    manages_catalogue = ManageCatalogue;
    reads_drives = ReadDrives;
    manages_drives = ManageDrives;
    reads_baselines = ReadBaselines;
    records_baselines = RecordBaselines;
    reads_quotas = ReadQuotas;
    manages_quotas = ManageQuotas;
    reads_teams = ReadTeams;
    manages_teams = ManageTeams;
    reads_tallies = ReadTallies;
    submits_tallies = SubmitTallies;
    reads_progress = ReadProgress;
    restores_admin = RestoreAdmin;
    reads_accounts = ReadAccounts;
    manages_accounts = ManageAccounts;
    manages_services = ManageServices;
    grants_roles = GrantRoles;
    manages_reporting = ManageReporting;
    confirms_reports = ConfirmReports;
    reads_official = ReadOfficial;
    loads_extracts = LoadExtracts;
    verifies_tallies = VerifyTallies;
    reads_reports = ReadReports;
    issues_reports = IssueReports;
    certifies_reports = CertifyReports;
    reads_emulation = ReadEmulation;
    draws_up_emulation = DrawUpEmulation;
    decides_on_emulation = DecideEmulation;
}

/// Whether introspection shows decisions by two people: of quotas, or of the tree and its admins.
pub(crate) fn decides(ctx: &Context<'_>) -> bool {
    manages_quotas(ctx) || reforms_units(ctx)
}
