//! Corrected claims: a claim that replaces (frequency 7) or voids (frequency 8) an earlier one of its family.
//!
//! The original's decision is taken back in the commit that decides the replacement. One that a remittance told is reversed, and the
//! replacement stands behind the reversal; one that no remittance told is withdrawn, as is an original that waits.

use bytes::Bytes;

use super::processing::Job;
use super::{Failure, Payer, State, decision, intake, records};
use crate::domain::claim::Frequency;
use crate::domain::dates::Date;
use crate::proto::store::v1::{ClaimRecord, DueItem, FamilyHead, ReversalRecord};
use crate::proto::v1::{self as pb, claim::Billed};
use crate::store::keys::{self, Lane, Later};
use crate::store::{Key, Read, prefix};
use crate::wire;

/// Writes that are staged and not committed yet, in their order.
pub(super) type Writes = Vec<(Key, Option<Bytes>)>;

/// A family's records as they are, and as what is staged will leave them.
pub(super) struct Records<'a> {
    pub payer: &'a Payer,
    pub state: &'a State,
    pub lane: Lane,
    pub staged: &'a [(Key, Option<Bytes>)],
}

/// A claim that another may replace or void.
pub(super) struct Original {
    pub lane: Lane,
    pub sequence: u64,
    pub record: ClaimRecord,
    /// With what came after its first decision.
    pub claim: pb::Claim,
    /// Its decision in the list of what is due; `None`: a remittance has told it, or it waits.
    pub due: Option<Waiting>,
}

/// An item of the list of what is due.
pub(super) struct Waiting {
    pub key: Key,
    pub value: Bytes,
    /// It is in the store, not only staged.
    pub stored: bool,
    /// The reversal that it is about: sequence of the claim and number. `None`: a claim's first decision.
    pub reversal: Option<(u64, u64)>,
}

/// Why a claim may not be replaced or voided: category, status; what to do instead.
pub(super) struct Refused {
    pub codes: [&'static str; 2],
    pub words: String,
}

fn refused<T>(codes: [&'static str; 2], words: String) -> Result<Result<T, Refused>, Failure> {
    Ok(Err(Refused { codes, words }))
}

/// The number names no claim that can be corrected.
const NOT_IT: [&str; 2] = ["A7", "464"];
/// The number names a claim that does not go with this one.
const DISAGREES: [&str; 2] = ["A8", "464"];
/// The claim was adjusted before: its newest number is to be named.
const NOT_NEWEST: [&str; 2] = ["A7", "495"];
/// The payer does not take the frequency.
const NO_SUCH_FREQUENCY: [&str; 2] = ["A7", "535"];

impl Records<'_> {
    /// The claim that a replacement or void names; why it may not be named is added to the rejections. `None` for an original.
    pub fn original_if_any(&self, job: &Job, rejections: &mut Vec<pb::Rejection>) -> Result<Option<Original>, Failure> {
        if job.claim.frequency == Frequency::Original || job.claim.original_control_number.trim().is_empty() {
            return Ok(None);
        }
        match self.original(job)? {
            Ok(original) => Ok(Some(original)),
            Err(refused) => {
                rejections.push(intake::not_corrected(&job.billed, refused));
                Ok(None)
            }
        }
    }

    /// The claim that a replacement or void names, or why it may not be named.
    fn original(&self, job: &Job) -> Result<Result<Original, Refused>, Failure> {
        let number = job.claim.original_control_number.trim();
        let unknown = || {
            format!(
                "no claim has the control number {number}: it stands in CLP07 of the 835 and in REF*1K of the 277CA; a claim that was never taken in is sent as a new one (frequency 1)"
            )
        };
        let Some((lane, sequence)) = keys::parse_control_number(number) else { return refused(NOT_IT, unknown()) };
        if lane != self.lane {
            return match self.payer.claim_record(self.state, lane, sequence)?.and_then(|record| record.claim) {
                Some(claim) if claim.state() != pb::ClaimState::Rejected => {
                    refused(DISAGREES, of_another(number, &claim, job))
                }
                _ => refused(NOT_IT, unknown()),
            };
        }
        let Some(record) = self.claim(sequence)? else { return refused(NOT_IT, unknown()) };
        let reversals = self.reversals(sequence)?;
        let followed = || -> Result<pb::Claim, Failure> {
            let mut claim = record.claim.clone().unwrap_or_default();
            self.payer.add_what_followed(self.state, (self.lane, sequence), &mut claim, &reversals)?;
            Ok(claim)
        };
        let mut claim = followed()?;
        if let Some(why) = self.why_not(number, &claim, &record, job)? {
            return Ok(Err(why));
        }
        // In this order: what a payment run takes from the list meanwhile, a remittance has told.
        let due = if claim.remittance.is_empty() { self.due(sequence, &record, &reversals)? } else { None };
        if due.is_none() && claim.remittance.is_empty() {
            claim = followed()?;
        }
        Ok(Ok(Original { lane, sequence, record, claim, due }))
    }

    fn why_not(
        &self,
        number: &str,
        claim: &pb::Claim,
        record: &ClaimRecord,
        job: &Job,
    ) -> Result<Option<Refused>, Failure> {
        let because = |codes, words: String| Ok(Some(Refused { codes, words }));
        let (plan, kind) = (claim.determination.as_ref().map_or("", |d| d.plan.as_str()), job.billed.kind());
        let medicare = self.state.in_force.revision.plan(plan).is_some_and(|plan| plan.medicare);
        if medicare && matches!(job.billed, Billed::Professional(_)) {
            let words = "Original Medicare takes no replacement or void of a professional claim: ask for a reopening where it was decided (`payersim reopen CLAIM --set …`, Corrections.ReopenClaim), or send a new claim (frequency 1) where it could not be processed";
            return because(NO_SUCH_FREQUENCY, words.to_owned());
        }
        match claim.state() {
            pb::ClaimState::Rejected => {
                return because(
                    NOT_IT,
                    format!("{number} was turned away and never taken in: send it anew (frequency 1)"),
                );
            }
            pb::ClaimState::Void => {
                return because(NOT_IT, format!("{number} is itself a void; send a new claim (frequency 1)"));
            }
            pb::ClaimState::Reversed | pb::ClaimState::Closed => {
                return self.taken_back_before(number, claim).map(Some);
            }
            _ => {}
        }
        if let Some((_, sequence)) = keys::parse_control_number(number)
            && let Some(appeal) = self.payer.open_appeal(self.state, self.lane, sequence)?
        {
            let words = format!(
                "{number} is under appeal: withdraw {appeal} first, or wait until it is decided; a corrected claim and an appeal do not run side by side"
            );
            return because(NOT_IT, words);
        }
        let was = claim.billed.as_ref().map_or("", Billed::kind);
        if was != kind {
            return because(
                DISAGREES,
                format!("{number} is {was}, and this claim {kind}: void it, and send a new one"),
            );
        }
        let (before, now) = (record.payee.clone().unwrap_or_default(), decision::payee(&job.billed));
        if before.payee_id != now.payee_id {
            let words = format!(
                "{number} was billed by {} under tax number {}, this claim by {} under {}: void it as it was billed (frequency 8), and send a new claim",
                before.npi, before.tax_id, now.npi, now.tax_id
            );
            return because(DISAGREES, words);
        }
        Ok(None)
    }

    /// Names the claim that came last in the place of one that stands no longer.
    fn taken_back_before(&self, number: &str, claim: &pb::Claim) -> Result<Refused, Failure> {
        let on = claim.reversals.last().map_or("", |reversal| reversal.reversed_date.as_str());
        let (mut newest, mut last) = (None, claim.replaced_by.clone());
        while let Some((_, sequence)) = keys::parse_control_number(last_part(&last)) {
            let Some(mut next) = self.claim(sequence)?.and_then(|record| record.claim) else { break };
            let reversals = self.reversals(sequence)?;
            self.payer.add_what_followed(self.state, (self.lane, sequence), &mut next, &reversals)?;
            last.clone_from(&next.replaced_by);
            newest = Some(next);
        }
        let Some(newest) = newest else {
            let words = format!("the payer took {number} back on {on}: send a new claim (frequency 1)");
            return Ok(Refused { codes: NOT_IT, words });
        };
        let by = &newest.control_number;
        Ok(match newest.state() {
            pb::ClaimState::Void => Refused {
                codes: NOT_IT,
                words: format!("{number} stands no longer: {by} voided it; send a new claim (frequency 1)"),
            },
            pb::ClaimState::Reversed => Refused {
                codes: NOT_IT,
                words: format!(
                    "{number} was replaced by {by}, which the payer took back: send a new claim (frequency 1)"
                ),
            },
            _ => Refused { codes: NOT_NEWEST, words: format!("{number} was replaced by {by}: name {by}") },
        })
    }

    fn point(&self, key: &[u8]) -> Result<Option<(Bytes, bool)>, Failure> {
        if let Some((_, value)) = self.staged.iter().rfind(|(staged, _)| staged == key) {
            return Ok(value.clone().map(|value| (value, false)));
        }
        let found = records::one(self.payer.store.as_ref(), Read::Point(key.to_vec()))?.pop();
        Ok(found.map(|pair| (pair.value, true)))
    }

    fn claim(&self, sequence: u64) -> Result<Option<ClaimRecord>, Failure> {
        let key = self.state.space().claim(self.lane, sequence);
        let found = self.point(&key)?;
        found.map(|(value, _)| records::decode_value(&key, value)).transpose()
    }

    /// The reversals of a claim, oldest first.
    fn reversals(&self, sequence: u64) -> Result<Vec<ReversalRecord>, Failure> {
        let mut found = self.payer.reversals(self.state, self.lane, sequence)?;
        let place = self.state.space().reversals_of(self.lane, sequence);
        for (key, value) in self.staged.iter().filter(|(key, _)| key.starts_with(&place)) {
            found.extend(value.clone().map(|value| records::decode_value(key, value)).transpose()?);
        }
        Ok(found)
    }

    /// Where a claim's decision waits to be told.
    fn due(
        &self,
        sequence: u64,
        record: &ClaimRecord,
        reversals: &[ReversalRecord],
    ) -> Result<Option<Waiting>, Failure> {
        let first = record.claim.as_ref().map_or("", |claim| claim.due_date.as_str());
        let (date, at_number, reversal) = match reversals.last() {
            Some(made) if made.correction.is_some() => {
                let date = made.reversal.as_ref().map_or(&made.due_date, |of| &of.due_date);
                (date.as_str(), Some(made.number), made.reversal.is_some().then_some((sequence, made.number)))
            }
            _ if record.behind_reversal != 0 => {
                (first, Some(record.behind_reversal), Some((record.behind_sequence, record.behind_reversal)))
            }
            _ => (first, None, None),
        };
        let payee = record.payee.as_ref().map_or("", |payee| payee.payee_id.as_str());
        let (space, behind) = (self.state.space(), reversal.map_or(sequence, |(sequence, _)| sequence));
        let at = |day: &str| {
            let claim = keys::to_claim(space.due_to_on(payee, day), self.lane, behind);
            at_number.map_or(claim.clone(), |number| Later::Reversal(number).after(claim))
        };
        if date.is_empty() && reversal.is_none() {
            return Ok(None);
        }
        if !date.is_empty()
            && let Some((value, stored)) = self.point(&at(date))?
        {
            return Ok(Some(Waiting { key: at(date), value, stored, reversal }));
        }
        // What was too little to pay has moved to a later day.
        let place = space.due_to(payee);
        let (from, to) = prefix(&place);
        let range = Read::Range { from, to, reverse: false, limit: usize::MAX };
        let stored = records::one(self.payer.store.as_ref(), range)?.into_iter().map(|pair| pair.key);
        let staged = self.staged.iter().map(|(key, _)| key.clone()).filter(|key| key.starts_with(&place));
        for key in stored.chain(staged) {
            let moved = keys::due_day(&key, &place).is_some_and(|day| at(day) == key);
            if moved && let Some((value, stored)) = self.point(&key)? {
                return Ok(Some(Waiting { key, value, stored, reversal }));
            }
        }
        Ok(None)
    }
}

fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// A claim of another family: what to do depends on whether money was paid for the wrong person.
fn of_another(number: &str, claim: &pb::Claim, job: &Job) -> String {
    let was = claim.billed.as_ref().map_or("", Billed::member_id);
    let now = job.billed.member_id();
    let paid = claim.determination.as_ref().map_or(0, |determination| determination.paid_cents);
    let what = if paid == 0 {
        format!("send this as a new claim (frequency 1), and void {number} under member {was} (frequency 8)")
    } else {
        format!(
            "void {number} under member {was} (frequency 8), so that its payment is taken back, and send this as a new claim (frequency 1)"
        )
    };
    format!("{number} was billed for member {was}, this claim for {now}, who is of another family: {what}")
}

impl Original {
    /// The decision on a claim that voids it.
    pub fn void(&self, processed: Date, payer_revision: &str) -> pb::Determination {
        let decided = self.claim.determination.clone().unwrap_or_default();
        wire::reversal::void(&decided, &self.claim.control_number, &processed.to_string(), payer_revision)
    }
}

/// A reversal that is prepared: everything that may fail is done.
pub(super) struct Prepared {
    made: ReversalRecord,
    /// The payee's next day of payment.
    next_payment: Date,
    /// Day and sequence of the claim that corrects.
    today: Date,
    by_claim: u64,
}

/// What comes of an original once the claim that corrects it is decided.
pub(super) struct TakenBack {
    /// The reversal, to be written beside the original.
    pub made: ReversalRecord,
    /// Name of the original.
    pub original: String,
    /// What the family's history calls it.
    pub cause: &'static str,
    /// Day on which a remittance tells the claim that corrects; empty: it waits, or there is nothing to tell.
    pub correcting_due: String,
    /// The reversal that the correcting claim's own decision is due behind: sequence of the reversed claim and number.
    pub behind: Option<(u64, u64)>,
    /// Changes in the list of what is due.
    pub writes: Writes,
    /// What the commit must find in that list.
    pub expected: Option<(Key, Option<Bytes>)>,
}

impl Payer {
    /// Prepares to take an original back for the next claim of a family.
    pub(super) fn prepare_reversal(
        &self,
        state: &State,
        original: &Original,
        head: &FamilyHead,
        today: Date,
    ) -> Result<Prepared, Failure> {
        let npi = original.record.payee.as_ref().map_or("", |payee| payee.npi.as_str());
        let next_payment = self.next_payment(state, npi, today)?;
        let paid_by = original.claim.remittance.clone();
        let unreported = original.due.is_some() || paid_by.is_empty();
        let mut reversal = pb::ClaimReversal {
            reversed: original.claim.determination.clone(),
            recoupment: pb::Recoupment::Immediate.into(),
            reversed_date: today.to_string(),
            unreported,
            ..Default::default()
        };
        if !unreported {
            let paid = self.remittance_in(state, &paid_by)?.ok_or_else(|| Failure::Damaged(paid_by.clone()))?;
            let is_it = |claim: &&pb::RemittanceClaim| claim.claim == original.claim.name;
            reversal.interest_cents = paid.claims.iter().rev().find(is_it).map_or(0, |claim| claim.interest_cents);
            reversal.paid_by = paid_by;
            if state.in_force.revision.payments.defer_replaced {
                reversal.recoupment = pb::Recoupment::Deferred.into();
            }
        }
        let by_claim = head.sequence + 1;
        let made = ReversalRecord {
            number: head.reversals + 1,
            sequence: original.sequence,
            after: head.sequence,
            state: if unreported { pb::ClaimState::Closed } else { pb::ClaimState::Reversed }.into(),
            reversal: Some(reversal),
            by_claim,
            ..Default::default()
        };
        Ok(Prepared { made, next_payment, today, by_claim })
    }

    /// Completes the reversal for the claim that corrects, which is decided, and lists what becomes due.
    pub(super) fn take_back(
        &self,
        state: &State,
        original: &Original,
        prepared: Prepared,
        by: &pb::Claim,
    ) -> TakenBack {
        let Prepared { mut made, next_payment, today, by_claim } = prepared;
        let void = by.state() == pb::ClaimState::Void;
        let waits = by.state() == pb::ClaimState::Pended;
        let payee = original.record.payee.as_ref().map_or("", |payee| payee.payee_id.as_str());
        let place = state.space().due_to(payee);
        let (mut writes, mut expected, mut behind) = (Writes::new(), None, None);
        let mut due_date = by.due_date.clone();
        let tells = if waits { 0 } else { by_claim };
        let item =
            |reversal| Some(records::encode(&DueItem { reversal, by_claim: tells, alone: true, ..Default::default() }));
        if let Some(waiting) = &original.due {
            if waiting.stored {
                expected = Some((waiting.key.clone(), Some(waiting.value.clone())));
            }
            writes.push((waiting.key.clone(), None));
            if let Some((_, number)) = waiting.reversal {
                // What was reversed before is still to be told, now with the newest decision behind it.
                if due_date.is_empty() {
                    keys::due_day(&waiting.key, &place).unwrap_or_default().clone_into(&mut due_date);
                }
                writes.extend(keys::due_moved(&waiting.key, &place, &due_date).map(|key| (key, item(number))));
                behind = waiting.reversal;
            }
        } else if let Some(reversal) = made.reversal.as_mut().filter(|reversal| !reversal.unreported) {
            due_date = due_date.max(next_payment.to_string());
            let on = state.space().due_to_on(payee, &due_date);
            let key = Later::Reversal(made.number).after(keys::to_claim(on, original.lane, original.sequence));
            writes.push((key, item(made.number)));
            behind = Some((original.sequence, made.number));
            reversal.due_date.clone_from(&due_date);
        }
        if let Some(reversal) = made.reversal.as_mut() {
            let what = if void { "voided" } else { "replaced" };
            reversal.reason = format!("{what} by claim {}", by.control_number);
            reversal.by_claim.clone_from(&by.name);
            let reversed = reversal.reversed.clone().unwrap_or_default();
            reversal.reversal = Some(wire::reversal::reversal(&reversed, &today.to_string(), &reversal.reason));
        }
        let instead = by.determination.as_ref().map_or(0, |decided| decided.paid_cents);
        self.demand(state, &original.claim.control_number, instead, &mut made);
        TakenBack {
            made,
            original: original.claim.name.clone(),
            cause: if void { "void-claim" } else { "replace-claim" },
            correcting_due: if waits || (void && behind.is_none()) { String::new() } else { due_date },
            behind,
            writes,
            expected,
        }
    }
}
