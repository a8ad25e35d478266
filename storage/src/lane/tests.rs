#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Barrier;
use std::sync::mpsc::channel;

use super::*;

/// At most so many items, whatever they weigh.
const fn items(items: usize) -> Bounds {
    Bounds { items, weight: usize::MAX }
}

const WEIGHTLESS: fn(&u32) -> usize = |_item| 0;

/// The batches into which a lane takes items that queued up behind the item 0.
fn batches(bounds: Bounds, weigh: fn(&u32) -> usize, queued: &[u32]) -> Vec<Vec<u32>> {
    let (taken, seen) = channel();
    let gate = Arc::new(Barrier::new(2));
    let held = Arc::clone(&gate);
    let lane = Lane::start(
        "test",
        100,
        bounds,
        weigh,
        [move |items: Vec<u32>| {
            if items == [0] {
                held.wait();
                held.wait();
            }
            taken.send(items).unwrap();
        }],
    )
    .unwrap();
    lane.offer(0).unwrap();
    gate.wait();
    for item in queued {
        lane.offer(*item).unwrap();
    }
    gate.wait();
    drop(lane);
    seen.iter().skip(1).collect()
}

#[test]
fn what_queues_up_meanwhile_is_one_batch() {
    let (first, second): (Vec<u32>, Vec<u32>) = ((1..=10).collect(), (11..=12).collect());
    assert_eq!(batches(items(10), WEIGHTLESS, &[first.clone(), second.clone()].concat()), [first, second]);
}

#[test]
fn a_batch_is_closed_by_its_weight_too() {
    let weigh = |item: &u32| usize::try_from(*item).unwrap();
    let bounds = Bounds { items: 3, weight: 10 };
    let found = batches(bounds, weigh, &[9, 1, 5, 5, 2, 30, 1, 2, 3, 4]);
    assert_eq!(found, [vec![9, 1], vec![5, 5], vec![2, 30], vec![1, 2, 3], vec![4]]);
}

#[test]
fn a_full_queue_gives_the_item_back() {
    let gate = Arc::new(Barrier::new(2));
    let held = Arc::clone(&gate);
    let lane = Lane::start(
        "test",
        1,
        items(1),
        WEIGHTLESS,
        [move |items: Vec<u32>| {
            if items == [0] {
                held.wait();
                held.wait();
            }
        }],
    )
    .unwrap();
    lane.offer(0).unwrap();
    gate.wait();
    assert_eq!(lane.offer(1), Ok(()));
    assert_eq!(lane.offer(2), Err(2));
    gate.wait();
}

#[test]
fn a_panic_costs_its_batch_only_and_what_is_queued_is_finished() {
    let (done, seen) = channel();
    let lane = Lane::start(
        "test",
        100,
        items(1),
        WEIGHTLESS,
        [move |items: Vec<u32>| {
            assert_ne!(items, [1], "the batch that panics");
            for item in items {
                done.send(item).unwrap();
            }
        }],
    )
    .unwrap();
    for item in 0..4 {
        lane.offer(item).unwrap();
    }
    drop(lane);
    assert_eq!(seen.iter().collect::<Vec<_>>(), [0, 2, 3]);
}

#[test]
fn threads_of_a_lane_share_its_queue() {
    let (gate, (taken, seen)) = (Arc::new(Barrier::new(3)), channel());
    let thread = || {
        let (held, taken) = (Arc::clone(&gate), taken.clone());
        move |items: Vec<u32>| {
            // Neither goes on before the other has come as far.
            held.wait();
            taken.send(items).unwrap();
        }
    };
    let lane = Lane::start("test", 100, items(1), WEIGHTLESS, [thread(), thread()]).unwrap();
    lane.offer(1).unwrap();
    lane.offer(2).unwrap();
    gate.wait();
    drop(lane);
    drop(taken);
    let mut batches: Vec<Vec<u32>> = seen.iter().collect();
    batches.sort_unstable();
    assert_eq!(batches, [[1], [2]]);
}
