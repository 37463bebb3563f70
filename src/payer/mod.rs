//! Floor 4, the shell: loads what a decision needs, decides, commits; turns the clock; pays; takes interchanges in.

mod amended;
mod appeals;
mod authorizations;
mod caller;
mod chain;
mod claim_status;
pub mod claims;
mod clock;
mod comparison;
mod correction;
mod decision;
mod denials;
mod directives;
pub mod directory;
pub mod documents;
mod due;
mod eligibility;
mod entry;
mod estimate;
pub mod events;
mod explain;
mod failure;
mod family;
pub mod folder;
mod held;
pub mod in_force;
mod instruct;
mod intake;
pub mod interchanges;
pub mod letters;
pub mod payment_run;
mod pend;
mod policies;
pub mod policy_examples;
mod pricing;
pub mod processing;
mod recipes;
mod records;
pub mod references;
mod rehearsal;
mod remedies;
mod remittances;
mod reopened;
mod reopening;
mod reversal;
mod reviews;
mod ruling;
mod sandboxes;
mod snapshots;
pub mod uploads;
mod wakes;
mod wall_clock;
pub mod webhooks;

pub use caller::Caller;
pub use failure::Failure;
pub use in_force::InForce;
pub use processing::Outcome;
pub use sandboxes::{DEFAULT, Sandbox, State};
pub use wakes::{Wake, Wakes};
pub use wall_clock::{MachineClock, WallClock};

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};

use prost::Message;

use crate::proto::v1 as pb;
use crate::reference::official_tables::{OfficialTable, OfficialTables};
use crate::store::{Commit, Committer, Store, keys};

/// The payer: one for a server, with all its sandboxes.
pub struct Payer {
    store: Arc<dyn Store>,
    committer: Arc<Committer>,
    /// Who waits for events.
    wakes: Arc<Wakes>,
    wall: Arc<dyn WallClock>,
    default_payer: Arc<InForce>,
    sandboxes: RwLock<HashMap<String, Arc<Sandbox>>>,
    folders: Mutex<HashMap<String, Weak<InForce>>>,
    /// Official tables that were read, by the names of their releases.
    tables: Mutex<BTreeMap<String, OfficialTable>>,
    /// Held while sandboxes are made, so that each gets a space of its own.
    making: Mutex<()>,
    /// Held while a space is copied: a snapshot is not deleted while it is read.
    copying: Mutex<()>,
    workers: processing::Workers,
    last_upload: AtomicU64,
    /// Most bytes of one file of interchanges.
    pub max_interchange_bytes: u64,
}

/// What a payer is opened with.
pub struct Opening {
    /// Where its records are.
    pub store: Arc<dyn Store>,
    /// The payer folder of sandboxes that bring none.
    pub folder: pb::PayerFolder,
    /// Whether the default sandbox follows the wall clock, where it is made now.
    pub follow_wall_clock: bool,
    /// The clock outside.
    pub wall: Arc<dyn WallClock>,
    /// Most bytes of one file of interchanges.
    pub max_interchange_bytes: u64,
}

impl Payer {
    /// Opens the payer on a store: makes the default sandbox if there is none, gives it the folder if that changed,
    /// and goes on with what a kill interrupted.
    pub fn open(opening: Opening) -> Result<Arc<Payer>, Failure> {
        let Opening { store, folder, follow_wall_clock, wall, max_interchange_bytes } = opening;
        let wakes = Arc::new(Wakes::default());
        let committer = Arc::new(Committer::start_telling(Arc::clone(&store), Wakes::listener(&wakes))?);
        let default_payer = Arc::new(InForce::read(folder, &OfficialTables::default())?);
        let workers = processing::Workers::new();
        let last_upload = AtomicU64::new(Payer::last_upload_in(store.as_ref())?);
        let payer = Arc::new(Payer {
            store,
            committer,
            wakes,
            wall,
            default_payer: Arc::clone(&default_payer),
            sandboxes: RwLock::default(),
            folders: Mutex::default(),
            tables: Mutex::default(),
            making: Mutex::default(),
            copying: Mutex::default(),
            workers,
            last_upload,
            max_interchange_bytes,
        });
        payer.adopt_shared(default_payer)?;
        payer.workers.start(&payer)?;
        let caller = Caller::anyone();
        match payer.sandbox(&caller, DEFAULT) {
            Ok(_) => payer.reload_if_changed()?,
            Err(Failure::UnknownSandbox(_)) => {
                let mode = if follow_wall_clock { pb::ClockMode::Following } else { pb::ClockMode::Frozen };
                let sandbox_id = DEFAULT.to_owned();
                let request = pb::CreateSandboxRequest { sandbox_id, clock_mode: mode.into(), ..Default::default() };
                payer.create_sandbox(&caller, request)?;
            }
            Err(other) => return Err(other),
        }
        let hash = payer.default_payer.hash.clone().into();
        payer.commit_one(Commit { writes: vec![(keys::started_with(), Some(hash))], ..Commit::default() })?;
        payer.forget_interrupted_copies()?;
        payer.sweep_later();
        payer.resume_later();
        Ok(payer)
    }

    /// Gives the default sandbox the folder that the server was started with, unless it is the one of the last start:
    /// what was changed over the API since stays.
    fn reload_if_changed(&self) -> Result<(), Failure> {
        let started_with = records::one(self.store.as_ref(), crate::store::Read::Point(keys::started_with()))?.pop();
        if started_with.is_none_or(|pair| pair.value != self.default_payer.hash) {
            self.load_payer(&Caller::anyone(), DEFAULT, self.default_payer.folder.clone())?;
        }
        Ok(())
    }

    /// The payer folder of sandboxes that bring none.
    pub fn default_payer(&self) -> &InForce {
        &self.default_payer
    }

    /// Waits until everything that could be read so far is durable.
    pub fn settle(&self) -> Result<(), Failure> {
        self.commit_one(Commit::default())
    }

    fn commit_one(&self, commit: Commit) -> Result<(), Failure> {
        match self.committer.commit(vec![commit]).pop() {
            Some(answer) => Ok(answer?),
            None => Err(Failure::Stopping),
        }
    }

    /// Keeps a folder in the store and in memory, under its content hash.
    fn adopt(&self, in_force: InForce) -> Result<Arc<InForce>, Failure> {
        self.adopt_shared(Arc::new(in_force))
    }

    fn adopt_shared(&self, in_force: Arc<InForce>) -> Result<Arc<InForce>, Failure> {
        if let Some(known) = self.known_folder(&in_force.hash) {
            return Ok(known);
        }
        let key = keys::payer_folder(&in_force.hash);
        if records::one(self.store.as_ref(), crate::store::Read::Point(key.clone()))?.is_empty() {
            let value = in_force.folder.encode_to_vec().into();
            self.commit_one(Commit { writes: vec![(key, Some(value))], ..Commit::default() })?;
        }
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        folders.retain(|_, folder| folder.strong_count() > 0);
        folders.insert(in_force.hash.clone(), Arc::downgrade(&in_force));
        Ok(in_force)
    }

    fn known_folder(&self, hash: &str) -> Option<Arc<InForce>> {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).get(hash).and_then(Weak::upgrade)
    }

    /// The payer folder of a content hash.
    fn folder_in_force(&self, hash: &str) -> Result<Arc<InForce>, Failure> {
        if let Some(known) = self.known_folder(hash) {
            return Ok(known);
        }
        let folder: Option<pb::PayerFolder> = records::get(self.store.as_ref(), keys::payer_folder(hash))?;
        let folder = folder.ok_or_else(|| Failure::Damaged(format!("payer folder {hash}")))?;
        self.adopt(self.read_folder(folder)?)
    }
}
