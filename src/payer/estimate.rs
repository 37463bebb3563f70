//! Estimates: the decision that a claim would meet, and nothing kept of it.
//!
//! The same claim file and the same adjudication as for a claim that is submitted (a good-faith estimate; X12 835 CLP02 25,
//! predetermination). No number, no record, no event; deductibles, limits and authorizations stay as they are.

use super::family::{self, Family, Until};
use super::intake::{self, Gate};
use super::processing::Span;
use super::{Caller, Failure, Payer, decision, records};
use crate::adjudication;
use crate::domain::dates::parse_iso;
use crate::proto::v1 as pb;
use crate::store::Read;

/// CLP02 of a predetermination: prices only, no payment.
const PREDETERMINATION: &str = "25";

/// What an estimate says of itself.
const WORDS: &str = "An estimate by the records of now: the claim was not taken in, nothing is due or paid, and what is decided before it comes in may change the answer.";

impl Payer {
    /// Decides a claim without taking it in.
    pub fn estimate_claim(
        &self,
        caller: &Caller,
        request: pb::EstimateClaimRequest,
    ) -> Result<pb::EstimateClaimResponse, Failure> {
        let as_of = match request.as_of_date.as_str() {
            "" => None,
            text => Some(
                parse_iso(text)
                    .ok_or_else(|| Failure::field("as_of_date", format!("{text:?} is no date: write YYYY-MM-DD")))?,
            ),
        };
        let submission = pb::SubmitClaimRequest { request_id: String::new(), ..request.request.unwrap_or_default() };
        let (_, job) = self.job(caller, submission, Span::default()).map_err(|failure| match failure {
            Failure::Violations { violations } => Failure::within("request", violations),
            other => other,
        })?;
        let state = job.sandbox.read();
        let today = as_of.unwrap_or_else(|| self.today(&state));
        let roster = self.roster(&state, &state.in_force, &job.claim, state.directory_version)?;
        let mut claim = pb::Claim {
            received_date: today.to_string(),
            estimate: true,
            simulated: true,
            billed: Some(job.billed.clone()),
            ..Default::default()
        };
        // What is estimated lies ahead.
        let x12 = pb::X12Settings { accept_future_services: true, ..state.x12() };
        claim.rejections =
            intake::rejections(&job.billed, &job.claim, &Gate { today, sandbox: job.sandbox.name(), x12 });
        if roster.family.is_empty() && state.in_force.turns_strangers_away() {
            claim.rejections.push(intake::unknown_member(&job.billed));
        }
        if claim.rejections.is_empty() {
            let (store, lane) = (self.store.as_ref(), family::lane(state.seed(), &roster.subscriber_id));
            let head = records::one(store, Read::Point(state.space().family_head(lane)))?.pop().map(|pair| pair.value);
            let family = Family::load(store, state.space(), lane, head, Until::NOW)?;
            let file = decision::claim_file(
                &state.in_force,
                job.claim.clone(),
                roster,
                &family,
                String::new(),
                (today, today),
            );
            let determination = adjudication::adjudicate(&file);
            claim.state = decision::standing(&determination).into();
            let mut message = decision::message(&state.in_force, &determination);
            PREDETERMINATION.clone_into(&mut message.claim_status_code);
            claim.determination = Some(message);
        } else {
            claim.state = pb::ClaimState::Rejected.into();
        }
        Ok(pb::EstimateClaimResponse { claim: Some(claim), as_of_date: today.to_string(), words: WORDS.to_owned() })
    }
}
