//! Running one kind of request from many connections for a while, and what came of it.

use std::net::SocketAddr;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use crate::usage::Usage;
use crate::wire::Wire;

/// What is measured.
pub(crate) struct Work<'work> {
    /// What it is called in the table.
    pub(crate) name: String,
    /// How many connections ask at once.
    pub(crate) clients: usize,
    /// How many things of interest one request carries: rows of a batch.
    pub(crate) units: u32,
    /// The body of request `number` of a client.
    pub(crate) body: &'work (dyn Fn(usize, u64) -> String + Sync),
    /// What the answer has to contain.
    pub(crate) expects: &'work str,
}

/// What came of it.
pub(crate) struct Figures {
    pub(crate) name: String,
    pub(crate) clients: usize,
    pub(crate) per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    /// Of the server and, where there is one, its database.
    pub(crate) cpu_us: f64,
}

/// Runs the work: half a second to warm up, then `seconds`.
///
/// # Errors
/// What a request got instead of what it expects.
pub(crate) fn run(
    address: SocketAddr,
    token: &str,
    work: &Work<'_>,
    seconds: u64,
    usage: &Usage,
) -> Result<Figures, String> {
    let barrier = Barrier::new(work.clients + 1);
    let (times, took, cpu) = thread::scope(|scope| {
        let clients: Vec<_> = (0..work.clients)
            .map(|client| {
                let barrier = &barrier;
                scope.spawn(move || {
                    let mut wire = Wire::open(address, token).expect("a connection");
                    let mut number = 0;
                    barrier.wait();
                    let warm = ask_for(&mut wire, work, client, &mut number, Duration::from_millis(500));
                    barrier.wait();
                    warm.and_then(|_| ask_for(&mut wire, work, client, &mut number, Duration::from_secs(seconds)))
                })
            })
            .collect();
        barrier.wait();
        barrier.wait();
        let (began, before) = (now(), usage.cpu());
        let times: Result<Vec<Vec<Duration>>, String> =
            clients.into_iter().map(|client| client.join().expect("a client")).collect();
        (times, began.elapsed(), usage.cpu().saturating_sub(before))
    });
    times.map(|times| figures(work, times.concat(), took, cpu))
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn now() -> Instant {
    Instant::now()
}

fn ask_for(
    wire: &mut Wire,
    work: &Work<'_>,
    client: usize,
    number: &mut u64,
    time: Duration,
) -> Result<Vec<Duration>, String> {
    let (began, mut times) = (now(), Vec::new());
    while began.elapsed() < time {
        let body = (work.body)(client, *number);
        *number += 1;
        let sent = now();
        let answer = wire.post(&body).map_err(|error| error.to_string())?;
        times.push(sent.elapsed());
        if !answer.contains(work.expects) {
            return Err(answer.to_owned());
        }
    }
    Ok(times)
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "figures for people")]
fn figures(work: &Work<'_>, mut times: Vec<Duration>, took: Duration, cpu: Duration) -> Figures {
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).map_or(0.0, |time| time.as_secs_f64() * 1e3);
    let things = times.len() as f64 * f64::from(work.units);
    Figures {
        name: work.name.clone(),
        clients: work.clients,
        per_second: things / took.as_secs_f64(),
        p50_ms: at(50),
        p99_ms: at(99),
        cpu_us: cpu.as_secs_f64() * 1e6 / things,
    }
}
