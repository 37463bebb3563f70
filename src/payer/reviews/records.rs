//! Records that a reviewer asks for: a request for documents like any other. What comes brings the review back to its reviewer; what does not
//! come in time is denied for the request's reason, and what pended the claim no longer matters there.

use super::carry_out::{Decided, words};
use super::{At, CLOCK, Done, claim_place, id, keep, waits};
use crate::domain::dates::plus_days;
use crate::payer::documents::requests::Opening;
use crate::payer::entry::{Draft, Entry};
use crate::payer::ruling::Again;
use crate::payer::{Failure, Payer};
use crate::proto::v1 as pb;
use crate::store::keys::Matter;
use crate::wire;
use pb::DocumentRequestState::{Open, Withdrawn};

/// What asks, as a request for documents names it.
fn source(review: &pb::Review) -> String {
    format!("review {}", id(review))
}

/// The last part of a resource's name.
fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

/// Whether a decision of the claim waits for what a review asked for.
pub(super) fn are_awaited(review: &pb::Review, determination: &pb::Determination) -> bool {
    determination.awaited_documents.iter().any(|awaited| awaited.source == source(review))
}

/// What brought a review back that had waited for records: what came for it, or that it waits no longer.
pub(super) fn back(draft: &Draft<'_>, sequence: u64, review: &pb::Review) -> Result<(&'static str, String), Failure> {
    let asked = draft.document_requests(sequence)?;
    let of_review = asked.iter().filter(|(_, request)| request.source == source(review));
    let came: Vec<&str> = of_review.flat_map(|(_, request)| &request.documents).map(|name| last(name)).collect();
    Ok(match came.as_slice() {
        [] => ("decided-again", "the records are waited for no longer: decide without them".to_owned()),
        came => ("records-came", format!("{} came for what was asked for: decide on it", came.join(", "))),
    })
}

/// Takes back what a review asked for and nobody has sent; whether there was something.
pub(super) fn withdraw(draft: &mut Draft<'_>, sequence: u64, review: &pb::Review) -> Result<bool, Failure> {
    let asked = draft.document_requests(sequence)?;
    let open = |request: &pb::DocumentRequest| request.state() == Open && request.source == source(review);
    let mut any = false;
    for (number, mut request) in asked.into_iter().filter(|(_, request)| open(request)) {
        draft.close_document_request(number, &mut request, Withdrawn, "the reviewer decided without it");
        any = true;
    }
    Ok(any)
}

impl Payer {
    /// Asks for records: the claim waits for them, and the review with it.
    pub(super) fn request_in_review(
        &self,
        entry: &mut Entry<'_>,
        (before, mut after): (&pb::Review, pb::Review),
        number: u64,
        decided: &Decided<'_>,
        records: &pb::RecordsRequest,
    ) -> Result<pb::Review, Failure> {
        let (lane, sequence) = claim_place(before)?;
        let damaged = || Failure::Damaged(before.claim.clone());
        let claim = self.claim_at(entry.state, lane, sequence)?.ok_or_else(damaged)?;
        let due = plus_days(self.today(entry.state), entry.state.in_force.revision.reviews.records_days).to_string();
        let opening = Opening {
            source: source(before),
            reason: records.what.trim().to_owned(),
            requested_by: decided.by.to_owned(),
            ..self.opening_of_records(entry, &claim, records, &due)?
        };
        let made = entry.draft().open_document_request(sequence, &claim, opening);
        after.state = At::AwaitingRecords.into();
        after.due_date.clone_from(&due);
        let said = format!("{}, until {due} ({})", words(decided.decision), last(&made.name));
        after.document_requests.push(made.name);
        let done = Done::new(decided.by, "records-requested", said);
        after.history.push(done.because(decided.rationale, decided.authority).at(&entry.draft()));
        keep(&mut entry.draft(), number, Some(before), &after, "request-records");
        let reason = format!("records were asked for in review {}", id(before));
        let decision = self.rule(entry, sequence, Again { reason, ..Again::default() })?;
        if decision.correction.as_ref().is_none_or(|decision| !are_awaited(before, decision)) {
            let words = "no line waits for records: those that they would be about are denied already";
            return Err(Failure::field("decision.request_records", words));
        }
        Ok(after)
    }

    /// What is asked for, held against what any request for documents keeps to.
    fn opening_of_records(
        &self,
        entry: &Entry<'_>,
        claim: &pb::Claim,
        records: &pb::RecordsRequest,
        due: &str,
    ) -> Result<Opening, Failure> {
        let like = pb::CreateDocumentRequestRequest {
            claim: claim.name.clone(),
            loincs: records.loincs.clone(),
            report_types: records.report_types.clone(),
            line: records.line,
            of_patient: records.of_patient,
            carc: records.carc.clone(),
            rarc: records.rarc.clone(),
            due_date: due.to_owned(),
            ..Default::default()
        };
        self.opening(entry.state, claim, &like).map_err(|failure| match failure {
            Failure::Violations { violations } => Failure::within("decision.request_records", violations),
            other => other,
        })
    }

    /// What the last day of a request rules, where a review that waits had asked: what pended the lines that are denied now counts no more.
    pub(in crate::payer) fn unanswered_in_review(
        &self,
        entry: &Entry<'_>,
        request: &pb::DocumentRequest,
    ) -> Result<Vec<pb::ForcedOrder>, Failure> {
        let asked_by = request.source.strip_prefix("review ").and_then(|id| Matter::Review.parse(id));
        let Some(place) = asked_by else { return Ok(Vec::new()) };
        let Some(review) = self.review_at(entry.state, place)?.filter(waits) else { return Ok(Vec::new()) };
        let ruling = pb::Ruling {
            decided_by: CLOCK.to_owned(),
            decided_date: self.today(entry.state).to_string(),
            rationale: format!("the records that were asked for had not come by {}", request.due_date),
            decided_in: review.name.clone(),
            ..Default::default()
        };
        let about = |ground: &pb::ReviewGround| request.line == 0 || request.line == ground.line;
        let grounds: Vec<pb::ReviewGround> = review.grounds.iter().filter(|ground| about(ground)).cloned().collect();
        let order = |(lines, outcome)| pb::ForcedOrder {
            source: format!("review {} by {CLOCK}", id(&review)),
            outcome: Some(outcome),
            lines,
            ruling: Some(ruling.clone()),
            ..Default::default()
        };
        Ok(wire::reviews::set_aside(&grounds).into_iter().map(order).collect())
    }
}
