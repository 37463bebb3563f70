//! Comparisons: the claims on record, decided again under two payers. Nothing is kept.
//!
//! One thread reads the record family by family; workers decide; the caller puts what they found back into the order of the record. The
//! sandbox is held only for a moment at the beginning: what is read behind it never changes.

mod count;
mod read;
mod replay;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use count::Count;
use read::Batch;
use replay::Replay;

use super::{Caller, Failure, InForce, Payer, State};
use crate::proto::v1 as pb;
use pb::compare_claims_response::Part;

/// Changed claims that are told where nothing else is asked for.
const MOST: usize = 1_000;
/// Batches that wait for a worker, for each of them.
const WAITING: usize = 4;

/// What is compared.
struct Compared {
    /// The sandbox as it was at the beginning.
    state: State,
    a: Arc<InForce>,
    b: Arc<InForce>,
    filter: pb::ClaimFilter,
}

/// What came of a batch.
#[derive(Default)]
struct Found {
    count: Count,
    changed: Vec<pb::ChangedClaim>,
    /// How much of the record has been read, of a thousand.
    per_mille: i32,
}

impl Payer {
    /// Compares two payers over the claims of a sandbox. `tell` says whether anybody still listens.
    pub fn compare_claims(
        &self,
        caller: &Caller,
        request: pb::CompareClaimsRequest,
        mut tell: impl FnMut(Part) -> bool,
    ) -> Result<(), Failure> {
        let most = match usize::try_from(request.most) {
            Ok(0) => MOST,
            Ok(most) => most,
            Err(_) => return Err(Failure::field("most", format!("{} is negative", request.most))),
        };
        let sandbox = self.sandbox(caller, &request.parent)?;
        let compared = self.compared(sandbox.read().clone(), request)?;
        let mut count = Count::default();
        let mut told = 0;
        self.decide_all(&compared, |found| {
            count.add(&found.count);
            for changed in found.changed.into_iter().take(most.saturating_sub(told)) {
                told += 1;
                if !tell(Part::Claim(changed)) {
                    return false;
                }
            }
            let (claims, changed) = (count.claims, count.changed_claims);
            tell(Part::Progress(pb::ComparisonProgress { claims, changed, per_mille: found.per_mille }))
        })?;
        if sandbox.read().space() != compared.state.space() {
            return Err(Failure::Conflict);
        }
        let told = i64::try_from(told).unwrap_or(i64::MAX);
        tell(Part::Summary(count.summary(&compared.a.revision.id, &compared.b.revision.id, told)));
        Ok(())
    }

    fn compared(&self, state: State, request: pb::CompareClaimsRequest) -> Result<Compared, Failure> {
        super::claims::check_filter(request.filter.as_ref().unwrap_or(&pb::ClaimFilter::default()))?;
        let a = match request.a {
            Some(folder) => Arc::new(self.read_folder(folder)?),
            None => Arc::clone(&state.in_force),
        };
        if request.b.is_none() && request.b_plans.is_empty() {
            return Err(Failure::field("b", "is missing: the payer to compare with, or b_plans"));
        }
        let mut folder = request.b.unwrap_or_else(|| a.folder.clone());
        for plan in request.b_plans {
            match folder.plans.iter_mut().find(|known| known.plan_id == plan.plan_id) {
                Some(known) => *known = plan,
                None => folder.plans.push(plan),
            }
        }
        let b = Arc::new(self.read_folder(folder)?);
        Ok(Compared { state, a, b, filter: request.filter.unwrap_or_default() })
    }

    /// Reads, decides and hands on in order, until all is done or nobody listens.
    fn decide_all(&self, compared: &Compared, mut take: impl FnMut(Found) -> bool) -> Result<(), Failure> {
        let workers = thread::available_parallelism().map_or(2, usize::from).clamp(1, 16);
        let (batches, waiting) = sync_channel(workers * WAITING);
        let (found, finding) = channel();
        let stop = AtomicBool::new(false);
        let waiting = Mutex::new(waiting);
        thread::scope(|scope| {
            let reading = scope.spawn(|| self.read_batches(compared, &stop, batches));
            for _ in 0..workers {
                let (waiting, found) = (&waiting, found.clone());
                scope.spawn(move || self.decide_batches(compared, waiting, &found));
            }
            drop(found);
            let taken = in_order(finding, &mut take);
            stop.store(true, Ordering::Relaxed);
            let read = reading.join().unwrap_or(Err(Failure::Stopping));
            taken.and(read)
        })
    }

    fn read_batches(&self, compared: &Compared, stop: &AtomicBool, batches: SyncSender<Batch>) -> Result<(), Failure> {
        let hand_on = |batch| !stop.load(Ordering::Relaxed) && batches.send(batch).is_ok();
        read::batches(self, compared, hand_on)
    }

    fn decide_batches(
        &self,
        compared: &Compared,
        waiting: &Mutex<Receiver<Batch>>,
        found: &Sender<(usize, Result<Found, Failure>)>,
    ) {
        loop {
            let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(batch) = next else { return };
            let number = batch.number;
            if found.send((number, Replay::new(self, compared).batch(batch))).is_err() {
                return;
            }
        }
    }
}

/// Hands on what was found in the order of the record, however the workers finish.
fn in_order(
    finding: Receiver<(usize, Result<Found, Failure>)>,
    take: &mut impl FnMut(Found) -> bool,
) -> Result<(), Failure> {
    let mut early = BTreeMap::new();
    let mut next = 0;
    for (number, found) in finding {
        early.insert(number, found?);
        while let Some(found) = early.remove(&next) {
            next += 1;
            if !take(found) {
                return Ok(());
            }
        }
    }
    Ok(())
}
