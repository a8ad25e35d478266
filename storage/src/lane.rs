//! A lane: plain threads of which each answers everything that queued up while they were answering the last time.
//!
//! Nothing waits for a batch to fill: one caller alone is served at once, many share a transaction. Measured against a
//! pool of connections it gives several times the throughput at a shorter tail.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

/// How much a batch may hold. It is closed as soon as either is reached, so a last heavy item may go over the weight.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Items.
    pub(crate) items: usize,
    /// Their weight together.
    pub(crate) weight: usize,
}

/// A lane for items of one kind. Dropping it finishes what is queued.
pub(crate) struct Lane<T> {
    sender: Option<SyncSender<T>>,
    threads: Vec<JoinHandle<()>>,
}

impl<T: Send + 'static> Lane<T> {
    /// Starts a thread for each of `batches`, which runs it over as many items at a time as `bounds` allow; `weigh` says what
    /// each counts.
    pub(crate) fn start<B: FnMut(Vec<T>) + Send + 'static>(
        name: &str,
        queue_max: usize,
        bounds: Bounds,
        weigh: fn(&T) -> usize,
        batches: impl IntoIterator<Item = B>,
    ) -> io::Result<Self> {
        let (sender, receiver) = sync_channel(queue_max);
        let receiver = Arc::new(Mutex::new(receiver));
        let run = |mut batch: B| {
            let receiver = Arc::clone(&receiver);
            let run = move || {
                while let Some(items) = next_batch(&receiver, bounds, weigh) {
                    if catch_unwind(AssertUnwindSafe(|| batch(items))).is_err() {
                        tracing::error!("a batch of a lane panicked; the lane goes on");
                    }
                }
            };
            thread::Builder::new().name(name.to_owned()).spawn(run)
        };
        let threads = batches.into_iter().map(run).collect::<io::Result<_>>()?;
        Ok(Self { sender: Some(sender), threads })
    }

    /// Queues an item; gives it back when the queue is full.
    pub(crate) fn offer(&self, item: T) -> Result<(), T> {
        let Some(sender) = &self.sender else {
            return Err(item);
        };
        sender.try_send(item).map_err(|refused| match refused {
            TrySendError::Full(item) | TrySendError::Disconnected(item) => item,
        })
    }
}

/// Waits for an item and takes what stands behind it; `None` when nobody can queue any more. One thread waits for the item,
/// the others for that one.
fn next_batch<T>(receiver: &Mutex<Receiver<T>>, bounds: Bounds, weigh: fn(&T) -> usize) -> Option<Vec<T>> {
    let receiver = receiver.lock().unwrap_or_else(PoisonError::into_inner);
    let first = receiver.recv().ok()?;
    let mut weight = weigh(&first);
    let mut items = vec![first];
    while items.len() < bounds.items && weight < bounds.weight {
        let Ok(item) = receiver.try_recv() else { break };
        weight = weight.saturating_add(weigh(&item));
        items.push(item);
    }
    Some(items)
}

impl<T> Drop for Lane<T> {
    fn drop(&mut self) {
        drop(self.sender.take());
        // A reply may hold the last handle of the store: the lane then ends by itself.
        let own = |thread: &JoinHandle<()>| thread.thread().id() == thread::current().id();
        for thread in self.threads.drain(..).filter(|thread| !own(thread)) {
            if thread.join().is_err() {
                tracing::error!("a lane ended by a panic");
            }
        }
    }
}

#[cfg(test)]
#[path = "lane/tests.rs"]
mod tests;
