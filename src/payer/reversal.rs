//! Taking a decided claim back. The old decision stays as it was; a new entry reverses it, and may decide the claim again.

use bytes::Bytes;
use prost::Message;
use sha2::{Digest, Sha256};

use super::claims::claim_place;
use super::decision::{self, claim_file};
use super::entry::{Entry, attempts};
use super::family::{Family, Until};
use super::{Caller, Failure, Payer, Sandbox, State, instruct, pend, records, ruling};
use crate::adjudication::{self, ClaimFile};
use crate::domain::dates::{Date, parse_iso, plus_days};
use crate::domain::determination::Determination;
use crate::domain::money::Money;
use crate::proto::store::v1::{ClaimRecord, DueItem, RequestRecord, ReversalRecord};
use crate::proto::v1 as pb;
use crate::remittance;
use crate::store::Read;
use crate::store::keys::{self, Lane, Later, MAX_ID_BYTES};
use crate::wire;

/// Longest reason, in characters.
const MAX_REASON: usize = 250;
/// Remark on a decision made in the place of another.
const CORRECTS: &str = "MA67";

/// How a claim is taken back.
#[derive(Clone, Debug, Default)]
pub(super) struct Reversing {
    /// Why, in a sentence.
    pub reason: String,
    /// How the money is taken back; at once where nothing is said.
    pub recoupment: pb::Recoupment,
    /// Also decide it again.
    pub redecide: bool,
    /// What is ruled on the decision that is made again.
    pub rulings: Vec<pb::ForcedOrder>,
    /// What is paid instead was owed since the claim came in: it was denied wrongly.
    pub owed_from_receipt: bool,
    /// What the claim says from now on, where it is decided again with changes.
    pub says_now: Option<pb::ProfessionalClaim>,
    /// SHA-256 of the request that asked for it.
    pub request_hash: Bytes,
    /// That request's id.
    pub request_id: String,
}

impl Payer {
    /// Takes a claim back, and decides it again where asked.
    pub fn reverse_claim(&self, caller: &Caller, request: &pb::ReverseClaimRequest) -> Result<pb::Claim, Failure> {
        let unknown = || Failure::Unknown(request.name.clone());
        let (parent, lane, sequence) = claim_place(&request.name).ok_or_else(unknown)?;
        check(request)?;
        let sandbox = self.sandbox(caller, parent)?;
        attempts(|| self.try_to_reverse(caller, &sandbox, (lane, sequence), request))
    }

    fn try_to_reverse(
        &self,
        caller: &Caller,
        sandbox: &Sandbox,
        (lane, sequence): (Lane, u64),
        request: &pb::ReverseClaimRequest,
    ) -> Result<pb::Claim, Failure> {
        let state = sandbox.read();
        let hash = Bytes::from(Sha256::digest(request.encode_to_vec()).to_vec());
        let unknown = || Failure::Unknown(request.name.clone());
        if self.reversed_before(&state, &request.request_id, &hash)? {
            return self.claim_at(&state, lane, sequence)?.ok_or_else(unknown);
        }
        self.claim_record(&state, lane, sequence)?.ok_or_else(unknown)?;
        let mut entry = Entry::open(self, caller, sandbox, &state, lane)?;
        let reversing = Reversing {
            reason: request.reason.clone(),
            recoupment: request.recoupment(),
            redecide: request.redecide,
            request_hash: hash.clone(),
            request_id: request.request_id.clone(),
            ..Reversing::default()
        };
        self.reverse(&mut entry, sequence, reversing)?;
        entry.answer(&request.request_id, sequence, hash);
        entry.commit()?;
        self.claim_at(&state, lane, sequence)?.ok_or_else(unknown)
    }

    /// Takes a claim of the entry's family back, and decides it again where asked, as was ruled.
    pub(super) fn reverse(
        &self,
        entry: &mut Entry<'_>,
        sequence: u64,
        reversing: Reversing,
    ) -> Result<ReversalRecord, Failure> {
        let (state, lane, space) = (entry.state, entry.lane, entry.space());
        let unknown = || Failure::Unknown(keys::control_number(lane, sequence));
        let record = self.claim_record(state, lane, sequence)?.ok_or_else(unknown)?;
        let claim = self.claim_at(state, lane, sequence)?.ok_or_else(unknown)?;
        let (determination, paid_by) = reversible(&claim)?;
        let reversal = self.taken_back(state, &record, determination, &paid_by, &reversing)?;
        let mut made = ReversalRecord {
            number: entry.family.head.reversals + 1,
            sequence,
            after: entry.family.head.sequence,
            state: pb::ClaimState::Reversed.into(),
            request_hash: reversing.request_hash,
            request_id: reversing.request_id,
            reversal: Some(reversal),
            says_now: reversing.says_now,
            ..Default::default()
        };
        if reversing.redecide {
            let told = instruct::still_told(state, self.told_so_far(entry, &record)?.as_ref());
            made.instruction = ruling::ruled(told, reversing.rulings);
            made.seen = entry.documents_seen(sequence)?;
            self.decide_again(state, &record, &mut entry.family, &mut made)?;
            self.bear_interest(state, &record, &paid_by, &mut made);
            if reversing.owed_from_receipt {
                owe_from_receipt(state, &record, &mut made);
            }
        }
        let instead = made.correction.as_ref().map_or(0, |d| d.paid_cents) + made.correction_interest_cents;
        self.demand(state, &claim.control_number, instead, &mut made);
        let due = records::encode(&DueItem { reversal: made.number, ..Default::default() });
        let due_date = made.reversal.as_ref().map_or("", |reversal| reversal.due_date.as_str());
        let payee = record.payee.as_ref().map_or("", |payee| payee.payee_id.as_str());
        let due_key = keys::to_claim(space.due_to_on(payee, due_date), lane, sequence);
        entry.write(Later::Reversal(made.number).after(due_key), Some(due));
        ruling::keep(entry, "reverse-claim", &claim.name, &made);
        let decided = pb::Claim { state: made.state, determination: made.correction.clone(), ..claim };
        pend::open(&mut entry.draft(), sequence, &decided)?;
        Ok(made)
    }

    /// Whether the same request was answered before.
    pub(super) fn reversed_before(&self, state: &State, request_id: &str, hash: &Bytes) -> Result<bool, Failure> {
        if request_id.is_empty() {
            return Ok(false);
        }
        let key = state.space().request(request_id);
        let Some(before) = records::get::<RequestRecord>(self.store.as_ref(), key)? else { return Ok(false) };
        if before.request_hash == *hash {
            return Ok(true);
        }
        let claim = self.claim_at(state, Lane(before.lane), before.sequence)?.unwrap_or_default().name;
        Err(Failure::RequestIdReused { request_id: request_id.to_owned(), claim })
    }

    /// The reversal of a decision that a remittance has paid.
    fn taken_back(
        &self,
        state: &State,
        record: &ClaimRecord,
        determination: &pb::Determination,
        paid_by: &str,
        reversing: &Reversing,
    ) -> Result<pb::ClaimReversal, Failure> {
        let today = self.today(state);
        let remittance = self.remittance_in(state, paid_by)?.ok_or_else(|| Failure::Damaged(paid_by.to_owned()))?;
        let name = record.claim.as_ref().map_or("", |claim| claim.name.as_str());
        let paid = remittance.claims.iter().rev().find(|claim| claim.claim == name);
        let npi = record.payee.as_ref().map_or("", |payee| payee.npi.as_str());
        let recoupment = match reversing.recoupment {
            pb::Recoupment::Deferred => pb::Recoupment::Deferred,
            pb::Recoupment::Unspecified | pb::Recoupment::Immediate => pb::Recoupment::Immediate,
        };
        Ok(pb::ClaimReversal {
            reversal: Some(wire::reversal::reversal(determination, &today.to_string(), &reversing.reason)),
            reversed: Some(determination.clone()),
            reason: reversing.reason.clone(),
            recoupment: recoupment.into(),
            reversed_date: today.to_string(),
            due_date: self.next_payment(state, npi, today)?.to_string(),
            interest_cents: paid.map_or(0, |claim| claim.interest_cents),
            paid_by: paid_by.to_owned(),
            ..Default::default()
        })
    }

    /// Decides the claim again under today's payer and records, on what the family has left once the reversal stands.
    fn decide_again(
        &self,
        state: &State,
        record: &ClaimRecord,
        family: &mut Family,
        made: &mut ReversalRecord,
    ) -> Result<(), Failure> {
        made.payer_folder.clone_from(&state.in_force.hash);
        made.directory_version = state.directory_version;
        let (_, determination) = self.decided_anew(state, record, family, made, self.today(state))?;
        made.state = decision::standing(&determination).into();
        made.correction = Some(self.correction(0, made, &determination)?);
        Ok(())
    }

    /// The decision in the place of a reversed one, or on a claim that had waited, as of the payer and the records that the entry names.
    pub(super) fn decided_anew(
        &self,
        state: &State,
        record: &ClaimRecord,
        family: &mut Family,
        made: &ReversalRecord,
        processed: Date,
    ) -> Result<(ClaimFile, Determination), Failure> {
        let file = self.file_anew(state, record, family, made, processed)?;
        let determination = adjudication::adjudicate(&file);
        Ok((file, determination))
    }

    /// The claim file of the decision in the place of a reversed one.
    pub(super) fn file_anew(
        &self,
        state: &State,
        record: &ClaimRecord,
        family: &mut Family,
        made: &ReversalRecord,
        processed: Date,
    ) -> Result<ClaimFile, Failure> {
        let mut stored = record.claim.clone().unwrap_or_default();
        self.say_as_of(state, &mut stored, made.number)?;
        let stored = said_by(stored, made);
        let damaged = || Failure::Damaged(stored.name.clone());
        let mut claim = stored.billed.as_ref().and_then(|billed| wire::claim(billed).ok()).ok_or_else(damaged)?;
        stored.instruction.iter().for_each(|told| instruct::cut_off(&mut claim, told));
        if let Some(reversal) = &made.reversal {
            family.take_back(&stored.control_number, reversal.reversal.as_ref().ok_or_else(damaged)?);
        }
        let in_force = self.folder_in_force(&made.payer_folder)?;
        let mut roster = self.roster(state, &in_force, &claim, made.directory_version)?;
        self.add_colleagues(state, &in_force, &claim, &family.history, made.directory_version, &mut roster)?;
        let received = parse_iso(&stored.received_date).ok_or_else(damaged)?;
        let dates = (received, processed);
        let mut file = claim_file(&in_force, claim, roster, family, stored.control_number.clone(), dates);
        file.instruction = instruct::read(made.instruction.as_ref())?;
        file.documents = made.seen.as_ref().map(wire::documents::seen).unwrap_or_default();
        Ok(file)
    }

    /// The same as a message; `last` is the place of the claim's decision before it.
    pub(super) fn correction(
        &self,
        last: i32,
        made: &ReversalRecord,
        determination: &Determination,
    ) -> Result<pb::Determination, Failure> {
        let in_force = self.folder_in_force(&made.payer_folder)?;
        let reversal = made.reversal.as_ref().and_then(|reversal| reversal.reversal.as_ref());
        let sequence = reversal.map_or(last, |reversal| reversal.sequence).saturating_add(1);
        let mut decided = decision::message(&in_force, determination);
        // It corrects what a remittance has told.
        if reversal.is_some() && decided.rarcs.iter().all(|remark| remark != CORRECTS) {
            decided.rarcs.insert(0, CORRECTS.to_owned());
        }
        Ok(pb::Determination { sequence, ..decided })
    }

    /// What is paid instead bears interest for the days, and at the rate, of what had been paid (Medicare Claims Processing Manual,
    /// chapter 1, section 80.2.2.D).
    fn bear_interest(&self, state: &State, record: &ClaimRecord, paid_by: &str, made: &mut ReversalRecord) {
        let paid = self.remittance_in(state, paid_by).ok().flatten().and_then(|paid| parse_iso(&paid.paid_date));
        let Some((paid, correction)) = paid.zip(made.correction.as_ref()) else { return };
        made.correction_interest_cents = interest(state, record, correction, paid).cents();
    }

    /// Asks the payee for what it was paid too much, where that is not taken at once.
    pub(super) fn demand(&self, state: &State, control_number: &str, instead: i64, made: &mut ReversalRecord) {
        let today = self.today(state);
        let Some(reversal) = made.reversal.as_mut() else { return };
        let had = reversal.reversed.as_ref().map_or(0, |d| d.paid_cents) + reversal.interest_cents;
        if reversal.recoupment() == pb::Recoupment::Deferred && had > instead {
            let days = state.in_force.revision.payments.recoupment_days;
            reversal.demand = Some(pb::OverpaymentDemand {
                date: today.to_string(),
                amount_cents: had - instead,
                control_number: control_number.to_owned(),
                recoup_from: plus_days(today, days).to_string(),
                collected_by: String::new(),
            });
        }
    }

    /// Has a stored claim say what it said when a reversal of it was made.
    pub(super) fn say_as_of(&self, state: &State, claim: &mut pb::Claim, number: u64) -> Result<(), Failure> {
        let Some((lane, sequence)) = keys::parse_control_number(&claim.control_number) else { return Ok(()) };
        for made in self.reversals(state, lane, sequence)?.iter().filter(|made| made.number < number) {
            *claim = said_by(std::mem::take(claim), made);
        }
        Ok(())
    }

    /// The reversals of a claim as stored, oldest first.
    pub(super) fn reversals(&self, state: &State, lane: Lane, sequence: u64) -> Result<Vec<ReversalRecord>, Failure> {
        let pairs = records::all(self.store.as_ref(), &state.space().reversals_of(lane, sequence))?;
        pairs.iter().map(records::decode).collect()
    }

    /// Whether reversals follow from what they reverse, and decisions made in their place from what was known then.
    pub(super) fn reproduce_reversals(
        &self,
        state: &State,
        lane: Lane,
        record: &ClaimRecord,
        made: &[ReversalRecord],
    ) -> Result<bool, Failure> {
        let mut last = decision::place(record, &[]);
        for one in made {
            if let Some(reversal) = &one.reversal {
                let reversed = reversal.reversed.clone().unwrap_or_default();
                let again = wire::reversal::reversal(&reversed, &reversal.reversed_date, &reversal.reason);
                if reversal.reversal.as_ref() != Some(&again) {
                    return Ok(false);
                }
            }
            let Some(correction) = &one.correction else { continue };
            let day = one.reversal.as_ref().map_or(&one.decided_date, |reversal| &reversal.reversed_date);
            let Some(processed) = parse_iso(day) else { return Ok(false) };
            let space = state.space();
            let head = records::one(self.store.as_ref(), Read::Point(space.family_head(lane)))?.pop();
            let head = head.map(|pair| pair.value);
            let mut family = Family::load(self.store.as_ref(), space, lane, head, Until::reversal(one))?;
            let (_, again) = self.decided_anew(state, record, &mut family, one, processed)?;
            if self.correction(last, one, &again)? != *correction {
                return Ok(false);
            }
            last = correction.sequence;
        }
        Ok(true)
    }
}

/// What an appeal brings over and above what was paid is late since the day after the last on which the claim was in time, and bears the
/// prompt-pay rule's interest through the day on which it is due now (so for California 28 CCR 1300.71.38(g) with Health and Safety Code
/// 1371). Original Medicare pays none on what it pays within 30 days of the decision (42 CFR 405.378(b)).
fn owe_from_receipt(state: &State, record: &ClaimRecord, made: &mut ReversalRecord) {
    let Some((reversal, correction)) = made.reversal.as_ref().zip(made.correction.as_ref()) else { return };
    let medicare = state.in_force.revision.plan(&correction.plan).is_some_and(|plan| plan.medicare);
    let had = reversal.reversed.as_ref().map_or(0, |reversed| reversed.paid_cents);
    let more = correction.paid_cents - had;
    let Some(due) = parse_iso(&reversal.due_date).filter(|_| !medicare && more > 0) else { return };
    let part = pb::Determination { paid_cents: more, ..correction.clone() };
    let owed = interest(state, record, &part, due).cents();
    // On what had been paid already interest was borne until then.
    made.correction_interest_cents = owed + reversal.interest_cents;
}

/// A claim with what it says from a decision on.
pub(super) fn said_by(mut claim: pb::Claim, made: &ReversalRecord) -> pb::Claim {
    if let Some(says_now) = &made.says_now {
        claim.billed = Some(pb::claim::Billed::Professional(says_now.clone()));
    }
    claim
}

/// Interest on a decision of the claim, were it paid on a day.
pub(super) fn interest(state: &State, record: &ClaimRecord, determination: &pb::Determination, paid: Date) -> Money {
    let terms = &state.in_force.revision.payments;
    let claim = record.claim.as_ref();
    let Some(received) = claim.and_then(|claim| parse_iso(&claim.received_date)) else { return Money::ZERO };
    let address = record.payee.as_ref().and_then(|payee| payee.address.as_ref());
    let state_of_payee = address.map_or("", |address| address.state.as_str());
    let Some(rule) = terms.prompt_pay(state_of_payee, &determination.plan, received) else { return Money::ZERO };
    let paper = claim.is_some_and(|claim| claim.paper);
    remittance::interest(rule, paper, Money::from_cents(determination.paid_cents), received, paid)
}

fn check(request: &pb::ReverseClaimRequest) -> Result<(), Failure> {
    if request.reason.trim().is_empty() {
        return Err(Failure::field("reason", "is missing: say in a sentence why the claim is taken back"));
    }
    if request.reason.chars().count() > MAX_REASON || request.reason.chars().any(char::is_control) {
        return Err(Failure::field("reason", format!("at most {MAX_REASON} visible characters")));
    }
    if request.request_id.len() > MAX_ID_BYTES || request.request_id.chars().any(char::is_control) {
        return Err(Failure::field("request_id", format!("at most {MAX_ID_BYTES} visible characters")));
    }
    Ok(())
}

/// The decision of a claim that can be reversed, and the remittance that paid it; or what is to be done first.
fn reversible(claim: &pb::Claim) -> Result<(&pb::Determination, String), Failure> {
    let words = match claim.state() {
        pb::ClaimState::Rejected => "it was never taken in, so there is nothing to take back: send it anew".to_owned(),
        pb::ClaimState::Pended => "it waits and nothing is decided: decide it first".to_owned(),
        pb::ClaimState::Void => "it is a void, and took back what it names already".to_owned(),
        pb::ClaimState::Closed => format!("{} took its place before it was paid", claim.replaced_by),
        pb::ClaimState::Reversed => {
            let last = claim.reversals.last().map_or("", |reversal| reversal.reversed_date.as_str());
            format!("it was reversed on {last} already, and not decided again")
        }
        _ => match &claim.determination {
            Some(determination) if !claim.remittance.is_empty() => {
                return Ok((determination, claim.remittance.clone()));
            }
            _ => {
                let due = &claim.due_date;
                format!("it is not paid yet: its payment falls due on {due}; turn the clock or run payments first")
            }
        },
    };
    Err(Failure::ClaimState { claim: claim.name.clone(), state: claim.state(), words })
}
