//! Processing: load, decide, commit. Families are spread over worker threads; each worker takes what waits as one batch,
//! decides it on the state that the batch itself has staged, and answers when that is durable.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLockReadGuard, Weak};
use std::thread;

use bytes::Bytes;
use prost::Message;
use sha2::{Digest, Sha256};

use super::decision::{Batch, Decided, FamilyCache};
use super::{Caller, Failure, Payer, Sandbox, State, family, instruct};
use crate::domain::claim::Claim;
use crate::proto::v1 as pb;
use crate::store::CommitError;
use crate::store::keys::{MAX_ID_BYTES, Space};
use crate::wire;

/// Most claims that one commit group decides together.
const MAX_BATCH: usize = 256;
/// Most claims that wait for one worker; further callers are held up.
const MAX_WAITING: usize = 4_096;
/// How often a claim is decided anew because somebody else was faster.
const MAX_ATTEMPTS: usize = 8;

/// What became of a submission.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The claim with its decision.
    pub claim: pb::Claim,
    /// The same request had been answered before; this is that answer.
    pub repeated: bool,
}

/// Where in an interchange a claim stands.
#[derive(Clone, Debug, Default)]
pub struct Span {
    /// The interchange's name.
    pub interchange: String,
    /// First byte.
    pub start: u64,
    /// Length in bytes.
    pub length: u64,
    /// The space that the interchange belongs to; a claim of it goes nowhere else, though the sandbox be reset meanwhile.
    pub space: Option<Space>,
}

type Answer = Box<dyn FnOnce(Result<Outcome, Failure>) + Send>;

/// A claim on its way.
pub(super) struct Job {
    pub sandbox: Arc<Sandbox>,
    pub caller: String,
    pub request_id: String,
    pub billed: pb::claim::Billed,
    pub claim: Claim,
    pub hash: Bytes,
    pub span: Span,
    pub paper: bool,
    /// What its markers say.
    pub markers: Option<Box<pb::Instruction>>,
    answer: Answer,
}

impl Job {
    /// A claim that nobody sends: to be decided and not kept.
    pub fn unsent(
        state: &State,
        sandbox: &Arc<Sandbox>,
        billed: pb::claim::Billed,
        paper: bool,
    ) -> Result<Job, Failure> {
        let mut claim = wire::claim(&billed).map_err(|violations| Failure::within(billed.kind(), violations))?;
        let hash = hash(&billed, paper);
        let (caller, request_id) = (String::new(), String::new());
        let (sandbox, span) = (Arc::clone(sandbox), Span::default());
        let markers = instruct::read_markers(state, &mut claim).map(Box::new);
        let answer = Box::new(|_| ());
        Ok(Job { sandbox, caller, request_id, billed, claim, hash, span, paper, markers, answer })
    }
}

/// The worker threads.
pub(super) struct Workers {
    queues: Vec<SyncSender<Job>>,
    waiting: Mutex<Vec<Receiver<Job>>>,
}

impl Workers {
    /// As many as the machine has cores; not started yet.
    pub fn new() -> Workers {
        let count = thread::available_parallelism().map_or(2, usize::from).clamp(1, 16);
        let (queues, receivers) = (0..count).map(|_| sync_channel(MAX_WAITING)).unzip();
        Workers { queues, waiting: Mutex::new(receivers) }
    }

    /// Starts them. They end when the payer is dropped.
    pub fn start(&self, payer: &Arc<Payer>) -> Result<(), Failure> {
        for jobs in self.waiting.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            let payer = Arc::downgrade(payer);
            let run = move || serve(&payer, &jobs);
            thread::Builder::new().name("adjudication".into()).spawn(run).map_err(|_| Failure::Stopping)?;
        }
        Ok(())
    }

    fn send(&self, lane: u64, job: Job) {
        let count = u64::try_from(self.queues.len()).unwrap_or(1).max(1);
        let at = usize::try_from(lane % count).unwrap_or(0);
        // A worker ends only with the payer; a job that meets no worker is dropped with its answer.
        if let Some(queue) = self.queues.get(at) {
            let _ = queue.send(job);
        }
    }
}

impl Payer {
    /// Takes a claim in and decides it; `answer` is called once the outcome is durable. The one way in, whatever the door.
    pub fn submit_claim(
        &self,
        caller: &Caller,
        request: pb::SubmitClaimRequest,
        span: Span,
        answer: impl FnOnce(Result<Outcome, Failure>) + Send + 'static,
    ) {
        match self.job(caller, request, span) {
            Err(failure) => answer(Err(failure)),
            Ok((lane, mut job)) => {
                job.answer = Box::new(answer);
                self.workers.send(lane, job);
            }
        }
    }

    pub(super) fn job(
        &self,
        caller: &Caller,
        request: pb::SubmitClaimRequest,
        span: Span,
    ) -> Result<(u64, Job), Failure> {
        let sandbox = self.sandbox(caller, &request.parent)?;
        let pb::SubmitClaimRequest { request_id, claim, paper, .. } = request;
        if request_id.len() > MAX_ID_BYTES || request_id.chars().any(char::is_control) {
            return Err(Failure::field("request_id", format!("at most {MAX_ID_BYTES} visible characters")));
        }
        let Some(billed) = claim.map(pb::claim::Billed::from) else {
            return Err(Failure::field("professional", "is missing: send the claim in it, or in institutional"));
        };
        let mut claim = wire::claim(&billed).map_err(|violations| Failure::within(billed.kind(), violations))?;
        let hash = hash(&billed, paper);
        let (lane, markers) = {
            let state = sandbox.read();
            let markers = instruct::read_markers(&state, &mut claim).map(Box::new);
            let version = state.directory_version;
            let number = &claim.subscriber.member_id;
            let subscriber_id = self.subscriber_of(&state, &state.in_force, number, version)?;
            (family::lane(state.seed(), &subscriber_id).0, markers)
        };
        let caller = caller.subject.clone();
        let answer = Box::new(|_| ());
        Ok((lane, Job { sandbox, caller, request_id, billed, claim, hash, span, paper, markers, answer }))
    }
}

/// Tells one request from another; the kind counts too.
fn hash(billed: &pb::claim::Billed, paper: bool) -> Bytes {
    let digest = match billed {
        pb::claim::Billed::Professional(claim) => Sha256::new().chain_update(claim.encode_to_vec()),
        pb::claim::Billed::Institutional(claim) => {
            Sha256::new().chain_update(billed.kind()).chain_update(claim.encode_to_vec())
        }
    };
    let on_paper: &[u8] = if paper { b"paper" } else { b"" };
    Bytes::from(digest.chain_update(on_paper).finalize().to_vec())
}

/// A worker's life.
fn serve(payer: &Weak<Payer>, jobs: &Receiver<Job>) {
    let mut families = FamilyCache::default();
    while let Ok(first) = jobs.recv() {
        let mut batch = vec![first];
        while batch.len() < MAX_BATCH
            && let Ok(job) = jobs.try_recv()
        {
            batch.push(job);
        }
        let Some(payer) = payer.upgrade() else { return };
        process(&payer, batch, &mut families);
    }
}

/// Decides a batch and answers it, deciding anew what somebody else overtook.
fn process(payer: &Payer, mut jobs: Vec<Job>, families: &mut FamilyCache) {
    for _ in 0..MAX_ATTEMPTS {
        jobs = attempt(payer, jobs, families);
        if jobs.is_empty() {
            return;
        }
    }
    jobs.into_iter().for_each(|job| (job.answer)(Err(Failure::Conflict)));
}

/// One attempt; gives back the jobs that were overtaken.
fn attempt(payer: &Payer, jobs: Vec<Job>, families: &mut FamilyCache) -> Vec<Job> {
    // Guards are taken in order of sandbox, so that workers never wait for each other in a circle.
    let sandboxes: BTreeMap<String, Arc<Sandbox>> =
        jobs.iter().map(|job| (job.sandbox.id.clone(), Arc::clone(&job.sandbox))).collect();
    let states: BTreeMap<&str, RwLockReadGuard<'_, State>> =
        sandboxes.iter().map(|(id, sandbox)| (id.as_str(), sandbox.read())).collect();
    let mut batch = Batch::new(payer, families);
    let decide = |job: &Job| match states.get(job.sandbox.id.as_str()) {
        Some(state) if !state.gone && job.span.space.is_none_or(|space| space == state.space()) => {
            batch.decide(state, job)
        }
        _ => Err(Failure::UnknownSandbox(job.sandbox.id.clone())),
    };
    let decided: Vec<Result<Decided, Failure>> = jobs.iter().map(decide).collect();
    let answers = payer.committer.commit(batch.into_commits());
    drop(states);
    let mut overtaken = Vec::new();
    for (job, decided) in jobs.into_iter().zip(decided) {
        match decided {
            Err(failure) => (job.answer)(Err(failure)),
            Ok(Decided { outcome, commit }) => match answers.get(commit) {
                Some(Ok(())) => (job.answer)(Ok(outcome)),
                Some(Err(CommitError::Conflict { .. })) => overtaken.push(job),
                Some(Err(other)) => (job.answer)(Err(other.clone().into())),
                None => (job.answer)(Err(Failure::Stopping)),
            },
        }
    }
    if !overtaken.is_empty() {
        families.clear();
    }
    overtaken
}
