//! Estimates: the decision that a claim would meet, and nothing kept of it.
//!
//! The same claim file and the same adjudication as for a claim that is submitted (a good-faith estimate; X12 835 CLP02 25,
//! predetermination). No number, no record, no event; deductibles, limits and authorizations stay as they are.

use super::processing::Span;
use super::rehearsal::Rehearsal;
use super::{Caller, Failure, Payer};
use crate::domain::dates::parse_iso;
use crate::proto::v1 as pb;

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
        // What is estimated lies ahead.
        let mut claim = Rehearsal::open(self, &state).looking_ahead().decide(&job, today)?.claim;
        claim.control_number.clear();
        if let Some(determination) = &mut claim.determination {
            PREDETERMINATION.clone_into(&mut determination.claim_status_code);
        }
        Ok(pb::EstimateClaimResponse { claim: Some(claim), as_of_date: today.to_string(), words: WORDS.to_owned() })
    }
}
