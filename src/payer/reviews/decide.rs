//! Deciding a review: approve, deny, reduce, return, or ask for records; and telling beforehand what would come of it.

use super::assign::{because, is_theirs, person};
use super::carry_out::{Decided, words};
use super::{Asked, At, Done, claim_place, id, keep, on_record, place, records, refuse, still_waits};
use crate::domain::money::Money;
use crate::payer::entry::{Entry, attempts};
use crate::payer::ruling::Again;
use crate::payer::{Caller, Failure, Payer, Sandbox, State};
use crate::proto::store::v1::ReversalRecord;
use crate::proto::v1 as pb;
use pb::review_decision::Outcome;

impl Payer {
    /// Decides a review, and its claim with it, unless that waits for records or for a second person.
    pub fn decide_review(
        &self,
        caller: &Caller,
        request: &pb::DecideReviewRequest,
    ) -> Result<pb::DecideReviewResponse, Failure> {
        let reviewer = person("reviewer", &request.reviewer)?;
        because(&request.rationale, &request.authority, true)?;
        let decision = request.decision.as_ref().ok_or_else(|| Failure::field("decision", "is missing"))?;
        let asked = Asked::new(&request.request_id, request)?;
        let (parent, (lane, number)) = place(&request.name)?;
        let sandbox = self.sandbox(caller, parent)?;
        attempts(|| {
            let state = sandbox.read();
            if let Some(review) = asked.answered(self, &state)? {
                return self.reviewed(&state, review);
            }
            let (mut entry, before) = self.open_review(caller, &sandbox, &state, (lane, number))?;
            may_decide(&before, &reviewer)?;
            let authority =
                if request.authority.trim().is_empty() { rests_on(&before) } else { request.authority.clone() };
            let decided = Decided { decision, by: &reviewer, rationale: &request.rationale, authority: &authority };
            let after = self.decide_in_review(&mut entry, &before, number, &decided)?;
            asked.keep(&mut entry, number);
            entry.commit()?;
            self.reviewed(&state, after)
        })
    }

    fn decide_in_review(
        &self,
        entry: &mut Entry<'_>,
        before: &pb::Review,
        number: u64,
        decided: &Decided<'_>,
    ) -> Result<pb::Review, Failure> {
        let rulings = self.review_rulings(entry, before, decided)?;
        let mut after = pb::Review { assignee: decided.by.to_owned(), ..before.clone() };
        let said = words(decided.decision);
        if let Some(Outcome::RequestRecords(records)) = &decided.decision.outcome {
            return self.request_in_review(entry, (before, after), number, decided, records);
        }
        let (_, sequence) = claim_place(before)?;
        let withdrawn = records::withdraw(&mut entry.draft(), sequence, before)?;
        let foreseen = self.foreseen_in_review(entry, before, rulings)?;
        is_decided(decided.decision, &foreseen)?;
        if needs_sign_off(entry.state, &foreseen) {
            after.state = At::AwaitingSignOff.into();
            after.decision = Some(decided.decision.clone());
            decided.by.clone_into(&mut after.decided_by);
            let done = Done::new(decided.by, "decided", format!("{said}; waits for a second person"));
            after.history.push(done.because(decided.rationale, decided.authority).at(&entry.draft()));
            keep(&mut entry.draft(), number, Some(before), &after, "propose-review");
            if withdrawn {
                let reason = format!("review {} asks for records no longer", id(before));
                self.rule(entry, sequence, Again { reason, ..Again::default() })?;
            }
            return Ok(on_record(&entry.draft(), number)?.unwrap_or(after));
        }
        let done = Done::new(decided.by, "decided", said).because(decided.rationale, decided.authority);
        self.carry_review_out(entry, (before, after), number, decided, done)
    }

    /// Tells what a decision would bring.
    pub fn rehearse_review(
        &self,
        caller: &Caller,
        request: &pb::RehearseReviewRequest,
    ) -> Result<pb::RehearseReviewResponse, Failure> {
        let decision = request.decision.as_ref().ok_or_else(|| Failure::field("decision", "is missing"))?;
        let (parent, place) = place(&request.name)?;
        let sandbox = self.sandbox(caller, parent)?;
        let state = sandbox.read();
        let (mut entry, review) = self.open_review(caller, &sandbox, &state, place)?;
        still_waits(&review)?;
        // A decision does not wait for what the review itself has asked for.
        let (_, sequence) = claim_place(&review)?;
        records::withdraw(&mut entry.draft(), sequence, &review)?;
        let decided = Decided { decision, by: "a reviewer", rationale: "", authority: "" };
        let rulings = self.review_rulings(&entry, &review, &decided)?;
        let foreseen = self.foreseen_in_review(&entry, &review, rulings)?;
        Ok(pb::RehearseReviewResponse {
            claim_state: foreseen.state,
            sign_off: needs_sign_off(&state, &foreseen),
            determination: foreseen.correction,
        })
    }

    /// Opens an entry on a review's family, with the review as it stands.
    pub(super) fn open_review<'a>(
        &'a self,
        caller: &'a Caller,
        sandbox: &Sandbox,
        state: &'a State,
        place: (crate::store::keys::Lane, u64),
    ) -> Result<(Entry<'a>, pb::Review), Failure> {
        let entry = Entry::open(self, caller, sandbox, state, place.0)?;
        let unknown = || Failure::Unknown(super::name_of(sandbox, place));
        let review = self.review_at(state, place)?.ok_or_else(unknown)?;
        Ok((entry, review))
    }

    /// A review with its claim as it stands.
    pub(super) fn reviewed(&self, state: &State, review: pb::Review) -> Result<pb::DecideReviewResponse, Failure> {
        let (lane, sequence) = claim_place(&review)?;
        let claim = self.claim_at(state, lane, sequence)?.unwrap_or_default();
        Ok(pb::DecideReviewResponse {
            review: Some(review),
            claim_state: claim.state,
            determination: claim.determination,
        })
    }
}

/// Refuses who may not decide, and reviews that cannot be decided now.
fn may_decide(review: &pb::Review, reviewer: &str) -> Result<(), Failure> {
    still_waits(review)?;
    if review.state() == At::AwaitingSignOff {
        let words =
            format!("was decided by {} and waits for a second person: sign it off, or give it back", review.decided_by);
        return refuse(review, words);
    }
    if review.assignee.is_empty() { Ok(()) } else { is_theirs(review, reviewer) }
}

/// A line without a price is given one, or is denied: nothing else decides it.
pub(super) fn is_decided(decision: &pb::ReviewDecision, foreseen: &ReversalRecord) -> Result<(), Failure> {
    if matches!(decision.outcome, Some(Outcome::ReturnToPricing(_))) {
        return Ok(());
    }
    let steps = foreseen.correction.iter().flat_map(|decision| &decision.steps);
    let unpriced = |step: &&pb::Step| step.id == "pricing" && step.outcome() == pb::StepOutcome::Pended;
    match steps.into_iter().find(unpriced) {
        None => Ok(()),
        Some(step) => {
            let line = step.line;
            let words = format!(
                "line {line} has no price ({}): reduce it to an amount, which then is its price, or deny it",
                step.words
            );
            Err(Failure::field("decision", words))
        }
    }
}

/// What pended the claim rests on, as the decision's own authority.
pub(super) fn rests_on(review: &pb::Review) -> String {
    let mut titles: Vec<String> = Vec::new();
    for ground in &review.grounds {
        let policy = Some(&ground.policy_id).filter(|id| !id.is_empty()).map(|id| format!("policy {id}"));
        let cited = ground.authority.iter().map(|citation| citation.title.clone());
        for title in policy.into_iter().chain(cited) {
            if !titles.contains(&title) {
                titles.push(title);
            }
        }
    }
    titles.join("; ")
}

/// Whether what is foreseen waits for a second person.
fn needs_sign_off(state: &State, foreseen: &ReversalRecord) -> bool {
    let Some(decision) = &foreseen.correction else { return false };
    let on_account = decision.account.iter().filter(|account| account.denied).map(|account| account.charge_cents);
    let on_lines = decision.lines.iter().filter(|line| line.denied && !line.on_account).map(|line| line.charge_cents);
    let denied: i64 = on_account.chain(on_lines).sum();
    let terms = &state.in_force.revision.reviews;
    terms.needs_sign_off(Money::from_cents(decision.paid_cents), Money::from_cents(denied))
}
