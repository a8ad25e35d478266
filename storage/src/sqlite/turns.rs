//! First come, first served: the one writing connection goes round among the writer lane and the jobs.
//!
//! A plain mutex lets the thread that has just released it take it again; under load some would wait for ever.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Something of which there is one, handed out in the order of asking.
pub(crate) struct Turns<T> {
    queue: Mutex<Queue>,
    moved: Condvar,
    thing: Mutex<T>,
}

#[derive(Default)]
struct Queue {
    next: u64,
    waiting: VecDeque<u64>,
}

impl<T> Turns<T> {
    /// Hands out `thing`.
    pub(crate) fn new(thing: T) -> Self {
        Self { queue: Mutex::default(), moved: Condvar::new(), thing: Mutex::new(thing) }
    }

    /// Waits for its turn; `None` when that takes longer than `patience`.
    pub(crate) fn take(&self, patience: Duration) -> Option<Turn<'_, T>> {
        let mut queue = self.queue();
        let number = queue.next;
        queue.next += 1;
        queue.waiting.push_back(number);
        let not_yet = |queue: &mut Queue| queue.waiting.front() != Some(&number);
        let (mut queue, _) =
            self.moved.wait_timeout_while(queue, patience, not_yet).unwrap_or_else(PoisonError::into_inner);
        if queue.waiting.front() != Some(&number) {
            queue.waiting.retain(|waiting| *waiting != number);
            return None;
        }
        drop(queue);
        let thing = self.thing.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Turn { thing, _end: End(self) })
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A turn; ends when it is dropped. The thing is let go first, then the next one is called.
pub(crate) struct Turn<'turns, T> {
    thing: MutexGuard<'turns, T>,
    _end: End<'turns, T>,
}

impl<T> Turn<'_, T> {
    /// The thing.
    pub(crate) fn thing(&mut self) -> &mut T {
        &mut self.thing
    }
}

struct End<'turns, T>(&'turns Turns<T>);

impl<T> Drop for End<'_, T> {
    fn drop(&mut self) {
        self.0.queue().waiting.pop_front();
        self.0.moved.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use super::*;

    const LONG: Duration = Duration::from_secs(10);

    #[test]
    fn turns_come_in_the_order_of_asking_and_an_impatient_one_loses_its_place() {
        let turns = Arc::new(Turns::new(Vec::new()));
        let first = turns.take(LONG);
        assert!(turns.take(Duration::from_millis(1)).is_none());
        let waiting = |count: u64| {
            while turns.queue().next < count + 2 {
                thread::yield_now();
            }
        };
        let threads: Vec<_> = (1..=3)
            .map(|number| {
                let own = Arc::clone(&turns);
                let thread = thread::spawn(move || own.take(LONG).map(|mut turn| turn.thing().push(number)));
                waiting(number);
                thread
            })
            .collect();
        drop(first);
        assert!(threads.into_iter().all(|thread| matches!(thread.join(), Ok(Some(())))));
        assert_eq!(turns.take(LONG).map(|mut turn| turn.thing().clone()), Some(vec![1, 2, 3]));
    }
}
