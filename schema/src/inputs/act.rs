//! Inputs about acts on record.

use async_graphql::{ID, InputObject};
use caodiem_domain::audit::RecordPredicate;

use crate::filter::{LIST_MAX, Parts, Where};
use crate::ids::key_of;
use crate::inputs::Check;
use crate::scalars::DateTime;

/// Narrows a list of acts. All given fields hold together.
#[derive(InputObject)]
pub(crate) struct ActWhere {
    /// All of these hold.
    and: Option<Vec<ActWhere>>,
    /// At least one of these holds.
    or: Option<Vec<ActWhere>>,
    /// This does not hold.
    not: Option<Box<ActWhere>>,
    /// By one of these logins.
    #[graphql(validator(max_items = 100))]
    login: Option<Vec<String>>,
    /// One of these operations, by name.
    #[graphql(validator(max_items = 100))]
    operation: Option<Vec<String>>,
    /// Done in an assignment over this unit or any below it, by the tree as it stands; what it changed may lie elsewhere.
    under: Option<ID>,
    /// From this moment on.
    since: Option<DateTime>,
    /// Before this moment.
    before: Option<DateTime>,
    /// Refused, or done.
    refused: Option<bool>,
    /// Under this request id.
    request_id: Option<String>,
}

impl Where for ActWhere {
    type Predicate = RecordPredicate;

    fn parts(self, check: &mut Check) -> Parts<Self, RecordPredicate> {
        for (name, list) in [("login", &self.login), ("operation", &self.operation)] {
            check.at_most(name, list.as_deref().unwrap_or_default(), LIST_MAX);
        }
        let under = check.optional("under", self.under, key_of).flatten();
        let is = [
            self.login.map(RecordPredicate::Subject),
            self.operation.map(RecordPredicate::Operation),
            under.map(RecordPredicate::Under),
            self.since.map(|moment| RecordPredicate::Since(moment.0)),
            self.before.map(|moment| RecordPredicate::Before(moment.0)),
            self.refused.map(RecordPredicate::Refused),
            self.request_id.map(RecordPredicate::Request),
        ];
        Parts { and: self.and, or: self.or, not: self.not, is: is.into_iter().flatten().collect() }
    }
}
