//! Granting: whatever admins grant to one another, nobody gets more than the rule hands out. The oracle says so in its own
//! words; taking any condition out of the rule makes it speak up.

mod oracle;
mod realm;

use std::collections::BTreeSet;

use caodiem_domain::access::grant::{RULES, Rule};

use oracle::Breach;
use realm::Realm;

/// How many grants are tried in one sequence.
const STEPS: usize = 30;

/// What breaks in so many sequences under these conditions, and how many grants were accepted.
fn breaches(rules: &[Rule], sequences: u64) -> (BTreeSet<Breach>, usize) {
    let (mut found, mut accepted) = (BTreeSet::new(), 0);
    for seed in 0..sequences {
        let mut realm = Realm::new(seed);
        for _ in 0..STEPS {
            if let Some(made) = realm.step(rules) {
                accepted += 1;
                found.extend(oracle::breaches(&realm, made));
            }
        }
        found.extend(oracle::reach(&realm));
    }
    (found, accepted)
}

#[test]
fn ten_thousand_sequences_of_grants_give_nobody_more_than_the_rule_hands_out() {
    let (found, accepted) = breaches(RULES, 10_000);
    println!("{accepted} grants were accepted");
    assert_eq!(found, BTreeSet::new());
    assert!(accepted > 4_000, "only {accepted} grants were accepted: the law is hardly tried");
}

/// Conditions that another one implies where the grant itself is looked at; they are there so that what is not seen is told
/// in the words of what does not exist.
const DOUBLY_HELD: [&str; 2] = ["the team is seen", "the drive is seen"];

#[test]
fn without_any_one_of_its_conditions_the_rule_breaks() {
    for left_out in RULES {
        let rest: Vec<Rule> = RULES.iter().copied().filter(|rule| rule.name != left_out.name).collect();
        let (found, _) = breaches(&rest, 1_000);
        println!("without {:?}: {found:?}", left_out.name);
        let held_twice = DOUBLY_HELD.contains(&left_out.name);
        assert_eq!(found.is_empty(), held_twice, "without {:?}: {found:?}", left_out.name);
    }
}
