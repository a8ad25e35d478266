//! Acts on record.

use async_graphql::{Context, ID, Object};
use caodiem_domain::access;
use caodiem_domain::audit::{DONE, Record, RecordPredicate, hex};
use caodiem_domain::page::{Direction, Filter, PageRequest, PageSize};
use caodiem_domain::usecase::read_acts::{Whose, list_acts};

use crate::error::Result;
use crate::guard::{self, Need};
use crate::ids::{ActKey, id_of, id_of_recorded, key_of};
use crate::objects::unit::Unit;
use crate::objects::viewer::Role;
use crate::request::read_own;
use crate::scalars::{BigInt, DateTime};

/// A recorded act.
pub(crate) struct Act(pub(crate) Record);

impl Act {
    /// The act of that id, where the caller may read it.
    pub(crate) async fn find_by_id(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(ActKey(place)) = key_of(id) else { return Ok(None) };
        let filter = Filter::Is(RecordPredicate::Place(vec![place]));
        let page = PageRequest { size: PageSize::DEFAULT, direction: Direction::Forward, cursor: None };
        let find = move |actor: &_, tx: &mut dyn caodiem_domain::ports::ReadTx| {
            let anybody = list_acts(actor, tx, Whose::Anybody, &filter, &page, false)?.0;
            // What a unit's admin may read of others does not hold every act of the own.
            if anybody.rows.is_empty() {
                Ok(list_acts(actor, tx, Whose::Own, &filter, &page, false)?.0)
            } else {
                Ok(anybody)
            }
        };
        Ok(read_own(ctx, find).await?.rows.into_iter().next().map(|(_, record)| Self(record)))
    }
}

/// An act on record: a mutation that was done or refused, a grant, a sign-in, a refused read. Rows are only ever added,
/// each bound to the one before it by its hash; `caodiem audit verify` finds what somebody changed.
#[Object]
impl Act {
    /// Opaque id.
    pub(crate) async fn id(&self) -> ID {
        id_of(&ActKey(self.0.seq))
    }

    /// Its place in the record: 1, 2, 3 … without gaps.
    async fn seq(&self) -> BigInt {
        BigInt(self.0.seq)
    }

    /// When the request arrived, by the server's clock.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// The login of the account that acted; `host:…` for a command on the machine itself.
    async fn login(&self) -> &str {
        &self.0.subject
    }

    /// The role in use; null where nobody was known.
    async fn role(&self) -> Option<Role> {
        self.0.role.as_deref().and_then(access::Role::from_name).map(Into::into)
    }

    /// The unit of the assignment in use; null where there was none, or where it lies out of scope.
    #[graphql(guard = "Need(access::Permission::ReadUnits)", visible = "guard::reads_units")]
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        match self.0.unit {
            Some(unit) => Unit::find(ctx, unit).await,
            None => Ok(None),
        }
    }

    /// What: the name of the mutation or field, or of the host's command.
    async fn operation(&self) -> &str {
        &self.0.operation
    }

    /// With what: the input without its secrets; of one longer than 4,096 bytes its length and SHA-256.
    async fn input(&self) -> &str {
        &self.0.input
    }

    /// What changed, a line each: kind and id, `before => after`, `-` for what was not there. At most some hundred lines of
    /// an act; the others are counted. Within `before` and `after` other things go by the numbers of the record itself, as
    /// they were hashed.
    async fn changes(&self) -> Vec<String> {
        self.0.changes.lines().map(with_id).collect()
    }

    /// `DONE`, or the code of the problem for which it was refused.
    async fn outcome(&self) -> &str {
        &self.0.outcome
    }

    /// Whether it was refused: nothing was done.
    async fn refused(&self) -> bool {
        self.0.outcome != DONE
    }

    /// The request's id as the client chose it, or as the log has it.
    async fn request_id(&self) -> &str {
        &self.0.request
    }

    /// SHA-256 over the act and the hash of the one before it, as 64 hexadecimal digits.
    async fn hash(&self) -> String {
        hex(&self.0.hash)
    }
}

/// A line of the record with the id of the thing as clients know it.
fn with_id(line: &str) -> String {
    let named = || {
        let (thing, text) = line.split_once(": ")?;
        let (kind, number) = thing.split_once(' ')?;
        Some(format!("{kind} {id}: {text}", id = id_of_recorded(kind, number)?.as_str()))
    };
    named().unwrap_or_else(|| line.to_owned())
}
