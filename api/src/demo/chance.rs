//! Chance with a fixed seed: the same demonstration everywhere, in whatever order it is played.

use crate::data::villages::digest_number;

/// A draw for a name: the same name always draws the same.
#[derive(Clone, Debug)]
pub(super) struct Chance {
    state: u64,
}

impl Chance {
    /// Draws that belong to `name`.
    pub(super) fn of(name: &str) -> Self {
        Self { state: digest_number(&format!("caodiem-demo-1:{name}")) }
    }

    /// The next draw, by `SplitMix64`.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high.saturating_sub(low).saturating_add(1)).unwrap_or(1).max(1);
        low.saturating_add(i64::try_from(self.next() % width).unwrap_or(0))
    }

    /// Whether something of so many percent happens.
    pub(super) fn happens(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }
}

/// Shares a total among weights in whole numbers that add up to it exactly.
pub(super) fn spread(total: i64, weights: &[i64]) -> Vec<i64> {
    let all = i128::from(weights.iter().sum::<i64>().max(1));
    let mut seen = 0_i128;
    let mut given = 0_i128;
    let share = |weight: &i64| {
        seen += i128::from(*weight);
        let upto = i128::from(total) * seen / all;
        let part = upto - given;
        given = upto;
        i64::try_from(part).unwrap_or(0)
    };
    weights.iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_loses_nothing() {
        assert_eq!(spread(10, &[1, 1, 1]), [3, 3, 4]);
        assert_eq!(spread(7_124, &[60, 140, 99, 1]).iter().sum::<i64>(), 7_124);
    }

    #[test]
    fn the_same_name_draws_the_same() {
        let draws = |name: &str| {
            let mut chance = Chance::of(name);
            (0..5).map(|_| chance.between(1, 6)).collect::<Vec<_>>()
        };
        assert_eq!(draws("x"), draws("x"));
        assert_ne!(draws("x"), draws("y"));
        assert!(draws("z").iter().all(|draw| (1..=6).contains(draw)));
    }
}
