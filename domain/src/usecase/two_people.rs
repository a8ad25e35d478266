//! By whose authority an act is done: alone, by two people, or by the host.
//!
//! A use case that two people have to decide asks `needs_two` and refuses with [`Code::NeedsTwoPeople`] what one person
//! wants alone. The only way past it is an [`Approval`], and only the use cases of proposals can make one.

use crate::id::ProposalId;
use crate::problem::{Code, Problem};
use crate::text::Subject;
use crate::usecase::Act;

/// By whose authority an act is done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Authority {
    /// Of whoever acts, alone. Every request over the wire.
    Alone,
    /// The host's own commands. Whoever runs them holds the machine and its database, so a second person would prove
    /// nothing; they are on record like every act.
    Host,
    /// Another person approved what this one proposed.
    Approved(Approval),
}

/// That another person approved a proposal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Approval {
    proposal: ProposalId,
    approver: Subject,
}

impl Approval {
    /// For the use cases of proposals only: everybody else has to be approved.
    pub(super) const fn new(proposal: ProposalId, approver: Subject) -> Self {
        Self { proposal, approver }
    }

    /// Which proposal.
    #[must_use]
    pub const fn proposal(&self) -> ProposalId {
        self.proposal
    }

    /// The login of whoever approved it.
    #[must_use]
    pub const fn approver(&self) -> &Subject {
        &self.approver
    }
}

/// What is wrong where two people are `needed` and only one acts. An account cannot pass for the host.
pub(super) fn needs_two(act: &Act, needed: bool) -> Option<Problem> {
    let enough = match &act.authority {
        Authority::Alone => false,
        Authority::Host => act.actor.account.get() == 0,
        Authority::Approved(_) => true,
    };
    (needed && !enough).then(|| Problem::new(Code::NeedsTwoPeople))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests may panic")]
mod tests {
    use super::*;
    use crate::access::{Actor, Role, Scope};
    use crate::id::{AccountId, UnitId};
    use crate::request::RequestKey;
    use crate::text::RequestId;

    fn act(account: i64) -> Act {
        let subject = Subject::new("somebody").unwrap();
        let host = Actor::host(subject.clone(), Role::SystemAdmin, UnitId::new(1), Scope::Country);
        let actor = Actor { account: AccountId::new(account), ..host };
        let request = RequestKey { subject, id: RequestId::new("request-1").unwrap(), fingerprint: [0; 32] };
        Act::new(actor, "2023-06-25T02:00:00Z".parse().unwrap(), request, "test", String::new())
    }

    #[test]
    fn one_person_alone_is_refused_where_two_are_needed() {
        let refused = |act: &Act, needed| needs_two(act, needed).map(|problem| problem.code());
        assert_eq!(refused(&act(7), true), Some(Code::NeedsTwoPeople));
        assert_eq!(refused(&act(7), false), None);
        let approval = Approval::new(ProposalId::new(3), Subject::new("another").unwrap());
        assert_eq!(refused(&Act { authority: Authority::Approved(approval), ..act(7) }, true), None);
    }

    #[test]
    fn no_account_passes_for_the_host() {
        assert_eq!(needs_two(&act(0).on_the_host(), true), None);
        assert_eq!(needs_two(&act(0), true).map(|problem| problem.code()), Some(Code::NeedsTwoPeople));
        assert_eq!(needs_two(&act(7).on_the_host(), true).map(|problem| problem.code()), Some(Code::NeedsTwoPeople));
    }
}
