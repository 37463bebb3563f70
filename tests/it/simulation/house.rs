//! The house that is audited: a payer on a store, driven by its public calls, one act after the other.

use std::sync::Arc;
use std::sync::mpsc::channel;

use payersim::payer::payment_run::Run;
use payersim::payer::processing::Span;
use payersim::payer::{Caller, Failure, MachineClock, Opening, Payer};
use payersim::proto::v1 as pb;
use payersim::store::{SledStore, Store, StoreError};
use tempfile::TempDir;

use super::payer::MadeUp;

/// Where the records are.
enum Place {
    /// Gone with the store; a restart is one of the payer only.
    Ephemeral,
    /// A folder, opened anew at a restart.
    Folder(TempDir),
}

impl Place {
    /// Opens the store; a thread of the house before may be just about to close it.
    fn open(&self) -> SledStore {
        let Place::Folder(folder) = self else { return SledStore::ephemeral().unwrap() };
        loop {
            match SledStore::open(folder.path().join("data"), CACHE_BYTES) {
                Err(StoreError::InUse { .. }) => std::thread::yield_now(),
                opened => return opened.unwrap(),
            }
        }
    }
}

pub struct House {
    place: Place,
    store: Option<Arc<SledStore>>,
    payer: Option<Arc<Payer>>,
    folder: pb::PayerFolder,
}

/// Where a sandbox's state is kept.
const KEPT: &str = "snapshots/kept";
/// A small cache, for there are few records.
const CACHE_BYTES: u64 = 1 << 20;

impl House {
    /// A house with two sandboxes, each with a payer of its own.
    pub fn open(default: &MadeUp, other: &MadeUp, in_a_folder: bool) -> House {
        let place = if in_a_folder { Place::Folder(tempfile::tempdir().unwrap()) } else { Place::Ephemeral };
        let mut house = House { place, store: None, payer: None, folder: default.folder() };
        house.start();
        let request = pb::CreateSandboxRequest {
            sandbox_id: "other".into(),
            payer: Some(other.folder()),
            seed: 7,
            ..Default::default()
        };
        house.payer().create_sandbox(&Caller::anyone(), request).unwrap();
        house
    }

    fn start(&mut self) {
        if self.store.is_none() {
            self.store = Some(Arc::new(self.place.open()));
        }
        let opening = Opening {
            store: Arc::clone(self.store.as_ref().unwrap()) as Arc<dyn Store>,
            folder: self.folder.clone(),
            follow_wall_clock: false,
            wall: Arc::new(MachineClock),
            max_interchange_bytes: 1 << 20,
        };
        self.payer = Some(Payer::open(opening).unwrap());
    }

    /// Drops everything that is in memory and opens what was stored.
    pub fn restart(&mut self) {
        self.payer = None;
        if let Place::Folder(_) = self.place {
            self.store = None;
        }
        self.start();
    }

    pub fn payer(&self) -> &Payer {
        self.payer.as_ref().unwrap()
    }

    pub fn store(&self) -> &dyn Store {
        self.store.as_deref().unwrap()
    }

    /// Keeps a sandbox's state, in the place of what was kept before.
    pub fn keep(&self, sandbox: &str) {
        let name = format!("{sandbox}/{KEPT}");
        // There may be nothing to delete yet.
        let _ = self.payer().delete_snapshot(&Caller::anyone(), &name);
        let request = pb::CreateSnapshotRequest {
            parent: sandbox.to_owned(),
            snapshot_id: "kept".to_owned(),
            ..Default::default()
        };
        self.payer().create_snapshot(&Caller::anyone(), &request).unwrap();
    }

    /// Returns a sandbox to what was kept.
    pub fn return_to_kept(&self, sandbox: &str) {
        self.payer().restore_snapshot(&Caller::anyone(), &format!("{sandbox}/{KEPT}")).unwrap();
    }

    /// Sends claims without waiting in between, and gives their answers in order.
    pub fn submit(&self, requests: &[pb::SubmitClaimRequest]) -> Vec<Result<pb::Claim, Failure>> {
        let answers = requests.iter().map(|request| {
            let (tell, told) = channel();
            let answer = move |outcome: Result<payersim::payer::Outcome, Failure>| {
                tell.send(outcome.map(|outcome| outcome.claim)).unwrap();
            };
            self.payer().submit_claim(&Caller::anyone(), request.clone(), Span::default(), answer);
            told
        });
        // All are sent before the first is waited for.
        let answers: Vec<_> = answers.collect();
        answers.into_iter().map(|told| told.recv().unwrap()).collect()
    }

    pub fn pay(&self, sandbox: &str, run: &Run) -> Vec<pb::Remittance> {
        self.payer().run_payments(&Caller::anyone(), sandbox, run).unwrap()
    }

    /// Turns the clock by so many days, and gives the last word of the turn.
    pub fn advance(&self, sandbox: &str, days: i64) -> pb::AdvanceClockResponse {
        let target = pb::advance_clock_request::Target::Days(i32::try_from(days).unwrap());
        let request = pb::AdvanceClockRequest { name: sandbox.to_owned(), target: Some(target) };
        let mut last = pb::AdvanceClockResponse::default();
        self.payer().advance_clock(&Caller::anyone(), &request, |told| last = told).unwrap();
        last
    }

    /// Every claim of a sandbox, by control number, read in pages.
    pub fn claims(&self, sandbox: &str) -> Vec<pb::Claim> {
        let (mut found, mut from) = (Vec::new(), None);
        loop {
            let filter = pb::ClaimFilter::default();
            let page = self.payer().list_claims(&Caller::anyone(), sandbox, &filter, from, 7).unwrap();
            found.extend(page.0);
            match page.1 {
                Some(next) => from = Some(next),
                None => return found,
            }
        }
    }

    /// Every remittance of a sandbox.
    pub fn remittances(&self, sandbox: &str) -> Vec<pb::Remittance> {
        let found = self.payer().remittances(&Caller::anyone(), sandbox, "", None, usize::MAX).unwrap();
        found.into_iter().map(|(remittance, _)| remittance).collect()
    }
}
