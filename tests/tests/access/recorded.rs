//! Whatever a role may not, it is refused on record: by whichever guard, as a query or as a mutation.

use caodiem_domain::access::Role;
use caodiem_domain::ports::Store;
use caodiem_tests::database::Backend;

use crate::door::InProcess;
use crate::matrix::answer;
use crate::people::Principal;
use crate::place::Relation;
use crate::samples::{self, Sample};
use crate::table::Cell;
use crate::world::World;

/// The operation and outcome of each act from that place of the record on, by that login.
fn since(store: &dyn Store, seq: i64, login: &str) -> Vec<(String, String)> {
    let acts = store.read(|tx| Ok(tx.chain(seq, 100)?)).expect("the record");
    acts.into_iter().filter(|act| act.subject == login).map(|act| (act.operation, act.outcome)).collect()
}

/// What is refused to somebody is asked again of a store that keeps it. `None` for what is not refused; otherwise what
/// stands on record then, if it is not that one refusal.
fn refused(
    world: &World,
    (undone, keeping): (&InProcess, &InProcess),
    sample: &Sample,
    who: Principal,
) -> Option<Result<(), String>> {
    let person = world.people.iter().find(|person| person.principal == who);
    let place = world.place(Relation::Own, person);
    if Cell::of(sample, &answer(undone, world, sample, who, &place)) != Cell::Denied {
        return None;
    }
    let store = world.store();
    let (last, _) = store.read(|tx| Ok(tx.chain_head()?)).expect("the head");
    answer(keeping, world, sample, who, &place);
    let mut found = since(&*store, last + 1, who.name());
    // What the emergency entry reads before it is refused goes on record, too.
    found.retain(|(_, outcome)| who != Principal::Holder(Role::BreakGlass) || outcome != "DONE");
    // By the name of the field that was refused, which may stand below the root.
    let one =
        |(operation, outcome): &(String, String)| outcome == "FORBIDDEN" && sample.text.contains(operation.as_str());
    let recorded = found.len() == 1 && found.iter().all(one);
    Some(if recorded { Ok(()) } else { Err(format!("{} for {}: {found:?}", sample.name, who.name())) })
}

fn holders() -> impl Iterator<Item = Principal> {
    Principal::all().into_iter().filter(|who| matches!(who, Principal::Holder(_)))
}

#[test]
fn what_a_role_may_not_is_refused_on_record() {
    let world = World::new(Backend::Sqlite).expect("SQLite is always there");
    let undone = InProcess::new(&world);
    let keeping = undone.keeping(&world);
    let samples = samples::all();
    let cases = samples.iter().flat_map(|sample| holders().map(move |who| (sample, who)));
    let tried: Vec<_> = cases.filter_map(|(sample, who)| refused(&world, (&undone, &keeping), sample, who)).collect();
    let lacking: Vec<String> = tried.iter().filter_map(|outcome| outcome.clone().err()).collect();
    assert!(lacking.is_empty(), "{} of {} refusals:\n{}", lacking.len(), tried.len(), lacking.join("\n"));
    assert!(tried.len() > 300, "only {} were refused", tried.len());
}

/// Where the record is thrown away, that is seen.
#[test]
fn a_refusal_that_is_not_on_record_is_seen() {
    let world = World::new(Backend::Sqlite).expect("SQLite is always there");
    let undone = InProcess::new(&world);
    let sample = samples::all().into_iter().find(|sample| sample.name == "submitTallies").expect("a sample");
    let auditor = Principal::Holder(Role::Auditor);
    assert!(matches!(refused(&world, (&undone, &undone), &sample, auditor), Some(Err(_))));
}
