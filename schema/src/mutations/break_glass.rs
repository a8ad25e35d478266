//! What the emergency entry may do.

use async_graphql::{Context, Object, SimpleObject};
use caodiem_domain::access::Permission;
use caodiem_domain::account::code::{CODE_LIFE, CodeText};
use caodiem_domain::error::Error;
use caodiem_domain::text::Subject;
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::desk::Desk;
use caodiem_domain::usecase::restore_admin::{RestoreAdmin, restore_admin};

use crate::desk::change_own;
use crate::error::Result;
use crate::guard::{self, Need};
use crate::inputs::break_glass::RestoreAdminInput;
use crate::objects::problem::UserError;

/// What the emergency entry may do.
#[derive(Default)]
pub(crate) struct BreakGlassMutations;

#[Object]
impl BreakGlassMutations {
    /// Gives one system admin back the way in, by a one-time code good for 24 hours; a disabled account is opened again.
    /// The emergency entry is then used up: its next request is refused.
    #[graphql(guard = "Need(Permission::RestoreAdmin)", visible = "guard::restores_admin")]
    async fn restore_admin(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to restore.")] input: RestoreAdminInput,
    ) -> Result<RestoreAdminPayload> {
        let (code, errors) =
            change_own(ctx, &input.request_id, input.login, |desk, act, login| restore(desk, act, login)).await?;
        Ok(RestoreAdminPayload { code: code.flatten(), errors })
    }
}

/// Restores under a fresh code. One that was given before under the same request id is not told again.
fn restore(desk: &Desk<'_>, act: &Act, login: &str) -> Result<Option<String>, Error> {
    let code = CodeText::fresh(desk.crypto);
    let hash = code.hash(desk.crypto);
    let login = Subject::new(login).map_err(|problem| problem.at("login"))?;
    let command = RestoreAdmin { login, code: hash, expires_at: desk.now + CODE_LIFE };
    let counts = desk.store.write(|tx| {
        restore_admin(act, tx, &command)?;
        Ok(tx.code_of(&hash)?.is_some())
    })?;
    Ok(counts.then(|| code.reveal()))
}

/// What `restoreAdmin` gives.
#[derive(SimpleObject)]
pub(crate) struct RestoreAdminPayload {
    /// The one-time code, to be used with `redeemCode`; null when it was refused, and when the same request is sent again.
    code: Option<String>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}
