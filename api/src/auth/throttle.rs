//! How often one address may try to get in, whoever it says it is: 30 attempts a minute by default, counted one by one, not
//! by requests. Refreshing has a more generous count of its own, and so have machines: neither a refresh token nor a
//! signature can be guessed. Beside its address, a machine is counted by its login, apart from those who only claim to be it.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use caodiem_domain::time;
use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use quick_cache::sync::Cache;

/// How many addresses, and how many logins, are remembered; beyond, those that came least are forgotten.
const REMEMBERED: usize = 20_000;

/// So many times more often than signing in may a session be refreshed, or a machine come, from one address: a whole office
/// stands behind it.
const REFRESHES: u32 = 10;

/// An address, or the network of one.
type Place = Option<IpAddr>;

/// Who comes as a machine.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Machine {
    /// The machine of that login: its signature was verified.
    Known(String),
    /// Somebody who claims to be it.
    Claimed(String),
}

/// How often each address has tried, and each machine.
pub struct Throttle {
    attempts: Counter<Place>,
    refreshes: Counter<Place>,
    assertions: Counter<Place>,
    misses: Counter<Place>,
    machines: Counter<Machine>,
}

impl Throttle {
    /// With so many attempts a minute from one address.
    #[must_use]
    pub fn new(per_minute: NonZeroU32, clock: Arc<dyn time::Clock>) -> Self {
        let refreshes = per_minute.saturating_mul(NonZeroU32::MIN.saturating_add(REFRESHES - 1));
        let hands = Hands(clock);
        Self {
            attempts: Counter::new(per_minute, hands.clone()),
            refreshes: Counter::new(refreshes, hands.clone()),
            assertions: Counter::new(refreshes, hands.clone()),
            misses: Counter::new(per_minute, hands.clone()),
            machines: Counter::new(per_minute, hands),
        }
    }

    /// Counts what a request tries, and says whether it may.
    ///
    /// # Errors
    /// How long to wait.
    pub fn admit(&self, address: Option<IpAddr>, attempts: usize, refreshes: usize) -> Result<(), Duration> {
        let network = address.map(network);
        self.attempts.count(&network, attempts)?;
        self.refreshes.count(&network, refreshes)
    }

    /// Counts an assertion that an address presents, before it is looked at.
    ///
    /// # Errors
    /// How long to wait.
    pub fn admit_assertion(&self, address: Option<IpAddr>) -> Result<(), Duration> {
        self.assertions.count(&address.map(network), 1)
    }

    /// Counts an assertion of a machine, or of somebody who claims to be it, known or not: strangers use nothing of the
    /// machine's own count up, and have no more from one address than whoever guesses a password.
    ///
    /// # Errors
    /// How long to wait.
    pub fn admit_machine(&self, address: Option<IpAddr>, machine: &Machine) -> Result<(), Duration> {
        if matches!(machine, Machine::Claimed(_)) {
            self.misses.count(&address.map(network), 1)?;
        }
        self.machines.count(machine, 1)
    }
}

type Limiter = RateLimiter<NotKeyed, InMemoryState, Hands, NoOpMiddleware<Nanos>>;

struct Counter<Of> {
    quota: Quota,
    hands: Hands,
    of: Cache<Of, Arc<Limiter>>,
}

impl<Of: Clone + Eq + Hash> Counter<Of> {
    fn new(per_minute: NonZeroU32, hands: Hands) -> Self {
        Self { quota: Quota::per_minute(per_minute), hands, of: Cache::new(REMEMBERED) }
    }

    fn count(&self, of: &Of, times: usize) -> Result<(), Duration> {
        if times == 0 {
            return Ok(());
        }
        let fresh = || Ok::<_, Duration>(Arc::new(RateLimiter::direct_with_clock(self.quota, self.hands.clone())));
        let limiter = self.of.get_or_insert_with(of, fresh)?;
        let most = usize::try_from(self.quota.burst_size().get()).unwrap_or(usize::MAX);
        // One by one: what goes beyond the burst spends all of it.
        for _ in 0..times.min(most) {
            limiter.check().map_err(|until| until.wait_time_from(self.hands.now()))?;
        }
        Ok(())
    }
}

/// A wait in whole seconds, at least one, as `Retry-After` tells it.
pub(crate) fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0)).max(1)
}

/// The address, or the network that one customer has of the new kind.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & !u128::from(u64::MAX)).into()),
        old @ IpAddr::V4(_) => old,
    }
}

/// The service's clock as the counter reads it.
#[derive(Clone)]
struct Hands(Arc<dyn time::Clock>);

impl std::fmt::Debug for Hands {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Hands")
    }
}

impl Clock for Hands {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::new(u64::try_from(self.0.now().timestamp_micros()).unwrap_or(0).saturating_mul(1_000))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use caodiem_domain::time::Instant;
    use chrono::DateTime;

    use super::*;

    #[derive(Default)]
    struct Dial(AtomicI64);

    impl time::Clock for Dial {
        fn now(&self) -> Instant {
            DateTime::from_timestamp(1_700_000_000 + self.0.load(Ordering::SeqCst), 0).unwrap_or_default()
        }
    }

    fn throttle() -> (Arc<Dial>, Throttle) {
        let dial = Arc::new(Dial::default());
        let clock: Arc<dyn time::Clock> = Arc::<Dial>::clone(&dial);
        (dial, Throttle::new(NonZeroU32::MIN.saturating_add(29), clock))
    }

    fn address(text: &str) -> Option<IpAddr> {
        text.parse().ok()
    }

    #[test]
    fn thirty_attempts_a_minute_and_one_more_every_two_seconds() {
        let (dial, throttle) = throttle();
        let here = address("192.0.2.1");
        for attempt in 1..=30 {
            assert_eq!(throttle.admit(here, 1, 0), Ok(()), "{attempt}");
        }
        assert_eq!(throttle.admit(here, 1, 0), Err(Duration::from_secs(2)));
        let clock: Arc<dyn time::Clock> = Arc::<Dial>::clone(&dial);
        let unbounded = Throttle::new(NonZeroU32::MAX, clock);
        assert!((0..1_000).all(|_| unbounded.admit(here, 1, 0).is_ok()), "nothing else refuses");
        assert_eq!(throttle.admit(address("192.0.2.2"), 1, 0), Ok(()), "another address");
        assert_eq!(throttle.admit(here, 0, 1), Ok(()), "refreshing is counted apart");
        dial.0.store(2, Ordering::SeqCst);
        assert_eq!(throttle.admit(here, 1, 0), Ok(()));
        assert!(throttle.admit(here, 1, 0).is_err());
        dial.0.store(62, Ordering::SeqCst);
        assert_eq!(throttle.admit(here, 30, 0), Ok(()));
    }

    #[test]
    fn a_hundred_attempts_in_one_request_spend_the_whole_minute() {
        let (_, throttle) = throttle();
        let here = address("2001:db8::1");
        assert_eq!(throttle.admit(here, 100, 0), Ok(()), "the request itself is refused for another reason");
        assert!(throttle.admit(here, 1, 0).is_err());
        assert!(throttle.admit(address("2001:db8::ffff"), 1, 0).is_err(), "the same network");
        assert_eq!(throttle.admit(address("2001:db8:0:1::1"), 1, 0), Ok(()), "another network");
    }

    #[test]
    fn machines_are_counted_by_address_and_by_login_and_strangers_apart() {
        let (dial, throttle) = throttle();
        let here = address("192.0.2.1");
        for assertion in 1..=300 {
            assert_eq!(throttle.admit_assertion(here), Ok(()), "{assertion}");
        }
        assert!(throttle.admit_assertion(here).is_err());
        assert_eq!(throttle.admit_assertion(address("192.0.2.2")), Ok(()), "another address");
        assert_eq!(throttle.admit(here, 30, 300), Ok(()), "people are counted apart");
        let (own, stranger) = (Machine::Known("may".to_owned()), Machine::Claimed("may".to_owned()));
        let there = address("192.0.2.3");
        for assertion in 1..=30 {
            assert_eq!(throttle.admit_machine(there, &stranger), Ok(()), "{assertion}");
        }
        assert_eq!(throttle.admit_machine(address("192.0.2.4"), &stranger), Err(Duration::from_secs(2)), "by login");
        let another = Machine::Claimed("may-2".to_owned());
        assert_eq!(throttle.admit_machine(there, &another), Err(Duration::from_secs(2)), "by address");
        for assertion in 1..=30 {
            assert_eq!(throttle.admit_machine(there, &own), Ok(()), "a stranger takes nothing of it: {assertion}");
        }
        assert!(throttle.admit_machine(there, &own).is_err());
        assert_eq!(throttle.admit_machine(there, &Machine::Known("may-2".to_owned())), Ok(()));
        dial.0.store(2, Ordering::SeqCst);
        assert_eq!(throttle.admit_machine(there, &own), Ok(()));
    }

    #[test]
    fn only_so_many_addresses_are_remembered() {
        let (_, throttle) = throttle();
        for number in 0..50_000_u32 {
            assert_eq!(throttle.admit(Some(IpAddr::V4(number.into())), 1, 0), Ok(()));
        }
        assert!(throttle.attempts.of.len() <= REMEMBERED, "{}", throttle.attempts.of.len());
    }
}
