//! A small realm: a tree of units, accounts, a few assignments made on the host, and what is granted under them at random
//! through the real rule.

use caodiem_domain::access::delegation::is_of_drives;
use caodiem_domain::access::grant::{Case, Facts, Grant, Grantee, Grantor, Held, Rule, Stage, judge};
use caodiem_domain::access::{Actor, Permission, Role, Scope};
use caodiem_domain::account::{AccountKind, AccountState};
use caodiem_domain::id::{AccountId, AssignmentId, DriveId, TeamId, UnitId};
use caodiem_domain::text::Subject;
use caodiem_domain::time::Day;
use caodiem_domain::unit::UnitPath;
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};

/// How many units.
const UNITS: usize = 12;
/// How many accounts; the last two are machines.
const ACCOUNTS: usize = 9;
/// How many days of the realm's calendar ends fall on.
const DAYS: usize = 500;

/// A unit.
pub(super) struct Place {
    pub(super) above: Option<usize>,
    pub(super) path: UnitPath,
    pub(super) closed: bool,
}

/// An account.
pub(super) struct Person {
    pub(super) home: usize,
    pub(super) grantee: Grantee,
}

/// An assignment with its grantor's place in the list; none when it was made on the host.
pub(super) struct Made {
    pub(super) grant: Grant,
    pub(super) under: Option<usize>,
    pub(super) chain: i32,
}

/// The realm.
pub(super) struct Realm {
    pub(super) places: Vec<Place>,
    pub(super) people: Vec<Person>,
    pub(super) made: Vec<Made>,
    pub(super) today: Day,
    rng: TestRng,
}

/// The number of an id: they begin with 1.
pub(super) fn number(id: i64) -> usize {
    usize::try_from(id - 1).expect("a number")
}

fn id(number: usize) -> i64 {
    i64::try_from(number).expect("few") + 1
}

impl Realm {
    /// A realm with a system admin, a planner and a few unit admins, one of them bound to a drive.
    pub(super) fn new(seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_be_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let today = "2023-06-05".parse().expect("a day");
        let mut realm = Self { places: Vec::new(), people: Vec::new(), made: Vec::new(), today, rng };
        for number in 0..UNITS {
            let above = (number > 0).then(|| realm.below(number));
            let path = UnitPath::under(above.map(|above| &realm.places[above].path), UnitId::new(id(number)));
            let closed = number > 0 && realm.below(12) == 0;
            realm.places.push(Place { above, path, closed });
        }
        for number in 0..ACCOUNTS {
            let kind = if number >= ACCOUNTS - 2 { AccountKind::Service } else { AccountKind::Person };
            let state = if realm.below(10) == 0 { AccountState::Disabled } else { AccountState::Active };
            let home = if number < 3 { 0 } else { realm.below(UNITS) };
            realm.people.push(Person { home, grantee: Grantee { kind, state } });
        }
        for (number, role) in
            [Role::SystemAdmin, Role::UnitAdmin, Role::UnitAdmin, Role::Planner].into_iter().enumerate()
        {
            let unit = if number < 2 { 0 } else { realm.below(UNITS) };
            let mut grant = realm.grant_of(number, role, unit);
            grant.drive = (number == 2 && realm.below(2) == 0).then(|| DriveId::new(1));
            let chain = if number == 1 { i32::try_from(realm.below(7)).expect("small") } else { 0 };
            realm.made.push(Made { grant, under: None, chain });
        }
        realm
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.rng.next_u32()).expect("it fits") % bound
    }

    fn day(&mut self) -> Day {
        let number = self.below(DAYS);
        self.today.iter_days().nth(number).expect("a day")
    }

    fn grant_of(&mut self, account: usize, role: Role, unit: usize) -> Grant {
        let valid_to = (self.below(3) > 0).then(|| self.day());
        let valid_to = valid_to.and_then(|day| day.succ_opt());
        Grant {
            account: AccountId::new(id(account)),
            role,
            unit: UnitId::new(id(unit)),
            team: None,
            drive: None,
            only: Vec::new(),
            valid_from: self.today,
            valid_to,
        }
    }

    /// A random grant: sensible in half of the cases where sense would seldom come by chance.
    fn any_grant(&mut self) -> Grant {
        let account = self.below(ACCOUNTS);
        let machine = self.people[account].grantee.kind == AccountKind::Service;
        let role =
            if machine && self.below(2) == 0 { Role::Integrator } else { Role::ALL[self.below(Role::ALL.len())] };
        let unit = self.below(UNITS);
        let mut grant = self.grant_of(account, role, unit);
        if self.below(8) == 0 {
            grant.valid_from = self.day();
        }
        let named = if role == Role::Integrator && self.below(4) > 0 { 1 + self.below(2) } else { self.below(12) / 11 };
        grant.only = (0..named).map(|_| Permission::ALL[self.below(Permission::ALL.len())]).collect();
        grant.team = (self.below(6) == 0).then(|| TeamId::new(id(self.below(UNITS))));
        grant.drive = (self.below(4) == 0).then(|| DriveId::new(id(self.below(UNITS))));
        if grant.team.is_some() && self.below(2) == 0 {
            grant.team = Some(TeamId::new(grant.unit.get()));
        }
        grant
    }

    /// Somebody tries to grant something. The place of what was granted, if it was.
    pub(super) fn step(&mut self, rules: &[Rule]) -> Option<usize> {
        let (under, grant) = (self.below(self.made.len()), self.any_grant());
        let actor = self.actor(under);
        let above = &self.made[under];
        let path = Some(self.places[number(above.grant.unit.get())].path.clone());
        let grantor = Grantor { actor: &actor, path, valid_to: above.grant.valid_to, chain: above.chain + 1 };
        let facts = self.facts(&actor, &grant);
        let case = Case { grantor: &grantor, grant: &grant, facts: &facts, today: self.today };
        if !judge(rules, &[Stage::Sight, Stage::Reach, Stage::Terms], &case).is_empty() {
            return None;
        }
        self.made.push(Made { grant, under: Some(under), chain: grantor.chain });
        Some(self.made.len() - 1)
    }

    /// Whoever acts under an assignment.
    pub(super) fn actor(&self, at: usize) -> Actor {
        let grant = &self.made[at].grant;
        let scope = match grant.role {
            Role::SystemAdmin => Scope::Country,
            _ => Scope::Subtrees(vec![self.places[number(grant.unit.get())].path.clone()]),
        };
        let subject = Subject::new("somebody").expect("a subject");
        Actor {
            account: grant.account,
            assignment: AssignmentId::new(id(at)),
            team: grant.team,
            drive: grant.drive,
            only: grant.only.clone(),
            ..Actor::host(subject, grant.role, grant.unit, scope)
        }
    }

    /// What storage would know: drives and teams bear the number of their unit, and every drive is a family of its own.
    fn facts(&self, actor: &Actor, grant: &Grant) -> Facts {
        let person = &self.people[number(grant.account.get())];
        let place = &self.places[number(grant.unit.get())];
        let seen = |path: &UnitPath| actor.scope.covers(path);
        let team = grant.team.filter(|team| seen(&self.places[number(team.get())].path));
        let area = grant.drive.map(|drive| &self.places[number(drive.get())].path);
        let held =
            self.made.iter().filter(|made| made.grant.account == grant.account).map(|made| self.held(&made.grant));
        Facts {
            place: Some(place.path.clone()),
            closed: place.closed,
            grantee: seen(&self.places[person.home].path).then_some(person.grantee),
            held: held.collect(),
            team_unit: team.map(|team| UnitId::new(team.get())),
            book: grant.drive.filter(|_| area.is_some_and(|area| actor.scope.touches(area))),
            drive_concerns: area.is_some_and(|area| area.covers(&place.path) || place.path.covers(area)),
        }
    }

    fn held(&self, grant: &Grant) -> Held {
        let path = self.places[number(grant.unit.get())].path.clone();
        Held { role: grant.role, path, book: grant.drive, from: grant.valid_from, to: grant.valid_to }
    }

    /// Whether one unit is another or stands above it, by the parents alone.
    pub(super) fn stands_over(&self, above: usize, unit: usize) -> bool {
        std::iter::successors(Some(unit), |unit| self.places[*unit].above).any(|one| one == above)
    }
}

/// Whether the role has to do with drives; the oracle asks in the domain's words, which have a test of their own.
pub(super) const fn of_drives(role: Role) -> bool {
    is_of_drives(role)
}
