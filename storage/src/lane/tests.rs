#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier};

use super::*;

#[test]
fn what_queues_up_meanwhile_is_one_batch() {
    let (sizes, seen) = channel();
    let gate = Arc::new(Barrier::new(2));
    let held = Arc::clone(&gate);
    let lane = Lane::start("test", 100, 10, move |items: Vec<u32>| {
        if items == [0] {
            held.wait();
            held.wait();
        }
        sizes.send(items.len()).unwrap();
    })
    .unwrap();
    lane.offer(0).unwrap();
    gate.wait();
    for item in 1..=12 {
        lane.offer(item).unwrap();
    }
    gate.wait();
    drop(lane);
    assert_eq!(seen.iter().collect::<Vec<_>>(), [1, 10, 2]);
}

#[test]
fn a_full_queue_gives_the_item_back() {
    let gate = Arc::new(Barrier::new(2));
    let held = Arc::clone(&gate);
    let lane = Lane::start("test", 1, 1, move |items: Vec<u32>| {
        if items == [0] {
            held.wait();
            held.wait();
        }
    })
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
    let lane = Lane::start("test", 100, 1, move |items: Vec<u32>| {
        assert_ne!(items, [1], "the batch that panics");
        for item in items {
            done.send(item).unwrap();
        }
    })
    .unwrap();
    for item in 0..4 {
        lane.offer(item).unwrap();
    }
    drop(lane);
    assert_eq!(seen.iter().collect::<Vec<_>>(), [0, 2, 3]);
}
