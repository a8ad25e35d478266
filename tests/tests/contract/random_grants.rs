//! Grants, ends, confirmations and the disabling of accounts at random, through the use cases: what stands in the database
//! afterwards keeps the law.

use std::collections::BTreeMap;

use caodiem_domain::access::{Role, Scope};
use caodiem_domain::assignment::{Assignment, AssignmentState};
use caodiem_domain::id::{AccountId, AssignmentId, UnitId};
use caodiem_domain::page::{Direction, Filter};
use caodiem_domain::unit::UnitPath;
use caodiem_domain::usecase::end_assignment::confirm_assignments;
use caodiem_domain::usecase::manage_accounts::{DisableAccount, disable_account, enable_account};
use caodiem_tests::on_both;
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};

use crate::cast::{Cast, plain, reason};
use crate::world::{all_pages, day};

/// How many things are tried.
const STEPS: usize = 400;

/// The roles that are tried, those of admins more often.
const ROLES: [Role; 8] = [
    Role::UnitAdmin,
    Role::UnitAdmin,
    Role::Planner,
    Role::Reporter,
    Role::Verifier,
    Role::Auditor,
    Role::SystemAdmin,
    Role::Analyst,
];

/// What stands after it all.
struct Standing {
    all: BTreeMap<AssignmentId, Assignment>,
    paths: BTreeMap<UnitId, UnitPath>,
}

fn pick<T: Copy>(rng: &mut TestRng, among: &[T]) -> T {
    among[usize::try_from(rng.next_u32()).expect("it fits") % among.len()]
}

fn all_assignments(cast: &Cast) -> Vec<Assignment> {
    let scope = Scope::Country;
    all_pages(Direction::Forward, 100, |page| {
        cast.world.read(|tx| tx.list_assignments(&scope, &Filter::everything(), page))
    })
}

/// Tries one thing; tells whether it was done.
fn step(cast: &Cast, rng: &mut TestRng, accounts: &[AccountId], units: &[UnitId]) -> bool {
    let today = day("2023-06-05");
    let all = all_assignments(cast);
    let in_force: Vec<&Assignment> = all.iter().filter(|one| one.state_on(today) == AssignmentState::InForce).collect();
    let admins: Vec<AssignmentId> = in_force
        .iter()
        .filter(|one| matches!(one.role, Role::SystemAdmin | Role::UnitAdmin))
        .map(|one| one.id)
        .collect();
    let by = pick(rng, &admins);
    let other = pick(rng, &all.iter().map(|one| one.id).collect::<Vec<_>>());
    match rng.next_u32() % 10 {
        0 => cast.end(by, other).is_ok(),
        1 | 2 => cast.act(by, |act, tx| confirm_assignments(act, tx, &[other])).is_ok(),
        3 => {
            let account = cast.account_now(pick(rng, accounts));
            let expected_version = account.version;
            let disable = DisableAccount { account: account.id, expected_version, reason: reason() };
            cast.act(by, |act, tx| disable_account(act, tx, &disable)).is_ok()
                || cast.act(by, |act, tx| enable_account(act, tx, (account.id, expected_version))).is_ok()
        }
        _ => cast.grant(by, &plain(pick(rng, accounts), pick(rng, &ROLES), pick(rng, units))).is_ok(),
    }
}

impl Standing {
    fn of(cast: &Cast, units: &[UnitId]) -> Self {
        let found = cast.world.read(|tx| tx.units_by_id(&Scope::Country, units));
        let all = all_assignments(cast).into_iter().map(|one| (one.id, one)).collect();
        Self { all, paths: found.into_iter().map(|(id, unit)| (id, unit.path)).collect() }
    }

    fn in_force(&self) -> impl Iterator<Item = &Assignment> {
        self.all.values().filter(|one| one.state_on(day("2023-06-05")) == AssignmentState::InForce)
    }

    /// What breaks the law.
    fn breaches(&self) -> Vec<String> {
        let granted = self.in_force().filter_map(|one| Some((one, &self.all[&one.granted_under?])));
        let broken = granted.filter(|(one, by)| !self.keeps(one, by)).map(|(one, by)| format!("{one:?} by {by:?}"));
        let both = self.in_force().filter(|one| self.reports_and_verifies(one)).map(|one| format!("both: {one:?}"));
        broken.chain(both).collect()
    }

    fn keeps(&self, one: &Assignment, by: &Assignment) -> bool {
        let (place, own) = (&self.paths[&one.unit], &self.paths[&by.unit]);
        let system = by.role == Role::SystemAdmin;
        let stands = by.state_on(day("2023-06-05")) == AssignmentState::InForce || one.role == Role::SystemAdmin;
        let placed = match (system, one.role) {
            (true, Role::UnitAdmin) => place.depth() <= 1,
            (true, role) => matches!(role, Role::SystemAdmin | Role::Auditor),
            (false, Role::UnitAdmin) => own.covers(place) && own != place,
            (false, role) => own.covers(place) && !matches!(role, Role::SystemAdmin | Role::Auditor),
        };
        stands && placed && one.account != by.account && one.chain == by.chain + 1
    }

    fn reports_and_verifies(&self, one: &Assignment) -> bool {
        let place = |one: &Assignment| &self.paths[&one.unit];
        one.role == Role::Reporter
            && self.in_force().any(|other| {
                other.role == Role::Verifier
                    && other.account == one.account
                    && (place(one).covers(place(other)) || place(other).covers(place(one)))
            })
    }
}

on_both! {
    what_random_admins_leave_behind_keeps_the_law(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let world = &cast.world;
        let units = [world.country, world.province_a, world.province_b, world.district_a1, world.district_a2, world.district_b1,
            world.commune_a1a, world.commune_a1b, world.commune_a2a, world.commune_b1a];
        cast.admin("he-thong", Role::SystemAdmin, world.country);
        cast.admin("goc", Role::UnitAdmin, world.country);
        let accounts: Vec<AccountId> =
            (0..14).map(|at| cast.account(&format!("can-bo-{at}"), units[at % units.len()])).collect();
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[3; 32]);
        let mut done = 0;
        for _ in 0..STEPS {
            done += usize::from(step(&cast, &mut rng, &accounts, &units));
        }
        let standing = Standing::of(&cast, &units);
        println!("{done} of {STEPS} were done; {} assignments, {} in force", standing.all.len(), standing.in_force().count());
        assert!(done > STEPS / 20, "only {done} were done");
        assert_eq!(standing.breaches(), Vec::<String>::new());
    }
}
