//! Reading the record of acts: an auditor what concerns the own scope, a unit's admin the acts of admins there,
//! everybody the own acts.

use crate::access::{Actor, Permission, Scope};
use crate::audit::operations::OF_ADMINS;
use crate::audit::{Record, RecordPredicate};
use crate::error::Error;
use crate::id::AccountId;
use crate::page::{Filter, Page, PageRequest};
use crate::ports::ReadTx;
use crate::ports::audit::Seen;

/// Whose acts are asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whose {
    /// Everybody's that may be read.
    Anybody,
    /// One's own.
    Own,
}

/// A page of acts, newest first, and how many there are when that is asked.
///
/// # Errors
/// `BadCursor`, or a failure of storage.
pub fn list_acts(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    whose: Whose,
    filter: &Filter<RecordPredicate>,
    page: &PageRequest,
    counted: bool,
) -> Result<(Page<Record>, Option<u64>), Error> {
    let (seen, limit) = readable(actor, whose);
    let filter = Filter::All(limit.into_iter().chain([filter.clone()]).collect());
    let rows = tx.list_records(&seen, &filter, page)?;
    let total = counted.then(|| tx.count_records(&seen, &filter)).transpose()?;
    Ok((rows, total))
}

/// What of the record an actor may read. No permission is demanded: one's own acts are everybody's to read.
fn readable(actor: &Actor, whose: Whose) -> (Seen, Option<Filter<RecordPredicate>>) {
    if whose == Whose::Anybody && actor.may(Permission::ReadAudit) {
        let seen = match &actor.scope {
            Scope::Country => Seen::All,
            // Nobody stands above a root: what the host did, which concerns no unit, is for the auditor there.
            Scope::Subtrees(roots) if roots.iter().any(|root| root.depth() == 0) => Seen::All,
            scope @ Scope::Subtrees(_) => Seen::Within(scope.clone()),
        };
        return (seen, None);
    }
    if whose == Whose::Anybody && actor.may(Permission::ReadAdminActs) {
        let of_admins = OF_ADMINS.iter().map(|operation| (*operation).to_owned()).collect();
        return (Seen::Within(actor.scope.clone()), Some(Filter::Is(RecordPredicate::Operation(of_admins))));
    }
    // Account 0 is the host and whoever was not known: nobody's own.
    let nobody = Filter::Any(Vec::new());
    (Seen::Own(actor.account), (actor.account == AccountId::new(0)).then_some(nobody))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Role;
    use crate::id::UnitId;
    use crate::problem::Problem;
    use crate::text::Subject;
    use crate::unit::UnitPath;

    fn actor(role: Role, account: i64, scope: Scope) -> Result<Actor, Problem> {
        let host = Actor::host(Subject::new("tester")?, role, UnitId::new(7), scope);
        Ok(Actor { account: AccountId::new(account), ..host })
    }

    #[test]
    fn everybody_reads_no_more_than_the_role_permits() -> Result<(), Problem> {
        let root = UnitPath::under(None, UnitId::new(1));
        let below = Scope::Subtrees(vec![UnitPath::under(Some(&root), UnitId::new(7))]);
        let top = Scope::Subtrees(vec![root]);
        let of = |role, scope: &Scope, whose| actor(role, 3, scope.clone()).map(|actor| readable(&actor, whose));
        assert_eq!(of(Role::Auditor, &Scope::Country, Whose::Anybody)?, (Seen::All, None));
        assert_eq!(of(Role::Auditor, &top, Whose::Anybody)?, (Seen::All, None), "the host's acts, too");
        assert_eq!(of(Role::Auditor, &below, Whose::Anybody)?, (Seen::Within(below.clone()), None));
        let (seen, limit) = of(Role::UnitAdmin, &below, Whose::Anybody)?;
        assert_eq!(seen, Seen::Within(below.clone()));
        assert!(matches!(limit, Some(Filter::Is(RecordPredicate::Operation(known))) if known == OF_ADMINS));
        for role in Role::ALL {
            let own = (Seen::Own(AccountId::new(3)), None);
            assert_eq!(of(*role, &Scope::Country, Whose::Own)?, own, "{role:?}");
            if !matches!(role, Role::Auditor | Role::UnitAdmin) {
                assert_eq!(of(*role, &Scope::Country, Whose::Anybody)?, own, "{role:?}");
            }
        }
        Ok(())
    }

    #[test]
    fn nobody_reads_the_acts_of_the_unknown_as_own() -> Result<(), Problem> {
        let (_, limit) = readable(&actor(Role::Planner, 0, Scope::Country)?, Whose::Anybody);
        assert_eq!(limit, Some(Filter::Any(Vec::new())));
        Ok(())
    }
}
