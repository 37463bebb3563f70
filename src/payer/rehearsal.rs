//! Rehearsals: decisions that are not kept. Claims are decided one after another on the records of now, each on what those
//! before it would have left.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::amended::Amended;
use super::correction::{Records, TakenBack, Writes};
use super::decision::Known;
use super::family::{self, Family, Until};
use super::instruct::{self, Told};
use super::intake::{self, Gate};
use super::processing::Job;
use super::{Failure, Payer, State, decision, documents, records};
use crate::adjudication::ClaimFile;
use crate::domain::dates::Date;
use crate::proto::store::v1::{ClaimRecord, DirectiveCount};
use crate::proto::v1 as pb;
use crate::store::Read;
use crate::store::keys::{self, Lane};

/// Families as they are now, and as the claims decided so far would leave them. No record, no number, no event is made.
pub(super) struct Rehearsal<'a> {
    payer: &'a Payer,
    state: &'a State,
    /// What services may lie ahead of: the sandbox's own setting, or none of them.
    accept_future_services: bool,
    families: HashMap<Lane, Family>,
    /// Claims decided so far, and what they took back, as records.
    staged: Writes,
    /// Records as they would stand, in place of those of now.
    amended: Amended,
}

/// What a claim would meet.
pub(super) struct Rehearsed {
    /// The claim with its answer. Its control number is the one that it would have next; it has no name.
    pub claim: pb::Claim,
    /// What was looked at; `None` where the claim is turned away, or a void.
    pub file: Option<ClaimFile>,
    /// The place of its family.
    pub lane: Lane,
    /// How often directives have now met its family.
    pub counts: Vec<DirectiveCount>,
    /// Who would be paid.
    payee: Option<pb::Payee>,
    /// What it would take back.
    taken_back: Option<TakenBack>,
}

impl<'a> Rehearsal<'a> {
    /// On the sandbox as it is while the guard is held.
    pub fn open(payer: &'a Payer, state: &'a State) -> Rehearsal<'a> {
        let accept_future_services = state.x12().accept_future_services;
        Rehearsal {
            payer,
            state,
            accept_future_services,
            families: HashMap::new(),
            staged: Writes::new(),
            amended: Amended::default(),
        }
    }

    /// What is decided may lie ahead of the clock.
    #[must_use]
    pub fn looking_ahead(mut self) -> Rehearsal<'a> {
        self.accept_future_services = true;
        self
    }

    /// What is decided next sees these records in place of those of now.
    pub fn amend(&mut self, amended: Amended) {
        self.amended = amended;
    }

    /// Decides a claim as if it came in and were decided on a day. What comes after it does not see it until it is taken in.
    pub fn decide(&mut self, job: &Job, day: Date) -> Result<Rehearsed, Failure> {
        let state = self.state;
        let mut roster = self.payer.roster(state, &state.in_force, &job.claim, state.directory_version)?;
        self.amended.amend(&mut roster);
        let lane = family::lane(state.seed(), &roster.subscriber_id);
        let mut claim = pb::Claim {
            received_date: day.to_string(),
            billed: Some(job.billed.clone()),
            paper: job.paper,
            estimate: true,
            simulated: true,
            ..Default::default()
        };
        let x12 = pb::X12Settings { accept_future_services: self.accept_future_services, ..state.x12() };
        let gate = Gate { today: day, sandbox: job.sandbox.name(), x12 };
        claim.rejections = intake::rejections(&job.billed, &job.claim, &gate);
        let records = Records { payer: self.payer, state, lane, staged: &self.staged };
        let original = records.original_if_any(job, &mut claim.rejections)?;
        if roster.family.is_empty() && state.in_force.turns_strangers_away() {
            claim.rejections.push(intake::unknown_member(&job.billed));
        }
        let mut told = Told::default();
        if claim.rejections.is_empty() {
            told = instruct::tell(state, job, self.family(lane)?, day)?;
            claim.rejections.extend(told.message.as_ref().and_then(instruct::rejection));
            claim.instruction = told.message.take();
        }
        let counts = told.counts;
        if !claim.rejections.is_empty() {
            claim.state = pb::ClaimState::Rejected.into();
            return Ok(Rehearsed { claim, file: None, lane, counts, payee: None, taken_back: None });
        }
        let payer = self.payer;
        let mut family = self.family(lane)?.clone();
        claim.control_number = keys::control_number(lane, family.head.sequence.saturating_add(1));
        let replaced = original.as_ref().map(|original| (original.lane, original.sequence));
        let seen = documents::arriving(payer, state, job, replaced, &self.staged)?.seen;
        let known = Known { roster, original: original.as_ref(), instruction: told.instruction, seen: seen.as_ref() };
        let decision = decision::decide(payer, state, job, &mut family, known, &mut claim)?;
        claim.due_date.clear();
        let payee = Some(decision::payee(&job.billed));
        Ok(Rehearsed { claim, file: decision.file, lane, counts, payee, taken_back: decision.taken_back })
    }

    /// Lets what comes after see a claim, as if it had been taken in.
    pub fn take_in(&mut self, rehearsed: &Rehearsed) -> Result<(), Failure> {
        let (space, lane) = (self.state.space(), rehearsed.lane);
        let family = self.family(lane)?;
        if let Some(back) = &rehearsed.taken_back {
            let reversal = back.made.reversal.as_ref().and_then(|reversal| reversal.reversal.as_ref());
            let original = keys::control_number(lane, back.made.sequence);
            family.take_back(&original, reversal.unwrap_or(&pb::Determination::default()));
            family.head.reversals = back.made.number;
        }
        family.head.sequence = family.head.sequence.saturating_add(1);
        family.count(&rehearsed.counts);
        family.remember(&rehearsed.claim, rehearsed.file.as_ref().map(|file| &file.claim));
        let sequence = family.head.sequence;
        if let Some(back) = &rehearsed.taken_back {
            let made = &back.made;
            self.staged.push((space.reversal(lane, made.sequence, made.number), Some(records::encode(made))));
        }
        let record = ClaimRecord {
            claim: Some(rehearsed.claim.clone()),
            payee: rehearsed.payee.clone(),
            ..ClaimRecord::default()
        };
        self.staged.push((space.claim(lane, sequence), Some(records::encode(&record))));
        Ok(())
    }

    /// A family as the claims so far would leave it, to put back later.
    pub fn family_of(&mut self, lane: Lane) -> Result<Family, Failure> {
        Ok(self.family(lane)?.clone())
    }

    /// Forgets what was taken in since a family was looked at.
    pub fn put_back(&mut self, lane: Lane, family: Family) {
        self.families.insert(lane, family);
    }

    /// The revision of a family that its claims are decided on: how many events have changed it.
    pub fn revision(&mut self, lane: Lane) -> Result<u64, Failure> {
        Ok(self.family(lane)?.head.events)
    }

    /// A family, read once.
    fn family(&mut self, lane: Lane) -> Result<&mut Family, Failure> {
        let (store, space) = (self.payer.store.as_ref(), self.state.space());
        match self.families.entry(lane) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => {
                let head = records::one(store, Read::Point(space.family_head(lane)))?.pop().map(|pair| pair.value);
                Ok(place.insert(Family::load(store, space, lane, head, Until::NOW)?))
            }
        }
    }
}
