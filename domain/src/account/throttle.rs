//! Guessing is slowed per account: five wrong attempts are free, then each costs a wait, and after fifty in a row only an
//! unlock or a reset helps (NIST SP 800-63B-4, 3.2.2). Attempts count, not requests; sessions go on meanwhile.

use chrono::TimeDelta;

use crate::account::Credentials;
use crate::time::Instant;

/// So many wrong attempts in a row cost nothing.
pub const FREE: i32 = 5;

/// After so many in a row nothing is tried any more.
pub const STOP: i32 = 50;

/// The first wait; each further one is twice as long.
pub const FIRST_WAIT: TimeDelta = TimeDelta::seconds(30);

/// The longest wait.
pub const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(15);

/// Whether an attempt is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Admission {
    /// It is.
    Open,
    /// Not before then.
    From(Instant),
    /// Not before an unlock or a reset.
    Stopped,
}

/// The wrong attempts of an account, as whoever looks after it may know them.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Attempts {
    /// How many there were in a row.
    pub failures: i32,
    /// Until when none is looked at.
    pub refused_until: Option<Instant>,
}

impl Attempts {
    /// Whether an attempt at that moment is looked at. Those that are not do not count.
    #[must_use]
    pub fn admission(&self, now: Instant) -> Admission {
        if self.failures >= STOP {
            return Admission::Stopped;
        }
        self.refused_until.filter(|until| now < *until).map_or(Admission::Open, Admission::From)
    }
}

impl Credentials {
    /// [`Attempts::admission`].
    #[must_use]
    pub fn admission(&self, now: Instant) -> Admission {
        Attempts { failures: self.failures, refused_until: self.refused_until }.admission(now)
    }

    /// After a wrong attempt.
    #[must_use]
    pub fn after_failure(&self, now: Instant) -> Self {
        let failures = self.failures.saturating_add(1);
        let refused_until = wait_after(failures).map(|wait| now + wait);
        Self { failures, refused_until, version: self.version.saturating_add(1), ..self.clone() }
    }

    /// Without any wrong attempts: after a right one, an unlock or a reset.
    #[must_use]
    pub fn cleared(&self) -> Self {
        Self { failures: 0, refused_until: None, version: self.version.saturating_add(1), ..self.clone() }
    }
}

/// The wait after so many wrong attempts in a row.
fn wait_after(failures: i32) -> Option<TimeDelta> {
    let doublings = u32::try_from(failures.checked_sub(FREE)?).ok()?;
    let wait = 2_i32.checked_pow(doublings).and_then(|factor| FIRST_WAIT.checked_mul(factor));
    Some(wait.map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::id::AccountId;

    fn fresh() -> Credentials {
        Credentials {
            account: AccountId::new(1),
            password: None,
            totp: None,
            totp_confirmed: false,
            totp_step: 0,
            failures: 0,
            refused_until: None,
            version: 1,
        }
    }

    fn at(seconds: i64) -> Instant {
        Instant::default() + TimeDelta::seconds(seconds)
    }

    #[test]
    fn five_are_free_then_waits_double_up_to_fifteen_minutes() {
        let waits: Vec<i64> =
            (1..=12).map(|failures| wait_after(failures).map_or(0, |wait| wait.num_seconds())).collect();
        assert_eq!(waits, [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
        assert_eq!(wait_after(i32::MAX), Some(LONGEST_WAIT));
    }

    #[test]
    fn a_wait_ends_on_the_second_and_a_right_attempt_forgets_all() {
        let mut tried = fresh();
        for _ in 0..FREE {
            assert_eq!(tried.admission(at(0)), Admission::Open);
            tried = tried.after_failure(at(0));
        }
        assert_eq!(tried.admission(at(29)), Admission::From(at(30)));
        assert_eq!(tried.admission(at(30)), Admission::Open);
        let cleared = tried.cleared();
        assert_eq!(
            (cleared.failures, cleared.admission(at(0)), cleared.version),
            (0, Admission::Open, tried.version + 1)
        );
    }

    #[test]
    fn after_fifty_nothing_is_tried_any_more() {
        let (mut tried, mut now) = (fresh(), 0);
        while tried.admission(at(now)) != Admission::Stopped {
            if tried.admission(at(now)) == Admission::Open {
                tried = tried.after_failure(at(now));
            }
            now += 1;
        }
        assert_eq!(tried.failures, STOP);
        assert_eq!(tried.admission(at(now + 1_000_000_000)), Admission::Stopped);
        assert!(now > 10 * 3_600, "fifty guesses take hours: {now} s");
    }

    /// How many attempts at these moments were looked at.
    fn looked_at(moments: &[i64]) -> usize {
        let mut tried = fresh();
        let mut count = 0;
        for moment in moments {
            if tried.admission(at(*moment)) == Admission::Open {
                tried = tried.after_failure(at(*moment));
                count += 1;
            }
        }
        count
    }

    proptest! {
        #[test]
        fn never_more_attempts_are_looked_at_than_the_waits_allow(gaps in prop::collection::vec(0_i64..1_000, 0..400)) {
            let moments: Vec<i64> = gaps.iter().scan(0, |now, gap| { *now += gap; Some(*now) }).collect();
            let span = moments.last().copied().unwrap_or(0) - moments.first().copied().unwrap_or(0);
            let (mut allowed, mut spent) = (FREE, 0);
            while allowed < STOP {
                spent += wait_after(allowed).map_or(0, |wait| wait.num_seconds());
                if spent > span {
                    break;
                }
                allowed += 1;
            }
            prop_assert!(looked_at(&moments) <= usize::try_from(allowed).unwrap_or(0), "{allowed} in {span} s");
        }
    }

    #[test]
    fn hammering_for_a_minute_gets_six_guesses() {
        let every_second: Vec<i64> = (0..60).collect();
        assert_eq!(looked_at(&every_second), 6);
        // Where wrong attempts are not counted, each of them is looked at.
        let uncounted = every_second.iter().filter(|second| {
            let tried = fresh().after_failure(at(**second)).cleared();
            tried.admission(at(**second)) == Admission::Open
        });
        assert_eq!(uncounted.count(), 60);
    }
}
