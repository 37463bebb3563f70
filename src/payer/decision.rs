//! One batch of decisions: each claim is numbered, turned away or decided, and staged; one commit a family.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use prost::Message;

use super::correction::{Original, Records, TakenBack};
use super::documents::{self, Arriving};
use super::due;
use super::entry::Draft;
use super::family::{self, Family, Until};
use super::instruct::{self, Told};
use super::intake::{self, Gate};
use super::processing::{Job, Outcome};
use super::{Failure, InForce, Payer, State, pend, records};
use crate::adjudication::{self, ClaimFile, coverage};
use crate::domain::claim::{Claim, Frequency};
use crate::domain::dates::{Date, parse_iso};
use crate::domain::determination::Determination;
use crate::domain::document::Documents;
use crate::domain::instruction::Instruction;
use crate::domain::member::Member;
use crate::proto::store::v1::{ClaimRecord, DirectiveCount, RequestRecord, ReversalRecord, SeenDocuments};
use crate::proto::v1 as pb;
use crate::store::keys::{self, Lane, Space};
use crate::store::{Commit, Read};
use crate::wire;

/// History lines that a worker keeps in memory before it forgets all families and reads them again.
const MAX_CACHED_LINES: usize = 200_000;

/// Families as a worker last saw them; the head that a commit expects says whether that still holds.
#[derive(Default)]
pub(super) struct FamilyCache {
    families: HashMap<(Space, Lane), Family>,
    lines: usize,
}

impl FamilyCache {
    /// Forgets all.
    pub fn clear(&mut self) {
        self.families.clear();
        self.lines = 0;
    }
}

/// A decision that waits for its commit.
pub(super) struct Decided {
    pub outcome: Outcome,
    /// Which commit of the batch must stand.
    pub commit: usize,
}

/// A batch that is being decided.
pub(super) struct Batch<'a> {
    payer: &'a Payer,
    cache: &'a mut FamilyCache,
    /// Families touched in this batch, and their commits. The first commit is empty: stored answers wait for it.
    touched: HashMap<(Space, Lane), usize>,
    commits: Vec<Commit>,
    requests: HashMap<(Space, String), (Bytes, Decided)>,
}

impl<'a> Batch<'a> {
    pub fn new(payer: &'a Payer, cache: &'a mut FamilyCache) -> Batch<'a> {
        if cache.lines > MAX_CACHED_LINES {
            cache.clear();
        }
        let commits = vec![Commit::default()];
        Batch { payer, cache, touched: HashMap::new(), commits, requests: HashMap::new() }
    }

    pub fn into_commits(self) -> Vec<Commit> {
        self.commits
    }

    /// Decides one claim on what the batch has staged.
    pub fn decide(&mut self, state: &State, job: &Job) -> Result<Decided, Failure> {
        if !job.request_id.is_empty()
            && let Some(answered) = self.answered(state, job)?
        {
            return Ok(answered);
        }
        let today = self.payer.today(state);
        let version = state.directory_version;
        let roster = self.payer.roster(state, &state.in_force, &job.claim, version)?;
        let (space, lane) = (state.space(), family::lane(state.seed(), &roster.subscriber_id));
        let commit = self.touch(state, job, space, lane)?;
        let Some(family) = self.cache.families.get_mut(&(space, lane)) else { return Err(Failure::Conflict) };
        let sequence = family.head.sequence + 1;
        let control_number = keys::control_number(lane, sequence);
        let mut claim = pb::Claim {
            name: format!("{}/claims/{control_number}", job.sandbox.name()),
            request_id: job.request_id.clone(),
            received_date: today.to_string(),
            interchange: job.span.interchange.clone(),
            simulated: true,
            paper: job.paper,
            ..Default::default()
        };
        let gate = Gate { today, sandbox: job.sandbox.name(), x12: state.x12() };
        claim.rejections = intake::rejections(&job.billed, &job.claim, &gate);
        let staged = self.commits.get(commit).map_or(&[][..], |commit| &commit.writes);
        let records = Records { payer: self.payer, state, lane, staged };
        let original = records.original_if_any(job, &mut claim.rejections)?;
        if roster.family.is_empty() && state.in_force.turns_strangers_away() {
            claim.rejections.push(intake::unknown_member(&job.billed));
        }
        let mut told = Told::default();
        if claim.rejections.is_empty() {
            told = instruct::tell(state, job, family, today)?;
            claim.rejections.extend(told.message.as_ref().and_then(instruct::rejection));
            claim.instruction = told.message.take();
        }
        let (mut taken_back, mut arriving) = (None, Arriving::default());
        if claim.rejections.is_empty() {
            claim.control_number = control_number;
            let replaced = original.as_ref().map(|original| (original.lane, original.sequence));
            arriving = documents::arriving(self.payer, state, job, replaced, staged)?;
            let (instruction, seen) = (told.instruction.take(), arriving.seen.as_ref());
            let known = Known { roster, original: original.as_ref(), instruction, seen };
            taken_back = decide(self.payer, state, job, family, known, &mut claim)?.taken_back;
        } else {
            claim.state = pb::ClaimState::Rejected.into();
        }
        claim.billed = Some(job.billed.clone());
        let (behind_sequence, behind_reversal) = taken_back.as_ref().and_then(|back| back.behind).unwrap_or_default();
        let record = ClaimRecord {
            behind_sequence,
            behind_reversal,
            request_hash: job.hash.clone(),
            received_time: self.payer.now(state).to_string(),
            payee: Some(payee(&job.billed)),
            span_start: job.span.start,
            span_length: job.span.length,
            payer_folder: state.in_force.hash.clone(),
            directory_version: version,
            processed_date: today.to_string(),
            seen: arriving.seen.clone(),
            claim: Some(claim),
        };
        if let Some(back) = taken_back {
            self.stage_reversal(state, job, lane, commit, back)?;
        }
        self.stage(state, job, (lane, sequence), commit, record, (&told.counts, arriving))
    }

    /// The answer that the same request got before, from the batch or from the store.
    fn answered(&mut self, state: &State, job: &Job) -> Result<Option<Decided>, Failure> {
        let reused =
            |claim: &str| Failure::RequestIdReused { request_id: job.request_id.clone(), claim: claim.to_owned() };
        if let Some((hash, first)) = self.requests.get(&(state.space(), job.request_id.clone())) {
            if *hash != job.hash {
                return Err(reused(&first.outcome.claim.name));
            }
            let outcome = Outcome { claim: first.outcome.claim.clone(), repeated: true };
            return Ok(Some(Decided { outcome, commit: first.commit }));
        }
        let store = self.payer.store.as_ref();
        let Some(request) = records::get::<RequestRecord>(store, state.space().request(&job.request_id))? else {
            return Ok(None);
        };
        let (lane, sequence) = (Lane(request.lane), request.sequence);
        let claim = self.payer.claim_at(state, lane, sequence)?.ok_or(Failure::Conflict)?;
        if request.request_hash != job.hash {
            return Err(reused(&claim.name));
        }
        Ok(Some(Decided { outcome: Outcome { claim, repeated: true }, commit: 0 }))
    }

    /// Makes a family ready in the cache and gives it a commit in the batch.
    fn touch(&mut self, state: &State, job: &Job, space: Space, lane: Lane) -> Result<usize, Failure> {
        if let Some(commit) = self.touched.get(&(space, lane)) {
            return Ok(*commit);
        }
        let store = self.payer.store.as_ref();
        let head = records::one(store, Read::Point(space.family_head(lane)))?.pop().map(|pair| pair.value);
        let known = self.cache.families.get(&(space, lane)).is_some_and(|family| family.stored == head);
        if !known {
            let family = Family::load(store, space, lane, head.clone(), Until::NOW)?;
            self.cache.lines += family.history.len();
            self.cache.families.insert((space, lane), family);
        }
        let expected = vec![state.expected(&job.sandbox.id), (space.family_head(lane), head)];
        self.commits.push(Commit { expected, ..Commit::default() });
        let commit = self.commits.len() - 1;
        self.touched.insert((space, lane), commit);
        Ok(commit)
    }

    /// Stages that an original is taken back, before the claim that corrects it.
    fn stage_reversal(
        &mut self,
        state: &State,
        job: &Job,
        lane: Lane,
        commit: usize,
        back: TakenBack,
    ) -> Result<(), Failure> {
        let space = state.space();
        let staged = self.commits.get_mut(commit).zip(self.cache.families.get_mut(&(space, lane)));
        let Some((commit, family)) = staged else { return Err(Failure::Conflict) };
        let bytes = records::encode(&back.made);
        family.head.reversals = back.made.number;
        commit.expected.extend(back.expected);
        commit.writes.extend(back.writes);
        let place = space.reversal(lane, back.made.sequence, back.made.number);
        let (writes, appends) = (&mut commit.writes, &mut commit.appends);
        let mut draft = Draft { payer: self.payer, state, caller: &job.caller, lane, family, writes, appends };
        draft.log(back.cause, &back.original, &bytes);
        draft.write(place, Some(bytes));
        let why = back.made.reversal.as_ref().map_or("", |reversal| reversal.reason.as_str());
        documents::withdraw_all(&mut draft, back.made.sequence, &format!("the claim was {why}"))?;
        pend::close(&mut draft, back.made.sequence, &format!("the claim was {why}"))
    }

    /// Stages what a decision writes.
    fn stage(
        &mut self,
        state: &State,
        job: &Job,
        (lane, sequence): (Lane, u64),
        commit: usize,
        record: ClaimRecord,
        (counts, arriving): (&[DirectiveCount], Arriving),
    ) -> Result<Decided, Failure> {
        let space = state.space();
        let staged = self.commits.get_mut(commit).zip(self.cache.families.get_mut(&(space, lane)));
        let Some((staged_commit, family)) = staged else { return Err(Failure::Conflict) };
        let claim = record.claim.clone().unwrap_or_default();
        let bytes: Bytes = records::encode(&record);
        family.head.sequence = sequence;
        family.count(counts);
        let (payer, writes, appends) = (self.payer, &mut staged_commit.writes, &mut staged_commit.appends);
        let mut draft = Draft { payer, state, caller: &job.caller, lane, family, writes, appends };
        draft.log("submit-claim", &claim.name, &bytes);
        draft.write(space.claim(lane, sequence), Some(bytes));
        let expected = documents::stage(&mut draft, sequence, &claim, arriving);
        pend::open(&mut draft, sequence, &claim)?;
        let head: Bytes = family.head.encode_to_vec().into();
        family.stored = Some(head.clone());
        staged_commit.expected.extend(expected);
        let lines = family.history.len();
        family.remember(&claim, Some(&job.claim));
        self.cache.lines += family.history.len() - lines;
        let mut write = |key, value| staged_commit.writes.push((key, Some(value)));
        write(space.family_head(lane), head);
        write_indexes(job, space, lane, sequence, &record, &claim, &mut write);
        let decided = |claim| Decided { outcome: Outcome { claim, repeated: false }, commit };
        if !job.request_id.is_empty() {
            let request_hash = job.hash.clone();
            let request = RequestRecord { lane: lane.0, sequence, request_hash };
            let key = space.request(&job.request_id);
            staged_commit.expected.push((key.clone(), None));
            staged_commit.writes.push((key, Some(records::encode(&request))));
            self.requests.insert((space, job.request_id.clone()), (job.hash.clone(), decided(claim.clone())));
        }
        Ok(decided(claim))
    }
}

fn write_indexes(
    job: &Job,
    space: Space,
    lane: Lane,
    sequence: u64,
    record: &ClaimRecord,
    claim: &pb::Claim,
    write: &mut impl FnMut(crate::store::Key, Bytes),
) {
    let by_number = space.by_patient_control_number(&job.claim.patient_control_number);
    write(keys::to_claim(by_number, lane, sequence), Bytes::new());
    let first_day = job.claim.service_from().map_or_else(String::new, |day| day.to_string());
    let by_npi = space.by_billing_npi_and_date(&job.claim.billing_npi.to_string(), &first_day);
    write(keys::to_claim(by_npi, lane, sequence), Bytes::new());
    if !claim.due_date.is_empty() && record.behind_reversal == 0 {
        let payee = record.payee.as_ref().map_or("", |payee| payee.payee_id.as_str());
        write(keys::to_claim(space.due_to_on(payee, &claim.due_date), lane, sequence), Bytes::new());
    }
}

/// What is known of a claim besides its family.
pub(super) struct Known<'a> {
    pub roster: Roster,
    /// What it replaces or voids.
    pub original: Option<&'a Original>,
    /// What markers and directives tell.
    pub instruction: Option<Box<Instruction>>,
    /// Documents that were there before it.
    pub seen: Option<&'a SeenDocuments>,
}

/// A claim that was decided.
pub(super) struct Decision {
    /// What was looked at; `None`: it is a void.
    pub file: Option<ClaimFile>,
    /// What it takes back.
    pub taken_back: Option<TakenBack>,
}

/// Decides a claim that is taken in, on what its family has left once what it corrects is taken back. Where it fails, the family is
/// as it was.
pub(super) fn decide(
    payer: &Payer,
    state: &State,
    job: &Job,
    family: &mut Family,
    Known { mut roster, original, instruction, seen }: Known<'_>,
    claim: &mut pb::Claim,
) -> Result<Decision, Failure> {
    let Some(today) = parse_iso(&claim.received_date) else { return Err(Failure::Damaged(claim.name.clone())) };
    let (history, version) = (&family.history, state.directory_version);
    payer.add_colleagues(state, &state.in_force, &job.claim, history, version, &mut roster)?;
    let prepared = original.map(|original| payer.prepare_reversal(state, original, &family.head, today)).transpose()?;
    if let Some(original) = original {
        let decided = original.claim.determination.clone().unwrap_or_default();
        family.take_back(&original.claim.control_number, &wire::reversal::reversal(&decided, "", ""));
    }
    let mut file = None;
    match original.filter(|_| job.claim.frequency == Frequency::Void) {
        Some(original) => {
            claim.state = pb::ClaimState::Void.into();
            claim.determination = Some(original.void(today, &state.in_force.revision.id));
        }
        None => {
            let number = claim.control_number.clone();
            let mut opened = claim_file(&state.in_force, job.claim.clone(), roster, family, number, (today, today));
            opened.instruction = instruction;
            opened.documents = seen.map(wire::documents::seen).unwrap_or_default();
            let determination = adjudication::adjudicate(&opened);
            claim.state = standing(&determination).into();
            claim.determination = Some(message(&state.in_force, &determination));
            if determination.pend.is_none() {
                let address = payee(&job.billed).address.unwrap_or_default();
                claim.due_date = due::first_payment(&opened, &determination, &address.state, job.paper).to_string();
            }
            file = Some(opened);
        }
    }
    let taken_back = original.zip(prepared).map(|(original, prepared)| {
        let back = payer.take_back(state, original, prepared, claim);
        claim.replaces.clone_from(&original.claim.name);
        claim.due_date.clone_from(&back.correcting_due);
        back
    });
    Ok(Decision { file, taken_back })
}

/// What the claim's family, providers and authorizations were when it was decided.
pub(super) struct Roster {
    pub subscriber_id: String,
    pub family: Vec<Arc<Member>>,
    pub providers: Vec<Arc<crate::domain::provider::Provider>>,
    pub authorizations: Vec<Arc<crate::domain::member::Authorization>>,
}

/// Puts the claim file together; the dates are those of receipt and of the decision.
pub(super) fn claim_file(
    in_force: &InForce,
    claim: Claim,
    roster: Roster,
    family: &Family,
    control_number: String,
    (received, processed): (Date, Date),
) -> ClaimFile {
    let mut members: Vec<Member> = roster.family.iter().map(|member| (**member).clone()).collect();
    members.extend(coverage::newborn(&in_force.revision, &members, &claim));
    ClaimFile {
        claim,
        control_number,
        received,
        processed,
        payer: Arc::clone(&in_force.revision),
        family: members,
        providers: roster.providers.iter().map(|provider| (**provider).clone()).collect(),
        authorizations: roster.authorizations.iter().map(|authorization| (**authorization).clone()).collect(),
        history: Arc::clone(&family.history),
        accumulators: Arc::clone(&family.accumulators),
        authorization_uses: Arc::clone(&family.authorization_uses),
        documents: Documents::default(),
        instruction: None,
    }
}

/// The determination as a message, naming what it read.
pub(super) fn message(in_force: &InForce, determination: &Determination) -> pb::Determination {
    wire::determination::message(determination, &in_force.revision)
}

/// The place of a claim's newest decision among all that were made on it.
pub(super) fn place(record: &ClaimRecord, later: &[ReversalRecord]) -> i32 {
    let newest = later.iter().rev().find_map(|made| made.correction.as_ref());
    let first = || record.claim.as_ref().and_then(|claim| claim.determination.as_ref());
    newest.or_else(first).map_or(0, |decided| decided.sequence)
}

/// Where a decided claim stands.
pub(super) fn standing(determination: &Determination) -> pb::ClaimState {
    match (determination.pend, determination.is_denied()) {
        (Some(_), _) => pb::ClaimState::Pended,
        (None, true) => pb::ClaimState::Denied,
        (None, false) => pb::ClaimState::Allowed,
    }
}

/// Who is paid: the billing provider, at the pay-to address where there is one.
pub(super) fn payee(billed: &pb::claim::Billed) -> pb::Payee {
    let billing = billed.billing_provider().cloned().unwrap_or_default();
    let tax_id: String = billing.tax_id.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
    pb::Payee {
        payee_id: format!("{}-{tax_id}", billing.npi),
        npi: billing.npi,
        tax_id,
        name: billing.name,
        address: billed.pay_to_address().cloned().or(billing.address),
    }
}
