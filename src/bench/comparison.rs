//! The comparison of two payers over generated claims: taken in by the service's own way, without a socket, and compared with a payer
//! whose first plan asks for more.

use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;

use super::{BenchOptions, ClaimGenerator, report};
use crate::client::Failure;
use crate::payer::processing::Span;
use crate::payer::{Caller, MachineClock, Opening, Payer, folder};
use crate::proto::v1 as pb;
use crate::store::SledStore;
use pb::compare_claims_response::Part;

/// Claims that are under way at one time while they are taken in.
const UNDER_WAY: usize = 2_048;
/// Claims of a family.
const OF_A_FAMILY: u64 = 10;
/// What B's first plan asks for more: of each copay, and of the deductible, in cents.
const MORE: [i64; 2] = [1_500, 10_000];

/// What was measured.
#[derive(Clone, Debug)]
pub struct ComparisonReport {
    /// How long the claims took to come in.
    pub loading: Duration,
    /// How long the comparison took.
    pub comparing: Duration,
    /// What it found.
    pub summary: pb::ComparisonSummary,
    /// Memory after loading and after comparing, in KiB.
    pub memory_kib: [u64; 2],
}

impl ComparisonReport {
    /// Claims compared a second.
    pub fn per_second(&self) -> u64 {
        let claims = u128::try_from(self.summary.claims).unwrap_or(0);
        u64::try_from(claims * 1_000_000 / self.comparing.as_micros().max(1)).unwrap_or(u64::MAX)
    }
}

/// Takes so many claims in and compares.
pub fn run(claims: u64, options: BenchOptions, progress: &ProgressBar) -> Result<ComparisonReport, Failure> {
    let broken = |error: &dyn std::fmt::Display| Failure::Broken(error.to_string());
    let options = BenchOptions { families: (claims / OF_A_FAMILY).max(1), ..options };
    let (folder, generator) = ClaimGenerator::new(folder::demo(), &options);
    let data = tempfile::Builder::new().prefix("payersim-bench-").tempdir()?;
    let store = SledStore::open(data.path(), SledStore::DEFAULT_CACHE_BYTES).map_err(|error| broken(&error))?;
    let opening = Opening {
        store: Arc::new(store),
        folder: folder.clone(),
        follow_wall_clock: false,
        wall: Arc::new(MachineClock),
        max_interchange_bytes: 1 << 30,
    };
    let payer = Payer::open(opening).map_err(|error| broken(&error))?;
    let loading = load(&payer, claims, &generator, progress)?;
    let loaded_kib = report::resident_kib();
    progress.set_message("comparing");
    let started = Instant::now();
    let request = pb::CompareClaimsRequest { b: Some(dearer(folder)), most: 1, ..Default::default() };
    let mut summary = pb::ComparisonSummary::default();
    let told = |part| {
        match part {
            Part::Progress(so_far) => progress.set_message(format!("comparing, {} claims", so_far.claims)),
            Part::Summary(last) => summary = last,
            Part::Claim(_) => {}
        }
        true
    };
    payer.compare_claims(&Caller::anyone(), request, told).map_err(|error| broken(&error))?;
    let memory_kib = [loaded_kib, report::resident_kib()];
    Ok(ComparisonReport { loading, comparing: started.elapsed(), summary, memory_kib })
}

/// Takes the claims in, as many at one time as the workers can use.
fn load(payer: &Payer, claims: u64, generator: &ClaimGenerator, progress: &ProgressBar) -> Result<Duration, Failure> {
    let started = Instant::now();
    let (done, answers) = sync_channel(UNDER_WAY);
    let answer = || answers.recv().map_err(|error| Failure::Broken(error.to_string()))?;
    let mut waiting = 0;
    for number in 0..claims {
        if waiting == UNDER_WAY {
            answer()?;
            waiting -= 1;
        }
        let done = done.clone();
        let told = move |outcome: Result<_, crate::payer::Failure>| {
            let _ = done.send(outcome.map(|_| ()).map_err(|error| Failure::Broken(error.to_string())));
        };
        payer.submit_claim(&Caller::anyone(), generator.request(number, ""), Span::default(), told);
        waiting += 1;
        if number % 10_000 == 0 {
            progress.set_message(format!("taking in, {number} claims"));
        }
    }
    (0..waiting).try_for_each(|_| answer())?;
    Ok(started.elapsed())
}

/// The same payer, whose first plan asks for more.
fn dearer(mut folder: pb::PayerFolder) -> pb::PayerFolder {
    let [copay, deductible] = MORE;
    if let Some(plan) = folder.plans.first_mut() {
        for share in plan.benefits.iter_mut().filter_map(|benefit| benefit.in_network.as_mut()) {
            share.copay_cents += if share.copay_cents > 0 { copay } else { 0 };
        }
        if let Some(terms) = &mut plan.in_network {
            terms.individual_deductible_cents += deductible;
        }
    }
    folder
}
