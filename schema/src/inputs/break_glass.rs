//! The input of the emergency entry.

use async_graphql::InputObject;

/// Whom to restore.
#[derive(InputObject)]
pub(crate) struct RestoreAdminInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    pub(crate) request_id: String,
    /// The login of an account that holds the role of system admin, or held it.
    pub(crate) login: String,
}
