//! The load: callers that each wait for their answer before the next call, and streams that do not wait.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures::future::try_join_all;
use futures::stream;
use hdrhistogram::Histogram;
use prost::Message;
use tokio::sync::Semaphore;

use super::{BenchOptions, ClaimGenerator};
use crate::client::{Client, Failure};
use crate::proto::v1::{Claim, SubmitClaimsRequest};

/// Claims of a stream that wait for their answers at one time.
const UNDER_WAY: usize = 1024;

/// What came of a load.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Answers.
    pub count: u64,
    /// From the first request to the last answer.
    pub time: Duration,
    /// Microseconds from request to answer; empty for a stream.
    pub latency: Histogram<u64>,
    /// Claims by the state that they were answered with.
    pub states: BTreeMap<i32, u64>,
    /// Bytes of all answers.
    pub bytes: u64,
}

impl Measured {
    pub(super) fn new() -> Result<Measured, Failure> {
        let latency = Histogram::new(3).map_err(|error| Failure::Broken(error.to_string()))?;
        Ok(Measured { count: 0, time: Duration::ZERO, latency, states: BTreeMap::new(), bytes: 0 })
    }

    /// Answers a second.
    pub fn per_second(&self) -> u64 {
        per_second(self.count, self.time)
    }

    /// Bytes of a mean answer.
    pub fn answer_bytes(&self) -> u64 {
        self.bytes / self.count.max(1)
    }

    pub(super) fn answered(&mut self, started: Instant) {
        self.count += 1;
        let microseconds = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        // Fails only for a time that no histogram holds, of many years.
        let _ = self.latency.record(microseconds);
    }

    fn claim(&mut self, claim: &Claim) {
        *self.states.entry(claim.state).or_default() += 1;
        self.bytes += claim.encoded_len() as u64;
    }

    /// Puts the parts of one load together.
    pub(super) fn sum(parts: Vec<Measured>, time: Duration) -> Result<Measured, Failure> {
        let mut sum = Measured { time, ..Measured::new()? };
        for part in parts {
            sum.count += part.count;
            sum.bytes += part.bytes;
            sum.latency.add(&part.latency).map_err(|error| Failure::Broken(error.to_string()))?;
            for (state, count) in part.states {
                *sum.states.entry(state).or_default() += count;
            }
        }
        Ok(sum)
    }
}

/// Things a second, whole.
pub(super) fn per_second(count: u64, time: Duration) -> u64 {
    let nanoseconds = time.as_nanos().max(1);
    u64::try_from(u128::from(count) * 1_000_000_000 / nanoseconds).unwrap_or(u64::MAX)
}

/// `SubmitClaim` by so many callers.
pub(super) async fn unary(
    options: &BenchOptions,
    clients: &[Client],
    generator: &Arc<ClaimGenerator>,
) -> Result<Measured, Failure> {
    let numbers = Arc::new(AtomicU64::new(0));
    let start = Instant::now();
    let deadline = start + options.duration;
    let callers = clients.iter().cycle().take(options.callers.max(1)).map(|client| {
        let (client, generator, numbers) = (client.clone(), Arc::clone(generator), Arc::clone(&numbers));
        tokio::spawn(async move {
            let (mut claims, mut measured) = (client.claims(), Measured::new()?);
            while Instant::now() < deadline {
                let request = generator.request(numbers.fetch_add(1, Ordering::Relaxed), client.sandbox());
                let sent = Instant::now();
                let claim = claims.submit_claim(request).await?.into_inner();
                measured.answered(sent);
                measured.claim(&claim);
            }
            Ok(measured)
        })
    });
    gather(callers, start).await
}

/// `SubmitClaims`, one stream a connection. Its claims come after those of any unary load, so that none is a repetition.
pub(super) async fn streams(
    options: &BenchOptions,
    clients: &[Client],
    generator: &Arc<ClaimGenerator>,
) -> Result<Measured, Failure> {
    let numbers = Arc::new(AtomicU64::new(1 << 40));
    let start = Instant::now();
    let deadline = start + options.duration;
    let streams = clients.iter().map(|client| {
        let (client, generator, numbers) = (client.clone(), Arc::clone(generator), Arc::clone(&numbers));
        tokio::spawn(async move {
            let sandbox = client.sandbox().to_owned();
            let room = Arc::new(Semaphore::new(UNDER_WAY));
            let state = (generator, numbers, Arc::clone(&room));
            let requests = stream::unfold(state, move |(generator, numbers, room)| {
                let sandbox = sandbox.clone();
                async move {
                    room.acquire().await.ok()?.forget();
                    let number = || numbers.fetch_add(1, Ordering::Relaxed);
                    let request = (Instant::now() < deadline).then(|| generator.request(number(), &sandbox))?;
                    Some((SubmitClaimsRequest { request: Some(request) }, (generator, numbers, room)))
                }
            });
            let mut measured = Measured::new()?;
            let mut answers = client.claims().submit_claims(requests).await?.into_inner();
            while let Some(answer) = answers.message().await? {
                room.add_permits(1);
                measured.count += 1;
                measured.claim(&answer.claim.unwrap_or_default());
            }
            Ok(measured)
        })
    });
    gather(streams, start).await
}

async fn gather(
    tasks: impl Iterator<Item = tokio::task::JoinHandle<Result<Measured, Failure>>>,
    start: Instant,
) -> Result<Measured, Failure> {
    let parts = try_join_all(tasks).await.map_err(|error| Failure::Broken(error.to_string()))?;
    let time = start.elapsed();
    Measured::sum(parts.into_iter().collect::<Result<_, _>>()?, time)
}
