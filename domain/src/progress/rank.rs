//! Ranking: best first; ties share the better place and the next place is skipped: 1, 2, 2, 4.

use std::cmp::Ordering;

use super::{Progress, Rank, RankMeasure};
use crate::exact::Exact;

/// Ranks peers. Those without a quota, or with one below `min_quota`, get no place and come last, in the order given;
/// so do tied ones among themselves.
#[must_use]
pub fn rank(peers: &[Progress], measure: RankMeasure, min_quota: &Exact) -> Vec<Rank> {
    let mut measured: Vec<(&Progress, Option<Exact>, bool)> = peers
        .iter()
        .map(|peer| {
            let value = value(peer, measure);
            let counts = value.is_some() && peer.quota.as_ref().is_some_and(|quota| quota >= min_quota);
            (peer, value, counts)
        })
        .collect();
    measured.sort_by(|one, other| match (one.2, other.2) {
        (true, true) => order(measure, one.1.as_ref(), other.1.as_ref()),
        (one, other) => other.cmp(&one),
    });
    let placed: Vec<&Exact> =
        measured.iter().filter(|(.., counts)| *counts).filter_map(|(_, value, _)| value.as_ref()).collect();
    let places = places(&placed);
    let of = u32::try_from(placed.len()).unwrap_or(u32::MAX);
    let mut places = places.into_iter();
    measured
        .iter()
        .map(|(peer, value, counts)| {
            let place = if *counts { places.next() } else { None };
            Rank {
                unit: peer.unit,
                place: place.map(|(place, _)| place),
                of,
                tied: place.is_some_and(|(_, tied)| tied),
                value: value.clone(),
            }
        })
        .collect()
}

fn value(peer: &Progress, measure: RankMeasure) -> Option<Exact> {
    match measure {
        RankMeasure::Share => peer.share.clone(),
        RankMeasure::Done => Some(&peer.done.value + &peer.opening.into()),
        RankMeasure::Remaining => peer.remaining.clone(),
    }
}

fn order(measure: RankMeasure, one: Option<&Exact>, other: Option<&Exact>) -> Ordering {
    match measure {
        RankMeasure::Share | RankMeasure::Done => other.cmp(&one),
        RankMeasure::Remaining => one.cmp(&other),
    }
}

/// Places of sorted values, each with whether it is shared.
fn places(sorted: &[&Exact]) -> Vec<(u32, bool)> {
    let mut places = Vec::with_capacity(sorted.len());
    for ties in sorted.chunk_by(|one, other| one == other) {
        let place = u32::try_from(places.len() + 1).unwrap_or(u32::MAX);
        places.extend(ties.iter().map(|_| (place, ties.len() > 1)));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{GroupId, IndicatorId, UnitId};
    use crate::progress::Restated;
    use crate::time::{Day, DayRange};

    fn peer(unit: i64, quota: Option<i64>, done: i64) -> Progress {
        let quota = quota.map(Exact::from);
        Progress {
            unit: UnitId::new(unit),
            indicator: IndicatorId::new(1),
            group: GroupId::new(1),
            phase: None,
            days: DayRange::day(Day::default()),
            opening: 0,
            done: Restated { value: done.into(), estimated: false },
            remaining: quota.as_ref().map(|quota| (quota - &done.into()).at_least_zero()),
            share: quota.as_ref().and_then(|quota| Exact::from(done).checked_div(quota)),
            quota,
            planned: None,
            required: None,
        }
    }

    fn places(peers: &[Progress], measure: RankMeasure, min_quota: i64) -> Vec<(i64, Option<u32>, bool)> {
        rank(peers, measure, &min_quota.into()).iter().map(|rank| (rank.unit.get(), rank.place, rank.tied)).collect()
    }

    #[test]
    fn ties_share_the_better_place_and_the_next_is_skipped() {
        let peers = [peer(1, Some(100), 50), peer(2, Some(10), 9), peer(3, Some(200), 100), peer(4, Some(100), 10)];
        let expected = [(2, Some(1), false), (1, Some(2), true), (3, Some(2), true), (4, Some(4), false)];
        assert_eq!(places(&peers, RankMeasure::Share, 0), expected);
    }

    #[test]
    fn small_quotas_and_none_get_no_place() {
        let peers = [peer(1, None, 500), peer(2, Some(10), 10), peer(3, Some(100), 1), peer(4, Some(0), 0)];
        let expected = [(3, Some(1), false), (1, None, false), (2, None, false), (4, None, false)];
        assert_eq!(places(&peers, RankMeasure::Share, 50), expected);
        assert!(rank(&peers, RankMeasure::Share, &50.into()).iter().all(|rank| rank.of == 1));
    }

    #[test]
    fn the_least_remaining_is_best() {
        let peers = [peer(1, Some(100), 50), peer(2, Some(100), 90)];
        assert_eq!(places(&peers, RankMeasure::Remaining, 0), [(2, Some(1), false), (1, Some(2), false)]);
        assert_eq!(places(&peers, RankMeasure::Done, 0), [(2, Some(1), false), (1, Some(2), false)]);
    }
}
