//! Rehearsals: decisions that are not kept. Claims are decided one after another on the records of now, each on what those
//! before it would have left.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::family::{self, Family, Until};
use super::instruct::{self, Told};
use super::intake::{self, Gate};
use super::processing::Job;
use super::{Failure, Payer, State, decision, records};
use crate::adjudication::{self, ClaimFile};
use crate::domain::dates::Date;
use crate::proto::store::v1::DirectiveCount;
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
}

/// What a claim would meet.
#[allow(dead_code)]
pub(super) struct Rehearsed {
    /// The claim with its answer. Its control number is the one that it would have next; it has no name.
    pub claim: pb::Claim,
    /// What was looked at; `None` where the claim is turned away.
    pub file: Option<ClaimFile>,
    /// The place of its family.
    pub lane: Lane,
    /// How often directives have now met its family.
    pub counts: Vec<DirectiveCount>,
}

#[allow(dead_code)]
impl<'a> Rehearsal<'a> {
    /// On the sandbox as it is while the guard is held.
    pub fn open(payer: &'a Payer, state: &'a State) -> Rehearsal<'a> {
        let accept_future_services = state.x12().accept_future_services;
        Rehearsal { payer, state, accept_future_services, families: HashMap::new() }
    }

    /// What is decided may lie ahead of the clock.
    #[must_use]
    pub fn looking_ahead(mut self) -> Rehearsal<'a> {
        self.accept_future_services = true;
        self
    }

    /// Decides a claim as if it came in and were decided on a day. What comes after it does not see it until it is taken in.
    pub fn decide(&mut self, job: &Job, day: Date) -> Result<Rehearsed, Failure> {
        let state = self.state;
        let mut roster = self.payer.roster(state, &state.in_force, &job.claim, state.directory_version)?;
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
        if roster.family.is_empty() && state.in_force.turns_strangers_away() {
            claim.rejections.push(intake::unknown_member(&job.billed));
        }
        let payer = self.payer;
        let family = self.family(lane)?;
        let mut told = Told::default();
        if claim.rejections.is_empty() {
            told = instruct::tell(state, job, family, day)?;
            claim.rejections.extend(told.message.as_ref().and_then(instruct::rejection));
            claim.instruction = told.message.take();
        }
        let counts = told.counts;
        if !claim.rejections.is_empty() {
            claim.state = pb::ClaimState::Rejected.into();
            return Ok(Rehearsed { claim, file: None, lane, counts });
        }
        let version = state.directory_version;
        payer.add_colleagues(state, &state.in_force, &job.claim, &family.history, version, &mut roster)?;
        claim.control_number = keys::control_number(lane, family.head.sequence.saturating_add(1));
        let number = claim.control_number.clone();
        let mut file = decision::claim_file(&state.in_force, job.claim.clone(), roster, family, number, (day, day));
        file.instruction = told.instruction;
        let determination = adjudication::adjudicate(&file);
        claim.state = decision::standing(&determination).into();
        claim.determination = Some(decision::message(&state.in_force, &determination));
        Ok(Rehearsed { claim, file: Some(file), lane, counts })
    }

    /// Lets what comes after see a claim, as if it had been taken in.
    pub fn take_in(&mut self, rehearsed: &Rehearsed) -> Result<(), Failure> {
        let family = self.family(rehearsed.lane)?;
        family.head.sequence = family.head.sequence.saturating_add(1);
        family.count(&rehearsed.counts);
        family.remember(&rehearsed.claim, rehearsed.file.as_ref().map(|file| &file.claim));
        Ok(())
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
