//! Proposals: what one person wants and another has to approve.

use async_graphql::{Context, Enum, ID, Object};
use caodiem_domain::id::{AccountId, ProposalId};
use caodiem_domain::proposal;
use caodiem_domain::text::Reason;

use crate::error::Result;
use crate::guard;
use crate::ids::{id_of, key_of};
use crate::loaders::proposals::LoginOf;
use crate::objects::unit::Unit;
use crate::request::{caller, load};
use crate::scalars::DateTime;

/// What may be proposed: the mutations that one person alone cannot do.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "proposal::Operation")]
pub(crate) enum ProposalOperation {
    /// `setQuotas` in a drive that has opened.
    SetQuotas,
    /// `applyCascade` in a drive that has opened.
    ApplyCascade,
    /// `foundUnit` of a root.
    FoundUnit,
    /// `reviseUnit` of a root.
    ReviseUnit,
    /// `mergeUnits`.
    MergeUnits,
    /// `splitUnit`.
    SplitUnit,
    /// `closeUnit` of a root.
    CloseUnit,
    /// `grantAssignment` of a system admin.
    GrantAssignment,
    /// `reopenDay`.
    ReopenDay,
}

/// Where a proposal stands.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "proposal::Standing")]
pub(crate) enum ProposalState {
    /// Waits for another person.
    Open,
    /// Waited too long; nobody can decide on it any more.
    Expired,
    /// Approved, and done in the same moment.
    Approved,
    /// Rejected by another person.
    Rejected,
    /// Taken back by its proposer.
    Withdrawn,
}

/// A proposal.
pub(crate) struct Proposal(pub(crate) proposal::Proposal);

impl Proposal {
    /// The proposal that a global id names, where the caller sees it; an id of anything else names none.
    pub(crate) async fn find_by_id(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        match key_of::<ProposalId>(id) {
            Ok(key) => Ok(load(ctx, key).await?.map(Self)),
            Err(_names_no_proposal) => Ok(None),
        }
    }

    async fn login(ctx: &Context<'_>, account: AccountId) -> Result<Option<String>> {
        Ok(load(ctx, LoginOf(account)).await?.map(|login| login.to_string()))
    }
}

/// A change that takes two people (đề xuất chờ duyệt): one proposes it, another with the same rights over the same unit
/// approves it, and only then it is done. Seen by whoever could have proposed the same, and by its proposer.
#[Object(visible = "guard::decides")]
impl Proposal {
    /// Opaque global id.
    pub(crate) async fn id(&self) -> ID {
        id_of(&self.0.id)
    }

    /// Sent back as `expectedVersion` with a decision.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Which mutation it is.
    async fn operation(&self) -> ProposalOperation {
        self.0.operation.into()
    }

    /// The input of the mutation as JSON, word for word as it will be done. Its `requestId` is not used.
    async fn input(&self) -> &str {
        &self.0.input
    }

    /// The unit it concerns; null when it lies out of scope.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.unit).await
    }

    /// Why it is proposed.
    async fn reason(&self) -> &str {
        self.0.reason.as_str()
    }

    /// The login of its proposer.
    async fn proposer(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Self::login(ctx, self.0.proposer).await
    }

    /// When it was proposed.
    async fn proposed_at(&self) -> DateTime {
        DateTime(self.0.proposed_at)
    }

    /// From when on nobody can decide on it any more.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// Where it stands now.
    #[expect(clippy::unused_async, reason = "resolvers are asynchronous")]
    async fn state(&self, ctx: &Context<'_>) -> Result<ProposalState> {
        Ok(self.0.standing(caller(ctx)?.now).into())
    }

    /// The login of whoever approved, rejected or withdrew it; null while it is open.
    async fn decided_by(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        match self.0.decided_by {
            Some(account) => Self::login(ctx, account).await,
            None => Ok(None),
        }
    }

    /// When that was.
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.decided_at.map(DateTime)
    }

    /// What they said.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_ref().map(Reason::as_str)
    }
}
